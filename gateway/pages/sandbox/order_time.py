"""What time it is for an order: now, and for a sandbox order whatever its time was skipped to."""

from __future__ import annotations

from datetime import UTC, datetime

from activities.sandbox.sandbox_orders import SandboxOrder, sandbox_order
from gateway.context import Door
from models.values.calendar import BUSINESS_ZONE
from rehearsal.sandbox import time_of


async def sandbox_of(door: Door, number: str) -> datetime | None:
    """The own time (business time) of a sandbox order; None for every other order, and where there are no sandbox orders."""
    if not door.settings.sandbox:
        return None
    found: SandboxOrder | None = await door.look(sandbox_order, number)
    if found is None:
        return None
    now = await door.on_server(lambda client: time_of(client, door.settings, number))
    return now.astimezone(BUSINESS_ZONE)


async def time_of_order(door: Door, number: str) -> datetime:
    """The moment at which something that is told now happens to this order."""
    return await sandbox_of(door, number) or datetime.now(UTC)
