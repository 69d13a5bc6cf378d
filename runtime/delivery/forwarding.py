"""What was taken while the Temporal server was away is told when it is back: in order, once as the order sees it."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from activities.facts import pending_facts
from models.values.errors import Code, Refusal
from runtime.delivery.placing import Opened, begin_order
from runtime.delivery.telling import tell_order
from runtime.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from temporalio.client import Client

_log = logging.getLogger("dingdan.inbox")
_BEGINNING = timedelta(seconds=10)
"""How long whoever numbered an order is left alone to begin it."""
_MOST_REMEMBERED = 1000
_LATER = {Code.SERVER_UNAVAILABLE, Code.DATABASE_UNAVAILABLE, Code.DISK_FULL, Code.NOT_SET_UP}


async def forward(client: Client, settings: Settings, engine: Engine, begun: set[str]) -> int:
    """Start what was placed, then tell what waits, the oldest first; how many facts were told.

    `begun` are the orders that were started here before; they grow with every one that is started now.

    The same fact told twice changes nothing: the order knows its id. Raises Refusal where the world cannot.
    """
    from activities.orders.requests import not_begun

    if len(begun) > _MOST_REMEMBERED:
        begun.clear()  # starting one of them again changes nothing
    for start in await asyncio.to_thread(not_begun, engine, datetime.now(UTC) - _BEGINNING, begun):
        await begin_order(client, settings, Opened(start, known=True))
        begun.add(start.number)
    count = 0
    while found := await asyncio.to_thread(pending_facts.waiting, engine):
        for kept in found:
            count += await _tell(client, settings, engine, kept)
    return count


async def _tell(client: Client, settings: Settings, engine: Engine, kept: pending_facts.Kept) -> int:
    now = datetime.now(UTC)
    try:
        told = await tell_order(client, settings, kept.order_number, kept.envelope)
    except Refusal as refusal:
        if refusal.code in _LATER:
            raise
        if refusal.code is Code.UNKNOWN_ORDER:
            await asyncio.to_thread(pending_facts.mark_unplaced, engine, kept, now)
            return 0
        answer = refusal.as_json()
        _log.warning("%s %s: %s", kept.order_number, kept.envelope.fact_id, refusal.code.value)
    else:
        answer = told.reply.model_dump(mode="json") if told.reply is not None else {"status": "stored"}
    await asyncio.to_thread(pending_facts.mark_told, engine, kept.number, answer, now)
    return 1
