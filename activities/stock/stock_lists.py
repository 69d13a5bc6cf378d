"""Stock as pages and commands show it: items, their movements, and who has what reserved (R110)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Engine, Table, or_, select

from activities.store.database import reading
from models.stock.shelves import StockItem
from models.stock.stock_words import ReservationState, StockMove
from models.tables.registry import table
from models.values.quantity import Measured

MOST_MOVEMENTS = 200
_WORDS_OF_COUNTING = [state.value for state in ReservationState if state.counts]


class ShownMovement(BaseModel):
    """A movement as it is shown."""

    number: int
    kind: StockMove
    quantity: Measured
    quarantined: Measured
    at: datetime
    by: str
    order_number: str
    lot: str
    reference: str
    reason: str


class ShownReservation(BaseModel):
    """What an order has reserved of an item; in the item's unit."""

    order_number: str
    line: int
    product: str
    quantity: Measured
    waiting: Measured
    left: Measured
    ready: Measured
    state: ReservationState
    held_until: datetime | None
    placed_at: datetime
    first_at: datetime | None = None
    """When it was put first (R112)."""


def stock_items(engine: Engine, words: str = "") -> list[StockItem]:
    """All items by product number, or those whose number, name or specification has these words."""
    items = table("stock_items")
    query = select(items).where(_is_no_batch(items)).order_by(items.c.product)
    if words:
        found = (
            each.icontains(words, autoescape=True)
            for each in (items.c.product, items.c.name, items.c.specification)
        )
        query = query.where(or_(*found))
    with reading(engine) as connection:
        return [StockItem.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def stock_item(engine: Engine, product: str) -> StockItem | None:
    """One item; None for a product that is not kept in stock."""
    items = table("stock_items")
    with reading(engine) as connection:
        query = select(items).where(items.c.product == product, _is_no_batch(items))
        row = connection.execute(query).mappings().first()
    return StockItem.model_validate(dict(row)) if row is not None else None


def _is_no_batch(items: Table) -> ColumnElement[bool]:
    """R114: the shelf of a pre-sale batch is seen with the batches."""
    return items.c.product.not_in(select(table("presale_batches").c.batch))


def movements_of(engine: Engine, product: str, most: int = MOST_MOVEMENTS) -> list[ShownMovement]:
    """The latest movements of an item, the latest first."""
    moves = table("stock_movements")
    query = select(moves).where(moves.c.product == product).order_by(moves.c.number.desc()).limit(most)
    with reading(engine) as connection:
        return [ShownMovement.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def reservations_of(engine: Engine, product: str) -> list[ShownReservation]:
    """Who has what of an item, or waits for it, in the order in which they are served."""
    rows = table("reservations")
    query = (
        select(rows)
        .where(rows.c.product == product, rows.c.state.in_(_WORDS_OF_COUNTING))
        .order_by(
            rows.c.first_at.is_(None), rows.c.first_at, rows.c.placed_at, rows.c.order_number, rows.c.line
        )
    )
    with reading(engine) as connection:
        return [ShownReservation.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def reserved_for(engine: Engine, order: str) -> list[ShownReservation]:
    """What an order has reserved, by line; nothing of one that is not from stock."""
    rows = table("reservations")
    query = select(rows).where(rows.c.order_number == order).order_by(rows.c.line)
    with reading(engine) as connection:
        return [ShownReservation.model_validate(dict(row)) for row in connection.execute(query).mappings()]
