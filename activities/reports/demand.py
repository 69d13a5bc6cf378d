"""The weekly demand of the shop by product, and how long each kind of step took in a month (R126)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select

from activities.cases.product_ratings import ratings_of
from activities.figures.punctuality import waits_by_step
from activities.store.product_names import product_names
from models.reports.report import Cell, Column, Section, Window
from models.reports.responsibility import name_of
from models.shop.demand import ABANDONED_AFTER, DemandRow, ProductDemand, Wish, demand_of, share
from models.tables.registry import table
from models.values.quantity import NOTHING
from models.values.vocabulary import Ending, Words

_RULE = "R126"
_PRODUCTS = [
    Column(zh="货品", en="product"), Column(zh="名称", en="name"), Column(zh="加入购物车", en="carts"),
    Column(zh="放弃", en="abandoned"), Column(zh="提交订单", en="checked out"), Column(zh="成交", en="ordered"),
    Column(zh="成交数量", en="quantity ordered"), Column(zh="转化率 %", en="conversion %"),
    Column(zh="商品评分", en="rating"), Column(zh="评价数", en="ratings"),
]  # fmt: skip
_ALL = [*_PRODUCTS[2:6], _PRODUCTS[7]]
_STEPS = [
    Column(zh="环节", en="step"), Column(zh="编号", en="key"), Column(zh="办结", en="done"),
    Column(zh="中位小时", en="median hours"), Column(zh="现未办结", en="open now"),
]  # fmt: skip
_NEVER_SOLD = frozenset({Ending.CANCELLED.value, Ending.NOT_PRODUCIBLE.value, Ending.CLOSED_HANGING.value})


def demand_in(connection: Connection, window: Window) -> Iterator[Section]:
    """Of each product what was put into carts, abandoned, checked out and ordered, and how it was rated; and all together."""
    rows = list(demand_rows(connection, window))
    found = demand_of(rows, window.since, window.until)
    products = {each.product for each in found}
    names, ratings = product_names(connection, products) if found else {}, ratings_of(connection, products)
    nobody = (None, 0)
    yield Section(
        zh="按货品", en="by product", rule=_RULE, columns=_PRODUCTS,
        rows=[
            [each.product, names.get((each.product, ""), ""), *each[1:], *ratings.get(each.product, nobody)]
            for each in found
        ],
    )  # fmt: skip
    yield Section(zh="合计", en="all together", rule=_RULE, columns=_ALL, rows=_summed(rows, window))


def _summed(rows: Iterable[DemandRow], window: Window) -> list[list[Cell]]:
    """The same of carts, whatever is in them."""
    of_carts = [each._replace(product="", quantity=NOTHING) for each in rows]
    found: list[ProductDemand] = demand_of(of_carts, window.since, window.until)
    return [
        [each.carts, each.abandoned, each.checked_out, each.ordered, share(each.ordered, each.carts)]
        for each in found
    ]


def demand_rows(connection: Connection, window: Window) -> Iterator[DemandRow]:
    """What is in carts, and what was checked out, as far as it counts in this time."""
    carts, lines, checkouts = table("carts"), table("cart_lines"), table("checkouts")
    query = select(lines.c.cart, lines.c.product, lines.c.quantity, carts.c.changed_at).join(
        carts, carts.c.cart == lines.c.cart
    )
    in_time = (carts.c.changed_at >= window.since - ABANDONED_AFTER, carts.c.changed_at < window.until)
    for row in connection.execute(query.where(*in_time)):
        yield DemandRow(Wish.PUT, row.cart, row.product, row.quantity, row.changed_at)
    done = select(checkouts.c.checkout, checkouts.c.at, checkouts.c.content).where(
        checkouts.c.at >= window.since, checkouts.c.at < window.until
    )
    found = [
        (row.checkout, row.at, part) for row in connection.execute(done) for part in row.content["parts"]
    ]
    gone = _not_sold(connection, {part["order"] for _, _, part in found})
    for checkout, at, part in found:
        for line in part["lines"]:
            yield from _checked_out(checkout, at, line, stands=part["order"] not in gone)


def _checked_out(checkout: str, at: datetime, line: dict[str, str], *, stands: bool) -> Iterator[DemandRow]:
    cart, product, quantity = f"checkout {checkout}", line["product"], Decimal(line["quantity"])
    yield DemandRow(Wish.CHECKED_OUT, cart, product, quantity, at)
    if stands:
        yield DemandRow(Wish.ORDERED, cart, product, quantity, at)


def _not_sold(connection: Connection, numbers: set[str]) -> set[str]:
    """Those of these orders that ended without a sale."""
    if not numbers:
        return set()
    orders = table("orders")
    query = select(orders.c.number).where(
        orders.c.number.in_(sorted(numbers)), orders.c.ending.in_(sorted(_NEVER_SOLD))
    )
    return set(connection.scalars(query))


def durations_in(connection: Connection, window: Window) -> Iterator[Section]:
    """How long each kind of step took that was done in the month, the longest first."""
    waits = waits_by_step(connection, window.since, window.until)
    yield Section(
        zh="环节用时", en="how long steps took", rule=_RULE, columns=_STEPS,
        rows=[[_both(name_of(each.kind)), each.kind, each.done, each.median_hours, each.open] for each in waits],
    )  # fmt: skip


def _both(words: Words) -> str:
    return f"{words.zh} · {words.en}"
