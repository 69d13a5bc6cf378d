"""Customers as the palette finds them: by number or name, a few at a time."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Engine, func, or_, select

from activities.store.database import reading
from models.tables.registry import table


class CustomerFound(NamedTuple):
    """A customer's number and name."""

    customer: str
    name: str


def find_customers(engine: Engine, text: str, *, salesperson: str | None, most: int) -> list[CustomerFound]:
    """Customers whose number or name holds the text, by name; of one salesperson, or of all."""
    customers = table("customers")
    part = text.casefold()
    query = (
        select(customers.c.customer, customers.c.name)
        .where(
            or_(
                func.lower(customers.c.customer).contains(part, autoescape=True),
                func.lower(customers.c.name).contains(part, autoescape=True),
            )
        )
        .order_by(customers.c.name, customers.c.customer)
        .limit(most)
    )
    if salesperson is not None:
        query = query.where(customers.c.salesperson == salesperson)
    with reading(engine) as connection:
        return [CustomerFound(row.customer, row.name) for row in connection.execute(query)]
