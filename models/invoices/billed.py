"""What is billed of an order by line, less what after-sales cases took off: for the order and its database alike (R142, R162)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from models.values.money import ZERO

Billed = Mapping[int, Decimal]
"""What is billed now, by line, in CNY with tax; line 0 is what belongs to no line. Nothing in it is below zero."""


def less_credited(amounts: Mapping[int, Decimal], credited: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What is left of the amounts of the lines: a credit of no line, or of more than its line has, is taken from the others.

    The first line gives first: of 475.28 on line 1 a credit of 50.00 without a line leaves 425.28. Never less than nothing.
    """
    left = {line: amount - credited.get(line, ZERO) for line, amount in sorted(amounts.items())}
    over = sum((max(-amount, ZERO) for amount in left.values()), ZERO)
    over += sum((value for line, value in credited.items() if line not in left), ZERO)
    found: dict[int, Decimal] = {}
    for line, amount in left.items():
        here = max(amount, ZERO)
        given = min(here, over)
        found[line], over = here - given, over - given
    return found


def total(amounts: Mapping[int, Decimal]) -> Decimal:
    """All lines together, in CNY."""
    return sum(amounts.values(), ZERO)


def filled(left: Mapping[int, Decimal], amount: Decimal | None) -> dict[int, Decimal]:
    """So much of what is left, line by line; None: all of it."""
    found: dict[int, Decimal] = {}
    rest = amount
    for line, here in sorted(left.items()):
        taken = here if rest is None else min(here, rest)
        if taken > ZERO:
            found[line] = taken
        if rest is not None:
            rest -= taken
    return found
