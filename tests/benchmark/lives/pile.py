"""A pile of facts on a large order: told by signal while no worker runs. Then a worker starts: does it get through?

The order stands in production. What is told are the reports of each line from factory to warehouse, then contacts.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from temporalio.api.enums.v1 import EventType, TimeoutType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle

from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, reading, upgrade
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from models.order.projection import changed_rows
from models.tables.registry import table
from runtime.connection import connect
from runtime.delivery.order_handles import WORKFLOW, workflow_id
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.registration import register_attributes
from tests.benchmark.lives.life import MOST_LINES, happening, large_order, pile_of_facts
from tests.benchmark.lives.processes import environment_for, product_worker, settings_on, working_folder
from tests.benchmark.lives.table import Figure, alone
from workflows.engine.carried import Carried
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES

FACTS = 1000
QUEUE = "bench-pile"
PATIENCE = 90.0
"""Seconds until what is not recorded by then counts as stuck."""
END_PATIENCE = 30.0
AT_ONCE = 20
Handle = WorkflowHandle[Any, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a worker got through: facts recorded, seconds (the patience where it did not), CPU milliseconds."""

    recorded: int
    seconds: float
    cpu: float
    failed_tasks: int
    ended_after: float | None
    """Seconds from SIGTERM to the end of the worker; None where it had to be killed."""


def order_in_production(url: str, lines: int) -> Carried:
    """A large order in production, lived in memory and recorded; what its workflow takes up."""
    order = large_order(lines, datetime.now(UTC)).in_production(deposit=str(lines * 1500)).order
    rows, known = changed_rows(order, {})
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved, rows=rows,
        intentions=order.unsent,
    )  # fmt: skip
    saved = Recorder(engine_at(url)).record(burst)
    order.unsaved.clear()
    order.unsent.clear()
    return Carried(order=order, saved_sequence=saved.sequence, saved_hash=saved.hash, known_rows=known)


def facts_recorded(url: str) -> int:
    """How many facts the journal in the database holds; a refused one is none."""
    journal = table("journal")
    with reading(engine_at(url)) as connection:
        count = connection.scalar(select(func.count()).select_from(journal).where(journal.c.kind == "fact"))
    return int(count or 0)


def _failed(event: HistoryEvent) -> bool:
    """A task that waited for the cached order of a worker that was stopped did not fail."""
    waited = (
        event.workflow_task_timed_out_event_attributes.timeout_type
        == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START
    )
    return event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED or (
        event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT and not waited
    )


async def failed_tasks(handle: Handle) -> int:
    """Workflow tasks that failed or ran out of time; only the first of several in a row gets into the history."""
    events = (await handle.fetch_history()).events
    pending = (await handle.describe()).raw_description.pending_workflow_task
    tries_again = max(pending.attempt - 2, 0)
    return sum(_failed(event) for event in events) + tries_again


async def pile_up(client: Client, handle: Handle, lines: int, facts: int) -> None:
    """Tell everything by signal, in its order as far as that matters: the phases of a line stay apart."""
    envelopes = list(pile_of_facts(lines, facts))
    for first in range(0, len(envelopes), AT_ONCE):
        await asyncio.gather(
            *(
                handle.signal(each["kind"], happening(each, datetime.now(UTC)))
                for each in envelopes[first : first + AT_ONCE]
            )
        )


async def get_through(folder: Path, lines: int, facts: int, patience: float) -> Outcome:
    """Build the pile, start a worker, wait until all is recorded or patience ends, and stop the worker."""
    url = f"sqlite:///{folder / 'pile.db'}"
    upgrade(url)
    carried = order_in_production(url, lines)
    async with EmbeddedServer(folder, persistent=False, headless=True) as server:
        client = await connect(settings_on(server, folder))
        await register_attributes(client, SEARCH_ATTRIBUTES)
        environment = environment_for(server, folder, database_url=url, queue=QUEUE)
        handle: Handle = await client.start_workflow(
            WORKFLOW, carried, id=workflow_id(carried.order.number), task_queue=QUEUE
        )
        with product_worker(environment, folder):
            await handle.query("steps")
        known = facts_recorded(url)
        await pile_up(client, handle, lines, facts)
        with product_worker(environment, folder) as worker:
            before, cpu = time.monotonic(), worker.cpu()
            while (recorded := facts_recorded(url) - known) < facts:
                if time.monotonic() - before > patience:
                    break
                await asyncio.sleep(0.05)
            seconds, spent = time.monotonic() - before, worker.cpu() - cpu
            failed = await failed_tasks(handle)
            ended = await asyncio.to_thread(worker.end, END_PATIENCE)
    return Outcome(recorded, seconds, spent, failed, ended)


def measure(asked: argparse.Namespace) -> list[Figure]:
    """One pile."""
    lines, facts = (6, 24) if asked.quick else (asked.lines, asked.facts)
    with working_folder() as folder:
        found = asyncio.run(get_through(folder, lines, facts, PATIENCE))
        engine_at(f"sqlite:///{folder / 'pile.db'}").dispose()
    pile = f"a pile of {facts} facts on {lines} lines"
    through = f"{found.recorded} of {facts} recorded"
    seconds = through if found.recorded >= facts else f"{through}: given up after {PATIENCE:.0f} s"
    ended = (
        "" if found.ended_after is not None else f"had not ended after {END_PATIENCE:.0f} s and was killed"
    )
    return [
        Figure("pile_failed", f"{pile}: failed workflow tasks", found.failed_tasks, must=0, aim=0),
        Figure("pile_missing", f"{pile}: facts not recorded", facts - found.recorded, "", through, must=0, aim=0),
        Figure("pile_seconds", f"{pile}: time until all is recorded", found.seconds, "s", seconds),
        Figure("pile_cpu", f"{pile}: CPU of the worker until then", found.cpu / 1000, "s CPU"),
        Figure("pile_end", f"{pile}: SIGTERM until the worker ended",
               END_PATIENCE if found.ended_after is None else found.ended_after, "s", ended, must=15),
    ]  # fmt: skip


def main() -> int:
    """`python -m tests.benchmark.lives.pile`."""
    return alone(
        __doc__,
        measure,
        ("--lines", {"type": int, "default": MOST_LINES}),
        ("--facts", {"type": int, "default": FACTS}),
    )


if __name__ == "__main__":
    sys.exit(main())
