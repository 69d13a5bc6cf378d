"""Payment of an order of the shop: in time, late, too little, too much (R39, R111, R123)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from models.dossier.decisions import ask
from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.handlers.shop.lapses import ask_to_close, give_up, lapse, reopened, try_to_reopen
from models.handlers.shop.refunds import CANCELLED, SURPLUS, failed_refund, want_refund
from models.messages.decision_subjects import Subject
from models.order.kinds.shop import (
    is_covered,
    is_in_time,
    is_told_as_paid,
    online_left,
    online_missing,
    pay_until,
    pays_back_online,
    surplus_of,
)
from models.order.money.bill import stays_paid
from models.order.order import Order
from models.stock.stock_words import StockState
from models.values.calendar import hours_of
from models.values.money import ZERO
from models.values.vocabulary import Role
from workflows.phases.goods.stock import (
    settle_stock,
    stock_answer_needed,
    stock_needs,
    waits_for_the_book,
)
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed


def settle(order: Order) -> None:
    """Paid: its goods are made firm. Not paid by the limit: the provider is asked."""
    shop = order.shop
    covered = is_covered(order)
    if covered and shop.paid_at is None:
        shop.paid_at = order.ledger.covered_at(order.deposit_due) or order.clock
        shop.announced_at = None
        order.intend(
            Paper.ORDER_PAID,
            shop.paid_at.isoformat(),
            (Role.CUSTOMER, Role.SERVICE_CLERK),
            "R123",
            amount=order.deposit_due,
        )
    elif not covered:
        shop.paid_at = None
    order.stock.confirmed = covered
    settle_stock(order)
    if shop.reopening:
        _settle_reopening(order)
    elif _is_over(order) and not is_told_as_paid(order):
        _settle_limit(order)


def _settle_reopening(order: Order) -> None:
    """R39: late money opens it anew where the goods are to be had; paid in time and told late, the customer may choose."""
    if waits_for_the_book(order):
        return
    if order.stock.state is not StockState.SHORT or is_in_time(order):
        reopened(order)
    else:
        give_up(order)


def _settle_limit(order: Order) -> None:
    shop = order.shop
    _stop_waiting(order)
    if shop.closing or shop.announced_at is not None:
        return
    if shop.closed_at is None:
        ask_to_close(order)
    else:
        lapse(order)


def _stop_waiting(order: Order) -> None:
    """Money that the provider announced and nobody told of within the time of the step is not waited for any more."""
    shop, until = order.shop, announced_until(order)
    if until is not None and until <= order.clock:
        shop.announced_at, shop.closed_at = None, order.clock


def announced_until(order: Order) -> datetime | None:
    """How long money is waited for that the provider says was paid; it is finance's step meanwhile."""
    announced = order.shop.announced_at
    return None if announced is None else announced + hours_of(order.policy.limits.emergency_hours)


def _is_over(order: Order) -> bool:
    limit = pay_until(order)
    return limit is not None and limit <= order.clock


def needs(order: Order) -> Needs:
    """What is still needed before the merchant is asked."""
    yield from stock_needs(order)
    shop, limit = order.shop, pay_until(order)
    if not is_covered(order):
        if shop.closing or shop.announced_at is not None:
            yield provider_answers(order)
        else:
            yield Need(
                "online_payment",
                StepKind.ONLINE_PAYMENT,
                (Role.CUSTOMER,),
                "R39",
                due=limit,
                values={"amount": str(max(order.open_balance, ZERO))},
            )
    elif not order.stock.is_firm and not order.questions and order.stock.state is not StockState.SHORT:
        yield stock_answer_needed(order)


def provider_answers(order: Order) -> Need:
    """The provider answers by itself, and its money is told by itself; where that takes long finance looks into it."""
    return Need(
        "provider_answer",
        StepKind.PROVIDER_ANSWER,
        (Role.FINANCE,),
        "R123",
        hours=order.policy.limits.emergency_hours,
    )


# --- money that goes back ----------------------------------------------------------------------------------------


def settle_surplus(order: Order) -> None:
    """R123: what was paid too much goes back by itself; what the provider did not pay back is finance's to decide."""
    if not pays_back_online(order):
        return
    if order.kind.sold_online:
        if not order.shop.reopening:
            want_refund(order, surplus_of(order), SURPLUS)
    else:
        want_refund(order, min(surplus_of(order), online_left(order)), SURPLUS)
    _ask_about_failed(order)


def _ask_about_failed(order: Order) -> None:
    failed = failed_refund(order)
    if failed is not None:
        about = {"refund": failed.key, "amount": failed.amount, "trouble": failed.trouble}
        ask(order, Subject.FAILED_REFUND, about)


def shop_refunds_needed(order: Order) -> Needs:
    """R123: refunds that are under way, and one that failed; an order is not settled before they are paid."""
    if not pays_back_online(order):
        return
    last = order.phase is order.kind.last
    for refund in order.shop.refunds:
        if refund.paid is None:
            yield Need(
                f"refund:{refund.key.rpartition(':')[2]}",
                StepKind.REFUND_UNDER_WAY,
                (Role.FINANCE,),
                "R123",
                hours=order.policy.limits.decision_hours,
                blocking=last,
                values={"amount": str(refund.amount)},
            )
    yield from decision_needed(order, Subject.FAILED_REFUND, blocking=last)


# --- cancelled -----------------------------------------------------------------------------------------------------


def settle_cancelled(order: Order) -> None:
    """R39, R124: the provider is asked where it was not paid; money goes back, or opens the order anew."""
    shop = order.shop
    _stop_waiting(order)
    if shop.paid_at is None and shop.closed_at is None and not shop.closing and shop.announced_at is None:
        ask_to_close(order)
    if shop.paid_at is None and shop.late_until is None:
        shop.late_until = order.clock + hours_of(order.policy.shop.late_hours)
    may_reopen = shop.lapsed_at is not None and order.cancellation is None and not shop.gave_up
    if may_reopen and is_covered(order):
        try_to_reopen(order)
        return
    cost = Decimal(order.cancellation.cost) if order.cancellation is not None else ZERO
    order.ledger.kept = min(cost, order.ledger.paid)
    want_refund(order, order.ledger.paid - order.ledger.kept - shop.going_back, CANCELLED)
    _ask_about_failed(order)


def settle_cancelled_elsewhere(order: Order) -> None:
    """R84, R123: of an order of another kind that is cancelled the provider pays back what it brought, less the cost.

    What came another way is finance's to settle; where nothing did, the cost is kept without a word. What was not paid and
    is not owed is asked for no more.
    """
    if not pays_back_online(order):
        return
    ledger, cancellation = order.ledger, order.cancellation
    granted = Decimal(cancellation.cost) if cancellation is not None else ZERO
    if granted + order.bill <= stays_paid(order):
        _settle_intent(order)
    cost = max(granted - ledger.kept, ZERO)
    surplus = stays_paid(order) - ledger.kept - order.bill - order.shop.going_back - cost
    want_refund(order, min(surplus, online_left(order)), CANCELLED)
    if order.shop.refunds:
        rest = stays_paid(order) - ledger.kept - order.bill - order.shop.going_back
        if ZERO < rest <= cost:
            ledger.kept += rest
    _ask_about_failed(order)


def _settle_intent(order: Order) -> None:
    """R123: nobody is to pay a sample that was cancelled: the provider is asked once; what it has by then is waited for."""
    shop = order.shop
    _stop_waiting(order)
    if online_missing(order) == 0:
        shop.announced_at = None
    elif shop.closed_at is None and not shop.closing and shop.announced_at is None:
        ask_to_close(order)


def intent_needs(order: Order) -> Needs:
    """R123: what the provider answers about an order that was cancelled, and money that it has and nobody told of yet."""
    if order.shop.closing or order.shop.announced_at is not None:
        yield provider_answers(order)


def cancelled_needs(order: Order) -> Needs:
    """What an order of the shop that was cancelled still waits for."""
    shop = order.shop
    yield from intent_needs(order)
    yield from shop_refunds_needed(order)
    if shop.paid_at is None and shop.late_until is not None and shop.late_until > order.clock:
        yield Need(
            "late_money",
            StepKind.LATE_MONEY,
            (Role.CUSTOMER,),
            "R39",
            due=shop.late_until,
            blocking=False,
        )


def shop_moments(order: Order) -> Iterator[datetime]:
    """When something happens by itself about the money of an order of the shop (R39)."""
    if not pays_back_online(order):
        return
    limit = pay_until(order) if order.shop.paid_at is None else None
    for moment in (limit, order.shop.late_until, announced_until(order)):
        if moment is not None and moment > order.clock:
            yield moment


PAYMENT = Phase(
    settle,
    needs,
    ahead=(Ahead(StepKind.ONLINE_PAYMENT, lambda order: order.phase is not order.kind.paid_in),),
)
