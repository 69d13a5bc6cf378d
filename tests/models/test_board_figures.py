"""Of which days a figure is, how old balances are, and how long the bars are: by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from models.figures.ageing import Age, Owed, age_of, aged
from models.figures.charts import HEIGHT, columns, parts_of_hundred
from models.figures.periods import COMPARED, Days, Span, days_of, weeks_up_to
from models.values.calendar import at

WEDNESDAY = date(2027, 3, 3)


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.TODAY, date(2027, 3, 3), date(2027, 3, 3)),
        (Span.BEFORE_TODAY, date(2027, 3, 2), date(2027, 3, 2)),
        (Span.WEEK, date(2027, 3, 1), date(2027, 3, 7)),
        (Span.BEFORE_WEEK, date(2027, 2, 22), date(2027, 2, 28)),
        (Span.MONTH, date(2027, 3, 1), date(2027, 3, 31)),
        (Span.BEFORE_MONTH, date(2027, 2, 1), date(2027, 2, 28)),
        (Span.QUARTER, date(2026, 12, 7), date(2027, 3, 7)),
    ],
)
def test_each_span_has_its_days(span: Span, first: date, last: date) -> None:
    assert days_of(span, WEDNESDAY) == Days(first, last)


def test_a_day_begins_and_ends_at_midnight_of_business_time() -> None:
    window = days_of(Span.TODAY, WEDNESDAY).window
    assert (window.since, window.until) == (at(WEDNESDAY, 0), at(WEDNESDAY + timedelta(days=1), 0))


@pytest.mark.parametrize(
    "today", [date(2027, 1, 1), date(2027, 2, 28), date(2028, 2, 29), date(2027, 12, 31)]
)
def test_the_span_before_ends_where_the_span_begins(today: date) -> None:
    for now, before in COMPARED:
        assert days_of(before, today).last + timedelta(days=1) == days_of(now, today).first
        assert days_of(now, today).first <= today <= days_of(now, today).last


def test_thirteen_weeks_follow_each_other_and_end_with_the_week_of_today() -> None:
    weeks = weeks_up_to(WEDNESDAY)
    assert (len(weeks), weeks[0].first, weeks[-1]) == (13, date(2026, 12, 7), days_of(Span.WEEK, WEDNESDAY))
    assert all(b.first - a.last == timedelta(days=1) for a, b in pairwise(weeks))


@pytest.mark.parametrize(
    ("days", "age"),
    [(-1, Age.NOT_YET), (0, Age.TO_30), (30, Age.TO_30), (31, Age.TO_60), (60, Age.TO_60), (61, Age.TO_90),
     (90, Age.TO_90), (91, Age.OLDER), (1000, Age.OLDER)],
)  # fmt: skip
def test_an_age_is_counted_in_days_from_when_it_is_asked_for(days: int, age: Age) -> None:
    assert age_of(WEDNESDAY - timedelta(days=days), WEDNESDAY) is age
    assert age_of(None, WEDNESDAY) is Age.NOT_YET


def test_balances_add_up_and_who_owes_most_of_what_is_due_stands_first() -> None:
    since = WEDNESDAY - timedelta(days=40)
    owed = [
        Owed("1", "K1", "甲", Decimal("100.10"), since),
        Owed("2", "K2", "乙", Decimal("99999.00")),
        Owed("3", "K1", "甲", Decimal("0.05"), WEDNESDAY),
        Owed("4", "K3", "丙", Decimal("200.00"), since),
    ]
    everything, customers = aged(owed, WEDNESDAY)
    assert (everything.orders, everything.total, everything.due) == (
        4,
        Decimal("100299.15"),
        Decimal("300.15"),
    )
    assert [each.customer for each in customers] == ["K3", "K1", "K2"]
    assert customers[1].amounts[Age.TO_60] == Decimal("100.10")
    assert sum((each.total for each in customers), Decimal(0)) == everything.total


def test_the_longest_bar_is_a_hundred_and_a_little_one_is_seen() -> None:
    assert parts_of_hundred([Decimal(500), Decimal(1), Decimal(0), Decimal(250)]) == [100, 1, 0, 50]
    assert parts_of_hundred([0, 0]) == [0, 0]
    assert parts_of_hundred([]) == []


def test_columns_stand_on_one_foot_side_by_side() -> None:
    drawn = columns([Decimal(1), None, Decimal("0.5")], ["a", "b", "c"])
    assert [each.label for each in drawn] == ["a", "b", "c"]
    assert {each.y + each.height for each in drawn} == {HEIGHT - 22}
    assert [each.height for each in drawn] == [128, 0, 64]
    assert drawn[0].x < drawn[1].x < drawn[2].x
    assert columns([], []) == []
