"""The tables of customers at the door: their links by their hashes, what was done by them, one-time codes, log-ins."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class CustomerLinks(Base, table=True):
    """A link that opens one order; only the hash of its secret is kept. `code_at`: when the last code was made for it."""

    __tablename__ = "customer_links"
    link_hash: str = Field(primary_key=True)
    order_number: str = Field(index=True)
    purpose: str
    sheet_version: int | None = None
    made_at: datetime = Field(sa_type=Instant)
    made_by: str
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    code_at: datetime | None = Field(default=None, sa_type=Instant)


class LinkUses(Base, table=True):
    """What was done by a link on a day, from where, with which document: the first and last time, and how often."""

    __tablename__ = "link_uses"
    link_hash: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    use: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    document: str = Field(primary_key=True)
    first_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant)
    times: int


class LinkDays(Base, table=True):
    """How much was done by a link on a business day: what is counted against its quota."""

    __tablename__ = "link_days"
    link_hash: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    uploads: int
    bytes: int
    codes: int
    signatures: int


class SigningCodes(Base, table=True):
    """A one-time code: made for one link, one name and one document. The code itself is kept nowhere.

    `code_hash` is empty where the name was no designated signer's that can be reached: then no code is right.
    """

    __tablename__ = "signing_codes"
    code_id: str = Field(primary_key=True)
    link_hash: str = Field(index=True)
    signer: str
    document: str
    code_hash: str
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    tries: int
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    channel: str
    sent_to: str


class CustomerCodes(Base, table=True):
    """A one-time code for a customer's log-in, by the hash of the address that was typed.

    For an address that nobody is reached at the row is the same with `customers` empty and no `code_hash`: whoever asks
    learns nothing. `address` stands only where the company has it on file.
    """

    __tablename__ = "customer_codes"
    code_id: str = Field(primary_key=True)
    address_hash: str = Field(index=True)
    address: str
    customers: list[str] = Field(sa_type=JSON)
    code_hash: str
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    tries: int
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class CustomerSessions(Base, table=True):
    """A customer who is logged in: it opens the own orders and nothing of the staff's; of the token only the hash is kept."""

    __tablename__ = "customer_sessions"
    token_hash: str = Field(primary_key=True)
    address: str
    customers: list[str] = Field(sa_type=JSON)
    begun_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    came_from: str
