"""The tables of acts at pages: those that may still be taken back, files that belong to acts, forms that wait for a log-in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from models.tables.base import Base
from models.tables.columns import Instant


class HeldActs(Base, table=True):
    """An act that was said at a page and is not told yet: until `due_at` whoever said it may take it back.

    `form` is what was filled in, for who takes it back or must say it again.
    """

    __tablename__ = "held_acts"
    __table_args__ = (Index("ix_held_acts_due", "state", "due_at"),)
    key: str = Field(primary_key=True)
    order_number: str = Field(index=True)
    fact_id: str
    person: str
    kind: str
    step: str
    envelope: dict[str, Any] = Field(sa_type=JSON)
    form: dict[str, str] = Field(sa_type=JSON)
    address: str
    said_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    state: str


class ActFiles(Base, table=True):
    """A paper or photo that was given with an act, by its SHA-256 in the document store."""

    __tablename__ = "act_files"
    order_number: str = Field(primary_key=True)
    fact_id: str = Field(primary_key=True)
    document: str = Field(primary_key=True)
    ending: str
    name: str
    size: int
    given_by: str
    given_at: datetime = Field(sa_type=Instant)


class KeptForms(Base, table=True):
    """What somebody had written when their log-in ended: shown to them alone, after they are in again. One a person."""

    __tablename__ = "kept_forms"
    person: str = Field(primary_key=True)
    path: str
    fields: dict[str, str] = Field(sa_type=JSON)
    kept_at: datetime = Field(sa_type=Instant)
