"""The tables of the list of orders: what each order is found by, and the views that people keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class OrderWords(Base, table=True):
    """All texts that an order is found by, as `models.writing.search_text` writes them, one a line.

    An index of the database over every sign and every two signs of it finds any part of them: on PostgreSQL
    `ix_order_words_grams`, on SQLite the table `order_grams`, whose rows have the ids of these.
    """

    __tablename__ = "order_words"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as SQLAlchemy wants it
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    words: str


class OrderWordsDue(Base, table=True):
    """Orders whose texts have changed since they were gathered. The database's own triggers enter them, whoever writes."""

    __tablename__ = "order_words_due"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as SQLAlchemy wants it
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(index=True)


class KeptViews(Base, table=True):
    """A view of the list that a person keeps under a name: filters and sort as they stand in the address."""

    __tablename__ = "kept_views"
    person: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    asked: dict[str, Any] = Field(sa_type=JSON)
    kept_at: datetime = Field(sa_type=Instant)
