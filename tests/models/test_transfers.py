"""Money that belongs to another order: told twice, moved, moved back (R53)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.dossier.papers_due import Paper
from models.facts.fact_envelope import fact_envelope
from models.handlers.money.transfers import receipt_to_claim
from models.messages.decision_subjects import Subject
from models.messages.envelope import read_content
from models.messages.money_contents import PaymentReceived
from models.values.receipts import receipt_key
from models.values.vocabulary import Ending, PaymentMethod, PhaseName, Role
from tests.models.life import Life, refused


def told_here_too(reference: str = "TX-7", amount: str = "1500.00", **order: Any) -> Life:
    """An order that waits for its deposit and is told of a transfer that another order has."""
    life = Life(**order).verified().sheet_out().signed()
    life.order.ledger.claimed_elsewhere.add(receipt_key(reference, PaymentMethod.BANK, ""))
    return life.paid(amount, reference)


def test_the_same_transfer_told_to_a_second_order_does_not_count_there() -> None:
    """R53: finance gets a step; nobody is told that money came."""
    life = told_here_too()
    assert life.order.ledger.paid == 0
    step = life.order.steps["told_twice:TX-7"]
    assert (step.roles, step.rule, step.blocking) == ((Role.FINANCE,), "R53", False)
    assert "deposit" in life.waiting
    assert life.order.phase is PhaseName.CONFIRMATION
    assert life.papers("payment_notice") == []
    life.paid("1500.00", " tx-7 ")
    assert (len(life.order.ledger.payments), str(life.order.ledger.paid)) == (1, "0.00")


def test_told_by_the_bank_it_is_one_step_and_not_two() -> None:
    """R53"""
    life = Life()
    life.order.ledger.claimed_elsewhere.add("bank:tx-7")
    life.does("payment_received", role=Role.SYSTEM, by="bank", amount="1500.00", reference="TX-7")
    assert {step for step in life.waiting if "TX-7" in step} == {"told_twice:TX-7"}


def test_an_order_is_not_settled_before_finance_has_said_what_it_was_told_twice() -> None:
    """R53"""
    life = Life().arrived()
    life.order.ledger.claimed_elsewhere.add("bank:tx-70")
    life.paid("10.00", "TX-70").does("delivery_receipt", signed_by="王芳")
    assert life.order.lives
    life.does("second_telling_settled", reference="TX-70", outcome="void", note="录错订单")
    assert not life.order.lives


def test_an_order_is_not_settled_before_the_money_comes_that_was_asked_for() -> None:
    """R53: asked of the order that has it, and not here yet; then it is too much, and decided about."""
    life = Life().arrived()
    life.order.ledger.claimed_elsewhere.add("bank:tx-70")
    life.paid("10.00", "TX-70").does("delivery_receipt", signed_by="王芳")
    life.does("second_telling_settled", reference="TX-70", outcome="move")
    assert (life.waiting, life.order.ending) == ({"money_moves:TX-70"}, None)
    asked = life.order.ledger.payments[-1].asked_transfer
    comes = {"reference": "TX-70", "amount": "10.00", "method": "bank", "paid_at": life.now.isoformat()}
    life.does("money_transferred_in", by="finance-1", transfer=asked, wrong_order=True, **comes)
    assert life.waiting == {"decision:overpayment"}
    life.decide(Subject.OVERPAYMENT, "credit")
    assert life.order.ending is Ending.SETTLED


def test_void() -> None:
    """R53: the telling stays, struck through."""
    life = told_here_too().does("second_telling_settled", reference="tx-7", outcome="void", note="录错订单")
    assert "told_twice:TX-7" not in life.waiting
    (payment,) = life.order.ledger.payments
    assert (payment.corrected, payment.reason, payment.counts) == (True, "录错订单", False)
    refused(life.tell("second_telling_settled", reference="TX-7", outcome="void"), "not_asked")


def test_another_transfer_with_its_right_reference_counts() -> None:
    """R53"""
    life = told_here_too()
    life.does("second_telling_settled", reference="TX-7", outcome="other_transfer", right_reference="TX-71")
    assert str(life.order.ledger.paid) == "1500.00"
    assert [each.voucher for each in life.order.ledger.payments if each.counts] == ["TX-71"]
    assert life.papers("payment_notice") == ["payment of CNY 1500.00 is confirmed"]
    assert "deposit" not in life.waiting


def test_a_right_reference_that_counts_elsewhere_too_is_told_twice_again() -> None:
    """R53"""
    life = told_here_too()
    life.order.ledger.claimed_elsewhere.add("bank:tx-71")
    life.does("second_telling_settled", reference="TX-7", outcome="other_transfer", right_reference="TX-71")
    assert life.order.ledger.paid == 0
    assert "told_twice:TX-71" in life.waiting


def test_another_transfer_with_the_same_text_counts_with_a_note() -> None:
    """R53: a bank that gives one number twice."""
    life = told_here_too()
    reply = life.tell("second_telling_settled", reference="TX-7", outcome="other_transfer")
    refused(reply, "malformed")
    life.does("second_telling_settled", reference="TX-7", outcome="other_transfer", note="两家银行同号")
    assert str(life.order.ledger.paid) == "1500.00"
    (payment,) = life.order.ledger.payments
    assert payment.claim(life.order.number) == f"bank:tx-7 · {life.order.number}"


@pytest.mark.parametrize(("outcome", "amount"), [("move", None), ("split", "600.00")])
def test_money_that_is_moved_here_counts_when_it_comes(outcome: str, amount: str | None) -> None:
    """R53: what was asked for is asked of the other order; the step stays open until it is there."""
    life = told_here_too()
    given = {"amount": amount} if amount else {}
    life.does("second_telling_settled", reference="TX-7", outcome=outcome, **given)
    (payment,) = life.order.ledger.payments
    assert str(payment.asked) == (amount or "1500.00")
    assert (life.order.ledger.paid, "money_moves:TX-7" in life.waiting) == (0, True)
    assert life.order.number not in payment.asked_transfer
    paid_at = life.now - timedelta(days=2)
    comes = {
        "reference": "TX-7",
        "amount": str(payment.asked),
        "method": "bank",
        "paid_at": paid_at.isoformat(),
        "transfer": payment.asked_transfer,
        "wrong_order": True,
    }
    life.does("money_transferred_in", by="finance-1", **comes)
    assert str(life.order.ledger.paid) == str(payment.asked)
    assert life.order.ledger.payments[1].paid_at == paid_at
    assert "money_moves:TX-7" not in life.waiting
    life.does("money_transferred_in", by="finance-1", **comes)
    assert str(life.order.ledger.paid) == str(payment.asked)
    assert ("deposit" in life.waiting) is (outcome == "split")


def test_no_more_is_split_than_was_told() -> None:
    """R53"""
    life = told_here_too()
    reply = life.tell("second_telling_settled", reference="TX-7", outcome="split", amount="1500.01")
    assert refused(reply, "contradiction").where == "content.amount"
    refused(life.tell("second_telling_settled", reference="TX-7", outcome="split"), "malformed")


def test_an_order_gives_only_what_it_does_not_need() -> None:
    """R53: `money_bound`; what is too much may go, and counts elsewhere from the decision on."""
    life = Life().verified().sheet_out().signed().paid("5200.00", "TX-7")
    out: dict[str, Any] = {"reference": "TX-7", "to": "20270301-0002", "reason": "客户要求"}
    refused(life.tell("money_transferred_out", amount="200.01", **out), "money_bound")
    refused(life.tell("money_transferred_out", **out), "money_bound")
    life.later(days=1).does("money_transferred_out", amount="200.00", **out)
    assert str(life.order.ledger.paid) == "5000.00"
    (half,) = life.order.ledger.transfers
    assert (half.to, half.paid_at, str(half.amount)) == ("20270301-0002", life.now, "200.00")
    refused(life.tell("money_transferred_out", amount="0.01", **out), "money_bound")
    assert life.papers("payment_fell") == []


def test_money_told_to_the_wrong_order_may_go_though_it_is_needed() -> None:
    """R53: it keeps the time at which it was paid, and the deposit is asked for again here."""
    life = Life().verified().sheet_out().signed().paid("1500.00", "TX-7")
    paid_at = life.now
    life.later(days=1)
    assert "deposit" not in life.waiting
    life.does(
        "money_transferred_out", reference="TX-7", to="20270301-0002", wrong_order=True, reason="记错订单"
    )
    assert (life.order.ledger.paid, "deposit" in life.waiting) == (0, True)
    assert life.order.ledger.transfers[0].paid_at == paid_at
    assert life.papers("payment_fell") == ["payment TX-7 of CNY 1500.00 counts no more: 记错订单"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "20270301-0001"}, "contradiction"),
        ({"to": ""}, "missing_field"),
        ({"reference": "TX-9"}, "contradiction"),
        ({"amount": "1500.01", "wrong_order": True}, "contradiction"),
    ],
)
def test_what_cannot_be_moved(changes: dict[str, Any], code: str) -> None:
    """R53"""
    life = Life().paid("1500.00", "TX-7")
    said: dict[str, Any] = {
        "reference": "TX-7",
        "to": "20270301-0002",
        "wrong_order": True,
        "reason": "记错",
        **changes,
    }
    refused(life.tell("money_transferred_out", **said), code)
    assert str(life.order.ledger.paid) == "1500.00"


def test_money_is_moved_once_and_then_not_there() -> None:
    """R53"""
    life = Life().paid("1500.00", "TX-7")
    said: dict[str, Any] = {"reference": "TX-7", "to": "20270301-0002", "wrong_order": True, "reason": "记错"}
    life.does("money_transferred_out", amount="900.00", transfer="T-1", **said)
    life.does("money_transferred_out", amount="900.00", transfer="T-1", **said)
    assert str(life.order.ledger.paid) == "600.00"
    refused(life.tell("money_transferred_out", amount="600.01", **said), "contradiction")
    refused(life.tell("payment_corrected", reference="TX-7", reason="错"), "contradiction")
    life.does("payment_bounced", reference="TX-7", reason="退票")
    assert life.order.ledger.paid == 0
    assert any("900.00" in trouble.words for trouble in life.order.unresolved)
    assert [each.en for each in life.order.unsent if each.paper is Paper.PAYMENT_FELL][-1].startswith(
        "payment TX-7 of CNY 600.00"
    )


def test_only_finance_moves_money_and_nobody_says_that_it_came() -> None:
    """R53"""
    life = Life().paid("1500.00", "TX-7")
    said: dict[str, Any] = {"reference": "TX-7", "to": "20270301-0002", "wrong_order": True, "reason": "记错"}
    refused(life.tell("money_transferred_out", role=Role.SALESPERSON, **said), "wrong_role")
    came: dict[str, Any] = {
        "reference": "TX",
        "amount": "1.00",
        "method": "bank",
        "paid_at": life.now.isoformat(),
    }
    refused(life.tell("money_transferred_in", role=Role.FINANCE, transfer="T-1", **came), "wrong_role")


def _claimed(life: Life, role: Role = Role.FINANCE, **content: Any) -> str | None:
    by = "finance-1" if role is Role.FINANCE else "salesperson-1"
    envelope = fact_envelope("t/1", "payment_received", content, by=by, role=role, happened_at=life.now)
    return receipt_to_claim(life.order, envelope, read_content(PaymentReceived, content), life.now)


def test_what_must_be_this_orders_before_it_is_taken() -> None:
    """R53: nothing is asked for that the order has, or that it will refuse."""
    life = Life().paid("1500.00", "TX-7")
    assert _claimed(life, amount="1.00", reference=" tx-8") == "bank:tx-8"
    assert _claimed(life, amount="1500.00", reference="tx-7") is None
    # The order has not heard yet what time it is now.
    life.now += timedelta(days=3)
    assert _claimed(life, amount="1.00", reference="TX-8", paid_at=life.now.isoformat()) == "bank:tx-8"
    assert _claimed(life, amount="1.00", reference="TX-7") is None
    assert _claimed(life, amount="1.00", reference="TX-9", currency="USD") is None
    assert _claimed(life, amount="1.00", reference="TX-9", paid_at="2099-01-01T00:00:00Z") is None
    assert _claimed(life, Role.SALESPERSON, amount="1.00", reference="TX-9") is None
    assert (
        _claimed(life, Role.SALESPERSON, amount="1.00", reference="001", method="cash")
        == "cash:salesperson-1:001"
    )
    life.later(hours=1).does("payment_bounced", reference="TX-7")
    assert _claimed(life, amount="1500.00", reference="TX-7") == "bank:tx-7"
