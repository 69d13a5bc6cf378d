"""What the tests of the workflow run on: the real server, the real workflow, and an order database in memory."""

from __future__ import annotations

import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from models.dossier.records.recording import Attempt, Burst, Saved
from models.messages.reply import Reply
from models.request.order_start import OrderStart
from models.values.calendar import Calendar
from models.values.editions import NEWEST
from runtime.delivery.order_handles import WORKFLOW, workflow_id
from runtime.server.registration import register_attributes
from runtime.worker.workers import workflow_runner
from workflows.engine.carried import Carried, Outcome
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.limits import CALENDAR_ACTIVITY, RECORD_ACTIVITY
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.order import OrderWorkflow

Handle = WorkflowHandle[Any, Outcome]


@dataclass
class MemoryRecords:
    """The order database of these tests: keeps what it gets, away as often as it is told."""

    away_for: int = 0
    tries: int = 0
    bursts: list[Burst] = field(default_factory=list)
    journals: dict[tuple[str, int], dict[int, str]] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)
    attempts: dict[str, Attempt | None] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @activity.defn(name=RECORD_ACTIVITY)
    def record(self, burst: Burst) -> Saved:
        """Number and hash must fit to what is here, else the stores diverged, or a lost attempt at the same task was here."""
        with self.lock:
            self.tries += 1
            if self.away_for > 0:
                self.away_for -= 1
                raise ConnectionError("the database is away")
            epoch = self.epochs.setdefault(burst.order, burst.epoch)
            if burst.epoch > epoch:
                before = self.journals.get((burst.order, epoch), {}) if burst.done_anew else {}
                epoch = self.epochs[burst.order] = burst.epoch
                kept = {number: told for number, told in before.items() if number <= burst.after_sequence}
                self.journals[burst.order, epoch] = kept
            journal = self.journals.setdefault((burst.order, epoch), {})
            last = max(journal, default=0)
            if burst.epoch < epoch or any(journal.get(e.sequence, e.hash) != e.hash for e in burst.entries):
                lost = self._is_of_a_lost_attempt(burst, journal)
                return Saved(sequence=last, hash=journal.get(last, ""), diverged=True, unfinished=lost)
            journal.update({entry.sequence: entry.hash for entry in burst.entries})
            self.attempts[burst.order] = burst.attempt
            self.bursts.append(burst)
            last = max(journal, default=0)
            return Saved(sequence=last, hash=journal.get(last, ""))

    def _is_of_a_lost_attempt(self, burst: Burst, journal: dict[int, str]) -> bool:
        attempt, recorded = burst.attempt, self.attempts.get(burst.order)
        if attempt is None or recorded is None or recorded.run != attempt.run:
            return False
        here = burst.after_sequence == 0 or journal.get(burst.after_sequence) == burst.after_hash
        return here and burst.after_sequence >= recorded.stood_at

    @activity.defn(name=CALENDAR_ACTIVITY)
    def read_calendar(self, today: date) -> Calendar:
        """What this company knows of holidays."""
        return self.calendar

    def entries(self, order: str) -> list[Any]:
        """All journal entries of an order in the order they came."""
        return [entry for burst in self.bursts if burst.order == order for entry in burst.entries]


@dataclass
class Desk:
    """A place to put orders at and talk to them."""

    client: Client
    queue: str
    records: MemoryRecords

    async def place(
        self, start: OrderStart | Carried, client: Client | None = None, **options: Any
    ) -> Handle:
        """Start the workflow of an order."""
        number = start.order.number if isinstance(start, Carried) else start.number
        handle: Handle = await (client or self.client).start_workflow(
            WORKFLOW,
            start,
            id=workflow_id(number),
            task_queue=self.queue,
            result_type=Outcome,
            **options,
        )
        return handle

    async def tell(self, handle: Handle, message: Any) -> Reply:
        """Say something by update."""
        reply: Reply = await handle.execute_update("tell", message, result_type=Reply)
        return reply


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@pytest.fixture
async def desk(
    temporal_client: Client, records: MemoryRecords, threads: ThreadPoolExecutor
) -> AsyncIterator[Desk]:
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    queue = f"test-{uuid.uuid4().hex}"
    async with Worker(
        temporal_client,
        task_queue=queue,
        workflows=[OrderWorkflow],
        activities=[records.record, records.read_calendar],
        activity_executor=threads,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    ):
        yield Desk(temporal_client, queue, records)


def order_start(**changes: Any) -> OrderStart:
    """An order that waits for its price, so that it stays where it is."""
    values: dict[str, Any] = {
        "number": f"20270105-{uuid.uuid4().hex[:8]}",
        "placed_at": datetime.now(UTC),
        "request": {
            "request_id": "fax/1",
            "channel": "fax",
            "customer": "c-1",
            "contact": "王先生",
            "phone": "13800000000",
            "address": "上海",
            "consignee": "王先生",
            "lines": [{"line": 1, "product": "P-1", "quantity": "10", "unit": "roll"}],
            "payment_terms": "deposit",
            "entered_by": "s-2",
        },
        "customer": {"customer": "c-1", "name": "甲公司", "customer_class": "B"},
        "staff": {"people": {"salesperson": "s-1", "service_clerk": "s-2"}, "superiors": {"s-1": "s-9"}},
        "edition": NEWEST,
    }
    return OrderStart.model_validate({**values, **changes})


def contact(fact_id: str, words: str = "来电询问", **changes: Any) -> dict[str, Any]:
    """A fact that is always welcome and moves nothing."""
    return {
        "fact_id": fact_id,
        "kind": "contact_logged",
        "by": "s-2",
        "role": "service_clerk",
        "happened_at": datetime.now(UTC).isoformat(),
        "content": {"channel": "phone", "words": words},
        **changes,
    }
