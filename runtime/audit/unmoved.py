"""Which orders and other cases stand as they did when they were last found right: one look at each store, and no worker is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from activities.audit.found_right import ENDED, Right, found_right
from activities.audit.row_digests import digests
from models.values.errors import OF_THE_WORLD, Refusal
from runtime.audit.comparing import life_of
from runtime.databases import engine_of
from runtime.delivery.server_orders import look_up
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

AT_ONCE = 4
"""So many orders are looked at side by side: people work meanwhile."""


@dataclass(frozen=True, slots=True)
class Unmoved:
    """Those that need no comparison, and how many of them run."""

    numbers: frozenset[str] = frozenset()
    running: int = 0


async def unmoved(client: Client, settings: Settings, numbers: Sequence[str], today: date) -> Unmoved:
    """Of these numbers those whose rows and whose workflow are as they were, but for those whose night it is.

    The rows are read first: what moves meanwhile has more events then, and is compared. Raises
    Refusal(server_unavailable, database_unavailable).
    """
    engine = engine_of(settings)
    known = await asyncio.to_thread(found_right, engine, numbers)
    asked = [
        number for number, right in known.items() if not right.is_due(number, today, settings.audit_nights)
    ]
    rows = await asyncio.to_thread(digests, engine, asked)
    same = [number for number in asked if rows[number] == known[number].rows]
    turn = asyncio.Semaphore(AT_ONCE)

    async def lives_on(number: str, right: Right) -> bool:
        if right.life == ENDED:
            return True
        async with turn:
            try:
                return life_of(settings, await look_up(client, number)) == right.life
            except Refusal as refusal:
                if refusal.code in OF_THE_WORLD:
                    raise
                return False

    lived = await asyncio.gather(*(lives_on(number, known[number]) for number in same))
    still = frozenset(number for number, lives in zip(same, lived, strict=True) if lives)
    return Unmoved(still, sum(known[number].life != ENDED for number in still))
