"""What receipts of the house moved on a customer's account: money counts from when it came, whichever order has it (R160). Pure.

A receipt is all put aside for the customer as it comes; what orders get of it is taken from there (`Received.of_receipt`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.money.house_receipt import HouseReceipt
from models.reports.order_movements import Movement, MovementKind
from models.values.calendar import business_date


@dataclass(frozen=True, slots=True)
class BalanceBack:
    """Balance of a receipt that was paid back to the customer."""

    receipt: str
    day: date
    amount: Decimal


def movements_of_receipts(
    receipts: Sequence[HouseReceipt], refunds: Sequence[BalanceBack]
) -> Iterator[Movement]:
    """Every movement of these receipts, with no order. What an order was paid too much moved the account there already."""
    for each in receipts:
        if each.cleared_at is None:
            continue
        if not each.source:
            day, words = business_date(each.paid_at), each.reference
            yield Movement(day, "", MovementKind.PAID, -each.amount, words, set_aside=each.amount)
            if each.bounced_at is not None:
                kind = MovementKind.CORRECTED if each.corrected else MovementKind.BOUNCED
                fell = max(business_date(each.bounced_at), day)
                yield Movement(fell, "", kind, each.amount, words, set_aside=-each.amount)
        for back in refunds:
            if back.receipt == each.number:
                yield Movement(
                    back.day, "", MovementKind.REFUNDED, back.amount, each.reference, set_aside=-back.amount
                )
