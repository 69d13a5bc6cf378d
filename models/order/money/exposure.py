"""What a customer owes for an order, or will: its share of the customer's credit, counted once (R109)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from models.order.money.bill import bill_of_shipment, bill_of_what_left, billed_quantity, stays_paid
from models.order.money.surplus import most_of
from models.request.order_start import Contract
from models.values.calendar import ONE_DAY, business_date
from models.values.money import ZERO, line_amount
from models.values.quantity import NOTHING
from models.values.vocabulary import PaymentTerms

if TYPE_CHECKING:
    from models.order.goods import Shipment
    from models.order.order import Order
    from models.request.order_request import RequestLine

PAID_LATER = frozenset({PaymentTerms.ON_ACCOUNT, PaymentTerms.GUARANTEED})
"""Terms by which goods leave before they are paid for: all of such an order counts, from its confirmation on."""
_NO_GOODS: Mapping[int, Decimal] = {}


def exposure_of(order: Order, also: Mapping[int, Decimal] = _NO_GOODS) -> Decimal:
    """R109: what the customer owes for this order and has not paid, in CNY, never less than nothing.

    On account and guaranteed: bill and value not yet billed; deposit and prepaid: only what left or was released.
    `also`: goods by line that are about to be released. Money counts once finance has confirmed it.
    """
    if not order.lives:
        return ZERO
    return max(_claimed(order, also) - order.sample_credit - stays_paid(order), ZERO)


def bound_credit(order: Order) -> Decimal:
    """R109: what of the customer's credit the order binds now, in CNY: what others cannot use.

    Before it is confirmed no more than the book let it through with, or finance freed it for.
    """
    owed = exposure_of(order)
    if not order.kind.is_before(order.phase) or order.production_began or order.goods_out:
        return owed
    credit = order.credit
    cleared = max(credit.passed or ZERO, credit.freed.amount if credit.freed is not None else ZERO)
    return min(owed, cleared)


def _claimed(order: Order, also: Mapping[int, Decimal]) -> Decimal:
    if order.pending_ending is not None:
        return Decimal(order.cancellation.cost) if order.cancellation is not None else ZERO
    if order.nothing_more_leaves:
        return bill_of_what_left(order) + order.cancellation_cost
    if order.kind.tries_samples:
        return bill_of_what_left(order)
    if order.terms in PAID_LATER:
        return _value(order, {line.line: _to_be_billed(order, line) for line in order.request.lines})
    return bill_of_what_left(order) + _value(order, _released(order, also))


def _value(order: Order, goods: Mapping[int, Decimal]) -> Decimal:
    amounts = (
        line_amount(goods.get(line.line, NOTHING), line.unit_price or ZERO) for line in order.request.lines
    )
    return sum(amounts, ZERO)


def _to_be_billed(order: Order, line: RequestLine) -> Decimal:
    """What of a line is billed, or will be when all that was ordered is made; what is finished is what was made."""
    number = line.line
    in_hand = sum((lot.uninspected + lot.not_entered for lot in order.lots_of(number)), NOTHING)
    known = billed_quantity(order, number) + in_hand
    ordered = line.quantity
    if (most := most_of(order, number)) is not None:
        known = min(known, most + order.sent_again(number))
    is_finished = number in order.finished_lines and not order.sent_again(number)
    return known if is_finished else max(known, ordered)


def _released(order: Order, also: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What was released and is still here, with what is about to be, by line."""
    goods = dict(also)
    for release in order.releases:
        for line, quantity in release.outstanding.items():
            goods[line] = goods.get(line, NOTHING) + quantity
    return goods


def due_since(order: Order) -> date | None:
    """The business day on which the oldest bill that is not paid was, or will be, to be paid; None where none is owed (R54, R109).

    A bill is a shipment's. It is to be paid so many days after its receipt, and at once where nobody released it to be
    paid later.
    """
    paid = stays_paid(order) + order.sample_credit
    if order.kind.gives_service:
        return due_of_service(order) if order.lives and bill_of_what_left(order) > paid else None
    if not order.lives or bill_of_what_left(order) + order.cancellation_cost <= paid:
        return None
    billed = ZERO
    for shipment in order.shipments:
        billed += bill_of_shipment(order, shipment)
        if billed > paid:
            return _due_on(order, shipment)
    return None


def _due_on(order: Order, shipment: Shipment) -> date | None:
    if shipment.release is None and order.terms is not PaymentTerms.ON_ACCOUNT:
        return business_date(shipment.shipped_at)
    if shipment.delivered_at is None:
        return None
    return business_date(shipment.delivered_at) + account_days(order) * ONE_DAY


def due_of_service(order: Order) -> date | None:
    """When the balance of a service is to be paid: so many days after its acceptance; None before (R51, R54, R87)."""
    accepted = order.service.accepted_at
    if accepted is None:
        return None
    on_account = order.terms is PaymentTerms.ON_ACCOUNT
    days = account_days(order) if on_account else order.policy.payment.balance_due_days
    return business_date(accepted) + days * ONE_DAY


def account_days(order: Order) -> int:
    """R54: so many days after delivery a bill is to be paid, by the contract of the day of the last release (R15, R50)."""
    released = order.releases[-1].granted_at if order.releases else order.placed_at
    own = _own_days(order.customer.contract_on(business_date(released)))
    return own if own is not None else order.policy.payment.account_days


def _own_days(contract: Contract | None) -> int | None:
    return contract.account_days if contract is not None else None
