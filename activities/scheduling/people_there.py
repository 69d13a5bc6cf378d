"""Who of the staff can stand at machine lines, and when they are away (R150)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from activities.store.absences import standing_absences
from models.policy import SchedulePolicy
from models.scheduling.machine_lines import MachineLine
from models.scheduling.people import House, Worker
from models.tables.registry import table


def house_in(
    connection: Connection, lines: Sequence[MachineLine], now: datetime, figures: SchedulePolicy
) -> House:
    """Everybody with a trade and the absences that were told and stand. Nothing is read where no line asks for anybody."""
    shift = timedelta(hours=figures.shift_hours)
    if not any(line.needs for line in lines):
        return House([], shift)
    staff = table("staff")
    people = connection.execute(select(staff.c.person, staff.c.trades).order_by(staff.c.person))
    trades = {row.person: frozenset(row.trades) for row in people if row.trades}
    away = standing_absences(connection, now)
    workers = [
        Worker(person, theirs, tuple(each for each in away if each.person == person))
        for person, theirs in trades.items()
    ]
    return House(workers, shift)
