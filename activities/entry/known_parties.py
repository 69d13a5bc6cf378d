"""Customers and products that fit what somebody types, by number, name, sounds of the name, or telephone number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, Engine, RowMapping, or_, select

from activities.entry.customer_phones import customers_with, digits_of, names_of
from activities.store.database import reading
from models.chat.said_goods import KnownProduct
from models.chat.said_people import KnownCustomer
from models.tables.registry import table
from models.values.money import as_text
from models.writing.likeness import most_alike

MOST = 8
"""Proposals that are shown; who has more types on."""


@dataclass(frozen=True, slots=True)
class CustomerChoice:
    """A customer as proposed; `by` is the telephone number that fits."""

    customer: str
    name: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class ProductChoice:
    """A product of the price list in force, with what a line is filled in with."""

    product: str
    name: str
    specification: str
    unit: str
    unit_price: str
    tolerance_percent: str


def customers_like(engine: Engine, typed: str) -> list[CustomerChoice]:
    """The customers that fit, the best first."""
    with reading(engine) as connection:
        phoned = customers_with(connection, typed, MOST)
        names = names_of(connection, phoned)
        by_phone = [CustomerChoice(each, names[each], by) for each, by in phoned.items() if each in names]
        named = most_alike(_customers(connection), typed, lambda each: (each.customer, each.name), MOST)
    seen = {each.customer for each in by_phone}
    return [*by_phone, *(each for each in named if each.customer not in seen)][:MOST]


def _customers(connection: Connection) -> list[CustomerChoice]:
    known = table("customers")
    query = select(known.c.customer, known.c.name).order_by(known.c.customer)
    return [CustomerChoice(row.customer, row.name) for row in connection.execute(query)]


def products_like(engine: Engine, typed: str, today: date) -> list[ProductChoice]:
    """The products in force today that fit, the best first."""
    with reading(engine) as connection:
        listed = products_in_force(connection, today)
    return most_alike(listed, typed, lambda each: (each.product, each.name, each.specification), MOST)


def products_in_force(connection: Connection, today: date) -> list[ProductChoice]:
    """Every product that has a price today, each once with the price that counts."""
    prices = table("prices")
    query = (
        select(prices)
        .where(
            prices.c.valid_from <= today, or_(prices.c.valid_until.is_(None), prices.c.valid_until >= today)
        )
        .order_by(prices.c.product, prices.c.valid_from)
    )
    return list({row["product"]: _choice(row) for row in connection.execute(query).mappings()}.values())


def _choice(row: RowMapping) -> ProductChoice:
    tolerance = row["tolerance_percent"]
    return ProductChoice(
        row["product"],
        row["name"],
        row["specification"],
        row["unit"],
        as_text(row["unit_price"]),
        _plain(tolerance) if tolerance is not None else "",
    )


def _plain(value: Decimal) -> str:
    return as_text(value.normalize())


def meant_customer(engine: Engine, typed: str) -> str:
    """The number of the only customer who is called exactly this, or has exactly this telephone number; else as typed."""
    wanted = "".join(typed.split())
    with reading(engine) as connection:
        everybody = _customers(connection)
        if any(each.customer == typed for each in everybody):
            return typed
        phoned = customers_with(connection, typed, 2) if digits_of(typed) == wanted else {}
    meant = [each.customer for each in everybody if each.name == wanted] or list(phoned)
    return meant[0] if len(meant) == 1 else typed


def meant_product(listed: list[ProductChoice], typed: str) -> str:
    """The number of the only product that is called exactly this; else as typed."""
    if any(each.product == typed for each in listed):
        return typed
    fits = [
        each.product for each in listed if typed.casefold() in (each.product.casefold(), each.name.casefold())
    ]
    return fits[0] if len(fits) == 1 else typed


def known_to_chat(engine: Engine, today: date) -> tuple[list[KnownProduct], list[KnownCustomer]]:
    """Products and customers that a message may name."""
    with reading(engine) as connection:
        products = [
            KnownProduct(each.product, each.name, each.specification)
            for each in products_in_force(connection, today)
        ]
        customers = [KnownCustomer(each.customer, each.name) for each in _customers(connection)]
    return products, customers
