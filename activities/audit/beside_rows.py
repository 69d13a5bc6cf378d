"""Rows that are not a case's own and say what it was told: what was worked out for a remedy, what the credit book bound (R47)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete

from activities.audit.readable_rows import ReadRow
from activities.audit.stored_orders import Key, StoredOrder
from activities.credit.credit_book import lock_customer
from activities.store.upsert import insert_into
from models.cases.case import Case
from models.dossier.dossier import Dossier
from models.order.order import Order
from models.reports.store_audit import Difference, Finding
from models.tables.registry import table

REFUNDS = "case_refunds"
"""Written by who works them out, and by no case: what differs is left for a person."""
COMMITMENTS = "credit_commitments"
"""Written by the credit book as it answers; the order has heard the answer, and says what it was about."""
_SHOWN = 80


class Expected(NamedTuple):
    """A row as the workflow has it."""

    identity: str
    table: str
    key: Key
    values: Mapping[str, Any]
    digest: str


def changed_values(number: str, expected: Expected, found: ReadRow) -> Iterator[Finding]:
    """The values of a row that are others than they should be."""
    other = [name for name, value in expected.values.items() if not _same(found[name], value)]
    if other:
        yield Finding(
            order=number,
            difference=Difference.ROW_CHANGED,
            where=f"{expected.identity}: {', '.join(other)}",
            database=", ".join(str(found[name]) for name in other)[:_SHOWN],
            workflow=", ".join(str(expected.values[name]) for name in other)[:_SHOWN],
        )


def _same(found: object, expected: object) -> bool:
    if isinstance(found, (list, tuple)) and isinstance(expected, (list, tuple)):
        return list(found) == list(expected)
    return found == expected


def differences_beside(stored: StoredOrder, dossier: Dossier) -> Iterator[Finding]:
    """In what these rows are others than the case was told."""
    if isinstance(dossier, Case):
        yield from _refunds(stored, dossier)
    if isinstance(dossier, Order):
        yield from _commitment(stored, dossier)


def _refunds(stored: StoredOrder, case: Case) -> Iterator[Finding]:
    """What was worked out for a remedy is what the case was told (R142); one it has not heard of is on its way."""
    for counted in case.counted:
        where, found = f"{REFUNDS}|{counted.round}", stored.beside[REFUNDS].get((counted.round,))
        told = {name: getattr(counted, name) for name in ("kept_before", "kept_after", "value", "payable")}
        if found is None:
            value = f"{counted.payable:f}"
            yield Finding(order=stored.number, difference=Difference.ROW_MISSING, where=where, workflow=value)
        else:
            yield from changed_values(
                stored.number, Expected(where, REFUNDS, (counted.round,), told, ""), found
            )


def _commitment(stored: StoredOrder, order: Order) -> Iterator[Finding]:
    """R109: what the credit book bound is what the order was let through with; while it waits for an answer it cannot say."""
    if order.credit.waits:
        return
    found, told = stored.beside[COMMITMENTS].get(()), committed(order)
    if told is None:
        if found is not None:
            yield Finding(
                order=stored.number,
                difference=Difference.ROW_TOO_MANY,
                where=COMMITMENTS,
                database=str(found["amount"]),
            )
    elif found is None:
        yield Finding(
            order=stored.number,
            difference=Difference.ROW_MISSING,
            where=COMMITMENTS,
            workflow=f"{order.credit.amount:f}",
        )
    else:
        yield from changed_values(stored.number, Expected(COMMITMENTS, COMMITMENTS, (), told, ""), found)


def committed(order: Order) -> Mapping[str, Any] | None:
    """R109: what the last answer of the credit book bound, as the order heard it; None where it let nothing through."""
    credit = order.credit
    if credit.verdict is None or not credit.verdict.passes:
        return None
    return {"customer": order.customer.customer, "amount": credit.amount, "question": credit.heard}


def write_beside(connection: Connection, stored: StoredOrder, dossier: Dossier) -> None:
    """Write what the credit book bound as the order heard it, in the caller's transaction, who has held the order's row.

    Nobody else's credit changes by it: an order that has heard its answer says itself what it binds.
    """
    if not isinstance(dossier, Order) or dossier.credit.waits:
        return
    lock_customer(connection, dossier.customer.customer)
    commitments, told = table(COMMITMENTS), committed(dossier)
    if told is None:
        connection.execute(delete(commitments).where(commitments.c.order_number == stored.number))
        return
    entered = insert_into(connection, commitments).values(
        order_number=stored.number, committed_at=dossier.clock, **told
    )
    connection.execute(entered.on_conflict_do_update(index_elements=["order_number"], set_=dict(told)))
