"""What the model costs: a whole life, and one fact of a very large order, without engine or database in a quiet process.

The parts are called as the workflow calls them (workflows/order.py); where a piece moves or takes more, this follows.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.contrib.pydantic import pydantic_data_converter

from models.dossier.records.changed_rows import RowTracker
from models.dossier.records.recording import Burst, Saved
from models.messages.reply import Reply, Status
from models.order.order import Order
from models.order.projection import row_tracker
from models.request.order_start import OrderStart
from models.values.vocabulary import Role
from tests.benchmark.lives.life import MOST_LINES, LifeStory, happening, large_order, life_story, reports
from tests.benchmark.lives.table import Figure, alone, shown
from tests.benchmark.lives.yardstick import beside_yardstick, quiet_figure, yardstick
from workflows import procedure
from workflows.engine.carried import Carried, outcome_of
from workflows.engine.message_bytes import read_bytes
from workflows.engine.operator_page import details
from workflows.engine.search_attributes import changed_attributes

RUNS = 20
QUICK_RUNS = 2
WINDOWS, IN_A_WINDOW = 4, 5
"""Of each phase of a large order so many facts in a row are measured, at so many places."""
Made = TypeVar("Made")
_CONVERTER = pydantic_data_converter.payload_converter


@dataclass(slots=True)
class Stopwatch:
    """CPU milliseconds by part."""

    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """What is done inside counts for this part."""
        before = time.process_time()
        yield
        self.spent[name] += (time.process_time() - before) * 1000


@dataclass(slots=True)
class Desk:
    """One order in memory: what a workflow keeps beside it, and what it does after each fact."""

    order: Order
    watch: Stopwatch
    known_rows: dict[str, str] = field(default_factory=dict)
    attributes: TypedSearchAttributes = TypedSearchAttributes.empty
    saved: tuple[int, str] = (0, "")
    tracker: RowTracker | None = None

    def look(self, now: datetime) -> None:
        """What time alone brings; the operator's page is made only when somebody opens it."""
        with self.watch.part("advance"):
            procedure.advance(self.order, now)

    def rows(self) -> list[Any]:
        """What changed since it was last asked."""
        with self.watch.part("rows"):
            if self.tracker is None:
                self.tracker = row_tracker(self.order)
            changed = self.tracker.changed(self.known_rows, self.order.clock)
            self.tracker.sent(changed, self.known_rows)
        return [each.row for each in changed]

    def send(self) -> None:
        """The rows, the search attributes, and the burst on its way and back."""
        rows = self.rows()
        with self.watch.part("attributes"):
            updates = changed_attributes(self.order, self.attributes)
        kept = {pair.key: pair.value for pair in self.attributes} | {each.key: each.value for each in updates}
        self.attributes = TypedSearchAttributes(
            [SearchAttributePair(key, value) for key, value in kept.items() if value is not None]
        )
        order = self.order
        with self.watch.part("encode"):
            burst = Burst(
                order=order.number, epoch=0, after_sequence=self.saved[0], after_hash=self.saved[1],
                entries=order.unsaved, rows=rows, intentions=order.unsent,
            )  # fmt: skip
            _CONVERTER.to_payload(burst)
        answer = _CONVERTER.to_payload(Saved(sequence=order.sequence, hash=order.head))
        with self.watch.part("decode"):
            saved = _CONVERTER.from_payload(answer, Saved)
        self.saved = (saved.sequence, saved.hash)
        order.unsaved.clear()
        order.unsent.clear()


def live(story: LifeStory, now: datetime) -> Stopwatch:
    """One life: what each part of it cost."""
    watch = Stopwatch()
    sent = _CONVERTER.to_payload(story.order_start("20270101-0001", now))
    with watch.part("decode"):
        start = _CONVERTER.from_payload(sent, OrderStart | Carried)  # type: ignore[arg-type]
    with watch.part("begin"):
        order = procedure.begin(start, now)
    desk = Desk(order, watch)
    desk.look(now)
    desk.send()
    for envelope in story.envelopes:
        arrived = _CONVERTER.to_payload(happening(envelope, now))
        encoding = arrived.metadata["encoding"].decode()
        with watch.part("decode"):
            raw = read_bytes(arrived.data, encoding)
        with watch.part("check"):
            checked = procedure.check(raw)
        reply = _welcome(lambda said=checked: procedure.receive(order, said, now), watch)  # type: ignore[misc]
        with watch.part("encode"):
            _CONVERTER.to_payload(reply)
        desk.look(now)
        desk.send()
    with watch.part("encode"):
        _CONVERTER.to_payload(outcome_of(order))
    assert not order.lives
    return watch


def _welcome(receive: Callable[[], Reply], watch: Stopwatch) -> Reply:
    with watch.part("receive"):
        reply = receive()
    assert reply.status is not Status.REFUSED, reply.en
    return reply


# --- a large order -------------------------------------------------------------------------------------------------


def large_facts(lines: int, now: datetime) -> dict[str, list[float]]:
    """Receive and rows of one fact of an order of so many lines: milliseconds by phase, some facts of each."""
    life = large_order(lines, now)
    desk = Desk(life.order, Stopwatch())
    found = {
        "contacts": _measured(desk, lines, lambda _: life.tell("contact_logged", channel="phone", words="?"))
    }
    life.in_production(deposit=str(lines * 1500))
    for phase, told in reports(lines).items():

        def tell(place: int, told: list[tuple[str, str, dict[str, Any]]] = told) -> Reply:
            kind, role, content = told[place]
            return life.tell(kind, role=Role(role), **content)

        found[phase] = _measured(desk, lines, tell)
    return found


def page(lines: int, now: datetime) -> float:
    """Milliseconds that the operator's page of an order of so many lines takes, once."""
    order = large_order(lines, now).order
    watch = Stopwatch()
    for _ in range(IN_A_WINDOW):
        with watch.part("page"):
            details(order, procedure.next_deadline(order))
    return watch.spent["page"] / IN_A_WINDOW


def _measured(desk: Desk, count: int, tell: Callable[[int], Reply]) -> list[float]:
    """All facts of a phase are told; those inside the windows are measured, with the rows that follow."""
    starts = [round(window * (count - IN_A_WINDOW) / max(WINDOWS - 1, 1)) for window in range(WINDOWS)]
    inside = {start + place for start in starts for place in range(IN_A_WINDOW)}
    spent: list[float] = []
    for place in range(count):
        if place in starts:
            desk.rows()
        watch = desk.watch = Stopwatch()
        _welcome(lambda place=place: tell(place), watch)  # type: ignore[misc]
        if place in inside:
            desk.rows()
            spent.append(sum(watch.spent.values()))
        desk.order.unsaved.clear()
        desk.order.unsent.clear()
    return spent


def measure(asked: argparse.Namespace) -> list[Figure]:
    """The whole life, its parts, and the large order phase by phase."""
    now = datetime.now(UTC)
    story = life_story(now=now)
    live(story, now)
    watches, sticks = beside_yardstick(lambda: live(story, now), QUICK_RUNS if asked.quick else RUNS)
    runs = [watch.spent for watch in watches]
    parts = ", ".join(f"{name} {shown(min(run[name] for run in runs))}" for name in runs[0])
    totals = [sum(run.values()) for run in runs]
    whole = f"model, an order of {len(story.envelopes)} facts"
    figures = [
        quiet_figure("model", whole, totals, sticks, must=15, aim=10),
        Figure("model_parts", f"{whole}: the dearest part", max(min(run[name] for run in runs) for name in runs[0]),
               "ms CPU", parts),
    ]  # fmt: skip
    lines = 12 if asked.quick else MOST_LINES
    medians = {phase: statistics.median(spent) for phase, spent in large_facts(lines, now).items()}
    worst = max(medians, key=lambda phase: medians[phase])
    by_phase = ", ".join(f"{phase} {shown(value)}" for phase, value in medians.items())
    figures.append(
        Figure("large_fact", f"a fact of a {lines}-line order, worst phase ({worst})", medians[worst], "ms CPU",
               f"medians: {by_phase}; yardstick {shown(min(yardstick() for _ in range(5)))} ms", must=12, aim=6)
    )  # fmt: skip
    figures.append(
        Figure(
            "page",
            f"the operator's page of a {lines}-line order, when it is opened",
            page(lines, now),
            "ms CPU",
            "",
        )
    )
    return figures


def main() -> int:
    """`python -m tests.benchmark.lives.model`."""
    return alone(__doc__, measure)


if __name__ == "__main__":
    sys.exit(main())
