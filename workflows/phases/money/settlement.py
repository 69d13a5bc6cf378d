"""Settlement 结算 (R80, plain): the bill is paid, what was collected is remitted, what is owed is in (R53, R54, R62)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from models.dossier.decisions import ask
from models.dossier.open_steps import Need
from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Subject
from models.order.completion import completed_when, settle_completion, waits_for_completion
from models.order.money.exposure import account_days, due_of_service
from models.order.order import Order
from models.values.calendar import ONE_DAY, business_date, end_of
from models.values.editions import Edition
from models.values.money import ZERO
from models.values.vocabulary import Collection, Ending, PaymentTerms, Role
from workflows.phases.money.clearance import cash_to_clear, left_unpaid_for
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed
from workflows.phases.shop.payment import (
    cancelled_needs,
    intent_needs,
    settle_cancelled,
    settle_cancelled_elsewhere,
    shop_refunds_needed,
)


def settle(order: Order) -> None:
    """R53: what becomes of money that was paid too much is asked. R84: the cost of a cancelled rest is kept. R81: completed."""
    if order.follows(Edition.DAILY_DUTIES):
        settle_completion(order)
    if order.rest_is_cancelled and order.open_balance == 0:
        order.ledger.kept = max(order.ledger.kept, order.cancellation_cost)
    surplus = -order.open_balance - order.shop.going_back
    if surplus > 0 and not order.kind.sold_online:
        ask(order, Subject.OVERPAYMENT, {"surplus": surplus})


def needs(order: Order) -> Needs:
    """What is still open between company and customer after delivery."""
    if order.kind.gives_service:
        yield from cash_to_clear(order)
    if is_to_be_completed(order):
        yield Need(
            "completion",
            StepKind.COMPLETION,
            (Role.CUSTOMER,),
            "R81",
            due=completed_when(order),
            hours=Decimal(24 * order.policy.completion.days),
            values={"days": str(order.policy.completion.days)},
        )
    balance = order.open_balance
    collected = [
        s
        for s in order.shipments
        if s.collection is Collection.CARRIER and s.delivered_at and s.remitted < s.to_collect
    ]
    if balance > 0 and collected:
        shipment = collected[0]
        yield Need(
            f"remittance:{shipment.shipment}",
            StepKind.REMITTANCE,
            (Role.FINANCE, Role.LOGISTICS),
            "R62",
            hours=order.policy.limits.owed_paper_hours,
            values={"shipment": shipment.shipment, "amount": str(shipment.to_collect - shipment.remitted)},
        )
    elif balance > 0:
        yield Need(
            "account_balance",
            StepKind.ACCOUNT_BALANCE,
            (Role.CUSTOMER, Role.SALESPERSON),
            "R54",
            due=end_of(_falls_due(order)),
            values={"amount": str(balance)},
        )
    elif balance < 0:
        yield from decision_needed(order, Subject.OVERPAYMENT)


def is_to_be_completed(order: Order) -> bool:
    """R81: whether the customer's word on the receipt, or the end of a time of silence, is still waited for."""
    follows = order.follows(Edition.DAILY_DUTIES) and order.completed_at is None
    return follows and waits_for_completion(order)


def _falls_due(order: Order) -> date:
    """R54: so many days after delivery, by contract; on the day they left where nobody released them to be paid later (R61)."""
    if (due := due_of_service(order)) is not None:
        return due
    if left_unpaid_for(order):
        return business_date(max(shipment.shipped_at for shipment in order.shipments))
    delivered = max((s.delivered_at for s in order.shipments if s.delivered_at), default=order.clock)
    return business_date(delivered) + account_days(order) * ONE_DAY


def settle_money(order: Order) -> None:
    """R84, R76: an order that ends without delivery settles what was paid; then it ends."""
    if order.kind.sold_online:
        settle_cancelled(order)
        return
    settle_cancelled_elsewhere(order)
    if _has_money_to_settle(order):
        cost = order.cancellation.cost if order.cancellation else "0.00"
        paid = order.ledger.paid - order.shop.going_back
        ask(order, Subject.DEPOSIT_SETTLEMENT, {"paid": paid, "cost": cost})


def money_needs(order: Order) -> Needs:
    """Who has still to say what becomes of the money that was paid, or to pay a cost that the customer agreed to."""
    owed = cost_still_owed(order)
    if owed > 0:
        yield Need(
            "account_balance",
            StepKind.ACCOUNT_BALANCE,
            (Role.CUSTOMER, Role.SALESPERSON),
            "R84",
            hours=order.policy.limits.owed_paper_hours,
            values={"amount": str(owed)},
        )
    if order.kind.sold_online:
        yield from cancelled_needs(order)
        return
    yield from intent_needs(order)
    yield from shop_refunds_needed(order)
    if _has_money_to_settle(order):
        yield from decision_needed(order, Subject.DEPOSIT_SETTLEMENT)


def cost_still_owed(order: Order) -> Decimal:
    """What is still to come of a cost above what was paid, to which the customer agreed in writing (R84)."""
    cancellation = order.cancellation
    if cancellation is None or not cancellation.granted:
        return ZERO
    return max(Decimal(cancellation.cost) - order.ledger.paid, ZERO)


def _has_money_to_settle(order: Order) -> bool:
    waits = order.ledger.unconfirmed or cost_still_owed(order) > 0
    return not waits and order.ledger.paid - order.ledger.kept - order.shop.going_back != 0


def ending_of(order: Order) -> Ending:
    """How an order ends whose goods have all gone their way.

    Settled where the customer has any, or where they were lost or refused and that was decided (R74); dead where they
    arrived, nobody collected them and they were recalled (R76); cancelled where no goods came of it at all.
    """
    if order.service.accepted_at is not None:
        return Ending.SETTLED
    if not order.shipments:
        return Ending.CANCELLED
    if any(shipment.delivered_at for shipment in order.shipments):
        return Ending.SETTLED
    return Ending.DEAD if any(shipment.dead_at for shipment in order.shipments) else Ending.SETTLED


def _is_on_account(order: Order) -> bool:
    return order.open_balance > 0 and order.terms is PaymentTerms.ON_ACCOUNT


def _is_to_be_confirmed(order: Order) -> bool:
    """R81: where a signature completes nothing, or what was received the carrier alone has told."""
    signature_counts = order.policy.completion.signed_receipt and order.kind.signed_receipt_completes
    if order.kind.gives_service:
        return False  # its acceptance completes it (R87)
    asked = is_to_be_completed(order) if order.shipments else not signature_counts
    return order.follows(Edition.DAILY_DUTIES) and asked


SETTLEMENT = Phase(
    settle,
    needs,
    ahead=(
        Ahead(StepKind.COMPLETION, _is_to_be_confirmed),
        Ahead(StepKind.ACCOUNT_BALANCE, _is_on_account),
    ),
)
