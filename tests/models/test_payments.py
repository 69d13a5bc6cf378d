"""Money that comes in: in parts, twice, too much, not real, in cash (R35, R53)."""

from __future__ import annotations

from models.messages.decision_subjects import Subject
from models.values.vocabulary import Role
from tests.models.life import Life, refused


def test_parts_add_up() -> None:
    """R53"""
    life = Life().verified().sheet_out().signed().paid("1000.00")
    assert life.order.steps["deposit"].values["amount"] == "500.00"
    life.paid("500.00")
    assert "deposit" not in life.waiting


def test_the_same_reference_is_the_same_money() -> None:
    """R53"""
    life = Life().paid("1500.00", "TX-7").paid("1500.00", "TX-7")
    assert str(life.order.ledger.paid) == "1500.00"
    refused(
        life.tell("payment_received", role=Role.FINANCE, amount="1.00", reference="TX-7"), "contradiction"
    )


def test_other_currencies_are_refused() -> None:
    reply = Life().tell(
        "payment_received", role=Role.FINANCE, amount="1.00", currency="USD", reference="TX-8"
    )
    assert refused(reply, "wrong_currency").where == "content.currency"


def test_what_the_bank_reports_counts_when_finance_confirms_it() -> None:
    """R53"""
    life = Life()
    life.does("payment_received", role=Role.SYSTEM, by="bank", amount="1500.00", reference="TX-1")
    assert "confirm_payment:TX-1" in life.waiting
    assert life.order.ledger.paid == 0
    assert life.papers("payment_notice") == []
    life.does("payment_received", role=Role.SYSTEM, by="bank", amount="1500.00", reference="TX-1")
    assert life.order.ledger.paid == 0
    life.paid("1500.00", "TX-1")
    assert str(life.order.ledger.paid) == "1500.00"
    assert life.papers("payment_notice") == ["payment of CNY 1500.00 is confirmed"]


def test_money_that_bounced_does_not_count() -> None:
    """R53"""
    life = Life()
    assert life.tell("payment_bounced", reference="TX-1").status.value == "kept_early"
    life.paid("1500.00", "TX-1")
    assert life.order.ledger.paid == 0
    life.paid("100.00", "TX-2")
    assert str(life.order.ledger.paid) == "100.00"


def test_a_release_that_rested_on_bounced_money_is_taken_back() -> None:
    """R53: as long as the goods are here."""
    life = Life().in_warehouse().paid("3500.00", "TX-B").decide(Subject.FINANCE_RELEASE, "release")
    assert len(life.order.releases) == 1
    life.does("payment_bounced", reference="TX-B")
    assert life.order.releases == []
    assert "balance" in life.waiting


def test_too_much_is_credited_or_refunded_before_the_order_is_settled() -> None:
    """R53"""
    for outcome, where in (("credit", "credited"), ("refund", "refunded")):
        life = Life().arrived().paid("100.00")
        life.does("delivery_receipt", signed_by="王芳")
        assert "decision:overpayment" in life.waiting
        life.decide(Subject.OVERPAYMENT, outcome)
        assert str(getattr(life.order.ledger, where)) == "100.00"
        assert life.order.open_balance == 0
        assert not life.order.lives


def test_a_salesperson_takes_cash_only() -> None:
    """R35"""
    reply = Life().tell("payment_received", role=Role.SALESPERSON, amount="1.00", reference="C-1")
    refused(reply, "wrong_role")


def test_cash_counts_for_production_and_blocks_shipment_until_it_is_cleared() -> None:
    """R35: cleared by another person than the one who took it."""
    life = Life().verified().sheet_out().signed()
    assert life.tell("cash_cleared", reference="C-9").status.value == "kept_early"
    life.does("payment_received", role=Role.SALESPERSON, amount="1500.00", method="cash", reference="C-1")
    life.decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    assert "clear_cash:C-1" in life.waiting
    assert "balance" not in life.waiting
    refused(life.tell("cash_cleared", by="salesperson-1", reference="C-1"), "same_person")
    life.does("cash_cleared", reference="C-1")
    assert "balance" in life.waiting
    life.paid("3500.00")
    reply = life.answer(Subject.FINANCE_RELEASE, "release", by="salesperson-1")
    refused(reply, "same_person")


def test_the_moment_the_deposit_was_covered_is_the_moment_of_the_payment_that_did_it() -> None:
    life = Life().paid("1000.00")
    first = life.now
    life.later(hours=5).paid("500.00")
    ledger = life.order.ledger
    assert ledger.covered_at(life.order.deposit_due) == life.now
    assert ledger.covered_at(life.order.deposit_due / 2) == first
    assert ledger.covered_at(life.order.total) is None
    assert ledger.covered_at(life.order.total * 0) is None
    ledger.payments[0].bounced = True
    ledger.payments[1].amount = life.order.deposit_due
    assert ledger.covered_at(life.order.deposit_due) == life.now
    ledger.payments[0].bounced = False
    ledger.refunded = life.order.deposit_due
    ledger.payments[1].amount = life.order.deposit_due * 2
    assert ledger.covered_at(life.order.deposit_due) is not None


def test_nobody_dates_a_payment_into_the_future() -> None:
    life = Life().paid("10.00", "TX", paid_at="2099-01-01T00:00:00Z")
    assert life.order.ledger.payments[0].paid_at == life.now
