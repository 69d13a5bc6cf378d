"""Hours of machine lines that are booked: in the plan, in production's answer, and as an order asks for them (R151)."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.dossier.records.recording import Claim
from models.dossier.step_moves import Move
from models.forms.known_terms import with_proposed_hours
from models.forms.step_form import form_of
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.messages.reply import Reply
from models.policy import Policy
from models.scheduling.bookings import Booking, BookingState, Hours, HoursAsked, are_hours, hold, hours_in
from models.scheduling.machine_lines import Span
from models.scheduling.outlook import Outlook, outlook_of
from models.scheduling.plan import Plan
from models.scheduling.what_if import if_it_rushes, if_it_stands
from models.values.errors import Code
from models.values.vocabulary import Role
from tests.models.life import MONDAY, PEOPLE, Life, heard, refused
from tests.models.test_machine_lines import BEGIN, PLAIN, at, job, line
from tests.models.test_schedule_plan import DAY, owed
from workflows.procedure import claim_of, claimed

FIVE = 5


def booked(
    order: str, begins: datetime, ends: datetime, state: BookingState = BookingState.FIRM, name: str = "L1"
) -> Booking:
    return Booking(order, 1, Hours(name, Span(begins, ends)), state, BEGIN)


def places(found: Plan) -> dict[str, tuple[datetime, datetime] | None]:
    return {
        key[0]: (each.proposal.begins, each.proposal.ends) if each.proposal is not None else None
        for key, each in found.placed.items()
    }


# --- the plan ------------------------------------------------------------------------------------------------------------


def test_what_has_hours_stays_in_them_and_the_rest_goes_around() -> None:
    """Though who is due first has none."""
    goods = [owed("1", DAY, 2), owed("2", DAY, 9), owed("3", DAY, 10)]
    plan = Plan(
        [line()], PLAIN, BEGIN, 1, [booked("3", at(1, 8), at(1, 17)), booked("2", at(3, 8), at(3, 17))]
    )
    assert places(plan.place_all(goods)) == {
        "1": (at(2, 8), at(2, 17)), "2": (at(3, 8), at(3, 17)), "3": (at(1, 8), at(1, 17)),
    }  # fmt: skip


def test_hours_of_an_order_that_is_not_dated_yet_are_nobody_elses() -> None:
    theirs = booked("9", at(1, 8), at(1, 17), BookingState.TENTATIVE)
    plan = Plan([line()], PLAIN, BEGIN, 1, [theirs], [theirs])
    assert places(plan.place_all([owed("1", DAY, 2)])) == {"1": (at(2, 8), at(2, 17))}
    assert plan.proposal_for(job(DAY)).begins == at(3, 8)


def test_who_is_late_in_their_hours_pushes_who_comes_after() -> None:
    """R153: the line stood, so the projected day of both is another; the promise is not."""
    goods = [owed("1", DAY, 3, 3), owed("2", DAY, 4, 4)]
    hours = [booked("1", at(1, 8), at(1, 17)), booked("2", at(2, 8), at(2, 17))]
    plan = Plan([line()], PLAIN, BEGIN, 1, hours).place_all(goods)
    found = if_it_stands(plan, goods, "L1", Span(at(1, 8), at(1, 12)))
    assert [(each.owed.order, each.after, each.endangers) for each in found.moved] == [
        ("1", at(3, 0).date(), False), ("2", at(4, 0).date(), False),
    ]  # fmt: skip
    rush = owed("0", DAY, 1, 1)
    rush = dataclasses.replace(rush, order="", line=0)
    assert if_it_rushes(plan, goods, rush).moved == [], "hours that are booked are nobody's to take"


def test_what_is_made_ahead_of_its_hours_keeps_them_and_what_is_left_takes_less() -> None:
    half = owed("1", "2400", 9)
    plan = Plan([line()], PLAIN, at(1, 10), 1, [booked("1", at(1, 8), at(1, 17))]).place_all([half])
    assert places(plan) == {"1": (at(1, 10), at(1, 15))}
    assert plan.proposal_for(job("800")).begins == at(2, 8)


def test_hours_of_a_line_that_is_gone_or_makes_it_no_more_are_none() -> None:
    goods = [owed("1", DAY, 9)]
    for plan in (
        Plan([line()], PLAIN, BEGIN, 1, [booked("1", at(3, 8), at(3, 17), name="gone")]),
        Plan(
            [line(), line("L2", products=frozenset())],
            PLAIN,
            BEGIN,
            1,
            [booked("1", at(3, 8), at(3, 17), name="L2")],
        ),
    ):
        assert places(plan.place_all(goods)) == {"1": (at(1, 8), at(1, 17))}


def test_tentative_hours_are_anybodys_after_their_days_and_firm_ones_never() -> None:
    hours = booked("1", at(9, 8), at(9, 17), BookingState.TENTATIVE)
    last = BEGIN + timedelta(days=FIVE)
    assert [hours.is_live(moment, FIVE) for moment in (BEGIN, last - timedelta(minutes=1), last)] == [
        True,
        True,
        False,
    ]
    assert hours.freed_at(FIVE) == last
    assert booked("1", at(9, 8), at(9, 17)).is_live(last, FIVE)
    assert not booked("1", at(9, 8), at(9, 17), BookingState.FREED).is_live(BEGIN, FIVE)
    assert Policy.model_validate({"schedule": {"booking_days": 3}}).schedule.booking_days == 3


def test_whether_hours_hold_the_work() -> None:
    """The worked example: 10,000 rolls at 800 an hour with an hour's set-up end Thursday 09:30 (R150)."""

    def hours(begins: datetime, ends: datetime) -> Hours:
        return Hours("L1", Span(begins, ends))

    others = [booked("1", at(1, 8), at(2, 12)), booked("2", at(2, 13), at(2, 17), name="L2")]
    assert hold(hours(at(2, 13), at(4, 9, 30)), line(), job(), others, PLAIN)
    assert not hold(hours(at(2, 13), at(4, 9, 29)), line(), job(), others, PLAIN), "a minute is missing"
    assert not hold(hours(at(2, 11), at(4, 17)), line(), job(), others, PLAIN), "an hour is another's"
    stands = line(downtimes=(Span(at(3, 8), at(3, 12)),))
    assert not hold(hours(at(2, 13), at(4, 9, 30)), stands, job(), others, PLAIN)


def test_hours_as_a_form_writes_them_lose_no_minute() -> None:
    odd = Span(at(1, 8, 10).replace(second=30), at(1, 9, 1).replace(microsecond=1))
    assert Hours.to_the_minute("L1", odd).span == Span(at(1, 8, 10), at(1, 9, 2))
    assert Hours.to_the_minute("L1", Span(at(1, 8), at(1, 9))).span == Span(at(1, 8), at(1, 9))


def test_what_is_asked_for_is_read_back_whatever_a_line_is_called() -> None:
    asked = HoursAsked(2, Hours("一号|hours:", Span(at(1, 8), at(1, 9))), BEGIN)
    assert are_hours(asked.key)
    assert hours_in(asked.key) == asked
    assert not are_hours("bank:tx-7")


# --- the answer ----------------------------------------------------------------------------------------------------------

HOURS = {
    "machine_line": "L1",
    "hours_from": "2027-03-02T08:00:00+08:00",
    "hours_until": "2027-03-03T17:00:00+08:00",
}


def technical(**changes: Any) -> Life:
    life = Life(**changes)
    for each in life.order.request.lines:
        life.decide(Subject.TECHNICAL, "producible", line=each.line, material_note="原纸充足")
    return life


def dated(life: Life, number: int | None = None, **changes: Any) -> Reply:
    detail: dict[str, Any] = {
        "production_date": "2027-03-02", "quantity": "1000", "finished_date": "2027-03-05", **HOURS, **changes,
    }  # fmt: skip
    said = {name: value for name, value in detail.items() if value is not None}
    return life.answer(Subject.PRODUCTION_DATE, "dated", line=number, **said)


def test_an_answer_names_hours_or_none_and_the_promise_is_the_same() -> None:
    with_hours, without = technical(), technical()
    heard(dated(with_hours))
    heard(dated(without, **dict.fromkeys(HOURS)))
    for life in (with_hours, without):
        life.decide(Subject.APPROVAL, "approve")
        assert life.promised == without.promised
    answer = with_hours.order.asked["production_date:1"].detail
    assert answer["machine_line"] == "L1"
    assert "machine_line" not in without.order.asked["production_date:1"].detail


@pytest.mark.parametrize(
    ("wrong", "code", "where"),
    [
        ({"machine_line": None}, Code.MISSING_FIELD, "machine_line"),
        ({"hours_from": None}, Code.MISSING_FIELD, "hours_from"),
        ({"hours_until": None, "hours_from": None}, Code.MISSING_FIELD, "hours_from"),
        ({"hours_until": "2027-03-02T08:00:00+08:00"}, Code.CONTRADICTION, "hours_until"),
        ({"hours_until": "2027-03-06T08:00:00+08:00"}, Code.CONTRADICTION, "finished_date"),
        (
            {"hours_from": "2027-02-01T08:00:00+08:00", "hours_until": "2027-02-02T08:00:00+08:00"},
            Code.DATE_IN_PAST,
            "hours_until",
        ),
        ({"hours_from": "2027-03-02T08:00:00"}, Code.MALFORMED, "hours_from"),
    ],
)
def test_hours_that_are_none_are_refused(wrong: dict[str, Any], code: Code, where: str) -> None:
    life = technical()
    reply = refused(dated(life, **wrong), code.value)
    assert reply.where == f"content.detail.{where}"
    assert life.order.asked["production_date:1"].outcome is None


def said(life: Life, **changes: Any) -> dict[str, Any]:
    """An answer as a program tells it."""
    detail = {"production_date": "2027-03-02", "quantity": "1000", "finished_date": "2027-03-05", **HOURS}
    content = {
        "subject": "production_date", "outcome": "dated", "line": 1, "note_reference": "N-1",
        "detail": {**detail, **changes},
    }  # fmt: skip
    return {
        "fact_id": "ma/1", "kind": DECISION, "by": PEOPLE["production"], "role": Role.PRODUCTION.value,
        "happened_at": life.now.isoformat(), "content": content,
    }  # fmt: skip


def asked(life: Life, **changes: Any) -> Claim | None:
    return claim_of(life.order, said(life, **changes), life.now)


def test_the_hours_are_asked_for_before_the_answer_is_taken() -> None:
    life = technical()
    claim = asked(life)
    assert claim is not None
    assert hours_in(claim.key) == HoursAsked(1, Hours("L1", Span(at(2, 8), at(3, 17))), MONDAY)
    claimed(life.order, claim, elsewhere=True)
    reply = refused(dated(life), Code.CAPACITY_TAKEN.value)
    assert reply.where == "content.detail.machine_line"
    assert "2027-03-02 08:00 – 2027-03-03 17:00" in (reply.zh or "")
    assert asked(life) == claim, "asked again, they may be free by now"
    claimed(life.order, claim, elsewhere=False)
    heard(dated(life))


def test_who_would_be_refused_or_names_none_asks_for_none() -> None:
    early = Life()
    assert asked(early) is None, "nobody is asked for it yet"
    life = technical()
    assert asked(life, hours_until=None) is None
    assert asked(life, finished_date="2027-03-01") is None
    assert asked(life, quantity="1") is None
    nothing = said(life)
    for name in HOURS:
        del nothing["content"]["detail"][name]
    assert claim_of(life.order, nothing, life.now) is None
    assert claim_of(life.order, {**said(life), "role": "finance"}, life.now) is None
    assert claim_of(life.order, {**said(life), "content": 7}, life.now) is None
    heard(dated(life))
    assert asked(life) is None, "it is decided"


def test_days_that_are_lost_move_no_hours() -> None:
    """R34 keeps its own rule: promise and finish move, what is booked stands."""
    life = technical()
    heard(dated(life))
    life.decide(Subject.APPROVAL, "approve").sheet_out()
    before = life.promised
    life.later(days=3)
    assert life.promised is not None
    assert before is not None
    assert life.promised > before
    assert life.order.asked["production_date:1"].detail["hours_from"] == HOURS["hours_from"]


# --- the form ------------------------------------------------------------------------------------------------------------


def test_productions_form_holds_the_hours_that_are_proposed() -> None:
    move = Move(fact=DECISION, subject="production_date", line="1", outcomes="dated")
    form = form_of(move)
    assert form is not None
    goods = owed("1", "10000", 9)
    plan = Plan([line()], PLAIN, BEGIN, 1, [], [booked("0", at(1, 8), at(2, 12))]).place_all([goods])
    filled = {
        each.path: each.preset for each in with_proposed_hours(form, {1: outlook_of(plan, goods, [])}).fields
    }
    assert (filled["detail.machine_line"], filled["detail.hours_from"], filled["detail.hours_until"]) == (
        "L1", "2027-03-02T13:00", "2027-03-04T09:30",
    )  # fmt: skip
    paths = {each.path for each in with_proposed_hours(form, {}).fields}
    assert paths == {
        f"detail.{each}" for each in ("production_date", "quantity", "finished_date", "clauses_confirmed")
    }
    nowhere = {each.path: each.preset for each in with_proposed_hours(form, {1: Outlook()}).fields}
    assert nowhere["detail.machine_line"] == ""
