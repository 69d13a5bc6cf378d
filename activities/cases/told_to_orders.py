"""What an order that lives is to hear of cases about it: one that is open stops the clock of its completion (R81).

It is kept in the inbox in the transaction that records the case, and told from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from activities.facts import pending_facts
from models.dossier.journal import EntryKind, JournalEntry
from models.facts.fact_envelope import fact_envelope
from models.tables.registry import table
from models.values.vocabulary import Role
from models.writing.written_numbers import Manner

_BY = "system"
OPENED, CLOSED = "after_sales_opened", "after_sales_closed"


def tell_opened(connection: Connection, order: str, case: str, at: datetime) -> None:
    """A case about this order was opened at this moment (UTC)."""
    _tell(connection, order, case, OPENED, at)


def tell_closed(connection: Connection, case: str, entries: Iterable[JournalEntry]) -> None:
    """The case has ended, where one of these entries says so; told again it is the same fact."""
    ended = next((each for each in entries if each.kind is EntryKind.ENDED), None)
    if ended is None:
        return
    cases = table("order_cases")
    order = connection.scalar(select(cases.c.order_number).where(cases.c.case_number == case))
    if order is not None:
        _tell(connection, order, case, CLOSED, ended.recorded_at)


def _tell(connection: Connection, order: str, case: str, kind: str, at: datetime) -> None:
    orders = table("orders")
    lives = select(orders.c.number).where(orders.c.number == order, orders.c.ending.is_(None))
    if connection.scalar(lives) is None:
        return
    said = fact_envelope(
        f"{case}/{kind}",
        kind,
        {"case": case},
        by=_BY,
        role=Role.SYSTEM,
        happened_at=at,
        manner=Manner.KEPT,
    )
    pending_facts.enter(connection, order, said, at, "")
