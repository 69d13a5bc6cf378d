"""The tables of what comes after an order: its cases, what they refund, its rating (R141 to R144).

Part of the order database: `models.tables.registry` names all of it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, false, text
from sqlmodel import Field

from models.tables.base import Base
from models.tables.beside_orders.cases import OfCase
from models.tables.columns import Fen, FinerThanFen, Instant, Thousandths


class OrderCaseNumbers(Base, table=True):
    """The last number given to a case of an order. Its row is what cases of one order wait for each other on (R142)."""

    __tablename__ = "order_case_numbers"
    order_number: str = Field(primary_key=True)
    last: int


class OrderCases(OfCase, table=True):
    """One after-sales case as it is now. What it holds of the order's goods no other case may have (R142)."""

    __tablename__ = "order_cases"
    __table_args__ = (Index("ix_order_cases_order_number", "order_number", "line"),)
    request_id: str = ""
    order_number: str
    type: str
    cause: str
    line: int | None = None
    product: str = ""
    specification: str = ""
    unit: str | None = None
    unit_price: Decimal | None = Field(default=None, sa_type=FinerThanFen)
    quantity: Decimal | None = Field(default=None, sa_type=Thousandths)
    held: Decimal = Field(sa_type=Thousandths)
    """How much of what was received is this case's alone."""
    words: str = ""
    owner: str = ""
    assessed: str = ""
    remedy: str | None = None
    our_fault: bool | None = None
    refusal: str = ""
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    send_by: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    came_back: Decimal | None = Field(default=None, sa_type=Thousandths)
    passed: Decimal | None = Field(default=None, sa_type=Thousandths)
    failed: Decimal | None = Field(default=None, sa_type=Thousandths)
    value: Decimal | None = Field(default=None, sa_type=Fen)
    payable: Decimal | None = Field(default=None, sa_type=Fen)
    replacement: str | None = Field(default=None, index=True)
    difference: Decimal | None = Field(default=None, sa_type=Fen)
    remedied_at: datetime | None = Field(default=None, sa_type=Instant)
    agree_by: datetime | None = Field(default=None, sa_type=Instant)
    paid_reference: str = ""
    objection: str = ""
    evidence: list[dict[str, Any]] = Field(sa_type=JSON)


class CaseRefunds(Base, table=True):
    """What came back for good and what it was worth: one row for each remedy of a case, never changed (R142)."""

    __tablename__ = "case_refunds"
    __table_args__ = (Index("ix_case_refunds_order_number", "order_number", "line"),)
    case_number: str = Field(primary_key=True)
    round: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    order_number: str
    line: int | None = None
    quantity: Decimal = Field(sa_type=Thousandths)
    kept_before: Decimal = Field(sa_type=Thousandths)
    kept_after: Decimal = Field(sa_type=Thousandths)
    value: Decimal = Field(sa_type=Fen)
    payable: Decimal = Field(sa_type=Fen)
    """What of it leaves as money; the sum of an order's is never above the money received."""
    credited: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether it is taken off the order's bill (R164)."""
    counted_at: datetime = Field(sa_type=Instant)


class Ratings(Base, table=True):
    """What the customer thinks of an order: asked once, given once, changeable for a while (R141)."""

    __table_args__ = (
        Index(
            "ix_ratings_complained",
            "rated_at",
            sqlite_where=text("complaint_due"),
            postgresql_where=text("complaint_due"),
        ),
    )
    order_number: str = Field(primary_key=True)
    customer: str = Field(index=True)
    asked_at: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant)
    """The first moment at which it may not be changed any more."""
    goods: int | None = None
    merchant: int | None = None
    words: str = ""
    rated_at: datetime | None = Field(default=None, sa_type=Instant)
    changes: int = 0
    complaint_due: bool = False
    """Few stars, and the complaint is not opened yet."""
    case_number: str | None = None
    """The complaint that it opened."""
