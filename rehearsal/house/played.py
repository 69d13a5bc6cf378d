"""What came of a story of the house: where it went otherwise than it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from models.scheduling.outlook import Outlook
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Refusal
from models.values.money import as_text
from models.values.vocabulary import Role
from rehearsal.beside.kind import Look
from rehearsal.beside.played import Difference
from rehearsal.house.house_script import HouseMove, HouseScript
from rehearsal.house.house_story import HouseExpectation, Proposed, day_of, moment_of

_DAY, _HOUR = "%Y-%m-%d %a", "%Y-%m-%d %a %H:%M"


@dataclass(frozen=True, slots=True)
class Came:
    """What came of something that was done: a refusal, or what there is to see of it."""

    refusal: Refusal | None = None
    total: Decimal | None = None
    orders: frozenset[str] = frozenset()
    outlook: Outlook | None = None


class House(Protocol):
    """What can be seen of a house, wherever it is played."""

    def orders(self) -> int:
        """How many orders were taken in."""
        ...

    def in_charge(self, role: Role) -> Counter[str]:
        """Of how many of them each is in charge in a role."""
        ...

    def at_desk(self, person: str, now: datetime) -> int:
        """How many steps are at this desk."""
        ...

    def available(self, product: str, now: datetime) -> Decimal:
        """How much of a product the shop offers."""
        ...


@dataclass(slots=True)
class PlayedHouse:
    """One story as it went. `was_played` is false where the pure rules alone cannot play it."""

    script: HouseScript
    differences: list[Difference] = field(default_factory=list)
    was_played: bool = True

    @property
    def name(self) -> str:
        """The story's name."""
        return self.script.story.name

    @property
    def as_expected(self) -> bool:
        """Whether everything was as the story says."""
        return not self.differences

    def done(self, move: HouseMove, came: Came) -> None:
        """Keep what came otherwise of something that was done."""
        for what, expected, found in _of_event(move, came, self.script.begins):
            if expected is not None and expected != found:
                self._differs(move, what, expected, found)

    def looked(self, move: HouseMove, house: House) -> None:
        """Compare the house at this moment with what is expected of it."""
        assert move.expected is not None  # noqa: S101 - a move is one or the other
        for what, expected, found in _of_house(move.expected, house, move.at):
            if expected is not None and expected != found:
                self._differs(move, what, expected, found)

    def _differs(self, move: HouseMove, what: str, expected: object, found: object) -> None:
        where = f"{'events' if move.event is not None else 'expect'}.{move.place} {what}"
        self.differences.append(Difference(move.at, where, _shown(expected), _shown(found)))

    def as_json(self) -> dict[str, Any]:
        """The result for programs; `as_expected` is null where it was not played."""
        return {
            "story": self.name,
            "start": self.script.begins.isoformat(),
            "played": self.was_played,
            "as_expected": self.as_expected if self.was_played else None,
            "differences": [
                {"at": each.at.isoformat(), "what": each.what, "expected": each.expected, "found": each.found}
                for each in self.differences
            ],
        }


def _of_event(move: HouseMove, came: Came, begins: datetime) -> Iterator[Look]:
    event, refusal = move.event, came.refusal
    assert event is not None  # noqa: S101 - a move is one or the other
    should = event.refused.value if event.refused is not None else "done"
    yield event.doing, should, "done" if refusal is None else refusal.code.value
    said = f"{refusal.words.zh} {refusal.words.en}" if refusal is not None else ""
    yield from (("says", each, each if each in said else said) for each in event.says)
    if refusal is None:
        yield "sees", event.sees, came.total
        yield "total", event.total, came.total
        yield "becomes", event.becomes, len(came.orders)
    if event.proposes is not None:
        yield from _of_outlook(event.proposes, came.outlook, begins)


def _of_outlook(expected: Proposed, outlook: Outlook | None, begins: datetime) -> Iterator[Look]:
    proposal = outlook.proposal if outlook is not None else None
    if outlook is None or proposal is None:
        why = outlook.why.words.en if outlook is not None and outlook.why is not None else "no machine lines"
        yield "proposes", "a day", why
        return
    yield "line", expected.line, proposal.line
    for what, text, at in (
        ("begins", expected.begins, proposal.begins), ("ends", expected.ends, proposal.ends),
    ):  # fmt: skip
        should = moment_of(text, begins).strftime(_HOUR) if text is not None else None
        yield what, should, at.astimezone(BUSINESS_ZONE).strftime(_HOUR)
    finished = day_of(expected.finished, begins).strftime(_DAY) if expected.finished is not None else None
    yield "finished", finished, proposal.finished_on.strftime(_DAY)
    yield "orders_before", expected.orders_before, outlook.orders_before
    if expected.sure is not None:
        sure = (outlook.sure.projected, outlook.sure.nearly_sure) if outlook.sure is not None else ()
        found = {each.day.strftime(_DAY): each.percent for each in sure}
        wanted = {day_of(day, begins).strftime(_DAY): percent for day, percent in expected.sure.items()}
        yield "sure", wanted, found


def _of_house(expected: HouseExpectation, house: House, at: datetime) -> Iterator[Look]:
    if expected.orders is not None:
        yield "orders", expected.orders, house.orders()
    for role, numbers in (expected.spread or {}).items():
        yield f"spread.{role.value}", numbers, tuple(sorted(house.in_charge(role).values(), reverse=True))
    for role, people in (expected.in_charge or {}).items():
        yield f"in_charge.{role.value}", people, {who: house.in_charge(role)[who] for who in people}
    for person, count in (expected.desks or {}).items():
        yield f"desks.{person}", count, house.at_desk(person, at)
    for product, quantity in (expected.available or {}).items():
        yield f"available.{product}", _plain(quantity), _plain(house.available(product, at))


def _plain(quantity: Decimal) -> str:
    """Without noughts behind: 58 and 58.000 are one quantity."""
    return as_text(quantity.normalize())


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return as_text(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {each}" for key, each in value.items()) or "-"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(each) for each in value) or "-"
    return str(value)
