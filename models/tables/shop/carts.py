"""The tables of carts and checkouts (R121, R122)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Fen, FinerThanFen, Instant, Thousandths


class Carts(Base, table=True):
    """A cart: one for each account, or a visitor's until they log in. `version` counts what was changed in it."""

    __tablename__ = "carts"
    cart: str = Field(primary_key=True)
    account: str | None = Field(default=None, unique=True, foreign_key="accounts.account")
    version: int
    changed_at: datetime = Field(sa_type=Instant, index=True)


class CartLines(Base, table=True):
    """What was put in, in the order in which it was, and what one cost then."""

    __tablename__ = "cart_lines"
    cart: str = Field(primary_key=True, foreign_key="carts.cart")
    product: str = Field(primary_key=True)
    sample: bool = Field(primary_key=True)
    place: int
    quantity: Decimal = Field(sa_type=Thousandths)
    seen_price: Decimal = Field(sa_type=FinerThanFen)
    put_at: datetime = Field(sa_type=Instant)


class Checkouts(Base, table=True):
    """A checkout that was carried out: what was sent, the orders that it became, the intent over those paid at once."""

    __tablename__ = "checkouts"
    checkout: str = Field(primary_key=True)
    account: str = Field(index=True, foreign_key="accounts.account")
    digest: str
    at: datetime = Field(sa_type=Instant, index=True)
    by: str
    content: dict[str, Any] = Field(sa_type=JSON)
    """What the confirmation shows: lines, address, fee, expected day, order numbers."""
    total: Decimal = Field(sa_type=Fen)
    intent: str = ""
