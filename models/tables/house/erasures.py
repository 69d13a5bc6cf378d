"""The tables of what was erased: who erased whose data when, and the chains of the journals that went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from models.tables.base import Base, OfOrder
from models.tables.columns import Instant


class Erasures(Base, table=True):
    """One erasure of a customer's data. `files` are those of the store of documents that are still to be removed."""

    number: int | None = Field(default=None, primary_key=True)
    customer: str = Field(index=True)
    at: datetime = Field(sa_type=Instant)
    by: str
    rows: dict[str, Any] = Field(sa_type=JSON)
    files: list[str] = Field(sa_type=JSON)


class ErasedJournal(OfOrder, table=True):
    """What is left of a journal: each entry's place in the chain, and what kind of thing happened when; not what was said."""

    __tablename__ = "erased_journal"
    epoch: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: str
    previous: str
    kind: str
    subject: str
    happened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    role: str
    rule: str = ""
