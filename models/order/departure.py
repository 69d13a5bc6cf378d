"""Goods that left: under which releases, and what was wrong with it (R43, R61, R62, R64, R70, R71, R84).

That goods left is a fact. Whether they might is judged line by line, by what was released and stood when they left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Self

from models.order.goods import Release
from models.order.order import Order
from models.values.quantity import NOTHING
from models.values.vocabulary import Collection, DeliveryMethod, Term, Words

Goods = dict[int, Decimal]
"""Quantities by line."""


class ShippingFault(Term):
    """What was wrong when goods left, the gravest first, with the rule that says so."""

    rule: str

    def __new__(cls, value: str, zh: str = "", en: str = "", rule: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh, member.en, member.rule = zh, en, rule
        return member

    NO_RELEASE = "no_release", "未经放行发货", "shipped without release", "R61"
    WITHDRAWN = "withdrawn", "放行已收回仍发货", "shipped after the release was taken back", "R61"
    BEYOND = "beyond_release", "超出放行数量发货", "more was shipped than was released", "R61"
    CANCELLED = "cancelled", "订单取消后发货", "shipped after the cancellation was granted", "R84"
    ON_HOLD = "on_hold", "订单暂停期间发货", "shipped while the order was on hold", "R47"
    UNINSPECTED = "uninspected", "未检验入库即发货", "shipped before it was in the warehouse", "R43"
    NO_NOTICE = "no_notice", "无发货通知单发货", "shipped without notice", "R70"
    CARRIER = (
        "carrier_may_not_collect",
        "代收货款未用指定货代",
        "the carrier that collects is no designated agent",
        "R62",
    )
    NO_TRANSPORT = "no_transport", "未安排运输发货", "shipped without transport arranged", "R64"
    NOT_READ_BACK = (
        "not_read_back",
        "发货要求未经复述",
        "the shipping instructions were not read back",
        "R71",
    )
    NOT_PICKED = "not_picked", "未拣货核对即发货", "shipped before it was picked and checked", "R63"


@dataclass(slots=True)
class Departure:
    """Goods on their way out: what went under each release that stood, and what under none."""

    left_at: datetime
    carrier: str
    by_release: list[tuple[Release, Goods]] = field(default_factory=list)
    beyond: Goods = field(default_factory=dict)
    early: Goods = field(default_factory=dict)
    """What of it was not in the warehouse."""

    @property
    def collects(self) -> bool:
        """Whether the carrier collects, by one of its releases."""
        return any(release.collection is Collection.CARRIER for release, _ in self.by_release)


def departure_of(order: Order, goods: Goods, named: int | None, carrier: str, left_at: datetime) -> Departure:
    """Under which releases these goods left: first the one that is named, then the others, as far as each goes."""
    departure = Departure(left_at, carrier)
    rest = dict(goods)
    for release in _standing(order, named, left_at):
        taken = {
            line: min(rest[line], quantity)
            for line, quantity in release.outstanding.items()
            if rest.get(line, NOTHING) > 0
        }
        if taken:
            departure.by_release.append((release, taken))
            rest = {line: quantity - taken.get(line, NOTHING) for line, quantity in rest.items()}
    departure.beyond = {line: quantity for line, quantity in rest.items() if quantity > 0}
    for line, quantity in goods.items():
        in_warehouse = order.entered(line) - order.shipped(line)
        if quantity > in_warehouse:
            departure.early[line] = quantity - in_warehouse
    return departure


def _standing(order: Order, named: int | None, left_at: datetime) -> list[Release]:
    """Releases that stood when the goods left: it may be told after one of them was taken back."""
    stood = [old for old in order.withdrawn if old.granted_at <= left_at and old.stood_at(left_at)]
    return sorted([*stood, *order.releases], key=lambda release: release.number != named)


def book(order: Order, departure: Departure) -> None:
    """Take the goods from the releases that stand and from the lots, so that nothing is shipped twice."""
    for release, taken in departure.by_release:
        release.ship(taken)
        if release.withdrawn_at is not None:
            _take_from_what_stands(order, taken)
    for line, quantity in departure.early.items():
        rest = quantity
        for lot in order.lots_of(line):
            rest -= lot.leaves_early(rest)


def _take_from_what_stands(order: Order, goods: Goods) -> None:
    """What left under a release before it was taken back may have been released anew meanwhile: it cannot leave again."""
    rest = dict(goods)
    for release in order.releases:
        taken = {
            line: min(rest[line], quantity)
            for line, quantity in release.outstanding.items()
            if rest.get(line, NOTHING) > 0
        }
        release.ship(taken)
        rest = {line: quantity - taken.get(line, NOTHING) for line, quantity in rest.items()}


def faults_of(order: Order, departure: Departure, named: int | None) -> list[ShippingFault]:
    """Everything that was wrong with this departure, the gravest first."""
    found = {*_of_the_order(order, departure, named)}
    for release, _ in departure.by_release:
        found.update(_of_release(order, departure, release))
    return [fault for fault in ShippingFault if fault in found]


def _of_the_order(order: Order, departure: Departure, named: int | None) -> Iterator[ShippingFault]:
    if departure.beyond:
        if departure.by_release:
            yield ShippingFault.BEYOND
        elif any(_was_not_granted_anew(order, old) for old in order.withdrawn if named in (None, old.number)):
            yield ShippingFault.WITHDRAWN
        else:
            yield ShippingFault.NO_RELEASE
    if order.nothing_more_leaves and departure.beyond:
        yield ShippingFault.CANCELLED
    if any(
        hold.placed_at <= departure.left_at
        and not (hold.released_at and hold.released_at <= departure.left_at)
        for hold in order.holds
    ):
        yield ShippingFault.ON_HOLD
    if departure.early:
        yield ShippingFault.UNINSPECTED


def _was_not_granted_anew(order: Order, withdrawn: Release) -> bool:
    since = withdrawn.withdrawn_at or withdrawn.granted_at
    return not any(release.granted_at >= since for release in order.releases)


def _of_release(order: Order, departure: Departure, release: Release) -> Iterator[ShippingFault]:
    balance = order.policy.balance
    if not release.may_leave:
        yield ShippingFault.NO_NOTICE
    elif not release.read_back_by:
        # Nobody reads back what was not issued.
        yield ShippingFault.NOT_READ_BACK
    if order.kind.from_stock and release.picked_at is None:
        yield ShippingFault.NOT_PICKED
    if (
        release.collection is Collection.CARRIER
        and departure.carrier not in balance.designated_freight_agents
    ):
        yield ShippingFault.CARRIER
    if not release.carrier and order.request.delivery_method is not DeliveryMethod.PICK_UP:
        yield ShippingFault.NO_TRANSPORT


def words_of(faults: list[ShippingFault], departure: Departure) -> Words:
    """The faults in words, with the goods that no release covers."""
    zh, en = ";".join(fault.zh for fault in faults), "; ".join(fault.en for fault in faults)
    if not departure.beyond:
        return Words(zh, en)
    parts = departure.beyond.items()
    lines_zh = "、".join(f"第{line}行 {quantity}" for line, quantity in parts)
    lines_en = ", ".join(f"{quantity} of line {line}" for line, quantity in parts)
    return Words(f"{zh}（无放行：{lines_zh}）", f"{en} (without release: {lines_en})")
