"""The one status people read, derived from phase and open steps, never stored (R85)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.dossier.step_kinds import AnyStepKind, StepKind
from models.messages.decision_subjects import Outcome, Subject
from models.values.editions import Edition
from models.values.vocabulary import Ending, Headline

if TYPE_CHECKING:
    from models.order.order import Order

_HEADLINE_OF_STEP = {
    StepKind.DETAILS: Headline.INCOMPLETE,
    StepKind.READ_BACK: Headline.INCOMPLETE,
    StepKind.REWORK_ORDER: Headline.INCOMPLETE,
    StepKind.SEND_SHEET: Headline.AWAITING_CONFIRMATION,
    StepKind.SHEET_BACK: Headline.AWAITING_CONFIRMATION,
    StepKind.DEPOSIT: Headline.AWAITING_DEPOSIT,
    StepKind.PREPAYMENT: Headline.AWAITING_PAYMENT,
    StepKind.PRODUCE: Headline.IN_PRODUCTION,
    StepKind.HAND_OVER: Headline.CONFIRMED,
    StepKind.INSPECT: Headline.IN_INSPECTION,
    StepKind.ENTER_WAREHOUSE: Headline.IN_INSPECTION,
    StepKind.BALANCE: Headline.AWAITING_BALANCE,
    StepKind.CONFIRM_ORDER: Headline.AWAITING_CONFIRMATION,
    StepKind.PICK: Headline.PICKING,
    StepKind.AWAIT_STOCK: Headline.CONFIRMED,
    StepKind.GIVE_SERVICE: Headline.IN_SERVICE,
    StepKind.RECALL: Headline.BEING_RECALLED,
    StepKind.MISSING_GOODS: Headline.BEING_RECALLED,
    StepKind.INSPECT_RETURN: Headline.BEING_RECALLED,
    StepKind.COLLECT_GOODS: Headline.ARRIVED,
    StepKind.ARRIVAL: Headline.SHIPPED,
    StepKind.ONLINE_PAYMENT: Headline.AWAITING_PAYMENT,
}
_HEADLINE_OF_ENDING = {
    Ending.SETTLED: Headline.SETTLED,
    Ending.DEAD: Headline.DEAD,
    Ending.CANCELLED: Headline.CANCELLED,
    Ending.NOT_PRODUCIBLE: Headline.CANCELLED,
    Ending.CLOSED_HANGING: Headline.CANCELLED,
}

_OF_CREDIT = frozenset({StepKind.ASSESS_CUSTOMER, StepKind.CREDIT_CHECK, StepKind.CREDIT_HELD})
_CREDIT_HOLD = f"{StepKind.DECISION.value}:{Subject.CREDIT.value}"


def headline_of(order: Order) -> Headline:
    """What stands on the order's card: how it ended, what stops it, what it waits for, or where it is."""
    standing = _standing(order)
    if standing is not None:
        return standing
    waiting = {step.kind for step in order.steps.values() if step.blocking}
    if _is_approved_and_unsent(order, waiting):
        return Headline.APPROVED
    for kind, headline in _HEADLINE_OF_STEP.items():
        if kind in waiting:
            return headline
    if StepKind.GOODS_EXCEPTION in waiting and any(shipment.arrived_at for shipment in order.shipments):
        return Headline.ARRIVED
    headline = order.kind.headlines[order.phase]
    if headline is Headline.DELIVERED and order.completed_at is not None:
        return Headline.COMPLETED
    if order.kind.is_before(order.phase) and _is_held_for_credit(order):
        headline = Headline.IN_REVIEW
    if headline is Headline.IN_REVIEW and _is_approved(order):
        return Headline.APPROVED
    return headline


def _standing(order: Order) -> Headline | None:
    """What stands on it whatever it waits for: how it ended, or what stops it.

    An order of the shop that is to end has been told as cancelled, though it still takes late money or pays back (R39); so
    has any other of which the provider pays back what it brought (R123).
    """
    if order.ending is not None:
        return _HEADLINE_OF_ENDING[order.ending]
    if order.hold is not None:
        return Headline.ON_HOLD
    if order.hanging_since is not None:
        return Headline.HANGING
    if order.pending_ending is not None and order.shop.refunds and not order.kind.sold_online:
        return _HEADLINE_OF_ENDING[order.pending_ending]
    to_end = order.pending_ending is not None or order.shop.lapsed_at is not None
    return Headline.CANCELLED if order.kind.sold_online and to_end else None


def _is_approved_and_unsent(order: Order, waiting: set[AnyStepKind]) -> bool:
    """R28: 已审批 stands on it until the sheet goes to the customer; from then on it awaits the confirmation."""
    ours = {StepKind.CHECK_SHEET, StepKind.SEND_SHEET}
    return bool(ours & waiting) and order.follows(Edition.WORD_TO_DEPARTMENTS) and _is_approved(order)


def _is_approved(order: Order) -> bool:
    """R28: whether the sales supervisor approved, or others by the matrix, and nobody of them is still asked."""
    outcomes = {
        asked.outcome
        for subject in (Subject.APPROVAL, Subject.ORDER_APPROVAL)
        if (asked := order.decision(subject)) is not None
    }
    return outcomes == {Outcome.APPROVE}


def _is_held_for_credit(order: Order) -> bool:
    """R109: whether it waits for the customer's credit before anything was confirmed."""
    return any(step.kind in _OF_CREDIT or key == _CREDIT_HOLD for key, step in order.steps.items())
