"""The tolerance 允差: how much more or less than ordered still counts as what was ordered (R45)."""

from __future__ import annotations

from decimal import Decimal

from models.order.order import Order
from models.request.order_request import RequestLine
from models.values.quantity import tolerated


def tolerance_of(order: Order, line: RequestLine) -> tuple[Decimal, Decimal]:
    """The least and the most of a line that counts as what was ordered, in the line's unit (R45)."""
    return tolerated(line.quantity, order.tolerance_of(line))
