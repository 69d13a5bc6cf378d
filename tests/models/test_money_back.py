"""Money that comes back: of the right receipt, once, all of it or said otherwise, before or after the receipt was told (R53)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.facts.webhook_events import EventRule, FindBy, SenderTable, understand
from models.messages.envelope import read_content
from models.messages.reply import Status
from models.values.errors import Refusal
from models.values.vocabulary import Role
from tests.models.life import Life, refused
from tests.models.test_webhooks import PAYMENT, SIGNED, table_of

RETURNED: dict[str, Any] = {
    "type": "payment.returned",
    "data": {"transaction_id": "TX-7", "booked_at": "2027-01-06T09:30:00+08:00", "reason": "账号有误"},
}


def returned(**data: Any) -> dict[str, Any]:
    return {**RETURNED, "data": {**RETURNED["data"], **data}}


def test_a_return_is_another_fact_than_its_receipt() -> None:
    """With the receipt's id it would be refused as the receipt once more, and the money would stay."""
    receipt = understand(table_of("bank"), PAYMENT, SIGNED)
    back = understand(table_of("bank"), RETURNED, SIGNED)
    assert receipt.envelope is not None
    assert back.envelope is not None
    assert back.envelope.fact_id != receipt.envelope.fact_id
    assert back.envelope.kind == "payment_bounced"
    assert back.envelope.content == {"reference": "TX-7", "reason": "账号有误"}
    assert back.rule.find_by is FindBy.RECEIPT


@pytest.mark.parametrize("name", ["original_transaction_id", "original_reference"])
def test_a_return_of_its_own_number_names_the_receipt(name: str) -> None:
    back = understand(table_of("bank"), returned(**{name: "TX-7"}, transaction_id="RT-1"), SIGNED)
    again = understand(table_of("bank"), returned(**{name: "TX-7"}, transaction_id="RT-2"), SIGNED)
    assert back.envelope is not None
    assert again.envelope is not None
    assert back.envelope.content["reference"] == "TX-7"
    assert back.envelope.fact_id != again.envelope.fact_id


def test_a_table_where_two_events_about_one_receipt_would_be_one_fact_is_refused() -> None:
    def rule(kind: str, fact: str, fact_id: str) -> dict[str, Any]:
        return {"when": {"t": kind}, "fact": fact, "fact_id": fact_id, "content": {"reference": "{id}"}}

    rules = [rule("in", "payment_received", "{id}"), rule("out", "payment_bounced", "{id}")]
    with pytest.raises(Refusal) as found:
        read_content(SenderTable, {"sender": "bank", "event": rules})
    assert "payment_bounced" in found.value.words.en
    rules[1] = rule("out", "payment_bounced", "back-{id}")
    assert read_content(SenderTable, {"sender": "bank", "event": rules}).sender == "bank"


def test_the_first_place_that_is_there_counts() -> None:
    rule = EventRule(
        when={}, fact="payment_bounced", fact_id="{a or b}", content={"reference": "{a or b or c}", "reason": "{x or y?}"},
    )  # fmt: skip
    table = SenderTable(sender="pos", event=(rule,))
    for body, wanted in (
        ({"a": "1", "b": "2"}, "1"),
        ({"a": "", "b": "2"}, "2"),
        ({"a": None, "b": "2"}, "2"),
    ):
        meant = understand(table, body, SIGNED)
        assert meant.envelope is not None
        assert meant.envelope.content == {"reference": wanted}
    with pytest.raises(Refusal) as found:
        understand(table, {"c": "3"}, SIGNED)
    assert found.value.where == "a or b"


def banked(amount: str = "1500.00", reference: str = "TX-7") -> Life:
    life = Life().verified().sheet_out().signed()
    life.tell("payment_received", role=Role.SYSTEM, by="bank", amount=amount, reference=reference)
    life.tell("payment_received", role=Role.FINANCE, amount=amount, reference=reference)
    assert life.order.ledger.paid == Decimal(amount)
    return life


def back(life: Life, **content: Any) -> Any:
    said = {"reference": "TX-7", **content}
    return life.tell("payment_bounced", role=Role.SYSTEM, by="bank", **said)


def test_all_of_it_back_counts_no_more_and_twice_is_once() -> None:
    life = banked().later(days=1)
    assert back(life, amount="1500.00").status is Status.ACCEPTED
    assert life.order.ledger.paid == 0
    assert back(life, reason="again").status is Status.ACCEPTED
    assert [payment.bounced for payment in life.order.ledger.payments] == [True]


@pytest.mark.parametrize("amount", ["100.00", "1500.01"])
def test_a_part_back_is_refused_and_put_right_by_finance(amount: str) -> None:
    life = banked().later(days=1)
    refusal = refused(back(life, amount=amount), "contradiction")
    assert "payment_corrected" in refusal.en
    assert life.order.ledger.paid == Decimal("1500.00")
    life.does("payment_corrected", reference="TX-7", reason="银行退回 100.00")
    life.paid("1400.00", "TX-7")
    assert life.order.ledger.paid == Decimal("1400.00")


def test_back_before_it_was_told_never_counts() -> None:
    life = Life().verified().sheet_out().signed()
    assert back(life).status is Status.KEPT_EARLY
    life.later(hours=1)
    life.tell("payment_received", role=Role.SYSTEM, by="bank", amount="1500.00", reference="TX-7")
    (payment,) = life.order.ledger.payments
    assert payment.bounced
    assert life.order.early == []


def test_the_first_return_told_once_more_leaves_what_was_paid_again() -> None:
    life = banked().later(days=1)
    first = life.now
    back(life)
    life.later(days=1)
    life.paid("1500.00", "TX-7", paid_at=life.now.isoformat())
    assert life.order.ledger.paid == Decimal("1500.00")
    life.tell(
        "payment_bounced", role=Role.SYSTEM, by="bank", happened=first, reference="TX-7", reason="told late"
    )
    assert life.order.ledger.paid == Decimal("1500.00")
    life.later(days=1)
    back(life, reason="bounced again")
    assert life.order.ledger.paid == 0
