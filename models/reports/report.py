"""What a report says and for which day it is made. Plain data, plain text; pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from models.dossier.papers_due import Paper
from models.values.calendar import BUSINESS_ZONE, ONE_DAY, Calendar, at, business_date
from models.values.vocabulary import Language, Role, Term, Words
from models.writing.amounts_in_texts import amounts_apart

Cell = str | int | Decimal | date | None
_A_MOMENT = timedelta(seconds=1)
_FAR = 60
"""Days a weekly or monthly day is looked for: longer than any month or holiday."""


class ReportKind(Term):
    """Reports that are made for a business day."""

    WATCH_LIST = "watch_list", "关注清单", "watch list"
    TRACKING_NUMBERS = "tracking_numbers", "当日运输单号", "tracking numbers of the day"
    WEEKLY_STATISTICS = "weekly_statistics", "发货周报", "weekly statistics of shipped orders"
    MONTHLY_ARCHIVE = "monthly_archive", "销售发货单月归档", "delivery notes of the month"
    RESPONSIBILITY = "responsibility_report", "责任报告", "responsibility report"
    DEMAND = "weekly_demand", "网店需求周报", "weekly demand of the shop"
    DURATIONS = "step_durations", "环节用时月报", "how long steps took in the month"


PAPERS: dict[ReportKind, tuple[Paper, str, tuple[Role, ...]]] = {
    ReportKind.WATCH_LIST: (Paper.WATCH_LIST, "R13", (Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR)),
    ReportKind.TRACKING_NUMBERS: (Paper.TRACKING_NUMBERS, "R73", (Role.SALESPERSON, Role.SERVICE_CLERK)),
    ReportKind.WEEKLY_STATISTICS: (Paper.STATISTICS, "R73", (Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR)),
    ReportKind.MONTHLY_ARCHIVE: (Paper.ARCHIVE, "R79", (Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR)),
    ReportKind.RESPONSIBILITY: (
        Paper.RESPONSIBILITY,
        "R86",
        (Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR),
    ),
    ReportKind.DEMAND: (Paper.DEMAND, "R126", (Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR)),
    ReportKind.DURATIONS: (
        Paper.DURATIONS,
        "R126",
        (Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR),
    ),
}
"""As which paper each goes out, by which rule, to whom."""

CUT_OFF: dict[ReportKind, tuple[int, int]] = {
    ReportKind.TRACKING_NUMBERS: (17, 30),
    ReportKind.WEEKLY_STATISTICS: (17, 0),
    ReportKind.DEMAND: (17, 0),
}
"""What happens after this time of the day is in the next report, so that nothing falls between two."""


_OF_A_WEEK = (ReportKind.WEEKLY_STATISTICS, ReportKind.DEMAND)
OF_A_MONTH = (ReportKind.MONTHLY_ARCHIVE, ReportKind.RESPONSIBILITY, ReportKind.DURATIONS)
"""Of the calendar month before."""


class Window(BaseModel):
    """What a report speaks of: from the first moment on, up to before the last. UTC."""

    since: datetime
    until: datetime

    def of_months(self) -> str:
        """The months that it covers as text, for the title."""
        first, last = (business_date(each) for each in (self.since, self.until - _A_MOMENT))
        return (
            f"{first:%Y-%m}"
            if (first.year, first.month) == (last.year, last.month)
            else f"{first:%Y-%m} – {last:%Y-%m}"
        )

    def of_moments(self) -> str:
        """From when to when, to the minute: a report ends at an hour and not with the day."""
        first, last = (each.astimezone(BUSINESS_ZONE) for each in (self.since, self.until))
        return f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M}"


def due_day(kind: ReportKind, day: date, calendar: Calendar) -> date | None:
    """The latest day, up to this one, on which this report is due; None: not on this day, and it is not made up for.

    Daily ones are due on working days; the weekly one on the last working day of its week; monthly ones on the first
    working day. A weekly or monthly day that was missed is still found later.
    """
    if kind in (ReportKind.WATCH_LIST, ReportKind.TRACKING_NUMBERS):
        return day if calendar.is_working_day(day) else None
    is_due = _ends_week if kind in _OF_A_WEEK else _begins_month
    candidates = (day - n * ONE_DAY for n in range(_FAR))
    return next((each for each in candidates if is_due(each, calendar)), None)


def _ends_week(day: date, calendar: Calendar) -> bool:
    rest = (day + n * ONE_DAY for n in range(1, 7 - day.weekday()))
    return calendar.is_working_day(day) and not any(calendar.is_working_day(each) for each in rest)


def _begins_month(day: date, calendar: Calendar) -> bool:
    before = (day.replace(day=n) for n in range(1, day.day))
    return calendar.is_working_day(day) and not any(calendar.is_working_day(each) for each in before)


def window_of(kind: ReportKind, day: date, calendar: Calendar, made: date | None = None) -> Window:
    """What the report of this due day speaks of: since the last one that was made, by its due day.

    Where none was made yet, since the one that was due before, or the month before.
    """
    until = _ends(kind, day)
    if made is not None:
        return Window(since=_ends(kind, made), until=until)
    if kind in OF_A_MONTH:
        return Window(since=at((day.replace(day=1) - ONE_DAY).replace(day=1), 0), until=until)
    earlier = (due_day(kind, day - n * ONE_DAY, calendar) for n in range(1, _FAR))
    before = next((each for each in earlier if each is not None), day - _FAR * ONE_DAY)
    return Window(since=_ends(kind, before), until=until)


def _ends(kind: ReportKind, day: date) -> datetime:
    return at(day.replace(day=1), 0) if kind in OF_A_MONTH else at(day, *CUT_OFF.get(kind, (0, 0)))


class Entry(BaseModel):
    """One line: an order and what is to be said of it; `cells` is the same in the columns of its section."""

    order: str
    customer: str
    zh: str
    en: str
    cells: list[Cell] = []


class Column(BaseModel):
    """The heading of a column."""

    zh: str
    en: str


class Section(BaseModel):
    """Lines of one kind under one heading: sentences about orders, or a table."""

    zh: str
    en: str
    rule: str
    entries: list[Entry] = []
    columns: list[Column] = []
    rows: list[list[Cell]] = []

    @property
    def count(self) -> int:
        """How many lines it has."""
        return len(self.entries) + len(self.rows)


class Report(BaseModel):
    """A report. Sections without lines are said to be empty: nobody need wonder."""

    kind: ReportKind
    day: date
    period: str = ""
    """What it speaks of, where that is not the day."""
    sections: list[Section]

    @property
    def count(self) -> int:
        """How many lines it has."""
        return sum(section.count for section in self.sections)

    def title(self, language: Language) -> str:
        """Its first line."""
        return f"{self.kind.label(language)} {self.period or self.day.isoformat()}"

    def text(self, language: Language) -> str:
        """The report as it is posted or printed."""
        lines = [self.title(language)]
        for section in self.sections:
            title = Words(section.zh, section.en).in_language(language)
            lines += ["", f"{title} [{section.rule}]({section.count})"]
            for entry in section.entries:
                said = amounts_apart(Words(entry.zh, entry.en).in_language(language))
                lines.append("  " + "  ".join(part for part in (entry.order, entry.customer, said) if part))
            if section.rows:
                lines.append(
                    "  " + " | ".join(Words(c.zh, c.en).in_language(language) for c in section.columns)
                )
                lines += ["  " + " | ".join(shown(cell) for cell in row) for row in section.rows]
            if not section.count:
                lines.append(Words(" （无）", "  (none)").in_language(language))
        return "\n".join(lines) + "\n"


def shown(cell: Any) -> str:
    """A cell as text."""
    if isinstance(cell, Decimal):
        return f"{cell:,f}"
    return "-" if cell is None or cell == "" else amounts_apart(str(cell))
