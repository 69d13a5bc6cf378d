"""What a customer's living orders owe, the oldest first: what a sum is proposed to be shared among (R160)."""

from __future__ import annotations

from datetime import UTC, datetime, time

from sqlalchemy import Connection, select

from activities.reminders.reminder_letters import is_asked_for
from activities.reminders.reminder_pages import counts_from
from models.money.allocating import OwingOrder
from models.tables.registry import table
from models.values.calendar import BUSINESS_ZONE
from models.values.money import ZERO


def owing_orders(connection: Connection, customer: str) -> list[OwingOrder]:
    """Living orders of the customer that owe something: their missing deposit, else what is open; since it is asked for,
    or since the order was placed."""
    orders, steps = table("orders"), table("open_steps")
    asked = (
        select(orders.c.number, steps.c.key, steps.c.since, steps.c.due)
        .join(steps, steps.c.order_number == orders.c.number)
        .where(orders.c.customer == customer, steps.c.closed_at.is_(None), is_asked_for())
    )
    since = {
        row.number: datetime.combine(counts_from(row.key, row.since, row.due), time(), BUSINESS_ZONE)
        for row in connection.execute(asked)
    }
    query = select(orders).where(
        orders.c.customer == customer, orders.c.ending.is_(None), orders.c.open_balance > ZERO
    )
    found = []
    for row in connection.execute(query.order_by(orders.c.number)).mappings():
        missing = (row["deposit_due"] or ZERO) - (row["paid"] or ZERO)
        due = min(missing, row["open_balance"]) if missing > ZERO else row["open_balance"]
        placed = row["placed_at"] or datetime.now(UTC)
        found.append(OwingOrder(row["number"], due, since.get(row["number"], placed)))
    return found
