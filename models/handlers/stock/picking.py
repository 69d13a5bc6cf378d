"""Picking 拣货: the warehouse picks what was released from stock, and checks quantity and quality (R63)."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from models.dossier.decisions import keep_apart
from models.dossier.named_people import require_named
from models.handlers.goods.releases import withdraw
from models.handlers.goods.shipments import added_up
from models.handlers.stock.reservations import ask_stock, goods_there
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.messages.goods_contents import Items
from models.messages.staff_named import NamesStaff
from models.order.goods import Release, Withdrawal
from models.order.order import Order
from models.stock.stock_questions import StockLine
from models.stock.stock_words import StockAct
from models.values.content import Line, Name
from models.values.errors import Code, Refusal, TooEarly
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words

FACTS = FactTable()
_ALONE = Words("拣货须由另一人复核", "another person checks what was picked")


class Picked(NamesStaff):
    """Goods were picked for a release. Without `items` all of it was there; with them, so much of each line."""

    release: int | None = None
    items: Items = ()
    nothing_there: bool = False
    """Nothing of it was at its place."""
    quality_good: bool = True
    labels_good: bool = True
    packages: int | None = Field(default=None, ge=1, le=9999)
    """Kept only: how many packages were made, for who hands them to the carrier (R63)."""
    place: Line = ""
    """Kept only: where they stand, for who loads them (R63)."""
    checked_with: Name = ""
    """Who looked at it a second time, where the policy asks for that."""


@FACTS.row(Picked, (Role.WAREHOUSE,), Words("已拣货", "picked"))
def picked(order: Order, envelope: Envelope, content: Picked) -> None:
    """R63: picked, counted, looked at, packed and labelled (R44). What is missing is counted off, and reserved anew or chosen about."""
    release = order.find_release(content.release)
    if release is None or not order.kind.from_stock:
        raise TooEarly
    if release.picked_at is not None:
        raise _wrong("已经拣过", "it was picked before", "content.release")
    _check(order, envelope, content)
    there = {} if content.nothing_there else added_up(content.items) or release.outstanding
    missing = _missing(release, there)
    release.picked_at, release.picked_by = envelope.happened_at, envelope.by
    if missing:
        _not_there(order, release, missing)


def _check(order: Order, envelope: Envelope, content: Picked) -> None:
    if not content.quality_good or not content.labels_good:
        raise _wrong(
            "质量或标签不合格的货不能发：请换货再拣，没有好的按缺少登记",
            "goods or labels that are not good do not leave: pick others, or report what is missing",
            "content.quality_good" if not content.quality_good else "content.labels_good",
        )
    if not order.policy.picking.second_person:
        return
    if not content.checked_with:
        raise Refusal(Code.MISSING_FIELD, _ALONE, where="content.checked_with", rule="R63")
    keep_apart(order, "R63", envelope.by, {content.checked_with}, _ALONE)
    require_named(
        order, content.checked_with, None, where="content.checked_with", rule="R63", on_staff=content.on_staff
    )


def _missing(release: Release, there: dict[int, Decimal]) -> dict[int, Decimal]:
    """What was released and is not there. Raises Refusal (contradiction) for more than was released."""
    wanted = release.outstanding
    if any(quantity > wanted.get(line, NOTHING) for line, quantity in there.items()):
        raise _wrong("拣出多于放行数量", "more was picked than was released", "content.items")
    rest = {line: quantity - there.get(line, NOTHING) for line, quantity in wanted.items()}
    return {line: quantity for line, quantity in rest.items() if quantity > 0}


def _not_there(order: Order, release: Release, missing: dict[int, Decimal]) -> None:
    """R110, R112: the book counts it off; the release goes as far as what is there."""
    lines = tuple(
        StockLine(line=number, product=line.product, quantity=quantity, unit=line.unit)
        for number, quantity in sorted(missing.items())
        if (line := order.line_numbered(number)) is not None
    )
    ask_stock(order, StockAct.MISSING, lines)
    stock = order.stock
    stock.asked_for = ""
    for number, quantity in missing.items():
        stock.given[number] = stock.of(number) - quantity
        if number in stock.ready:
            stock.ready[number] -= quantity
        release.quantities[number] = release.quantities[number] - quantity
    release.quantities = {line: quantity for line, quantity in release.quantities.items() if quantity > 0}
    if not release.quantities:
        withdraw(order, release, Withdrawal.QUANTITY)
    goods_there(order)


def _wrong(zh: str, en: str, where: str) -> Refusal:
    return Refusal(Code.CONTRADICTION, Words(zh, en), where=where, rule="R63")
