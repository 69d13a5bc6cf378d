"""The number of an invoice is one order's in the whole house: decided by who enters it first (R162).

One insert that does nothing where the number is taken; so of two workers at the same instant one has it, on SQLite and
on PostgreSQL.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, select, update

from activities.store.upsert import insert_into
from models.dossier.records.recording import Burst
from models.invoices.invoice_book import number_key
from models.tables.registry import table

_PREFIX = number_key("")


def is_an_invoice(key: str) -> bool:
    """Whether a claim is the number of an invoice, and no receipt."""
    return key.startswith(_PREFIX)


def is_own_number(connection: Connection, order: str, key: str, fact_id: str = "") -> bool:
    """Whether the order has the number, now that it has asked for it; asking again changes nothing."""
    numbers = table("invoice_numbers")
    row = {"claim": key, "order_number": order, "fact_id": fact_id, "claimed_at": datetime.now(UTC)}
    connection.execute(insert_into(connection, numbers).values(row).on_conflict_do_nothing())
    holder = str(connection.scalar(select(numbers.c.order_number).where(numbers.c.claim == key)))
    if holder == order:
        return True
    if not _gave_up(connection, holder, key):
        return False
    of_holder = (numbers.c.claim == key) & (numbers.c.order_number == holder)
    return bool(connection.execute(update(numbers).where(of_holder).values(order_number=order)).rowcount)


def hold_numbers(connection: Connection, burst: Burst) -> None:
    """Numbers that an order's rows say it has: one that was lost with a restored backup comes back with them."""
    for row in burst.rows:
        if row.table == "invoices":
            is_own_number(connection, burst.order, number_key(str(row.key["number"])))


def _gave_up(connection: Connection, holder: str, key: str) -> bool:
    """An order that ended in the moment between asking and taking has a number on no invoice."""
    orders, invoices = table("orders"), table("invoices")
    if connection.scalar(select(orders.c.ended_at).where(orders.c.number == holder)) is None:
        return False
    theirs = connection.scalars(select(invoices.c.number).where(invoices.c.order_number == holder))
    return key not in {number_key(number) for number in theirs}
