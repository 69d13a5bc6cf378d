"""Cancelling 取消 (R84)."""

from __future__ import annotations

from models.dossier.papers_due import Paper
from models.messages import fact_contents
from models.messages.envelope import Envelope
from models.messages.fact_kind import SALES_SIDE, FactTable
from models.order.incidents import Cancellation
from models.order.order import Order
from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, Role, Words

FACTS = FactTable()


@FACTS.row(
    fact_contents.CancellationRequested,
    (*SALES_SIDE, Role.CUSTOMER, Role.SALES_SUPERVISOR, Role.SYSTEM),
    Words("申请取消", "cancellation requested"),
)
def cancellation_requested(
    order: Order, envelope: Envelope, content: fact_contents.CancellationRequested
) -> None:
    """R84: free before production; later the sales supervisor decides; not once goods have left."""
    if order.goods_out:
        raise Refusal(
            Code.TOO_LATE,
            Words("货已发出,请走售后", "goods have left; this is a matter for after-sales"),
            rule="R84",
        )
    if order.cancellation is not None:
        return
    order.cancellation = Cancellation(reason=content.reason, by=envelope.by, at=envelope.happened_at)
    if not order.production_began:
        grant_cancellation(order, Ending.CANCELLED, "0.00")


def grant_cancellation(order: Order, ending: Ending, cost: str) -> None:
    """The order is to end; money received is settled first (R84)."""
    if order.cancellation is not None:
        order.cancellation.granted = True
        order.cancellation.cost = cost
    order.pending_ending = ending
    reason = order.cancellation.reason if order.cancellation else ending
    order.intend(
        Paper.CANCELLED, "1", (Role.CUSTOMER, Role.SALESPERSON, Role.PRODUCTION), "R84", reason=reason
    )
