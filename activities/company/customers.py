"""Customers as people look for them: a page of files, each with what is open (R17, R85)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Engine, case, func, or_, select

from activities.store.database import reading
from models.tables.registry import table
from models.values.money import ZERO

CUSTOMERS_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer in a list, with the open orders and what is open of all orders, in CNY."""

    customer: str
    name: str
    customer_class: str
    salesperson: str
    contact: str
    phone: str
    is_verified: bool
    open_orders: int = 0
    open_balance: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A page of customers, how many fit in all, and the customer after whom the next page goes on; empty at the end."""

    customers: Sequence[CustomerLine]
    total: int
    next: str


def find_customers(
    engine: Engine,
    *,
    text: str = "",
    customer_class: str = "",
    salesperson: str | None = None,
    unverified: bool = False,
    after: str = "",
    only: str = "",
    most: int = CUSTOMERS_ON_A_PAGE,
) -> CustomerPage:
    """Customers by their key; `text` is part of key, name, contact or telephone; `salesperson`: that one's alone;
    `only`: this one."""
    customers = table("customers")
    wanted = [customers.c.customer == only] if only else []
    if text:
        wanted.append(
            or_(
                *(
                    customers.c[name].icontains(text, autoescape=True)
                    for name in ("customer", "name", "contact", "phone")
                )
            )
        )
    if customer_class:
        wanted.append(customers.c.customer_class == customer_class)
    if salesperson is not None:
        wanted.append(customers.c.salesperson == salesperson)
    if unverified:
        wanted.append(customers.c.verified_by == "")
    query = select(customers).where(*wanted, customers.c.customer > after).order_by(customers.c.customer)
    with reading(engine) as connection:
        rows = connection.execute(query.limit(most + 1)).mappings().all()
        total = connection.scalar(select(func.count()).select_from(customers).where(*wanted)) or 0
        shown = rows[:most]
        orders = table("orders")
        is_open = case((orders.c.ending.is_(None), 1), else_=0)
        figures = (
            select(
                orders.c.customer,
                func.sum(is_open).label("open"),
                func.sum(orders.c.open_balance).label("balance"),
            )
            .where(orders.c.customer.in_([row["customer"] for row in shown]))
            .group_by(orders.c.customer)
        )
        known = {row.customer: row for row in connection.execute(figures)}
    found = []
    for row in shown:
        figure = known.get(row["customer"])
        found.append(
            CustomerLine(
                row["customer"], row["name"], row["customer_class"], row["salesperson"], row["contact"], row["phone"],
                bool(row["verified_by"]),
                open_orders=int(figure.open) if figure is not None else 0,
                open_balance=(figure.balance or ZERO) if figure is not None else ZERO,
            )
        )  # fmt: skip
    return CustomerPage(found, total, shown[-1]["customer"] if len(rows) > most else "")
