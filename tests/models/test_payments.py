"""Money that comes in: in parts, twice, too much, not real, in cash (R35, R53)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.values.vocabulary import PhaseName, Role
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


def test_a_payment_is_dated_like_anything_else_that_is_told() -> None:
    """R53: not ahead of now, not further back than the rule of dating allows, but for whom it is set aside."""
    life = Life()
    now = life.now
    ahead, far = now + timedelta(minutes=11), now - timedelta(days=32)
    for moment, code in ((ahead, "in_future"), (far, "too_far_back"), ("2099-01-01T00:00:00Z", "in_future")):
        paid_at = moment if isinstance(moment, str) else moment.isoformat()
        reply = life.tell("payment_received", amount="10.00", reference="TX", paid_at=paid_at)
        assert refused(reply, code).where == "content.paid_at"
    assert life.order.ledger.payments == []
    life.paid("10.00", "TX-1", paid_at=(now + timedelta(minutes=9)).isoformat())
    life.paid("10.00", "TX-2", paid_at=(now - timedelta(days=31)).isoformat())
    assert [each.paid_at for each in life.order.ledger.payments] == [now, now - timedelta(days=31)]
    life.does("overridden", rule="dating", person="finance-1", reason="年终对账")
    life.paid("10.00", "TX-3", paid_at=far.isoformat())
    assert life.order.ledger.payments[-1].paid_at == far


def test_a_reference_is_trimmed_and_folded() -> None:
    """R53: case and width do not make another transfer."""
    life = Life().paid("1500.00", "TX-7")
    for alike in ("tx-7", "  TX-7 ", "TX-7", "Tx-7"):
        life.paid("1500.00", alike)
    assert len(life.order.ledger.payments) == 1
    life.does("payment_bounced", reference="TX-7")
    assert life.order.ledger.paid == 0


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"amount": "1500.01"}, "content.amount"),
        ({"amount": "1500.00", "currency": "USD"}, "content.currency"),
        ({"amount": "3.00", "currency": "EUR"}, "content.currency"),
    ],
)
def test_the_same_reference_with_another_sum_is_a_contradiction_that_is_kept(
    told: dict[str, Any], where: str
) -> None:
    """R53"""
    life = Life().paid("1500.00", "TX-7")
    reply = refused(life.tell("payment_received", reference="tx-7", **told), "contradiction")
    assert reply.where == where
    assert "1500.00" in reply.en
    assert told["amount"] in reply.en
    assert life.entries(EntryKind.REFUSED, "payment_received")
    assert str(life.order.ledger.paid) == "1500.00"


def test_a_reference_that_bounced_may_be_paid_again() -> None:
    """R53: a new attempt, counted; the bank's report of it is confirmed like any other."""
    life = Life().paid("1500.00", "TX-7").later(hours=1)
    life.does("payment_bounced", reference="TX-7").later(hours=1)
    assert life.order.ledger.paid == 0
    life.paid("1500.00", "tx-7")
    assert str(life.order.ledger.paid) == "1500.00"
    assert [each.voucher for each in life.order.ledger.payments] == ["TX-7", "tx-7 · 2"]
    assert len(life.papers("payment_notice")) == 2
    life.later(hours=1).does("payment_bounced", reference="TX-7").later(hours=1)
    life.does("payment_received", role=Role.SYSTEM, by="bank", amount="1500.00", reference="TX-7")
    assert life.order.ledger.paid == 0
    assert "confirm_payment:TX-7 · 3" in life.waiting
    life.paid("1500.00", "TX-7")
    assert str(life.order.ledger.paid) == "1500.00"
    assert not {step for step in life.waiting if step.startswith("confirm_payment")}


def test_what_was_paid_before_it_bounced_is_the_money_that_is_gone() -> None:
    """R53"""
    life = Life().paid("1500.00", "TX-7")
    paid_at = life.now
    life.later(hours=2).does("payment_bounced", reference="TX-7")
    reply = life.tell("payment_received", amount="1500.00", reference="TX-7", paid_at=paid_at.isoformat())
    assert refused(reply, "contradiction").where == "content.paid_at"
    assert life.order.ledger.paid == 0


def test_a_payment_typed_wrong_is_reversed_under_its_voucher_and_told_anew() -> None:
    """R53: 15,000 for 1,500; nothing is deleted."""
    life = Life().verified().sheet_out().signed().paid("15000.00", "TX-7")
    assert "deposit" not in life.waiting
    life.does("payment_corrected", reference="tx-7", reason="多打一个零")
    assert life.order.ledger.paid == 0
    assert life.order.steps["deposit"].values["amount"] == "1500.00"
    life.paid("1500.00", "TX-7", paid_at=life.now.isoformat())
    assert str(life.order.ledger.paid) == "1500.00"
    wrong, right = life.order.ledger.payments
    assert (wrong.corrected, wrong.reason, str(wrong.amount)) == (True, "多打一个零", "15000.00")
    assert not right.corrected
    assert "15000.00" in life.papers("payment_fell")[0]
    life.does("payment_corrected", reference="TX-7", reason="又错了").does(
        "payment_corrected", reference="TX-7", reason="再报"
    )
    assert [each.corrected for each in life.order.ledger.payments] == [True, True]


def test_only_finance_corrects() -> None:
    """R53"""
    life = Life().paid("15000.00", "TX-7")
    reply = life.tell("payment_corrected", role=Role.SALESPERSON, reference="TX-7", reason="错")
    refused(reply, "wrong_role")
    assert life.tell("payment_corrected", reference="TX-8", reason="错").status.value == "kept_early"


@pytest.mark.parametrize("fact", ["payment_bounced", "payment_corrected"])
def test_a_deposit_that_falls_after_production_began_is_asked_for_again(fact: str) -> None:
    """R33, R53: it blocks shipment, not production; clerk, salesperson, finance and production are told."""
    life = Life().verified().sheet_out().signed().paid("1500.00", "TX-D")
    life.decide(Subject.THREE_PARTY, "confirm").does("production_signed", version=1, clerk="service_clerk-1")
    life.does(fact, reference="TX-D", reason="查无此款")
    step = life.order.steps["deposit"]
    assert (step.values["amount"], step.blocking, step.rule) == ("1500.00", False, "R33")
    assert "salesperson-1" in step.people
    told = [each for each in life.order.unsent if each.paper is Paper.PAYMENT_FELL]
    assert {role.value for role in told[0].to} == {"salesperson", "service_clerk", "finance", "production"}
    life.made().passed()
    assert life.order.steps["deposit"].blocking
    assert "decision:finance_release" not in life.waiting
    refused(life.answer(Subject.FINANCE_RELEASE, "release"), "not_asked")
    assert not life.order.releases
    life.paid("1500.00", "TX-E")
    assert "deposit" not in life.waiting
    assert {"balance", "decision:finance_release"} <= life.waiting


def test_a_deposit_that_falls_before_production_signed_stops_the_gate_again() -> None:
    """R33, R36: the factory signs for nothing before the money is there again; then for the same instruction."""
    life = (
        Life().verified().sheet_out().signed().paid("1500.00", "TX-D").decide(Subject.THREE_PARTY, "confirm")
    )
    assert life.order.phase is PhaseName.PRODUCTION
    life.does("payment_bounced", reference="TX-D")
    assert life.order.phase is PhaseName.CONFIRMATION
    assert life.order.steps["deposit"].blocking
    early = life.tell("production_signed", version=1, clerk="service_clerk-1")
    assert early.status.value == "kept_early"
    life.paid("1500.00", "TX-E")
    assert life.order.phase is PhaseName.PRODUCTION
    assert life.order.production_began


def test_a_balance_that_falls_is_told_and_the_deposit_is_not_asked_for() -> None:
    """R53"""
    life = Life().in_warehouse().paid("3500.00", "TX-B")
    life.does("payment_bounced", reference="TX-B")
    assert life.papers("payment_fell") == [
        "payment TX-B of CNY 3500.00 counts no more: 款项退回 · it bounced"
    ]
    assert "deposit" not in life.waiting
    assert "balance" in life.waiting


def test_parts_of_a_deposit_are_counted_by_their_time_and_not_by_their_reference() -> None:
    """R34: the later part has the earlier reference; the slip ends when it came."""
    life = Life().verified().sheet_out().signed()
    life.later(days=1).paid("1000.00", "Z-9").later(days=2).paid("500.00", "A-1")
    assert life.order.ledger.covered_at(life.order.deposit_due) == life.now
    assert life.promised == life.day(5 + 3)
    early = Life().verified().sheet_out().signed().later(days=3)
    early.paid("500.00", "A-1", paid_at=early.now.isoformat())
    early.paid("1000.00", "Z-9", paid_at=(early.now - timedelta(days=2)).isoformat())
    assert early.order.ledger.covered_at(early.order.deposit_due) == early.now


def test_bounced_cash_is_not_waited_for() -> None:
    """R35, R53: what fell cannot be cleared; the order goes on waiting for money."""
    for fact in ("payment_bounced", "payment_corrected"):
        life = Life().verified().sheet_out().signed()
        life.does("payment_received", role=Role.SALESPERSON, amount="1500.00", method="cash", reference="C-1")
        life.decide(Subject.THREE_PARTY, "confirm").does(
            "production_signed", version=1, clerk="service_clerk-1"
        )
        life.made().passed()
        assert "clear_cash:C-1" in life.waiting
        life.does(fact, reference="C-1", reason="假币")
        assert "clear_cash:C-1" not in life.waiting
        assert "deposit" in life.waiting
        assert life.order.ledger.uncleared_cash == 0


def test_cash_of_two_salespeople_may_have_the_same_number() -> None:
    """R53: each has a receipt book."""
    life = Life()
    cash = {"role": Role.SALESPERSON, "method": "cash", "reference": "001"}
    life.does("payment_received", amount="100.00", **cash)
    life.does("payment_received", amount="200.00", by="salesperson-2", **cash)
    life.does("payment_received", amount="100.00", **cash)
    assert [(each.voucher, str(each.amount)) for each in life.order.ledger.payments] == [
        ("001", "100.00"), ("001 · 2", "200.00"),
    ]  # fmt: skip
    life.does("cash_cleared", reference="001 · 2")
    assert [each.cleared for each in life.order.ledger.payments] == [False, True]


def test_remitted_money_that_falls_is_not_remitted() -> None:
    """R62: the carrier still owes it."""
    life = Life().in_warehouse().decide(Subject.BALANCE_RELEASE, "carrier_collects")
    life.decide(Subject.FINANCE_RELEASE, "release", collection="carrier_collects")
    life.does("contact_logged", channel="phone", topic="freight_agent", words="已说明")
    life.sent().does("arrived", place="深圳").does("delivery_receipt", signed_by="王芳")
    life.does("collection_remitted", amount="2000.00", reference="DB-1")
    reply = life.tell("collection_remitted", amount="2000.01", reference="db-1")
    assert refused(reply, "contradiction").where == "content.amount"
    life.does("payment_bounced", reference="DB-1")
    assert life.order.shipments[0].remitted == 0
    assert life.order.steps["remittance:1"].values["amount"] == "3500.00"
    life.does("collection_remitted", amount="3500.00", reference="DB-1")
    assert not life.order.lives
