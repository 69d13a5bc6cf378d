"""The table of what changed in the company's own records: customers, prices, staff, calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class CompanyChanges(Base, table=True):
    """One change of one record: each field before and after, who did it, when and by which way. Rows are only added."""

    __tablename__ = "company_changes"
    __table_args__ = (Index("ix_company_changes_subject", "kind", "subject", "number"),)
    number: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant)
    person: str
    way: str
    kind: str
    subject: str
    """The customer, the person, the day; of a price `product from-day`."""
    is_new: bool
    fields: list[dict[str, Any]] = Field(sa_type=JSON)
