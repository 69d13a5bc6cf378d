"""What a foreign client says straight to an order is read in one writing and held to its signs; nothing stops for it."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from models.messages.reply import Status
from tests.workflows.conftest import Desk, Handle, contact, order_start
from tests.workflows.test_messages import refusals
from workflows.engine.plain_markdown import as_code, as_text


def paid(fact_id: str, amount: str, reference: str = "TX-1") -> dict[str, Any]:
    content = {"amount": amount, "reference": reference, "method": "bank"}
    return contact(fact_id, kind="payment_received", role="finance", content=content)


async def taken(handle: Handle) -> list[dict[str, Any]]:
    order = await handle.query("order")
    return list(order["ledger"]["payments"])


async def test_an_update_in_signs_that_no_text_may_hold_is_refused(desk: Desk) -> None:
    handle = await desk.place(order_start())
    for message, where in (
        (contact("a", content={"channel": "phone", "words": "x\u202ey"}), "content.words"),
        (contact("b\u200b"), "fact_id"),
        (paid("c", "1_000"), "content.amount"),
        (paid("d", "١٢"), "content.amount"),
    ):
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await desk.tell(handle, message)
        cause = refused.value.cause
        assert isinstance(cause, ApplicationError)
        assert cause.details[0]["where"] == where
    assert await refusals(desk, handle) == []


async def test_a_signal_in_such_signs_is_kept_as_refused(desk: Desk) -> None:
    handle = await desk.place(order_start())
    await handle.signal("contact_logged", contact("a", content={"channel": "phone", "words": "x\u202ey"}))
    await handle.signal("payment_received", paid("c", "1_000"))
    kept = await refusals(desk, handle)
    assert [entry.data["code"] for entry in kept] == ["malformed", "bad_money"]
    assert "U+202E" in kept[0].data["en"]
    assert "\u202e" not in kept[0].data["received"]
    assert await taken(handle) == []


async def test_full_width_digits_are_digits_by_either_way(desk: Desk) -> None:
    handle = await desk.place(order_start())
    assert (await desk.tell(handle, paid("u", "１２．５０", "TX-1"))).status is Status.ACCEPTED
    await handle.signal("payment_received", paid("s", "1,000.00", "TX-2"))
    await refusals(desk, handle)
    assert [payment["amount"] for payment in await taken(handle)] == ["12.50", "1000.00"]


FROM_OUTSIDE = [
    "[pay here](https://evil.example)",
    "![x](http://evil.example/x.png)",
    "<img src=x onerror=alert(1)>",
    "see https://evil.example now",
    "www.evil.example",
    "clerk@evil.example mailto:clerk@evil.example",
    "| a | b |\n|---|---|",
    "# heading\n- list\n1. one",
    "**bold** _leans_ ~~gone~~ `code`",
    "&lt;b&gt; &#60;",
    "a\\*b",
    "x\u202ey\x1b[31m",
]


@pytest.mark.parametrize("said", FROM_OUTSIDE)
def test_a_text_from_outside_is_a_text_to_markdown(said: str) -> None:
    shown = as_text(said)
    assert "\n" not in shown
    for mark in ("](", "<", ">", "`", "://", "www.", "@", "|", "**", "~~", "&lt", "&#", "\u202e", "\x1b"):
        assert mark not in shown
    assert not shown.startswith(("#", "-", "1."))


def test_ordinary_words_stay_as_they_are() -> None:
    for said in (
        "等客户(周一)",
        "允许误差（%）",
        "sheet_back: version 2, 50%",
        "80mm×80m 55g",
        "sales-li",
        "第1版 8f3a/1",
    ):
        assert as_text(said) == said
    assert as_code("tell 1 `x`\ny") == "tell 1  x  y"
