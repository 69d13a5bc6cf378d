"""A machine line 机台: what it makes, how fast, and the hours in which it runs (R150). Pure.

Hours are business time (+08:00). On a holiday no line runs; on a day that is worked to make up for one it runs as on a
Monday, whatever day of the week it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal

from models.scheduling.crews import Need
from models.values.calendar import BUSINESS_ZONE, ONE_DAY, Calendar, business_date
from models.values.errors import Code, Refusal
from models.values.quantity import converted
from models.values.vocabulary import Unit, Words

LONGEST_LOOK = 730
"""Days that are looked through for free hours: what does not fit within two years is no plan."""
_NEVER = Decimal((LONGEST_LOOK + 1) * 24 * 60)
"""Minutes of work that no line holds: what takes longer than that need not be told apart."""
_MONDAY = 0
_NO_RATE = Words("机台 {line} 的速度必须大于 0", "line {line}: the rate must be more than 0")
_NO_SET_UP = Words("机台 {line} 的调机时间不能小于 0", "line {line}: set-up time cannot be less than 0")
_NO_PRODUCTS = Words("机台 {line} 没有写明能做的产品", "line {line} names no product that it makes")
_BAD_SHIFTS = Words(
    "机台 {line} {day}的班次须先后相接、不重叠，且结束晚于开始",
    "line {line}, {day}: shifts follow each other without overlap, and each ends after it begins",
)
_NO_HOURS = Words("机台 {line} 一周没有一个班次", "line {line} has no shift in the whole week")
_DAYS = tuple(
    Words(f"周{zh}", en)
    for zh, en in zip(
        "一二三四五六日",
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one moment to another, the end not included."""

    begins: datetime
    ends: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.ends - self.begins

    def meets(self, other: Span) -> bool:
        """Whether both have a moment in common."""
        return self.begins < other.ends and other.begins < self.ends


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Hours of one day in which a line runs; an end at 00:00 is that day's midnight."""

    begins: time
    ends: time

    @property
    def till_midnight(self) -> bool:
        """Whether it lasts as long as the day."""
        return self.ends == time(0)


@dataclass(frozen=True, slots=True)
class MachineLine:
    """One line. `week` has the shifts of Monday to Sunday; `downtimes` are moments at which it stands, known beforehand."""

    line: str
    name: str
    products: frozenset[str]
    """Numbers of the products that it makes."""
    rate: Decimal
    """How much an hour, in `unit`."""
    unit: Unit
    set_up_hours: Decimal
    """Before each order."""
    week: tuple[tuple[Shift, ...], ...]
    downtimes: tuple[Span, ...] = ()
    needs: tuple[Need, ...] = ()
    """Whom it needs while it runs; nobody: the plan does not ask for people there."""

    def makes(self, product: str, unit: Unit) -> bool:
        """Whether it makes this product, counted in this unit."""
        return product in self.products and converted(Decimal(1), unit, self.unit) is not None

    def time_for(self, quantity: Decimal, unit: Unit) -> timedelta:
        """Set-up and run together, rounded up to the minute. Only for what it makes."""
        in_own = converted(quantity, unit, self.unit)
        if in_own is None:
            raise ValueError(f"{self.line} does not count in {unit}")
        minutes = (self.set_up_hours + in_own / self.rate) * 60
        return timedelta(minutes=int(min(minutes, _NEVER).to_integral_value(rounding=ROUND_CEILING)))

    def hours_from(self, moment: datetime, calendar: Calendar) -> Iterator[Span]:
        """The hours in which it runs from this moment on, one after the other, downtimes left out."""
        first = business_date(moment)
        for number in range(LONGEST_LOOK):
            for shift in self.shifts_on(first + number * ONE_DAY, calendar):
                span = Span(max(shift.begins, moment), shift.ends)
                if span.begins < span.ends:
                    yield from _without(span, self.downtimes)

    def shifts_on(self, day: date, calendar: Calendar) -> list[Span]:
        """Its shifts on a day, downtimes not left out."""
        weekday = day.weekday()
        if day in calendar.make_up_days and not self.week[weekday]:
            weekday = _MONDAY
        elif day in calendar.holidays:
            return []
        return [
            Span(
                datetime.combine(day, shift.begins, BUSINESS_ZONE),
                datetime.combine(day + ONE_DAY if shift.till_midnight else day, shift.ends, BUSINESS_ZONE),
            )
            for shift in self.week[weekday]
        ]


def require_able(line: MachineLine) -> None:
    """Raises Refusal for a line that could make nothing: no rate, no product, no hours, or shifts that cross."""
    if not line.products:
        raise Refusal(Code.MALFORMED, _NO_PRODUCTS.filled(line=line.line), where="products", rule="R150")
    if line.rate <= 0:
        raise Refusal(Code.NO_CAPACITY, _NO_RATE.filled(line=line.line), where="rate", rule="R150")
    if line.set_up_hours < 0:
        raise Refusal(Code.MALFORMED, _NO_SET_UP.filled(line=line.line), where="set_up_hours", rule="R150")
    if not any(line.week):
        raise Refusal(Code.NO_CAPACITY, _NO_HOURS.filled(line=line.line), where="week", rule="R150")
    for day, shifts in zip(_DAYS, line.week, strict=True):
        _require_in_order(line.line, day, shifts)


def _require_in_order(line: str, day: Words, shifts: tuple[Shift, ...]) -> None:
    before = time(0)
    for place, shift in enumerate(shifts):
        ends = time.max if shift.till_midnight else shift.ends
        if shift.begins < before or ends <= shift.begins or (shift.till_midnight and place + 1 < len(shifts)):
            raise Refusal(Code.MALFORMED, _BAD_SHIFTS.filled(line=line, day=day), where="week", rule="R150")
        before = ends


def _without(span: Span, taken: tuple[Span, ...]) -> Iterator[Span]:
    """What is left of a span."""
    begins = span.begins
    for other in sorted(taken):
        if other.ends <= begins or other.begins >= span.ends:
            continue
        if other.begins > begins:
            yield Span(begins, other.begins)
        begins = max(begins, other.ends)
    if begins < span.ends:
        yield Span(begins, span.ends)
