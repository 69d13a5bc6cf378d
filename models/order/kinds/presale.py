"""What is still to come of an order from stock or pre-sale, and when a pre-sale is too late (R48, R112, R114)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from models.messages.decision_subjects import Outcome
from models.order.kinds.shop import is_told_as_paid
from models.order.kinds.stock import OrderStock
from models.stock.stock_questions import StockReply
from models.stock.stock_words import StockState
from models.values.calendar import ONE_DAY, end_of
from models.values.quantity import NOTHING

if TYPE_CHECKING:
    from models.order.order import Order


def wanted(order: Order, line: int) -> Decimal:
    """What the order wants of a line in all, in the line's unit."""
    known = order.line_numbered(line)
    return NOTHING if known is None else known.quantity + order.sent_again(line)


def is_there(order: Order, line: int) -> Decimal:
    """What of a line is in the house for it, or left already: of a pre-sale what passed, else what it was given."""
    return order.stock.ready.get(line, NOTHING) if order.kind.by_batch else order.stock.of(line)


def lacking(order: Order) -> dict[int, Decimal]:
    """What is missing to what was ordered, by line; nothing of what the customer does without."""
    does_without = order.stock.choice is Outcome.CANCEL
    missing = {}
    for line in order.request.lines:
        due = order.stock.of(line.line) if does_without else wanted(order, line.line)
        missing[line.line] = due - is_there(order, line.line)
    return {line: quantity for line, quantity in missing.items() if quantity > 0}


def stands_in_batches(stock: OrderStock, reply: StockReply) -> None:
    """R114: of which batches it is, and when they come; the day of others, or of a lack of them, is agreed anew."""
    batches = {line.line: line.batch for line in reply.lines if line.batch}
    if batches != stock.batches:
        stock.batches, stock.agreed = batches, None
    stock.days = {line.line: line.expected for line in reply.lines if line.expected is not None}
    if reply.state is StockState.SHORT:
        stock.until = None


def day_of_all(order: Order, batch: str, expected: date) -> date:
    """R113, R114: when all that is missing is there, now that purchasing names a day; of several batches the last counts."""
    stock = order.stock
    if not order.kind.by_batch:
        return expected
    missing = lacking(order)
    for line in missing:
        if stock.batches.get(line) == batch:
            stock.days[line] = expected
    return max((day for line, day in stock.days.items() if line in missing), default=expected)


def is_late(order: Order) -> bool:
    """R114: whether its goods are, or will be, later than agreed by more days than the policy allows."""
    agreed = order.stock.agreed
    if not order.kind.by_batch or agreed is None or not lacking(order):
        return False
    comes = max(order.stock.until or order.today(), order.today())
    return comes > agreed + order.policy.stock.late_days * ONE_DAY


def late_moments(order: Order) -> Iterator[datetime]:
    """R114: the moment from which it is late without anybody saying so; none where that is past, or nothing is missing."""
    agreed = order.stock.agreed
    if order.kind.by_batch and agreed is not None and lacking(order):
        moment = end_of(agreed + order.policy.stock.late_days * ONE_DAY)
        if moment > order.clock:
            yield moment


def cancels_freely(order: Order) -> bool:
    """R84, R114: before anything is made or ordered for it; a confirmed pre-sale only where its batch is too late.

    R122: an order of the shop until it is paid.
    """
    if order.kind.sold_online:
        return not is_told_as_paid(order)
    if order.kind.by_batch and order.stock.is_firm:
        return is_late(order)
    return not order.production_began
