"""Signals and updates: nothing that arrives is lost, and nothing stops an order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from models.facts.fact_kinds import FACT_KINDS
from models.messages.reply import Status
from models.order.order import Order
from tests.workflows.conftest import Desk, Handle, contact, order_start
from workflows.engine.message_bytes import LARGEST_MESSAGE, named, read_bytes


async def refusals(desk: Desk, handle: Handle) -> list[Any]:
    """What an order has kept as refused; asking for it waits until the signals before it were taken."""
    await desk.tell(handle, contact("test/flush"))
    await handle.query("order")
    return [e for e in desk.records.entries(handle.id.removeprefix("order-")) if e.kind == "refused"]


async def test_no_argument_two_arguments_a_wrong_type_and_an_unknown_name_are_kept_as_refused(
    desk: Desk,
) -> None:
    handle = await desk.place(order_start())
    await handle.signal("contact_logged")
    await handle.signal("contact_logged", args=[contact("a"), contact("b")])
    await handle.signal("contact_logged", 42)
    await handle.signal(
        "contact_logged", RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"{not json"))
    )
    await handle.signal(
        "contact_logged", RawValue(Payload(metadata={"encoding": b"binary/plain"}, data=b"\xff\x00"))
    )
    await handle.signal("fax_came_in", contact("c", kind="fax_came_in"))
    await handle.signal("fax_came_in")
    await handle.signal("fax_came_in", args=[1, 2])
    await handle.signal("payment_received", contact("d"))
    kept = await refusals(desk, handle)
    assert [entry.data["code"] for entry in kept] == [
        "malformed",
        "malformed",
        "malformed",
        "malformed",
        "malformed",
        "unknown_fact",
        "malformed",
        "malformed",
        "unknown_fact",
    ]
    assert "payment_received" in kept[-1].data["received"]
    assert (await desk.tell(handle, contact("e"))).status is Status.ACCEPTED


async def test_messages_that_came_before_the_first_task_are_taken_by_their_own_handlers(desk: Desk) -> None:
    handle = await desk.place(
        order_start(), start_signal="contact_logged", start_signal_args=[contact("first/1")]
    )
    assert (await desk.tell(handle, contact("x"))).status is Status.ACCEPTED
    order = Order.model_validate(await handle.query("order"))
    assert "first/1" in order.seen
    assert await refusals(desk, handle) == []


async def test_a_signal_without_kind_takes_it_from_its_name(desk: Desk) -> None:
    handle = await desk.place(order_start())
    message = contact("cli/1")
    del message["kind"]
    await handle.signal("contact_logged", message)
    assert await refusals(desk, handle) == []
    assert "cli/1" in (await handle.query("order"))["seen"]


async def test_the_three_answers_of_an_update(desk: Desk) -> None:
    handle = await desk.place(order_start())
    told = contact("bank/1")
    assert (await desk.tell(handle, told)).status is Status.ACCEPTED
    assert (await desk.tell(handle, told)).status is Status.KNOWN
    refused = await desk.tell(handle, {**told, "content": {"channel": "phone", "words": "别的"}})
    assert (refused.status, refused.code) == (Status.REFUSED, "fact_conflict")
    kept = await refusals(desk, handle)
    assert [entry.data["code"] for entry in kept] == ["fact_conflict"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (contact("a", kind="nothing_known"), "unknown_fact"),
        (contact("a", role="customer"), "wrong_role"),
        (contact("a", more=1), "unknown_field"),
        ({"fact_id": "a"}, "missing_field"),
        ("words", "malformed"),
        (None, "malformed"),
    ],
)
async def test_the_validator_refuses_what_is_malformed_and_leaves_no_trace(
    desk: Desk, message: Any, code: str
) -> None:
    handle = await desk.place(order_start())
    before = (await handle.query("order"))["sequence"]
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await desk.tell(handle, message)
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == code
    assert failed.value.cause.details[0]["code"] == code
    assert (await handle.query("order"))["sequence"] == before


async def test_an_update_with_two_arguments_or_none_is_malformed(desk: Desk) -> None:
    handle = await desk.place(order_start())
    for args in ([], [contact("a"), contact("b")]):
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await handle.execute_update("tell", args=args)
        assert isinstance(failed.value.cause, ApplicationError)
        assert failed.value.cause.type == "malformed"
    assert (await desk.tell(handle, contact("c"))).status is Status.ACCEPTED


async def test_each_kind_is_listed_with_a_description(desk: Desk) -> None:
    handle = await desk.place(order_start())
    metadata = await handle.query("__temporal_workflow_metadata")
    signals = {signal.name: signal.description for signal in metadata.definition.signal_definitions}
    assert set(FACT_KINDS) <= set(signals)
    assert "确认书回传" in signals["confirmation_returned"]
    assert "谁办：" in metadata.current_details
    assert "to move it on:" in metadata.current_details


async def test_the_operator_s_page_shows_what_holds_when_it_is_opened(desk: Desk) -> None:
    handle = await desk.place(order_start())
    before = (await handle.query("__temporal_workflow_metadata")).current_details
    held = contact("h/1", kind="hold_placed", role="service_supervisor", content={"reason": "展会改期"})
    assert (await desk.tell(handle, held)).status is Status.ACCEPTED
    after = (await handle.query("__temporal_workflow_metadata")).current_details
    assert "展会改期" not in before
    assert "展会改期" in after


async def test_open_steps_are_asked_by_query(desk: Desk) -> None:
    handle = await desk.place(order_start())
    steps = await handle.query("steps")
    assert steps
    assert {"key", "zh", "en", "roles", "since", "due", "rule", "command"} <= set(steps[0])


async def test_what_would_be_answered_is_asked_by_query_now_or_at_a_moment(desk: Desk) -> None:
    """From another language's client the moment may be left out; nothing changes by asking."""
    handle = await desk.place(order_start())
    before = (await handle.query("order"))["sequence"]
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    for moment in ([], [""], [later]):
        answer = await handle.query("would_answer", args=[contact("q/1"), *moment])
        assert answer["status"] == "accepted", answer
    assert (await handle.query("order"))["sequence"] == before


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"[" * 100_000,
        b"1e999",
        b"NaN",
        b'{"a": -Infinity}',
        b"9" * 5000,
        b'{"words": "\\ud800"}',
        b'{"words": "\\u0000"}',
        b" " * (LARGEST_MESSAGE + 1),
        b"",
    ],
)
def test_what_no_store_takes_becomes_a_text_that_says_so(data: bytes) -> None:
    value = named(read_bytes(data, "json/plain"), "arrived")
    assert isinstance(value, str)
    assert value.startswith("signal 'arrived': ")
    assert "\x00" not in value
    value.encode()
