"""Whom machine lines need while they run, and on which days people are short for the plan (R150)."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest

from models.absences import Absence
from models.scheduling.bookings import Booking, BookingState, Hours
from models.scheduling.crews import Need, needs_of, needs_text
from models.scheduling.machine_lines import MachineLine, Shift, Span
from models.scheduling.outlook import outlook_of
from models.scheduling.people import House, Worker, days_of, shortages
from models.scheduling.plan import Owed, Plan
from models.values.words import InvalidValue
from tests.models.test_machine_lines import BEGIN, PLAIN, at, line
from tests.models.test_schedule_plan import DAY, owed

MONDAY, TUESDAY, WEDNESDAY = (date(2027, 3, day) for day in (1, 2, 3))


def manned(name: str = "L1", *needs: Need, **changed: object) -> MachineLine:
    return dataclasses.replace(line(name), needs=needs or (Need("机长", 1),), **changed)  # type: ignore[arg-type]


def planned(*goods: Owed, lines: tuple[MachineLine, ...]) -> Plan:
    return Plan(lines, PLAIN, BEGIN, 1).place_all(goods)


def worker(name: str, *trades: str, away: tuple[date, date | None] | None = None) -> Worker:
    absences = (Absence(person=name, first_day=away[0], last_day=away[1]),) if away else ()
    return Worker(name, frozenset(trades), absences)


def said(plan: Plan, *workers: Worker, shift: int = 8) -> list[tuple[date, str, int, int, int]]:
    found = shortages(plan, House(workers, timedelta(hours=shift)))
    return [dataclasses.astuple(each) for each in found]


# --- as it is typed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        ("机长 1", "机长 1"),
        ("机长1人，操作工：2人", "机长 1、操作工 2"),
        ("机长 １；操作工×12", "机长 1、操作工 12"),
        ("lead operator 1, helper 2", "lead operator 1、helper 2"),
    ],
)
def test_a_crew_is_trades_with_how_many_people(typed: str, kept: str) -> None:
    """R150"""
    assert needs_text(needs_of(typed)) == kept
    assert needs_of(kept) == needs_of(typed)


@pytest.mark.parametrize(
    "typed", ["机长", "2", "机长 0", "机长 100", "机长 -1", "机长 1、机长 2", "机长 1.5", "1 机长"]
)
def test_what_is_no_crew_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue):
        needs_of(typed)


# --- day by day ------------------------------------------------------------------------------------------------------


def test_a_line_that_names_nobody_asks_for_nobody() -> None:
    assert said(planned(owed("1", DAY, 2), lines=(line(),))) == []


def test_one_who_is_away_is_missed_on_the_days_of_the_plan_alone() -> None:
    """R150: two days of work, the only one who can is away on the second and third."""
    plan = planned(owed("1", DAY, 2), owed("2", DAY, 3), lines=(manned(),))
    ma = worker("ma", "机长", away=(TUESDAY, WEDNESDAY))
    assert said(plan, ma) == [(TUESDAY, "机长", 1, 0, 1)]
    assert said(plan, ma, worker("li", "机长")) == []
    assert said(plan, worker("ma", "机长", away=(TUESDAY, None))) == [(TUESDAY, "机长", 1, 0, 1)]


def test_nobody_of_the_trade_is_told_as_missing() -> None:
    plan = planned(owed("1", DAY, 2), lines=(manned("L1", Need("机长", 1), Need("操作工", 2)),))
    assert said(plan, worker("ma", "质检")) == [(MONDAY, "操作工", 2, 0, 2), (MONDAY, "机长", 1, 0, 1)]


def test_two_lines_at_one_moment_need_two_and_one_after_the_other_need_one() -> None:
    """R150: at most so many at one moment; half a shift each is one person's day."""
    both = planned(owed("1", "2400", 2), owed("2", "2400", 2), lines=(manned("A"), manned("B")))
    assert said(both, worker("ma", "机长")) == [(MONDAY, "机长", 2, 1, 1)]
    afternoon = manned(
        "B", week=((Shift(at(1, 13).time(), at(1, 17).time()),),) * 7, products=frozenset({"P"})
    )
    turns = planned(owed("1", "2400", 2), owed("2", "2400", 2, product="P"), lines=(manned("A"), afternoon))
    assert said(turns, worker("ma", "机长")) == []


def test_nobody_stands_there_longer_than_a_shift() -> None:
    """R150: a line that runs round the clock needs three, though one at a moment."""
    always = manned("A", week=((Shift(at(1, 0).time(), at(1, 0).time()),),) * 7, rate=Decimal(100))
    plan = planned(owed("1", "1500", 2), lines=(always,))  # sixteen hours from eight
    assert said(plan, worker("ma", "机长")) == [(MONDAY, "机长", 2, 1, 1)]
    assert said(plan, worker("ma", "机长"), shift=16) == []


def test_who_has_two_trades_stands_at_one_place_where_the_fewest_are_missed() -> None:
    plan = planned(owed("1", DAY, 2), lines=(manned("L1", Need("机长", 1), Need("操作工", 1)),))
    both, helper = worker("ma", "机长", "操作工"), worker("li", "操作工")
    assert said(plan, both, helper) == []
    assert said(plan, helper, both) == []
    assert said(plan, both) == [(MONDAY, "机长", 1, 1, 1)]
    (found,) = shortages(plan, House((both,)))
    assert found.words.zh == "机长 缺 1 人（需 1，在岗 1，其中 1 人在另一工种）"
    assert found.words.en == "机长: 1 short (1 needed, 1 there, 1 of them in another trade)"


def test_hours_that_are_booked_for_goods_without_a_day_need_people_too() -> None:
    booking = Booking("9", 1, Hours("L1", Span(at(2, 8), at(2, 12))), BookingState.TENTATIVE, BEGIN)
    plan = Plan([manned()], PLAIN, BEGIN, 1, [booking], [booking]).place_all([])
    assert said(plan) == [(TUESDAY, "机长", 1, 0, 1)]


def test_a_holiday_between_needs_nobody() -> None:
    plan = planned(
        owed("1", DAY, 5), owed("2", DAY, 5), lines=(manned(downtimes=(Span(at(2, 0), at(3, 0)),)),)
    )
    assert [each[0] for each in said(plan)] == [MONDAY, WEDNESDAY]


# --- the proposal ----------------------------------------------------------------------------------------------------


def test_a_proposal_says_where_people_are_short_for_it_and_stays_where_it_is() -> None:
    """R150: production decides; nothing is moved."""
    goods = owed("1", DAY, None), owed("2", DAY, None)
    plan = planned(*goods, lines=(manned(),))
    away = House((worker("ma", "机长", away=(TUESDAY, TUESDAY)),))
    first, second = (outlook_of(plan, each, [], away) for each in goods)
    assert (first.people, [each.day for each in second.people or ()]) == ((), [TUESDAY])
    assert second.proposal is not None
    assert second.proposal.begins == at(2, 8)
    unmanned = planned(goods[0], lines=(line(),))
    assert outlook_of(unmanned, goods[0], [], away).people is None


def test_days_stand_together_and_say_how_many() -> None:
    plan = planned(owed("1", DAY, 2), lines=(manned("L1", Need("机长", 1), Need("操作工", 2)),))
    ((day, both),) = days_of(shortages(plan, House((worker("li", "操作工"),))))
    assert day == MONDAY
    assert [each.words.zh for each in both] == [
        "操作工 缺 1 人（需 2，在岗 1）",
        "机长 缺 1 人（需 1，在岗 0）",
    ]
