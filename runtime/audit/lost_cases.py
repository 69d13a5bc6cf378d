"""Quotes, after-sales cases and contracts that run on the server and that the order database forgot: their request and row (R47)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from activities.audit.audited_kinds import kind_of
from runtime.cases.rooms import AnyStart, room_of
from runtime.databases import engine_of
from runtime.delivery.server_orders import OnServer, input_of
from runtime.refusals import named_answers
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client


async def take_back_case(client: Client, settings: Settings, found: OnServer) -> bool:
    """Keep again what the case began with, and a row that has recorded nothing yet; whether the server could tell it.

    What comes next (journal, rows) is written by whoever mends it. Whose id its request had the server does not know: it
    counts as the customer's own. Raises Refusal(server_unavailable, database_unavailable).
    """
    from activities.cases.case_requests import take_case_back

    start = await _start_of(client, settings, found)
    if start is None:
        return False
    await asyncio.to_thread(take_case_back, engine_of(settings), room_of(start.number).kind, start)
    return True


async def _start_of(client: Client, settings: Settings, found: OnServer) -> AnyStart | None:
    """None where the server has no such case of this installation, or has forgotten what it began with."""
    from temporalio.service import RPCError, RPCStatusCode

    if found.workflow != kind_of(found.number).workflow or found.task_queue != settings.task_queue:
        return None
    for run in dict.fromkeys((found.first_run_id, found.run_id)):
        with named_answers():
            try:
                given = await input_of(client, found.number, run)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                continue
        start = _start_in(given, found.number)
        if start is not None:
            return start
    return None


def _start_in(given: Any, number: str) -> AnyStart | None:
    """A first run is given its start, a later one the case, which has all of it."""
    if not isinstance(given, dict):
        return None
    room, kind = room_of(number), kind_of(number)
    said = given.get(kind.name, given)
    if not isinstance(said, dict):
        return None
    try:
        start = room.start.model_validate(
            {name: said[name] for name in room.start.model_fields if name in said}
        )
    except ValidationError:
        return None
    return start if start.number == number else None
