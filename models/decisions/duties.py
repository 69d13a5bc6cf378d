"""Duties that are never one person's for one order: who asks and who approves, who takes cash and who releases."""

from __future__ import annotations

from models.decisions.subjects import SUBJECTS
from models.dossier.decisions import keep_apart
from models.messages.decision_subjects import Subject
from models.order.order import Order
from models.values.vocabulary import Role, Words

_SEPARATED = Words(
    "职责必须分离：{who}不能既{first}又{second}",
    "duties are kept apart: {who} may not both {first_en} and {second_en}",
)


def _apart(
    order: Order, rule: str, person: str, others: set[str], zh: tuple[str, str], en: tuple[str, str]
) -> None:
    keep_apart(
        order,
        rule,
        person,
        others,
        _SEPARATED.filled(who=person, first=zh[0], second=zh[1], first_en=en[0], second_en=en[1]),
    )


def check_duties(order: Order, subject: Subject, by: str) -> None:
    """Raises Refusal(same_person) where this person did the other half of a duty (nobody settles a price that they entered).

    The order's salesperson asks for its approval, whoever entered it.
    """
    rule = SUBJECTS[subject].rule
    entered = {order.request.entered_by}
    match subject:
        case Subject.PRICE:
            _apart(order, rule, by, entered, ("报价", "核价"), ("enter a price", "settle it"))
        case Subject.APPROVAL | Subject.ORDER_APPROVAL | Subject.CONTRACT:
            own = entered | {order.staff.person(Role.SALESPERSON)}
            _apart(order, rule, by, own, ("提交订单", "审批"), ("ask for approval", "approve"))
            if subject is not Subject.CONTRACT:
                both = ("以一个岗位审批", "以另一个岗位审批"), ("approve in one role", "approve in another")
                _apart(order, rule, by, _approvers(order, subject), *both)
        case Subject.CREDIT:
            own = entered | {order.staff.person(Role.SALESPERSON)}
            _apart(order, rule, by, own, ("提交订单", "放行信用"), ("sell the order", "free its credit"))
        case Subject.CANCELLATION if order.cancellation is not None:
            _apart(
                order,
                rule,
                by,
                {order.cancellation.by},
                ("申请取消", "批准取消"),
                ("ask to cancel", "approve it"),
            )
        case Subject.AMENDMENT | Subject.DROPPED_GOODS if order.amendment is not None:
            _apart(
                order,
                rule,
                by,
                order.amendment.proposers,
                ("申请变更", "批准变更"),
                ("ask for a change", "approve it"),
            )
        case Subject.FINANCE_RELEASE | Subject.BALANCE_RELEASE:
            takers = {payment.taken_by for payment in order.ledger.payments if not payment.cleared}
            cash = {payment.taken_by for payment in order.ledger.payments if payment.method.value == "cash"}
            _apart(
                order,
                rule,
                by,
                takers | cash,
                ("收取现金", "放行发货"),
                ("take cash", "release the shipment"),
            )
            small = order.decision(Subject.SMALL_ORDER)
            guarantors = {answer.by for answer in small.answers} if small else set()
            _apart(order, rule, by, guarantors, ("担保", "放行"), ("guarantee", "approve the release"))
        case _:
            pass


def _approvers(order: Order, subject: Subject) -> set[str]:
    """Who approves the order in another role: nobody answers for two."""
    other = Subject.APPROVAL if subject is Subject.ORDER_APPROVAL else Subject.ORDER_APPROVAL
    asked = order.decision(other)
    return {answer.by for answer in asked.answers} if asked is not None else set()
