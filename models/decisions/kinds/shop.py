"""Decisions about orders of the shop: the review, the merchant's acceptance, a refund that failed (R39, R123, R124)."""

from __future__ import annotations

from models.decisions.subject_rule import SubjectRule
from models.dossier.decision_record import Asked
from models.dossier.decisions import void
from models.dossier.papers_due import Paper
from models.handlers.cancellation import grant_cancellation
from models.handlers.shop.refunds import failed_refund, refunded, want_refund
from models.messages.decision_subjects import Outcome, PaidByHandDetail, ShopRefusalDetail, Subject
from models.messages.envelope import Envelope
from models.order.incidents import Cancellation
from models.order.kinds.shop import ship_limit
from models.order.order import Order
from models.values.vocabulary import Ending, Role, Words


def _refused(order: Order, asked: Asked, envelope: Envelope) -> None:
    """All that was paid goes back, the fee too; so does the stock. The customer reads why."""
    if order.pending_ending is not None:
        return
    reason = ShopRefusalDetail.model_validate(asked.detail).words
    order.cancellation = Cancellation(reason=reason, by=envelope.by, at=envelope.happened_at)
    grant_cancellation(order, Ending.CANCELLED, "0.00")


def _review(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.REFUSE:
        _refused(order, asked, envelope)


def _merchant(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.REFUSE:
        _refused(order, asked, envelope)
        return
    order.shop.accepted_at = order.clock
    order.intend(
        Paper.MERCHANT_ACCEPTED,
        str(asked.version),
        (Role.CUSTOMER, Role.WAREHOUSE),
        "R124",
        until=ship_limit(order) or order.clock,
    )


def _failed(order: Order, asked: Asked, envelope: Envelope) -> None:
    """R123: finance paid it by hand, or has the provider asked once more under another key."""
    refund = failed_refund(order)
    if refund is None:
        return
    if asked.outcome is Outcome.REFUND:
        refunded(order, refund, PaidByHandDetail.model_validate(asked.detail).reference)
    else:
        refund.settled = True
        zh, _, en = refund.reason.partition(" · ")
        want_refund(order, refund.amount, Words(zh, en or zh))
    void(order, Subject.FAILED_REFUND)


ROWS = (
    SubjectRule(
        Subject.SHOP_REVIEW,
        (Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR),
        (Outcome.ACCEPT, Outcome.REFUSE),
        details={Outcome.REFUSE: ShopRefusalDetail},
        effect=_review,
    ),
    SubjectRule(
        Subject.MERCHANT_ACCEPTANCE,
        (Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR),
        (Outcome.ACCEPT, Outcome.REFUSE),
        details={Outcome.REFUSE: ShopRefusalDetail},
        effect=_merchant,
    ),
    SubjectRule(
        Subject.FAILED_REFUND,
        (Role.FINANCE,),
        (Outcome.REFUND, Outcome.TRY_AGAIN),
        details={Outcome.REFUND: PaidByHandDetail},
        effect=_failed,
    ),
)
