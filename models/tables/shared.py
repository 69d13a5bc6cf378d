"""The table of what books that cases share have answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from models.tables.base import OfOrder
from models.tables.columns import Instant


class SharedAnswers(OfOrder, table=True):
    """An answer of a shared book, once for each question of an order: asked again it is told again."""

    __tablename__ = "shared_answers"
    key: str = Field(primary_key=True)
    book: str
    asked: str
    """The digest of what was asked: a run that was set back may ask another thing under this key."""
    content: dict[str, Any] = Field(sa_type=JSON)
    answered_at: datetime = Field(sa_type=Instant)
