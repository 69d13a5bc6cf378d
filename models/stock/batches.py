"""Pre-sale batches (R114): goods that are sold before they are there. The arithmetic, on shelves that somebody holds.

A batch is a shelf of its own in the stock book, named by the batch's number: what is on hand there is what was offered
and has not left, so nothing beyond it can be reserved. What of it has come and passed is counted beside it, and is set
apart for those who ordered, who was placed first before others.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import BaseModel

from models.stock.stock_words import BatchPayment
from models.values.quantity import NOTHING, Measured

if TYPE_CHECKING:
    from models.stock.shelves import Shelves, StockItem
    from models.stock.stock_questions import StockLine, StockQuestion


class PresaleBatch(BaseModel):
    """What a batch is beside a shelf. Quantities in the item's unit; `received` is inspected, `there` is not gone."""

    product: str
    """Whose goods they are: what orders ask for."""
    agreed: date
    """The day that was named when it was offered; the item's `expected` is the day as it stands."""
    payment: BatchPayment
    offered: Measured
    """How much is offered in all; never less than was sold."""
    to_inspect: Measured = NOTHING
    """Came from purchasing, and is not inspected."""
    passed: Measured = NOTHING
    """Came and passed, in all."""
    there: Measured = NOTHING
    """Passed and still in the house."""
    completed_at: datetime | None = None
    """All that comes has come; from then on nothing more is sold of it."""


def named_by_batches(shelves: Shelves, order: str, question: StockQuestion) -> StockQuestion:
    """The question with batches for products: the order's own one; else the first to come that has enough, or any.

    What is no pre-sale is never a batch's. A product of which no batch is offered is nobody's shelf: nothing is there.
    """
    if not question.presale:
        return _of_no_batch(shelves, question)
    spare = {name: item.available for name, item in shelves.items.items() if item.batch is not None}
    lines = tuple(_named(shelves, order, line, spare) for line in question.lines)
    return question.model_copy(update={"lines": lines})


def _of_no_batch(shelves: Shelves, question: StockQuestion) -> StockQuestion:
    """A batch's number is no product that could be ordered from stock."""
    if not any(_is_batch(shelves, line.product) for line in question.lines):
        return question
    lines = tuple(_nowhere(line) if _is_batch(shelves, line.product) else line for line in question.lines)
    return question.model_copy(update={"lines": lines})


def _is_batch(shelves: Shelves, product: str) -> bool:
    item = shelves.items.get(product)
    return item is not None and item.batch is not None


def _nowhere(line: StockLine) -> StockLine:
    return line.model_copy(update={"product": f"?{line.product}"})


def _named(shelves: Shelves, order: str, line: StockLine, spare: dict[str, Decimal]) -> StockLine:
    own = _own(shelves, order, line)
    name = own if own is not None else _first_with(shelves, line, spare)
    if name is None:
        return _nowhere(line)
    wanted = shelves.in_item_unit(name, line.quantity, line.unit)
    if own is None and wanted is not None:
        spare[name] -= wanted
    return line.model_copy(update={"product": name})


def _own(shelves: Shelves, order: str, line: StockLine) -> str | None:
    """The batch that the order has already for this line, as long as it is one of the line's product."""
    row = shelves.reservations.get((order, line.line))
    if row is None or not (row.state.counts or row.left > 0):
        return None
    batch = shelves.items[row.product].batch
    return row.product if batch is not None and batch.product == line.product else None


def _first_with(shelves: Shelves, line: StockLine, spare: dict[str, Decimal]) -> str | None:
    """The first batch to come that has enough for the line; else the one that has most."""
    offered = [
        item
        for item in shelves.items.values()
        if item.batch is not None and item.batch.product == line.product and item.batch.completed_at is None
    ]
    offered.sort(key=lambda item: (item.expected or item.batch.agreed, item.product) if item.batch else ())
    for item in offered:
        wanted = shelves.in_item_unit(item.product, line.quantity, line.unit)
        if wanted is not None and wanted <= spare[item.product]:
            return item.product
    return max(offered, key=lambda item: spare[item.product]).product if offered else None


def set_apart(shelves: Shelves, item: StockItem) -> None:
    """R114: what passed and is nobody's yet goes to those who ordered it, who was placed first before others."""
    if item.batch is None:
        return
    rows = list(shelves.of_product(item.product))
    free = item.batch.there - sum((row.ready for row in rows), NOTHING)
    for row in rows:
        more = min(row.quantity - row.ready, free)
        if more > 0:
            row.ready += more
            free -= more
            shelves.tell_ready(row, more)


def left_over(shelves: Shelves, now: datetime, by: str = "") -> None:
    """R114: what a completed batch has and nobody ordered goes to stock, as far as its product's shelf is held, too."""
    for item in list(shelves.items.values()):
        if item.batch is None or item.batch.completed_at is None or item.batch.product not in shelves.items:
            continue
        free = min(item.available, item.batch.there)
        if free > 0:
            for product, quantity in ((item.product, -free), (item.batch.product, free)):
                shelves.goes_over(product, quantity, now, by, item.product)


def payment_of(shelves: Shelves, question: StockQuestion) -> BatchPayment | None:
    """The whole, where one of the batches asks for it; None of goods that are no pre-sale."""
    asked = {
        item.batch.payment
        for line in question.lines
        if (item := shelves.items.get(line.product)) is not None and item.batch is not None
    }
    if not asked:
        return None
    return BatchPayment.WHOLE if BatchPayment.WHOLE in asked else BatchPayment.DEPOSIT
