"""Refund 退款 of a cancelled rest: what was paid beyond the goods that left and the cost goes back (R84)."""

from __future__ import annotations

from models.dossier.decisions import ask, void
from models.messages.decision_subjects import Subject
from models.order.order import Order
from workflows.phases.phase import Needs, decision_needed


def settle_refund(order: Order) -> None:
    """R84: what was paid beyond the goods that left and the cost of the rest goes back; finance owes it until it is paid."""
    if not order.rest_is_cancelled or order.outcome(Subject.DEPOSIT_SETTLEMENT) is not None:
        return
    refund = -order.open_balance - order.shop.going_back  # that the provider pays back (R123)
    if refund > 0:
        about = {
            "paid": order.ledger.paid - order.shop.going_back,
            "bill": order.bill,
            "cost": order.cancellation_cost,
            "refund": refund,
        }
        ask(order, Subject.DEPOSIT_SETTLEMENT, about)
    else:
        void(order, Subject.DEPOSIT_SETTLEMENT)


def refund_needs(order: Order) -> Needs:
    """Who has still to pay back what the customer gets of a cancelled rest."""
    if order.rest_is_cancelled:
        yield from decision_needed(order, Subject.DEPOSIT_SETTLEMENT)
