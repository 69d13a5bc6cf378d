"""Who is left alone by reminders, and until when: exempted, or promised to pay (R51)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from activities.store.database import reading
from models.tables.registry import table


@dataclass(frozen=True, slots=True)
class Pause:
    """No reminder for an order or a customer up to this day."""

    subject: str
    until: date
    promised: bool
    reason: str
    by: str


def pauses_of(engine: Engine, subject: str, today: date) -> Sequence[Pause]:
    """The pauses of an order or a customer that last, the longest first."""
    pauses = table("reminder_pauses")
    query = select(pauses).where(pauses.c.subject == subject, pauses.c.until >= today)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(pauses.c.until.desc())).mappings().all()
    return [Pause(**row) for row in rows]


def pauses_now(engine: Engine, today: date, salesperson: str | None = None) -> Sequence[tuple[Pause, str]]:
    """All pauses that last, by their day, each with the customer's name; of a salesperson's own customers and orders alone,
    where one is named."""
    pauses, customers, orders = table("reminder_pauses"), table("customers"), table("orders")
    query = (
        select(
            pauses, customers.c.name, orders.c.customer_name, customers.c.salesperson,
            orders.c.salesperson.label("order_salesperson"),
        )
        .outerjoin(customers, customers.c.customer == pauses.c.subject)
        .outerjoin(orders, orders.c.number == pauses.c.subject)
        .where(pauses.c.until >= today)
        .order_by(pauses.c.until, pauses.c.subject)
    )  # fmt: skip
    if salesperson is not None:
        query = query.where((customers.c.salesperson == salesperson) | (orders.c.salesperson == salesperson))
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
    return [
        (
            Pause(row["subject"], row["until"], row["promised"], row["reason"], row["by"]),
            row["name"] or row["customer_name"] or "",
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose an order or a customer is."""

    order: bool
    customer: str
    salesperson: str


def whose(engine: Engine, subject: str) -> Whose | None:
    """Whose the customer with this code, or the order with this number, is; None where there is neither."""
    customers, orders = table("customers"), table("orders")
    known = select(customers.c.customer, customers.c.salesperson).where(customers.c.customer == subject)
    order = select(orders.c.customer, orders.c.salesperson).where(orders.c.number == subject)
    with reading(engine) as connection:
        for query, is_order in ((known, False), (order, True)):
            row = connection.execute(query).one_or_none()
            if row is not None:
                return Whose(is_order, row.customer, row.salesperson)
    return None
