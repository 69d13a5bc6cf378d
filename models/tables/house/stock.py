"""The tables of stock: items, pre-sale batches, movements that are only added, and what orders have reserved (R110 to R114)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from models.tables.base import Base, OfOrder
from models.tables.columns import Instant, Thousandths


class StockItems(Base, table=True):
    """One kind of goods in stock. What is available is never below zero, whoever writes."""

    __tablename__ = "stock_items"
    __table_args__ = (
        CheckConstraint("on_hand - reserved - quarantined >= 0", name="ck_stock_items_available"),
        CheckConstraint("reserved >= 0 and quarantined >= 0", name="ck_stock_items_parts"),
    )
    product: str = Field(primary_key=True)
    name: str
    specification: str
    unit: str
    on_hand: Decimal = Field(sa_type=Thousandths)
    reserved: Decimal = Field(sa_type=Thousandths)
    quarantined: Decimal = Field(sa_type=Thousandths)
    expected: date | None = None


class PresaleBatches(Base, table=True):
    """What a pre-sale batch is beside the shelf of its number; its row in `stock_items` is held before it (R114)."""

    __tablename__ = "presale_batches"
    __table_args__ = (
        CheckConstraint("to_inspect >= 0 and passed >= 0 and there >= 0", name="ck_presale_batches_parts"),
        Index("ix_presale_batches_goods", "goods"),
    )
    batch: str = Field(primary_key=True, foreign_key="stock_items.product")
    goods: str = Field(foreign_key="stock_items.product")
    agreed: date
    payment: str
    offered: Decimal = Field(sa_type=Thousandths)
    to_inspect: Decimal = Field(sa_type=Thousandths)
    passed: Decimal = Field(sa_type=Thousandths)
    there: Decimal = Field(sa_type=Thousandths)
    completed_at: datetime | None = Field(default=None, sa_type=Instant)


class StockMovements(Base, table=True):
    """Why on hand became another: rows are added, and never changed or taken away."""

    __tablename__ = "stock_movements"
    __table_args__ = (Index("ix_stock_movements_product", "product", "number"),)
    number: int | None = Field(default=None, primary_key=True)
    product: str = Field(foreign_key="stock_items.product")
    kind: str
    quantity: Decimal = Field(sa_type=Thousandths)
    quarantined: Decimal = Field(sa_type=Thousandths)
    at: datetime = Field(sa_type=Instant)
    by: str
    order_number: str
    lot: str
    reference: str
    reason: str


class StockActs(Base, table=True):
    """What was said at the desk, by its key: the same form sent twice moves goods once."""

    __tablename__ = "stock_acts"
    key: str = Field(primary_key=True)
    content: str = ""
    """The digest of what was said; empty for acts of before it was kept."""
    done_at: datetime = Field(sa_type=Instant)


class Reservations(OfOrder, table=True):
    """What an order has of an item for one of its lines; quantities in the item's unit, `wanted` in the line's."""

    __tablename__ = "reservations"
    __table_args__ = (
        CheckConstraint("quantity >= 0 and waiting >= 0", name="ck_reservations_parts"),
        Index("ix_reservations_product", "product", "state"),
    )
    line: int = Field(primary_key=True)
    product: str = Field(foreign_key="stock_items.product")
    unit: str
    wanted: Decimal = Field(sa_type=Thousandths)
    quantity: Decimal = Field(sa_type=Thousandths)
    left: Decimal = Field(sa_type=Thousandths)
    waiting: Decimal = Field(sa_type=Thousandths)
    state: str
    held_until: datetime | None = Field(default=None, sa_type=Instant)
    placed_at: datetime = Field(sa_type=Instant)
    turn: int
    ready: Decimal = Field(sa_type=Thousandths)
    first_at: datetime | None = Field(default=None, sa_type=Instant)
