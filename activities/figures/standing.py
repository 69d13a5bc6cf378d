"""What stands badly now: promises in danger, overdue steps by role and person, open balances, dead orders (R13, R34, R51, R76)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, String, cast, func, select, text

from activities.reminders.reminder_letters import is_asked_for
from activities.reminders.reminder_pages import counts_from
from activities.reports.watch_list import in_danger, is_overdue
from models.figures.ageing import Owed
from models.reports.report import Window
from models.tables.registry import table
from models.values.money import ZERO
from models.values.vocabulary import Headline


def promises_in_danger(
    day: date, salesperson: str = "", promised: date | None = None, up_to: date | None = None
) -> Select[Any]:
    """Orders whose promise is in danger, as the watch list has them; of one promised day, of all up to one, or of all."""
    orders = table("orders")
    query = select(orders.c.number, orders.c.total.label("amount")).where(in_danger(day))
    if promised is not None:
        query = query.where(orders.c.promised == promised)
    if up_to is not None:
        query = query.where(orders.c.promised <= up_to)
    return query.where(orders.c.salesperson == salesperson) if salesperson else query


def danger_by_day(connection: Connection, day: date, salesperson: str = "") -> list[tuple[date, int]]:
    """How many are in danger for each promised day, the earliest first."""
    promised = table("orders").c.promised
    query = promises_in_danger(day, salesperson).with_only_columns(promised, func.count())
    return [(each, count) for each, count in connection.execute(query.group_by(promised).order_by(promised))]


@dataclass(frozen=True, slots=True)
class Overdue:
    """Overdue steps that one role, or one person in it, must take. `person` is empty where nobody in particular is named."""

    role: str
    person: str
    steps: int
    orders: int


def overdue_steps(day: date, salesperson: str = "") -> Select[Any]:
    """Overdue steps, as the watch list has them."""
    orders, steps = table("orders"), table("open_steps")
    query = (
        select(steps.c.order_number.label("number"), steps.c.roles, steps.c.people)
        .select_from(steps.join(orders, orders.c.number == steps.c.order_number))
        .where(text("open_steps.closed_at is null"), is_overdue(day))
    )
    return query.where(orders.c.salesperson == salesperson) if salesperson else query


def overdue_of(day: date, role: str, person: str, salesperson: str = "") -> Select[Any]:
    """Orders with an overdue step whose first role, and first person, are these."""
    steps = table("open_steps")
    query = overdue_steps(day, salesperson)
    roles, people = cast(steps.c.roles, String), cast(steps.c.people, String)
    # a name in quotes at the beginning of the list is the first of it
    query = query.where(roles.startswith(f"[{json.dumps(role)}", autoescape=True))
    wanted = people.startswith(f"[{json.dumps(person)}", autoescape=True) if person else people == "[]"
    return query.where(wanted)


def overdue_by_role(connection: Connection, day: date, salesperson: str = "") -> list[Overdue]:
    """Overdue steps by the first role and person that must take them, most first."""
    steps = table("open_steps")
    roles, people = cast(steps.c.roles, String), cast(steps.c.people, String)
    query = (
        overdue_steps(day, salesperson)
        .with_only_columns(
            roles.label("roles"),
            people.label("people"),
            func.count().label("steps"),
            func.count(steps.c.order_number.distinct()).label("orders"),
        )
        .group_by(roles, people)
    )
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in connection.execute(query):
        key = (_first(row.roles), _first(row.people))
        before = found.get(key, (0, 0))
        found[key] = (before[0] + row.steps, before[1] + row.orders)
    listed = [Overdue(role, person, *counts) for (role, person), counts in found.items()]
    return sorted(listed, key=lambda each: (-each.steps, each.role, each.person))


def _first(written: str) -> str:
    """The first of a list that stands there as JSON; empty where there is none."""
    try:
        names = json.loads(written)
    except ValueError:
        return ""
    return str(names[0]) if isinstance(names, list) and names else ""


def owed_now(connection: Connection, salesperson: str = "", customer: str = "") -> list[Owed]:
    """Every open balance of living orders; of those that are asked for, since when, as their reminders count (R51, R54)."""
    orders, steps = table("orders"), table("open_steps")
    mine = [orders.c.salesperson == salesperson] if salesperson else []
    mine += [orders.c.customer == customer] if customer else []
    asked = (
        select(orders.c.number, steps.c.key, steps.c.since, steps.c.due)
        .join(steps, steps.c.order_number == orders.c.number)
        .where(text("open_steps.closed_at is null"), is_asked_for(), *mine)
    )
    since = {row.number: counts_from(row.key, row.since, row.due) for row in connection.execute(asked)}
    owing = (
        select(orders.c.number, orders.c.customer, orders.c.customer_name, orders.c.open_balance)
        .where(text("orders.ending is null"), orders.c.open_balance > ZERO, *mine)
        .order_by(orders.c.number)
    )
    return [
        Owed(row.number, row.customer, row.customer_name, row.open_balance, since.get(row.number))
        for row in connection.execute(owing)
    ]


def balances_now(connection: Connection, salesperson: str = "") -> list[Owed]:
    """The same, with what nobody asks for yet as one sum for each customer: so many orders need not be read one by one."""
    orders, steps = table("orders"), table("open_steps")
    mine = [orders.c.salesperson == salesperson] if salesperson else []
    asked = (
        select(orders.c.number, orders.c.customer, orders.c.customer_name, orders.c.open_balance)
        .add_columns(steps.c.key, steps.c.since, steps.c.due)
        .join(steps, steps.c.order_number == orders.c.number)
        .where(text("open_steps.closed_at is null"), is_asked_for(), orders.c.open_balance > ZERO, *mine)
    )
    # an order that is asked for by two steps is owed once, as the later one counts
    owed = {
        row.number: Owed(
            row.number,
            row.customer,
            row.customer_name,
            row.open_balance,
            counts_from(row.key, row.since, row.due),
        )
        for row in connection.execute(asked)
    }
    open_balance = func.sum(orders.c.open_balance, type_=orders.c.open_balance.type)
    of_customers = (
        select(orders.c.customer, func.max(orders.c.customer_name), func.count(), open_balance)
        .where(text("orders.ending is null"), orders.c.open_balance > ZERO, *mine)
        .group_by(orders.c.customer)
    )
    known: dict[str, tuple[int, Decimal]] = {}
    for each in owed.values():
        count, amount = known.get(each.customer, (0, ZERO))
        known[each.customer] = (count + 1, amount + each.amount)
    found = list(owed.values())
    for customer, name, count, amount in connection.execute(of_customers):
        asked_for, asked_amount = known.get(customer, (0, ZERO))
        if count > asked_for:
            found.append(Owed("", customer, name, amount - asked_amount, orders=count - asked_for))
    return found


def recalled_now(salesperson: str = "") -> Select[Any]:
    """Orders whose goods are being recalled (R76)."""
    orders = table("orders")
    query = select(orders.c.number, orders.c.bill.label("amount")).where(
        orders.c.headline == Headline.BEING_RECALLED.value, orders.c.ending.is_(None)
    )
    return query.where(orders.c.salesperson == salesperson) if salesperson else query


def dead_in(window: Window, salesperson: str = "") -> Select[Any]:
    """Orders of which a shipment became a dead order in this time (R76)."""
    orders, shipments = table("orders"), table("shipments")
    query = (
        select(orders.c.number, orders.c.bill.label("amount"))
        .join(shipments, shipments.c.order_number == orders.c.number)
        .where(
            text("shipments.dead_at is not null"),
            shipments.c.dead_at >= window.since,
            shipments.c.dead_at < window.until,
        )
    )
    return query.where(orders.c.salesperson == salesperson) if salesperson else query


@dataclass(frozen=True, slots=True)
class Buyer:
    """What one customer ordered in a time."""

    customer: str
    name: str
    orders: int
    amount: Decimal


def top_customers(
    connection: Connection, window: Window, salesperson: str = "", most: int = 10
) -> list[Buyer]:
    """The customers that ordered for most money in a time."""
    orders, customers = table("orders"), table("customers")
    amount = func.sum(orders.c.total, type_=orders.c.total.type)
    query = (
        select(orders.c.customer, func.count().label("orders"), amount.label("amount"))
        .where(orders.c.placed_at >= window.since, orders.c.placed_at < window.until)
        .group_by(orders.c.customer)
        .order_by(func.coalesce(func.sum(orders.c.total), 0).desc(), orders.c.customer)
        .limit(most)
    )
    if salesperson:
        query = query.where(orders.c.salesperson == salesperson)
    rows = connection.execute(query).all()
    known = select(customers.c.customer, customers.c.name).where(
        customers.c.customer.in_([row.customer for row in rows])
    )
    names: dict[str, str] = {row.customer: row.name for row in connection.execute(known)}
    return [
        Buyer(row.customer, names.get(row.customer, row.customer), row.orders, row.amount or ZERO)
        for row in rows
    ]
