"""Of which days a figure is: today, this week, this month, the one before, and the weeks up to now. Business days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.reports.report import Window
from models.values.calendar import ONE_DAY, at, end_of
from models.values.vocabulary import Term

WEEKS_SHOWN = 13
"""A quarter of a year: so far back punctuality and its causes are shown."""
_WEEK = timedelta(days=7)


class Span(Term):
    """How long a time a figure is of."""

    TODAY = "today", "今日", "today"
    WEEK = "week", "本周", "this week"
    MONTH = "month", "本月", "this month"
    BEFORE_TODAY = "before_today", "昨日", "yesterday"
    BEFORE_WEEK = "before_week", "上周", "last week"
    BEFORE_MONTH = "before_month", "上月", "last month"
    QUARTER = "quarter", "近 13 周", "the last 13 weeks"


COMPARED = (
    (Span.TODAY, Span.BEFORE_TODAY),
    (Span.WEEK, Span.BEFORE_WEEK),
    (Span.MONTH, Span.BEFORE_MONTH),
)
"""Each beside the whole one before it."""


@dataclass(frozen=True, slots=True)
class Days:
    """Whole business days, both included."""

    first: date
    last: date

    @property
    def window(self) -> Window:
        """The same as moments: from the first midnight up to before the last."""
        return Window(since=at(self.first, 0), until=end_of(self.last))


def days_of(span: Span, today: date) -> Days:
    """The days of a span, seen from this one; what has not come yet is in it and counts nothing."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    last_month = first - ONE_DAY
    match span:
        case Span.TODAY:
            return Days(today, today)
        case Span.BEFORE_TODAY:
            return Days(today - ONE_DAY, today - ONE_DAY)
        case Span.WEEK:
            return Days(monday, monday + _WEEK - ONE_DAY)
        case Span.BEFORE_WEEK:
            return Days(monday - _WEEK, monday - ONE_DAY)
        case Span.MONTH:
            return Days(first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY)
        case Span.BEFORE_MONTH:
            return Days(last_month.replace(day=1), last_month)
        case _:
            return Days(monday - (WEEKS_SHOWN - 1) * _WEEK, monday + _WEEK - ONE_DAY)


def weeks_up_to(today: date, count: int = WEEKS_SHOWN) -> list[Days]:
    """The last weeks, Monday to Sunday, the oldest first; the last one is the week of today."""
    monday = today - timedelta(days=today.weekday())
    mondays = (monday - ago * _WEEK for ago in range(count - 1, -1, -1))
    return [Days(each, each + _WEEK - ONE_DAY) for each in mondays]
