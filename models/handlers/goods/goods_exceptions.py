"""Goods that arrive damaged or short, are refused, or are lost: an exception with an owner and closed outcomes (R47, R74, R76)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from models.dossier.exceptions import open_exception, own_key
from models.dossier.incidents import Trouble
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.handlers.goods.shipments import named, spoken
from models.messages.goods_contents import Condition, GoodsOutcome
from models.order.goods import GoodsTrouble, Shipment
from models.order.order import Order
from models.values.calendar import business_date
from models.values.vocabulary import Role, Words

_G = GoodsOutcome
OF_A_DELIVERY = (_G.RESHIP, _G.CREDIT, _G.ACCEPT, _G.END)
OF_A_RECALL = (_G.WRITE_OFF,)
_FOUND = "货物已找到 · the goods were found"
_FOUND_AGAIN = "found-"


def report_goods(
    order: Order,
    at: datetime,
    shipment: Shipment,
    condition: Condition,
    quantities: dict[int, Decimal],
    *,
    key: str = "",
    words: str = "",
) -> None:
    """R74: told to salesperson and clerk with date and condition, owned until an outcome is decided.

    `key` and `words` are those of the exception; by default its condition and shipment say what it is.
    """
    if not quantities:
        return  # all of it is accounted for
    key = own_key(order, key or f"{condition.value}-{shipment.shipment}", "R74")
    known = order.goods_troubles.get(key)
    if known is not None and known.outcome is not None and known.quantities == quantities:
        return
    told = _told(shipment, condition, quantities, at)
    open_exception(
        order,
        key,
        words or f"{told.zh} · {told.en}",
        order.staff.person(Role.SERVICE_CLERK),
        "R74",
        at,
        cause="carrier",
    )
    order.goods_troubles[key] = GoodsTrouble(
        key=key, shipment=shipment.shipment, condition=condition, quantities=quantities
    )
    order.note(EntryKind.EXCEPTION, key, rule="R74", condition=condition.value, goods=named(quantities))
    order.intend(
        Paper.EXCEPTION,
        f"{key}:{order.sequence}",
        (Role.SALESPERSON, Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR),
        "R74",
        reason=told,
    )


def _told(shipment: Shipment, condition: Condition, quantities: dict[int, Decimal], at: datetime) -> Words:
    goods = spoken(quantities)
    return Words(
        f"发货单 {shipment.shipment} {condition.zh},{business_date(at)}:{goods.zh}",
        f"shipment {shipment.shipment}, {business_date(at)}: {condition.en}, {goods.en}",
    )


def watch_recalled(order: Order, shipment: Shipment, at: datetime) -> None:
    """R76, R47: what did not come back with the rest of a recall has an owner until it is found or written off."""
    out, key = shipment.out, own_key(order, f"recall-{shipment.shipment}", "R76")
    known = order.goods_troubles.get(key)
    if not out or shipment.returned_at is None:
        if not out:
            goods_found(order, shipment, at)
        return
    if known is not None and known.quantities == out:
        return
    goods = spoken(out)
    words = Words(
        f"发货单 {shipment.shipment} 召回短少:{goods.zh}",
        f"shipment {shipment.shipment}: not back from the recall, {goods.en}",
    )
    owner = order.staff.person(Role.MATERIAL_CONTROLLER) or order.staff.person(Role.SERVICE_CLERK)
    open_exception(order, key, f"{words.zh} · {words.en}", owner, "R76", at, cause="carrier")
    order.goods_troubles[key] = GoodsTrouble(
        key=key, shipment=shipment.shipment, condition=Condition.LOST, quantities=out
    )
    order.note(EntryKind.EXCEPTION, key, rule="R76", owner=owner, goods=named(out))
    order.intend(
        Paper.EXCEPTION,
        f"{key}:{order.sequence}",
        (Role.MATERIAL_CONTROLLER, Role.LOGISTICS, Role.SALESPERSON, Role.SERVICE_SUPERVISOR),
        "R76",
        reason=words,
    )


def goods_found(order: Order, shipment: Shipment, at: datetime) -> None:
    """What was missing, lost or refused of a shipment is all accounted for: it is nobody's question any more."""
    _close(order, shipment, at, (Condition.LOST, Condition.REFUSED, Condition.SHORT))
    trouble = order.troubles.get(own_key(order, f"{_FOUND_AGAIN}{shipment.shipment}", "R74"))
    if trouble is not None and is_found_again(trouble) and trouble.resolved_at is None:
        trouble.resolution, trouble.resolved_at = _FOUND, at


def goods_seen(order: Order, shipment: Shipment, at: datetime) -> None:
    """Goods that were thought lost on their way were seen: they go on."""
    if shipment.delivered_at is None and not shipment.recalled:
        _close(order, shipment, at, (Condition.LOST,))


def found_again(order: Order, shipment: Shipment, at: datetime) -> bool:
    """R74, R47: goods are seen that were given up and made again: somebody has them brought back, or lets the customer have them.

    Whether it is so; then nobody is to collect them.
    """
    goods = {line: amount for line, amount in shipment.remade.items() if amount > 0}
    if not goods or shipment.out:
        return False
    key = own_key(order, f"{_FOUND_AGAIN}{shipment.shipment}", "R74")
    if key in order.troubles:
        return True  # known, or settled
    said = spoken(goods)
    words = Words(
        f"发货单 {shipment.shipment} 的货补做后又找到：{said.zh}；请退回工厂，或由客户签收",
        f"shipment {shipment.shipment}: found after it was made again, {said.en}; have it brought back, or signed for",
    )
    owner = order.staff.person(Role.SERVICE_CLERK)
    open_exception(order, key, f"{words.zh} · {words.en}", owner, "R74", at, cause="carrier")
    order.note(EntryKind.EXCEPTION, key, rule="R74", goods=named(goods))
    order.intend(
        Paper.EXCEPTION,
        f"{key}:{order.sequence}",
        (Role.SALESPERSON, Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR),
        "R74",
        reason=words,
    )
    return True


def is_found_again(trouble: Trouble) -> bool:
    """Whether it is about goods that were found after they had been made again: nothing is settled while they are on no way."""
    return trouble.rule == "R74" and trouble.key.startswith(_FOUND_AGAIN)


def _close(order: Order, shipment: Shipment, at: datetime, conditions: tuple[Condition, ...]) -> None:
    for goods in open_troubles(order, shipment):
        if goods.condition in conditions:
            trouble = order.troubles[goods.key]
            trouble.resolution, trouble.resolved_at = _FOUND, at


def open_troubles(order: Order, shipment: Shipment) -> list[GoodsTrouble]:
    """What is still to be decided about the goods of a shipment."""
    return [
        goods
        for goods in order.goods_troubles.values()
        if goods.shipment == shipment.shipment and order.troubles[goods.key].resolved_at is None
    ]


def stands_still(order: Order, shipment: Shipment) -> bool:
    """Whether nobody waits for it to arrive or to be collected, because it was refused or lost and nothing is decided."""
    lost = (Condition.LOST, Condition.REFUSED)
    return shipment.delivered_at is None and any(
        goods.condition in lost for goods in open_troubles(order, shipment)
    )


def outcomes_of(goods: GoodsTrouble) -> tuple[GoodsOutcome, ...]:
    """How an exception about goods may end: what is missing of a recall is found, or written off."""
    return OF_A_RECALL if goods.key.startswith("recall-") else OF_A_DELIVERY
