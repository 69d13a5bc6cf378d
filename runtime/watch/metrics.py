"""What Prometheus reads of a process: its own figures, those of the business at the gateway, and the SDK's of its engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from activities.figures.watched_figures import WatchedFigures
from models.values.errors import Refusal
from models.values.vocabulary import PhaseName, PromiseCause, Role
from runtime.watch.readiness import Readiness
from runtime.watch.unsaved_bursts import UnsavedBursts

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Business(Collector):
    """The order database's figures, counted when they are asked for. A database that is away says so by one figure."""

    def __init__(self, count: Callable[[], WatchedFigures]) -> None:
        self._count = count

    def collect(self) -> Iterable[Metric]:
        """All of them; none but the first where they cannot be counted."""
        counted = GaugeMetricFamily(
            "dingdan_business_counted", "1 where the figures of the business could be counted"
        )
        try:
            figures = self._count()
        except Refusal:
            counted.add_metric([], 0)
            yield counted
            return
        counted.add_metric([], 1)
        yield counted
        yield _labelled(
            "dingdan_open_orders", "open orders by phase", "phase",
            {phase.value: 0 for phase in PhaseName if phase is not PhaseName.ENDED} | figures.open_by_phase,
        )  # fmt: skip
        yield _labelled(
            "dingdan_overdue_steps", "overdue steps by the role that must take them", "role",
            {role.value: 0 for role in Role} | figures.overdue_by_role,
        )  # fmt: skip
        yield _labelled(
            "dingdan_promise_slips", "moves of promised dates in the last 30 days, by cause", "cause",
            {cause.value: 0 for cause in PromiseCause if cause is not PromiseCause.FIRST} | figures.slips_by_cause,
        )  # fmt: skip
        yield _labelled(
            "dingdan_reminders", "reminders in the last 30 days, by level", "level",
            {str(level): count for level, count in figures.reminders_by_level.items()},
        )  # fmt: skip
        yield _labelled("dingdan_failed_deliveries", "notices that somebody must look at, by why", "state",
                        figures.failed_deliveries)  # fmt: skip
        yield _plain("dingdan_dead_orders", "orders that ended dead", figures.dead)
        yield _plain("dingdan_inbox_facts", "facts that wait to be told to their orders", figures.inbox)
        yield _plain("dingdan_inbox_age_seconds", "how long the oldest of them waits", figures.inbox_age)
        yield _plain(
            "dingdan_notices_age_seconds",
            "how long the oldest notice that may be sent waits",
            figures.outbox_age,
        )
        yield _plain("dingdan_desk_steps", "open steps of the desk", figures.desk_steps)


class _Bursts(Collector):
    """What of its orders a worker could not record yet."""

    def __init__(self, bursts: UnsavedBursts) -> None:
        self._bursts = bursts

    def collect(self) -> Iterable[Metric]:
        """How many, and how old."""
        yield _plain(
            "dingdan_unsaved_orders", "orders whose last burst is not recorded", self._bursts.count()
        )
        yield _plain(
            "dingdan_unsaved_burst_age_seconds",
            "how long the oldest burst that is not recorded waits",
            self._bursts.oldest_seconds(datetime.now(UTC)),
        )


def _plain(name: str, words: str, value: float) -> Metric:
    family = GaugeMetricFamily(name, words)
    family.add_metric([], value)
    return family


def _labelled(name: str, words: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def registry_of(
    *, business: Callable[[], WatchedFigures] | None = None, bursts: UnsavedBursts | None = None
) -> CollectorRegistry:
    """What a process has to say."""
    registry = CollectorRegistry()
    if business is not None:
        registry.register(_Business(business))
    if bursts is not None:
        registry.register(_Bursts(bursts))
    return registry


def page_of(registry: CollectorRegistry, ready: Readiness, engine: str) -> str:
    """The page: our figures, whether the process is ready and what of it is wrong, and the engine's own lines."""
    state = [
        "# HELP dingdan_ready 1 where the process can do its work",
        "# TYPE dingdan_ready gauge",
        f"dingdan_ready {int(ready.ready)}",
        "# HELP dingdan_wrong 1 for what keeps it from it",
        "# TYPE dingdan_wrong gauge",
        *(f'dingdan_wrong{{what="{what}"}} {int(what in ready.wrong)}' for what in _LOOKED_AT),
    ]
    for name in ("pollers", "backlog", "failing_tasks"):
        if name in ready.found:
            state += [f"# TYPE dingdan_{name} gauge", f"dingdan_{name} {ready.found[name]}"]
    return generate_latest(registry).decode() + "\n".join(state) + "\n" + engine


_LOOKED_AT = ("database", "server", "pollers", "failing_tasks", "engine")
