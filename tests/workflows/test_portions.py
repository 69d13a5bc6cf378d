"""More is said at once than one workflow task can bear: it is taken in portions, in order, and the order lives on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.worker import Worker

from models.dossier.journal import EntryKind
from models.messages.reply import Status
from runtime.worker.workers import workflow_runner
from tests.workflows.conftest import Desk, MemoryRecords, contact, order_start
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.limits import MOST_WEIGHT_IN_A_TASK
from workflows.order import OrderWorkflow

LINES = 200
A_PORTION = MOST_WEIGHT_IN_A_TASK // LINES
SIGNALS = 6 * A_PORTION + 3


def large() -> Any:
    """An order of very many lines that waits for its prices."""
    line = {"product": "P-1", "specification": "80mm", "quantity": "10", "unit": "roll", "unit_price": "5.00"}
    request = order_start().request.model_dump(mode="json")
    lines = [{"line": number, **line} for number in range(1, LINES + 1)]
    return order_start(request={**request, "lines": lines})


async def test_a_pile_of_signals_is_taken_in_portions_and_in_order(
    temporal_client: Client, records: MemoryRecords, threads: Any, desk: Desk
) -> None:
    queue = f"pile-{datetime.now(UTC).timestamp()}"
    start = large()
    handle = await Desk(temporal_client, queue, records).place(start)
    for number in range(SIGNALS):
        await handle.signal("contact_logged", contact(f"pile/{number:03}"))
    async with Worker(
        temporal_client,
        task_queue=queue,
        workflows=[OrderWorkflow],
        activities=[records.record, records.read_calendar],
        activity_executor=threads,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    ):
        answers = await asyncio.gather(
            *(desk.tell(handle, contact(f"asked/{number}")) for number in range(3)),
            desk.tell(handle, contact("pile/000", words="something else")),
        )
        assert [each.status for each in answers] == [Status.ACCEPTED] * 3 + [Status.REFUSED]
        order = await handle.query("order")
    history = await handle.fetch_history()
    kinds = [event.event_type for event in history.events]
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED not in kinds
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT not in kinds
    markers = [
        event.marker_recorded_event_attributes.marker_name
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED
    ]
    assert "core_patch" not in markers  # orders of this edition need none
    bursts = [burst for burst in records.bursts if burst.order == start.number]
    facts_at_once = [sum(e.kind is EntryKind.FACT for e in burst.entries) for burst in bursts]
    assert max(facts_at_once) <= A_PORTION
    assert sum(facts_at_once) == SIGNALS + 3
    told = [e.data["fact_id"] for e in records.entries(start.number) if e.kind is EntryKind.FACT]
    assert [each for each in told if each.startswith("pile/")] == [f"pile/{n:03}" for n in range(SIGNALS)]
    assert len(order["seen"]) == SIGNALS + 3


async def test_a_few_facts_need_no_portions(desk: Desk) -> None:
    handle = await desk.place(order_start())
    for number in range(5):
        await handle.signal("contact_logged", contact(f"few/{number}"))
    assert (await desk.tell(handle, contact("few/last"))).status is Status.ACCEPTED
    history = await handle.fetch_history()
    markers = {
        event.marker_recorded_event_attributes.marker_name
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED
    }
    assert "core_patch" not in markers
