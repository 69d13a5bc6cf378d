"""Telephone numbers as customers gave them with their orders: kept with each order, and looked up by first or last digits."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from activities.store.upsert import upsert
from models.request.order_start import OrderStart
from models.tables.registry import table

FEWEST_DIGITS, _MOST_DIGITS = 4, 20
_AFTER_ALL_DIGITS = ":"
"""The sign behind `9`: everything that begins with `0755` lies between that and `0755:`."""


def digits_of(text: str) -> str:
    """The digits alone."""
    return "".join(sign for sign in text if sign in "0123456789")


def remember_phone(connection: Connection, start: OrderStart) -> None:
    """Keep the number of an order's contact as one of its customer's, in the caller's transaction."""
    digits = digits_of(start.request.phone)
    if FEWEST_DIGITS < len(digits) <= _MOST_DIGITS:
        upsert(
            connection,
            table("customer_phones"),
            {"customer": start.request.customer, "digits": digits},
            {"backwards": digits[::-1], "contact": start.request.contact, "given_at": start.placed_at},
        )


def customers_with(connection: Connection, typed: str, most: int) -> dict[str, str]:
    """Customer -> whose number it is, of numbers that begin or end like this; none for fewer than four digits."""
    digits = digits_of(typed)
    if len(digits) < FEWEST_DIGITS or any(sign.isalpha() for sign in typed):
        return {}
    phones, found = table("customer_phones"), dict[str, str]()
    for column, wanted in ((phones.c.digits, digits), (phones.c.backwards, digits[::-1])):
        query = (
            select(phones.c.customer, phones.c.contact, phones.c.digits)
            .where(column >= wanted, column < wanted + _AFTER_ALL_DIGITS)
            .order_by(column)
            .limit(most)
        )
        for row in connection.execute(query):
            found.setdefault(row.customer, f"{row.contact} {row.digits}".strip())
    return found


def names_of(connection: Connection, customers: Iterable[str]) -> dict[str, str]:
    """Customer -> name, of these customers."""
    known = table("customers")
    query = select(known.c.customer, known.c.name).where(known.c.customer.in_(sorted(customers)))
    return {row.customer: row.name for row in connection.execute(query)}
