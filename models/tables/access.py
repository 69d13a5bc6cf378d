"""The tables of the door: who may come in, what came in, what was answered, who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, UniqueConstraint, text
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class ApiKeys(Base, table=True):
    """A key: only the hash of its secret is kept. `person` is whose own key it is; empty for a service's."""

    __tablename__ = "api_keys"
    key_id: str = Field(primary_key=True)
    name: str
    secret_hash: str
    roles: list[str] = Field(sa_type=JSON)
    facts: list[str] = Field(sa_type=JSON)
    customers: list[str] = Field(sa_type=JSON)
    places_orders: bool
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    person: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Inbox(Base, table=True):
    """A fact that was taken while it could not be told to its order; told in the order in which it came."""

    __table_args__ = (UniqueConstraint("order_number", "fact_id", "digest"),)
    number: int | None = Field(default=None, primary_key=True)
    order_number: str
    fact_id: str
    digest: str
    envelope: dict[str, Any] = Field(sa_type=JSON)
    received_at: datetime = Field(sa_type=Instant)
    address: str
    state: str = Field(index=True)
    told_at: datetime | None = Field(default=None, sa_type=Instant)
    answer: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    event: str | None = None
    """By which message of which sender it came, `sender/message`; none where it came otherwise."""


class Webhooks(Base, table=True):
    """An event of another system that was taken: its id, so that it is never taken again; its body where it was about an order."""

    sender: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    digest: str
    signed_at: datetime = Field(sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)
    taken: str
    body: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))


class Answers(Base, table=True):
    """What a caller was answered under an idempotency key."""

    caller: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: str
    status: int
    body: dict[str, Any] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=Instant)


class Acts(Base, table=True):
    """Who did what, in which role, from where."""

    number: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant)
    person: str
    role: str
    address: str
    act: str
    order_number: str = Field(index=True)
    outcome: str
    acted_for: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The absent colleague for whom they did it (R13); empty: it was their own."""


class Logins(Base, table=True):
    """A person's password, as an argon2id hash, and their second factor, sealed with the installation's secret.

    `must_change`: somebody else chose the password. `second_factor_step` is the last time step whose code was used
    (RFC 6238): it and those before it count no more.
    """

    person: str = Field(primary_key=True)
    password_hash: str
    must_change: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    second_factor: str | None = None
    second_factor_offered: str | None = None
    """One that is being set up and was not shown to work yet."""
    second_factor_since: datetime | None = Field(default=None, sa_type=Instant)
    second_factor_step: int | None = Field(default=None, sa_type=BigInteger)


class RecoveryCodes(Base, table=True):
    """A code that stands in for the second factor, once; only its hash is kept."""

    __tablename__ = "recovery_codes"
    person: str = Field(primary_key=True)
    code_hash: str = Field(primary_key=True)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class LoginTries(Base, table=True):
    """Tries to log in as a person from one place since the last that went well; the place `*` is everywhere together.

    `known_until`: they have logged in from there, and tries from there are counted for that place alone.
    """

    __tablename__ = "login_tries"
    person: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    tries: int
    last_at: datetime = Field(sa_type=Instant, index=True)
    blocked_until: datetime | None = Field(default=None, sa_type=Instant)
    known_until: datetime | None = Field(default=None, sa_type=Instant)


class Sessions(Base, table=True):
    """A person who is logged in; only the hash of the token is kept.

    `way` is how they showed who they are, `waits` whether their second factor is still to be shown, `roles` which they
    had then.
    """

    token_hash: str = Field(primary_key=True)
    person: str = Field(index=True)
    form_token: str
    begun_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    address: str
    browser: str = Field(default="", sa_column_kwargs={"server_default": ""})
    way: str = Field(default="password", sa_column_kwargs={"server_default": "password"})
    waits: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    roles: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
