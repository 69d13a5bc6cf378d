"""Stock that an order has though it has ended: found and given back by the nightly audit (R47, R110)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from activities.stock.held_shelves import held_shelves
from activities.store.database import reading, writing
from models.stock.answers import answer
from models.stock.stock_questions import StockQuestion
from models.stock.stock_words import ReservationState, StockAct
from models.tables.registry import table
from models.values.quantity import NOTHING

_COUNTING = [state.value for state in ReservationState if state.counts]


def kept_after_the_end(engine: Engine) -> list[tuple[str, str]]:
    """Orders that have ended and still have something reserved or waited for, with the product; nobody else can have it."""
    rows, orders = table("reservations"), table("orders")
    query = (
        select(rows.c.order_number, rows.c.product)
        .join(orders, orders.c.number == rows.c.order_number)
        .where(
            orders.c.ending.is_not(None),
            rows.c.state.in_(_COUNTING),
            (rows.c.quantity > NOTHING) | (rows.c.waiting > NOTHING),
        )
        .order_by(rows.c.order_number, rows.c.product)
        .distinct()
    )
    with reading(engine) as connection:
        return [(row.order_number, row.product) for row in connection.execute(query)]


def give_back(engine: Engine, order: str, now: datetime) -> None:
    """What the order has is available again, and goes to who waits for it, by the rule of the book."""
    question = StockQuestion(act=StockAct.RELEASE, placed_at=now)
    with writing(engine) as connection, held_shelves(connection, (), now, order=order) as shelves:
        answer(shelves, order, question, now)
