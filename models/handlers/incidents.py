"""Exceptions 异常 and holds 暂停: reported, resolved, placed, released (R42, R47)."""

from __future__ import annotations

from models.dossier.decisions import void
from models.dossier.exceptions import report_exception
from models.dossier.incidents import Hold, Trouble
from models.dossier.named_people import require_named
from models.handlers.goods.goods_outcomes import goods_of, resolve_goods
from models.handlers.promise.promises import move_promise
from models.messages import fact_contents
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import STAFF, FactTable
from models.order.order import Order
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import PromiseCause, Role, Words

FACTS = FactTable()


@FACTS.row(fact_contents.ExceptionReported, STAFF, Words("异常上报", "exception reported"))
def exception_reported(order: Order, envelope: Envelope, content: fact_contents.ExceptionReported) -> None:
    """R47: reported, owned, kept until resolved."""
    require_named(order, content.owner, None, where="content.owner", rule="R47", on_staff=content.on_staff)
    report_exception(
        order,
        Trouble(
            key=content.exception,
            words=content.words,
            owner=content.owner,
            rule="R47",
            reported_at=envelope.happened_at,
        ),
    )


@FACTS.row(fact_contents.ExceptionResolved, STAFF, Words("异常解决", "exception resolved"))
def exception_resolved(order: Order, envelope: Envelope, content: fact_contents.ExceptionResolved) -> None:
    """R47: how it was resolved is kept. An objection of the three parties is asked anew (R37).

    One about goods on their way ends by one of its outcomes (R74, R76).
    """
    trouble = order.troubles.get(content.exception)
    if trouble is None:
        raise Refusal(
            Code.CONTRADICTION,
            Words("没有这项异常", "there is no such exception"),
            where="content.exception",
            rule="R47",
        )
    if trouble.needs_plan:
        raise Refusal(
            Code.CONTRADICTION,
            Words("此异常须由应急方案解决", "this exception is resolved by an emergency plan"),
            where="content.exception",
            rule="R42",
        )
    goods = goods_of(order, trouble, content)
    if goods is not None:
        resolve_goods(order, envelope, trouble, goods, content)
        return
    if content.outcome is not None or content.items:
        raise Refusal(
            Code.CONTRADICTION,
            Words("此异常不涉及在途货物", "this exception is not about goods on their way"),
            where="content.outcome" if content.outcome is not None else "content.items",
            rule="R74",
        )
    trouble.resolution, trouble.resolved_at = content.resolution, envelope.happened_at
    if trouble.rule == "R37":
        void(order, Subject.THREE_PARTY)


@FACTS.row(
    fact_contents.HoldPlaced,
    (Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR),
    Words("暂停订单", "put on hold"),
)
def hold_placed(order: Order, envelope: Envelope, content: fact_contents.HoldPlaced) -> None:
    """The company's own steps and all forward motion stop."""
    if order.hold is not None:
        raise Refusal(Code.CONTRADICTION, Words("订单已暂停", "the order is on hold already"))
    order.holds.append(
        Hold(placed_at=order.clock, reason=content.reason, customer_clocks_stop=content.customer_clocks_stop)
    )


@FACTS.row(
    fact_contents.HoldReleased,
    (Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR),
    Words("恢复订单", "hold released"),
)
def hold_released(order: Order, envelope: Envelope, content: fact_contents.HoldReleased) -> None:
    """The order goes on; the promise moves by the days held and the steps' limits by the time held."""
    hold = order.hold
    if hold is None:
        raise Refusal(Code.CONTRADICTION, Words("订单未暂停", "the order is not on hold"))
    hold.released_at = order.clock
    length = order.clock - hold.placed_at
    for step in order.steps.values():
        if step.overdue_at is None:
            step.due += length
    if hold.customer_clocks_stop:
        for shipment in order.shipments:
            if shipment.arrived_at is not None and shipment.under_way:
                shipment.arrived_at += length
    ends = order.policy.slip.end_of_day_minutes
    days = (business_date(order.clock, ends) - business_date(hold.placed_at, ends)).days
    move_promise(
        order,
        PromiseCause.HOLD,
        order.promise.moved.get(PromiseCause.HOLD, 0) + days,
        by=envelope.by,
        reason=hold.reason,
    )
