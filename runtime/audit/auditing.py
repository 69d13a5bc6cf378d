"""The audit of the stores, page by page: every order that either store knows, compared, and healed where that is asked for (R47)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from activities.audit.stored_orders import numbers_after
from activities.erasing.customer_erasure import chain_after_erasure
from models.reports.server_state import ServerState
from models.reports.store_audit import Audited, AuditOutcome, AuditPage, Difference, Finding
from models.values.errors import OF_THE_WORLD, Refusal
from runtime.audit.comparing import compared
from runtime.audit.repairing import repaired
from runtime.databases import engine_of
from runtime.delivery.order_handles import WORKFLOW, workflow_id
from runtime.refusals import named_answers
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

PAGE = 50
_AT_ONCE = 4
"""So many orders are looked at side by side: people work meanwhile."""
_PAUSE_SECONDS = 0.2
_IN_ONE_QUESTION = 500
_SHOWN = 200


async def audit_page(client: Client, settings: Settings, page: AuditPage, *, ended: bool = False) -> Audited:
    """One page of orders; the last one also looks for workflows that the order database does not know, and at stock.

    Raises Refusal(server_unavailable, database_unavailable): the page is done anew then, and doing it again is the same.
    """
    engine = engine_of(settings)
    numbers = await asyncio.to_thread(numbers_after, engine, page.after, PAGE)
    is_last = len(numbers) < PAGE
    done = await audit_orders(client, settings, numbers, repair=page.repair, ended=ended)
    if not is_last:
        return done.model_copy(update={"after": numbers[-1]})
    async for unknown in _unknown(client, settings):
        done = done.with_page(await audit_orders(client, settings, unknown, repair=page.repair, ended=True))
    done = done.with_page(Audited(findings=await _claims(settings, repair=page.repair)))
    return done.with_page(Audited(findings=await _stock(settings, repair=page.repair)))


async def audit_orders(
    client: Client, settings: Settings, numbers: Sequence[str], *, repair: bool, ended: bool = False
) -> Audited:
    """These orders. Raises as `audit_page`."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one(number: str) -> tuple[bool, list[Finding]]:
        async with turn:
            try:
                whole = await asyncio.to_thread(chain_after_erasure, engine_of(settings), number)
                if whole is not None:  # nothing of it is left to compare but the chain
                    return False, [] if whole else [_broken_chain(number)]
                looked = await compared(client, settings, number, ended=ended)
                runs = looked.found.state is ServerState.RUNNING
                if repair:
                    return runs, await repaired(client, settings, looked, ended=ended)
            except Refusal as refusal:
                if refusal.code in OF_THE_WORLD:
                    raise
                return False, [_not_compared(number, refusal)]
            return runs, looked.findings

    done = await asyncio.gather(*(one(number) for number in numbers))
    await asyncio.sleep(_PAUSE_SECONDS)
    return Audited(
        orders=len(done),
        running=sum(runs for runs, _ in done),
        findings=[finding for _, findings in done for finding in findings],
    )


def _broken_chain(number: str) -> Finding:
    """The chain that an erasure left: what of it is missing was nowhere else."""
    return Finding(
        order=number, difference=Difference.JOURNAL_GAP, where="erased_journal", outcome=AuditOutcome.LEFT
    )


def _not_compared(number: str, refusal: Refusal) -> Finding:
    """One order that cannot be read holds up no other one."""
    return Finding(
        order=number,
        difference=Difference.UNANSWERED,
        database=refusal.words.en[:_SHOWN],
        outcome=AuditOutcome.LEFT,
    )


async def audit_all(client: Client, settings: Settings, *, repair: bool, ended: bool = False) -> Audited:
    """Every page. Raises as `audit_page`."""
    whole = await audit_page(client, settings, AuditPage(repair=repair), ended=ended)
    while whole.after:
        page = AuditPage(after=whole.after, repair=repair)
        whole = whole.with_page(await audit_page(client, settings, page, ended=ended))
    return whole


async def _unknown(client: Client, settings: Settings) -> AsyncIterator[list[str]]:
    """Orders of this installation on the server under whose number no request is kept: those that run, and those that ended
    since the copy was made that was put back."""
    from activities.orders.taken_numbers import without_request

    engine = engine_of(settings)
    query = (
        f'WorkflowType = "{WORKFLOW}" AND TaskQueue = "{settings.task_queue}" '
        'AND ExecutionStatus IN ("Running", "Completed")'
    )
    before, some = len(workflow_id("")), list[str]()
    with named_answers():
        there = list(dict.fromkeys([found.id[before:] async for found in client.list_workflows(query)]))
    for start in range(0, len(there), _IN_ONE_QUESTION):
        some = await asyncio.to_thread(without_request, engine, there[start : start + _IN_ONE_QUESTION])
        if some:
            yield some


async def _stock(settings: Settings, *, repair: bool) -> list[Finding]:
    """R110: what ended orders have of the stock is given back."""
    from activities.stock.forgotten import give_back, kept_after_the_end

    engine = engine_of(settings)
    kept = await asyncio.to_thread(kept_after_the_end, engine)
    if repair:
        for order in dict.fromkeys(order for order, _ in kept):
            await asyncio.to_thread(give_back, engine, order, datetime.now(UTC))
    outcome = AuditOutcome.HEALED if repair else AuditOutcome.FOUND
    return [
        Finding(
            order=order, difference=Difference.STOCK_KEPT, where=product, database=product, outcome=outcome
        )
        for order, product in kept
    ]


async def _claims(settings: Settings, *, repair: bool) -> list[Finding]:
    from activities.audit.lost_halves import lost_halves
    from activities.orders.recording.receipts import missing_claims, restore_receipts

    engine = engine_of(settings)
    missing = await asyncio.to_thread(missing_claims, engine)
    if missing and repair:
        await asyncio.to_thread(restore_receipts, engine)
    outcome = AuditOutcome.HEALED if repair else AuditOutcome.FOUND
    halves = await asyncio.to_thread(lost_halves, engine, mend=repair)
    return [
        Finding(order=order, difference=Difference.NO_CLAIM, where=claim, workflow=order, outcome=outcome)
        for claim, order in missing
    ] + [
        Finding(order=order, difference=Difference.NO_HALF, where=half, workflow=order, outcome=outcome)
        for half, order in halves
    ]
