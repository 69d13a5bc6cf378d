"""The audit of the stores, page by page: every order, quote, case and contract that either store knows, compared, and healed
where that is asked for (R47).

What is guaranteed: in a nightly run the rows of every one of them are read, and whatever is another than when it was last
found right (a row, an entry, an event of its workflow) is compared wholly; what is as it was then is compared wholly
at least every `DINGDAN_AUDIT_NIGHTS` nights while it is open. A run by hand compares everything wholly.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from activities.audit.audited_kinds import KINDS
from activities.audit.found_right import Right, keep_right
from activities.audit.stored_orders import numbers_after
from activities.erasing.customer_erasure import chain_after_erasure
from activities.store.faults import named_faults
from models.reports.server_state import ServerState
from models.reports.store_audit import Audited, AuditOutcome, AuditPage, Difference, Finding
from models.values.calendar import business_date
from models.values.errors import OF_THE_WORLD, Refusal
from runtime.audit.books_compared import books_compared
from runtime.audit.comparing import compared
from runtime.audit.repairing import repaired
from runtime.audit.unmoved import AT_ONCE, Unmoved, unmoved
from runtime.databases import engine_of
from runtime.delivery.order_handles import number_of
from runtime.refusals import named_answers
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

PAGE = 50
PAGE_OF_MOVED = 200
"""Of a run that passes over what has not moved: most of it takes no more than being read."""
_PAUSE_SECONDS = 0.2
_IN_ONE_QUESTION = 500
_SHOWN = 200


async def audit_page(client: Client, settings: Settings, page: AuditPage, *, ended: bool = False) -> Audited:
    """One page of orders; the last one also looks for workflows that the order database does not know, and at the
    books that orders share.

    Raises Refusal(server_unavailable, database_unavailable): the page is done anew then, and doing it again is the same.
    """
    engine, most = engine_of(settings), PAGE_OF_MOVED if page.moved_only else PAGE
    numbers = await asyncio.to_thread(numbers_after, engine, page.after, most)
    is_last = len(numbers) < most
    done = await audit_orders(
        client, settings, numbers, repair=page.repair, ended=ended, moved_only=page.moved_only
    )
    if not is_last:
        return done.model_copy(update={"after": numbers[-1]})
    async for unknown in _unknown(client, settings):
        done = done.with_page(await audit_orders(client, settings, unknown, repair=page.repair, ended=True))
    return done.with_page(Audited(findings=await books_compared(settings, repair=page.repair)))


async def audit_orders(
    client: Client,
    settings: Settings,
    numbers: Sequence[str],
    *,
    repair: bool,
    ended: bool = False,
    moved_only: bool = False,
) -> Audited:
    """These orders or other cases; `moved_only`: but for those that stand as they did when they were last found right.

    Raises as `audit_page`.
    """
    today = business_date(datetime.now(UTC))
    turn = asyncio.Semaphore(AT_ONCE)
    still = await unmoved(client, settings, numbers, today) if moved_only else Unmoved()
    moved = [number for number in numbers if number not in still.numbers]

    async def one(number: str) -> _Seen:
        async with turn:
            try:
                with named_faults(number):
                    return await _seen(client, settings, number, today, repair=repair, ended=ended)
            except Refusal as refusal:
                if refusal.code in OF_THE_WORLD:
                    raise
                return _Seen(number, findings=[_not_compared(number, refusal)])

    done: list[_Seen] = []
    for start in range(0, len(moved), PAGE):
        done += await asyncio.gather(*(one(number) for number in moved[start : start + PAGE]))
        await asyncio.sleep(_PAUSE_SECONDS)
    right = [(each.number, each.right) for each in done if each.right is not None]
    wrong = [each.number for each in done if each.right is None]
    await asyncio.to_thread(keep_right, engine_of(settings), right, wrong)
    return Audited(
        orders=len(numbers),
        running=still.running + sum(each.runs for each in done),
        unmoved=len(still.numbers),
        findings=[finding for each in done for finding in each.findings],
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one order came to."""

    number: str
    runs: bool = False
    findings: Sequence[Finding] = ()
    right: Right | None = None


async def _seen(
    client: Client, settings: Settings, number: str, today: date, *, repair: bool, ended: bool
) -> _Seen:
    whole = await asyncio.to_thread(chain_after_erasure, engine_of(settings), number)
    if whole is not None:  # nothing of it is left to compare but the chain
        return _Seen(number, findings=[] if whole else [_broken_chain(number)])
    looked = await compared(client, settings, number, ended=ended)
    runs = looked.found.state is ServerState.RUNNING
    findings = await repaired(client, settings, looked, ended=ended) if repair else looked.findings
    return _Seen(number, runs, findings, looked.right(today))


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


async def audit_all(
    client: Client, settings: Settings, *, repair: bool, ended: bool = False, moved_only: bool = False
) -> Audited:
    """Every page. Raises as `audit_page`."""
    asked = AuditPage(repair=repair, moved_only=moved_only)
    whole = await audit_page(client, settings, asked, ended=ended)
    while whole.after:
        page = asked.model_copy(update={"after": whole.after})
        whole = whole.with_page(await audit_page(client, settings, page, ended=ended))
    return whole


async def _unknown(client: Client, settings: Settings) -> AsyncIterator[list[str]]:
    """Orders and other cases of this installation on the server under whose number no request is kept: those that run, and
    those that ended since the copy was made that was put back."""
    from activities.orders.taken_numbers import without_request

    engine = engine_of(settings)
    types = ", ".join(f'"{kind.workflow}"' for kind in KINDS)
    query = (
        f'WorkflowType IN ({types}) AND TaskQueue = "{settings.task_queue}" '
        'AND ExecutionStatus IN ("Running", "Completed")'
    )
    some = list[str]()
    with named_answers():
        there = list(dict.fromkeys([number_of(found.id) async for found in client.list_workflows(query)]))
    there = [number for number in there if number]
    for start in range(0, len(there), _IN_ONE_QUESTION):
        some = await asyncio.to_thread(without_request, engine, there[start : start + _IN_ONE_QUESTION])
        if some:
            yield some
