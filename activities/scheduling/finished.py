"""By how many working days the last finished orders of a product were late against production's first date (R152)."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from models.order.kinds.kind import NOT_FINISHED
from models.scheduling.confidence import LAST_ORDERS, days_late
from models.tables.registry import table
from models.values.calendar import Calendar, business_date
from models.values.quantity import NOTHING

_LOOKED_THROUGH = 8 * LAST_ORDERS
"""Of so many orders of the product that were placed last those that were finished last are taken."""


def days_late_of(connection: Connection, product: str, calendar: Calendar) -> list[int]:
    """Working days, the order that was finished last first. Finished is what quality has inspected before it left (R43)."""
    orders, lines, promises = table("orders"), table("order_lines"), table("promises")
    inspections = table("inspections")
    newest = (
        select(lines.c.order_number, lines.c.line)
        .where(lines.c.product == product, lines.c.dropped.is_not(True))
        .order_by(lines.c.order_number.desc())
        .limit(_LOOKED_THROUGH)
        .subquery()
    )
    finished = (
        select(newest.c.order_number, newest.c.line, func.max(inspections.c.at).label("at"))
        .join(
            inspections,
            (inspections.c.order_number == newest.c.order_number) & (inspections.c.line == newest.c.line),
        )
        .join(orders, orders.c.number == newest.c.order_number)
        .where(
            inspections.c.shipment == "",
            inspections.c.passed > NOTHING,
            orders.c.phase.not_in(sorted(each.value for each in NOT_FINISHED)),
        )
        .group_by(newest.c.order_number, newest.c.line)
        .subquery()
    )
    first = (
        select(promises.c.order_number, func.min(promises.c.change).label("change"))
        .where(promises.c.order_number.in_(select(finished.c.order_number)))
        .group_by(promises.c.order_number)
        .subquery()
    )
    query = (
        select(promises.c.production_due_to, finished.c.at)
        .select_from(finished)
        .join(first, first.c.order_number == finished.c.order_number)
        .join(
            promises,
            (promises.c.order_number == first.c.order_number) & (promises.c.change == first.c.change),
        )
        .order_by(finished.c.at.desc(), finished.c.order_number.desc())
        .limit(LAST_ORDERS)
    )
    return [days_late(due, business_date(at), calendar) for due, at in connection.execute(query)]
