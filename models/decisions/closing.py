"""Decisions that change or end an order: amendments, cancelling, money that is left, hanging orders (R19, R53, R83, R84)."""

from __future__ import annotations

from models.decisions.subject_rule import SubjectRule, contradiction
from models.dossier.decision_record import Asked
from models.handlers.amendments import decide_amendment
from models.handlers.cancellation import grant_cancellation
from models.handlers.changeable import require_changeable
from models.messages.decision_subjects import (
    CostDetail,
    DecisionContent,
    KeepDetail,
    Outcome,
    SettlementDetail,
    Subject,
)
from models.messages.envelope import Envelope
from models.order.order import Order
from models.values.calendar import end_of
from models.values.content import Content
from models.values.money import ZERO
from models.values.vocabulary import Ending, Role


def _check_amendment(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    """R83: since it was asked for goods may have left, and a price may have been settled."""
    if order.amendment is not None and content.outcome is Outcome.APPROVE:
        require_changeable(order, order.amendment.all_changes, "content.outcome")


def _amendment(order: Order, asked: Asked, envelope: Envelope) -> None:
    decide_amendment(order)


def _cancellation(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.APPROVE:
        grant_cancellation(order, Ending.CANCELLED, str(CostDetail.model_validate(asked.detail).cost))
    else:
        order.cancellation = None


def _check_settlement(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    if isinstance(detail, SettlementDetail) and detail.refunded + detail.kept != order.ledger.paid:
        raise contradiction(
            f"退款加留存应等于已收 ¥{order.ledger.paid}",
            f"refunded plus kept is what was paid, CNY {order.ledger.paid}",
            "content.detail",
            "R84",
        )


def _deposit_settlement(order: Order, asked: Asked, envelope: Envelope) -> None:
    detail = SettlementDetail.model_validate(asked.detail)
    order.ledger.refunded += detail.refunded
    order.ledger.kept += detail.kept


def _overpayment(order: Order, asked: Asked, envelope: Envelope) -> None:
    surplus = max(-order.open_balance, ZERO)
    if asked.outcome is Outcome.CREDIT:
        order.ledger.credited += surplus
    else:
        order.ledger.refunded += surplus


def _hanging(order: Order, asked: Asked, envelope: Envelope) -> None:
    order.hanging_since = None
    order.last_movement = order.clock
    if asked.outcome is Outcome.CLOSE:
        grant_cancellation(order, Ending.CLOSED_HANGING, "0.00")
        return
    until = KeepDetail.model_validate(asked.detail).until
    if until is not None:
        order.last_movement = max(order.clock, end_of(until))


_R, _O = Role, Outcome

ROWS = (
    SubjectRule(
        Subject.AMENDMENT,
        (_R.PRODUCTION,),
        (_O.APPROVE, _O.REFUSE),
        check=_check_amendment,
        effect=_amendment,
    ),
    SubjectRule(
        Subject.DROPPED_GOODS,
        (_R.SALES_SUPERVISOR,),
        (_O.APPROVE, _O.REFUSE),
        check=_check_amendment,
        effect=_amendment,
    ),
    SubjectRule(
        Subject.CANCELLATION,
        (_R.SALES_SUPERVISOR,),
        (_O.APPROVE, _O.REFUSE),
        details={_O.APPROVE: CostDetail},
        effect=_cancellation,
    ),
    SubjectRule(
        Subject.DEPOSIT_SETTLEMENT,
        (_R.FINANCE,),
        (_O.SETTLED,),
        SettlementDetail,
        check=_check_settlement,
        effect=_deposit_settlement,
    ),
    SubjectRule(
        Subject.OVERPAYMENT, (_R.FINANCE,), (_O.CREDIT, _O.REFUND), SettlementDetail, effect=_overpayment
    ),
    SubjectRule(Subject.HANGING, (_R.SALES_SUPERVISOR,), (_O.CLOSE, _O.KEEP), KeepDetail, effect=_hanging),
)
