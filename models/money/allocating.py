"""How a sum is proposed to be shared among the orders that a customer owes for (R160). Pure; finance decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from models.money.splitting import Part
from models.values.money import ZERO
from models.values.vocabulary import Term

MOST_SUMMED = 200_000
"""So many different sums of orders are looked at before it goes on by age: a sum of very many orders is not guessed."""


class ProposedBy(Term):
    """Why a sum is proposed to be shared so."""

    EXACT = "exact", "正好是这张订单的应付", "exactly what this order owes"
    EXACT_SUM = "exact_sum", "正好是这几张订单应付之和", "exactly what these orders owe together"
    OLDEST = "oldest", "先还最早到期的", "the oldest due first"
    BALANCE = "balance", "没有应付的订单，全部留作余额", "nothing is owed: all of it stays as balance"


@dataclass(frozen=True, slots=True)
class OwingOrder:
    """A living order of the customer and what it owes now, in CNY: the missing deposit, or what is open."""

    number: str
    due: Decimal
    since: datetime
    """Since when it is owed, UTC; the oldest is paid first."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What each order would get, the oldest first; the rest stays as the customer's balance."""

    by: ProposedBy
    parts: tuple[Part, ...]
    rest: Decimal


def proposed(amount: Decimal, orders: Sequence[OwingOrder]) -> Proposal:
    """R160: the one order that owes exactly this, else the fewest that owe it together, else the oldest due first."""
    owing = sorted((each for each in orders if each.due > ZERO), key=lambda each: (each.since, each.number))
    if not owing:
        return Proposal(ProposedBy.BALANCE, (), amount)
    together = _exact(amount, owing)
    if together:
        by = ProposedBy.EXACT if len(together) == 1 else ProposedBy.EXACT_SUM
        return Proposal(by, tuple(Part(each.number, each.due) for each in together), ZERO)
    rest, parts = amount, list[Part]()
    for each in owing:
        taken = min(each.due, rest)
        if taken > ZERO:
            parts.append(Part(each.number, taken))
            rest -= taken
    return Proposal(ProposedBy.OLDEST, tuple(parts), rest)


def _exact(amount: Decimal, owing: Sequence[OwingOrder]) -> tuple[OwingOrder, ...]:
    """The fewest orders that owe exactly so much, of as few the oldest; none where there are no such."""
    reached: dict[Decimal, tuple[int, ...]] = {ZERO: ()}
    for place, order in enumerate(owing):
        further: dict[Decimal, tuple[int, ...]] = {}
        for total, places in reached.items():
            sum_now, places_now = total + order.due, (*places, place)
            if sum_now > amount:
                continue
            for known in (reached.get(sum_now), further.get(sum_now)):
                if known is not None and (len(known), known) <= (len(places_now), places_now):
                    break
            else:
                further[sum_now] = places_now
        reached |= further
        if len(reached) > MOST_SUMMED:
            return ()
    return tuple(owing[place] for place in reached.get(amount, ()))
