"""The tables of papers, notices, reminders and the desk. Part of the order database: `models.tables.registry` names all of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, false, text
from sqlmodel import Field

from models.tables.base import Base, OfOrder
from models.tables.columns import Fen, Instant


class Reminders(OfOrder, table=True):
    """A reminder that went out: once for each order, day from which it counts, and level (R51)."""

    __tablename__ = "reminders"
    since: date = Field(primary_key=True)
    level: int = Field(primary_key=True)
    day: date
    customer: str = Field(index=True)
    amount: Decimal = Field(sa_type=Fen)
    letter_order: str = Field(default="", sa_column_kwargs={"server_default": ""})
    letter: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The letter it went out with, by its place in the outbox: the next level waits until this one was sent."""


class ReminderPauses(Base, table=True):
    """No reminder up to a day: an order or a customer is exempted, or has promised to pay (R51)."""

    __tablename__ = "reminder_pauses"
    subject: str = Field(primary_key=True)
    """An order number or a customer."""
    until: date = Field(primary_key=True)
    promised: bool
    reason: str
    by: str


class Outbox(Base, table=True):
    """A paper or notice of an order, or of the desk (a report: no order): entered before anything is sent."""

    __table_args__ = (
        Index(
            "ix_outbox_shipment_notices",
            "created_at",
            "order_number",
            "identity",
            sqlite_where=text("paper = 'shipment_notice'"),
            postgresql_where=text("paper = 'shipment_notice'"),
        ),
    )
    order_number: str = Field(primary_key=True)
    identity: str = Field(primary_key=True)
    paper: str
    roles: list[str] = Field(sa_type=JSON)
    zh: str
    en: str
    rule: str
    created_at: datetime = Field(sa_type=Instant)
    content: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """What is to be printed; empty for a notice."""
    document: str | None = Field(default=None, index=True)
    """The printed paper's SHA-256 in the document store."""
    problem: str | None = None
    """Why it could not be printed, to be mended by a person."""
    routed: bool = Field(default=False, index=True, sa_column_kwargs={"server_default": false()})
    """Whether it is decided who hears of it by which way; from then on `deliveries` tells."""
    attachments: list[dict[str, str]] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """Files that go with it: name and place in the document store."""


class Deliveries(Base, table=True):
    """One notice to one addressee: entered before it is sent and marked after."""

    __table_args__ = (Index("ix_deliveries_state_next_at", "state", "next_at"),)
    order_number: str = Field(primary_key=True)
    identity: str = Field(primary_key=True)
    addressee: str = Field(primary_key=True)
    """A role, the group, or nobody in particular (the folder)."""
    channel: str = Field(primary_key=True)
    address: str
    """Several where it goes to several; those that have it are taken out when others refused it."""
    state: str
    attempts: int
    entered_at: datetime = Field(sa_type=Instant)
    next_at: datetime = Field(sa_type=Instant)
    """When it may be tried next; while it is being sent, until when that may take."""
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it went, to one address at least."""
    problem: str | None = None


class DeskSteps(Base, table=True):
    """What somebody must look at and no order can wait for; a step that is done keeps its row."""

    __tablename__ = "desk_steps"
    key: str = Field(primary_key=True)
    kind: str
    order_number: str = Field(index=True)
    roles: list[str] = Field(sa_type=JSON)
    rule: str
    since: datetime = Field(sa_type=Instant)
    due: datetime = Field(sa_type=Instant)
    zh: str
    en: str
    command: str
    about: dict[str, str] = Field(sa_type=JSON)
    closed_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    closed_by: str = ""
    resolution: str = ""


class ReportRuns(Base, table=True):
    """A report that was made for the day it is meant for: a job that missed its time makes it once."""

    __tablename__ = "report_runs"
    kind: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    made_at: datetime = Field(sa_type=Instant)
