"""Customers' credit: what finance assessed, and what orders bind of it (R108, R109)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index
from sqlmodel import Field

from models.tables.base import Base, OfOrder
from models.tables.columns import Fen, Instant


class CreditLimits(Base, table=True):
    """An assessment of a customer by finance; the newest counts, and rows are only added (R108)."""

    __tablename__ = "credit_limits"
    __table_args__ = (Index("ix_credit_limits_customer", "customer", "number"),)
    number: int | None = Field(default=None, primary_key=True)
    customer: str
    credit_limit: Decimal | None = Field(default=None, sa_type=Fen)
    """The most that the customer may owe; None: all is to be paid first."""
    reason: str = ""
    assessed_on: date
    assessed_by: str = ""
    entered_at: datetime = Field(sa_type=Instant)
    order_number: str = ""
    """The order on which it was given; empty: given on the customer's page, by command, or in an imported file."""


class CreditCommitments(OfOrder, table=True):
    """What the credit book let an order through with, until the order's own figure has it (R109)."""

    __tablename__ = "credit_commitments"
    customer: str = Field(index=True)
    amount: Decimal = Field(sa_type=Fen)
    question: int
    """Which of the order's questions it answered: an order that has heard it says itself what it binds."""
    committed_at: datetime = Field(sa_type=Instant)
