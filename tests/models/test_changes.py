"""Changes on the way: amendments, cancellations, holds, exceptions, overrides (R42, R47, R83, R84)."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.decisions.subjects import SUBJECTS
from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.editions import NEWEST
from models.values.vocabulary import Ending, Headline, PhaseName, Role
from tests.models.life import SIGNER, Life, line, refused


def test_an_amendment_after_confirmation_needs_a_new_signature() -> None:
    """R83: the old signature is void, price and checks anew."""
    life = Life().confirmed()
    life.does("amendment_requested", changes={"lines": [{"line": 1, "quantity": "1200"}]}, reason="加量")
    assert life.order.phase is PhaseName.VERIFICATION
    assert str(life.order.total) == "6000.00"
    life.verified(6)
    assert life.order.sheet is not None
    assert life.order.sheet.version == 2
    refused(life.tell("confirmation_returned", version=1, signed_by=SIGNER), "stale_version")
    life.sheet_out(2).signed(2).paid("300.00").decide(Subject.THREE_PARTY, "confirm")
    assert life.order.phase is PhaseName.PRODUCTION
    refused(life.tell("production_signed", version=1, clerk="service_clerk-1"), "stale_version")


def test_an_amendment_that_changes_nothing_voids_nothing() -> None:
    life = Life().confirmed().does("amendment_requested", changes={"packing": "50 卷一箱"}, reason="确认")
    assert life.order.sheet is not None
    assert not life.entries(EntryKind.VOIDED)


def test_only_the_changed_line_is_checked_again() -> None:
    """R83: nothing else is reopened."""
    life = Life(lines=[line(1), line(2)]).verified()
    life.does("amendment_requested", changes={"lines": [{"line": 2, "quantity": "5"}]}, reason="减量")
    assert "decision:technical:2" in life.waiting
    assert "decision:technical:1" not in life.waiting


def test_after_production_began_production_must_agree() -> None:
    """R83: and another person than who asked."""
    life = Life().in_production()
    ask: dict[str, Any] = {"changes": {"packing": "散装"}, "reason": "改包装"}
    life.does("amendment_requested", **ask)
    assert "decision:amendment" in life.waiting
    life.answer(Subject.AMENDMENT, "refuse")
    assert life.order.request.packing == "50 卷一箱"
    life.does("amendment_requested", role=Role.CUSTOMER, by="production-1", **ask)
    refused(life.answer(Subject.AMENDMENT, "approve"), "same_person")
    life.does("amendment_requested", **ask)
    life.decide(Subject.AMENDMENT, "approve")
    assert life.order.request.packing == "散装"
    life.does("cancellation_requested", reason="不要了")
    assert "decision:cancellation" in life.waiting, "what was begun under the old version was begun"


def test_an_amendment_names_lines_that_exist_and_comes_before_shipment() -> None:
    refused(Life().tell("amendment_requested", changes={"lines": [{"line": 9}]}, reason="x"), "unknown_line")
    refused(Life().shipped().tell("amendment_requested", changes={"phone": "1"}, reason="x"), "too_late")


def test_cancelling_is_free_before_production() -> None:
    """R84: what was paid goes back first."""
    life = Life().does("cancellation_requested", reason="不要了")
    assert life.order.ending is Ending.CANCELLED
    assert life.papers("cancellation_notice") == ["the order is cancelled: 不要了"]
    life = Life().confirmed().does("cancellation_requested", reason="不要了")
    assert life.waiting == {"decision:deposit_settlement"}
    refused(life.answer(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="100.00"), "contradiction")
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1500.00")
    assert life.order.ending is Ending.CANCELLED
    assert life.order.ledger.paid == 0


def test_later_the_supervisor_decides_and_cost_is_kept() -> None:
    """R84"""
    life = Life().in_production().does("cancellation_requested", reason="不要了")
    assert "decision:cancellation" in life.waiting
    life.does("cancellation_requested", reason="真的不要了")
    life.decide(Subject.CANCELLATION, "refuse")
    assert life.order.cancellation is None
    life.does("cancellation_requested", role=Role.SALES_SUPERVISOR, reason="还是不要")
    refused(life.answer(Subject.CANCELLATION, "approve"), "same_person")
    life.answer(Subject.CANCELLATION, "approve", by="sales_supervisor-2", cost="400.00")
    assert "decision:deposit_settlement" in life.waiting
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1100.00", kept="400.00")
    assert (life.order.ending, str(life.order.ledger.kept)) == (Ending.CANCELLED, "400.00")
    assert life.order.open_balance == 0


def test_nothing_is_cancelled_once_goods_have_left() -> None:
    """R84"""
    refused(Life().shipped().tell("cancellation_requested", reason="x"), "too_late")


def test_money_that_finance_has_not_confirmed_keeps_a_cancelled_order_open() -> None:
    """R53, R84"""
    life = Life()
    life.does("payment_received", role=Role.SYSTEM, by="bank", amount="10.00", reference="TX")
    life.does("cancellation_requested", reason="不要了")
    assert life.order.lives
    life.does("payment_bounced", reference="TX")
    assert life.order.ending is Ending.CANCELLED


def test_a_hold_stops_the_companys_steps_and_still_takes_facts() -> None:
    """The promise and the steps' limits move by the days held."""
    life = Life().in_production()
    due = life.order.steps["produce:1"].due
    life.does("hold_placed", reason="展会改期")
    assert life.order.headline is Headline.ON_HOLD
    refused(life.tell("hold_placed", reason="再停"), "contradiction")
    life.later(days=5).paid("3500.00")
    assert life.order.open_balance == 0
    life.does("hold_released")
    refused(life.tell("hold_released"), "contradiction")
    assert life.promised == life.day(10)
    assert life.causes == ["first", "hold"]
    assert life.order.steps["produce:1"].due == due + timedelta(days=5)


def test_an_overdue_step_gets_no_second_limit_from_a_hold() -> None:
    life = Life(packing="").later(days=2)
    due = life.order.steps["details"].due
    life.does("hold_placed", reason="x").later(days=1).does("hold_released")
    assert life.order.steps["details"].due == due


@pytest.mark.parametrize(("stops", "dead_on"), [(False, 16), (True, 19)])
def test_the_customers_clock_runs_on_unless_the_hold_says_otherwise(stops: bool, dead_on: int) -> None:
    """R76"""
    life = Life().arrived().later(days=1)
    life.does("hold_placed", reason="纠纷", customer_clocks_stop=stops).later(days=3).does("hold_released")
    shipment = life.order.shipments[0]
    while shipment.dead_at is None:
        life.later(days=1)
    assert (life.now - life.placed).days == dead_on


def test_any_exception_has_an_owner_until_it_is_resolved() -> None:
    """R47"""
    life = Life()
    life.does("exception_reported", exception="E-1", words="传真机坏了", owner="service_clerk-1")
    assert life.order.steps["exception:E-1"].values["owner"] == "service_clerk-1"
    refused(life.tell("exception_resolved", exception="E-9", resolution="x"), "contradiction")
    life.does("exception_resolved", exception="E-1", resolution="换机")
    assert "exception:E-1" not in life.waiting
    assert life.order.troubles["E-1"].resolution == "换机"


@pytest.mark.parametrize(
    ("cause", "shown"), [("material", "material"), ("technical", "production"), ("quality", "quality")]
)
def test_a_production_exception_needs_a_plan_that_the_customer_agreed_to(cause: str, shown: str) -> None:
    """R42"""
    life = Life().in_production()
    life.does("production_exception", exception="P-1", cause=cause, reason="原纸受潮", line=1)
    assert life.papers("exception_notice") == ["exception: 原纸受潮"]
    refused(life.tell("exception_resolved", exception="P-1", resolution="x"), "contradiction")
    reply = life.answer(Subject.EMERGENCY_PLAN, "new_date", customer_answer="同意")
    refused(reply, "contradiction")
    life.decide(Subject.EMERGENCY_PLAN, "new_date", customer_answer="同意", promised=life.day(9).isoformat())
    assert life.promised == life.day(9)
    assert life.causes == ["first", shown]
    assert life.order.unresolved == []


def test_a_plan_may_deliver_in_parts_substitute_or_end_the_order() -> None:
    """R42"""
    for outcome in ("partial_delivery", "substitute", "cancel"):
        life = Life().in_production()
        life.does("exception_reported", exception="E-1", words="另一件事", owner="x")
        life.does("production_exception", exception="P-1", reason="停电")
        life.decide(Subject.EMERGENCY_PLAN, outcome, customer_answer="同意", words="先发一半")
        assert life.order.troubles["P-1"].resolution == "先发一半"
        assert life.order.troubles["E-1"].resolved_at is None
        assert life.order.request.partial_delivery is (outcome == "partial_delivery")
        assert (life.order.pending_ending is Ending.CANCELLED) is (outcome == "cancel")


def test_a_separation_of_duties_is_set_aside_openly_and_by_another() -> None:
    """The override is a fact of its own, with person, rule and reason."""
    life = Life(entered_by="sales_supervisor-1", entered_role="sales_supervisor")
    refused(life.answer(Subject.APPROVAL, "approve"), "same_person")
    override: dict[str, Any] = {"rule": "R28", "person": "sales_supervisor-1", "reason": "休假"}
    refused(life.tell("overridden", **override), "same_person")
    life.does("overridden", role=Role.MARKETING_DIRECTOR, **override)
    life.decide(Subject.APPROVAL, "approve")
    anyone = Life(entered_by="sales_supervisor-1", entered_role="sales_supervisor")
    anyone.does("overridden", role=Role.MARKETING_DIRECTOR, **{**override, "rule": "R*"})
    anyone.decide(Subject.APPROVAL, "approve")


def test_newer_holidays_and_a_newer_policy_are_taken_up_by_a_recorded_fact() -> None:
    """An open order keeps what it began with until something on record changes it."""
    life = Life()
    life.does("calendar_refreshed", calendar={"holidays": ["2027-03-03"], "years": [2027]})
    assert not life.order.calendar.is_working_day(life.day(2))
    life.does("adopted", policy={"hanging": {"days": 3}}, reason="新政策")
    assert life.order.policy.hanging.days == 3
    life.does("adopted", edition=int(NEWEST), reason="新规则")
    assert (life.order.edition, life.order.policy.hanging.days) == (int(NEWEST), 3)
    assert set(SUBJECTS) == set(Subject)


_SAID = """
from tests.models.life import Life, Role
life = Life()
days = [f"2027-03-{n:02}" for n in range(2, 25)]
life.does("calendar_refreshed", calendar={"holidays": days, "make_up_days": days[:9], "years": [2027]})
life.does("adopted", policy={"approval": {"classes": ["C", "A"]}, "three_party": {"classes": ["C", "B", "A"]}}, reason="x")
life.verified().sheet_out().later(days=3).signed()
print(life.order.head)
"""


def test_every_process_writes_the_same_journal() -> None:
    """A replay in another process; sets have another order there."""
    root = Path(__file__).resolve().parents[2]
    heads = {
        subprocess.run(
            [sys.executable, "-c", _SAID],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(heads) == 1
