"""Whether the people that the planned lines need are there, day by day (R150). Pure.

On each day a trade needs as many people as its lines need at one moment, and no fewer than the hours of the day's work come
to when nobody works longer than a shift. Who is away that day is not there; who has several trades stands at one of them
only, where they are missed most. It is said where people are short; nothing is moved for it: production decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.absences import Absence
from models.scheduling.machine_lines import MachineLine, Span
from models.scheduling.plan import Plan
from models.scheduling.proposals import Proposal
from models.values.calendar import business_date
from models.values.vocabulary import Words

_NOTHING = timedelta(0)
_SHORT = Words(
    "{trade} 缺 {short} 人（需 {needed}，在岗 {there}）",
    "{trade}: {short} short ({needed} needed, {there} there)",
)
_SHORT_AS_OTHERS_STAND_ELSEWHERE = Words(
    "{trade} 缺 {short} 人（需 {needed}，在岗 {there}，其中 {elsewhere} 人在另一工种）",
    "{trade}: {short} short ({needed} needed, {there} there, {elsewhere} of them in another trade)",
)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the staff who can stand at a line, with what they were told to be away for."""

    person: str
    trades: frozenset[str]
    absences: tuple[Absence, ...] = ()

    def is_there(self, day: date) -> bool:
        """Whether they are not away on this business day."""
        return not any(each.counts_on(day) for each in self.absences)


@dataclass(frozen=True, slots=True)
class House:
    """Who there is, and how long a shift of theirs lasts."""

    workers: Sequence[Worker] = ()
    shift: timedelta = timedelta(hours=8)


NOBODY = House()


@dataclass(frozen=True, slots=True, order=True)
class Shortage:
    """A day on which people of a trade are short. `there`: who has the trade and is not away."""

    day: date
    trade: str
    needed: int
    there: int
    short: int

    @property
    def words(self) -> Words:
        """What is short, without its day; and that somebody who is counted here stands in another trade of theirs."""
        elsewhere = self.there - (self.needed - self.short)
        words = _SHORT_AS_OTHERS_STAND_ELSEWHERE if elsewhere > 0 else _SHORT
        return words.filled(
            trade=self.trade, short=self.short, needed=self.needed, there=self.there, elsewhere=elsewhere
        )


def shortages(plan: Plan, house: House) -> tuple[Shortage, ...]:
    """Every day of the plan on which people are short, by day and trade. Nothing where no line says whom it needs."""
    found: list[Shortage] = []
    for day, works in sorted(_work_by_day(plan).items()):
        needed = {trade: _people_for(spans, house.shift) for trade, spans in sorted(works.items())}
        there = [each for each in house.workers if each.is_there(day)]
        for trade, short in _missing(needed, there).items():
            having = sum(trade in each.trades for each in there)
            found.append(Shortage(day, trade, needed[trade], having, short))
    return tuple(found)


def shortages_of(proposal: Proposal, plan: Plan, all_of_plan: Sequence[Shortage]) -> tuple[Shortage, ...]:
    """Those of the plan's that the goods of this proposal are concerned by: on their days, of the trades of their line."""
    line = next((each for each in plan.lines if each.line == proposal.line), None)
    if line is None or not line.needs:
        return ()
    days = {day for day, _ in _parts(line, proposal.span, plan)}
    trades = {need.trade for need in line.needs}
    return tuple(each for each in all_of_plan if each.day in days and each.trade in trades)


Works = dict[str, list[tuple[Span, int]]]
"""By trade when so many of its people are needed at a line."""


def _work_by_day(plan: Plan) -> Mapping[date, Works]:
    """When lines work on what is planned, or on what has hours booked, and whom they need then."""
    found: defaultdict[date, Works] = defaultdict(dict)
    lines = {line.line: line for line in plan.lines if line.needs}
    planned = [(each.proposal.line, each.proposal.span) for each in plan.placed.values() if each.proposal]
    booked = [(each.hours.machine_line, each.span) for each in plan.reserved]
    for name, whole in (*planned, *booked):
        line = lines.get(name)
        if line is None:
            continue
        for day, span in _parts(line, whole, plan):
            for need in line.needs:
                found[day].setdefault(need.trade, []).append((span, need.people))
    return found


def _parts(line: MachineLine, span: Span, plan: Plan) -> Iterator[tuple[date, Span]]:
    """The hours of a span in which the line runs, each with its business day: no shift lasts past midnight."""
    for run in line.hours_from(span.begins, plan.calendar):
        if run.begins >= span.ends:
            return
        yield business_date(run.begins), Span(run.begins, min(run.ends, span.ends))


def _people_for(spans: Sequence[tuple[Span, int]], shift: timedelta) -> int:
    """How many people it takes: as many as at one moment, and enough that nobody works longer than a shift."""
    hours = sum(((span.ends - span.begins) * people for span, people in spans), _NOTHING)
    return max(_most_at_once(spans), -(-hours // shift))


def _most_at_once(spans: Sequence[tuple[Span, int]]) -> int:
    steps: list[tuple[datetime, int]] = []
    for span, people in spans:
        steps += [(span.begins, people), (span.ends, -people)]
    most = now = 0
    for _, change in sorted(steps):  # at one moment whoever goes comes before who begins
        now += change
        most = max(most, now)
    return most


def _missing(needed: Mapping[str, int], there: Sequence[Worker]) -> dict[str, int]:
    """How many of each trade are missing when everybody stands where the fewest are missing together."""
    places = [trade for trade, count in needed.items() for _ in range(count)]
    taken: dict[str, int] = {}  # person -> place

    def finds(place: int, asked: set[str]) -> bool:
        for each in there:
            if places[place] in each.trades and each.person not in asked:
                asked.add(each.person)
                if each.person not in taken or finds(taken[each.person], asked):
                    taken[each.person] = place
                    return True
        return False

    missing: dict[str, int] = {}
    for place, trade in enumerate(places):
        if not finds(place, set()):
            missing[trade] = missing.get(trade, 0) + 1
    return missing


def days_of(found: Sequence[Shortage]) -> list[tuple[date, list[Shortage]]]:
    """By day, as they stand on a page."""
    by_day: dict[date, list[Shortage]] = {}
    for each in found:
        by_day.setdefault(each.day, []).append(each)
    return sorted(by_day.items())
