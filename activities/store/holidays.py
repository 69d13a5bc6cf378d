"""The business calendar: the public holidays a library knows, and the company's own days, which win.

The library's years end with the last one that was announced; a year nobody knows is plain week days.
"""

from __future__ import annotations

from datetime import date, timedelta

from chinese_calendar import holidays, workdays
from sqlalchemy import Connection, Engine, select
from temporalio import activity

from activities.store.database import reading
from models.tables.registry import table
from models.values.calendar import Calendar

REACH = timedelta(days=366)
"""An order lives for weeks; a year before and after its day is more than it can ask for."""
_SATURDAY = 5


def calendar_around(connection: Connection, today: date) -> Calendar:
    """Days around `today` that differ from the plain week, and the years that are known."""
    near = {today - REACH, today, today + REACH}
    years = {day.year for day in near}
    own = {row.day: row.working for row in connection.execute(select(table("calendar_days")))}
    announced = {day: False for day in holidays if day.weekday() < _SATURDAY} | dict.fromkeys(workdays, True)
    days = {day: working for day, working in (announced | own).items() if day.year in years}
    return Calendar(
        holidays=frozenset(day for day, working in days.items() if not working),
        make_up_days=frozenset(day for day, working in days.items() if working),
        years=tuple(sorted({day.year for day in days})),
    )


class CalendarReader:
    """Reads the calendar for orders that have lived long."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @activity.defn(name="read_calendar", no_thread_cancel_exception=True)
    def read_calendar(self, today: date) -> Calendar:
        """The calendar around a business date. Raises Refusal (`database_unavailable`, `not_set_up`)."""
        with reading(self._engine) as connection:
            return calendar_around(connection, today)
