"""Prices that customers have for themselves, as staff keep them on pages (R120)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Engine, RowMapping, Select, and_, func, or_, select, tuple_

from activities.company.records import drop, keep_changed, keep_new
from activities.shop.products import require_customer, require_listed
from activities.store.company_changes import Changed, Teller
from activities.store.database import reading
from models.company.record_changes import RecordKind
from models.company.record_words import OWN_PRICE
from models.shop.catalogue import OwnPriceRow
from models.tables.registry import table

OWN_PRICES_ON_A_PAGE = 100
_FROM_THE_FIRST = ("", "")


class OwnPrices(NamedTuple):
    """A page of own prices, how many there are, and after which customer and product it goes on; empty: it is the last."""

    rows: Sequence[RowMapping]
    total: int
    following: tuple[str, str]


def find_own_prices(
    engine: Engine, today: date, text: str = "", after: tuple[str, str] = _FROM_THE_FIRST
) -> OwnPrices:
    """Own prices by customer and product, each with the names and what the price list says today.

    `text` is part of the customer's number or name, or of the product's number or name.
    """
    own, customers, prices = table("own_prices"), table("customers"), table("prices")
    query = _with_names(today)
    if text:
        names = (own.c.customer, customers.c.name, own.c.product, prices.c.name)
        query = query.where(or_(*(each.icontains(text, autoescape=True) for each in names)))
    with reading(engine) as connection:
        total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
        query = query.where(tuple_(own.c.customer, own.c.product) > tuple_(*after))
        paged = query.order_by(own.c.customer, own.c.product).limit(OWN_PRICES_ON_A_PAGE + 1)
        rows = connection.execute(paged).mappings().all()
    shown = rows[:OWN_PRICES_ON_A_PAGE]
    last = (shown[-1]["customer"], shown[-1]["product"]) if len(rows) > len(shown) else _FROM_THE_FIRST
    return OwnPrices(shown, total, last)


def own_price_shown(engine: Engine, today: date, customer: str, product: str) -> RowMapping | None:
    """One own price as the list shows it; None where there is none."""
    own = table("own_prices")
    query = _with_names(today).where(own.c.customer == customer, own.c.product == product)
    with reading(engine) as connection:
        return connection.execute(query).mappings().one_or_none()


def _with_names(today: date) -> Select[tuple[object, ...]]:
    own, customers, prices = table("own_prices"), table("customers"), table("prices")
    newest = (
        select(prices.c.product, func.max(prices.c.valid_from).label("since"))
        .where(
            prices.c.valid_from <= today, or_(prices.c.valid_until.is_(None), prices.c.valid_until >= today)
        )
        .group_by(prices.c.product)
        .subquery()
    )
    listed = and_(prices.c.product == newest.c.product, prices.c.valid_from == newest.c.since)
    return (
        select(
            own, customers.c.name.label("customer_name"), prices.c.name, prices.c.unit,
            prices.c.unit_price.label("list_price"),
        )
        .outerjoin(customers, customers.c.customer == own.c.customer)
        .outerjoin(newest, newest.c.product == own.c.product)
        .outerjoin(prices, listed)
    )  # fmt: skip


def keep_new_own_price(engine: Engine, row: OwnPriceRow, teller: Teller) -> None:
    """Give a customer a price of their own.

    Raises Refusal: request_conflict where they have one, unknown_customer, unknown_product for what is not listed.
    """

    def known(connection: Connection, _: RowMapping | None) -> tuple[Changed, ...]:
        require_customer(connection, row.customer)
        require_listed(connection, row.product)
        return ()

    values = row.model_dump(mode="json")
    key = _key_of(values)
    keep_new(engine, RecordKind.OWN_PRICE, key, {"unit_price": values["unit_price"]}, teller, known)


def keep_own_price(engine: Engine, row: OwnPriceRow, seen: int, teller: Teller) -> None:
    """Change a customer's own price; orders keep theirs. Raises Refusal(stale_version, unknown_product)."""
    values = row.model_dump(mode="json")
    price = {"unit_price": values["unit_price"]}
    keep_changed(engine, RecordKind.OWN_PRICE, _key_of(values), price, seen, teller, OWN_PRICE)


def end_own_price(engine: Engine, customer: str, product: str, seen: int, teller: Teller) -> None:
    """From now on the customer pays as everybody does; orders keep theirs. Raises Refusal(stale_version, unknown_product)."""
    key = {"customer": customer, "product": product}
    drop(engine, RecordKind.OWN_PRICE, key, seen, teller, OWN_PRICE)


def _key_of(values: Mapping[str, str]) -> dict[str, str]:
    return {"customer": values["customer"], "product": values["product"]}
