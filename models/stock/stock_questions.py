"""What an order asks of the stock book, and what it hears: plain content of a shared question and its answer (R110, R111)."""

from __future__ import annotations

from datetime import date, datetime

from models.stock.stock_words import BatchPayment, StockAct, StockState
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
    presale: bool = False
    """The goods are of pre-sale batches, which the book finds by the product (R114)."""


class StockOfLine(Content):
    """What the book says of a line, in the line's own unit."""

    line: int
    reserved: Measured
    """What the order was given of it in all: what is reserved now, and what left already."""
    turn: int = 0
    """Counts up with every word of the book about this line: an older one that comes later changes nothing."""
    there: Measured = NOTHING
    """How much it could have, where it is short."""
    ready: Measured | None = None
    """Of a pre-sale: what of it is there, passed and set apart, also what left already (R114)."""
    batch: Reference = ""
    """Of a pre-sale: the number of the batch."""
    expected: date | None = None
    """Of a pre-sale: when the batch comes, as it stands."""


class StockReply(Content):
    """The answer. `expected`: when purchasing expects the goods that are missing, or the batch, as far as it said."""

    state: StockState
    lines: tuple[StockOfLine, ...] = ()
    held_until: datetime | None = None
    expected: date | None = None
    payment: BatchPayment | None = None
    """Of a pre-sale: what is paid before the goods are there (R114)."""
