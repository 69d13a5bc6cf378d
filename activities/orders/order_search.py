"""Orders searched, sorted and cut into pages that stay as they are while orders are placed."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select

from activities.orders.order_views import OrderSummary, StepView
from activities.store.database import reading
from activities.store.upsert import as_column
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

SORTS = ("number", "placed_at", "promised", "customer_name", "open_balance")
MOST = 200
_BAD_SORT = Words("不能按 {sort} 排序;可按:{may}", "orders are not sorted by {sort}; by: {may}")
_BAD_CURSOR = Words("cursor 不是上一页给出的", "this cursor is not one that a page gave")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders, in which order, from where on. `text` is part of a number or of a customer's name."""

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
    column = orders.c[name]
    # an order that lacks the value comes last, whichever way is sorted
    empty = column.is_(None)
    query = select(orders).where(*_filters(wanted))
    if wanted.cursor:
        query = query.where(_after(column, empty, wanted.cursor, down=down))
    key = (column.desc(), orders.c.number.desc()) if down else (column.asc(), orders.c.number.asc())
    query = query.order_by(empty, *key).limit(wanted.most + 1)
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
        shown = rows[: wanted.most]
        numbers = [row["number"] for row in shown]
        of_order: dict[str, list[StepView]] = {}
        waits = select(steps).where(steps.c.order_number.in_(numbers), steps.c.closed_at.is_(None))
        for step in connection.execute(waits.order_by(steps.c.due)).mappings():
            of_order.setdefault(step["order_number"], []).append(StepView.model_validate(dict(step)))
    found = [
        OrderSummary.model_validate(
            {**row, "steps": of_order.get(row["number"], []) if row["ending"] is None else []}
        )
        for row in shown
    ]
    more = len(rows) > wanted.most
    return Page(found, _cursor(shown[-1][name], shown[-1]["number"]) if more else "")


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    orders = table("orders")
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        part = func.lower(wanted.text)
        found.append(
            or_(
                orders.c.number.contains(wanted.text, autoescape=True),
                func.lower(orders.c.customer_name).contains(part, autoescape=False),
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


def _after(column: Any, empty: ColumnElement[bool], cursor: str, *, down: bool) -> ColumnElement[bool]:
    value, number = _read(cursor)
    numbers = table("orders").c.number
    later = numbers < number if down else numbers > number
    if value is None:
        return and_(empty, later)
    try:
        known = as_column(column, value)
    except (ValueError, ArithmeticError):
        raise Refusal(Code.MALFORMED, _BAD_CURSOR, where="cursor") from None
    beyond = column < known if down else column > known
    return or_(empty, beyond, and_(column == known, later))


def _cursor(value: object, number: str) -> str:
    text = json.dumps([None if value is None else str(value), number])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read(cursor: str) -> tuple[str | None, str]:
    try:
        value, number = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise Refusal(Code.MALFORMED, _BAD_CURSOR, where="cursor") from None
    if not isinstance(number, str) or not isinstance(value, str | None):
        raise Refusal(Code.MALFORMED, _BAD_CURSOR, where="cursor")
    return value, number
