"""The plan 排产表: everything that is still to be made, placed on the lines one after the other (R150, R153). Pure.

Who is due first is placed first; of two that are due on one day who was placed first. What is in work stays where it is.
So the plan follows from the orders and the lines alone, and whoever looks sees the same; nothing of it is a promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.scheduling.machine_lines import MachineLine, Span
from models.scheduling.proposals import Job, Proposal, propose
from models.values.calendar import Calendar
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


class Plan:
    """The goods on the lines. `taken` is when each line has something, from first hour to last, without the gaps of nights."""

    def __init__(
        self, lines: Sequence[MachineLine], calendar: Calendar, now: datetime, finish_days: int
    ) -> None:
        self.lines, self.calendar, self.now, self.finish_days = lines, calendar, now, finish_days
        self.placed: dict[tuple[str, int], Placed] = {}
        self.taken: dict[str, list[Span]] = {line.line: [] for line in lines}

    def place_all(self, owed: Iterable[Owed]) -> Plan:
        """Place these, who is due first before others."""
        last = date.max
        for each in sorted(owed, key=lambda each: (each.due or last, each.placed_at, each.key)):
            self.placed[each.key] = self._placed(each)
        return self

    def branched(self) -> Plan:
        """The same plan once more, to place something in it that the other does not know of."""
        other = Plan(self.lines, self.calendar, self.now, self.finish_days)
        other.placed = dict(self.placed)
        other.taken = {line: list(spans) for line, spans in self.taken.items()}
        return other

    def before(self, line: str, moment: datetime) -> list[Placed]:
        """What begins on a line before this moment."""
        return [
            each
            for each in self.placed.values()
            if each.proposal is not None and each.proposal.line == line and each.proposal.begins < moment
        ]

    def proposal_for(self, job: Job) -> Proposal:
        """Where one more order would go, behind all that are planned. Raises Refusal(no_capacity) where it cannot be made."""
        return propose(self.lines, job, self.taken, self.calendar, now=self.now, finish_days=self.finish_days)

    def _placed(self, owed: Owed) -> Placed:
        try:
            proposal = self.proposal_for(owed.job)
        except Refusal as refusal:
            return Placed(owed, why=refusal)
        self._take(proposal.line, proposal.span)
        return Placed(owed, proposal)

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
