"""The tables of what other shops hear: endpoints, events of orders, and what became of each event at each endpoint."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class WebhookEndpoints(Base, table=True):
    """Where a service hears of its orders. Its secret stands in no table: it is made of the installation's own each time."""

    __tablename__ = "webhook_endpoints"
    endpoint: str = Field(primary_key=True)
    name: str = Field(index=True)
    """Whose it is: the name of the service's keys."""
    url: str
    events: list[str] = Field(sa_type=JSON)
    customers: list[str] = Field(sa_type=JSON)
    state: str = Field(index=True)
    cause: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why it is paused."""
    problem: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What went wrong the last time."""
    secret: int = 1
    """Which of its secrets signs now; the one before signs beside it until `old_until`."""
    digest: str
    """Of that secret: whoever sends knows by it that he has the same installation's."""
    old_until: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    created_by: str
    failures: int = 0
    """One after another, whatever it was that failed."""
    failing_since: datetime | None = Field(default=None, sa_type=Instant)
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    """Before that nothing is tried; None: at once."""
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it took something last."""


class WebhookEvents(Base, table=True):
    """What happened to an order, entered with its burst. `position` comes after: by it events are read and sent again."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        UniqueConstraint("order_number", "identity"),
        UniqueConstraint("position"),
        Index(
            "ix_webhook_events_without_position",
            "number",
            sqlite_where=text('"position" is null'),
            postgresql_where=text('"position" is null'),
        ),
        Index("ix_webhook_events_entered_at", "entered_at"),
    )
    number: int | None = Field(default=None, primary_key=True)
    order_number: str
    identity: str
    event: str
    version: int
    customer: str
    happened_at: datetime = Field(sa_type=Instant)
    entered_at: datetime = Field(sa_type=Instant)
    data: dict[str, Any] = Field(sa_type=JSON)
    position: int | None = None


class WebhookDeliveries(Base, table=True):
    """What became of one event at one endpoint."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_due", "endpoint", "state", "next_at"),
        Index("ix_webhook_deliveries_order", "endpoint", "order_number", "event"),
        Index("ix_webhook_deliveries_event", "event"),
    )
    endpoint: str = Field(primary_key=True, foreign_key="webhook_endpoints.endpoint")
    event: int = Field(
        primary_key=True, foreign_key="webhook_events.number", sa_column_kwargs={"autoincrement": False}
    )
    order_number: str
    state: str
    attempts: int = 0
    next_at: datetime = Field(sa_type=Instant)
    first_tried_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    problem: str = Field(default="", sa_column_kwargs={"server_default": ""})


class WebhookPositions(Base, table=True):
    """The last position that an event was given: one row, which is locked while they are given."""

    __tablename__ = "webhook_positions"
    name: str = Field(primary_key=True)
    last: int
