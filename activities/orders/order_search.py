"""Orders searched, sorted and cut into pages that stay as they are while orders are placed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    Engine,
    RowMapping,
    Select,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from activities.orders.cursors import bad_cursor, cursor_of, place_value, read_cursor
from activities.orders.order_views import OrderSummary, StepView
from activities.store.database import reading
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

SORTS = ("number", "placed_at", "promised", "customer_name", "open_balance")
MOST = 200
_BAD_SORT = Words("不能按 {sort} 排序；可按：{may}", "orders are not sorted by {sort}; by: {may}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders, in which order, from where on. `text` is part of a number, of the customer's own number, or of a customer's name."""

    text: str = ""
    status: str = ""
    customer: str = ""
    salesperson: str = ""
    customers: tuple[str, ...] = ()
    open_only: bool = False
    sort: str = "-number"
    cursor: str = ""
    most: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `next` is the cursor of the one after; empty at the end."""

    orders: list[OrderSummary]
    next: str


def find_orders(engine: Engine, wanted: Wanted) -> Page:
    """One page of orders. Raises Refusal(malformed) for a sort or cursor that is none."""
    orders, steps = table("orders"), table("open_steps")
    name, down = wanted.sort.lstrip("-"), wanted.sort.startswith("-")
    if name not in SORTS:
        words = _BAD_SORT.filled(sort=wanted.sort, may=", ".join(SORTS))
        raise Refusal(Code.MALFORMED, words, where="sort")
    with reading(engine) as connection:
        rows: list[RowMapping] = []
        for part in _parts(wanted, orders.c[name], engine.dialect, down=down):
            if len(rows) <= wanted.most:
                rows += connection.execute(part.limit(wanted.most + 1 - len(rows))).mappings().all()
        shown = rows[: wanted.most]
        numbers = [row["number"] for row in shown]
        of_order: dict[str, list[StepView]] = {}
        waits = select(steps).where(steps.c.order_number.in_(numbers), steps.c.closed_at.is_(None))
        for step in connection.execute(waits.order_by(steps.c.order_number, steps.c.due)).mappings():
            of_order.setdefault(step["order_number"], []).append(StepView.model_validate(dict(step)))
    found = [
        OrderSummary.model_validate(
            {**row, "steps": of_order.get(row["number"], []) if row["ending"] is None else []}
        )
        for row in shown
    ]
    more = len(rows) > wanted.most
    return Page(found, cursor_of([shown[-1][name], shown[-1]["number"]]) if more else "")


def _parts(
    wanted: Wanted, column: Column[Any], dialect: Dialect, *, down: bool
) -> Iterator[Select[tuple[object, ...]]]:
    """Orders that have the value sorted by it, then those that lack it: they come last, whichever way is sorted.

    Two questions, because one that sorts by "lacks it" first cannot be read along an index.
    """
    orders = table("orders")
    place = _place(wanted.cursor, column, dialect) if wanted.cursor else None
    query = select(orders).where(*_filters(wanted))
    number = orders.c.number
    if place is None or place.value is not None:
        key = (number,) if column is number else (column, number)
        have = query.order_by(*(each.desc() if down else each.asc() for each in key))
        if column.nullable:
            have = have.where(column.is_not(None))
        if place is not None:
            values = (place.value, place.number)[-len(key) :]
            shown = tuple_(*(literal(value, each.type) for value, each in zip(values, key, strict=True)))
            have = have.where(tuple_(*key) < shown if down else tuple_(*key) > shown)
        yield have
    if column.nullable:
        lack = query.where(column.is_(None)).order_by(number.desc() if down else number.asc())
        if place is not None and place.value is None:
            lack = lack.where(number < place.number if down else number > place.number)
        yield lack


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    orders = table("orders")
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        part = func.lower(wanted.text)
        found.append(
            or_(
                orders.c.number.contains(wanted.text, autoescape=True),
                func.lower(orders.c.customer_name).contains(part, autoescape=False),
                func.lower(orders.c.customer_order_number).contains(part, autoescape=False),
            )
        )
    if wanted.status:
        found.append(or_(orders.c.headline == wanted.status, orders.c.ending == wanted.status))
    if wanted.customer:
        found.append(orders.c.customer == wanted.customer)
    if wanted.salesperson:
        found.append(orders.c.salesperson == wanted.salesperson)
    if wanted.customers:
        found.append(orders.c.customer.in_(wanted.customers))
    if wanted.open_only:
        found.append(orders.c.ending.is_(None))
    return found


class _Place(NamedTuple):
    """The last order of the page before: the value it is sorted by, and its number."""

    value: Any
    number: str


def _place(cursor: str, column: Column[Any], dialect: Dialect) -> _Place:
    value, number = read_cursor(cursor, 2)
    if number is None or (value is None and not column.nullable):
        raise bad_cursor()
    return _Place(place_value(column, value, dialect), number)
