"""Money of the house: what came in once, which orders have how much of it, and what finance did (R160, R161)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Fen, Instant


class HouseReceipts(Base, table=True):
    """A sum that came in for a customer. What no order has and was not paid back is the customer's balance (R160)."""

    __tablename__ = "house_receipts"
    __table_args__ = (
        CheckConstraint(
            "given >= 0 and refunded >= 0 and given + refunded <= amount", name="ck_house_receipts_given_once"
        ),
    )
    number: str = Field(primary_key=True)
    customer: str = Field(index=True)
    customer_name: str = ""
    amount: Decimal = Field(sa_type=Fen)
    given: Decimal = Field(sa_type=Fen)
    """What orders have of it."""
    refunded: Decimal = Field(sa_type=Fen)
    method: str
    reference: str
    bank: str = ""
    payer: str = ""
    paid_at: datetime = Field(sa_type=Instant, index=True)
    by: str
    at: datetime = Field(sa_type=Instant)
    source: str = ""
    """The order whose surplus it is; empty where it came from outside."""
    cleared_at: datetime | None = Field(default=None, sa_type=Instant)
    allocated_at: datetime | None = Field(default=None, sa_type=Instant)
    bounced_at: datetime | None = Field(default=None, sa_type=Instant)
    corrected: bool = False
    reason: str = ""


class ReceiptParts(Base, table=True):
    """What of a receipt is an order's (R160)."""

    __tablename__ = "receipt_parts"
    part: str = Field(primary_key=True)
    receipt: str = Field(index=True, foreign_key="house_receipts.number")
    place: int
    order_number: str = Field(index=True)
    amount: Decimal = Field(sa_type=Fen)
    paid_at: datetime = Field(sa_type=Instant)
    moved: bool = False
    state: str
    act: str = ""
    by: str
    at: datetime = Field(sa_type=Instant)


class ReceiptActs(Base, table=True):
    """What finance did with a receipt, once under its id, with what was left before and after; only added to."""

    __tablename__ = "receipt_acts"
    act: str = Field(primary_key=True)
    receipt: str = Field(index=True, foreign_key="house_receipts.number")
    kind: str
    digest: str
    """Of what was said: the same id with other words is another act, and refused."""
    amount: Decimal = Field(sa_type=Fen)
    rest_before: Decimal = Field(sa_type=Fen)
    rest_after: Decimal = Field(sa_type=Fen)
    reason: str = ""
    by: str
    at: datetime = Field(sa_type=Instant)
