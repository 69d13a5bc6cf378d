"""A workflow task is lost after its burst was recorded, and done anew: no divergence, unless something said is lost (R47)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select
from temporalio import workflow
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.worker import Replayer, Worker

from activities.orders.recording.recorder import Recorder
from activities.orders.views.order_views import OrderView, show_order
from activities.store.database import engine_at, reading, upgrade, writing
from activities.store.holidays import CalendarReader
from models.dossier.records.recording import Burst, Saved
from models.messages.reply import Status
from models.order.order import Order
from models.order.projection import rows_of
from models.request.order_start import OrderStart
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Refusal
from runtime.delivery.order_handles import WORKFLOW, workflow_id
from runtime.server.registration import register_attributes
from runtime.worker.workers import workflow_runner
from tests.runtime.watching import looks, until
from tests.workflows.conftest import Desk, Handle, MemoryRecords, contact, order_start
from workflows.durable import RECORD_ANEW
from workflows.engine.burst_recorder import BurstRecorder
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.order import OrderWorkflow


@dataclass
class Counter:
    """The product's recorder on a database of its own, and how many tasks are lost after it."""

    client: Client
    queue: str
    engine: Engine
    lose: int = 0
    """So many tasks fail after their burst was recorded."""
    lost: list[str] = field(default_factory=list)
    placed: list[Handle] = field(default_factory=list)

    async def place(self, start: OrderStart | None = None, **options: Any) -> Handle:
        start = start or order_start()
        handle: Handle = await self.client.start_workflow(
            WORKFLOW, start, id=workflow_id(start.number), task_queue=self.queue, **options
        )
        self.placed.append(handle)
        return handle

    async def replay(self) -> None:
        """What was lived lives again as it is recorded."""
        replayer = Replayer(
            workflows=[OrderWorkflow],
            data_converter=pydantic_data_converter,
            workflow_runner=workflow_runner(),
            interceptors=[CaseInterceptor()],
        )
        for handle in self.placed:
            await replayer.replay_workflow(await handle.fetch_history())

    async def order(self, handle: Handle) -> Order:
        """Nobody is answered between a lost task and the one that does it anew."""
        order: Order | None = None
        async for look in looks("it answers"):
            try:
                order = Order.model_validate(await handle.query("order"))
                break
            except RPCError as error:
                look.saw = error
        assert order is not None
        return order

    async def shown(self, handle: Handle) -> OrderView:
        """As the database has it, as soon as that is where the order is."""
        view: OrderView | None = None
        async for _ in looks("the order is recorded"):
            order = await self.order(handle)
            try:
                view = await asyncio.to_thread(show_order, self.engine, order.number)
            except Refusal:  # not recorded yet
                continue
            if (view.order.sequence, view.journal[-1].hash if view.journal else "") == (
                order.sequence,
                order.head,
            ):
                break
        assert view is not None
        return view


@pytest.fixture
async def counter(
    temporal_client: Client,
    threads: ThreadPoolExecutor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Counter]:
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    upgrade(url)
    here = Counter(temporal_client, f"test-{uuid.uuid4().hex}", engine_at(url))
    quickly = BurstRecorder._deliver_quickly

    async def then_lost(recorder: BurstRecorder[Any], burst: Burst, summary: str) -> Saved | None:
        saved = await quickly(recorder, burst, summary)
        if here.lose and not workflow.unsafe.is_replaying():
            here.lose -= 1
            here.lost.append(burst.order)
            raise RuntimeError("this workflow task is lost")
        return saved

    monkeypatch.setattr(BurstRecorder, "_deliver_quickly", then_lost)
    async with Worker(
        temporal_client,
        task_queue=here.queue,
        workflows=[OrderWorkflow],
        activities=[Recorder(here.engine).record, CalendarReader(here.engine).read_calendar],
        activity_executor=threads,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    ):
        yield here
        await here.replay()
    here.engine.dispose()


def repairs(view: OrderView) -> list[str]:
    return [entry.subject for entry in view.journal if entry.kind == "repaired"]


async def test_orders_whose_first_task_is_lost_did_not_diverge(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    counter.lose = 6
    handles = [await counter.place() for _ in range(4)]
    for handle in handles:
        view = await counter.shown(handle)
        assert (repairs(view), view.set_aside) == ([], [])
        assert [entry.sequence for entry in view.journal] == list(range(1, view.order.sequence + 1))
        assert (await counter.order(handle)).troubles == {}
    assert counter.lost, "no task was lost"
    assert "diverged" not in caplog.text


async def test_what_is_said_in_a_task_that_is_lost_is_there_once(counter: Counter) -> None:
    handle = await counter.place()
    await counter.shown(handle)
    counter.lose = 2
    said = [contact(f"call/{n}", f"n {n}") for n in range(3)]
    replies = await asyncio.gather(*(handle.execute_update("tell", each) for each in said[:2]))
    assert {reply["status"] for reply in replies} == {Status.ACCEPTED.value}
    await handle.signal("contact_logged", said[2])
    view = await counter.shown(handle)
    facts = [entry.data["fact_id"] for entry in view.journal if entry.kind == "fact"]
    assert sorted(facts) == ["call/0", "call/1", "call/2"]
    assert (repairs(view), view.set_aside) == ([], [])


async def test_each_burst_says_until_where_all_was_certain_when_its_task_began(
    desk: Desk, records: MemoryRecords
) -> None:
    """Only what is said beyond that may be of a lost attempt; from there on back another history is a divergence (R47)."""
    handle = await desk.place(order_start())
    await until(lambda: records.bursts)
    for number in range(3):
        assert (await desk.tell(handle, contact(f"c/{number}"))).status is Status.ACCEPTED
        sequence = (await handle.query("order"))["sequence"]
        await until(lambda wanted=sequence: records.bursts[-1].entries[-1].sequence == wanted)  # type: ignore[misc]
        last = records.bursts[-1]
        assert last.attempt is not None
        assert last.attempt.stood_at == last.after_sequence > 0


async def test_all_rows_come_again_when_they_are_asked_for(counter: Counter) -> None:
    handle = await counter.place()
    view = await counter.shown(handle)
    with writing(counter.engine) as connection:
        for name in ("order_lines", "open_steps"):
            connection.execute(delete(table(name)))
    await handle.signal(RECORD_ANEW)
    expected = {row.table for row in rows_of(await counter.order(handle))}
    assert {"order_lines", "open_steps"} <= expected

    def present() -> bool:
        with reading(counter.engine) as connection:
            return all(connection.execute(select(table(name))).first() is not None for name in expected)

    await until(present, "the rows come")
    again = await counter.shown(handle)
    assert (again.lines, again.steps, again.journal) == (view.lines, view.steps, view.journal)


async def test_an_older_store_of_workflows_gets_its_money_back_and_somebody_looks_at_once(
    counter: Counter,
) -> None:
    """The workflow is begun anew from its request, as after a restored backup of the server: the database knows more."""
    old = datetime.now(UTC) - timedelta(days=90)
    start = order_start(placed_at=old)
    handle = await counter.place(start)
    await counter.shown(handle)
    money = contact(
        "bank/1",
        kind="payment_received",
        role="finance",
        by="s-5",
        content={"amount": "160.50", "method": "bank", "reference": "TX-1"},
    )
    assert (await handle.execute_update("tell", money))["status"] == Status.ACCEPTED.value
    call = contact("call/1", happened_at=datetime.now(BUSINESS_ZONE).isoformat())
    assert (await handle.execute_update("tell", call))["status"] == Status.ACCEPTED.value
    before = await counter.shown(handle)
    _backdate(counter.engine, start.number, old)
    await handle.terminate("the disk of the server was lost")

    anew = await counter.place(start)
    view = await _with(counter, anew, "call/1")
    assert repairs(view) == ["epoch:1"]
    assert [(each.reference, each.amount) for each in view.payments] == [("TX-1", before.payments[0].amount)]
    assert view.order.paid == before.order.paid
    steps = {step.key for step in view.steps if step.closed_at is None}
    assert "exception:stores-diverged-1" in steps
    assert len(view.set_aside) == len(before.journal)
    # told once more by whoever said it, as it was said: known
    assert (await anew.execute_update("tell", call))["status"] == Status.KNOWN.value
    closed = contact(
        "look/1", kind="exception_resolved", by="s-9", role="service_supervisor",
        content={"exception": "stores-diverged-1", "resolution": "核对无误"},
    )  # fmt: skip
    assert (await anew.execute_update("tell", closed))["status"] == Status.ACCEPTED.value
    after = await counter.shown(anew)
    assert "exception:stores-diverged-1" not in {step.key for step in after.steps if step.closed_at is None}


def _backdate(engine: Engine, number: str, moment: datetime) -> None:
    """As if it had been said three months ago: longer than anything new may lie back."""
    journal = table("journal")
    with writing(engine) as connection:
        of_order = journal.c.order_number == number
        money = (journal.c.kind == "fact") & (journal.c.subject == "payment_received")
        rows = connection.execute(select(journal).where(of_order, money)).mappings().all()
        for row in rows:
            this = of_order & (journal.c.sequence == row["sequence"])
            connection.execute(journal.update().where(this).values(happened_at=moment))


async def _with(counter: Counter, handle: Handle, fact_id: str) -> OrderView:
    view = await counter.shown(handle)
    async for _ in looks(f"{fact_id} comes back"):
        view = await counter.shown(handle)
        if any(entry.data.get("fact_id") == fact_id for entry in view.journal):
            break
    return view


async def test_what_is_refused_when_it_is_told_again_is_somebodys(counter: Counter) -> None:
    """Said of something that the workflow does not have any more: it is kept as refused, and opens a step with what it said."""
    start = order_start()
    handle = await counter.place(start)
    await handle.execute_update("tell", contact("call/1"))
    await counter.shown(handle)
    journal = table("journal")
    with writing(counter.engine) as connection:
        connection.execute(
            journal.update()
            .where(journal.c.order_number == start.number, journal.c.kind == "fact")
            .values(data={"fact_id": "call/1", "content": {"channel": "no such channel", "words": "160.50"}})
        )
    await handle.terminate("lost")
    anew = await counter.place(start)
    async for _ in looks("somebody is asked"):
        if "exception:told-again-call/1" in {step["key"] for step in await anew.query("steps")}:
            break
    trouble = (await counter.order(anew)).troubles["told-again-call/1"]
    assert "160.50" in trouble.words
