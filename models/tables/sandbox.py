"""The table of sandbox orders 沙盒订单: those alone whose time a page may skip."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class SandboxOrders(Base, table=True):
    """An order that was begun to be tried with. No other order ever gets a row here."""

    __tablename__ = "sandbox_orders"
    number: str = Field(primary_key=True)
    customer: str
    """Its own customer, who orders nothing else: what is done for a customer reaches no other order."""
    begun_at: datetime = Field(sa_type=Instant)
    begun_by: str
