"""How customers rated the goods of a product: one rating of an order counts for each product that the order has (R141)."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select

from activities.store.database import reading
from models.tables.registry import table

_TENTH = Decimal("0.1")


class ProductRating(NamedTuple):
    """The mean of what customers gave its goods, to one decimal, and how many of them did."""

    mean: Decimal
    given: int


def product_ratings(engine: Engine, products: Collection[str]) -> dict[str, ProductRating]:
    """As `ratings_of`, for a page."""
    with reading(engine) as connection:
        return ratings_of(connection, products)


def ratings_of(connection: Connection, products: Collection[str]) -> dict[str, ProductRating]:
    """By product; one that nobody has rated is left out."""
    if not products:
        return {}
    ratings, lines = table("ratings"), table("order_lines")
    rated = (
        select(lines.c.product, ratings.c.order_number, ratings.c.goods)
        .join(lines, lines.c.order_number == ratings.c.order_number)
        .where(ratings.c.goods.is_not(None), lines.c.product.in_(sorted(products)))
        .distinct()
        .subquery()
    )
    query = select(rated.c.product, func.sum(rated.c.goods), func.count()).group_by(rated.c.product)
    return {
        product: ProductRating((Decimal(int(given)) / count).quantize(_TENTH, rounding=ROUND_HALF_UP), count)
        for product, given, count in connection.execute(query)
    }
