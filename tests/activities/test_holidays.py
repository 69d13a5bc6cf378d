"""The business calendar: what the library knows, what the company says, and the years nobody knows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from activities.store.database import reading
from activities.store.holidays import CalendarReader, calendar_around
from activities.store.imports import CalendarDayRow, import_calendar_days
from models.values.calendar import Calendar


def around(engine: Engine, today: date) -> Calendar:
    with reading(engine) as connection:
        return calendar_around(connection, today)


def test_public_holidays_and_make_up_days_are_known(engine: Engine) -> None:
    calendar = around(engine, date(2025, 9, 1))
    assert not calendar.is_working_day(date(2025, 10, 1))
    assert calendar.is_working_day(date(2025, 9, 28))
    assert 2025 in calendar.years


def test_the_companys_own_days_win(engine: Engine) -> None:
    import_calendar_days(
        engine,
        [
            CalendarDayRow(day=date(2025, 10, 1), working=True, name="抢修"),
            CalendarDayRow(day=date(2025, 9, 2), working=False, name="厂庆"),
        ],
    )
    calendar = around(engine, date(2025, 9, 1))
    assert calendar.is_working_day(date(2025, 10, 1))
    assert not calendar.is_working_day(date(2025, 9, 2))


def test_a_year_nobody_knows_is_plain_weeks(engine: Engine) -> None:
    assert around(engine, date(2090, 5, 1)) == Calendar()


def test_an_order_that_lives_long_reads_the_same_calendar(engine: Engine) -> None:
    today = date(2025, 9, 1)
    assert CalendarReader(engine).read_calendar(today) == around(engine, today)
