"""A surplus 多余部分: what nobody ordered is neither sent nor billed unless the customer takes it (R45, R74)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from models.messages.decision_subjects import Outcome, Subject
from models.values.quantity import NOTHING

if TYPE_CHECKING:
    from models.order.order import Order


def found_beyond(order: Order, line: int) -> Decimal:
    """What of a line is there beyond what was ordered because it turned up after it was made again (R74).

    What is beyond the order for another reason is none of it.
    """
    found = order.found.get(line)
    ordered = order.line_numbered(line) if found else None
    if not found or ordered is None:
        return NOTHING
    beyond = order.entered(line) - order.sent_again(line) - ordered.quantity
    return min(found, max(beyond, NOTHING))


def found_surplus(order: Order, line: int) -> Decimal:
    """So much of it as the customer has not taken (R45)."""
    beyond = found_beyond(order, line)
    taken = beyond > 0 and order.outcome(Subject.TOLERANCE, line) is Outcome.ACCEPT
    return NOTHING if taken else beyond


def most_of(order: Order, line: int) -> Decimal | None:
    """The most of a line that is the customer's, without what is sent again; None where nothing is kept back (R45)."""
    if line in order.billed_as_ordered:
        ordered = order.line_numbered(line)
        return None if ordered is None else ordered.quantity
    surplus = found_surplus(order, line)
    return order.entered(line) - order.sent_again(line) - surplus if surplus > 0 else None
