"""Whether a process can do its work now: database, Temporal server, who polls, whether workflow tasks fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.values.errors import Refusal
from models.values.vocabulary import Term
from runtime.refusals import named_answers
from runtime.settings import Settings
from runtime.watch.pollers import press_seen, worker_seen
from runtime.watch.stuck_kinds import STUCK, StuckKind

if TYPE_CHECKING:
    from temporalio.client import Client

_PATIENCE_SECONDS = 3.0
"""A probe is answered in time, also where server or database are silent."""


class Process(Term):
    """Which process is looked at."""

    GATEWAY = "gateway", "网关", "gateway"
    WORKER = "worker", "工人", "worker"
    PRESS = "press", "文印", "press"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was found, by what was looked at; `ready` when nothing of it keeps the process from its work."""

    found: dict[str, str | int] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether all is well."""
        return not self.wrong

    def as_json(self) -> dict[str, object]:
        """As a probe answers."""
        return {"ready": self.ready, **self.found, "wrong": list(self.wrong)}


async def readiness(
    process: Process, settings: Settings, client: Callable[[], Awaitable[Client]], own: str = ""
) -> Readiness:
    """Look now. `client` connects; `own` is what the process knows to be wrong with itself, empty where nothing is."""
    found: dict[str, str | int] = {}
    wrong: list[str] = []
    if own:
        found["engine"] = own
        wrong.append("engine")
    if not await _database_is_current(settings):
        found["database"] = "away"
        wrong.append("database")
    else:
        found["database"] = "ready"
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await _ask_server(process, settings, await client(), found, wrong)
    except (Refusal, TimeoutError):
        found["server"] = "away"
        wrong.append("server")
    return Readiness(found, tuple(wrong))


async def _ask_server(
    process: Process, settings: Settings, client: Client, found: dict[str, str | int], wrong: list[str]
) -> None:
    """A gateway and a worker need who moves orders and no failing task; a press needs that it polls itself."""
    polled = await (press_seen if process is Process.PRESS else worker_seen)(client, settings)
    found["server"] = "there"
    found["pollers"] = len(polled.pollers)
    found["backlog"] = polled.backlog
    if not polled.works:
        wrong.append("pollers")
    if process is Process.PRESS:
        return
    with named_answers():
        failing = (await client.count_workflows(STUCK[StuckKind.TASK_FAILING].query)).count
    found["failing_tasks"] = failing
    if failing:
        wrong.append("failing_tasks")


async def _database_is_current(settings: Settings) -> bool:
    from activities.store.database import engine_at, is_current

    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await asyncio.to_thread(is_current, engine_at(settings.database_url))
    except (Refusal, TimeoutError):
        return False
