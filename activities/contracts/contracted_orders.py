"""The orders that contracts are of (R107)."""

from __future__ import annotations

from sqlalchemy import Engine, select

from activities.store.database import reading
from models.tables.registry import table


def has_ended(engine: Engine, order: str) -> bool:
    """Whether the order has ended, as the order database has it; one that nobody knows has nothing to hear either."""
    orders = table("orders")
    query = select(orders.c.ended_at).where(orders.c.number == order)
    with reading(engine) as connection:
        row = connection.execute(query).first()
    return row is None or row.ended_at is not None
