"""Money on the engine: the order database says whose receipt it is before it is taken (R53)."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, Worker

from models.dossier.records.recording import Burst, Saved
from models.messages.reply import Status
from models.order.order import Order
from runtime.server.registration import register_attributes
from runtime.worker.workers import workflow_runner
from tests.runtime.watching import PATIENCE_SECONDS, looks, until
from tests.workflows.conftest import Desk, Handle, MemoryRecords, contact, order_start
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.limits import RECORD_ACTIVITY
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.order import OrderWorkflow
from workflows.procedure import begin


@dataclass
class Register(MemoryRecords):
    """Records that know which order has which receipt."""

    holders: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    claiming: threading.Lock = field(default_factory=threading.Lock)

    @activity.defn(name=RECORD_ACTIVITY)
    def record(self, burst: Burst) -> Saved:
        """As the recorder: the first who asks has it."""
        saved = MemoryRecords.record(self, burst)
        with self.claiming:
            self.asked += len(burst.claims)
            keys = [each.key for each in burst.claims]
            elsewhere = [key for key in keys if self.holders.setdefault(key, burst.order) != burst.order]
        return saved.model_copy(update={"elsewhere": elsewhere})


@pytest.fixture
async def counter(
    temporal_client: Client, threads: ThreadPoolExecutor
) -> AsyncIterator[tuple[Desk, Register]]:
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    queue, register = f"test-{uuid.uuid4().hex}", Register()
    async with Worker(
        temporal_client,
        task_queue=queue,
        workflows=[OrderWorkflow],
        activities=[register.record, register.read_calendar],
        activity_executor=threads,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    ):
        yield Desk(temporal_client, queue, register), register


def paid(fact_id: str, reference: str = "TX-7", amount: str = "300.00") -> dict[str, Any]:
    content = {"amount": amount, "reference": reference}
    return contact(fact_id, kind="payment_received", by="q-1", role="finance", content=content)


async def order_of(handle: Handle) -> Order:
    return Order.model_validate(await handle.query("order"))


async def replayed(handle: Handle) -> None:
    replayer = Replayer(
        workflows=[OrderWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    )
    await replayer.replay_workflow(await handle.fetch_history())


async def test_one_transfer_told_to_two_orders_at_once_counts_once(counter: tuple[Desk, Register]) -> None:
    """R53: by update, by signal and in any order; the answer comes when it is known."""
    desk, register = counter
    handles = [await desk.place(order_start()) for _ in range(3)]
    await handles[2].signal("payment_received", paid("s/1", " tx-7 "))
    replies = await asyncio.gather(*(desk.tell(each, paid("u/1")) for each in handles))
    assert {reply.status for reply in replies} == {Status.ACCEPTED}
    orders = [await order_of(each) for each in handles]
    assert sorted(str(order.ledger.paid) for order in orders) == ["0.00", "0.00", "300.00"]
    (has,) = [order for order in orders if order.ledger.paid > 0]
    assert register.holders == {"bank:tx-7": has.number}
    for order in orders:
        told_twice = any(step.startswith("told_twice:") for step in order.steps)
        assert told_twice is (order is not has)
    for each in handles:
        await replayed(each)


async def test_what_is_told_behind_money_is_taken_behind_it(counter: tuple[Desk, Register]) -> None:
    """R53: nothing overtakes it, and what the order has or refuses is not asked for again."""
    desk, register = counter
    handle = await desk.place(order_start())
    told = [
        paid("p/1"),
        contact("b/1", kind="payment_bounced", by="q-1", role="finance", content={"reference": "TX-7"}),
        paid("p/2"),
        paid("p/3", amount="1.00"),
        paid("p/2"),
        contact("c/1"),
    ]
    for message in told:
        await handle.signal(message["kind"], message)
    assert (await desk.tell(handle, contact("c/2"))).status is Status.ACCEPTED
    order = await order_of(handle)
    assert [each.bounced for each in order.ledger.payments] == [True, False]
    assert str(order.ledger.paid) == "300.00"
    assert register.asked == 2
    facts = [e.data["fact_id"] for e in register.entries(order.number) if e.kind.value == "fact"]
    assert facts[:3] == ["p/1", "b/1", "p/2"]
    await replayed(handle)


async def test_money_waits_for_a_database_that_is_away_and_nothing_else_does(
    counter: tuple[Desk, Register],
) -> None:
    """R53: an hour without database delays money and loses nothing."""
    desk, register = counter
    handle = await desk.place(order_start())
    await desk.tell(handle, contact("a"))
    register.away_for = 6
    waits = asyncio.create_task(desk.tell(handle, paid("p/1")))
    await until(lambda: register.away_for < 6, "the database was asked")
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert (await desk.tell(handle, contact("b"))).status is Status.ACCEPTED
    assert not waits.done()
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert (await waits).status is Status.ACCEPTED
    assert str((await order_of(handle)).ledger.paid) == "300.00"
    await replayed(handle)


async def test_an_order_that_hears_of_no_money_has_no_marker(counter: tuple[Desk, Register]) -> None:
    desk, _ = counter
    handle = await desk.place(order_start())
    await desk.tell(handle, contact("a"))
    await desk.tell(handle, paid("p/1", amount="300.00") | {"role": "salesperson", "by": "s-1"})
    kinds = {EventType.Name(event.event_type) async for event in handle.fetch_history_events()}
    assert "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED" not in kinds


async def test_money_that_is_asked_for_when_a_run_ends_is_in_the_next_one(
    counter: tuple[Desk, Register],
) -> None:
    """R53: a run ends when everything that was said is taken."""
    from workflows.engine.carried import Carried

    desk, register = counter
    start = order_start()
    handle = await desk.place(Carried(order=begin(start, start.placed_at), continue_after_events=30))
    for n in range(12):
        await handle.signal("payment_received", paid(f"p/{n}", f"TX-{n}", "10.00"))
    assert (await desk.tell(handle, contact("z"))).status is Status.ACCEPTED
    async for _ in looks("all is paid"):
        if (await order_of(handle)).ledger.paid == 120:
            break
    assert len(register.holders) == 12
