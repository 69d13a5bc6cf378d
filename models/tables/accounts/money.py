"""Money across orders: which order has a receipt, and what was moved from one order to another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON
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


class SampleCredits(Base, table=True):
    """The one order to which the fee of a sample is credited (R130); decided by which is entered first."""

    __tablename__ = "sample_credits"
    sample_number: str = Field(primary_key=True)
    order_number: str = Field(unique=True)
    amount: Decimal = Field(sa_type=Fen)
    credited_at: datetime = Field(sa_type=Instant)


class PaymentReceipts(OfOrder, table=True):
    """What the receipt of a payment stands for: this order's, another one's, corrected, moved (R53)."""

    __tablename__ = "payment_receipts"
    reference: str = Field(primary_key=True)
    claim: str = Field(index=True)
    """Under which key it counts once in the company; empty where another order's payment stands for it."""
    paid_at: datetime = Field(sa_type=Instant)
    bounced: bool
    corrected: bool
    elsewhere: bool
    reason: str = ""
    moved: Decimal = Field(sa_type=Fen)
    asked: Decimal | None = Field(default=None, sa_type=Fen)
    asked_transfer: str = Field(default="", index=True)
    asked_by: str = ""
    asked_at: datetime | None = Field(default=None, sa_type=Instant)


class Transfers(OfOrder, table=True):
    """An order's half of money that was moved (R53); both halves have one id."""

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


class ShippedAmounts(Base, table=True):
    """What was billed for a shipment, kept as long as its order stands where it stood then (R45, R73).

    It is worked out from lines, shipments and what came back; where `epoch` or `sequence` are not the order's any more it
    is worked out anew. Losing all of it loses nothing.
    """

    __tablename__ = "shipped_amounts"
    order_number: str = Field(primary_key=True)
    shipment: str = Field(primary_key=True)
    epoch: int
    sequence: int
    amount: Decimal = Field(sa_type=Fen)


class KeptFigures(Base, table=True):
    """The board page's figures as they were counted last, of one salesperson's orders or, empty, of all (R86).

    Losing all of it loses nothing.
    """

    __tablename__ = "kept_figures"
    salesperson: str = Field(primary_key=True)
    counted_at: datetime = Field(sa_type=Instant)
    took_milliseconds: int
    figures: dict[str, Any] = Field(sa_type=JSON)
