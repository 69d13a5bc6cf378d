"""How far a projected day can be trusted (R152)."""

from __future__ import annotations

from datetime import date

import pytest

from models.scheduling.confidence import Confidence, Trust, confidence, days_late
from models.values.calendar import Calendar

FRIDAY, MONDAY, TUESDAY = date(2027, 3, 5), date(2027, 3, 8), date(2027, 3, 9)
PLAIN = Calendar()


def test_of_twenty_sixteen_were_on_time_three_a_day_late_and_one_four() -> None:
    late = [0] * 16 + [1] * 3 + [4]
    assert confidence(late, FRIDAY, PLAIN) == Confidence(Trust(FRIDAY, 80), Trust(MONDAY, 95))
    assert confidence(late[::-1], FRIDAY, PLAIN) == Confidence(Trust(FRIDAY, 80), Trust(MONDAY, 95))


@pytest.mark.parametrize("count", [0, 1, 9])
def test_fewer_than_ten_say_nothing(count: int) -> None:
    assert confidence([0] * count, FRIDAY, PLAIN) is None


def test_ten_say_something_and_the_ninth_of_ten_is_ninety_per_cent() -> None:
    assert confidence([0] * 9 + [9], FRIDAY, PLAIN) == Confidence(Trust(FRIDAY, 90), Trust(FRIDAY, 90))
    assert confidence([0] * 8 + [2, 9], FRIDAY, PLAIN) == Confidence(Trust(FRIDAY, 80), Trust(TUESDAY, 90))


def test_an_early_order_counts_as_on_time_and_only_the_last_fifty_count() -> None:
    assert confidence([-3] * 10, FRIDAY, PLAIN) == Confidence(Trust(FRIDAY, 100), Trust(FRIDAY, 100))
    assert confidence([0] * 50 + [9] * 50, FRIDAY, PLAIN) == Confidence(
        Trust(FRIDAY, 100), Trust(FRIDAY, 100)
    )


def test_days_are_working_days() -> None:
    closed = Calendar(holidays=frozenset({MONDAY}), years=(2027,))
    found = confidence([0] * 8 + [1] * 2, FRIDAY, closed)
    assert found is not None
    assert found.nearly_sure == Trust(TUESDAY, 100)


@pytest.mark.parametrize(
    ("due", "finished", "late"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, date(2027, 3, 7), 0),
        (FRIDAY, MONDAY, 1),
        (FRIDAY, TUESDAY, 2),
        (TUESDAY, FRIDAY, 0),
    ],
)
def test_days_late_are_working_days(due: date, finished: date, late: int) -> None:
    """R152: a weekend between is no delay; early is on time."""
    assert days_late(due, finished, PLAIN) == late
