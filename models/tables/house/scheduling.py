"""The tables of machine lines 机台, of the times at which one stands (R150), and of hours that are booked (R151)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant, Thousandths


class MachineLines(Base, table=True):
    """A machine line: what it makes, how much an hour, and its hours of each day of the week, `08:00-12:00 13:00-17:00`."""

    __tablename__ = "machine_lines"
    line: str = Field(primary_key=True)
    name: str
    products: list[str] = Field(sa_type=JSON)
    rate: Decimal = Field(sa_type=Thousandths)
    unit: str
    set_up_hours: Decimal = Field(sa_type=Thousandths)
    monday: str = ""
    tuesday: str = ""
    wednesday: str = ""
    thursday: str = ""
    friday: str = ""
    saturday: str = ""
    sunday: str = ""
    crew: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Whom it needs while it runs, `机长 1、操作工 2`; empty: nobody is asked for."""


class MachineDowntimes(Base, table=True):
    """A time at which a line stands, as production told it; one that was taken back stays, with who and when."""

    __tablename__ = "machine_downtimes"
    __table_args__ = (
        Index(
            "ix_machine_downtimes_line",
            "line",
            "ends",
            sqlite_where=text("taken_back_at is null"),
            postgresql_where=text("taken_back_at is null"),
        ),
    )
    number: int | None = Field(default=None, primary_key=True)
    line: str
    begins: datetime = Field(sa_type=Instant)
    ends: datetime = Field(sa_type=Instant)
    reason: str = ""
    told_by: str
    told_at: datetime = Field(sa_type=Instant)
    taken_back_by: str = ""
    taken_back_at: datetime | None = Field(default=None, sa_type=Instant)


class LineBookings(Base, table=True):
    """Hours of a machine line that production's answer booked for goods of an order's line, and how firmly (R151).

    Tentative ones are anybody's again so many days after the answer (`schedule.booking_days`), without a row changing.
    """

    __tablename__ = "line_bookings"
    __table_args__ = (Index("ix_line_bookings_ends", "ends"),)
    order_number: str = Field(primary_key=True)
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    machine_line: str
    begins: datetime = Field(sa_type=Instant)
    ends: datetime = Field(sa_type=Instant)
    state: str
    answered_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
