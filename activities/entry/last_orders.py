"""The last order of a customer, so that the next one need not be typed again."""

from __future__ import annotations

from sqlalchemy import Engine, desc, or_, select

from activities.store.database import reading
from models.tables.registry import table
from models.values.vocabulary import Ending

_NOT_AGAIN = (Ending.CANCELLED.value, Ending.NOT_PRODUCIBLE.value, Ending.CLOSED_HANGING.value)


def last_order(engine: Engine, customer: str, salesperson: str | None = None) -> str | None:
    """The number of the customer's last order that was not called off; of this salesperson's orders, or of all."""
    orders = table("orders")
    query = (
        select(orders.c.number)
        .where(
            orders.c.customer == customer,
            orders.c.placed_at.is_not(None),
            or_(orders.c.ending.is_(None), orders.c.ending.not_in(_NOT_AGAIN)),
        )
        .order_by(desc(orders.c.placed_at), desc(orders.c.number))
        .limit(1)
    )
    if salesperson is not None:
        query = query.where(orders.c.salesperson == salesperson)
    with reading(engine) as connection:
        return connection.scalar(query)
