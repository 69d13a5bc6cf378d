"""The price list as people look at it and keep it: what counts today, what will, what did (R20)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, or_, select

from activities.company.records import keep_changed, keep_new
from activities.store.company_changes import Changed, Teller
from activities.store.database import reading
from activities.store.imports import PriceRow
from models.company.price_list import Validity, ended_by, require_apart, require_kept, require_new
from models.company.record_changes import RecordKind
from models.tables.registry import table
from models.values.vocabulary import Words

PRODUCTS_ON_A_PAGE = 100
_COSTS = ("unit_price", "unit")


def find_prices(
    engine: Engine, today: date, *, text: str = "", after: str = "", everything: bool = False
) -> tuple[Sequence[RowMapping], int, str]:
    """Prices that count today or will, by product and day; how many there are; and after which product it goes on.

    `everything`: those that counted before as well. `text` is part of product, name or specification.
    """
    prices = table("prices")
    wanted: list[Any] = [prices.c.product > after] if after else []
    if not everything:
        wanted.append(or_(prices.c.valid_until.is_(None), prices.c.valid_until >= today))
    if text:
        names = ("product", "name", "specification")
        wanted.append(or_(*(prices.c[name].icontains(text, autoescape=True) for name in names)))
    products = select(prices.c.product).where(*wanted).distinct().order_by(prices.c.product)
    with reading(engine) as connection:
        total = connection.scalar(select(func.count()).select_from(products.order_by(None).subquery())) or 0
        first = list(connection.scalars(products.limit(PRODUCTS_ON_A_PAGE + 1)))
        shown = first[:PRODUCTS_ON_A_PAGE]
        query = select(prices).where(*wanted, prices.c.product.in_(shown))
        rows = connection.execute(query.order_by(prices.c.product, prices.c.valid_from)).mappings().all()
    return rows, total, shown[-1] if len(first) > PRODUCTS_ON_A_PAGE else ""


def prices_of(engine: Engine, product: str) -> Sequence[RowMapping]:
    """All prices of a product, the newest first; none for a product that was never listed."""
    with reading(engine) as connection:
        return _of_product(connection, product)[::-1]


def keep_new_price(engine: Engine, row: PriceRow, today: date, teller: Teller) -> date | None:
    """Enter a price from a day on; the open one before it ends the day before, which is returned.

    Raises Refusal as `models.company.price_list.ended_by` and `require_new`.
    """
    require_new(row.valid_from, today)
    ended: list[date | None] = [None]

    def end_former(connection: Connection, _: RowMapping | None) -> Iterable[Changed]:
        known = _of_product(connection, row.product, to_write=True)
        validities = [Validity(each["valid_from"], each["valid_until"]) for each in known]
        former = ended_by(row.product, validities, Validity(row.valid_from, row.valid_until))
        if former is not None:
            ended[0] = former.last
            was = next(each for each in known if each["valid_from"] == former.first)
            key = {"product": row.product, "valid_from": former.first.isoformat()}
            yield Changed(RecordKind.PRICE, key, was, {"valid_until": _text(former.last)})

    key, values = _written(row)
    keep_new(engine, RecordKind.PRICE, key, values, teller, end_former)
    return ended[0]


def keep_price(
    engine: Engine, row: PriceRow, seen: int, today: date, teller: Teller, words_of: Mapping[str, Words]
) -> None:
    """Change a price; of one in force neither amount nor unit. Raises Refusal as the price list says, and stale_version."""

    def stands(connection: Connection, was: RowMapping | None) -> Iterable[Changed]:
        assert was is not None  # noqa: S101 - it is changed, so it is there
        validity = Validity(was["valid_from"], was["valid_until"])
        other = any(getattr(row, name) != was[name] for name in _COSTS)
        require_kept(validity, row.valid_until, today, other_price=other)
        others = [
            Validity(each["valid_from"], each["valid_until"])
            for each in _of_product(connection, row.product, to_write=True)
            if each["valid_from"] != row.valid_from
        ]
        if row.valid_until != validity.last:
            require_apart(row.product, others, Validity(row.valid_from, row.valid_until))
        return ()

    key, values = _written(row)
    keep_changed(engine, RecordKind.PRICE, key, values, seen, teller, words_of, stands)


def _of_product(connection: Connection, product: str, *, to_write: bool = False) -> Sequence[RowMapping]:
    prices = table("prices")
    query = select(prices).where(prices.c.product == product).order_by(prices.c.valid_from)
    query = query.with_for_update() if to_write else query
    return connection.execute(query).mappings().all()


def _written(row: PriceRow) -> tuple[dict[str, Any], dict[str, Any]]:
    values = row.model_dump(mode="json")
    return {name: values.pop(name) for name in ("product", "valid_from")}, values


def _text(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
