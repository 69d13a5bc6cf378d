"""Somebody looks at the order while its burst is recorded: the task is parted there, and is lived again all the same (R47)."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, Worker

from activities.orders.recording.recorder import Recorder
from activities.orders.views.order_views import show_order
from activities.store.database import engine_at, upgrade
from activities.store.holidays import CalendarReader
from models.dossier.dossier import Dossier
from models.dossier.records.recording import Burst, Saved
from models.order.order import Order
from models.request.order_start import OrderStart
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Refusal
from runtime.delivery.order_handles import WORKFLOW, workflow_id
from runtime.server.registration import register_attributes
from runtime.worker.workers import workflow_runner
from tests.runtime.watching import looks
from tests.workflows.conftest import Handle, contact, order_start
from workflows import durable
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.limits import LOCAL_RECORD_RETRY, MOST_WEIGHT_IN_A_TASK, RECORD_ACTIVITY
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.engine.step_list import steps_of
from workflows.order import OrderWorkflow

LINES = 200
MOST_TRIES = 20
QUESTIONS = 8


@dataclass
class Office:
    """Orders, their database, and workers that come and go."""

    client: Client
    queue: str
    engine: Engine
    threads: ThreadPoolExecutor
    away_for: int = 0
    was_recorded: threading.Event = field(default_factory=threading.Event)

    @activity.defn(name=RECORD_ACTIVITY)
    def record(self, burst: Burst) -> Saved:
        """As the product does, and say so; away as often as it is told."""
        if self.away_for > 0:
            self.away_for -= 1
            if self.away_for == 0:
                self.was_recorded.set()
            raise ConnectionError("the database is away")
        saved = Recorder(self.engine).record(burst)
        self.was_recorded.set()
        return saved

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        async with Worker(
            self.client,
            task_queue=self.queue,
            workflows=[OrderWorkflow],
            activities=[self.record, CalendarReader(self.engine).read_calendar],
            activity_executor=self.threads,
            workflow_runner=workflow_runner(),
            interceptors=[CaseInterceptor()],
        ):
            yield

    async def place(self, start: OrderStart) -> Handle:
        handle: Handle = await self.client.start_workflow(
            WORKFLOW, start, id=workflow_id(start.number), task_queue=self.queue
        )
        return handle

    async def recorded(self, handle: Handle) -> Order:
        """Where it stands, when the database has that."""
        order: Order | None = None
        async for _ in looks("the order is recorded"):
            order = Order.model_validate(await handle.query("order"))
            idle = (await handle.query("recorded"))["idle"]
            if idle and self._head_in_database(order.number) == (order.sequence, order.head):
                break
        assert order is not None
        return order

    def _head_in_database(self, number: str) -> tuple[int, str]:
        try:
            last = show_order(self.engine, number).journal[-1]
        except Refusal:  # not there yet
            return 0, ""
        return last.sequence, last.hash


@pytest.fixture
async def office(
    temporal_client: Client, threads: ThreadPoolExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    """Whoever asks for the steps is answered when the first burst is recorded."""
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    upgrade(url)
    engine = engine_at(url)
    here = Office(temporal_client, f"test-{uuid.uuid4().hex}", engine, threads)

    def when_recorded(dossier: Dossier) -> Any:
        here.was_recorded.wait(0.5)
        return steps_of(dossier)

    monkeypatch.setattr(durable, "steps_of", when_recorded)
    yield here
    engine.dispose()


def is_parted(history: WorkflowHistory) -> bool:
    """Whether a task ended with what was recorded, and the next one had to go on from there."""
    kinds = [event.event_type for event in history.events]
    parting = [EventType.EVENT_TYPE_MARKER_RECORDED, EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED]
    return any(kinds[at : at + 2] == parting and _at_once(history, at) for at in range(len(kinds)))


def _at_once(history: WorkflowHistory, at: int) -> bool:
    marker, task = history.events[at], history.events[at + 1]
    if marker.marker_recorded_event_attributes.marker_name != "core_local_activity":
        return False
    return (task.event_time.ToNanoseconds() - marker.event_time.ToNanoseconds()) < 1_000_000


async def lived_while_asked(office: Office, handle: Handle) -> WorkflowHistory:
    """The order wakes up among questions; then it is lived again by another worker."""
    office.was_recorded.clear()
    asked = [asyncio.create_task(handle.query("steps")) for _ in range(QUESTIONS)]
    async with office.worker():
        await asyncio.gather(*asked)
        order = await office.recorded(handle)
    async with office.worker():
        again = Order.model_validate(await handle.query("order"))
    assert (again.sequence, again.head) == (order.sequence, order.head)
    history = await handle.fetch_history()
    await Replayer(
        workflows=[OrderWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    ).replay_workflow(history)
    return history


async def test_another_history_is_found_while_somebody_looks(office: Office) -> None:
    for _ in range(MOST_TRIES):
        start = order_start()
        async with office.worker():
            handle = await office.place(start)
            await handle.execute_update("tell", money("bank/1"))
            await office.recorded(handle)
        await handle.terminate("the disk of the server was lost")
        anew = await office.place(start)
        history = await lived_while_asked(office, anew)
        async with office.worker():
            order = await office.recorded(anew)
        assert "stores-diverged-1" in order.troubles
        assert [str(each.amount) for each in show_order(office.engine, start.number).payments] == ["160.50"]
        if is_parted(history):
            return
    raise AssertionError("no task was parted")


async def test_a_pile_is_taken_while_somebody_looks(office: Office) -> None:
    """What goes on when something was recorded needs an answer with a place: no task is parted then."""
    for _ in range(3):
        handle = await office.place(large())
        pile = [contact(f"pile/{n:03}") for n in range(3 * (MOST_WEIGHT_IN_A_TASK // LINES))]
        for message in [*pile, money("bank/1")]:
            await handle.signal(message["kind"], message)
        await lived_while_asked(office, handle)


def money(fact_id: str) -> Any:
    """A deposit by bank."""
    return contact(
        fact_id,
        kind="payment_received",
        role="finance",
        by="s-5",
        content={"amount": "160.50", "method": "bank", "reference": f"TX-{uuid.uuid4().hex[:8]}"},
        happened_at=datetime.now(BUSINESS_ZONE).isoformat(),
    )


def large() -> OrderStart:
    """An order of very many lines: few facts make a portion."""
    line = {"product": "P-1", "specification": "80mm", "quantity": "10", "unit": "roll", "unit_price": "5.00"}
    request = order_start().request.model_dump(mode="json")
    lines = [{"line": number, **line} for number in range(1, LINES + 1)]
    return order_start(request={**request, "lines": lines}, placed_at=datetime.now(UTC))


async def test_the_database_is_found_away_while_somebody_looks(office: Office) -> None:
    """What waits for no answer goes on, and stands where it stood."""
    for _ in range(MOST_TRIES):
        handle = await office.place(order_start())
        office.away_for = LOCAL_RECORD_RETRY.maximum_attempts
        for message in [contact("call/1"), contact("call/2")]:
            await handle.signal(message["kind"], message)
        history = await lived_while_asked(office, handle)
        assert office.away_for == 0
        if is_parted(history):
            return
    raise AssertionError("no task was parted")
