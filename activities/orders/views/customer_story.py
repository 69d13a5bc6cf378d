"""What of an order's shipments its customer reads (R72, R85)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel
from sqlalchemy import Engine, select

from activities.orders.views.order_views import OrderSummary, Recorded
from activities.store.database import reading
from models.tables.registry import table


class ShipmentSeen(BaseModel):
    """One shipment. Times UTC."""

    shipment: str
    carrier: str
    tracking_number: str
    shipped_at: datetime
    expected_arrival: date | None
    arrived_at: datetime | None
    delivered_at: datetime | None
    dead_at: datetime | None
    returned_at: datetime | None
    to_collect: Recorded
    quantities: dict[int, Recorded]
    """By line, as sent."""

    @property
    def collects(self) -> Decimal | None:
        """What its carrier collects at the door; None where nothing."""
        return self.to_collect if self.to_collect > 0 else None


class Account(BaseModel):
    """What the goods come to, what was paid, and what is open, so that it adds up (R51, R53)."""

    ordered: Decimal | None
    billed: Decimal | None
    """By what passed; None where that is what was ordered, or nothing passed yet."""
    paid: Decimal
    open: Decimal | None
    deposit: Decimal | None
    """What of the deposit is to be paid now; None where nothing is."""


def account_of(order: OrderSummary) -> Account:
    """The money side of an order for its customer; nothing is asked for of one that has ended."""
    paid = order.paid or Decimal(0)
    billed = order.bill or None  # nothing passed yet: what was ordered is what will be owed
    owed = order.total if billed is None else billed
    lives = order.ending is None
    left = max((order.deposit_due or Decimal(0)) - paid, Decimal(0)) if lives else Decimal(0)
    return Account(
        ordered=order.total,
        billed=billed if billed != order.total else None,
        paid=paid,
        open=max(owed - paid, Decimal(0)) if owed is not None and lives else None,
        deposit=left or None,
    )


def shipments_seen(engine: Engine, order: str) -> list[ShipmentSeen]:
    """The shipments of an order, the newest first."""
    shipments = table("shipments")
    query = select(shipments).where(shipments.c.order_number == order)
    with reading(engine) as connection:
        rows = connection.execute(
            query.order_by(shipments.c.shipped_at.desc(), shipments.c.shipment)
        ).mappings()
        return [ShipmentSeen.model_validate(dict(row)) for row in rows]
