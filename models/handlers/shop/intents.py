"""What the payment provider answers: whether an order was paid by its limit, whether a refund was paid (R39, R123)."""

from __future__ import annotations

from models.dossier.papers_due import Paper
from models.handlers.shop.lapses import close_key, lapse
from models.handlers.shop.refunds import refunded
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.kinds.shop import is_told_as_paid, online_missing, pays_back_online
from models.order.order import Order
from models.values.content import Content, Line, Reference, Text
from models.values.errors import AlreadyKnown, Code, Refusal, TooEarly
from models.values.vocabulary import Role, Words

FACTS = FactTable()
_NOT_OF_THE_SHOP = Words(
    "这不是网店订单，没有在线支付", "this is no order of the shop; nothing was paid online for it"
)


class IntentClosed(Content):
    """What the provider says when it is asked at the limit. Paid: the money itself is told beside this."""

    key: Reference
    paid: bool


class RefundAnswered(Content):
    """Whether a refund was paid, with the provider's own reference; or why not."""

    key: Reference
    paid: bool
    reference: Line = ""
    reason: Text = ""


@FACTS.row(IntentClosed, (Role.SYSTEM,), Words("支付机构答复", "payment provider answered"))
def intent_closed(order: Order, envelope: Envelope, content: IntentClosed) -> None:
    """R39: not paid by the limit: cancelled. Paid: its money counts as soon as it is told.

    R123: of a sample that was cancelled nothing can be paid any more; what was paid meanwhile goes back when it is told.
    """
    if not pays_back_online(order):
        raise _not_of_the_shop("R39")
    shop = order.shop
    if content.key != close_key(order):
        raise AlreadyKnown if shop.closes else TooEarly
    if not shop.closing:
        raise AlreadyKnown
    shop.closing = False
    if content.paid:
        # A paid intent takes no more either: where its money is told already, nothing is left to be asked.
        told = is_told_as_paid(order) if order.kind.sold_online else online_missing(order) == 0
        shop.announced_at, shop.closed_at = (None, order.clock) if told else (order.clock, None)
        return
    shop.closed_at = order.clock
    unpaid = order.phase is order.kind.paid_in and not is_told_as_paid(order)
    if unpaid and order.pending_ending is None:
        lapse(order)


@FACTS.row(RefundAnswered, (Role.SYSTEM,), Words("退款答复", "refund answered"))
def refund_answered(order: Order, envelope: Envelope, content: RefundAnswered) -> None:
    """R123: what was paid back counts no more; what was not is a step of finance."""
    if not pays_back_online(order):
        raise _not_of_the_shop("R123")
    refund = next((each for each in order.shop.refunds if each.key == content.key), None)
    if refund is None:
        raise TooEarly
    if refund.paid is not None:
        raise AlreadyKnown
    refund.paid = content.paid
    if content.paid:
        refunded(order, refund, content.reference)
        return
    refund.trouble = content.reason
    order.intend(
        Paper.REFUND_FAILED,
        refund.key,
        (Role.FINANCE,),
        "R123",
        amount=refund.amount,
        reason=content.reason or Words("未说明", "not said"),
    )


def _not_of_the_shop(rule: str) -> Refusal:
    return Refusal(Code.CONTRADICTION, _NOT_OF_THE_SHOP, where="kind", rule=rule)
