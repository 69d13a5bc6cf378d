"""What an order of the shop has the payment provider do: one thing after the other, each under a key of its own (R123)."""

from __future__ import annotations

from models.dossier.errands import Errand
from models.handlers.shop.lapses import close_key
from models.order.kinds.shop import pays_back_online
from models.order.order import Order
from models.shop.intent_errands import (
    CLOSE_INTENT_ACTIVITY,
    REFUND_INTENT_ACTIVITY,
    IntentQuestion,
    RefundWanted,
)


def errand_of(order: Order) -> Errand | None:
    """What is to be done outside now; None where nothing is, as for every order that was not placed in the shop."""
    if not pays_back_online(order):
        return None
    if order.shop.closing:
        key = close_key(order)
        return Errand(key, CLOSE_INTENT_ACTIVITY, IntentQuestion(order=order.number, key=key))
    asked = next((each for each in order.shop.refunds if each.paid is None), None)
    if asked is None:
        return None
    wanted = RefundWanted(order=order.number, amount=asked.amount, key=asked.key, reason=asked.reason)
    return Errand(asked.key, REFUND_INTENT_ACTIVITY, wanted)
