"""The tables of cases that are no orders: quotes, and whatever else has a number, a journal and open steps of its own.

Every kind shares these; what is its own stands beside them (`models.tables.beside_orders.quotes`). Part of the order database:
`models.tables.registry` names all of it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class OfCase(Base):
    """A table whose rows belong to a case."""

    case_number: str = Field(primary_key=True, foreign_key="cases.number")


class CaseDayNumbers(Base, table=True):
    """The last number given on a business date to a case of a kind; gaps are allowed."""

    __tablename__ = "case_day_numbers"
    kind: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    last: int


class CaseRequests(Base, table=True):
    """What began a case, its number and its whole start: the same request is one case of its customer.

    `space` is whose id it is: empty the customer's own, else the service that numbers for several customers.
    """

    __tablename__ = "case_requests"
    kind: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True)
    customer: str = Field(primary_key=True, index=True)
    space: str = Field(default="", primary_key=True, sa_column_kwargs={"server_default": ""})
    content_hash: str
    number: str = Field(unique=True)
    placed_at: datetime = Field(sa_type=Instant)
    start: dict[str, Any] = Field(sa_type=JSON)


class Cases(Base, table=True):
    """One case as last recorded. `sequence`, `head`, `epoch` and the attempt belong to the recorder."""

    __table_args__ = (
        Index(
            "ix_cases_open",
            "kind",
            "stage",
            "placed_at",
            "number",
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_cases_placed_at", "kind", "placed_at", "number"),
        Index("ix_cases_customer", "customer", "kind", "number"),
        Index(
            "ix_cases_not_begun",
            "placed_at",
            sqlite_where=text("sequence = 0"),
            postgresql_where=text("sequence = 0"),
        ),
    )
    number: str = Field(primary_key=True)
    kind: str = ""
    sequence: int = 0
    head: str = ""
    epoch: int = 0
    placed_at: datetime | None = Field(default=None, sa_type=Instant)
    customer: str = ""
    customer_name: str = ""
    customer_class: str = ""
    salesperson: str = Field(default="", index=True)
    title: str = ""
    """What it is about, in a few words."""
    stage: str = ""
    ending: str | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    policy_version: str = ""
    edition: int | None = None
    attempt: str | None = None
    attempt_from: int | None = None


class CaseJournal(OfCase, table=True):
    """The journal; a higher epoch holds what was recorded after the stores had diverged."""

    __tablename__ = "case_journal"
    __table_args__ = (UniqueConstraint("case_number", "sequence", "hash"),)
    epoch: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: str
    previous: str
    kind: str
    subject: str
    happened_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    by: str = ""
    role: str
    rule: str = ""
    data: dict[str, Any] = Field(sa_type=JSON)


class CaseSteps(OfCase, table=True):
    """What a case waits for; a step that is done keeps its row with `closed_at`."""

    __tablename__ = "case_steps"
    __table_args__ = (
        Index(
            "ix_case_steps_open",
            "due",
            "case_number",
            "key",
            sqlite_where=text("closed_at is null"),
            postgresql_where=text("closed_at is null"),
        ),
    )
    key: str = Field(primary_key=True)
    kind: str
    roles: list[str] = Field(sa_type=JSON)
    people: list[str] = Field(sa_type=JSON)
    rule: str
    since: datetime = Field(sa_type=Instant)
    due: datetime = Field(sa_type=Instant)
    blocking: bool
    overdue_at: datetime | None = Field(default=None, sa_type=Instant)
    escalated_at: datetime | None = Field(default=None, sa_type=Instant)
    zh: str
    en: str
    command: str
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class CaseDecisions(OfCase, table=True):
    """A decision asked for, by version of what it is about."""

    __tablename__ = "case_decisions"
    key: str = Field(primary_key=True)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    subject: str
    asked_at: datetime = Field(sa_type=Instant)
    outcome: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    voided_at: datetime | None = Field(default=None, sa_type=Instant)
    about: dict[str, Any] = Field(sa_type=JSON)
    answers: list[dict[str, Any]] = Field(sa_type=JSON)
