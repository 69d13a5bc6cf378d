"""Beginning a case that is no order: started on the server once, whoever asks (R104, R143)."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.values.errors import OF_THE_WORLD, Code, Refusal
from models.values.fingerprint import digest_of_model
from models.values.vocabulary import Words
from runtime.cases.rooms import ROOMS, AnyStart, room_of
from runtime.databases import engine_of
from runtime.refusals import named_answers
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

_log = logging.getLogger("dingdan.cases")
_MOST_TAKEN = 100
"""So many numbers in a row may be taken; more are another installation's, on the same server."""
START = "start"
"""What the memo of a case's workflow says: the digest of its start."""
_BEGINNING = timedelta(seconds=5)
"""So long whoever numbered a case is left to begin it."""
_FOREIGN = Words(
    "服务器上的 {number} 是另一单。请检查数据库与服务器是否配对",
    "the server has another case {number}: check that database and server belong together",
)


async def begin_case(client: Client, settings: Settings, start: AnyStart) -> AnyStart:
    """Start a numbered case, and the start with which it has begun; one that has begun is left alone.

    A number under which the server has another case, because a restored database forgot it, is skipped.

    Raises Refusal: server_unavailable, too_large, server_refuses, request_conflict.
    """
    from activities.cases.case_requests import case_has_begun, renumber_case

    engine, room = engine_of(settings), room_of(start.number)
    for _ in range(_MOST_TAKEN):
        if await asyncio.to_thread(case_has_begun, engine, start.number):
            return start
        with named_answers():
            if await _is_begun(client, settings, start):
                return start
        again = await asyncio.to_thread(renumber_case, engine, start.number, room.another_number, room.beside)
        if again is None:
            break
        _log.warning("%s is another one's on the server; this one is %s", start.number, again["number"])
        start = room.start.model_validate(again)
    words = _FOREIGN.filled(number=start.number)
    raise Refusal(Code.REQUEST_CONFLICT, words, where="request_id")


async def _is_begun(client: Client, settings: Settings, start: AnyStart) -> bool:
    """Start it; False where the server has another case under its number."""
    from temporalio.common import WorkflowIDReusePolicy
    from temporalio.exceptions import WorkflowAlreadyStartedError

    from runtime.delivery.order_handles import order_handle, workflow_id
    from workflows.engine.plain_markdown import as_text
    from workflows.engine.step_list import shortened

    digest = digest_of_model(start)
    try:
        await client.start_workflow(
            room_of(start.number).workflow,
            start,
            id=workflow_id(start.number),
            task_queue=settings.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=shortened(f"{start.number} {as_text(start.customer.name)}"),
            memo={START: digest},
        )
    except WorkflowAlreadyStartedError:
        theirs = await (await order_handle(client, start.number).describe()).memo()
        return bool(theirs.get(START, digest) == digest)
    return True


async def begin_kept(client: Client, settings: Settings, number: str) -> bool:
    """Start a case that was numbered and never began; False where it did, or nobody numbered it."""
    from activities.cases.case_requests import case_has_begun, start_kept

    engine = engine_of(settings)
    if await asyncio.to_thread(case_has_begun, engine, number):
        return False
    kept = await asyncio.to_thread(start_kept, engine, number)
    if kept is None:
        return False
    await begin_case(client, settings, room_of(number).start.model_validate(kept))
    return True


async def begin_waiting(client: Client, settings: Settings, begun: set[str]) -> None:
    """Start every case whose server was away when it was asked for. Raises Refusal where the world cannot."""
    from activities.cases.case_requests import cases_not_begun

    before = datetime.now(UTC) - _BEGINNING
    for room in ROOMS.values():
        waiting = await asyncio.to_thread(cases_not_begun, engine_of(settings), room.kind, before)
        for number in waiting:
            if number not in begun:
                await _begin_late(client, settings, number)
                begun.add(number)


async def _begin_late(client: Client, settings: Settings, number: str) -> None:
    try:
        await begin_kept(client, settings, number)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        _log.warning("%s could not begin: %s", number, refusal.words.en)
