"""Lists of orders and the inboxes of roles: filtered, sorted and cut by the order database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, String, cast, func, or_, select

from activities.orders.order_views import OrderSummary, StepView
from activities.store.database import reading
from models.dossier.open_steps import ALSO_BY
from models.tables.registry import table
from models.values.vocabulary import Role


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
    orders, steps = table("orders"), table("open_steps")
    earliest = (
        select(steps.c.order_number, func.min(steps.c.due).label("due"))
        .join(orders, orders.c.number == steps.c.order_number)
        .where(steps.c.closed_at.is_(None), orders.c.ending.is_(None))
        .group_by(steps.c.order_number)
        .subquery()
    )
    query = select(orders, earliest.c.due).outerjoin(earliest, earliest.c.order_number == orders.c.number)
    if status is not None:
        query = query.where((orders.c.headline == status) | (orders.c.ending == status))
    if customer is not None:
        query = query.where(orders.c.customer == customer)
    if salesperson is not None:
        query = query.where(orders.c.salesperson == salesperson)
    if waiting_role is not None:
        waits_for_role = _open(Role(waiting_role)).with_only_columns(steps.c.order_number)
        query = query.where(orders.c.number.in_(waits_for_role))
    if overdue:
        query = query.where(earliest.c.due < now)
    ranked = query.order_by(earliest.c.due.is_(None), earliest.c.due, orders.c.number).limit(most)
    with reading(engine) as connection:
        total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = connection.execute(ranked).mappings().all()
        waits = _steps_of(connection, ranked.with_only_columns(orders.c.number))
    found = [OrderSummary.model_validate({**row, "steps": waits.get(row["number"], [])}) for row in rows]
    return OrderList(found, total)


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
    steps, orders = table("open_steps"), table("orders")
    query = _open(role).order_by(steps.c.due, steps.c.order_number, steps.c.key)
    if customers is not None:
        query = query.where(orders.c.customer.in_(customers))
    with reading(engine) as connection:
        return [StepView.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def _open(role: Role | None = None) -> Select[tuple[object, ...]]:
    """Open steps of orders that live, of one role or of all."""
    steps, orders = table("open_steps"), table("orders")
    query = (
        select(steps)
        .join(orders, orders.c.number == steps.c.order_number)
        .where(steps.c.closed_at.is_(None), orders.c.ending.is_(None))
    )
    if role is not None:
        # Role names hold no quote and none is within another in quotes, so the text of the list tells.
        asked = cast(steps.c.roles, String).like(f'%"{role.value}"%')
        also = [kind.value for kind, roles in ALSO_BY.items() if role in roles]
        query = query.where(or_(asked, steps.c.kind.in_(also)))
    return query


def _steps_of(connection: Connection, numbers: Select[tuple[object, ...]]) -> dict[str, list[StepView]]:
    steps = table("open_steps")
    query = _open().where(steps.c.order_number.in_(numbers)).order_by(steps.c.due, steps.c.key)
    grouped: dict[str, list[StepView]] = {}
    for row in connection.execute(query).mappings():
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


def progress(engine: Engine) -> int:
    """A number that grows with everything that is recorded of open orders and of the desk."""
    orders, desk = table("orders"), table("desk_steps")
    with reading(engine) as connection:
        recorded = connection.scalar(select(func.sum(orders.c.sequence))) or 0
        return int(recorded) + (connection.scalar(select(func.count()).select_from(desk)) or 0)
