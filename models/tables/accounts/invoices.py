"""The tables of invoices, credit notes, and archived orders (R162 to R165)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from models.tables.base import Base, OfOrder
from models.tables.columns import Exact, Fen, FinerThanFen, Instant, Thousandths
from models.values.money import ZERO


class InvoiceRequests(OfOrder, table=True):
    """What was asked to be invoiced (R162)."""

    __tablename__ = "invoice_requests"
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    title: str
    tax_number: str = ""
    kind: str
    amount: Decimal | None = Field(default=None, sa_type=Fen)
    """None: all that is billed and on no invoice."""
    by: str
    at: datetime = Field(sa_type=Instant)
    fact_id: str = ""
    invoice: str = ""
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class Invoices(OfOrder, table=True):
    """An issued invoice, or with `reverses` the red letter of one; a row never changes (R162, R163)."""

    __table_args__ = (Index("ix_invoices_at", "at", "order_number", "number"),)
    number: str = Field(primary_key=True)
    place: int = 0
    """Which of the order's invoices it is, the first is 1."""
    request: int = 0
    title: str
    tax_number: str = ""
    kind: str
    amount: Decimal = Field(sa_type=Fen)
    net: Decimal = Field(sa_type=Fen)
    tax: Decimal = Field(sa_type=Fen)
    lines: list[dict[str, Any]] = Field(sa_type=JSON)
    issued_on: date
    by: str
    at: datetime = Field(sa_type=Instant)
    fact_id: str = ""
    document: str = ""
    reverses: str = ""
    reason: str = ""


class InvoiceNumbers(Base, table=True):
    """The number of an invoice and the one order in the house that has it; decided by who enters it first (R162)."""

    __tablename__ = "invoice_numbers"
    claim: str = Field(primary_key=True)
    order_number: str = Field(index=True)
    fact_id: str = ""
    claimed_at: datetime = Field(sa_type=Instant)


class AccountSettlements(OfOrder, table=True):
    """A salesperson paid the freight of a dead shipment that they guaranteed, or it was kept from what they earn (R164)."""

    __tablename__ = "account_settlements"
    shipment: str = Field(primary_key=True)
    amount: Decimal = Field(sa_type=Fen)
    reference: str = Field(primary_key=True)
    """The voucher. Freight that grew since is settled with another one."""
    settled_by: str
    settled_at: datetime = Field(sa_type=Instant)


class CreditNotes(OfOrder, table=True):
    """Less is billed than was billed before (R164)."""

    __tablename__ = "credit_notes"
    number: str = Field(primary_key=True)
    ground: str
    amount: Decimal = Field(sa_type=Fen)
    bill_before: Decimal = Field(sa_type=Fen)
    bill_after: Decimal = Field(sa_type=Fen)
    lines: list[dict[str, Any]] = Field(sa_type=JSON)
    at: datetime = Field(sa_type=Instant)
    case_number: str = ""
    paid_back: Decimal = Field(default=ZERO, sa_type=Fen)


class BilledLines(OfOrder, table=True):
    """What is billed of a line, after-sales cases aside: what an invoice after the order's end goes by (R162, R164)."""

    __tablename__ = "billed_lines"
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    quantity: Decimal = Field(sa_type=Thousandths)
    unit_price: Decimal = Field(sa_type=FinerThanFen)
    amount: Decimal = Field(sa_type=Fen)
    percent: Decimal = Field(sa_type=Exact)
    """The rate of its tax, in per cent."""


class Archives(Base, table=True):
    """An order's whole story as one file, made once after its end (R165)."""

    __table_args__ = (Index("ix_archives_made_at", "made_at", "order_number"),)
    order_number: str = Field(primary_key=True)
    customer: str = Field(index=True)
    customer_name: str
    ending: str
    ended_at: datetime = Field(sa_type=Instant)
    made_at: datetime = Field(sa_type=Instant)
    file: str
    """Where the file lies in the document store."""
    sha256: str
    size: int
    names: list[str] = Field(sa_type=JSON)
    """What is in it."""
    words: str
    """What it is found by: number, customer, products, invoices, references."""
