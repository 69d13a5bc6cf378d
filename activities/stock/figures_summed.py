"""What stock items say of themselves beside the rows it follows from: movements and reservations; the audit puts it right (R47, R110).

On hand and in quarantine are what all movements come to, reserved is what orders have: no other hand writes them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, func, literal, select, update
from sqlalchemy.exc import IntegrityError

from activities.audit.one_state import reading_one_state
from activities.store.database import writing
from models.stock.stock_words import ReservationState
from models.tables.registry import table
from models.values.quantity import NOTHING

_COUNTING = [state.value for state in ReservationState if state.counts]
FIGURES = ("on_hand", "quarantined", "reserved")


class WrongFigure(NamedTuple):
    """A figure of an item, what it says, and what its rows come to; quantities in the item's unit."""

    product: str
    figure: str
    says: Decimal
    comes_to: Decimal


def wrong_figures(engine: Engine) -> list[WrongFigure]:
    """Every figure that is another than its rows come to, in one state of all of them."""
    with reading_one_state(engine) as connection:
        return _wrong(connection)


def write_figures(engine: Engine, wrong: list[WrongFigure]) -> list[WrongFigure]:
    """Write what the rows come to, where that is still so; those that are left: an item cannot have less than is promised."""
    items = table("stock_items")
    for product in dict.fromkeys(each.product for each in wrong):
        try:
            with writing(engine) as connection:
                # Nobody moves the item until this is over.
                held = select(items.c.product).where(items.c.product == product).with_for_update()
                connection.execute(held)
                right = {each.figure: each.comes_to for each in _wrong(connection, product)}
                if right:
                    connection.execute(update(items).where(items.c.product == product).values(right))
        except IntegrityError:
            continue
    left = {(each.product, each.figure) for each in wrong_figures(engine)}
    return [each for each in wrong if (each.product, each.figure) in left]


def _wrong(connection: Connection, product: str | None = None) -> list[WrongFigure]:
    items, movements, reservations = table("stock_items"), table("stock_movements"), table("reservations")
    sums = {
        "on_hand": _sum(movements.c.quantity, movements.c.product == items.c.product),
        "quarantined": _sum(movements.c.quarantined, movements.c.product == items.c.product),
        "reserved": _sum(
            reservations.c.quantity,
            (reservations.c.product == items.c.product) & reservations.c.state.in_(_COUNTING),
        ),
    }
    query = select(
        items.c.product,
        *(items.c[name] for name in FIGURES),
        *(sums[name].label(f"sum_{name}") for name in FIGURES),
    )
    if product is not None:
        query = query.where(items.c.product == product)
    return [
        WrongFigure(row["product"], name, row[name], row[f"sum_{name}"])
        for row in connection.execute(query.order_by(items.c.product)).mappings()
        for name in FIGURES
        if row[name] != row[f"sum_{name}"]
    ]


def _sum(column: ColumnElement[Any], where: ColumnElement[bool]) -> Any:
    nothing = literal(NOTHING, column.type)
    return select(func.coalesce(func.sum(column), nothing, type_=column.type)).where(where).scalar_subquery()
