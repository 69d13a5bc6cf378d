"""Everything that the plan is made of, read at once: lines, calendar, goods owed, hours booked (R150, R151)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from activities.scheduling.bookings import bookings_in
from activities.scheduling.line_list import lines_in
from activities.scheduling.owed_goods import owed_goods
from activities.scheduling.people_there import house_in
from activities.store.database import reading
from activities.store.holidays import calendar_around
from models.policy import SchedulePolicy
from models.scheduling.bookings import Booking
from models.scheduling.machine_lines import MachineLine
from models.scheduling.people import NOBODY, House
from models.scheduling.plan import Owed, Plan
from models.values.calendar import Calendar, business_date


@dataclass(frozen=True, slots=True)
class ScheduleNow:
    """What there is to make, and on what."""

    lines: Sequence[MachineLine]
    calendar: Calendar
    owed: Sequence[Owed]
    now: datetime
    figures: SchedulePolicy
    bookings: Sequence[Booking] = ()
    house: House = NOBODY
    """Who is there to stand at the lines."""

    def plan(self, without: str = "") -> Plan:
        """Everything placed; one order left out."""
        goods = [each for each in self.owed if each.order != without]
        placed = {each.key for each in goods}
        reserved = [each for each in self.bookings if each.key not in placed and each.order != without]
        plan = Plan(self.lines, self.calendar, self.now, self.figures.finish_days, self.bookings, reserved)
        return plan.place_all(goods)

    @property
    def known(self) -> set[str]:
        """Orders of which the plan has something: goods that are dated, or hours."""
        return {each.order for each in self.owed} | {each.order for each in self.bookings}


def schedule_now(engine: Engine, now: datetime, figures: SchedulePolicy) -> ScheduleNow:
    """Lines, calendar, goods and bookings as they are now. `figures`: the company's own, of its policy file."""
    with reading(engine) as connection:
        return schedule_in(connection, now, figures)


def schedule_in(
    connection: Connection,
    now: datetime,
    figures: SchedulePolicy,
    but: Collection[tuple[str, int]] = (),
) -> ScheduleNow:
    """The same within a transaction; nothing else is read where there are no lines. `but`: whose hours are left out."""
    lines = lines_in(connection, now)
    owed = owed_goods(connection, now) if lines else []
    booked = (
        bookings_in(connection, now, figures.booking_days, {(each.order, each.line) for each in owed})
        if lines
        else []
    )
    bookings = [each for each in booked if each.key not in but]
    calendar = calendar_around(connection, business_date(now))
    house = house_in(connection, lines, now, figures)
    return ScheduleNow(lines, calendar, owed, now, figures, bookings, house)
