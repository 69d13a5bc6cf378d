"""What waits at the money desk, from the rows of orders, inbox, events and steps of the desk (R53)."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from activities.facts.webhook_events import Message, take
from activities.money.bank_lines import incoming, line_of, open_order, other_holder
from activities.orders.requests import open_request
from activities.store.database import writing
from models.facts.webhook_events import SenderTable, understand
from models.money.matching import Confidence, MatchReason
from models.policy import Policy
from models.tables.registry import table
from models.values.errors import Code, Refusal
from tests.activities.conftest import NOW, order_request

SENDERS = {
    "bank": SenderTable.model_validate(
        tomllib.loads((Path(__file__).resolve().parents[2] / "webhooks" / "bank.toml").read_text("utf-8"))
    )
}
R = MatchReason


def bank_tells(engine: Engine, transaction: str, amount: str, text: str, payer: str = "") -> None:
    """The bank's event, taken at the door."""
    data = {
        "transaction_id": transaction,
        "amount": amount,
        "remittance_text": text,
        "booked_at": NOW.isoformat(),
    }
    body = {"type": "payment.received", "data": data | ({"payer_name": payer} if payer else {})}
    message = Message("bank", f"m-{transaction}", NOW, NOW, transaction, "", body)
    take(engine, message, understand(SENDERS["bank"], body, NOW))


def records(engine: Engine, number: str, transaction: str, amount: str, **values: Any) -> None:
    """The order has heard it: its row."""
    row = {"order_number": number, "reference": transaction, "amount": Decimal(amount), "method": "bank",
           "purpose": "balance", "paid_at": NOW, "taken_by": "key:bank", "confirmed": False, "cleared": True,
           "bounced": False, **values}  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(table("payments")).values(row))


@pytest.fixture
def numbers(company: Engine) -> list[str]:
    """Two orders of one customer, one of another: 125.04, 300.00 and 125.04 are open."""
    found = []
    for request, customer, owed in (("1", "c-1", "125.04"), ("2", "c-1", "300.00"), ("3", "c-2", "125.04")):
        order = order_request(request_id=request, customer=customer)
        number = open_request(company, order, NOW, Policy())[0].number
        orders = table("orders")
        with writing(company) as connection:
            connection.execute(
                update(orders)
                .where(orders.c.number == number)
                .values(open_balance=Decimal(owed), deposit_due=Decimal("90.00"), paid=Decimal("50.00"))
            )
        found.append(number)
    return found


def test_what_the_bank_told_an_order_waits_beside_it_with_payer_and_text(
    company: Engine, numbers: list[str]
) -> None:
    bank_tells(company, "TX-1", "125.04", f"货款 {numbers[0]}", "甲公司")
    records(company, numbers[0], "TX-1", "125.04")
    (found,) = incoming(company, SENDERS).lines
    assert (found.line.order, found.line.amount, found.line.payer) == (
        numbers[0],
        Decimal("125.04"),
        "甲公司",
    )
    best = found.candidates[0]
    assert (best.orders[0].number, best.confidence) == (numbers[0], Confidence.CERTAIN)
    assert set(best.reasons) == {R.NUMBER, R.BALANCE, R.NAME}
    assert [each.orders[0].number for each in found.candidates] == [numbers[0], numbers[2], numbers[1]]


def test_a_sum_for_no_order_waits_as_its_step_of_the_desk(company: Engine, numbers: list[str]) -> None:
    bank_tells(company, "TX-2", "425.04", "六月货款", "甲公司")
    (found,) = incoming(company, SENDERS).lines
    assert (found.line.order, found.line.step.partition(":")[0]) == ("", "unplaced_fact")
    assert [each.number for each in found.candidates[0].orders] == numbers[:2]
    assert (found.candidates[0].confidence, found.candidates[0].open) == (
        Confidence.LIKELY,
        Decimal("425.04"),
    )
    assert line_of(company, SENDERS, found.line.key) == found.line


def test_the_missing_deposit_is_an_amount_too(company: Engine, numbers: list[str]) -> None:
    bank_tells(company, "TX-3", "40.00", "定金")
    (found,) = incoming(company, SENDERS).lines
    assert {each.reasons for each in found.candidates} == {(R.DEPOSIT,)}
    assert len(found.candidates) == 3


@pytest.mark.parametrize(
    "gone", [{"confirmed": True}, {"bounced": True}], ids=["confirmed meanwhile", "bounced meanwhile"]
)
def test_what_is_done_waits_no_more_and_says_where_it_counts(
    company: Engine, numbers: list[str], gone: dict[str, bool]
) -> None:
    records(company, numbers[0], "TX-4", "1.00", **gone)
    assert incoming(company, SENDERS).total == 0
    receipts = table("bank_receipts")
    with writing(company) as connection:
        row = {"claim": "bank:tx-4", "order_number": numbers[0], "fact_id": "f", "claimed_at": NOW}
        connection.execute(insert(receipts).values(row))
    with pytest.raises(Refusal) as refused:
        line_of(company, SENDERS, f"order/{numbers[0]}/TX-4")
    assert refused.value.code is Code.ALREADY_DECIDED
    assert numbers[0] in refused.value.words.zh


def test_money_that_counts_elsewhere_and_orders_that_ended_are_left_to_their_own_steps(
    company: Engine, numbers: list[str]
) -> None:
    records(company, numbers[0], "TX-5", "1.00")
    records(company, numbers[1], "TX-6", "1.00")
    orders, receipts = table("orders"), table("payment_receipts")
    row = {"order_number": numbers[0], "reference": "TX-5", "claim": "bank:tx-5", "paid_at": NOW, "bounced": False,
           "corrected": False, "elsewhere": True, "moved": Decimal(0)}  # fmt: skip
    with writing(company) as connection:
        connection.execute(insert(receipts).values(row))
        connection.execute(update(orders).where(orders.c.number == numbers[1]).values(ending="cancelled"))
    assert incoming(company, SENDERS).total == 0
    assert open_order(company, numbers[1]) is None
    assert open_order(company, "%") is None


def test_a_receipt_that_another_order_has_is_found_however_it_is_written(
    company: Engine, numbers: list[str]
) -> None:
    bank_tells(company, "tx-7", "1.00", "?")
    (found,) = incoming(company, SENDERS).lines
    with writing(company) as connection:
        row = {
            "claim": "bank:tx-7",
            "order_number": numbers[2],
            "fact_id": "f",
            "claimed_at": datetime.now(UTC),
        }
        connection.execute(insert(table("bank_receipts")).values(row))
    assert other_holder(company, found.line, numbers[0]) == numbers[2]
    assert other_holder(company, found.line, numbers[2]) is None


def test_an_event_that_cannot_be_read_any_more_hides_no_other(company: Engine, numbers: list[str]) -> None:
    bank_tells(company, "TX-8", "1.00", "?")
    bank_tells(company, "TX-9", "2.00", "?")
    inbox = table("inbox")
    with writing(company) as connection:
        broken = {"kind": "payment_received", "content": {"amount": "x"}}
        connection.execute(update(inbox).where(inbox.c.fact_id == "bank/TX-8").values(envelope=broken))
    assert [each.line.reference for each in incoming(company, SENDERS).lines] == ["TX-9"]
    assert [each.line.payer for each in incoming(company, {}).lines] == [""]
