"""Which halves of a duty are never one person's for one order, and who did one of them (R133, R28, R61)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.dossier.decisions import is_set_aside
from models.messages.decision_subjects import Subject
from models.values.vocabulary import PaymentMethod, Role, Words

if TYPE_CHECKING:
    from models.order.order import Order

APART = {
    subject.value: subject
    for subject in (
        Subject.PRICE,
        Subject.APPROVAL,
        Subject.ORDER_APPROVAL,
        Subject.CONTRACT,
        Subject.RELEASE_TERMS,
        Subject.CREDIT,
        Subject.CANCELLATION,
        Subject.AMENDMENT,
        Subject.DROPPED_GOODS,
        Subject.FINANCE_RELEASE,
        Subject.BALANCE_RELEASE,
    )
}
"""What one person decides and another has asked for or done before."""


@dataclass(frozen=True, slots=True)
class OtherHalf:
    """Who did one half of a duty, and may not do the other: what they did, and what they may not do."""

    people: frozenset[str]
    did: Words
    may_not: Words


def other_halves(order: Order, subject: Subject) -> Iterator[OtherHalf]:
    """Whom the separation of duties bars from deciding this.

    The order's salesperson asks for its approval, whoever entered it.
    """
    entered, changed = frozenset({order.request.entered_by}), frozenset(order.changed_by)
    match subject:
        case Subject.PRICE:
            yield OtherHalf(entered, Words("报价", "enter a price"), Words("核价", "settle it"))
            yield OtherHalf(
                changed, Words("变更订单", "change the order"), Words("核价", "settle its prices")
            )
        case Subject.APPROVAL | Subject.ORDER_APPROVAL | Subject.CONTRACT | Subject.RELEASE_TERMS:
            own = entered | {order.staff.person(Role.SALESPERSON)}
            yield OtherHalf(own, Words("提交订单", "ask for approval"), Words("审批", "approve"))
            yield OtherHalf(changed, Words("变更订单", "change the order"), Words("审批", "approve"))
            if subject in (Subject.APPROVAL, Subject.ORDER_APPROVAL):
                yield OtherHalf(
                    _approvers(order, subject),
                    Words("以一个岗位审批", "approve in one role"),
                    Words("以另一个岗位审批", "approve in another"),
                )
        case Subject.CREDIT:
            own = entered | {order.staff.person(Role.SALESPERSON)}
            yield OtherHalf(own, Words("提交订单", "sell the order"), Words("放行信用", "free its credit"))
            yield OtherHalf(
                changed, Words("变更订单", "change the order"), Words("放行信用", "free its credit")
            )
        case Subject.CANCELLATION if order.cancellation is not None:
            yield OtherHalf(
                frozenset({order.cancellation.by}),
                Words("申请取消", "ask to cancel"),
                Words("批准取消", "approve it"),
            )
        case Subject.AMENDMENT | Subject.DROPPED_GOODS if order.amendment is not None:
            yield OtherHalf(
                frozenset(order.amendment.proposers),
                Words("申请变更", "ask for a change"),
                Words("批准变更", "approve it"),
            )
        case Subject.FINANCE_RELEASE | Subject.BALANCE_RELEASE:
            payments = order.ledger.payments
            takers = {payment.taken_by for payment in payments if not payment.cleared}
            cash = {payment.taken_by for payment in payments if payment.method is PaymentMethod.CASH}
            yield OtherHalf(
                frozenset(takers | cash),
                Words("收取现金", "take cash"),
                Words("放行发货", "release the shipment"),
            )
            small = order.decision(Subject.SMALL_ORDER)
            guarantors = frozenset(answer.by for answer in small.answers) if small else frozenset[str]()
            yield OtherHalf(guarantors, Words("担保", "guarantee"), Words("放行", "approve the release"))
        case _:
            pass


def _approvers(order: Order, subject: Subject) -> frozenset[str]:
    """Who approves the order in another role: nobody answers for two (R106)."""
    other = Subject.APPROVAL if subject is Subject.ORDER_APPROVAL else Subject.ORDER_APPROVAL
    asked = order.decision(other)
    return frozenset(answer.by for answer in asked.answers) if asked is not None else frozenset()


def barred_from(order: Order, subject: Subject) -> tuple[str, ...]:
    """Who may not decide this because of what else they did, by id: nobody acts for an absent colleague then (R133)."""
    rule, asked = subject.rule, order.decision(subject)
    people = {person for half in other_halves(order, subject) for person in half.people if person}
    if asked is not None and asked.outcome is None:
        people |= {given.by for given in asked.answers}  # each answer comes from another person
    return tuple(sorted(person for person in people if not is_set_aside(order, rule, person)))
