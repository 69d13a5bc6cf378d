"""The business calendar of a year as it counts: the announced days of the library, and the company's own, which win."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chinese_calendar import get_holiday_detail, holidays, workdays
from sqlalchemy import Engine, delete, select

from activities.company.records import keep_changed, keep_new
from activities.store.company_changes import Changed, Teller, enter_changes
from activities.store.database import reading, writing
from activities.store.imports import CalendarDayRow
from models.company.record_changes import RecordKind
from models.tables.registry import table
from models.values.vocabulary import Words

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A day that differs from the plain week; `own`: the company's own word, which wins."""

    day: date
    working: bool
    name: str
    own: bool


def days_of(engine: Engine, year: int) -> tuple[Sequence[CalendarLine], bool]:
    """The days of a year that differ from the plain week; and whether that year's holidays are announced at all."""
    days = table("calendar_days")
    query = select(days).where(days.c.day >= date(year, 1, 1), days.c.day <= date(year, 12, 31))
    with reading(engine) as connection:
        own = {
            row.day: CalendarLine(row.day, row.working, row.name, own=True)
            for row in connection.execute(query)
        }
    announced = {
        day: CalendarLine(day, working, _name(day), own=False)
        for known, working in ((holidays, False), (workdays, True))
        for day in known
        if day.year == year and (working or day.weekday() < _SATURDAY)
    }
    found = announced | own
    return [found[day] for day in sorted(found)], any(day.year == year for day in holidays)


def _name(day: date) -> str:
    return str(get_holiday_detail(day)[1] or "")


def keep_day(
    engine: Engine, row: CalendarDayRow, seen: int | None, teller: Teller, words_of: Mapping[str, Words]
) -> None:
    """Enter a day of the company's own (`seen` None), or change one. Raises Refusal(request_conflict, stale_version)."""
    key = {"day": row.day.isoformat()}
    values = {"working": row.working, "name": row.name}
    if seen is None:
        keep_new(engine, RecordKind.CALENDAR_DAY, key, values, teller)
    else:
        keep_changed(engine, RecordKind.CALENDAR_DAY, key, values, seen, teller, words_of)


def drop_day(engine: Engine, day: date, teller: Teller) -> bool:
    """Take the company's own word about a day back: it counts as announced, or as the week has it. False: there was none."""
    days = table("calendar_days")
    with writing(engine) as connection:
        before = connection.execute(select(days).where(days.c.day == day)).mappings().one_or_none()
        if before is None:
            return False
        connection.execute(delete(days).where(days.c.day == day))
        nothing = Changed(
            RecordKind.CALENDAR_DAY, {"day": day.isoformat()}, before, {"working": None, "name": ""}
        )
        enter_changes(connection, [nothing], teller)
    return True
