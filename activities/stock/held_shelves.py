"""Shelves held for one transaction: items locked in their order, read, changed by the pure rules, written back (R110).

Whoever changes an item has its row first, so nobody changes it between reading and writing; each write also names what
was read, and the database refuses whatever would leave less than nothing. What orders must hear goes into the inbox in
the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from activities.facts import pending_facts
from activities.store.upsert import insert_into, upsert
from models.facts.fact_envelope import fact_envelope
from models.stock.shelves import Reservation, Shelves, StockItem, StockTold
from models.tables.registry import table
from models.values.fingerprint import lasting
from models.values.vocabulary import Role
from models.writing.written_numbers import Manner

BY = "system"
"""Who tells orders what happened to their reservations."""


class StockMoved(RuntimeError):
    """An item is another than it was read as, though its row was held: nothing is written."""


@contextmanager
def held_shelves(
    connection: Connection, products: Iterable[str], now: datetime, *, order: str = ""
) -> Iterator[Shelves]:
    """The shelves of these products, and of all that this order has, to be changed within the caller's transaction.

    `now` is when what is told to orders happened.
    """
    shelves = _read(connection, _of_order(connection, order) | set(products), order)
    items = {product: item.model_copy() for product, item in shelves.items.items()}
    rows = {key: row.model_copy() for key, row in shelves.reservations.items()}
    yield shelves
    _write_items(connection, items, shelves)
    for key, row in sorted(shelves.reservations.items()):
        if row != rows.get(key):
            _write_reservation(connection, row)
    if shelves.movements:
        columns = [{**dict(each), "kind": each.kind.value} for each in shelves.movements]
        for each in columns:
            each["order_number"] = each.pop("order")
        connection.execute(table("stock_movements").insert(), columns)
    for told in shelves.told:
        _tell(connection, told, now)


def _of_order(connection: Connection, order: str) -> set[str]:
    """Products of which the order has anything; only its own bursts change that, and they come one after the other."""
    rows = table("reservations")
    query = select(rows.c.product).where(rows.c.order_number == order)
    return set(connection.scalars(query)) if order else set()


def _read(connection: Connection, products: set[str], order: str) -> Shelves:
    items, rows = table("stock_items"), table("reservations")
    held = (
        connection.execute(
            select(items)
            .where(items.c.product.in_(sorted(products)))
            .order_by(items.c.product)
            .with_for_update()
        )
        .mappings()
        .all()
    )
    counting = rows.c.state.in_(["held", "firm", "waiting"])
    reserved = (
        connection.execute(
            select(rows).where(
                rows.c.product.in_(sorted(products)), or_(counting, rows.c.order_number == order)
            )
        )
        .mappings()
        .all()
    )
    found = [_reservation(dict(row)) for row in reserved]
    return Shelves(
        {row["product"]: StockItem.model_validate(dict(row)) for row in held},
        {(each.order, each.line): each for each in found},
    )


def _reservation(row: dict[str, Any]) -> Reservation:
    return Reservation.model_validate({**row, "order": row["order_number"]})


def _write_items(connection: Connection, before: dict[str, StockItem], shelves: Shelves) -> None:
    items = table("stock_items")
    for product, item in sorted(shelves.items.items()):
        known = before[product]
        if item == known:
            continue
        as_it_was = (
            (items.c.product == product)
            & (items.c.on_hand == known.on_hand)
            & (items.c.reserved == known.reserved)
            & (items.c.quarantined == known.quarantined)
        )
        values = {
            "on_hand": item.on_hand,
            "reserved": item.reserved,
            "quarantined": item.quarantined,
            "expected": item.expected,
        }
        if connection.execute(update(items).where(as_it_was).values(values)).rowcount != 1:
            raise StockMoved(product)


def _write_reservation(connection: Connection, row: Reservation) -> None:
    values = {**dict(row), "unit": row.unit.value, "state": row.state.value}
    key = {"order_number": values.pop("order"), "line": values.pop("line")}
    upsert(connection, table("reservations"), key, values)


def _tell(connection: Connection, told: StockTold, now: datetime) -> None:
    content = lasting(told)
    for name in ("order", "fact", "fact_id"):
        content.pop(name)
    envelope = fact_envelope(
        told.fact_id, told.fact, content, by=BY, role=Role.SYSTEM, happened_at=now, manner=Manner.KEPT
    )
    pending_facts.enter(connection, told.order, envelope, now, "")


def act_once(connection: Connection, key: str, now: datetime) -> bool:
    """Whether an act of the desk with this key is new; from now on it is known."""
    acts = table("stock_acts")
    entered = insert_into(connection, acts).values(key=key, done_at=now).on_conflict_do_nothing()
    return connection.scalar(entered.returning(acts.c.key)) is not None
