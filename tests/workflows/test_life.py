"""The life around the procedure: records, time, cancel, continue-as-new, the end."""

from __future__ import annotations

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
)
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import TimeSkipper
from temporalio.worker import Replayer, Worker

from models.messages.reply import Status
from models.order.order import Order
from models.values.calendar import Calendar
from runtime.server.registration import register_attributes
from runtime.worker.workers import workflow_runner
from tests.runtime.watching import PATIENCE_SECONDS, looks, until
from tests.workflows.conftest import Desk, Handle, MemoryRecords, contact, order_start
from tests.workflows.counting import billed, counted, names
from workflows import procedure
from workflows.engine.carried import Carried, state_digest
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.order import STORES_DIVERGED, OrderWorkflow


async def history(handle: Handle) -> list[Any]:
    """All events of the newest run but those that skipping time leaves."""
    return counted([event async for event in handle.fetch_history_events()])


async def next_run(handle: Handle, run: str) -> WorkflowExecutionDescription:
    """The order in a later run than this one."""
    description = await handle.describe()
    async for _ in looks("it is in a later run"):
        description = await handle.describe()
        if description.run_id != run:
            break
    return description


async def quiet(desk: Desk, handle: Handle) -> list[Any]:
    """The history once the order stands still."""
    events: list[Any] = []
    while True:
        await asyncio.sleep(0.2)
        now = await history(handle)
        tasks = [name for event in now if "_WORKFLOW_TASK_" in (name := EventType.Name(event.event_type))]
        if len(now) == len(events) and tasks[-1].endswith("COMPLETED"):
            return now
        events = now


async def test_a_lone_fact_costs_little_and_a_burst_less_for_each(desk: Desk) -> None:
    handle = await desk.place(order_start())
    before = await quiet(desk, handle)
    await handle.signal("contact_logged", contact("a"))
    alone = (await quiet(desk, handle))[len(before) :]
    assert len(alone) <= 12, names(alone)
    assert billed(alone) <= 4, names(alone)

    before = await quiet(desk, handle)
    await asyncio.gather(*(handle.signal("contact_logged", contact(f"b/{n}")) for n in range(20)))
    burst = (await quiet(desk, handle))[len(before) :]
    assert len(burst) / 20 < len(alone), names(burst)
    assert billed(burst) / 20 < billed(alone), names(burst)


async def test_a_fact_that_changes_everything_costs_no_more_than_agreed(desk: Desk) -> None:
    handle = await desk.place(order_start())
    said = (
        contact("h/1", kind="hold_placed", role="service_supervisor", content={"reason": "等客户"}),
        contact("h/2", kind="hold_released", role="service_supervisor", content={}),
        contact("d/1", kind="details_completed", content={"changes": {"packing": "纸箱"}}),
    )
    for message in said:
        before = await quiet(desk, handle)
        await handle.signal(message["kind"], message)
        alone = (await quiet(desk, handle))[len(before) :]
        assert len(alone) <= 12, names(alone)
        assert billed(alone) <= 4, names(alone)
        assert names(alone)["UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"] <= 1


async def test_an_update_costs_no_more(desk: Desk) -> None:
    handle = await desk.place(order_start())
    before = await quiet(desk, handle)
    assert (await desk.tell(handle, contact("a"))).status is Status.ACCEPTED
    told = (await quiet(desk, handle))[len(before) :]
    assert len(told) <= 12, names(told)
    assert billed(told) <= 4, names(told)


async def test_one_timer_is_replaced_only_for_an_earlier_deadline(desk: Desk) -> None:
    verified = {"customer": "c-1", "name": "甲公司", "customer_class": "B", "verified_by": "s-2"}
    start = order_start(customer=verified, policy={"limits": {"decision_hours": 1}})
    handle = await desk.place(start)
    trouble = contact(
        "x/1",
        kind="exception_reported",
        content={"exception": "x-1", "words": "客户投诉", "owner": "s-2"},
    )
    solved = contact("x/2", kind="exception_resolved", content={"exception": "x-1", "resolution": "已答复"})
    before = Order.model_validate(await handle.query("order"))
    assert names(await quiet(desk, handle))["TIMER_STARTED"] == 1
    await desk.tell(handle, trouble)
    after = Order.model_validate(await handle.query("order"))
    earlier, later = procedure.next_deadline(after), procedure.next_deadline(before)
    assert earlier is not None
    assert later is not None
    assert earlier < later
    for message in (trouble, solved):
        await desk.tell(handle, message)
        counted = names(await quiet(desk, handle))
        assert (counted["TIMER_STARTED"], counted["TIMER_CANCELED"]) == (2, 1)


async def test_a_database_that_never_agrees_stops_the_order_loudly(desk: Desk) -> None:
    start = order_start()
    desk.records.epochs[start.number] = 1_000_000
    handle = await desk.place(start)
    with pytest.raises(WorkflowFailureError) as failed:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await handle.result()
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == STORES_DIVERGED


async def test_hours_without_consequence_cost_nothing_and_a_deadline_fires_once(
    desk: Desk, time_skipping: TimeSkipper
) -> None:
    handle = await desk.place(order_start(), client=time_skipping.client)
    order = Order.model_validate(await handle.query("order"))
    deadline = procedure.next_deadline(order)
    assert deadline is not None
    before = await quiet(desk, handle)
    span = deadline - order.clock
    await time_skipping.fast_forward(handle, span - timedelta(minutes=5))
    assert names(await quiet(desk, handle)) == names(before)
    await time_skipping.fast_forward(handle, timedelta(minutes=6))
    after = (await quiet(desk, handle))[len(before) :]
    assert names(after)["TIMER_FIRED"] == 1
    entries = desk.records.entries(order.number)
    assert entries[-1].recorded_at >= deadline


async def test_records_wait_for_a_database_that_is_away_and_nothing_is_lost(desk: Desk) -> None:
    handle = await desk.place(order_start())
    await desk.tell(handle, contact("a"))
    desk.records.away_for = 5
    assert (await desk.tell(handle, contact("b"))).status is Status.ACCEPTED
    await handle.signal("contact_logged", contact("c"))
    await until(lambda: desk.records.away_for == 0)
    order = await handle.query("order")
    await until(lambda: len(desk.records.entries(order["number"])) == order["sequence"])
    sequences = [entry.sequence for entry in desk.records.entries(order["number"])]
    assert sequences == list(range(1, order["sequence"] + 1))
    assert names(await history(handle))["ACTIVITY_TASK_SCHEDULED"] == 1
    await desk.tell(handle, contact("d"))
    assert names(await history(handle))["ACTIVITY_TASK_SCHEDULED"] == 1


async def test_a_cancel_from_the_ui_is_a_wish_and_the_order_goes_on(desk: Desk) -> None:
    handle = await desk.place(order_start())
    await desk.tell(handle, contact("a"))
    await handle.cancel()
    await until(
        lambda: any(
            e.subject == "cancellation_requested" for e in desk.records.entries(handle.id[len("order-") :])
        )
    )
    fact = next(
        e for e in desk.records.entries(handle.id[len("order-") :]) if e.subject == "cancellation_requested"
    )
    assert (fact.kind, fact.role, fact.by) == ("fact", "system", "temporal")
    description = await handle.describe()
    assert description.status is not WorkflowExecutionStatus.CANCELED
    assert description.status is not WorkflowExecutionStatus.FAILED


async def test_a_cancel_before_the_first_task_is_heard_as_well(
    temporal_client: Client, records: MemoryRecords, threads: ThreadPoolExecutor
) -> None:
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    desk = Desk(temporal_client, f"test-{uuid.uuid4().hex}", records)
    handle = await desk.place(order_start())
    await handle.signal("contact_logged", contact("a"))
    await handle.cancel()
    async with Worker(
        temporal_client,
        task_queue=desk.queue,
        workflows=[OrderWorkflow],
        activities=[records.record, records.read_calendar],
        activity_executor=threads,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    ):
        async with asyncio.timeout(PATIENCE_SECONDS):
            outcome = await handle.result()
    assert outcome.ending == "cancelled"
    facts = [entry.subject for entry in records.entries(outcome.number) if entry.kind == "fact"]
    assert facts == ["contact_logged", "cancellation_requested"]


async def test_continue_as_new_keeps_every_field_and_deadline(desk: Desk) -> None:
    start = order_start()
    holiday = date(2027, 2, 8)
    desk.records.calendar = Calendar(holidays=frozenset({holiday}), years=(2027,))
    placed = procedure.begin(start, start.placed_at)
    procedure.receive(placed, contact("before/1", happened_at=start.placed_at.isoformat()), start.placed_at)
    handle = await desk.place(Carried(order=placed, continue_after_events=20))
    first = (await handle.describe()).run_id
    for n in range(12):
        assert (await desk.tell(handle, contact(f"t/{n}"))).status is Status.ACCEPTED
    description = await next_run(handle, first)
    assert description.status is WorkflowExecutionStatus.RUNNING
    order = Order.model_validate(await handle.query("order"))
    assert {"before/1", *(f"t/{n}" for n in range(12))} <= set(order.seen)
    assert procedure.next_deadline(order) == procedure.next_deadline(placed)
    assert not order.calendar.is_working_day(holiday)
    assert {key: step.due for key, step in order.steps.items()} == {k: s.due for k, s in placed.steps.items()}
    assert (
        await desk.tell(handle, contact("t/3", happened_at="2020-01-01T00:00:00Z"))
    ).code == "fact_conflict"
    entries = desk.records.entries(order.number)
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    assert len(desk.records.journals) == 1
    attributes = (await handle.describe()).typed_search_attributes
    assert {pair.key.name for pair in attributes} >= {
        "DingdanStage",
        "DingdanWaitsOn",
        "DingdanCustomerClass",
    }


async def test_what_comes_while_the_order_continues_as_new_is_answered_once(desk: Desk) -> None:
    start = order_start()
    placed = procedure.begin(start, start.placed_at)
    handle = await desk.place(Carried(order=placed, continue_after_events=15))
    replies = await asyncio.gather(
        *(desk.tell(handle, contact(f"u/{n}")) for n in range(8)),
        *(handle.signal("contact_logged", contact(f"s/{n}")) for n in range(40)),
    )
    assert all(reply.status is Status.ACCEPTED for reply in replies if reply is not None)
    for n in range(6):
        await desk.tell(handle, contact(f"v/{n}"))
    order = Order.model_validate(await handle.query("order"))
    assert {f"s/{n}" for n in range(40)} | {f"u/{n}" for n in range(8)} <= set(order.seen)
    await until(lambda: len(desk.records.entries(order.number)) >= order.sequence)
    facts = [e.data["fact_id"] for e in desk.records.entries(order.number) if e.kind == "fact"]
    assert len(facts) == len(set(facts)) == 54


def test_what_is_carried_comes_back_the_same() -> None:
    start = order_start()
    order = procedure.begin(start, start.placed_at)
    procedure.receive(order, contact("a"), start.placed_at)
    carried = Carried(order=order, epoch=3, saved_sequence=2, saved_hash="ab", known_rows={"x": "y"})
    again = Carried.model_validate_json(carried.model_dump_json())
    assert again == carried
    assert again.order.unsaved == order.unsaved
    assert state_digest(again.order) == state_digest(order)


async def test_a_reset_order_goes_on_in_a_new_epoch(desk: Desk) -> None:
    handle = await desk.place(order_start())
    await desk.tell(handle, contact("a"))
    point = (await history(handle))[-1].event_id
    await desk.tell(handle, contact("b"))
    number = (await handle.query("order"))["number"]
    run = (await handle.describe()).run_id
    tasks = [
        e.event_id
        for e in await history(handle)
        if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED and e.event_id <= point
    ]
    await desk.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=desk.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=handle.id, run_id=run),
            reason="test",
            workflow_task_finish_event_id=tasks[-1],
            request_id="reset",
            reset_reapply_exclude_types=[1, 2],  # type: ignore[list-item]
        )
    )
    newest = desk.client.get_workflow_handle(handle.id)
    assert (await desk.tell(newest, contact("another"))).status is Status.ACCEPTED
    assert (await desk.tell(newest, contact("and more"))).status is Status.ACCEPTED
    await until(lambda: any(e.kind == "repaired" for e in desk.records.entries(number)))
    assert desk.records.epochs[number] == 1
    assert desk.records.bursts[-1].epoch == 1
    steps = {step["key"]: step for step in await newest.query("steps")}
    assert steps["exception:stores-diverged-1"]["rule"] == "R47"


async def test_search_attributes_are_written_only_when_they_changed(desk: Desk) -> None:
    handle = await desk.place(order_start())
    for n in range(4):
        await desk.tell(handle, contact(f"a/{n}"))
    count = names(await history(handle))["UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"]
    assert count == 1
    found = {pair.key.name: pair.value for pair in (await handle.describe()).typed_search_attributes}
    assert found["DingdanSalesperson"] == "s-1"
    assert found["DingdanCustomerClass"] == "B"
    assert found["DingdanOverdue"] is False
    assert found["DingdanWaitsFor"]
    assert found["DingdanWaitsOn"]


async def test_every_history_is_replayed_to_the_same_end(desk: Desk) -> None:
    start = order_start()
    placed = procedure.begin(start, start.placed_at)
    handle = await desk.place(Carried(order=placed, continue_after_events=60))
    await desk.tell(handle, contact("a"))
    await handle.signal("contact_logged", args=[1, 2])
    await handle.signal("nobody_knows")
    desk.records.away_for = 3
    await handle.signal("contact_logged", contact("b"))
    await until(lambda: desk.records.away_for == 0)
    await handle.cancel()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await handle.result()
    replayer = Replayer(
        workflows=[OrderWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    )
    await replayer.replay_workflow(await handle.fetch_history())


async def test_an_order_that_is_never_cached_lives_the_same(
    temporal_client: Client, records: MemoryRecords, threads: ThreadPoolExecutor
) -> None:
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    desk = Desk(temporal_client, f"test-{uuid.uuid4().hex}", records)
    async with Worker(
        temporal_client,
        task_queue=desk.queue,
        workflows=[OrderWorkflow],
        activities=[records.record, records.read_calendar],
        activity_executor=threads,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
        max_cached_workflows=0,
    ):
        handle = await desk.place(order_start())
        assert (await desk.tell(handle, contact("a"))).status is Status.ACCEPTED
        await handle.signal("contact_logged")
        assert (await desk.tell(handle, contact("b"))).status is Status.ACCEPTED
        await handle.cancel()
        async with asyncio.timeout(PATIENCE_SECONDS):
            outcome = await handle.result()
    entries = records.entries(outcome.number)
    assert [entry.sequence for entry in entries] == list(range(1, outcome.sequence + 1))
    assert entries[-1].hash == outcome.head


@pytest.mark.parametrize("away", [False, True])
async def test_the_end_is_recorded_before_the_run_ends(desk: Desk, away: bool) -> None:
    handle = await desk.place(order_start())
    if away:
        desk.records.away_for = 2
    wish = contact("c/1", kind="cancellation_requested", content={"reason": "客户不要了"})
    assert (await desk.tell(handle, wish)).status is Status.ACCEPTED
    async with asyncio.timeout(PATIENCE_SECONDS):
        outcome = await handle.result()
    assert outcome.ending == "cancelled"
    entries = desk.records.entries(outcome.number)
    assert entries[-1].hash == outcome.head
    assert len(entries) == outcome.sequence
