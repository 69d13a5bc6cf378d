"""How far a projected day can be trusted: by how many working days the last orders of the kind were late (R152). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from models.values.calendar import ONE_DAY, Calendar

LAST_ORDERS = 50
"""How many finished orders of product type and line are looked at."""
FEWEST = 10
"""Fewer say nothing."""
AIMED_AT = 90
"""Per cent."""


@dataclass(frozen=True, slots=True)
class Trust:
    """A day, and of how many in a hundred orders the goods were finished by such a day."""

    day: date
    percent: int


@dataclass(frozen=True, slots=True)
class Confidence:
    """The projected day with its share, and the first day that reaches 90 % with its own."""

    projected: Trust
    nearly_sure: Trust


def confidence(days_late: Sequence[int], projected: date, calendar: Calendar) -> Confidence | None:
    """What the last orders say of this day; None where there are fewer than ten.

    `days_late`: working days, the newest first; an order that was early counts as on time.
    """
    seen = sorted(max(days, 0) for days in days_late[:LAST_ORDERS])
    if len(seen) < FEWEST:
        return None
    rank = -(-AIMED_AT * len(seen) // 100)  # nearest rank: rounded up
    late = seen[rank - 1]
    return Confidence(
        Trust(projected, _share(seen, 0)),
        Trust(calendar.working_days_after(projected, late), _share(seen, late)),
    )


def days_late(due: date, finished: date, calendar: Calendar) -> int:
    """By how many working days goods were finished after the day named for them; 0 where they were not late."""
    late = 0
    while due < finished:
        due += ONE_DAY
        late += calendar.is_working_day(due)
    return late


def _share(seen: Sequence[int], days: int) -> int:
    within = Decimal(100 * sum(each <= days for each in seen)) / len(seen)
    return int(within.quantize(Decimal(1), rounding=ROUND_HALF_UP))
