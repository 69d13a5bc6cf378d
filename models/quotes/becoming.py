"""Which order a quote became, as the quote and the orders themselves say it, beside the row that keeps it (R104). Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Naming:
    """What the request of an order says of quotes: which one it comes from, whether it waits for one, and for which."""

    quote: str = ""
    waits: bool = False
    awaited: str = ""


@dataclass(frozen=True, slots=True)
class Became:
    """A row of the register: this quote has become this order, or this order waits for it. `quote_lives`: it has not ended."""

    quote: str
    order: str
    quote_lives: bool
    naming: Naming | None
    """What the order's request says; None where the order database knows no such order, or cannot read it."""


def stands(row: Became) -> bool:
    """R104: whether a row of a quote that does not say itself what it became is right.

    The order comes from it, and the quote has not heard so yet; or it waits, for as long as the quote lives. A quote may
    have got another number since the order named it.
    """
    if row.naming is None:
        return False
    return row.naming.quote == row.quote or (row.naming.waits and row.quote_lives)


def wanted(naming: Naming, *, awaited_lives: bool) -> str:
    """R104: the quote whose row an open order that has none must have; empty where it needs none."""
    return naming.quote or (naming.awaited if awaited_lives else "")
