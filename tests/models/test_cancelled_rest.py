"""Cancelling after a part was shipped: the rest ends, what has left goes on to receipt and settlement (R84)."""

from __future__ import annotations

from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.vocabulary import Ending, PhaseName, Role
from tests.models.life import SIGNER, Life, line, refused
from tests.models.test_bill import money

FREIGHT: dict[str, Any] = {"freight_out": "1.00", "freight_back": "1.00"}


def part_shipped(paid: str = "2000.00", **changes: Any) -> Life:
    """A thousand at 5.00, 1500.00 deposit and so much more paid, 400 sent."""
    life = Life(partial_delivery=True, **changes).in_production().made("400", finished=False, lot="A")
    life.passed("400", lot="A").paid(paid).decide(Subject.FINANCE_RELEASE, "release").sent("1")
    return life


def asked(life: Life) -> Life:
    """The customer wants no more."""
    return life.does("cancellation_requested", role=Role.CUSTOMER, reason="项目取消")


def granted(life: Life, cost: str = "600.00", **more: Any) -> Life:
    """The supervisor says yes."""
    return asked(life).decide(Subject.CANCELLATION, "approve", cost=cost, **more)


def test_the_supervisor_decides_about_the_rest_and_what_was_paid_too_much_goes_back() -> None:
    """R84: 3,500.00 paid, 400 shipped, cost 600.00: refund 900.00, bill 2,000.00."""
    life = asked(part_shipped())
    assert life.order.asked["cancellation"].about_words["shipped"] == "1:400.000"
    life.decide(Subject.CANCELLATION, "approve", cost="600.00")
    assert life.order.asked["deposit_settlement"].about_words == {
        "paid": "3500.00",
        "bill": "2000.00",
        "cost": "600.00",
        "refund": "900.00",
    }
    assert money(life) == ("2000.00", "3500.00", "-900.00")
    assert life.papers("rest_cancelled_notice") == ["the rest is cancelled: 项目取消 (line 1: 600 not made)"]
    life.does("arrived").does("delivery_receipt", signed_by=SIGNER)
    assert life.order.lives, "finance owes the refund until it is paid"
    assert life.waiting == {"decision:deposit_settlement"}
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="900.00", kept="600.00")
    assert life.order.ending is Ending.SETTLED
    ledger = life.order.ledger
    assert (str(ledger.refunded), str(ledger.kept), money(life)) == (
        "900.00",
        "600.00",
        ("2000.00", "2600.00", "0.00"),
    )
    assert ledger.received - ledger.refunded - ledger.kept - ledger.credited == life.order.bill


@pytest.mark.parametrize(
    ("refunded", "kept"),
    [("900.00", "599.99"), ("1500.00", "600.00"), ("899.00", "601.00"), ("0.00", "0.00")],
)
def test_the_refund_is_what_was_granted(refunded: str, kept: str) -> None:
    life = granted(part_shipped())
    refused(life.answer(Subject.DEPOSIT_SETTLEMENT, "settled", refunded=refunded, kept=kept), "contradiction")
    assert str(life.order.ledger.refunded) == "0.00"


def test_the_refund_is_worked_out_anew_when_the_figures_change() -> None:
    """What rests on a figure falls with it."""
    life = granted(part_shipped())
    life.paid("100.00")
    assert life.order.asked["deposit_settlement"].about_words["refund"] == "1000.00"
    refused(
        life.answer(Subject.DEPOSIT_SETTLEMENT, "settled", version=1, refunded="900.00", kept="600.00"),
        "contradiction",
    )
    life.does("payment_bounced", reference=life.order.ledger.payments[-1].reference)
    assert life.order.asked["deposit_settlement"].about_words["refund"] == "900.00"


def test_production_stops_and_nothing_more_is_asked_for() -> None:
    life = part_shipped().made("300", finished=False, lot="B")
    assert {"produce:1", "inspect:1/B/0"} <= life.waiting
    granted(life, "0.00")
    assert life.order.phase is PhaseName.DELIVERY
    assert not [
        key for key in life.waiting if key.startswith(("produce", "inspect", "enter", "ship", "balance"))
    ]
    assert life.papers("rest_cancelled_notice") == [
        "the rest is cancelled: 项目取消 (line 1: 300 goes to stock)"
    ]
    life.does("arrived").does("delivery_receipt", signed_by=SIGNER)
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1500.00")
    assert life.order.ending is Ending.SETTLED


def test_what_was_released_and_is_still_here_is_not_to_leave() -> None:
    life = part_shipped().made("600", lot="B").passed("600", lot="B").paid("1500.00")
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert len(life.order.releases) == 2
    granted(life, "0.00")
    assert [release.number for release in life.order.releases] == [1]
    assert life.entries(EntryKind.VOIDED, "release:2")
    assert money(life) == ("2000.00", "5000.00", "-3000.00")
    assert not [key for key in life.waiting if key.startswith(("shipping_notice", "transport", "ship"))]


@pytest.mark.parametrize(
    ("use", "made", "code"),
    [
        ("not_made", False, ""),
        ("to_stock", False, "contradiction"),
        ("scrapped", False, "contradiction"),
        ("not_made", True, "contradiction"),
        ("to_stock", True, ""),
        ("scrapped", True, ""),
    ],
)
def test_of_each_line_it_is_said_what_becomes_of_it(use: str, made: bool, code: str) -> None:
    life = part_shipped()
    if made:
        life.made("300", finished=False, lot="B")
    reply = asked(life).answer(Subject.CANCELLATION, "approve", lines=[{"line": 1, "use": use}])
    if code:
        refused(reply, code)
        assert not life.order.rest_is_cancelled
    else:
        cancellation = life.order.cancellation
        assert cancellation is not None
        assert (cancellation.rest[1].use.value, cancellation.rest[1].quantity) == (use, 300 if made else 600)


def test_lines_are_decided_one_by_one() -> None:
    life = Life(
        lines=[line(1, quantity="400"), line(2), line(3)], partial_delivery=True, deposit_percent="10"
    )
    life.in_production("1200.00").made("400").passed("400").made("100", line=2, finished=False)
    life.paid("800.00").decide(Subject.FINANCE_RELEASE, "release").sent("1")
    asked(life)
    refused(
        life.answer(Subject.CANCELLATION, "approve", lines=[{"line": 1, "use": "to_stock"}]), "unknown_line"
    )
    life.decide(Subject.CANCELLATION, "approve", lines=[{"line": 2, "use": "scrapped"}])
    cancellation = life.order.cancellation
    assert cancellation is not None
    assert {number: each.use.value for number, each in cancellation.rest.items()} == {
        2: "scrapped",
        3: "not_made",
    }
    assert money(life) == ("2000.00", "2000.00", "0.00")
    life.does("delivery_receipt", signed_by=SIGNER)
    assert life.order.ending is Ending.SETTLED


def test_a_cost_above_the_surplus_needs_the_customers_consent_and_is_then_paid() -> None:
    """R84: 2,100.00 paid, bill 2,000.00, cost 600.00: 500.00 is asked for."""
    life = asked(part_shipped("600.00"))
    reply = refused(life.answer(Subject.CANCELLATION, "approve", cost="100.01"), "not_in_writing")
    assert reply.where == "content.detail.consent"
    life.decide(Subject.CANCELLATION, "approve", cost="600.00", consent="同意书-7")
    assert money(life) == ("2000.00", "2100.00", "500.00")
    life.does("delivery_receipt", signed_by=SIGNER)
    assert life.order.steps["account_balance"].values["amount"] == "500.00"
    life.paid("500.00")
    assert life.order.ending is Ending.SETTLED
    ledger = life.order.ledger
    assert (str(ledger.kept), ledger.received - ledger.refunded - ledger.kept) == ("600.00", life.order.bill)


def test_a_cost_of_exactly_the_surplus_needs_no_consent() -> None:
    life = granted(part_shipped("600.00"), "100.00").does("delivery_receipt", signed_by=SIGNER)
    assert life.order.ending is Ending.SETTLED
    assert (str(life.order.ledger.kept), money(life)) == ("100.00", ("2000.00", "2100.00", "0.00"))


def test_so_it_is_for_an_order_of_which_nothing_left() -> None:
    """R84: 1,500.00 paid; the cost is not lost."""
    life = asked(Life().in_production())
    refused(life.answer(Subject.CANCELLATION, "approve", cost="1500.01"), "not_in_writing")
    life.decide(Subject.CANCELLATION, "approve", cost="1800.00", consent="同意书-8")
    assert life.order.steps["account_balance"].values["amount"] == "300.00"
    life.paid("300.00")
    assert life.order.asked["deposit_settlement"].about_words == {"paid": "1800.00", "cost": "1800.00"}
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", kept="1800.00")
    assert (life.order.ending, str(life.order.ledger.kept)) == (Ending.CANCELLED, "1800.00")


def test_no_more_is_kept_than_the_cost_that_was_granted() -> None:
    """R84: free before production, so nothing is kept; later what the supervisor granted."""
    life = Life().confirmed().does("cancellation_requested", reason="x")
    refused(
        life.answer(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1499.99", kept="0.01"), "contradiction"
    )
    life = asked(Life().in_production()).decide(Subject.CANCELLATION, "approve", cost="400.00")
    refused(
        life.answer(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1099.99", kept="400.01"), "contradiction"
    )
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1100.00", kept="400.00")
    assert life.order.ending is Ending.CANCELLED


def test_goods_in_the_warehouse_of_a_cancelled_order_are_not_billed() -> None:
    """R84: the bill is what left, less returns."""
    life = asked(Life().in_warehouse()).decide(Subject.CANCELLATION, "approve", cost="1000.00")
    assert str(life.order.bill) == "0.00"
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="500.00", kept="1000.00")
    assert life.entries(EntryKind.ENDED)[0].data == {"bill": "0.00", "paid": "1000.00"}


def test_refused_the_rest_is_made_and_sent() -> None:
    life = asked(part_shipped()).decide(Subject.CANCELLATION, "refuse")
    assert (life.order.cancellation, "produce:1" in life.waiting) == (None, True)


def test_when_all_has_left_there_is_no_rest() -> None:
    """R84: also where the last of it left while the supervisor thought."""
    life = asked(part_shipped().made("600", lot="B").passed("600", lot="B").paid("1500.00"))
    life.does("shipped", shipment="2", carrier="德邦物流")
    refused(life.answer(Subject.CANCELLATION, "approve"), "too_late")
    life.decide(Subject.CANCELLATION, "refuse")
    refused(life.tell("cancellation_requested", reason="x"), "too_late")


def test_what_left_may_still_die_and_then_nothing_is_billed() -> None:
    """R76, R84: the cost stays, the rest of the money goes back."""
    life = granted(part_shipped()).does("arrived")
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="900.00", kept="600.00").later(days=16)
    life.does("goods_returned", **FREIGHT)
    life.does("inspection_reported", shipment="1", passed="400", checked_with="service_clerk-1")
    assert str(life.order.bill) == "0.00"
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="2000.00")
    assert (life.order.ending, str(life.order.ledger.kept)) == (Ending.DEAD, "600.00")
    assert life.order.ledger.paid == life.order.ledger.kept


def test_pieces_that_went_astray_are_not_made_again_once_the_rest_is_cancelled() -> None:
    life = granted(part_shipped(), "0.00")
    life.does("delivery_receipt", signed_by=SIGNER, items=[{"line": 1, "quantity": "390"}])
    told: dict[str, Any] = {"exception": "short-1", "resolution": "x", "role": Role.SERVICE_SUPERVISOR}
    refused(life.tell("exception_resolved", outcome="reship", **told), "unknown_outcome")
    life.does("exception_resolved", outcome="credit", **told)
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1550.00")
    assert (life.order.ending, str(life.order.bill)) == (Ending.SETTLED, "1950.00")


def test_an_emergency_plan_that_cancels_leaves_what_was_shipped_to_its_way() -> None:
    """R42, R84: the sibling: it ends the rest, not the order."""
    life = part_shipped().does("production_exception", exception="P", reason="停电")
    life.decide(Subject.EMERGENCY_PLAN, "cancel", customer_answer="不等了")
    assert (life.order.lives, life.order.pending_ending, life.order.rest_is_cancelled) == (True, None, True)
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1500.00")
    life.does("delivery_receipt", signed_by=SIGNER)
    assert (life.order.ending, str(life.order.bill)) == (Ending.SETTLED, "2000.00")


def test_a_change_that_waits_is_no_longer_asked_about() -> None:
    life = part_shipped()
    life.order.amendment = None
    granted(life, "0.00")
    assert "decision:amendment" not in life.waiting
    assert not [
        key for key, each in life.order.asked.items() if each.outcome is None and key != "deposit_settlement"
    ]
