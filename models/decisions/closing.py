"""Decisions that change or end an order: amendments, cancelling, money that is left, hanging orders (R19, R53, R83, R84)."""

from __future__ import annotations

from decimal import Decimal

from models.decisions.subject_rule import SubjectRule, contradiction
from models.dossier.decision_record import Asked
from models.handlers.amendments import decide_amendment
from models.handlers.cancellation import cancel_rest, grant_cancellation, rest_of
from models.handlers.changeable import require_changeable
from models.messages.decision_subjects import (
    CostDetail,
    DecisionContent,
    KeepDetail,
    Outcome,
    RestUse,
    SettlementDetail,
    Subject,
)
from models.messages.envelope import Envelope
from models.order.money.bill import bill_of_what_left, stays_paid
from models.order.order import Order
from models.values.calendar import end_of
from models.values.content import Content
from models.values.errors import Code
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
        detail = CostDetail.model_validate(asked.detail)
        if order.goods_out and order.cancellation is not None:
            uses = {each.line: each.use for each in detail.lines}
            cancel_rest(order, envelope, order.cancellation.reason, str(detail.cost), uses)
        else:
            grant_cancellation(order, Ending.CANCELLED, str(detail.cost))
    else:
        order.cancellation = None


def _check_cancellation(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    """R84: what becomes of the rest fits what there is, and a cost above the surplus has the customer's consent."""
    if not isinstance(detail, CostDetail):
        return
    rest = rest_of(order)
    if order.goods_out and not rest:
        raise contradiction(
            "货已全部发出，没有可取消的部分",
            "all goods have left meanwhile; there is no rest to cancel",
            "content.outcome",
            "R84",
            Code.TOO_LATE,
        )
    for each in detail.lines:
        if each.line not in rest:
            raise contradiction(
                f"第{each.line}行没有未发的货",
                f"nothing of line {each.line} is left",
                "content.detail.lines",
                "R84",
                Code.UNKNOWN_LINE,
            )
        here, _ = rest[each.line]
        if (each.use is RestUse.NOT_MADE) is (here > 0):
            raise contradiction(
                f"第{each.line}行在厂 {here}：已做的货转库存或报废，未做的不再生产",
                f"of line {each.line} {here} lies here: what is made goes to stock or is scrapped, what is not made is not made",
                "content.detail.lines",
                "R84",
            )
    surplus = max(stays_paid(order) - bill_of_what_left(order), ZERO)
    if detail.cost > surplus and not detail.consent:
        raise contradiction(
            f"成本超过多收的 ¥{surplus}，须有客户书面同意",
            f"a cost above what was paid too much, CNY {surplus}, needs the customer's consent in writing",
            "content.detail.consent",
            "R84",
            Code.NOT_IN_WRITING,
        )


def _check_settlement(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    if not isinstance(detail, SettlementDetail):
        return
    surplus = stays_paid(order) - order.ledger.kept - order.bill - order.shop.going_back
    if detail.refunded + detail.kept != surplus:
        raise contradiction(
            f"退款加留存应等于多收 ¥{surplus}",
            f"refunded plus kept is what was paid too much, CNY {surplus}",
            "content.detail",
            "R84",
        )
    cancellation = order.cancellation
    if cancellation is None or not cancellation.granted:
        return
    cost = Decimal(cancellation.cost) - order.ledger.kept
    if detail.kept > cost:
        raise contradiction(
            f"留存不得超过核定成本 ¥{cost}",
            f"no more is kept than the cost that was granted, CNY {cost}",
            "content.detail.kept",
            "R84",
        )


def _deposit_settlement(order: Order, asked: Asked, envelope: Envelope) -> None:
    detail = SettlementDetail.model_validate(asked.detail)
    order.ledger.refunded += detail.refunded
    order.ledger.kept += detail.kept


def _overpayment(order: Order, asked: Asked, envelope: Envelope) -> None:
    surplus = max(-order.open_balance - order.shop.going_back, ZERO)
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
        check=_check_cancellation,
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
