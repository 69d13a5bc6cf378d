"""When an order is completed 已完成: by the customer's word, the customer's signature, or a time of silence (R81)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from models.dossier.journal import EntryKind
from models.order.goods import Shipment
from models.values.calendar import ONE_DAY, business_date, end_of

if TYPE_CHECKING:
    from models.order.order import Order


def settle_completion(order: Order) -> None:
    """The order is completed once every shipment is that reached the customer and was not recalled; kept in the journal."""
    if order.completed_at is not None or not _delivered(order) or waits_for_completion(order):
        return
    order.completed_at = order.clock
    order.note(EntryKind.COMPLETED, "order", rule="R81", how=_how(order))


def waits_for_completion(order: Order) -> bool:
    """Whether somebody has still to say that the goods are well received, or time to pass."""
    return any(not _is_completed(order, shipment) for shipment in _delivered(order))


def completed_when(order: Order) -> datetime | None:
    """When silence completes the order: the end of the last day that counts; None while an exception or a case stops the clock."""
    moments = [_silent_until(order, each) for each in _delivered(order) if not _is_completed(order, each)]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None


def _delivered(order: Order) -> list[Shipment]:
    """What the customer has and was not called back."""
    return [each for each in order.shipments if each.delivered_at is not None and not each.recalled]


def _is_completed(order: Order, shipment: Shipment) -> bool:
    if shipment.confirmed_at is not None or _is_signed_for(order, shipment):
        return True
    silent_until = _silent_until(order, shipment)
    return silent_until is not None and silent_until <= order.clock


def _is_signed_for(order: Order, shipment: Shipment) -> bool:
    """The customer's own signature on the receipt; what the carrier alone tells of is none."""
    counts = order.policy.completion.signed_receipt and order.kind.signed_receipt_completes
    return counts and not shipment.receipt_by_carrier


def _silent_until(order: Order, shipment: Shipment) -> datetime | None:
    """The end of the day to which silence lasts: days on which an exception or a case was open, or the order was held, do not count."""
    delivered = shipment.delivered_at
    if delivered is None or order.unresolved or any(each.closed_at is None for each in order.cases.values()):
        return None
    stopped = set(stopped_days(order)) | order.held_days()
    day, left = business_date(delivered), order.policy.completion.days
    while left:
        day += ONE_DAY
        left -= day not in stopped
    return end_of(day)


def stopped_days(order: Order, *, leaving_out: str = "") -> Iterator[date]:
    """Business days on which an exception or an after-sales case was open: not that on which it began, but that of its end.

    Exceptions of the rule `leaving_out` stop nothing.
    """
    spells = [
        (each.reported_at, each.resolved_at) for each in order.troubles.values() if each.rule != leaving_out
    ]
    spells += [(each.opened_at, each.closed_at) for each in order.cases.values()]
    for begun, ended in spells:
        first, last = business_date(begun), business_date(ended or order.clock)
        yield from (first + timedelta(days=number) for number in range(1, (last - first).days + 1))


def _how(order: Order) -> str:
    """By what: `confirmed`, `signed`, or `silence` where any part of it was completed by time alone."""
    silent = [
        each for each in _delivered(order) if each.confirmed_at is None and not _is_signed_for(order, each)
    ]
    if silent:
        return "silence"
    return "confirmed" if any(each.confirmed_at for each in _delivered(order)) else "signed"
