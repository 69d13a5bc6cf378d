"""Business time: Asia/Shanghai as a fixed offset, Chinese public holidays and make-up working days as data."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer

from models.values.content import Alike, in_order

BUSINESS_ZONE = timezone(timedelta(hours=8), "+08:00")
"""Business time has no transitions, so arithmetic in workflows is exact."""
MIDNIGHT_ENDS_THE_DAY = 24 * 60
ONE_DAY = timedelta(days=1)


Days = Annotated[frozenset[date], PlainSerializer(in_order, return_type=list[date])]


class Calendar(Alike):
    """Days that differ from the plain week. A year outside `years` is treated as plain week days."""

    holidays: Days = frozenset()
    make_up_days: Days = frozenset()
    years: tuple[int, ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Whether the company works on this day."""
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def working_days_after(self, day: date, count: int) -> date:
        """The working day that is `count` working days after `day`; `day` itself when count is 0."""
        while count > 0:
            day += ONE_DAY
            if self.is_working_day(day):
                count -= 1
        return day

    def days_after(self, day: date, count: int, *, working: bool) -> date:
        """The day `count` days after `day`, in calendar or working days."""
        return self.working_days_after(day, count) if working else day + count * ONE_DAY


def hours_of(count: Decimal) -> timedelta:
    """So many hours of the clock, in whole seconds: clocks of a workflow hold no more."""
    return timedelta(seconds=int(count * 3600))


def business_date(moment: datetime, end_of_day: int = MIDNIGHT_ENDS_THE_DAY) -> date:
    """The business day a moment belongs to. `end_of_day` is in minutes after midnight (24:00 is 1440)."""
    local = moment.astimezone(BUSINESS_ZONE)
    return (local + timedelta(minutes=MIDNIGHT_ENDS_THE_DAY - end_of_day)).date()


def end_of(day: date, end_of_day: int = MIDNIGHT_ENDS_THE_DAY) -> datetime:
    """The instant (UTC) at which a business day is over."""
    start = datetime.combine(day, time(), BUSINESS_ZONE)
    return (start + timedelta(minutes=end_of_day)).astimezone(UTC)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant (UTC) of a wall-clock time in business time."""
    return datetime.combine(day, time(hour, minute), BUSINESS_ZONE).astimezone(UTC)
