"""Money that comes through payment providers: intents, their orders, what providers told, what went back (R123)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Fen, Instant

_IS_OPEN = text("state = 'open'")


class Intents(Base, table=True):
    """One request for money over the orders of a checkout, of which one is open at a time."""

    __tablename__ = "intents"
    __table_args__ = (
        Index(
            "ix_intents_one_open", "checkout", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN
        ),
        Index("ix_intents_checkout", "checkout", "turn"),
        Index("ix_intents_opened_at", "opened_at"),
    )
    number: str = Field(primary_key=True)
    checkout: str
    turn: int
    """The how many-th of its checkout it is."""
    total: Decimal = Field(sa_type=Fen)
    state: str
    opened_at: datetime = Field(sa_type=Instant)
    provider: str = ""
    """Where it was made; empty before."""
    pay_at: str = ""
    """The provider's page on which it is paid."""
    asked_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the provider was asked last how it stands."""
    changed_at: datetime = Field(sa_type=Instant)


class IntentAllocations(Base, table=True):
    """What an intent asks for one order."""

    __tablename__ = "intent_allocations"
    intent: str = Field(primary_key=True, foreign_key="intents.number")
    order_number: str = Field(primary_key=True, index=True)
    place: int
    amount: Decimal = Field(sa_type=Fen)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class IntentPayments(Base, table=True):
    """Money that a provider has for us, once by the provider's own id."""

    __tablename__ = "intent_payments"
    __table_args__ = (Index("ix_intent_payments_paid_at", "paid_at"),)
    provider: str = Field(primary_key=True)
    payment: str = Field(primary_key=True)
    intent: str = Field(index=True, foreign_key="intents.number")
    amount: Decimal = Field(sa_type=Fen)
    currency: str
    meaning: str
    paid_at: datetime = Field(sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)


class IntentShares(Base, table=True):
    """What of a payment an order was told of; kept with its fact in the inbox, in one transaction."""

    __tablename__ = "intent_shares"
    __table_args__ = (CheckConstraint("amount > 0", name="ck_intent_shares_amount"),)
    provider: str = Field(primary_key=True)
    payment: str = Field(primary_key=True)
    order_number: str = Field(primary_key=True, index=True)
    place: int
    amount: Decimal = Field(sa_type=Fen)


class ProviderEvents(Base, table=True):
    """What a provider told, once by its own id; `early` waits for its intent."""

    __tablename__ = "provider_events"
    __table_args__ = (
        Index("ix_provider_events_intent", "intent"),
        Index(
            "ix_provider_events_early",
            "intent",
            "received_at",
            sqlite_where=text("state = 'early'"),
            postgresql_where=text("state = 'early'"),
        ),
    )
    provider: str = Field(primary_key=True)
    event: str = Field(primary_key=True)
    digest: str
    says: str
    intent: str
    state: str
    meaning: str = ""
    content: dict[str, Any] = Field(sa_type=JSON)
    received_at: datetime = Field(sa_type=Instant)


class IntentRefunds(Base, table=True):
    """Money that goes back; the key is what the provider is told as its idempotency key."""

    __tablename__ = "intent_refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="ck_intent_refunds_amount"),
        Index("ix_intent_refunds_payment", "provider", "payment"),
        Index(
            "ix_intent_refunds_to_do",
            "wanted_at",
            sqlite_where=text("state <> 'done' and state <> 'failed'"),
            postgresql_where=text("state <> 'done' and state <> 'failed'"),
        ),
    )
    provider: str = Field(primary_key=True)
    refund: str = Field(primary_key=True)
    payment: str
    intent: str = Field(index=True)
    order_number: str = Field(index=True)
    """Empty where no order had the money."""
    asked_by: str = Field(index=True)
    """The order's key for all of what it wants back; empty where it goes back by itself, or nobody here asked."""
    amount: Decimal = Field(sa_type=Fen)
    reason: str = ""
    state: str
    asked_here: bool = True
    reference: str = ""
    """The provider's own id of the refund."""
    problem: str = ""
    wanted_at: datetime = Field(sa_type=Instant)
    try_after: datetime = Field(sa_type=Instant)
    """Not asked for before that; what was tried waits longer each time."""
    tries: int = 0
    done_at: datetime | None = Field(default=None, sa_type=Instant)


class ProviderDifferences(Base, table=True):
    """What a provider's statement and our own books say differently, by what it is about (R123)."""

    __tablename__ = "provider_differences"
    provider: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    kind: str
    ours: Decimal | None = Field(default=None, sa_type=Fen)
    theirs: Decimal | None = Field(default=None, sa_type=Fen)
    intent: str = ""
    found_at: datetime = Field(sa_type=Instant)
    gone_at: datetime | None = Field(default=None, sa_type=Instant)
    """When a later look found no difference any more."""
