"""Which orders are sandbox orders, and the customer that each of them has for itself."""

from __future__ import annotations

import secrets
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Engine, select

from activities.store.database import reading, writing
from activities.store.imports import CustomerRow, import_customers
from activities.store.upsert import upsert
from models.tables.registry import table
from models.values.vocabulary import CustomerClass

MOST_LISTED = 50


class SandboxOrder(BaseModel):
    """One of them. Times UTC."""

    number: str
    customer: str
    begun_at: datetime
    begun_by: str


def new_customer(engine: Engine, signer: str, verified_by: str) -> CustomerRow:
    """A customer file for one sandbox order alone; its name says on every list and paper what it is."""
    token = secrets.token_hex(3)
    row = CustomerRow(
        customer=f"SANDBOX-{token}",
        name=f"沙盒客户 {token}",
        customer_class=CustomerClass.B,
        designated_signers=(signer,),
        verified_by=verified_by,
    )
    import_customers(engine, [row])
    return row


def enter(engine: Engine, order: SandboxOrder) -> None:
    """Keep that this order, which was just numbered for its own customer, is one."""
    values = order.model_dump(exclude={"number"})
    with writing(engine) as connection:
        upsert(connection, table("sandbox_orders"), {"number": order.number}, values)


def sandbox_order(engine: Engine, number: str) -> SandboxOrder | None:
    """The sandbox order of this number; None for every other order.

    The number must still be the one of its own customer's request: an order that found its number taken on the server has
    another one now, and whoever has the number is no sandbox order.
    """
    rows, requests = table("sandbox_orders"), table("requests")
    its_own = (requests.c.number == rows.c.number) & (requests.c.customer == rows.c.customer)
    query = select(rows).join(requests, its_own).where(rows.c.number == number)
    with reading(engine) as connection:
        found = connection.execute(query).mappings().first()
    return SandboxOrder.model_validate(dict(found)) if found is not None else None


def sandbox_orders(engine: Engine) -> list[SandboxOrder]:
    """The newest of them, the last one first."""
    rows = table("sandbox_orders")
    query = select(rows).order_by(rows.c.begun_at.desc(), rows.c.number).limit(MOST_LISTED)
    with reading(engine) as connection:
        return [SandboxOrder.model_validate(dict(row)) for row in connection.execute(query).mappings()]
