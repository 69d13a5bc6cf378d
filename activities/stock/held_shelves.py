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

from pydantic import BaseModel
from sqlalchemy import Connection, or_, select, update

from activities.facts import pending_facts
from activities.store.upsert import insert_into, upsert
from models.facts.fact_envelope import fact_envelope
from models.stock.batches import PresaleBatch
from models.stock.shelves import Reservation, Shelves, StockItem, StockTold
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of_model, lasting
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner

_ANOTHER_ACT = Words(
    "这张表单已提交过，内容不同；前一次照旧有效。请刷新页面后再登记",
    "this form was sent before with other figures, which count; load the page anew to say more",
)

BY = "system"
"""Who tells orders what happened to their reservations."""


class StockMoved(RuntimeError):
    """An item is another than it was read as, though its row was held: nothing is written."""


@contextmanager
def held_shelves(
    connection: Connection, products: Iterable[str], now: datetime, *, order: str = "", presale: bool = False
) -> Iterator[Shelves]:
    """The shelves of these products, and of all that this order has, to be changed within the caller's transaction.

    With a pre-sale batch goes the shelf of its product, and with `presale` all open batches of these products (R114).
    `now` is when what is told to orders happened.
    """
    names = _of_order(connection, order) | set(products)
    shelves = _read(connection, names | _beside(connection, names, presale=presale), order)
    items = {product: item.model_copy(deep=True) for product, item in shelves.items.items()}
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


def _beside(connection: Connection, names: set[str], *, presale: bool) -> set[str]:
    """What is looked at with these: who opens a batch meanwhile is not waited for."""
    batches = table("presale_batches")
    of_batches = select(batches.c.goods).where(batches.c.batch.in_(sorted(names)))
    found = set(connection.scalars(of_batches))
    if presale:
        is_open = batches.c.goods.in_(sorted(names)) & batches.c.completed_at.is_(None)
        found |= set(connection.scalars(select(batches.c.batch).where(is_open)))
    return found


def _batches(connection: Connection, names: Iterable[str]) -> dict[str, PresaleBatch]:
    """Those of the items that are batches; their rows change only while the items' are held."""
    batches = table("presale_batches")
    rows = connection.execute(select(batches).where(batches.c.batch.in_(sorted(names)))).mappings()
    return {row["batch"]: batch_in(dict(row)) for row in rows}


def batch_in(row: dict[str, Any]) -> PresaleBatch:
    """A row of the batches as it is read."""
    return PresaleBatch.model_validate({**row, "product": row["goods"]})


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
    batches = _batches(connection, (row["product"] for row in held))
    return Shelves(
        {
            row["product"]: StockItem.model_validate({**row, "batch": batches.get(row["product"])})
            for row in held
        },
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
        if item.batch is not None and item.batch != known.batch:
            write_batch(connection, product, item.batch)


def write_batch(connection: Connection, number: str, batch: PresaleBatch) -> None:
    """What the batch of this number is now."""
    values = {**dict(batch), "payment": batch.payment.value}
    values["goods"] = values.pop("product")
    upsert(connection, table("presale_batches"), {"batch": number}, values)


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


def act_once(connection: Connection, key: str, said: BaseModel, now: datetime) -> bool:
    """Whether an act of the desk with this key is new; from now on it is known.

    Raises Refusal(fact_conflict) where another thing was said under it: what was done stays, and nothing is lost silently.
    """
    acts, content = table("stock_acts"), digest_of_model(said)
    entered = insert_into(connection, acts).values(key=key, content=content, done_at=now)
    if connection.scalar(entered.on_conflict_do_nothing().returning(acts.c.key)) is not None:
        return True
    known = connection.scalar(select(acts.c.content).where(acts.c.key == key))
    if known not in ("", content):
        raise Refusal(Code.FACT_CONFLICT, _ANOTHER_ACT, where="once")
    return False
