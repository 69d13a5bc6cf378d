"""A whole week planned anew 整周重排: another turn of the goods that keeps more promises, beside the plain rule (R150). Pure.

The plain rule looks at one order after the other. Where that breaks promises, all goods without booked hours may be looked
at together; who does so proposes turns, and this says what they come to. A proposal that is no better than the plain rule
is none. Production takes it over or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.scheduling.plan import Moved, Owed, Placed, Plan, Turn, moved
from models.values.calendar import ONE_DAY, business_date
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of
from models.values.vocabulary import Words

_BETWEEN = "|"
MOST_GOODS = 60
"""So many goods are looked at together, by their days: more than that is no week."""
_STALE = Words(
    "排产的依据已变（订单、机台或机时），请重新推算后再采用",
    "what the proposal rests on has changed: orders, lines or booked hours. Work it out again",
)
_BAD_TURN = Words("{text} 不是排产次序", "{text} is no turn of goods on a line")


@dataclass(frozen=True, slots=True, order=True)
class Lateness:
    """How good a plan is; the smaller the better: broken promises first, then by how many days, then when all is made."""

    without_place: int
    broken: int
    days: int
    made_after: int
    """Days from now to each finish, added up."""


@dataclass(frozen=True, slots=True)
class WeekReplanned:
    """The plain rule's plan, the better one, and the turns that lead to it; none where nothing is better."""

    before: Plan
    after: Plan
    turns: Sequence[Turn]

    @property
    def is_better(self) -> bool:
        """Whether there is anything to take over."""
        return bool(self.turns)

    @property
    def moved(self) -> list[Moved]:
        """What it finishes on another day."""
        return moved(self.before.placed, self.after.placed)

    @property
    def kept(self) -> list[Placed]:
        """Whose promise only the better plan keeps."""
        return [
            each
            for key, each in self.after.placed.items()
            if not each.is_late and (was := self.before.placed.get(key)) is not None and was.is_late
        ]


def lateness_of(plan: Plan) -> Lateness:
    """Of all goods of a plan."""
    placed = list(plan.placed.values())
    days = made = 0
    for each in placed:
        if each.proposal is None:
            continue
        made += (each.proposal.finished_on - business_date(plan.now)) // ONE_DAY
        promised = each.owed.promised or each.owed.due
        if promised is not None:
            days += max((each.proposal.finished_on - promised) // ONE_DAY, 0)
    return Lateness(
        sum(each.proposal is None for each in placed), sum(each.is_late for each in placed), days, made
    )


def better_of(before: Plan, owed: Sequence[Owed], turns: Sequence[Turn]) -> WeekReplanned:
    """What the turns come to; the plain plan where they are no better."""
    after = before.emptied().place_in_turn(owed, turns)
    if turns and lateness_of(after) < lateness_of(before):
        return WeekReplanned(before, after, turns)
    return WeekReplanned(before, before, ())


def rests_on(plan: Plan, owed: Sequence[Owed]) -> str:
    """A hash of what a proposal rests on: lines, goods, booked hours. The moment is none of it."""
    return digest_of(
        {
            "lines": sorted(f"{each}" for each in plan.lines),
            "owed": sorted(f"{each.key} {each.job} {each.due} {each.promised}" for each in owed),
            "bookings": sorted(f"{each}" for each in (*plan.bookings, *plan.reserved)),
        }
    )


def require_better(found: WeekReplanned) -> None:
    """Raises Refusal(stale_version) where the turns are none, or keep no more promises than the plain rule."""
    if not found.is_better:
        raise Refusal(Code.STALE_VERSION, _STALE, where="turn", rule="R150")


def require_the_same(plan: Plan, owed: Sequence[Owed], digest: str) -> None:
    """Raises Refusal(stale_version) where orders, lines or hours are others than those that were looked at."""
    if rests_on(plan, owed) != digest:
        raise Refusal(Code.STALE_VERSION, _STALE, where="rests_on", rule="R150")


def written(turn: Turn) -> str:
    """A turn as a form carries it."""
    order, line = turn.goods
    return _BETWEEN.join((order, str(line), turn.line))


def read_turn(text: str) -> Turn:
    """The turn that a form carries. Raises Refusal(malformed)."""
    order, _, rest = text.partition(_BETWEEN)
    number, _, line = rest.partition(_BETWEEN)
    if not (order and number.isascii() and number.isdecimal() and len(number) < 10 and line):
        raise Refusal(Code.MALFORMED, _BAD_TURN.filled(text=text[:100]), where="turn", rule="R150")
    return Turn((order, int(number)), line)
