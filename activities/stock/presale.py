"""Pre-sale batches in the order database: offered and changed in one transaction each, listed, looked up (R113, R114)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, Select, select

from activities.facts import pending_facts
from activities.stock.held_shelves import act_once, batch_in, held_shelves, write_batch
from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.facts.fact_envelope import fact_envelope
from models.stock import batch_acts, desk_acts
from models.stock.shelves import Shelves, StockItem
from models.stock.stock_words import StockMove
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner

MOST_LISTED = 500


def offer_batch(engine: Engine, said: batch_acts.NewBatch, by: str, now: datetime) -> None:
    """A new batch, open for orders. Raises Refusal: unknown_product, date_in_past, contradiction for a number in use."""
    with writing(engine) as connection:
        with held_shelves(connection, {said.product}, now) as shelves:
            item = batch_acts.offered(said, desk_acts.known(shelves, said.product), business_date(now))
        _enter(connection, item)
        with held_shelves(connection, {said.batch}, now) as shelves:
            batch_acts.offer(shelves, said.batch, by, now)


def _enter(connection: Connection, item: StockItem) -> None:
    items = table("stock_items")
    row = {**dict(item), "unit": item.unit.value}
    row.pop("batch")
    entered = insert_into(connection, items).values(row).on_conflict_do_nothing()
    if connection.scalar(entered.returning(items.c.product)) is None:
        words = Words(f"编号 {item.product} 已在用", f"the number {item.product} is in use")
        raise Refusal(Code.CONTRADICTION, words, where="batch", rule=batch_acts.RULE)
    if item.batch is not None:
        write_batch(connection, item.product, item.batch)


def date_batch(engine: Engine, said: batch_acts.BatchDated, by: str, now: datetime, key: str) -> list[str]:
    """R113, R114: the batch comes on another day; every order that has of it is told. The orders that are."""
    waiting: list[str] = []

    def dated(connection: Connection, shelves: Shelves) -> None:
        waiting.extend(batch_acts.date_anew(shelves, said, business_date(now)))
        item, about = batch_acts.batch_of(shelves, said.batch)
        content = {
            "product": about.product,
            "quantity": str(about.offered),
            "expected": said.expected.isoformat(),
            "reference": item.product,
            "words": said.reason,
        }
        for order in waiting:
            envelope = fact_envelope(
                f"purchase/{key}", "purchase_ordered", content, by=by, role=Role.PURCHASING,
                happened_at=now, manner=Manner.KEPT,
            )  # fmt: skip
            pending_facts.enter(connection, order, envelope, now, "")

    _act(engine, said, said.batch, now, key, dated)
    return waiting


def enlarge_batch(engine: Engine, said: batch_acts.BatchEnlarged, by: str, now: datetime, key: str) -> None:
    """More is offered, and goes to who waits beyond the batch."""
    _act(engine, said, said.batch, now, key, lambda _, shelves: batch_acts.enlarge(shelves, said, by, now))


def receive_batch(engine: Engine, said: batch_acts.BatchReceived, by: str, now: datetime, key: str) -> None:
    """R113: goods came, and are to be inspected."""
    _act(engine, said, said.batch, now, key, lambda _, shelves: batch_acts.receive(shelves, said))


def inspect_batch(engine: Engine, said: batch_acts.BatchJudged, by: str, now: datetime, key: str) -> None:
    """R113, R114: what passed is set apart for orders by placing time."""
    _act(engine, said, said.batch, now, key, lambda _, shelves: batch_acts.inspect(shelves, said))


def complete_batch(engine: Engine, said: batch_acts.BatchCompleted, by: str, now: datetime, key: str) -> None:
    """R112, R114: nothing more comes."""
    _act(engine, said, said.batch, now, key, lambda _, shelves: batch_acts.complete(shelves, said, by, now))


def _act(
    engine: Engine,
    said: BaseModel,
    batch: str,
    now: datetime,
    key: str,
    act: Callable[[Connection, Shelves], Any],
) -> None:
    with writing(engine) as connection:
        if act_once(connection, key, said, now):
            with held_shelves(connection, {batch}, now) as shelves:
                act(connection, shelves)


# --- looking -----------------------------------------------------------------------------------------------------


def batches(engine: Engine, *, also_completed: bool = False) -> list[StockItem]:
    """Batches with their shelves, the first to come first; with those that are completed the newest `MOST_LISTED`."""
    query = _with_shelf()
    rows, items = table("presale_batches"), table("stock_items")
    if also_completed:
        newest = query.order_by(items.c.expected.desc(), items.c.product.desc()).limit(MOST_LISTED)
        return _found(engine, newest)[::-1]
    query = query.where(rows.c.completed_at.is_(None))
    return _found(engine, query.order_by(items.c.expected, items.c.product))


def batch(engine: Engine, number: str) -> StockItem | None:
    """One batch with its shelf; None where there is none of this number."""
    found = _found(engine, _with_shelf().where(table("presale_batches").c.batch == number))
    return found[0] if found else None


def open_batches_of(engine: Engine, product: str) -> list[StockItem]:
    """The batches of which this product can be ordered, the first to come first."""
    rows, items = table("presale_batches"), table("stock_items")
    query = _with_shelf().where(rows.c.goods == product, rows.c.completed_at.is_(None))
    return _found(engine, query.order_by(items.c.expected, items.c.product))


def newest_batch_of(engine: Engine, product: str) -> str:
    """The number of the batch of this product that was offered last; empty where there never was one."""
    moves, rows = table("stock_movements"), table("presale_batches")
    query = (
        select(rows.c.batch)
        .join(moves, moves.c.product == rows.c.batch)
        .where(rows.c.goods == product, moves.c.kind == StockMove.OFFERED.value)
        .order_by(moves.c.number.desc())
        .limit(1)
    )
    with reading(engine) as connection:
        return connection.scalar(query) or ""


def _with_shelf() -> Select[Any]:
    rows, items = table("presale_batches"), table("stock_items")
    return select(items, rows).join(rows, rows.c.batch == items.c.product)


def _found(engine: Engine, query: Select[Any]) -> list[StockItem]:
    with reading(engine) as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    return [StockItem.model_validate({**row, "batch": batch_in(row)}) for row in rows]
