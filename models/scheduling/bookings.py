"""Hours of a machine line that are booked for goods of an order: tentatively by production's answer, firmly with the
instruction (R151). Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models.scheduling.machine_lines import MachineLine, Span
from models.scheduling.proposals import Job, place
from models.values.calendar import Calendar
from models.values.errors import Code, Refusal
from models.values.vocabulary import Term, Words
from models.writing.printed_figures import moment

_PREFIX = "hours:"
_BETWEEN = "|"
_TAKEN = Words(
    "机台 {line} 的 {begins} – {ends} 已排给别的订单或排不下了",
    "the hours {begins} – {ends} of machine line {line} are another order's by now, or do not hold it",
)
_MINUTE = timedelta(minutes=1)


class BookingState(Term):
    """How firmly hours are booked."""

    TENTATIVE = "tentative", "暂排", "tentative"
    FIRM = "firm", "已排定", "firm"
    FREED = "freed", "已放开", "freed"


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a machine line, from the first to the last, as production's answer names them."""

    machine_line: str
    span: Span

    @classmethod
    def to_the_minute(cls, machine_line: str, span: Span) -> Hours:
        """The same hours as a form writes them: no minute of the work is left out."""
        begins = span.begins.replace(second=0, microsecond=0)
        ends = span.ends.replace(second=0, microsecond=0)
        return cls(machine_line, Span(begins, ends if ends == span.ends else ends + _MINUTE))


@dataclass(frozen=True, slots=True)
class HoursAsked:
    """Hours that an answer asks for its order; `answered_at` (UTC) is when production said it."""

    line: int
    hours: Hours
    answered_at: datetime

    @property
    def key(self) -> str:
        """As the order asks the order database for them: the same answer has the same key."""
        moments = (self.hours.span.begins, self.hours.span.ends, self.answered_at)
        parts = (str(self.line), *(each.astimezone(UTC).isoformat() for each in moments))
        # what a line is called may hold any sign, so it stands last
        return _PREFIX + _BETWEEN.join((*parts, self.hours.machine_line))


def are_hours(key: str) -> bool:
    """Whether what an order asks for are hours of a machine line."""
    return key.startswith(_PREFIX)


def hours_in(key: str) -> HoursAsked:
    """What this key asks for. Only for one of `HoursAsked.key`."""
    line, begins, ends, answered_at, machine_line = key.removeprefix(_PREFIX).split(_BETWEEN, 4)
    span = Span(datetime.fromisoformat(begins), datetime.fromisoformat(ends))
    return HoursAsked(int(line), Hours(machine_line, span), datetime.fromisoformat(answered_at))


@dataclass(frozen=True, slots=True)
class Booking:
    """Hours that are booked for goods of an order's line."""

    order: str
    line: int
    hours: Hours
    state: BookingState
    answered_at: datetime

    @property
    def key(self) -> tuple[str, int]:
        """Which goods."""
        return self.order, self.line

    @property
    def span(self) -> Span:
        """From its first hour to its last."""
        return self.hours.span

    def is_live(self, now: datetime, days: int) -> bool:
        """Whether the hours are taken: firm ones are, tentative ones for so many days from the answer."""
        if self.state is BookingState.TENTATIVE:
            return now < self.freed_at(days)
        return self.state is BookingState.FIRM

    def freed_at(self, days: int) -> datetime:
        """When tentative hours are anybody's again."""
        return self.answered_at + timedelta(days=days)


def hold(hours: Hours, line: MachineLine, job: Job, others: Sequence[Booking], calendar: Calendar) -> bool:
    """Whether these hours of the line hold the work and meet no others that are booked. Only for what the line makes."""
    spans = [each.span for each in others if each.hours.machine_line == hours.machine_line]
    if any(hours.span.meets(each) for each in spans):
        return False
    needed = line.time_for(job.quantity, job.unit)
    found = place(line, needed, hours.span.begins, spans, calendar)
    return found is not None and found.ends <= hours.span.ends


def hours_taken(hours: Hours, where: str, more: Words | None = None) -> Refusal:
    """The refusal of hours that are gone, with what is proposed in their place where that is known."""
    words = _TAKEN.filled(
        line=hours.machine_line, begins=moment(hours.span.begins), ends=moment(hours.span.ends)
    )
    if more is not None:
        words = Words(f"{words.zh}。{more.zh}", f"{words.en}. {more.en}")
    return Refusal(Code.CAPACITY_TAKEN, words, where=where, rule="R151")
