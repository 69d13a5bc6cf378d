"""Lists of orders and the inboxes of roles: filtered, sorted and cut by the order database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Select,
    Tuple,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from activities.listing.conditions import asked_of, names_person
from activities.orders.views.cursors import bad_cursor, cursor_of, place_value, read_cursor
from activities.orders.views.order_views import OrderSummary, StepView
from activities.store.database import reading
from models.tables.registry import table
from models.values.vocabulary import Role

_NAMED_AT_ONCE = 500
"""More orders than these are not named one by one in a statement: then all open steps are read."""


@dataclass(frozen=True, slots=True)
class OrderList:
    """The first orders of a list, and how many there are in all."""

    orders: list[OrderSummary]
    total: int


def list_orders(
    engine: Engine,
    now: datetime,
    *,
    status: str | None = None,
    customer: str | None = None,
    salesperson: str | None = None,
    waiting_role: Role | None = None,
    overdue: bool = False,
    most: int | None = None,
) -> OrderList:
    """Orders that fit all filters, the most overdue first, those that wait for nothing last.

    `status` is a headline or an ending. `overdue`: only those with a step that was due before `now`.
    `most`: no more than these are read.
    """
    filters = _filters(status, customer, salesperson, waiting_role)
    first_due = _first_due(filters, now if overdue else None)
    with reading(engine) as connection:
        rows = list(connection.execute(first_due.limit(most)).mappings())
        if not overdue and (most is None or len(rows) < most):
            rest = _waiting_for_nothing(filters).limit(None if most is None else most - len(rows))
            rows += connection.execute(rest).mappings()
        if most is None:
            total = len(rows)
        else:
            counted = (
                first_due.order_by(None) if overdue else select(table("orders").c.number).where(*filters)
            )
            total = connection.scalar(select(func.count()).select_from(counted.subquery())) or 0
        waits = _steps_of(connection, [row["number"] for row in rows])
    found = [OrderSummary.model_validate({**row, "steps": waits.get(row["number"], [])}) for row in rows]
    return OrderList(found, total)


def _filters(
    status: str | None, customer: str | None, salesperson: str | None, waiting_role: Role | None
) -> list[ColumnElement[bool]]:
    orders = table("orders")
    found: list[ColumnElement[bool]] = []
    if status is not None:
        found.append((orders.c.headline == status) | (orders.c.ending == status))
    if customer is not None:
        found.append(orders.c.customer == customer)
    if salesperson is not None:
        found.append(orders.c.salesperson == salesperson)
    if waiting_role is not None:
        found.append(
            orders.c.number.in_(
                _open([Role(waiting_role)]).with_only_columns(table("open_steps").c.order_number)
            )
        )
    return found


def _first_due(filters: Sequence[ColumnElement[bool]], before: datetime | None) -> Select[tuple[object, ...]]:
    """Orders that wait for something (due before then), by the first of their steps."""
    orders, steps = table("orders"), table("open_steps")
    earliest = (
        select(steps.c.order_number, func.min(steps.c.due).label("due"))
        .where(steps.c.closed_at.is_(None))
        .group_by(steps.c.order_number)
        .subquery()
    )
    query = (
        select(orders)
        .join(earliest, earliest.c.order_number == orders.c.number)
        .where(orders.c.ending.is_(None), *filters)
        .order_by(earliest.c.due, orders.c.number)
    )
    return query if before is None else query.where(earliest.c.due < before)


def _waiting_for_nothing(filters: Sequence[ColumnElement[bool]]) -> Select[tuple[object, ...]]:
    """Orders that have ended or have no open step, by number."""
    orders, steps = table("orders"), table("open_steps")
    is_open = exists().where(steps.c.order_number == orders.c.number, steps.c.closed_at.is_(None))
    return (
        select(orders).where(or_(orders.c.ending.is_not(None), ~is_open), *filters).order_by(orders.c.number)
    )


def is_known(engine: Engine, subject: str) -> bool:
    """Whether this is the number of an order or a customer."""
    orders, customers = table("orders"), table("customers")
    with reading(engine) as connection:
        return bool(
            connection.scalar(select(orders.c.number).where(orders.c.number == subject))
            or connection.scalar(select(customers.c.customer).where(customers.c.customer == subject))
        )


def inbox(engine: Engine, role: Role, customers: Sequence[str] | None = None) -> list[StepView]:
    """What a role has to do, the most overdue first; of these customers' orders, or of all."""
    return inbox_page(engine, [role], customers=customers).steps


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of what is to be done. `next` is the cursor of the one after; empty at the end."""

    steps: list[StepView]
    next: str


def inbox_page(
    engine: Engine,
    roles: Sequence[Role],
    *,
    customers: Sequence[str] | None = None,
    person: str | None = None,
    cursor: str = "",
    most: int | None = None,
) -> InboxPage:
    """What these roles have to do, each step once, the most overdue first.

    Of these customers' orders, or of all; only steps that name this person, or all. `cursor` is what the page before
    gave, `most` how many steps a page has. Raises Refusal(malformed) for a cursor that no page gave.
    """
    steps = table("open_steps")
    key = (steps.c.due, steps.c.order_number, steps.c.key)
    query = _open(roles).order_by(*key)
    if customers is not None:
        query = query.where(table("orders").c.customer.in_(customers))
    if person is not None:
        query = query.where(names_person(person))
    if cursor:
        query = query.where(tuple_(*key) > _place(cursor, engine.dialect))
    with reading(engine) as connection:
        rows = connection.execute(query.limit(None if most is None else most + 1)).mappings().all()
    shown = [StepView.model_validate(dict(row)) for row in rows[:most]]
    more = len(rows) > len(shown)
    last = shown[-1] if more else None
    return InboxPage(shown, cursor_of([last.due, last.order_number, last.key]) if last else "")


def _place(cursor: str, dialect: Dialect) -> Tuple:
    steps = table("open_steps")
    due, number, key = read_cursor(cursor, 3)
    if due is None or number is None or key is None:
        raise bad_cursor()
    moment = place_value(steps.c.due, due, dialect)
    return tuple_(literal(moment, steps.c.due.type), literal(number), literal(key))


def _open(roles: Sequence[Role] | None = None) -> Select[tuple[object, ...]]:
    """Open steps of orders that live, of these roles or of all."""
    steps, orders = table("open_steps"), table("orders")
    query = (
        select(steps)
        .join(orders, orders.c.number == steps.c.order_number)
        .where(steps.c.closed_at.is_(None), orders.c.ending.is_(None))
    )
    if roles is None:
        return query
    return query.where(asked_of(roles))


def _steps_of(connection: Connection, numbers: Sequence[str]) -> dict[str, list[StepView]]:
    steps = table("open_steps")
    query = _open().order_by(steps.c.due, steps.c.key)
    if len(numbers) <= _NAMED_AT_ONCE:
        query = query.where(steps.c.order_number.in_(numbers))
    grouped: dict[str, list[StepView]] = {}
    wanted = set(numbers)
    for row in connection.execute(query).mappings():
        if row["order_number"] in wanted:
            grouped.setdefault(row["order_number"], []).append(StepView.model_validate(dict(row)))
    return grouped


def known_customers(engine: Engine) -> list[dict[str, Any]]:
    """Every customer's number, name, class and salesperson."""
    customers = table("customers")
    columns = (customers.c.customer, customers.c.name, customers.c.customer_class, customers.c.salesperson)
    with reading(engine) as connection:
        return [
            dict(row)
            for row in connection.execute(select(*columns).order_by(customers.c.customer)).mappings()
        ]


def known_prices(engine: Engine) -> list[dict[str, Any]]:
    """The price list; amounts as texts, days as ISO 8601."""
    prices = table("prices")
    query = select(prices).order_by(prices.c.product, prices.c.valid_from)
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    return [{name: None if value is None else str(value) for name, value in row.items()} for row in rows]


def progress(engine: Engine, person: str | None = None) -> int:
    """A number that changes with everything that is recorded of open orders and of the desk; of those alone that this
    person sells, or is asked about by name."""
    orders, desk = table("orders"), table("desk_steps")
    recorded = select(func.sum(orders.c.sequence))
    if person is not None:
        steps = table("open_steps")
        asked = select(steps.c.order_number).where(steps.c.closed_at.is_(None), names_person(person))
        recorded = recorded.where(or_(orders.c.salesperson == person, orders.c.number.in_(asked)))
    with reading(engine) as connection:
        return int(connection.scalar(recorded) or 0) + (
            connection.scalar(select(func.count()).select_from(desk)) or 0
        )
