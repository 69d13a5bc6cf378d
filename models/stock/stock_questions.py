"""What an order asks of the stock book, and what it hears: plain content of a shared question and its answer (R110, R111)."""

from __future__ import annotations

from datetime import date, datetime

from models.stock.stock_words import StockAct, StockState
from models.values.content import Content, Instant, Reference
from models.values.quantity import NOTHING, Measured, Quantity
from models.values.vocabulary import Unit


class StockLine(Content):
    """A line of an order as the book sees it, in the line's own unit."""

    line: int
    product: Reference
    quantity: Quantity
    unit: Unit
    passed: Quantity = NOTHING
    """Of what came back and was inspected: what is good."""
    scrapped: Quantity = NOTHING


class StockQuestion(Content):
    """What is asked. `lines` are all that the order wants reserved, also what left already; or what the act is about."""

    act: StockAct
    lines: tuple[StockLine, ...] = ()
    placed_at: Instant
    """When the order was placed: who waits is served in this order (R112)."""
    held_until: Instant | None = None
    firm: bool = False
    """Reserve it firmly: the order is confirmed already."""


class StockOfLine(Content):
    """What the book says of a line, in the line's own unit."""

    line: int
    reserved: Measured
    """What the order was given of it in all: what is reserved now, and what left already."""
    turn: int = 0
    """Counts up with every word of the book about this line: an older one that comes later changes nothing."""
    there: Measured = NOTHING
    """How much it could have, where it is short."""


class StockReply(Content):
    """The answer. `expected`: when purchasing expects the goods that are missing, as far as it said."""

    state: StockState
    lines: tuple[StockOfLine, ...] = ()
    held_until: datetime | None = None
    expected: date | None = None
