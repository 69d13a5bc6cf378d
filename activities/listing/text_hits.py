"""Orders that a text is found in: by their own texts, and by what their customers and products are called today.

An order's own texts are gathered (`activities.listing.order_words`); the names of customers and products are read as
they are now, so that one who was renamed yesterday is found by either name. Every part of the text must be found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    TextClause,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    text,
    union,
)

from activities.listing.order_words import GRAMS, tokens
from activities.listing.spelled_names import fits
from models.tables.registry import table
from models.writing.search_text import asked_grams, parts_of, searched

BOUND = 10_000
"""A part that more orders have is not looked up first: orders are walked, and each is looked at."""


@dataclass(frozen=True, slots=True)
class PartHits:
    """What one part of the text leads to: customers and products by name, and whether very many orders have it."""

    part: str
    customers: tuple[str, ...]
    products: tuple[str, ...]
    broad: bool = False


def look_for(connection: Connection, asked: str) -> list[PartHits]:
    """What each part of the text leads to."""
    found = []
    for part in parts_of(asked):
        hits = PartHits(part, _customers(connection, part), _products(connection, part))
        first = select(_numbers(connection, hits).c.number).limit(BOUND + 1).subquery()
        count = connection.scalar(select(func.count()).select_from(first)) or 0
        found.append(PartHits(part, hits.customers, hits.products, broad=count > BOUND))
    return found


def has_texts(connection: Connection, hits: Sequence[PartHits]) -> list[ColumnElement[bool]]:
    """Orders that have all of them."""
    orders = table("orders")
    return [
        _looked_at(connection, each)
        if each.broad
        else orders.c.number.in_(select(_numbers(connection, each).c.number))
        for each in hits
    ]


def _customers(connection: Connection, part: str) -> tuple[str, ...]:
    customers = table("customers")
    rows = connection.execute(select(customers.c.customer, customers.c.name))
    return tuple(row[0] for row in rows if part in searched(row[0]) or fits(part, row[1]))


def _products(connection: Connection, part: str) -> tuple[str, ...]:
    prices = table("prices")
    rows = connection.execute(select(prices.c.product, prices.c.name).distinct().where(prices.c.name != ""))
    return tuple(dict.fromkeys(product for product, name in rows if fits(part, name)))


def _numbers(connection: Connection, hits: PartHits) -> ColumnElement[bool] | Select[tuple[str]]:
    """The numbers of orders that have this part."""
    orders, lines, words = table("orders"), table("order_lines"), table("order_words")
    found: list[Select[tuple[str]]] = [
        select(words.c.number).where(
            _has_signs(connection, hits.part), _stands_in(connection, hits.part)
        )
    ]
    if hits.customers:
        found.append(select(orders.c.number).where(orders.c.customer.in_(hits.customers)))
    if hits.products:
        found.append(
            select(lines.c.order_number.label("number")).where(
                lines.c.product.in_(hits.products), lines.c.dropped.is_not(True)
            )
        )
    return (union(*found) if len(found) > 1 else found[0]).subquery()  # type: ignore[return-value]


def _has_signs(connection: Connection, part: str) -> ColumnElement[bool] | TextClause:
    """Rows that have all signs of the part, along the index of signs."""
    words, signs = table("order_words"), asked_grams(part)
    if connection.dialect.name == "sqlite":
        wanted = '"' + tokens(signs, '" and "').replace('" and "', '" AND "') + '"'
        matching = text("order_grams match :signs").bindparams(bindparam("signs", wanted, unique=True))
        return words.c.id.in_(select(GRAMS.c.rowid).where(matching))
    return text("order_grams(order_words.words) @> cast(:signs as text[])").bindparams(
        bindparam("signs", sorted(signs), unique=True)
    )


def _stands_in(connection: Connection, part: str) -> ColumnElement[bool]:
    words = table("order_words")
    look = func.instr if connection.dialect.name == "sqlite" else func.strpos
    return look(words.c.words, part) > 0


def _looked_at(connection: Connection, hits: PartHits) -> ColumnElement[bool]:
    """The same, of an order that is looked at by itself."""
    orders, lines, words = table("orders"), table("order_lines"), table("order_words")
    own = exists().where(words.c.number == orders.c.number, _stands_in(connection, hits.part))
    of_product = exists().where(
        lines.c.order_number == orders.c.number, lines.c.product.in_(hits.products), lines.c.dropped.is_not(True)
    )
    return or_(
        false(),
        orders.c.customer.in_(hits.customers) if hits.customers else false(),
        own,
        of_product if hits.products else false(),
    )
