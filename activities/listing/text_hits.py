"""Orders that a text is found in: by their own texts, and by what their customers and products are called today.

An order's own texts are gathered (`activities.listing.order_words`); the names of customers and products are read as
they are now, so that one who was renamed yesterday is found by either name. Every part of the text must be found.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    Subquery,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    union,
)

from activities.listing.order_words import GRAMS, tokens
from activities.listing.spelled_names import fits, has_code, spelling_of
from activities.store.database import reading
from models.tables.registry import table
from models.writing.search_text import asked_grams, parts_of

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
    """What each part of the text leads to. For the rest of the caller's transaction PostgreSQL goes along indices."""
    if connection.dialect.name == "postgresql":
        # Reading all texts looks as cheap to it as the index of signs, and works the signs of each text out: seconds.
        connection.execute(text("set local enable_seqscan = off"))
    found = []
    for part in parts_of(asked):
        hits = PartHits(part, _customers(connection, part), _products(connection, part))
        first = select(_numbers(connection, hits, BOUND + 1).c.number).limit(BOUND + 1).subquery()
        count = connection.scalar(select(func.count()).select_from(first)) or 0
        found.append(PartHits(part, hits.customers, hits.products, broad=count > BOUND))
    return found


def has_texts(connection: Connection, hits: Sequence[PartHits]) -> list[ColumnElement[bool]]:
    """Orders that have all of them."""
    orders, several = table("orders"), sum(each.broad for each in hits) > 1
    return [
        _looked_at(connection, each, several=several)
        if each.broad
        else orders.c.number.in_(select(_numbers(connection, each).c.number))
        for each in hits
    ]


def know_names(engine: Engine) -> None:
    """Spell the names of all customers and products once, so that nobody waits for it who searches."""
    with reading(engine) as connection:
        for column in (table("customers").c.name, table("prices").c.name):
            for name in connection.scalars(select(column).distinct()):
                fits("-", name)
                spelling_of(name)


def _customers(connection: Connection, part: str) -> tuple[str, ...]:
    customers = table("customers")
    rows = connection.execute(select(customers.c.customer, customers.c.name))
    return tuple(code for code, name in rows if has_code(part, code) or fits(part, name))


def _products(connection: Connection, part: str) -> tuple[str, ...]:
    prices = table("prices")
    rows = connection.execute(select(prices.c.product, prices.c.name).distinct().where(prices.c.name != ""))
    return tuple(dict.fromkeys(product for product, name in rows if fits(part, name)))


def _numbers(connection: Connection, hits: PartHits, most: int | None = None) -> Subquery:
    """The numbers of orders that have this part; of each way at most so many."""
    orders, lines = table("orders"), table("order_lines")
    ways: list[Select[tuple[str]]] = [_by_signs(connection, hits.part)]
    if hits.customers:
        of_customers = _one_of(connection, orders.c.customer, hits.customers)
        ways.append(select(orders.c.number).where(of_customers))
    if hits.products:
        of_products = _one_of(connection, lines.c.product, hits.products)
        ways.append(
            select(lines.c.order_number.label("number")).where(of_products, lines.c.dropped.is_not(True))
        )
    found = [select(each.limit(most).subquery().c.number) for each in ways] if most is not None else ways
    return (union(*found) if len(found) > 1 else found[0]).subquery()


def _by_signs(connection: Connection, part: str) -> Select[tuple[str]]:
    """Orders whose own texts have the part: along the index of signs those that have all of its signs, and of them those
    that have them in a row."""
    words, signs = table("order_words"), asked_grams(part)
    query = select(words.c.number).where(_stands_in(connection, part))
    if connection.dialect.name == "sqlite":
        wanted = " AND ".join(f'"{each}"' for each in tokens(signs).split())
        matching = text("order_grams match :signs").bindparams(bindparam("signs", wanted, unique=True))
        return query.join(GRAMS, words.c.id == GRAMS.c.rowid).where(matching)
    return query.where(
        text("order_grams(order_words.words) @> cast(:signs as text[])").bindparams(
            bindparam("signs", sorted(signs), unique=True)
        )
    )


def _one_of(connection: Connection, column: Column[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """Rows that have one of these values, however many they are: they are one parameter."""
    if connection.dialect.name == "sqlite":
        each = func.json_each(literal(json.dumps(values))).table_valued("value")
        return column.in_(select(each.c.value))
    return column == any_(literal(list(values), ARRAY(String)))


def _stands_in(connection: Connection, part: str) -> ColumnElement[bool]:
    words = table("order_words")
    look = func.instr if connection.dialect.name == "sqlite" else func.strpos
    return look(words.c.words, part) > 0


def _looked_at(connection: Connection, hits: PartHits, *, several: bool) -> ColumnElement[bool]:
    """The same, of an order that is looked at by itself. `several`: it must have other parts that very many have, too."""
    orders, lines, words = table("orders"), table("order_lines"), table("order_words")
    has_it, own = _stands_in(connection, hits.part), words.c.number == orders.c.number
    # Asked as a value: PostgreSQL makes a table of all that have the part for one that "exists", which pays for several.
    ways: list[ColumnElement[bool]] = [
        exists().where(own, has_it) if several else select(has_it).where(own).scalar_subquery()
    ]
    if hits.customers:
        ways.append(_one_of(connection, orders.c.customer, hits.customers))
    if hits.products:
        of_products = _one_of(connection, lines.c.product, hits.products)
        ways.append(
            exists().where(lines.c.order_number == orders.c.number, of_products, lines.c.dropped.is_not(True))
        )
    return or_(*ways)
