"""What products are called (品名): pages and papers say the name, with the number beside it.

The price list names them, as it named the references of each order (R20); there stands also what is no longer sold.
Names are filled into papers when these are entered in the outbox, once: printed again it is the same paper, whatever
the products are called by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, false, or_, select

from models.tables.registry import table

ProductNames = Mapping[tuple[str, str], str]
"""(number, specification) -> name; under an empty specification stands the newest name of the number."""

NAME = "product_name"
"""The field of a printed line that holds the name."""
_LISTS = ("lines", "labels")
"""Fields of printed papers that hold lines of goods."""
_FEW = 8


def product_names(
    connection: Connection, products: Iterable[str] | None = None
) -> dict[tuple[str, str], str]:
    """The names of these products or of all; one that the price list does not name is left out."""
    wanted = sorted(products) if products is not None else None
    if wanted is not None and len(wanted) <= _FEW:
        few = {f"product_{place}": product for place, product in enumerate(wanted)}
        rows = connection.execute(_names_of(len(wanted)), few)
    else:
        query = _all_names()
        if wanted is not None:
            query = query.where(table("prices").c.product.in_(wanted))
        rows = connection.execute(query)
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        found[row.product, row.specification] = found[row.product, ""] = row.name
    return found


@lru_cache(maxsize=_FEW + 1)
def _names_of(count: int) -> Select[tuple[Any, ...]]:
    # Made once: nearly every burst with a paper asks for the names of one or two.
    one_of_them = (table("prices").c.product == bindparam(f"product_{place}") for place in range(count))
    return _all_names().where(or_(false(), *one_of_them))


def _all_names() -> Select[tuple[Any, ...]]:
    prices = table("prices")
    columns = prices.c.product, prices.c.specification, prices.c.name
    return select(*columns).where(prices.c.name != "").order_by(prices.c.valid_from)


def product_name(names: ProductNames, product: str, specification: str = "") -> str:
    """The name of a product, of this specification where it has more than one; empty where there is none."""
    return names.get((product, specification)) or names.get((product, ""), "")


def products_in(content: Mapping[str, Any] | None) -> set[str]:
    """The numbers of the products that stand in what is to be printed."""
    return {line["product"] for line in _lines_of(content) if line.get("product")}


def with_product_names(content: dict[str, Any] | None, names: ProductNames) -> dict[str, Any] | None:
    """What is to be printed, with the product's name in each line that has one."""
    if content is None or not names:
        return content
    named = {
        field: [_named(line, names) for line in content[field]]
        for field in _LISTS
        if isinstance(content.get(field), list)
    }
    return {**content, **named}


def _named(line: Any, names: ProductNames) -> Any:
    if not isinstance(line, dict) or NAME in line:
        return line
    name = product_name(names, str(line.get("product", "")), str(line.get("specification", "")))
    return {**line, NAME: name} if name else line


def _lines_of(content: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    for field in _LISTS:
        lines = content.get(field) if content else None
        if isinstance(lines, list):
            yield from (line for line in lines if isinstance(line, dict))
