"""Customers' links of all orders: to whom they were given, when they were used last (R31, R85)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from activities.store.database import reading
from models.customer_links import CustomerLink, LinkedOrder
from models.tables.registry import table

LINKS_ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A link with its order's customer, and when it was used last (UTC; None: never)."""

    link: CustomerLink
    order: LinkedOrder
    customer: str
    customer_name: str
    used_at: datetime | None


def given_links(
    engine: Engine, *, salesperson: str | None = None, customer: str = "", before: datetime | None = None
) -> Sequence[GivenLink]:
    """Links that were not revoked, the newest first; of a salesperson's own orders alone, where one is named."""
    links, orders, uses = table("customer_links"), table("orders"), table("link_uses")
    query = (
        select(links, orders.c.customer, orders.c.customer_name, orders.c.ended_at, orders.c.sheet_version.label("in_force"))
        .join(orders, orders.c.number == links.c.order_number)
        .where(links.c.revoked_at.is_(None))
        .order_by(links.c.made_at.desc(), links.c.link_hash)
        .limit(LINKS_ON_A_PAGE)
    )  # fmt: skip
    if salesperson is not None:
        query = query.where(orders.c.salesperson == salesperson)
    if customer:
        query = query.where(orders.c.customer == customer)
    if before is not None:
        query = query.where(links.c.made_at < before)
    with reading(engine) as connection:
        rows = connection.execute(query).mappings().all()
        hashes = [row["link_hash"] for row in rows]
        used = select(uses.c.link_hash, func.max(uses.c.last_at)).where(uses.c.link_hash.in_(hashes))
        last = {row[0]: row[1] for row in connection.execute(used.group_by(uses.c.link_hash))}
    return [
        GivenLink(
            CustomerLink.model_validate(dict(row)),
            LinkedOrder(is_known=True, ended_at=row["ended_at"], sheet_version=row["in_force"]),
            row["customer"],
            row["customer_name"],
            last.get(row["link_hash"]),
        )
        for row in rows
    ]
