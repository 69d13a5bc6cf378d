"""The tables of contracts of orders (R107). Part of the order database: `models.tables.registry` names all of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from models.tables.beside_orders.cases import OfCase
from models.tables.columns import Fen, Instant


class Contracts(OfCase, table=True):
    """One contract as it is now."""

    request_id: str = ""
    order_number: str = Field(index=True)
    version: int
    """The newest one."""
    in_force: int | None = None
    """The version that both signed last."""
    in_force_from: datetime | None = Field(default=None, sa_type=Instant)
    valid_until: date
    """The last day, of the version in force or else of the newest."""
    total: Decimal = Field(sa_type=Fen)
    termination: str = ""


class ContractDrafts(OfCase, table=True):
    """One version of a contract; what it says never changes."""

    __tablename__ = "contract_drafts"
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    supplement: bool
    terms: dict[str, Any] = Field(sa_type=JSON)
    total: Decimal = Field(sa_type=Fen)
    quality: str
    words: str
    reason: str
    valid_until: date
    digest: str
    """The hash that both sides sign."""
    drafted_by: str
    drafted_at: datetime = Field(sa_type=Instant)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_back: str
    declined: str | None = None
    superseded_at: datetime | None = Field(default=None, sa_type=Instant)
    signing_place: str
    signing_at: datetime | None = Field(default=None, sa_type=Instant)
    in_force_from: datetime | None = Field(default=None, sa_type=Instant)


class Signatures(OfCase, table=True):
    """One side's signature under one version, with the hash that was signed and the copy that is kept."""

    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    side: str = Field(primary_key=True)
    signed_by: str
    document: str
    digest: str
    by: str
    role: str
    signed_at: datetime = Field(sa_type=Instant)
