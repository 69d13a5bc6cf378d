"""One life lived on a server: its history and its bursts, which the other measurements take as they are.

So they measure what the order really sends and does, whatever a later version makes of it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle, WorkflowHistory

from models.dossier.records.recording import Burst
from models.messages.reply import Reply, Status
from runtime.connection import connect
from runtime.delivery.order_handles import start_order, workflow_id
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.registration import register_attributes
from runtime.settings import ROOT
from runtime.worker.workers import build_worker
from tests.benchmark.lives.client import Shape
from tests.benchmark.lives.life import CLASS_B, TWO_SHIPMENTS, contact, happening, life_story
from tests.benchmark.lives.processes import settings_on
from tests.workflows.conftest import MemoryRecords
from tests.workflows.counting import billed, names
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES

SAMPLED = "20270101-0001"
LONG = "20270101-0002"
LONG_EVENTS = 283


@dataclass(frozen=True, slots=True)
class Sample:
    """What one class B life left behind, and a longer one of two shipments (the start of it, until it is long enough)."""

    history: WorkflowHistory
    long_history: WorkflowHistory
    bursts: list[Burst]
    facts: int

    @property
    def events(self) -> int:
        """Events of the class B life."""
        return len(self.history.events)

    @property
    def actions(self) -> int:
        """Billable actions among them."""
        return billed(self.history.events)

    @property
    def shape(self) -> Shape:
        """What the fair floor must do as well."""
        counts = names(self.history.events)
        upserts = counts["UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"]
        upserted = sum(len(_upserted(event)) for event in self.history.events)
        sizes = [len(burst.model_dump_json()) for burst in self.bursts]
        return Shape(
            facts=self.facts,
            upserts=upserts,
            upserted=round(upserted / max(upserts, 1)),
            timers=counts["TIMER_STARTED"],
            burst_bytes=sum(sizes) // len(sizes),
            asked=sum(bool(burst.claims) for burst in self.bursts),
            placed=counts["ACTIVITY_TASK_SCHEDULED"] - sum(bool(burst.claims) for burst in self.bursts),
        )

    def save(self, file: Path) -> None:
        """Write it for another process."""
        file.write_text(
            json.dumps(
                {
                    "history": self.history.to_json(),
                    "long_history": self.long_history.to_json(),
                    "bursts": [burst.model_dump_json() for burst in self.bursts],
                    "facts": self.facts,
                }
            )
        )


def load_sample(file: Path) -> Sample:
    """The sample that another process wrote."""
    kept = json.loads(file.read_text())
    return Sample(
        WorkflowHistory.from_json(workflow_id(SAMPLED), kept["history"]),
        WorkflowHistory.from_json(workflow_id(LONG), kept["long_history"]),
        [Burst.model_validate_json(burst) for burst in kept["bursts"]],
        kept["facts"],
    )


def _upserted(event: HistoryEvent) -> dict[str, Any]:
    found = event.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
    return dict(found) if event.event_type == EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES else {}


async def _begun(handle: WorkflowHandle[Any, Any]) -> None:
    """Wait until the first workflow task is done, so that the first fact is none of it."""
    while not names((await handle.fetch_history()).events)["WORKFLOW_TASK_COMPLETED"]:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def take_sample(folder: Path) -> Sample:
    """Live both lives by update, with the product's worker and a recorder that only keeps the bursts."""
    records = MemoryRecords()
    async with EmbeddedServer(folder, persistent=False, headless=True) as server:
        settings = settings_on(server, folder)
        client = await connect(settings)
        await register_attributes(client, SEARCH_ATTRIBUTES)

        async def live(story: str, number: str, at_least: int = 0) -> WorkflowHistory:
            told = life_story(story)
            handle = await start_order(
                client, told.order_start(number, datetime.now(UTC)), settings.task_queue
            )

            await _begun(handle)

            async def tell(envelope: dict[str, Any]) -> None:
                said = happening(envelope, datetime.now(UTC))
                reply: Reply = await handle.execute_update("tell", said, result_type=Reply)
                assert reply.status is not Status.REFUSED, f"{said['kind']}: {reply.en}"

            for envelope in told.envelopes[: -1 if at_least else None]:
                await tell(envelope)
            more = 0
            while at_least and len((await handle.fetch_history()).events) < at_least:
                await tell(contact(more))
                more += 1
            if not at_least:
                await handle.result()
            return await handle.fetch_history()

        async with build_worker(client, settings, activities=[records.record, records.read_calendar]):
            history = await live(CLASS_B, SAMPLED)
            long_history = await live(TWO_SHIPMENTS, LONG, at_least=LONG_EVENTS)
    bursts = [burst for burst in records.bursts if burst.order == SAMPLED]
    return Sample(history, long_history, bursts, len(life_story().envelopes))


def sample_of(file: Path | None, folder: Path) -> Sample:
    """The sample in the file; where there is none, one that another process takes now, so that this one stays quiet."""
    if file is None:
        file = folder / "sample.json"
        subprocess.run([sys.executable, "-m", "tests.benchmark.lives.sample", file], cwd=ROOT, check=True)
    return load_sample(file)


def main() -> None:
    """Take the sample and write it to the file that is named."""
    file = Path(sys.argv[1])
    asyncio.run(take_sample(file.parent)).save(file)


if __name__ == "__main__":
    main()
