"""What came in and went out in a time: new and confirmed orders, shipments, money (R33, R45, R53, R73).

Each question is asked once as a list of orders and once as a count, from the same statement: so the figure is the list's.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, select, text

from activities.reports.shipped_goods import billed_for, left_within
from models.figures.figure_names import Counted
from models.reports.report import Window
from models.tables.registry import table
from models.values.money import ZERO

_MOST_AT_ONCE = 500
"""Orders whose shipments are worked out together."""


def new_orders(window: Window, salesperson: str = "") -> Select[Any]:
    """Orders that were placed in this time."""
    orders = table("orders")
    query = select(orders.c.number, orders.c.total.label("amount"))
    query = query.where(orders.c.placed_at >= window.since, orders.c.placed_at < window.until)
    return _of(query, salesperson)


def confirmed_orders(window: Window, salesperson: str = "") -> Select[Any]:
    """Orders that went to production in this time for the first time: sheet and deposit were there, or were not waited for."""
    orders, journal = table("orders"), table("journal")
    before = journal.alias("before")
    in_production = text("journal.kind = 'phase' and journal.subject = 'production'")  # as the index says it
    earlier = exists().where(
        before.c.order_number == journal.c.order_number,
        before.c.epoch == journal.c.epoch,
        before.c.sequence < journal.c.sequence,
        before.c.kind == "phase",
        before.c.subject == "production",
    )
    query = (
        select(orders.c.number, orders.c.total.label("amount"))
        .join(journal, and_(journal.c.order_number == orders.c.number, journal.c.epoch == orders.c.epoch))
        .where(
            in_production,
            journal.c.happened_at >= window.since,
            journal.c.happened_at < window.until,
            ~earlier,
        )
    )
    return _of(query, salesperson)


def money_in(window: Window, salesperson: str = "") -> Select[Any]:
    """Payments that came in from outside in this time, are real and still there (R53).

    Money that was moved from one order to another came in once: where it was told first. What went back later is not
    taken off the day on which it came.
    """
    orders, payments, receipts = table("orders"), table("payments"), table("payment_receipts")
    query = (
        select(orders.c.number, payments.c.amount.label("amount"))
        .join(payments, payments.c.order_number == orders.c.number)
        .outerjoin(
            receipts,
            and_(
                receipts.c.order_number == payments.c.order_number,
                receipts.c.reference == payments.c.reference,
            ),
        )
        .where(
            payments.c.paid_at >= window.since,
            payments.c.paid_at < window.until,
            payments.c.confirmed.is_(True),
            payments.c.bounced.is_(False),
            func.coalesce(receipts.c.elsewhere, False).is_(False),
            func.coalesce(receipts.c.claim, "-") != "",
        )
    )
    return _of(query, salesperson)


def shipments_in(window: Window, salesperson: str = "") -> Select[Any]:
    """Shipments of this time, as the weekly statistics have them (R73), with the amount that is kept of each."""
    orders, shipments, kept = table("orders"), table("shipments"), table("shipped_amounts")
    query = (
        select(orders.c.number, shipments.c.shipment, kept.c.amount, orders.c.epoch, orders.c.sequence)
        .join(shipments, shipments.c.order_number == orders.c.number)
        .outerjoin(
            kept,
            and_(
                kept.c.order_number == shipments.c.order_number,
                kept.c.shipment == shipments.c.shipment,
                kept.c.epoch == orders.c.epoch,
                kept.c.sequence == orders.c.sequence,
            ),
        )
    )
    return _of(left_within(query, window), salesperson)


def _of(query: Select[Any], salesperson: str) -> Select[Any]:
    return query.where(table("orders").c.salesperson == salesperson) if salesperson else query


def counted(connection: Connection, query: Select[Any]) -> Counted:
    """How many lines a list has, and their amounts together."""
    rows = query.subquery()
    count, amount = connection.execute(
        select(func.count(), func.sum(rows.c.amount, type_=rows.c.amount.type)).select_from(rows)
    ).one()
    return Counted(count, amount if amount is not None else ZERO)


def shipped(connection: Connection, window: Window, salesperson: str = "") -> Counted:
    """Shipments of a time and what was billed for them; amounts that nobody kept are worked out as the report does."""
    query = shipments_in(window, salesperson)
    known = counted(connection, query)
    unkept = {
        row.number for row in connection.execute(query.where(table("shipped_amounts").c.amount.is_(None)))
    }
    if not unkept:
        return known
    missing = [
        (row.number, row.shipment)
        for row in connection.execute(query.where(table("shipped_amounts").c.amount.is_(None)))
    ]
    billed = billed_for(connection, unkept)
    return Counted(known.count, sum((billed.get(each, ZERO) for each in missing), known.amount))


def amounts_to_keep(connection: Connection, window: Window) -> list[dict[str, Any]]:
    """Rows of `shipped_amounts` that are missing for the shipments of a time, or are of an order that moved on since."""
    query = shipments_in(window).where(table("shipped_amounts").c.amount.is_(None))
    missing = connection.execute(query).all()
    numbers = sorted({row.number for row in missing})
    found: list[dict[str, Any]] = []
    for first in range(0, len(numbers), _MOST_AT_ONCE):
        some = set(numbers[first : first + _MOST_AT_ONCE])
        billed = billed_for(connection, some)
        found += [
            {
                "order_number": row.number,
                "shipment": row.shipment,
                "epoch": row.epoch,
                "sequence": row.sequence,
                "amount": billed[row.number, row.shipment],
            }
            for row in missing
            if row.number in some and (row.number, row.shipment) in billed
        ]
    return found
