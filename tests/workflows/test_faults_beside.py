"""What works beside a case and meets an error fails the workflow task: a case that stands still must not look healthy."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from temporalio.api.enums.v1 import EventType

from models.messages.reply import Status
from models.order.order import Order
from models.quotes.quote import QuoteEnding
from tests.runtime.watching import looks
from tests.workflows.conftest import Desk, Handle, contact, order_start
from tests.workflows.test_quotes_live import QuoteHouse, ended, house, started
from workflows import durable
from workflows.engine.intake import Intake

__all__ = ["house"]
FAULT = "a fault of the program"


def breaks(*_said: Any, **_named: Any) -> NoReturn:
    """A program that cannot do its work."""
    raise RuntimeError(FAULT)


async def failed_with(handle: Handle) -> None:
    """The task failed, and says with what."""
    failed = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    async for look in looks(f"the task fails with {FAULT}"):
        history = await handle.fetch_history()
        look.saw = said = [
            each.workflow_task_failed_event_attributes.failure.message
            for each in history.events
            if each.event_type == failed
        ]
        if FAULT in said:
            return


async def test_what_is_done_outside_and_cannot_be_heard_of_fails_the_task(
    house: QuoteHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R104: nothing is lost by it: a program that can do it goes on where this one stood."""
    handle = await house.place(started())
    quote = await house.offered(handle)
    monkeypatch.setattr(durable, "engine_envelope", breaks)
    await house.tell(handle, "offer_accepted", "customer", version=1, digest=quote.offers[0].digest)
    await failed_with(handle)
    monkeypatch.undo()
    outcome = await ended(handle)
    assert (outcome.ending, len(house.asked)) == (QuoteEnding.ORDERED, 1)


async def test_what_is_taken_in_its_turn_and_cannot_be_taken_fails_the_task(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R53: a receipt waits until it is known whose it is; who told it is answered by a program that can take it."""
    handle = await desk.place(order_start())
    assert (await desk.tell(handle, contact("before"))).status is Status.ACCEPTED
    content = {"amount": "300.00", "reference": "TX-7"}
    paid = contact("paid", kind="payment_received", by="q-1", role="finance", content=content)
    takes = Intake.take

    def all_but_money(intake: Intake[Any], raw: Any, *more: Any, **named: Any) -> Any:
        return breaks() if "payment_received" in str(raw) else takes(intake, raw, *more, **named)

    monkeypatch.setattr(Intake, "take", all_but_money)
    await handle.signal("payment_received", paid)
    await failed_with(handle)
    monkeypatch.undo()
    assert (await desk.tell(handle, paid)).status is Status.KNOWN
    order = Order.model_validate(await handle.query("order"))
    assert str(order.ledger.paid) == "300.00"
