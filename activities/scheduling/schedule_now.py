"""Everything that the plan is made of, read at once: lines, calendar, goods owed (R150)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from activities.scheduling.line_list import lines_in
from activities.scheduling.owed_goods import owed_goods
from activities.store.database import reading
from activities.store.holidays import calendar_around
from models.scheduling.machine_lines import MachineLine
from models.scheduling.plan import Owed, Plan
from models.values.calendar import Calendar, business_date


@dataclass(frozen=True, slots=True)
class ScheduleNow:
    """What there is to make, and on what."""

    lines: Sequence[MachineLine]
    calendar: Calendar
    owed: Sequence[Owed]
    now: datetime
    finish_days: int

    def plan(self, without: str = "") -> Plan:
        """Everything placed; one order left out."""
        goods = [each for each in self.owed if each.order != without]
        return Plan(self.lines, self.calendar, self.now, self.finish_days).place_all(goods)


def schedule_now(engine: Engine, now: datetime, finish_days: int) -> ScheduleNow:
    """Lines, calendar and goods as they are now. `finish_days`: working days for rewinding and inspection (R150)."""
    with reading(engine) as connection:
        return schedule_in(connection, now, finish_days)


def schedule_in(connection: Connection, now: datetime, finish_days: int) -> ScheduleNow:
    """The same within a transaction; no goods are read where there are no lines."""
    lines = lines_in(connection, now)
    owed = owed_goods(connection, now) if lines else []
    return ScheduleNow(lines, calendar_around(connection, business_date(now)), owed, now, finish_days)
