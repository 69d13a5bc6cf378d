"""The tables of people at the desk: who is away, what was handed over, who has seen how the desk works."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Index, false, text
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class StaffAbsences(Base, table=True):
    """One of the staff is away on these business days, both included (R13); `last_day` is open until they are back.

    A row is kept when it is over; `ended_at`: it was taken back, or they came back earlier.
    """

    __tablename__ = "staff_absences"
    number: int | None = Field(default=None, primary_key=True)
    person: str = Field(index=True)
    first_day: date
    last_day: date | None = None
    deputy: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Who acts meanwhile; empty: the deputy of the staff list."""
    told_by: str
    told_at: datetime = Field(sa_type=Instant)
    ended_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class StepHandovers(Base, table=True):
    """An open step that one colleague gave to another of the same role, or took back (R13).

    `since` is when the step was opened: a step that opens anew is nobody's that it was given to before.
    """

    __tablename__ = "step_handovers"
    __table_args__ = (
        Index(
            "ix_step_handovers_standing",
            "order_number",
            "step",
            "since",
            unique=True,
            sqlite_where=text("taken_back_at is null"),
            postgresql_where=text("taken_back_at is null"),
        ),
        Index("ix_step_handovers_to_person", "to_person"),
        Index("ix_step_handovers_from_person", "from_person"),
    )
    number: int | None = Field(default=None, primary_key=True)
    order_number: str
    step: str
    since: datetime = Field(sa_type=Instant)
    role: str
    from_person: str
    to_person: str
    reason: str
    given_at: datetime = Field(sa_type=Instant)
    taken_back_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    taken_back_at: datetime | None = Field(default=None, sa_type=Instant)


class OrderAssignments(Base, table=True):
    """Who is in charge of an order in a role: as it was assigned when it was placed, or reassigned since (R131, R133)."""

    __tablename__ = "order_assignments"
    __table_args__ = (
        Index("ix_order_assignments_person", "person", "role", "assigned_at"),
        Index(
            "ix_order_assignments_open",
            "role",
            "person",
            "ended",
            sqlite_where=text("ended = 0"),
            postgresql_where=text("not ended"),
        ),
    )
    order_number: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    person: str
    assigned_at: datetime = Field(sa_type=Instant)
    ended: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether the order has ended: triggers of the database keep it, and nobody else writes it."""


class DailyReports(Base, table=True):
    """The production report that is owed for one working day: one step of the desk, closed by a report (R171)."""

    __tablename__ = "daily_reports"
    day: date = Field(primary_key=True)
    asked_at: datetime = Field(sa_type=Instant)
    due: datetime = Field(sa_type=Instant)
    orders: list[str] = Field(default_factory=list, sa_type=JSON)
    """The orders that were in production when it was asked for."""
    people: list[str] = Field(default_factory=list, sa_type=JSON)
    """Who had it to write: those who have the role of production."""
    reported_at: datetime | None = Field(default=None, sa_type=Instant)
    reported_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    missed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was found that it had not come in time; it stays missed when it comes later (R86)."""


class DeskIntroductions(Base, table=True):
    """Who has put away the cards that show how the desk works."""

    __tablename__ = "desk_introductions"
    person: str = Field(primary_key=True)
    put_away_at: datetime = Field(sa_type=Instant)
