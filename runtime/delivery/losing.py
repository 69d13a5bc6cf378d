"""Seeing that an order's workflow is gone: terminated, failed, deleted, or on a server that never had it (R47)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from runtime.databases import engine_of
from runtime.delivery.server_orders import OnServer, look_up
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client


async def note_if_lost(
    client: Client, settings: Settings, number: str, found: OnServer | None = None
) -> bool:
    """Whether the order is lost: it has not ended and nothing of it runs. Then a step of the desk says what happened.

    `found` is what the server has, where that is known. One that never began is not lost: it begins when it is told something.
    Raises Refusal(server_unavailable, database_unavailable).
    """
    from activities.orders.lost_orders import ending_of, note_lost

    engine = engine_of(settings)
    if await asyncio.to_thread(ending_of, engine, number) is not None:
        return False
    found = found or await look_up(client, number)
    if not found.is_lost:
        return False
    await asyncio.to_thread(
        note_lost,
        engine,
        number,
        found.state,
        datetime.now(UTC),
        closed_at=found.closed_at,
        closed_by=found.closed_by,
        reason=found.reason,
    )
    return True
