"""The bill: what the customer has or is to get, each line rounded once and cumulatively (R45, R76, R84)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from models.order.kinds.sample import fee_of
from models.order.money.delivery_fee import billed_fee, delivery_fee_of
from models.order.money.surplus import most_of
from models.values.money import ZERO, line_amount
from models.values.quantity import NOTHING
from models.values.vocabulary import Ending

if TYPE_CHECKING:
    from models.order.goods import Shipment
    from models.order.order import Order


def billed_quantity(order: Order, line: int) -> Decimal:
    """What of a line is billed: what passed and is with the customer or on its way there, a surplus only where it is taken.

    Not what came back, went astray or arrived spoiled (R74, R76), nor what will not be sent (R84).
    """
    staying = NOTHING if order.nothing_more_leaves else _still_to_leave(order, line)
    return _left(order, line) + staying


def bill_of(order: Order) -> Decimal:
    """The bill so far, in CNY."""
    if order.kind.tries_samples:
        return bill_of_what_left(order)
    if order.nothing_more_leaves:
        return bill_of_what_left(order)
    if not order.shipments and not order.kind.gives_service:
        return _amount(order, lambda line: _still_to_leave(order, line)) - order.account.taken_off
    staying = _amount(order, lambda line: _left(order, line) + _still_to_leave(order, line))
    return staying - order.account.taken_off


def bill_of_what_left(order: Order) -> Decimal:
    """What is billed of what has left the house: all of the bill once the rest is cancelled, in CNY (R75, R84).

    Of samples that is their fee, once, however many rounds are made (R130).
    """
    if order.kind.tries_samples:
        return (fee_of(order) if order.shipments else ZERO) - order.account.taken_off
    return _amount(order, lambda line: _left(order, line)) - order.account.taken_off


def stays_paid(order: Order) -> Decimal:
    """What was paid and stays, in CNY: without what finance pays back for after-sales cases (R142)."""
    return order.ledger.paid - order.account.paid_back


def this_bill(unit_price: Decimal, before: Decimal, quantity: Decimal) -> Decimal:
    """What one shipment adds to the bill of its line: all so far, rounded once, less what was billed before (R45)."""
    return line_amount(before + quantity, unit_price) - line_amount(before, unit_price)


def bill_of_shipment(order: Order, shipment: Shipment) -> Decimal:
    """What this shipment added to the bill when it left, in CNY; all shipments together are the bill (R45)."""
    earlier = order.shipments[: order.shipments.index(shipment)]
    if order.kind.tries_samples:
        return ZERO if earlier else fee_of(order)
    added = ZERO if earlier else delivery_fee_of(order)
    for line in order.request.lines:
        before = sum((each.quantities.get(line.line, NOTHING) for each in earlier), NOTHING)
        sent = shipment.quantities.get(line.line, NOTHING)
        upto = _not_above_ordered(order, line.line, before + sent)
        before = _not_above_ordered(order, line.line, before)
        added += this_bill(line.unit_price or ZERO, before, upto - before)
    return added


def open_balance_of(order: Order) -> Decimal:
    """Bill (before goods: order total) and cost of a cancelled rest, less what was paid; negative: paid too much.

    An order that ended without delivery claims nothing more: its money was settled before it ended (R84).
    """
    if order.ending not in (None, Ending.SETTLED):
        return ZERO
    if order.kind.tries_samples:
        return fee_of(order) - stays_paid(order)
    claimed = order.bill if order.was_inspected or order.rest_is_cancelled else order.total
    credited = min(order.sample_credit, claimed)
    return claimed - credited + order.cancellation_cost - stays_paid(order)


def open_for_what_left(order: Order) -> Decimal:
    """What is open of the goods that have left, in CNY, never more than is open at all; at least nothing (R75)."""
    open_for_goods = bill_of_what_left(order) + order.cancellation_cost - stays_paid(order)
    return max(min(open_for_goods, order.open_balance), ZERO)


def _amount(order: Order, quantity: Callable[[int], Decimal]) -> Decimal:
    """What so much of each line comes to, with the delivery fee of the shop (R65)."""
    goods = sum(
        (line_amount(quantity(line.line), line.unit_price or ZERO) for line in order.request.lines), ZERO
    )
    return goods + billed_fee(order, quantity)


def _left(order: Order, line: int) -> Decimal:
    if order.kind.gives_service:
        return _given(order, line)
    left = sum((shipment.billed(line) for shipment in order.shipments), NOTHING)
    most = most_of(order, line)
    return left if most is None else min(left, most)


def _given(order: Order, line: int) -> Decimal:
    """R87: a service is billed as it was ordered, once it was accepted."""
    ordered = order.line_numbered(line)
    return ordered.quantity if ordered is not None and order.service.accepted_at is not None else NOTHING


def _still_to_leave(order: Order, line: int) -> Decimal:
    return max(_not_above_ordered(order, line, order.entered(line)) - order.shipped(line), NOTHING)


def _not_above_ordered(order: Order, line: int, quantity: Decimal) -> Decimal:
    """R45: a surplus that the customer does not take is neither billed nor sent; what is sent again is no surplus."""
    most = most_of(order, line)
    return quantity if most is None else min(quantity, most + order.sent_again(line))
