"""The delivery fee of the shop: a line of the bill of its own, beside those of the goods (R65)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from models.values.money import ZERO
from models.values.words import Words

if TYPE_CHECKING:
    from models.order.order import Order

FEE_LINE = 0
"""The number under which it stands among what is billed by line: no line of an order has it."""
DELIVERY = Words("配送费", "delivery fee")
"""What people read of it."""


def delivery_fee_of(order: Order) -> Decimal:
    """R65: what delivery costs the customer, in CNY; nothing elsewhere, where freight stays outside of the bill."""
    terms = order.request.shop
    return terms.delivery_fee if order.kind.sold_online and terms is not None else ZERO


def billed_fee(order: Order, quantity: Callable[[int], Decimal]) -> Decimal:
    """The fee as it is billed beside so much of each line: whole as long as any goods are, nothing where none are."""
    fee = delivery_fee_of(order)
    return fee if fee and any(quantity(line.line) > 0 for line in order.request.lines) else ZERO
