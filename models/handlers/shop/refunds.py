"""Money of an order of the shop that goes back the way it came, by itself (R123, R124)."""

from __future__ import annotations

from decimal import Decimal

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.order.kinds.shop import IntentRefund
from models.order.order import Order
from models.values.money import ZERO
from models.values.vocabulary import Role, Words

SURPLUS = Words("多付款", "paid too much")
CANCELLED = Words("订单取消", "the order was cancelled")


def want_refund(order: Order, amount: Decimal, reason: Words) -> None:
    """So much goes back: the provider is asked under a key of its own, and answers with `refund_answered`."""
    if amount <= ZERO:
        return
    key = f"{order.number}/refund:{len(order.shop.refunds) + 1}"
    order.shop.refunds.append(
        IntentRefund(key=key, amount=amount, reason=f"{reason.zh} · {reason.en}", asked_at=order.clock)
    )
    order.intend(Paper.REFUND_ASKED, key, (Role.FINANCE,), "R123", amount=amount, reason=reason)


def refunded(order: Order, refund: IntentRefund, reference: str) -> None:
    """It went back, by the provider or by hand: it counts no more, and the customer is told."""
    refund.settled, refund.reference = True, reference
    order.ledger.refunded += refund.amount
    order.note(
        EntryKind.REFUNDED,
        refund.key,
        rule="R123",
        amount=str(refund.amount),
        reference=reference,
        reason=refund.reason,
    )
    order.intend(
        Paper.REFUNDED,
        refund.key,
        (Role.CUSTOMER, Role.SALESPERSON),
        "R123",
        amount=refund.amount,
        reason=_as_words(refund.reason),
    )


def failed_refund(order: Order) -> IntentRefund | None:
    """The first refund that the provider did not pay, and of which nothing was decided yet."""
    return next((each for each in order.shop.refunds if each.paid is False and not each.settled), None)


def _as_words(reason: str) -> Words:
    zh, _, en = reason.partition(" · ")
    return Words(zh, en or zh)
