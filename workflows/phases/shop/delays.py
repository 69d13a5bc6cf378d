"""The customer hears that a limit will not hold, and why, before it passes (R125)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.order.kinds.presale import lacking
from models.order.kinds.shop import ship_limit
from models.order.order import Order
from models.values.calendar import end_of, hours_of
from models.values.vocabulary import Role, Words
from workflows.phases.shop.review import review_limit

_REVIEW = Words("订单审核", "the review of your order")
_MERCHANT = Words("商家接单", "the merchant's acceptance")
_SHIPPING = Words("发货", "the shipment")
_IS_CHECKED = Words("客服正在核对订单", "a clerk is checking the order")
_IS_LOOKED_AT = Words("商家正在核对库存和配送", "the merchant is checking stock and delivery")
_TO_COME = Words("有货未到，预计 {day} 到", "goods are still to come, expected on {day}")
_NOT_THERE = Words("有货未到，到货日未定", "goods are still to come, on a day not known yet")
_PICKED = Words("仓库还在拣货", "the goods are being picked")
_TRANSPORT = Words("还在安排运输", "transport is being arranged")
_TO_LEAVE = Words("已备好，等待发出", "it is ready and waits to be sent")
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class RunningLimit:
    """Something the customer waits for from us: since when, until when, and what holds it up."""

    key: str
    what: Words
    since: datetime
    due: datetime
    reason: Words

    @property
    def identity(self) -> str:
        """Under which its delay is told once; another limit is another delay."""
        return f"{self.key}:{self.due.isoformat()}"

    def told_at(self, percent: int) -> datetime:
        """When the customer is told: so many per cent of the time are over."""
        seconds = int((self.due - self.since).total_seconds()) * percent // _WHOLE
        return self.since + timedelta(seconds=max(seconds, 0))


def running_limits(order: Order) -> Iterator[RunningLimit]:
    """R125: the limits of the house that run now."""
    if not order.kind.sold_online or order.pending_ending is not None or not order.lives:
        return
    reviewed = order.decision(Subject.SHOP_REVIEW)
    if reviewed is not None and reviewed.outcome is None:
        said = reviewed.about_words
        reason = (
            Words(said.get("concerns", ""), said.get("concerns_en", ""))
            if said.get("concerns")
            else _IS_CHECKED
        )
        due = _step_due(order, Subject.SHOP_REVIEW) or review_limit(order)
        yield RunningLimit("review", _REVIEW, order.placed_at, due, reason)
    merchant = order.decision(Subject.MERCHANT_ACCEPTANCE)
    if merchant is not None and merchant.outcome is None:
        limit = merchant.asked_at + hours_of(order.policy.shop.accept_hours)
        due = _step_due(order, Subject.MERCHANT_ACCEPTANCE) or limit
        yield RunningLimit("merchant", _MERCHANT, merchant.asked_at, due, _IS_LOOKED_AT)
    accepted, due_to_leave = order.shop.accepted_at, ship_due(order)
    if accepted is not None and due_to_leave is not None and _is_to_leave(order):
        yield RunningLimit("shipping", _SHIPPING, accepted, due_to_leave, _held_up_by(order))


def ship_due(order: Order) -> datetime | None:
    """R125: until when the goods leave; later where the customer waits for some of them, or was told of more time (R13)."""
    limit = ship_limit(order)
    if limit is None:
        return None
    waits = order.stock.until if lacking(order) else None
    later = [step.extended_to for step in order.steps.values() if step.extended_to is not None]
    return max([limit, *later, *([end_of(waits)] if waits is not None else [])])


def watch_delays(order: Order) -> None:
    """Tell the customer, once for each limit, when so much of it is over that it is in danger."""
    for limit in running_limits(order):
        if limit.identity in order.shop.delays or limit.told_at(_percent(order)) > order.clock:
            continue
        order.shop.delays.append(limit.identity)
        order.intend(
            Paper.DELAY_TOLD,
            limit.identity,
            (Role.CUSTOMER, Role.SALESPERSON),
            "R125",
            what=limit.what,
            due=limit.due,
            reason=limit.reason,
        )


def delay_moments(order: Order) -> Iterator[datetime]:
    """When the customer is to be told of a delay, as things stand."""
    for limit in running_limits(order):
        if limit.identity not in order.shop.delays:
            yield limit.told_at(_percent(order))


def _percent(order: Order) -> int:
    return int(order.policy.shop.delay_told_percent)


def _step_due(order: Order, subject: Subject) -> datetime | None:
    step = order.steps.get(f"decision:{subject.value}")
    return step.due if step is not None else None


def _is_to_leave(order: Order) -> bool:
    return not order.everything_left and not order.rest_is_cancelled


def _held_up_by(order: Order) -> Words:
    if order.unresolved:
        zh, _, en = order.unresolved[0].words.partition(" · ")
        return Words(zh, en or zh)
    if lacking(order):
        until = order.stock.until
        return _NOT_THERE if until is None else _TO_COME.filled(day=until)
    waiting = [release for release in order.releases if release.outstanding]
    if any(release.picked_at is None for release in waiting):
        return _PICKED
    return _TRANSPORT if any(not release.carrier for release in waiting) else _TO_LEAVE
