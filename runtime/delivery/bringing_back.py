"""Bringing an order back whose workflow was terminated, has failed, or is not on the server any more (R47).

What decides is that time counts as it did: a confirmation that came in time must not be late because the order was away.
So the order is lived once more from its kept request and its journal, each fact at the moment at which it was taken
(`workflows.rebuilding`). Where that gives the very journal that is recorded, a new workflow goes on from there with the
same sequence and hashes, as after a continue-as-new. Where the journal lacks what the server's history has, the history is
the better witness: the server takes the run up again at its last task (a reset). Where neither is whole, the order begins
from what the journal tells, in an epoch of its own that somebody compares. Then it is told what was told meanwhile; a fact
that it knows changes nothing.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.dossier.exceptions import stores_diverged
from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.reports.server_state import Revival, ServerState
from models.request.order_start import OrderStart
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of
from runtime.delivery.order_handles import order_handle, start_order, workflow_id
from runtime.delivery.server_orders import OnServer, is_order_of, look_up, memo_of
from runtime.delivery.told_in_history import ToldInHistory, told_in_history
from runtime.refusals import named_answers
from runtime.settings import Settings
from workflows.engine.carried import Carried
from workflows.procedure import advance
from workflows.rebuilding import rebuilt

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from temporalio.client import Client

    from activities.orders.taken_numbers import KeptRequest

_RULE = "R47"
_ENDED = Words("订单 {number} 已终结，不必恢复", "order {number} has ended; there is nothing to bring back")
_OTHERS = Words(
    "服务器上的 {number} 是另一张订单；请先用新号开始这张订单",
    "what the server has as {number} is another order; this one must begin under another number first",
)
_REASON = "brought back by {by}"


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """What was done: how it came back, and how many facts it was told that had been kept meanwhile."""

    number: str
    how: Revival
    told: int


async def bring_back(client: Client, settings: Settings, number: str, by: str) -> BroughtBack:
    """Bring the order back and tell it what was told meanwhile; one that runs is told what waits. `by` is who wants it.

    Doing it again, or by two at once, is the same. Raises Refusal: unknown_order, order_ended, request_conflict (the number
    is another order's on the server), server_unavailable, database_unavailable.
    """
    from activities.orders import lost_orders
    from runtime.delivery.forwarding import forward_order

    engine = engine_of(settings)
    kept = await _kept(client, settings, number)
    found = await look_up(client, number)
    if found.has_history and not await is_order_of(client, found, kept.start, kept.space):
        raise Refusal(Code.REQUEST_CONFLICT, _OTHERS.filled(number=number), where=number, rule="R10")
    ended = await asyncio.to_thread(lost_orders.ending_of, engine, number) is not None
    if found.state is ServerState.COMPLETED or (ended and found.is_lost):
        raise Refusal(Code.ORDER_ENDED, _ENDED.filled(number=number), where=number, rule=_RULE)
    how = await _start_again(client, settings, kept, found, by) if found.is_lost else Revival.RAN
    now = datetime.now(UTC)
    await asyncio.to_thread(lost_orders.no_longer_lost, engine, number, now, by, how.value)
    await asyncio.to_thread(_wait_again, engine, number, now)
    told = await forward_order(client, settings, engine, number)
    return BroughtBack(number, how, told)


async def _kept(client: Client, settings: Settings, number: str) -> KeptRequest:
    """The order's request; one that the database lost is taken back from the server first. Raises Refusal(unknown_order)."""
    from activities.orders.taken_numbers import kept_under
    from models.access import no_order
    from runtime.delivery.recovering import recover_row

    engine = engine_of(settings)
    kept = await asyncio.to_thread(kept_under, engine, number)
    if kept is None and await recover_row(client, settings, number):
        kept = await asyncio.to_thread(kept_under, engine, number)
    if kept is None:
        raise no_order(number)
    return kept


async def _start_again(
    client: Client, settings: Settings, kept: KeptRequest, found: OnServer, by: str
) -> Revival:
    from temporalio.exceptions import WorkflowAlreadyStartedError

    from activities.orders.views.order_views import journal_of

    engine, number = engine_of(settings), found.number
    journal = await asyncio.to_thread(journal_of, engine, number)
    past = await told_in_history(client, found)
    again, how = await asyncio.to_thread(_lived_again, engine, kept, journal, found, by)
    ahead = past.is_ahead_of(journal)
    if past.last_task and (ahead or how is Revival.ANEW):
        await _reset(client, found, past, by)
        return Revival.RESET
    memo = memo_of(kept.start, kept.content, kept.space)
    try:
        with named_answers():
            await start_order(client, again, settings.task_queue, memo=memo, over_a_lost_one=True)
            await _tell_unknown(client, number, past, journal)
    except WorkflowAlreadyStartedError:
        return Revival.RAN  # somebody else has brought it back at this very moment
    return how


def _lived_again(
    engine: Engine, kept: KeptRequest, journal: Sequence[JournalEntry], found: OnServer, by: str
) -> tuple[OrderStart | Carried, Revival]:
    """What the new workflow is started with."""
    from activities.orders.recording.receipts import is_had_by_another
    from activities.orders.recording.recorder import standing_of

    number, now = found.number, datetime.now(UTC)
    standing = standing_of(engine, number)
    if not journal:
        return kept.start, Revival.BEGUN
    life = rebuilt(kept.start, journal, lambda key: is_had_by_another(engine, number, key))
    order = life.order
    whole = life.exact and (order.sequence, order.head) == (standing.sequence, standing.hash)
    if whole:
        # Everything of this is recorded and printed: what is new is only that the order is back.
        order.unsaved, order.unsent = [], []
        carried = Carried(
            order=order, epoch=standing.epoch, saved_sequence=standing.sequence, saved_hash=standing.hash
        )
    else:
        carried = Carried(order=order, epoch=standing.epoch + 1, saved_sequence=0, saved_hash=FIRST_LINK)
    advance(order, now)
    if not whole:
        stores_diverged(order, carried.epoch, standing.sequence, standing.hash)
    order.note(
        EntryKind.BROUGHT_BACK,
        "workflow",
        by=by,
        role=Role.OPERATOR,
        rule=_RULE,
        state=found.state.value,
        closed_at=found.closed_at.isoformat() if found.closed_at is not None else "",
        closed_by=found.closed_by,
        reason=found.reason,
    )
    return carried, Revival.REBUILT if whole else Revival.ANEW


async def _reset(client: Client, found: OnServer, past: ToldInHistory, by: str) -> None:
    """The server takes the last run up again at its last task; signals and updates after it are told again by the server."""
    from temporalio.api.common.v1 import WorkflowExecution
    from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

    wanted = ResetWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=workflow_id(found.number), run_id=found.run_id),
        reason=_REASON.format(by=by),
        workflow_task_finish_event_id=past.last_task,
        request_id=str(uuid.uuid4()),
    )
    with named_answers():
        await client.workflow_service.reset_workflow_execution(wanted)


async def _tell_unknown(
    client: Client, number: str, past: ToldInHistory, journal: Sequence[JournalEntry]
) -> None:
    """What the last run was told and had no time to record, in the order in which it came."""
    handle = order_handle(client, number)
    for each in past.unknown_to(journal):
        await handle.signal(each.envelope.kind, each.message)


def _wait_again(engine: Engine, number: str, now: datetime) -> None:
    """What was put aside as late waits to be told, and what was stored and never journaled is told once more."""
    from activities.facts.pending_facts import tell_again, told_of
    from activities.orders.lost_orders import keep_meanwhile
    from activities.orders.views.order_views import journal_of

    keep_meanwhile(engine, number, now)
    known = {
        (entry.subject, entry.by, entry.data.get("fact_id"))
        for entry in journal_of(engine, number)
        if entry.kind in (EntryKind.FACT, EntryKind.EARLY)
    }
    tell_again(
        engine,
        [
            each.number
            for each in told_of(engine, number)
            if (each.envelope.kind, each.envelope.by, each.envelope.fact_id) not in known
        ],
    )
