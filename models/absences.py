"""Who is absent, and who acts for whom meanwhile (R13). Pure: days and moments come in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from models.values.calendar import business_date
from models.values.content import Content, Line

LONGEST_CHAIN = 3
"""So many deputies after each other are asked; then the superior of who is absent."""


class Absence(Content):
    """One of the staff is away on these business days, both included; without `last_day` until they are back.

    `deputy` acts meanwhile; empty: the deputy of the staff list.
    """

    person: Line
    first_day: date
    last_day: date | None = None
    deputy: Line = ""

    def counts_on(self, day: date) -> bool:
        """Whether they are away on this business day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def meets(self, other: Absence) -> bool:
        """Whether both are about the same person and share a day."""
        return (
            self.person == other.person
            and (self.last_day is None or other.first_day <= self.last_day)
            and (other.last_day is None or self.first_day <= other.last_day)
        )


@dataclass(frozen=True, slots=True)
class StandIns:
    """Who acts for whom on one day: absences that count then, the staff list's deputies and superiors.

    A deputy who is absent too passes it on to their own; after three of them, in a circle, or where there is none, it is
    the superior's of who is absent. Where nobody is left, it is the role's alone.
    """

    absent: Mapping[str, Absence] = field(default_factory=dict)
    deputies: Mapping[str, str] = field(default_factory=dict)
    superiors: Mapping[str, str] = field(default_factory=dict)

    def is_absent(self, person: str) -> bool:
        """Whether this person is away."""
        return person in self.absent

    def acting_for(self, person: str, barred: Collection[str] = ()) -> str:
        """Who does what is this person's: they themselves while they are there, else who stands in; empty: nobody.

        `barred`: who may not do it, because duties are separated; they are passed over.
        """
        if person not in self.absent:
            return person
        return next((each for each in self.line_for(person) if each not in barred), "")

    def line_for(self, person: str) -> tuple[str, ...]:
        """Who is asked to stand in for somebody who is away, one after the other: deputies who are there, then superiors.

        A deputy is passed over for what the separation of duties bars them from; then the next of the line acts (R133).
        """
        asked, line = {person}, list[str]()
        next_one = self._deputy_of(person)
        for _ in range(LONGEST_CHAIN):
            if not next_one or next_one in asked:
                break
            if next_one not in self.absent:
                line.append(next_one)
            asked.add(next_one)
            next_one = self._deputy_of(next_one)
        return (*line, *(each for each in self._superiors_of(person) if each not in asked))

    def stands_in_for(self, person: str) -> tuple[str, ...]:
        """The absent people for whom this person acts, by id; nobody while they are away themselves."""
        return tuple(
            each for each in sorted(self.absent) if each != person and self.acting_for(each) == person
        )

    def next_for(self, person: str) -> dict[str, tuple[str, ...]]:
        """The absent people for whom this person acts where those before them in line may not, and who these are (R133)."""
        found: dict[str, tuple[str, ...]] = {}
        for each in sorted(self.absent):
            line = self.line_for(each)
            if person in line[1:]:
                found[each] = line[: line.index(person)]
        return found

    def _deputy_of(self, person: str) -> str:
        absence = self.absent.get(person)
        return (absence.deputy if absence is not None else "") or self.deputies.get(person, "")

    def _superiors_of(self, person: str) -> Iterator[str]:
        """The superiors who are there, the nearest first."""
        climbed = {person}
        above = self.superiors.get(person, "")
        while above and above not in climbed:
            if above not in self.absent:
                yield above
            climbed.add(above)
            above = self.superiors.get(above, "")


def circle_of(absence: Absence, others: Iterable[Absence], deputies: Mapping[str, str]) -> tuple[str, ...]:
    """The people who would stand in for each other in a circle on days of this absence, from who is away on (R133).

    `others`: absences that stand; `deputies`: the staff list's. Empty: on each of its days the line ends with somebody.
    """
    known: dict[str, list[Absence]] = {}
    for each in others:
        known.setdefault(each.person, []).append(each)

    def follow(path: tuple[str, ...], first: date, last: date | None, deputy: str) -> tuple[str, ...]:
        if deputy == absence.person:
            return (*path, deputy)
        if not deputy or deputy in path:
            return ()
        for each in known.get(deputy, ()):
            begins = max(first, each.first_day)
            ends = min((day for day in (last, each.last_day) if day is not None), default=None)
            if ends is None or begins <= ends:
                found = follow((*path, deputy), begins, ends, each.deputy or deputies.get(deputy, ""))
                if found:
                    return found
        return ()

    own = absence.deputy or deputies.get(absence.person, "")
    return follow((absence.person,), absence.first_day, absence.last_day, own)


def stand_ins(
    told: Iterable[Absence],
    moment: datetime,
    *,
    deputies: Mapping[str, str],
    superiors: Mapping[str, str],
) -> StandIns:
    """Who acts for whom at a moment, by the absences that were told and stand."""
    day = business_date(moment)
    absent = {each.person: each for each in told if each.counts_on(day)}
    return StandIns(absent, deputies, superiors)
