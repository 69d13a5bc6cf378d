"""The table of the telephone numbers that customers have given: who calls is found by their number."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class CustomerPhones(Base, table=True):
    """A number of a customer as last given with an order: its digits, and the same from behind for who types the last ones."""

    __tablename__ = "customer_phones"
    customer: str = Field(primary_key=True)
    digits: str = Field(primary_key=True, index=True)
    backwards: str = Field(index=True)
    contact: str = ""
    given_at: datetime = Field(sa_type=Instant)
