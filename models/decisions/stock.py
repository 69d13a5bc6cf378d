"""Decisions about goods from stock: what the customer chooses when they are short (R112)."""

from __future__ import annotations

from models.decisions.subject_rule import SubjectRule, contradiction
from models.messages.decision_subjects import (
    DecisionContent,
    Outcome,
    ShortCancelDetail,
    Subject,
    WaitDetail,
)
from models.messages.envelope import Envelope
from models.order.order import Order
from models.values.content import Content
from models.values.errors import Code
from models.values.vocabulary import Role

_STEP = f"decision:{Subject.SHORTAGE.value}"


def _check_choice(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    """The supervisor chooses where the customer was silent; who waits hears until when."""
    step = order.steps.get(_STEP)
    if envelope.role is Role.SERVICE_SUPERVISOR and (step is None or step.overdue_at is None):
        raise contradiction(
            "客户还在选择期限内，逾期未答复才由主管决定",
            "the customer may still choose; the supervisor does when the limit has passed",
            "role",
            "R112",
            Code.NOT_ASKED,
        )
    if order.kind.sold_online and content.outcome is Outcome.CHANGE:
        raise contradiction(
            "网店订单不能改货：可等货、分批或取消后重新下单",
            "an order of the shop is not changed: wait, split, or cancel it and order anew",
            "content.outcome",
            "R122",
            Code.NOT_OFFERED,
        )
    if not isinstance(detail, WaitDetail):
        return
    if detail.expected is not None and detail.expected < order.today():
        raise contradiction(
            "到货日在过去", "the goods are expected on a day to come", "content.detail.expected", "R112",
            Code.DATE_IN_PAST,
        )  # fmt: skip
    until = order.stock.until
    if until is not None and order.kind.by_batch and until < order.today():
        until = None
    if content.outcome is Outcome.WAIT and detail.expected is None and until is None:
        raise contradiction(
            "采购还没有到货日期：请写明等到哪一天",
            "purchasing has named no day yet: say until when the customer waits",
            "content.detail.expected",
            "R112",
            Code.MISSING_FIELD,
        )


ROWS = (
    SubjectRule(
        Subject.SHORTAGE,
        (Role.CUSTOMER, Role.SERVICE_SUPERVISOR),
        (Outcome.WAIT, Outcome.CHANGE, Outcome.SPLIT, Outcome.CANCEL),
        details={
            Outcome.WAIT: WaitDetail,
            Outcome.SPLIT: WaitDetail,
            Outcome.CANCEL: ShortCancelDetail,
        },
        check=_check_choice,
    ),
)
