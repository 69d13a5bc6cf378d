"""Which halves of a duty are never one person's for one order, and who did one of them (R133, R28, R61)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.dossier.decisions import is_set_aside
from models.messages.decision_subjects import Outcome, Subject
from models.order.own_work import ALWAYS_APART, NOT_BY_ITS_SELLER, NOT_BY_WHO_CHANGED_IT
from models.values.editions import Edition
from models.values.vocabulary import PaymentMethod, Role, Words

if TYPE_CHECKING:
    from models.order.order import Order


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
    yield from _always_apart(order, subject)
    if order.follows(Edition.OWN_WORK_EVERYWHERE):
        yield from _own_work(order, subject)


def _own_work(order: Order, subject: Subject) -> Iterator[OtherHalf]:
    """R106: who sold, entered or changed the order decides nothing about it that is for others to judge."""
    may_not = NOT_BY_ITS_SELLER.get(subject)
    if may_not is None:
        return
    seller = frozenset({order.staff.person(Role.SALESPERSON)})
    yield OtherHalf(seller, Words("担任本单业务员", "be the salesperson of an order"), may_not)
    yield OtherHalf(frozenset({order.request.entered_by}), Words("登记订单", "enter an order"), may_not)
    if subject in NOT_BY_WHO_CHANGED_IT:
        yield OtherHalf(frozenset(order.changed_by), Words("变更订单", "change an order"), may_not)
    if subject is Subject.DEPOSIT_SETTLEMENT:
        granted = order.decision(Subject.CANCELLATION)
        agreed = granted is not None and granted.outcome is Outcome.APPROVE
        approvers = frozenset(each.by for each in granted.answers) if granted and agreed else frozenset[str]()
        yield OtherHalf(approvers, Words("批准取消", "approve a cancellation"), may_not)


def _always_apart(order: Order, subject: Subject) -> Iterator[OtherHalf]:
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


def keeps_apart(order: Order, subject: Subject) -> bool:
    """Whether duties are apart for this decision, by the edition that the order follows."""
    return subject in ALWAYS_APART or (
        subject in NOT_BY_ITS_SELLER and order.follows(Edition.OWN_WORK_EVERYWHERE)
    )


def barred_from(order: Order, subject: Subject) -> tuple[str, ...]:
    """Who may not decide this because of what else they did, by id: nobody acts for an absent colleague then (R133)."""
    rule, asked = subject.rule, order.decision(subject)
    people = {person for half in other_halves(order, subject) for person in half.people if person}
    if asked is not None and asked.outcome is None:
        people |= {given.by for given in asked.answers}  # each answer comes from another person
    return tuple(sorted(person for person in people if not is_set_aside(order, rule, person)))


def named_for(order: Order, subject: Subject, roles: Sequence[Role]) -> tuple[str, ...]:
    """Whom a step names that asks for this: of each role who is in charge, or where own work bars them the next who may (R106).

    Nobody in particular (empty): as the staff of the order says. Where all who are known to have a role are barred it stays
    with who is in charge: their superior hears of it when it is late, and may set the duty aside (R13).
    """
    if not order.follows(Edition.OWN_WORK_EVERYWHERE) or not keeps_apart(order, subject):
        return ()
    barred = barred_from(order, subject)
    named = dict[str, None]()
    for role in roles:
        known = order.staff.persons(role)
        free = next((each for each in known if each not in barred), None)
        named |= dict.fromkeys([free] if free is not None else known[:1])
    return tuple(named)
