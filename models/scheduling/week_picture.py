"""A week of the plan as a picture: per line its hours, when it stands, and the orders on it as bars; late ones marked (R150, R153). Pure.

Measures are whole units of the drawing; a day is as wide as the hours in which any line runs on any day of its week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile

from models.scheduling.machine_lines import MachineLine, Span
from models.scheduling.plan import Placed, Plan
from models.values.calendar import BUSINESS_ZONE, ONE_DAY, business_date

DAYS = 7
DAY_WIDTH = 140
ROW_HEIGHT = 46
_WHOLE_DAY = (0, 24)


@dataclass(frozen=True, slots=True)
class Block:
    """Where something stands in its row."""

    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Goods on one day of a line."""

    block: Block
    placed: Placed


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One line in the week."""

    line: MachineLine
    hours: Sequence[Block]
    down: Sequence[Block]
    bars: Sequence[Bar]
    placed: Sequence[Placed]
    """What is on it in this week, by its first hour."""


@dataclass(frozen=True, slots=True)
class WeekPicture:
    """The whole week. `first_hour` and `last_hour`: what of each day is drawn."""

    days: Sequence[date]
    first_hour: int
    last_hour: int
    rows: Sequence[PictureRow]


def week_picture(plan: Plan, monday: date) -> WeekPicture:
    """The week from a Monday on."""
    days = [monday + number * ONE_DAY for number in range(DAYS)]
    week = Span(_midnight(monday), _midnight(monday + DAYS * ONE_DAY))
    first, last = _hours_drawn(plan.lines)
    scale = _Scale(monday, first, last)
    rows = [_row(plan, line, week, scale) for line in plan.lines]
    return WeekPicture(days, first, last, rows)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BUSINESS_ZONE)


def _hours_drawn(lines: Sequence[MachineLine]) -> tuple[int, int]:
    shifts = [shift for line in lines for day in line.week for shift in day]
    if not shifts:
        return _WHOLE_DAY
    first = min(shift.begins.hour for shift in shifts)
    last = max(24 if shift.till_midnight else shift.ends.hour + (shift.ends.minute > 0) for shift in shifts)
    return first, last


@dataclass(frozen=True, slots=True)
class _Scale:
    monday: date
    first: int
    last: int

    def block(self, span: Span) -> Block:
        begins, ends = self._x(span.begins, at_end=False), self._x(span.ends, at_end=True)
        return Block(begins, max(ends - begins, 2))

    def _x(self, moment: datetime, *, at_end: bool) -> int:
        local = moment.astimezone(BUSINESS_ZONE)
        day = (local.date() - self.monday).days
        minutes = local.hour * 60 + local.minute
        if at_end and minutes == 0:
            day, minutes = day - 1, 24 * 60
        within = min(max(minutes - self.first * 60, 0), (self.last - self.first) * 60)
        return day * DAY_WIDTH + within * DAY_WIDTH // ((self.last - self.first) * 60)


def _row(plan: Plan, line: MachineLine, week: Span, scale: _Scale) -> PictureRow:
    hours = [
        each
        for number in range(DAYS)
        for each in line.shifts_on(business_date(week.begins) + number * ONE_DAY, plan.calendar)
    ]
    runs = list(takewhile(lambda span: span.begins < week.ends, line.hours_from(week.begins, plan.calendar)))
    placed = sorted(
        (
            each
            for each in plan.placed.values()
            if each.proposal is not None
            and each.proposal.line == line.line
            and each.proposal.span.meets(week)
        ),
        key=lambda each: each.proposal.begins if each.proposal is not None else week.begins,
    )
    down = [each for span in line.downtimes if span.meets(week) for each in _by_day(_within(span, week))]
    bars = [Bar(scale.block(span), each) for each in placed for span in _worked_days(each, runs)]
    return PictureRow(
        line, [scale.block(each) for each in hours], [scale.block(each) for each in down], bars, placed
    )  # fmt: skip


def _within(span: Span, outer: Span) -> Span:
    return Span(max(span.begins, outer.begins), min(span.ends, outer.ends))


def _by_day(span: Span) -> list[Span]:
    """The span, parted at each midnight."""
    found, begins = [], span.begins
    while begins < span.ends:
        ends = min(span.ends, _midnight(business_date(begins) + timedelta(days=1)))
        found.append(Span(begins, ends))
        begins = ends
    return found


def _worked_days(placed: Placed, runs: Sequence[Span]) -> list[Span]:
    """From the first to the last hour that goods have on each day; the night between is none of theirs."""
    assert placed.proposal is not None  # noqa: S101 - only what has a place is drawn
    own, found = placed.proposal.span, dict[date, Span]()
    for run in runs:
        if run.meets(own):
            part = _within(run, own)
            day = business_date(part.begins)
            known = found.get(day, part)
            found[day] = Span(known.begins, part.ends)
    return list(found.values())
