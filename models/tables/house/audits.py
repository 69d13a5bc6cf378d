"""The table of what the audit of the stores found right (R47)."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field

from models.tables.base import Base


class FoundRight(Base, table=True):
    """One order or other case that was compared wholly and in which nothing differed: how both stores stood then."""

    __tablename__ = "found_right"
    number: str = Field(primary_key=True)
    sequence: int
    head: str
    """Where its journal ended."""
    rows: str
    """The digest of all its rows, as the order database gave them."""
    life: str
    """How its workflow stood; `ended` where that is asked nothing any more."""
    compared_on: date
    """The business date on which it was compared wholly."""
