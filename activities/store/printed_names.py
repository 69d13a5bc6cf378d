"""The names that papers say, of staff and of goods, asked for together: nearly every paper needs both."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Date,
    bindparam,
    false,
    literal,
    null,
    or_,
    select,
    union_all,
)

from activities.store.product_names import ProductNames, product_names
from activities.store.staff_names import staff_names
from models.tables.registry import table

_FEW = 8


def names_for(
    connection: Connection, people: Collection[str], goods: Collection[str]
) -> tuple[dict[str, str], ProductNames]:
    """Names of these people and of these goods, as `staff_names` and `product_names` have them."""
    if not people or not goods or len(people) > _FEW or len(goods) > _FEW:
        return (
            staff_names(connection, people) if people else {},
            product_names(connection, goods) if goods else {},
        )
    asked = {f"person_{place}": each for place, each in enumerate(sorted(people))}
    asked |= {f"product_{place}": each for place, each in enumerate(sorted(goods))}
    staff: dict[str, str] = {}
    products: dict[tuple[str, str], str] = {}
    for row in connection.execute(_names_of(len(people), len(goods)), asked):
        if row.is_person:
            staff[row.key] = row.name
        else:
            products[row.key, row.specification] = products[row.key, ""] = row.name
    return staff, products


@lru_cache(maxsize=_FEW * _FEW)
def _names_of(people: int, goods: int) -> CompoundSelect[Any]:
    staff, prices = table("staff"), table("prices")
    of_people = (staff.c.person == bindparam(f"person_{place}") for place in range(people))
    of_goods = (prices.c.product == bindparam(f"product_{place}") for place in range(goods))
    persons = select(
        literal(1).label("is_person"),
        staff.c.person.label("key"),
        literal("").label("specification"),
        staff.c.name.label("name"),
        null().cast(Date).label("since"),
    ).where(staff.c.name != "", or_(false(), *of_people))
    products = select(
        literal(0), prices.c.product, prices.c.specification, prices.c.name, prices.c.valid_from
    ).where(prices.c.name != "", or_(false(), *of_goods))
    both = union_all(persons, products)
    return both.order_by(both.selected_columns.since)
