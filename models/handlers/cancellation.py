"""Cancelling 取消: an order before anything left, or the rest of it afterwards (R84)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from models.dossier.decisions import void
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.handlers.goods.releases import withdraw
from models.handlers.production import still_to_make
from models.messages import fact_contents
from models.messages.decision_subjects import RestUse, Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import SALES_SIDE, FactTable
from models.order.goods import Withdrawal
from models.order.incidents import Cancellation, Rest
from models.order.kinds.presale import cancels_freely
from models.order.money.surplus import most_of
from models.order.order import Order
from models.values.errors import Code, Refusal
from models.values.quantity import NOTHING
from models.values.vocabulary import Ending, Role, Words
from models.writing.printed_figures import quantity

FACTS = FactTable()
_IS_PAID = Words(
    "已付款的订单不能自行取消；请联系客服，或收货后申请退货",
    "an order that is paid is not cancelled by yourself any more; ask us, or send the goods back once you have them",
)
_GOES_ON = frozenset(
    {Subject.DEPOSIT_SETTLEMENT, Subject.OVERPAYMENT, Subject.EMERGENCY_PLAN, Subject.FAILED_REFUND}
)
"""What is still decided when nothing more is made or sent."""


@FACTS.row(
    fact_contents.CancellationRequested,
    (*SALES_SIDE, Role.CUSTOMER, Role.SALES_SUPERVISOR, Role.SYSTEM),
    Words("申请取消", "cancellation requested"),
)
def cancellation_requested(
    order: Order, envelope: Envelope, content: fact_contents.CancellationRequested
) -> None:
    """R84: free before production; later the sales supervisor decides, also about what has not left yet.

    R114: a confirmed pre-sale is free where its batch is later than agreed by more days than the policy allows.
    """
    if order.goods_out and not order.rest_is_cancelled and not rest_of(order):
        raise Refusal(
            Code.TOO_LATE,
            Words("货已发出，请走售后", "goods have left; this is a matter for after-sales"),
            rule="R84",
        )
    if order.kind.sold_online and envelope.role is Role.CUSTOMER and not cancels_freely(order):
        raise Refusal(Code.TOO_LATE, _IS_PAID, rule="R122")
    if order.kind.gives_service and order.everything_left:
        raise Refusal(
            Code.TOO_LATE,
            Words("服务已验收，请走售后", "the service is accepted; this is a matter for after-sales"),
            rule="R84",
        )
    if order.cancellation is not None:
        return
    order.cancellation = Cancellation(reason=content.reason, by=envelope.by, at=envelope.happened_at)
    if cancels_freely(order):
        grant_cancellation(order, Ending.CANCELLED, "0.00")


def rest_of(order: Order) -> dict[int, tuple[Decimal, Decimal]]:
    """What has not left, by line: how much of it lies here, and how much is not made; lines without any are left out."""
    rest: dict[int, tuple[Decimal, Decimal]] = {}
    for line in order.request.lines:
        made = sum((lot.made - lot.scrapped for lot in order.lots_of(line.line)), NOTHING)
        made += order.restocked.get(line.line, NOTHING)
        if (most := most_of(order, line.line)) is not None:  # the surplus is nobody's order (R45)
            made = min(made, most + order.sent_again(line.line))
        here = max(made - order.shipped(line.line), NOTHING)
        unmade = NOTHING if line.line in order.finished_lines else still_to_make(order, line.line)
        if here > 0 or unmade > 0:
            rest[line.line] = (here, unmade)
    return rest


def grant_cancellation(order: Order, ending: Ending, cost: str, by: str = "") -> None:
    """The order is to end; money received is settled first. After a part was shipped only the rest ends (R84)."""
    if order.goods_out:
        _cancel_rest(order, {}, cost, by, order.cancellation.reason if order.cancellation else ending.zh)
        return
    if order.cancellation is not None:
        order.cancellation.granted = True
        order.cancellation.cost = cost
    order.pending_ending = ending
    reason = order.cancellation.reason if order.cancellation else ending
    order.intend(
        Paper.CANCELLED, "1", (Role.CUSTOMER, Role.SALESPERSON, order.kind.done_by), "R84", reason=reason
    )


def cancel_rest(
    order: Order,
    envelope: Envelope,
    reason: str,
    cost: str = "0.00",
    uses: Mapping[int, RestUse] | None = None,
) -> None:
    """R84: nothing more is made or sent; what has left goes on to receipt and settlement."""
    _cancel_rest(order, uses or {}, cost, envelope.by, reason)


def _cancel_rest(order: Order, uses: Mapping[int, RestUse], cost: str, by: str, reason: str) -> None:
    for shipment in order.shipments:
        shipment.goes_again = False
    if order.rest_is_cancelled or not rest_of(order):
        return
    asked = order.cancellation or Cancellation(reason=reason, by=by, at=order.clock)
    rest = {
        line: Rest(use=uses.get(line, usual_use(here)), quantity=here if here > 0 else unmade)
        for line, (here, unmade) in rest_of(order).items()
    }
    order.cancellation = asked.model_copy(
        update={"granted": True, "cost": cost, "after_shipment": True, "rest": rest}
    )
    _withdraw_releases(order)
    order.amendment = None
    for open_question in [each for each in order.asked.values() if each.outcome is None]:
        if open_question.subject not in _GOES_ON:
            void(order, open_question.subject, open_question.line)
    if order.phase not in (*order.kind.of_what_left, order.kind.last):
        order.phase = order.kind.of_what_left[0]
        order.note(EntryKind.PHASE, order.phase.value)
    order.intend(
        Paper.REST_CANCELLED,
        str(order.sequence),
        (Role.CUSTOMER, Role.SALESPERSON, Role.PRODUCTION, Role.WAREHOUSE, Role.SHIPPER),
        "R84",
        reason=reason,
        rest=_said(rest),
    )


def usual_use(here: Decimal) -> RestUse:
    """What becomes of the rest of a line where the supervisor does not say: what lies here goes to stock."""
    return RestUse.TO_STOCK if here > 0 else RestUse.NOT_MADE


def _said(rest: Mapping[int, Rest]) -> Words:
    return Words(
        "、".join(f"第{line}行 {quantity(each.quantity)} {each.use.zh}" for line, each in rest.items()),
        ", ".join(f"line {line}: {quantity(each.quantity)} {each.use.en}" for line, each in rest.items()),
    )


def _withdraw_releases(order: Order) -> None:
    """What was released and has not left is not to leave any more."""
    for release in [each for each in order.releases if each.outstanding]:
        withdraw(order, release, Withdrawal.CANCELLED)
