"""The tables of quotes (R102 to R104). Part of the order database: `models.tables.registry` names all of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from models.tables.base import Base
from models.tables.beside_orders.cases import OfCase
from models.tables.columns import Fen, FinerThanFen, Instant, Thousandths


class Quotes(OfCase, table=True):
    """One quote as it is now."""

    request_id: str = ""
    goods: list[dict[str, Any]] = Field(sa_type=JSON)
    """Its lines: product, specification, unit, quantities."""
    version: int
    """The newest one; 0 while nothing was offered."""
    standing: int | None = None
    """The version that the customer has."""
    valid_until: datetime | None = Field(default=None, sa_type=Instant)
    """The first moment at which that one is valid no more."""
    total: Decimal | None = Field(default=None, sa_type=Fen)
    accepted_version: int | None = None
    accepted_digest: str | None = None
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    accepted_lines: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """What an order from it has: each line with product, specification, unit, quantity, unit price."""
    order_number: str | None = Field(default=None, index=True)


class QuotedOrders(Base, table=True):
    """Which order a quote became: one at most (R104)."""

    __tablename__ = "quoted_orders"
    quote_number: str = Field(primary_key=True)
    order_number: str = Field(unique=True)
    made_at: datetime = Field(sa_type=Instant)


class Offers(OfCase, table=True):
    """One version of a quote, ours or the customer's; a sent one never changes (R103)."""

    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    by_customer: bool
    made_by: str
    made_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    valid_until: datetime | None = Field(default=None, sa_type=Instant)
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_back: bool
    digest: str
    most: Decimal = Field(sa_type=Fen)
    """What it comes to at most, tax included."""
    margin: str | None = None
    """The least that a price leaves, in per cent of the net price; none of the customer's own."""
    prices: list[dict[str, Any]] = Field(sa_type=JSON)
    terms: str | None = None
    words: str
    delivery_date: date | None = None


class CostRows(OfCase, table=True):
    """One row of a cost sheet, of every sheet that was told (R102)."""

    __tablename__ = "cost_rows"
    sheet: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """How often costs had been told then."""
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    for_quantity: str = Field(primary_key=True)
    row: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    what: str
    quantity: Decimal = Field(sa_type=Thousandths)
    measure: str
    rate: Decimal = Field(sa_type=FinerThanFen)
    amount: Decimal = Field(sa_type=Fen)
    basis: str
    purchased_on: date | None = None
