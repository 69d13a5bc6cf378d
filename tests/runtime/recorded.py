"""Telling, for tests that read what they told: an order answers first, and the order database has it a moment later, on a busy
machine many."""

from __future__ import annotations

from sqlalchemy import func, select
from temporalio.client import Client

from activities.store.database import engine_at, reading
from models.messages.envelope import Envelope
from models.tables.registry import table
from runtime.delivery.order_handles import is_case
from runtime.delivery.telling import Told, tell_order
from runtime.settings import Settings
from tests.runtime.watching import until


async def told_and_recorded(
    client: Client, settings: Settings, number: str, envelope: Envelope, patience: float | None = None
) -> Told:
    """As `tell_order`, and the journal entry that the answer names is in the order database."""
    told = await tell_order(client, settings, number, envelope, patience)
    entries = table("case_journal" if is_case(number) else "journal")
    its = entries.c.case_number if is_case(number) else entries.c.order_number
    newest = select(func.max(entries.c.sequence)).where(its == number)

    def recorded() -> bool:
        with reading(engine_at(settings.database_url)) as connection:
            return told.reply is None or (connection.scalar(newest) or 0) >= told.reply.sequence

    await until(recorded, f"{envelope.kind} of {number} is recorded")
    return told
