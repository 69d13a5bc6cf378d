"""What people at the desk do with stock: items, goods that come, counts, corrections, inspected returns (R110, R113).

Pure: on shelves that somebody holds. Every act says what, where and what is allowed when it cannot be.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from models.stock.answers import judge
from models.stock.shelves import Movement, Shelves, StockItem
from models.stock.stock_words import StockMove
from models.values.content import Content, Line, Name, Paragraph, Reference, Text
from models.values.errors import Code, Refusal
from models.values.quantity import NOTHING, PositiveQuantity, Quantity
from models.values.vocabulary import Unit, Words
from models.writing.printed_figures import quantity as figures

RULE = "R110"
COMES = (StockMove.PURCHASE, StockMove.PRODUCTION, StockMove.OPENING)
"""From where goods come to stock: purchasing's are inspected before (R113)."""


class NewItem(Content):
    """A kind of goods that is kept in stock from now on."""

    product: Reference
    name: Line = ""
    specification: Paragraph = ""
    unit: Unit


class GoodsCome(Content):
    """Goods were received, good and counted."""

    product: Reference
    quantity: PositiveQuantity
    source: StockMove = StockMove.PURCHASE
    lot: Line = ""
    reference: Line = ""


class GoodsCounted(Content):
    """What was counted of an item, without what is in quarantine."""

    product: Reference
    counted: Quantity
    reason: Text
    sure: bool = False
    """It is meant, also where orders fall short by it."""


class GoodsCorrected(Content):
    """A movement that was told wrong is put right by another one."""

    product: Reference
    change: Decimal
    """More, or below zero fewer, in the item's unit."""
    reason: Text
    sure: bool = False


class GoodsBack(Content):
    """Goods came back to the warehouse and wait for their inspection."""

    product: Reference
    quantity: PositiveQuantity
    reference: Line = ""
    reason: Text = ""


class GoodsJudged(Content):
    """Goods in quarantine were inspected."""

    product: Reference
    passed: Quantity = NOTHING
    rework: Quantity = NOTHING
    scrapped: Quantity = NOTHING
    reason: Text = ""


class GoodsExpected(Content):
    """Purchasing ordered goods, and expects them on a day (R113)."""

    product: Reference
    quantity: PositiveQuantity
    expected: date
    reference: Name


class OrderPutFirst(Content):
    """An order that waits comes before others, by a supervisor's decision."""

    product: Reference
    order: Reference
    reason: Text


def receive(shelves: Shelves, said: GoodsCome, by: str, now: datetime) -> None:
    """R110, R112, R113: on hand is more, and goes to who waits. Raises Refusal (unknown_product, contradiction)."""
    item = known(shelves, said.product)
    if said.source not in COMES:
        named = Words.listed(COMES)
        raise _wrong(f"来源应为：{named.zh}", f"it comes from one of: {named.en}", "source")
    shelves.move(
        Movement(
            product=item.product, kind=said.source, quantity=said.quantity, at=now, by=by, lot=said.lot,
            reference=said.reference,
        )
    )  # fmt: skip
    if said.source is StockMove.PURCHASE:
        item.expected = None


def count(shelves: Shelves, said: GoodsCounted, by: str, now: datetime) -> None:
    """R110: on hand is what was counted. Raises Refusal: unknown_product, missing_field, questioned where orders fall short."""
    item = known(shelves, said.product)
    _change(
        shelves, item, StockMove.COUNT, said.counted + item.quarantined - item.on_hand, said.reason, "counted",
        by, now, sure=said.sure,
    )  # fmt: skip


def correct(shelves: Shelves, said: GoodsCorrected, by: str, now: datetime) -> None:
    """R110: another movement, with its reason. Raises Refusal as `count`, and bad_quantity for more than is there."""
    item = known(shelves, said.product)
    if said.change == 0 or said.change != said.change.quantize(NOTHING):
        words = Words(
            "更正数量不为零，最多三位小数", "a correction is not nought, with at most three decimals"
        )
        raise Refusal(Code.BAD_QUANTITY, words, where="change", rule=RULE)
    if item.on_hand + said.change < item.quarantined:
        there = item.on_hand - item.quarantined
        words = Words(
            f"库存只有 {figures(there)}，不能减 {figures(-said.change)}",
            f"only {figures(there)} is there; it cannot be {figures(-said.change)} fewer",
        )
        raise Refusal(Code.BAD_QUANTITY, words, where="change", rule=RULE)
    _change(shelves, item, StockMove.CORRECTION, said.change, said.reason, "change", by, now, sure=said.sure)


def take_back(shelves: Shelves, said: GoodsBack, by: str, now: datetime) -> None:
    """R110: what comes back is on hand and nobody's. Raises Refusal(unknown_product)."""
    item = known(shelves, said.product)
    shelves.move(
        Movement(
            product=item.product, kind=StockMove.RETURNED, quantity=said.quantity, quarantined=said.quantity,
            at=now, by=by, reference=said.reference, reason=said.reason,
        )
    )  # fmt: skip


def inspect(shelves: Shelves, said: GoodsJudged, by: str, now: datetime) -> None:
    """R110: what passed goes to stock, the rest to rework or scrap. Raises Refusal: unknown_product, bad_quantity."""
    item = known(shelves, said.product)
    judged = said.passed + said.rework + said.scrapped
    if judged <= 0 or judged > item.quarantined:
        words = Words(
            f"待检 {figures(item.quarantined)}，判定了 {figures(judged)}",
            f"{figures(item.quarantined)} is to be inspected, not {figures(judged)}",
        )
        raise Refusal(Code.BAD_QUANTITY, words, where="passed", rule=RULE)
    judge(shelves, item.product, said.passed, said.scrapped, said.rework, now, by=by, reason=said.reason)


def expect(shelves: Shelves, said: GoodsExpected, today: date) -> list[str]:
    """R113: when more is expected; the orders that wait for it. Raises Refusal: unknown_product, date_in_past."""
    item = known(shelves, said.product)
    if said.expected < today:
        words = Words("到货日在过去", "the goods are expected on a day to come")
        raise Refusal(Code.DATE_IN_PAST, words, where="expected", rule="R113")
    item.expected = said.expected
    return sorted({row.order for row in shelves.of_product(item.product) if row.waiting > 0})


def require_no_own_order(said: OrderPutFirst, by: str, salesperson: str) -> None:
    """R106, R112: nobody puts an order that they sell before those of others. Raises Refusal(same_person)."""
    if by and by == salesperson:
        words = Words(
            f"职责必须分离：{by}是订单 {said.order} 的业务员，不能让其插队",
            f"duties are kept apart: {by} is the salesperson of order {said.order} and may not put it first",
        )
        raise Refusal(Code.SAME_PERSON, words, where="by", rule="R112")


def put_first(shelves: Shelves, said: OrderPutFirst, by: str, now: datetime) -> None:
    """R112: jumping the queue is a decision, with its reason; what comes goes to this order before others.

    Raises Refusal: unknown_product, missing_field, contradiction for an order that waits for nothing of it.
    """
    item = known(shelves, said.product)
    if not said.reason.strip():
        raise Refusal(Code.MISSING_FIELD, Words("请写明原因", "say why"), where="reason", rule="R112")
    rows = [
        each for each in shelves.of_product(item.product) if each.order == said.order and each.waiting > 0
    ]
    if not rows:
        words = Words(
            f"订单 {said.order} 没有在等 {item.product}",
            f"order {said.order} does not wait for {item.product}",
        )
        raise Refusal(Code.CONTRADICTION, words, where="order", rule="R112")
    for row in rows:
        row.first_at = now
    shelves.move(
        Movement(
            product=item.product, kind=StockMove.PUT_FIRST, quantity=NOTHING, at=now, by=by, order=said.order,
            reason=said.reason,
        )
    )  # fmt: skip


def known(shelves: Shelves, product: str) -> StockItem:
    """The item, which is no pre-sale batch. Raises Refusal(unknown_product)."""
    item = shelves.items.get(product)
    if item is None or item.batch is not None:
        words = Words(f"{product} 不是库存货品，请先登记", f"{product} is no stock item; enter it first")
        raise Refusal(Code.UNKNOWN_PRODUCT, words, where="product", rule=RULE)
    return item


def _change(
    shelves: Shelves, item: StockItem, kind: StockMove, quantity: Decimal, reason: str, where: str, by: str,
    now: datetime, *, sure: bool,
) -> None:  # fmt: skip
    if not reason.strip():
        raise Refusal(Code.MISSING_FIELD, Words("请写明原因", "say why"), where="reason", rule=RULE)
    lacking = -(item.available + quantity)
    if lacking > 0 and not sure:
        orders = ", ".join(_falling_short(shelves, item, lacking))
        words = Words(
            f"比已预留的少 {figures(lacking)}，这些订单会缺货：{orders}。确属如此请勾选确认",
            f"{figures(lacking)} fewer than are reserved; these orders would fall short: {orders}. Confirm it if it is so",
        )
        raise Refusal(Code.QUESTIONED, words, where=where, rule=RULE)
    if quantity:
        shelves.move(
            Movement(product=item.product, kind=kind, quantity=quantity, at=now, by=by, reason=reason)
        )


def _falling_short(shelves: Shelves, item: StockItem, lacking: Decimal) -> list[str]:
    found: list[str] = []
    for row in list(shelves.of_product(item.product))[::-1]:
        if lacking > 0 and row.quantity > 0:
            found.append(row.order)
            lacking -= row.quantity
    return sorted(set(found))


def _wrong(zh: str, en: str, where: str) -> Refusal:
    return Refusal(Code.CONTRADICTION, Words(zh, en), where=where, rule=RULE)
