"""Business days: +08:00, the end of the day, working days over weekends, holidays, month and year ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.calendar import BUSINESS_ZONE, Calendar, at, business_date, end_of

CALENDAR = Calendar(
    holidays=frozenset({date(2027, 1, 1), date(2027, 10, 1)}),
    make_up_days=frozenset({date(2027, 1, 3)}),
    years=(2027,),
)


def test_the_business_day_begins_at_sixteen_utc() -> None:
    assert business_date(datetime(2027, 3, 1, 15, 59, tzinfo=UTC)) == date(2027, 3, 1)
    assert business_date(datetime(2027, 3, 1, 16, 0, tzinfo=UTC)) == date(2027, 3, 2)


def test_a_day_may_end_earlier() -> None:
    """R34: with the day ending at 17:30, what comes at 17:30 belongs to the next day."""
    half_past_five = 17 * 60 + 30
    assert business_date(at(date(2027, 3, 1), 17, 29), half_past_five) == date(2027, 3, 1)
    assert business_date(at(date(2027, 3, 1), 17, 30), half_past_five) == date(2027, 3, 2)
    assert end_of(date(2027, 3, 1), half_past_five) == at(date(2027, 3, 1), 17, 30)


@given(st.integers(0, 20 * 366 * 24 * 60), st.integers(1, 24 * 60))
def test_a_day_is_over_when_it_ends_and_not_before(minutes: int, end: int) -> None:
    aware = datetime(2020, 1, 1, tzinfo=BUSINESS_ZONE) + timedelta(minutes=minutes)
    day = business_date(aware, end)
    assert end_of(day, end) > aware
    assert end_of(day - timedelta(days=1), end) <= aware


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2027, 1, 1), False),
        (date(2027, 1, 2), False),
        (date(2027, 1, 3), True),
        (date(2027, 1, 4), True),
        (date(2090, 5, 1), True),
        (date(2090, 5, 6), False),
    ],
)
def test_holidays_and_make_up_days_differ_from_the_plain_week(day: date, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


def test_working_days_step_over_year_ends() -> None:
    assert CALENDAR.days_after(date(2026, 12, 31), 1, working=True) == date(2027, 1, 3)
    assert CALENDAR.days_after(date(2026, 12, 31), 1, working=False) == date(2027, 1, 1)
    assert CALENDAR.working_days_after(date(2026, 12, 31), 0) == date(2026, 12, 31)
