"""What the books of the shop must come to: what a checkout asks, what of a payment orders are told, how its intent stands (R123). Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from models.shop.cart import PAID_AT_ONCE
from models.shop.checkout_money import IntentState
from models.shop.intents import TABLE, Effect, Meaning
from models.values.money import ZERO
from models.values.vocabulary import Fulfilment

_SETTLING = frozenset(
    meaning for meaning in Meaning if TABLE[IntentState.OPEN, meaning].state is IntentState.PAID
)
"""What an open intent is paid by."""


def asked_at_checkout(content: Mapping[str, Any]) -> dict[str, Decimal]:
    """R122: what the confirmation of a checkout says that each order is to be paid at once, in CNY.

    `content` as it is kept. Raises LookupError, TypeError, ValueError or ArithmeticError where it is none.
    """
    parts = ((each["order"], Fulfilment(each["kind"]), Decimal(each["total"])) for each in content["parts"])
    return {order: total for order, kind, total in parts if kind in PAID_AT_ONCE and total > ZERO}


def told_of(meaning: Meaning, amount: Decimal, back: Decimal) -> Decimal:
    """R123: what of a payment its orders must have been told of, by what it meant when it came. `back`: went back by itself."""
    effects = TABLE[IntentState.OPEN, meaning].effects
    if Effect.TELL_ORDERS in effects:
        return amount - back
    return ZERO


def back_of(meaning: Meaning, amount: Decimal, told: Decimal) -> Decimal:
    """R123: what of a payment must go back by itself. `told`: what its orders were told of."""
    effects = TABLE[IntentState.OPEN, meaning].effects
    return amount - told if Effect.PAY_BACK in effects else ZERO


def agrees(state: IntentState, meanings: Collection[Meaning]) -> bool:
    """R123: whether an intent may stand so with payments of these meanings: one that was paid stays so, or all went back."""
    settled = any(meaning in _SETTLING for meaning in meanings)
    if settled:
        return state in (IntentState.PAID, IntentState.REFUNDED)
    return state is not IntentState.PAID
