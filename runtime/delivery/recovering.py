"""Workflows without a row: what the server has and the order database lost comes back from the server (R10, R47)."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.order.order import Order
from models.reports.server_state import ServerState
from models.values.fingerprint import digest_of_model
from runtime.databases import engine_of
from runtime.delivery.order_handles import order_handle, workflow_id
from runtime.delivery.server_orders import (
    OnServer,
    is_order_of,
    look_up,
    numbers_on_server,
    start_on_server,
)
from runtime.refusals import named_answers
from runtime.settings import Settings
from workflows.durable import RECORD_ANEW

if TYPE_CHECKING:
    from temporalio.client import Client

    from activities.orders.taken_numbers import KeptRequest

_log = logging.getLogger("dingdan.placing")
_ASKED = timedelta(seconds=5)
"""How long an order that has ended may take to tell what it was."""


async def recover_row(client: Client, settings: Settings, number: str) -> bool:
    """Write the request and the row of an order that the server has; whether any of both was missing here.

    A running order then records itself anew. Nothing is done where the server has no such order of this installation, or
    the number is kept here for another request: that one must get another number first.
    Raises Refusal(server_unavailable, database_unavailable).
    """
    from activities.orders.taken_numbers import kept_under, take_back

    engine = engine_of(settings)
    found = await look_up(client, number)
    lost = await lost_request(client, settings, found)
    if lost is None:
        return False
    kept = await asyncio.to_thread(kept_under, engine, number)
    if kept is not None and not await is_order_of(client, found, kept.start, kept.space):
        return False
    missing = await asyncio.to_thread(take_back, engine, lost, datetime.now(UTC))
    if missing:
        _log.warning("%s was not in the order database; it is taken back from the server", number)
        await fill_row(client, settings, found)
    return missing


async def fill_row(client: Client, settings: Settings, found: OnServer) -> None:
    """What the row of an order says that was just taken back: a running one records itself, an ended one is asked by query.

    Where no worker answers the query, the row of an ended order stays as it was numbered. Raises Refusal(server_unavailable).
    """
    if found.state is ServerState.RUNNING:
        await record_anew(client, found.number)
    elif found.state is ServerState.COMPLETED:
        await _record_closed(client, settings, found)


async def _record_closed(client: Client, settings: Settings, found: OnServer) -> None:
    from temporalio.client import WorkflowQueryFailedError
    from temporalio.service import RPCError

    from activities.orders.recording.recorder import Standing
    from activities.orders.taken_numbers import record_closed

    handle = client.get_workflow_handle(workflow_id(found.number), run_id=found.run_id)
    try:
        order = Order.model_validate(await handle.query("order", rpc_timeout=_ASKED))
    except (RPCError, WorkflowQueryFailedError):
        _log.warning("%s has ended; no worker tells how, its row is as it was numbered", found.number)
        return
    standing = Standing(order.sequence, order.head, 0)
    await asyncio.to_thread(record_closed, engine_of(settings), order, standing)


async def lost_request(client: Client, settings: Settings, found: OnServer) -> KeptRequest | None:
    """The request of an order that the server has, as its memo and its first input tell it; None for what is none of ours.

    Whose id it has is told by orders that were begun since that is noted; of others it is anybody's.
    """
    from activities.orders.requests import ANYBODYS
    from activities.orders.taken_numbers import KeptRequest

    start = await start_on_server(client, found)
    if start is None or start.number != found.number or found.task_queue != settings.task_queue:
        return None
    space = ANYBODYS if found.space is None else found.space
    return KeptRequest(start, found.content or digest_of_model(start.request), space)


async def record_anew(client: Client, number: str) -> None:
    """Ask a running order to send every row of its own to the order database once more; no entry in its journal says so.

    Raises Refusal(unknown_order, server_unavailable).
    """
    with named_answers():
        await order_handle(client, number).signal(RECORD_ANEW)


async def recover_day(client: Client, settings: Settings, number: str) -> None:
    """Take back what the server has of the day of this number and the order database does not.

    Raises Refusal(server_unavailable, database_unavailable).
    """
    from activities.orders.taken_numbers import without_request

    there = await numbers_on_server(client, settings.task_queue, f"{number.partition('-')[0]}-")
    for missing in await asyncio.to_thread(without_request, engine_of(settings), there):
        await recover_row(client, settings, missing)
