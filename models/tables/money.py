"""Money across orders: which order has a receipt, and what was moved from one order to another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlmodel import Field

from models.tables.base import Base, OfOrder
from models.tables.columns import Fen, Instant


class BankReceipts(Base, table=True):
    """A receipt and the one order in the company for which it counts (R53); decided by who enters it first."""

    __tablename__ = "bank_receipts"
    claim: str = Field(primary_key=True)
    order_number: str = Field(index=True)
    fact_id: str
    claimed_at: datetime = Field(sa_type=Instant)


class Transfers(OfOrder, table=True):
    """An order's half of money that was moved (R161); both halves have one id."""

    transfer: str = Field(primary_key=True, index=True)
    way: str
    reference: str
    amount: Decimal = Field(sa_type=Fen)
    method: str
    paid_at: datetime = Field(sa_type=Instant)
    to: str = ""
    wrong_order: bool
    reason: str = ""
    by: str
    at: datetime = Field(sa_type=Instant)
