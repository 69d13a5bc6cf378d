"""What is shown at once: goods before the gate, dates that miss the promise, three days that cannot hold (R36, R38, R41 to R43)."""

from __future__ import annotations

from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.vocabulary import PhaseName, PromiseCause, Role
from tests.models.life import Life, line, refused

CLERK = "service_clerk-1"
CONCERNED = {"service_clerk", "salesperson", "service_supervisor", "marketing_director"}


def expects(life: Life, day: int, **content: Any) -> Life:
    """Production expects to finish so many days after the order."""
    return life.does("production_reported", expected_finish=life.day(day).isoformat(), **content)


def told(life: Life) -> list[set[str]]:
    """Whom each notice of an exception goes to."""
    return [
        {role.value for role in each.to} for each in life.order.unsent if each.paper == "exception_notice"
    ]


@pytest.mark.parametrize("missing", ["sheet", "deposit", "three_party"])
def test_goods_reported_before_the_gate_are_shown_at_once_kept_and_counted_when_it_opens(
    missing: str,
) -> None:
    """R36: nothing goes to the factory before sheet, deposit and the three parties."""
    life = Life().verified().sheet_out()
    if missing != "sheet":
        life.signed()
    if missing == "three_party":
        life.paid("1500.00")
    early = life.tell("production_reported", made="400")
    assert early.status.value == "kept_early"
    assert life.order.lots == {}
    assert life.order.steps["exception:before-the-gate"].rule == "R36"
    assert life.order.troubles["before-the-gate"].owner == "merchandiser-1"
    assert told(life) == [CONCERNED]
    life.tell("production_reported", made="600", finished=True)
    assert len(told(life)) == 1
    if missing == "sheet":
        life.signed()
    if missing != "three_party":
        life.paid("1500.00")
    life.decide(Subject.THREE_PARTY, "confirm").does("production_signed", version=1, clerk=CLERK)
    assert life.order.lots["1/1"].made == 1000
    assert "exception:before-the-gate" in life.waiting
    life.does("exception_resolved", exception="before-the-gate", resolution="已问责")
    assert "exception:before-the-gate" not in life.waiting


def test_goods_before_the_gate_are_an_exception_again_after_the_first_was_resolved() -> None:
    """R36: never kept silently."""
    life = Life().verified()
    life.tell("production_reported", made="1")
    life.does("exception_resolved", exception="before-the-gate", resolution="-")
    life.tell("warehouse_entered", quantity="1")
    assert "exception:before-the-gate#2" in life.waiting
    life.tell("inspection_reported", passed="1", checked_with=CLERK)
    assert len(told(life)) == 2


def test_what_is_only_not_signed_for_yet_is_no_exception() -> None:
    """R40: the gate is open; an expected date alone is no goods either."""
    life = Life().confirmed()
    assert life.tell("production_reported", made="1000").status.value == "kept_early"
    planned = Life().verified()
    assert planned.tell("production_reported", expected_finish="2027-03-06").status.value == "kept_early"
    assert life.order.troubles == planned.order.troubles == {}


def test_an_expected_finish_after_the_promise_puts_it_in_danger() -> None:
    """R41, R42: told at once to four, who agree a plan; the same date again tells nobody."""
    life = expects(Life().in_production(), 6)
    trouble = life.order.troubles["late-1"]
    assert (trouble.rule, trouble.needs_plan, trouble.line) == ("R42", True, 1)
    assert "decision:emergency_plan" in life.waiting
    assert told(life) == [CONCERNED]
    assert life.papers("exception_notice") == [
        "exception: line 1 is expected to be finished on 2027-03-07, after the promised 2027-03-06"
    ]
    expects(life, 6, made="100")
    assert len(told(life)) == 1
    life.decide(Subject.EMERGENCY_PLAN, "new_date", customer_answer="同意", promised=life.day(6).isoformat())
    assert life.promised == life.day(6)
    assert "decision:emergency_plan" not in life.waiting
    expects(life, 6)
    assert len(told(life)) == 1
    expects(life, 7)
    assert len(told(life)) == 2
    assert "decision:emergency_plan" in life.waiting


@pytest.mark.parametrize("day", [4, 5])
def test_an_expected_finish_by_the_promise_is_no_danger(day: int) -> None:
    """R41: the day itself still keeps it."""
    life = expects(Life().in_production(), day)
    assert life.order.troubles == {}


def test_an_expected_finish_that_gets_earlier_closes_the_danger_and_a_later_one_opens_another() -> None:
    """R41, R42"""
    life = expects(expects(Life().in_production(), 9), 5)
    assert life.order.troubles["late-1"].resolved_at is not None
    assert "decision:emergency_plan" not in life.waiting
    assert "it is expected earlier again" in life.papers("exception_notice")[-1]
    refused(life.answer(Subject.EMERGENCY_PLAN, "cancel", customer_answer="-"), "not_asked")
    expects(life, 9)
    assert life.order.troubles["late-1#2"].resolved_at is None
    assert "decision:emergency_plan" in life.waiting
    life.made()
    assert "decision:emergency_plan" not in life.waiting


def test_a_date_that_gets_even_later_takes_the_place_of_the_first() -> None:
    """R42: and a plan whose date is before what production expects does not settle it."""
    life = expects(expects(Life().in_production(), 7), 9)
    assert [each.key for each in life.order.unresolved] == ["late-1#2"]
    life.decide(Subject.EMERGENCY_PLAN, "new_date", customer_answer="同意", promised=life.day(8).isoformat())
    assert [each.key for each in life.order.unresolved] == ["late-1#3"]
    parts = expects(Life().in_production(), 9)
    parts.decide(Subject.EMERGENCY_PLAN, "partial_delivery", customer_answer="分批")
    expects(parts, 9)
    assert parts.order.unresolved == []


def test_between_productions_own_date_and_the_promise_production_answers() -> None:
    """R24, R41: the customer's promise holds, so nobody asks the customer for a plan."""
    life = Life().verified()
    life.decide(Subject.LATER_PROMISE, "confirm", promised=life.day(8).isoformat())
    life.sheet_out().signed().paid("1500.00").decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=1, clerk=CLERK)
    expects(life, 8)
    assert "decision:emergency_plan" not in life.waiting
    assert life.order.steps["exception:late-1"].roles == (Role.PRODUCTION, Role.SERVICE_CLERK)
    expects(life, 9)
    assert "decision:emergency_plan" in life.waiting
    assert "exception:late-1" not in life.waiting
    expects(life, 8)
    assert "decision:emergency_plan" not in life.waiting


def test_a_reported_exception_with_its_date_is_told_once() -> None:
    """R42: its plan resolves it, an earlier date does not."""
    life = Life().in_production()
    life.does("production_exception", exception="P-1", reason="断纸", expected_finish=life.day(9).isoformat())
    assert [each.key for each in life.order.unresolved] == ["P-1"]
    expects(life, 5)
    assert [each.key for each in life.order.unresolved] == ["P-1"]
    life.decide(Subject.EMERGENCY_PLAN, "new_date", customer_answer="同意", promised=life.day(6).isoformat())
    assert life.order.unresolved == []


def test_rework_re_examines_the_promise() -> None:
    """R43: production's new date is held against it, and after its day a failed inspection says so by itself."""
    life = Life().in_production().made()
    life.does("inspection_reported", passed="900", to_rework="100", checked_with=CLERK)
    assert life.order.troubles == {}
    expects(life, 7)
    assert "decision:emergency_plan" in life.waiting
    life.does("inspection_reported", passed="100", checked_with=CLERK)
    assert "decision:emergency_plan" not in life.waiting
    late = Life().in_production().made().later(days=6)
    late.does("inspection_reported", passed="900", to_rework="100", checked_with=CLERK)
    assert "decision:emergency_plan" in late.waiting


def small(finish: int = 2) -> Life:
    """A small order, prepaid, in production."""
    life = Life(lines=[line(1, quantity="100")]).verified(finish)
    life.decide(Subject.SMALL_ORDER, "prepaid", assessment="新客户").sheet_out().signed()
    return life.decide(Subject.THREE_PARTY, "confirm")


def test_a_small_prepaid_order_whose_finish_misses_the_three_days_is_overdue_at_once() -> None:
    """R38a: from payment; the third day still holds."""
    late = small(4).paid("500.00")
    assert late.order.troubles["prepaid-late"].rule == "R38"
    step = late.order.steps["decision:emergency_plan"]
    assert step.overdue_at == late.now
    assert told(late) == [CONCERNED]
    assert late.papers("overdue_notice")
    late.later(hours=25)
    assert late.entries(EntryKind.ESCALATED, "decision:emergency_plan")
    held = small(3).paid("500.00")
    assert held.order.troubles == {}


def test_the_three_days_bind_productions_step_and_the_ship_date() -> None:
    """R38a: an expected finish beyond them is told, an earlier one takes it back."""
    life = small(3).paid("500.00").does("production_signed", version=1, clerk=CLERK)
    assert life.order.steps["produce:1"].due.date() == life.day(3)
    expects(life, 4)
    assert life.order.troubles["prepaid-late"].resolved_at is None
    expects(life, 3)
    assert life.order.troubles["prepaid-late"].resolved_at is not None
    assert "decision:emergency_plan" not in life.waiting


def test_a_ship_date_agreed_beyond_the_three_days_is_told_when_they_begin() -> None:
    """R38a"""
    life = Life(lines=[line(1, quantity="100")]).verified(2)
    life.decide(Subject.SMALL_ORDER, "prepaid", assessment="-")
    day = life.day(2).isoformat()
    life.decide(Subject.LATER_PROMISE, "confirm", promised=day, ship_date=life.day(6).isoformat())
    life.sheet_out().signed().paid("500.00")
    assert "prepaid-late" in life.order.troubles


def test_a_small_prepaid_order_that_has_not_left_on_the_third_day_is_told() -> None:
    """R38a: wherever it stands; one that left in time is not."""
    life = small(2).paid("500.00").later(days=3, hours=14)
    assert life.order.troubles == {}
    life.later(hours=2)
    assert life.order.troubles["prepaid-late"].resolved_at is None
    life.decide(
        Subject.EMERGENCY_PLAN, "new_date", customer_answer="同意", promised=life.day(6).isoformat()
    ).later(days=5)
    assert [key for key in life.order.troubles if key.startswith("prepaid")] == ["prepaid-late"]
    left = small(2).paid("500.00").does("production_signed", version=1, clerk=CLERK).made("100").passed("100")
    left.decide(Subject.FINANCE_RELEASE, "release").sent().later(days=5)
    assert left.order.troubles == {}


def test_before_it_is_paid_no_three_days_run() -> None:
    """R38a"""
    life = small(9).later(days=5)
    assert life.order.troubles == {}
    assert life.order.phase is PhaseName.CONFIRMATION
    assert PromiseCause.DEPOSIT.value in life.causes
