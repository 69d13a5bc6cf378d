"""Which papers of an order were printed, and where they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Engine, select

from activities.orders.views.order_views import Names
from activities.store.database import reading
from models.tables.registry import table
from models.writing.amounts_in_texts import ShownText


class Document(BaseModel):
    """A printed paper of an order, or what keeps it from being printed."""

    order_number: str
    identity: str
    paper: str
    created_at: datetime
    document: str | None
    problem: str | None


def documents_of(engine: Engine, order: str) -> list[Document]:
    """The papers of an order, printed or with a problem, in the order in which they became due."""
    outbox = table("outbox")
    query = (
        select(outbox)
        .where(outbox.c.order_number == order, outbox.c.document.is_not(None) | outbox.c.problem.is_not(None))
        .order_by(outbox.c.created_at, outbox.c.identity)
    )
    with reading(engine) as connection:
        return [Document.model_validate(dict(row)) for row in connection.execute(query).mappings()]


class Entered(BaseModel):
    """A paper or notice as it was entered in the outbox."""

    paper: str
    identity: str
    roles: Names
    rule: str
    zh: ShownText
    en: ShownText
    content: dict[str, Any] | None
    document: str | None = None
    """SHA-256 of the file, once it is printed."""


def entered(engine: Engine, order: str) -> list[Entered]:
    """Everything that was entered for an order, in the order in which it became due."""
    outbox = table("outbox")
    query = select(outbox).where(outbox.c.order_number == order)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(outbox.c.created_at, outbox.c.identity)).mappings()
        return [Entered.model_validate(dict(row)) for row in rows]
