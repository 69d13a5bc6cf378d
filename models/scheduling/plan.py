"""The plan 排产表: everything that is still to be made, placed on the lines one after the other (R150, R153). Pure.

What has hours booked stays in them (R151). Of the rest who is due first is placed first; of two that are due on one day
who was placed first. So the plan follows from orders, lines and bookings alone, and whoever looks sees the same; nothing
of it is a promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.scheduling.bookings import Booking
from models.scheduling.machine_lines import MachineLine, Span
from models.scheduling.proposals import Bottleneck, Job, Proposal, place, propose
from models.values.calendar import Calendar, business_date
from models.values.errors import Refusal


@dataclass(frozen=True, slots=True)
class Owed:
    """Goods of an order's line that are still to be made."""

    order: str
    line: int
    customer_name: str
    job: Job
    due: date | None
    """Production's own day; who has none yet comes last."""
    placed_at: datetime
    promised: date | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Which goods."""
        return self.order, self.line


@dataclass(frozen=True, slots=True)
class Placed:
    """Goods with their place; without one `why` says what is missing."""

    owed: Owed
    proposal: Proposal | None = None
    why: Refusal | None = None

    @property
    def is_late(self) -> bool:
        """Whether the goods would be finished after the day that was promised, or could not be made at all."""
        promised = self.owed.promised or self.owed.due
        if self.proposal is None:
            return True
        return promised is not None and self.proposal.finished_on > promised


@dataclass(frozen=True, slots=True)
class Moved:
    """Goods that another plan finishes on another day."""

    owed: Owed
    before: date | None
    after: date | None
    endangers: bool
    """Whether only the other plan breaks what was promised."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Goods, and the line on which they are to be made after those before them."""

    goods: tuple[str, int]
    line: str


def in_turn_by_day(owed: Owed) -> tuple[date, datetime, tuple[str, int]]:
    """The plain rule: who is due first, of one day who was placed first (R150)."""
    return owed.due or date.max, owed.placed_at, owed.key


class Plan:
    """The goods on the lines. `taken` is when each line has something, from first hour to last, without the gaps of nights.

    `bookings` are the hours that are taken: goods of theirs are placed in them. `reserved` are those of them whose goods
    nobody places here, as of an order that is not dated yet: nothing else goes into those hours.
    """

    def __init__(
        self,
        lines: Sequence[MachineLine],
        calendar: Calendar,
        now: datetime,
        finish_days: int,
        bookings: Sequence[Booking] = (),
        reserved: Sequence[Booking] = (),
    ) -> None:
        self.lines, self.calendar, self.now, self.finish_days = lines, calendar, now, finish_days
        self.bookings, self.reserved = bookings, reserved
        self.placed: dict[tuple[str, int], Placed] = {}
        self.taken: dict[str, list[Span]] = {line.line: [] for line in lines}
        for each in reserved:
            if each.hours.machine_line in self.taken:
                self._take(each.hours.machine_line, each.span)

    def place_all(self, owed: Iterable[Owed]) -> Plan:
        """Place these: what has hours booked in them, then who is due first before others."""
        for each in sorted(self.place_booked(owed), key=in_turn_by_day):
            self.placed[each.key] = self._placed(each)
        return self

    def place_in_turn(self, owed: Iterable[Owed], turns: Sequence[Turn]) -> Plan:
        """Place these: what has hours booked in them, then in turn on the lines that are named, then the rest by its day."""
        rest = {each.key: each for each in self.place_booked(owed)}
        for turn in turns:
            goods = rest.pop(turn.goods, None)
            if goods is not None:
                self.placed[goods.key] = self._placed(goods, turn.line)
        for each in sorted(rest.values(), key=in_turn_by_day):
            self.placed[each.key] = self._placed(each)
        return self

    def place_booked(self, owed: Iterable[Owed]) -> list[Owed]:
        """Place what has hours booked in them; what is left to be placed."""
        booked = {each.key: each for each in self.bookings}
        rest: list[Owed] = []
        in_hours: list[tuple[Booking, Owed]] = []
        for each in owed:
            booking = booked.get(each.key)
            if booking is None or not self._can_keep(booking, each):
                rest.append(each)
            else:
                in_hours.append((booking, each))
        for booking, each in sorted(in_hours, key=lambda pair: (pair[0].span, pair[1].key)):
            self.placed[each.key] = self._in_its_hours(booking, each)
        return rest

    def branched(self) -> Plan:
        """The same plan once more, to place something in it that the other does not know of."""
        other = self.emptied()
        other.placed = dict(self.placed)
        other.taken = {line: list(spans) for line, spans in self.taken.items()}
        return other

    def emptied(self, lines: Sequence[MachineLine] | None = None) -> Plan:
        """The same hours booked, on these lines or on the same, and nothing placed."""
        given = self.lines if lines is None else lines
        return Plan(given, self.calendar, self.now, self.finish_days, self.bookings, self.reserved)

    def before(self, line: str, moment: datetime) -> list[Placed]:
        """What begins on a line before this moment."""
        return [
            each
            for each in self.placed.values()
            if each.proposal is not None and each.proposal.line == line and each.proposal.begins < moment
        ]

    def proposal_for(self, job: Job, line: str | None = None) -> Proposal:
        """Where one more order would go, behind all that are planned, on this line or on any.

        Raises Refusal(no_capacity) where it cannot be made.
        """
        lines = [each for each in self.lines if line in (None, each.line)]
        return propose(lines, job, self.taken, self.calendar, now=self.now, finish_days=self.finish_days)

    def _placed(self, owed: Owed, line: str | None = None) -> Placed:
        try:
            proposal = self.proposal_for(owed.job, line)
        except Refusal as refusal:
            return Placed(owed, why=refusal)
        self._take(proposal.line, proposal.span)
        return Placed(owed, proposal)

    def _can_keep(self, booking: Booking, owed: Owed) -> bool:
        """Whether the line of the booking still makes the goods."""
        line = self._line(booking.hours.machine_line)
        return line is not None and line.makes(owed.job.product, owed.job.unit)

    def _in_its_hours(self, booking: Booking, owed: Owed) -> Placed:
        """What is left of it, from the first hour that is booked, or from now; longer where the line stood, and behind
        whoever is late before it. The hours that are booked stay its own until they are over.
        """
        name, job = booking.hours.machine_line, owed.job
        line = next(each for each in self.lines if each.line == name)
        begins = max(booking.span.begins, self.now)
        span = place(line, line.time_for(job.quantity, job.unit), begins, self.taken[name], self.calendar)
        if span is None:
            return self._placed(owed)
        self._take(name, booking.span)
        self._take(name, span)
        finished_on = self.calendar.working_days_after(business_date(span.ends), self.finish_days)
        return Placed(owed, Proposal(name, span.begins, span.ends, finished_on, Bottleneck.RUN_TIME))

    def _line(self, name: str) -> MachineLine | None:
        return next((each for each in self.lines if each.line == name), None)

    def _take(self, name: str, span: Span) -> None:
        line = next(each for each in self.lines if each.line == name)
        spans = sorted((*self.taken[name], span))
        joined: list[Span] = []
        for each in spans:
            before = joined[-1] if joined else None
            if before is not None and self._adjoin(line, before, each):
                joined[-1] = Span(before.begins, max(before.ends, each.ends))
            else:
                joined.append(each)
        self.taken[name] = joined

    def _adjoin(self, line: MachineLine, before: Span, after: Span) -> bool:
        """Whether the line has no hour between the two."""
        hour = next(line.hours_from(before.ends, self.calendar), None)
        return hour is None or hour.begins >= after.begins


def moved(before: Mapping[tuple[str, int], Placed], after: Mapping[tuple[str, int], Placed]) -> list[Moved]:
    """What another plan finishes on another day, who is endangered first, then by the new day."""
    found = []
    for key, now in after.items():
        was = before.get(key)
        if was is None:
            continue
        days = tuple(each.proposal.finished_on if each.proposal is not None else None for each in (was, now))
        if days[0] != days[1]:
            found.append(Moved(now.owed, days[0], days[1], endangers=now.is_late and not was.is_late))
    return sorted(found, key=lambda each: (not each.endangers, each.after or date.max, each.owed.key))
