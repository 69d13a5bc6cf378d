"""What is stuck now, asked of the Temporal server by the very queries that its UI is linked with."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from runtime.delivery.order_handles import number_of
from runtime.refusals import named_answers
from runtime.settings import Settings
from runtime.watch.pollers import press_seen, worker_seen
from runtime.watch.stuck_kinds import RUNNING, STUCK, StuckKind
from workflows.engine.search_attributes import PROMISED_DATE, STAGE, WAITING_SINCE, WAITS_ON

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowExecution, WorkflowExecutionDescription

_AT_ONCE = 20
"""Workflows that are looked at side by side: one look costs the server a millisecond or two."""
_LONGEST_FAILURE = 300
_CUT_SHORT = "Failure exceeds size limit."
"""What the server writes around a failure whose trace is too long for it."""


@dataclass(frozen=True, slots=True)
class StuckOrder:
    """One workflow that was found. Its number is empty for a scheduled job. Times are UTC; what it does not say is None."""

    workflow_id: str
    number: str
    stage: str
    waits_on: tuple[str, ...]
    since: datetime | None
    promised: datetime | None
    failure: str = ""
    """Which activity fails, how often it was tried, and with what."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. Where `more`, there are others beyond what was asked for; `looked_at` workflows were looked at."""

    orders: Sequence[StuckOrder]
    more: bool = False
    looked_at: int = 0


async def find_stuck(client: Client, kind: StuckKind, query: str, most: int | None) -> Found:
    """The workflows that are stuck in this way, at most so many; `query` is the row's, filled in. Raises Refusal(server_unavailable)."""
    with named_answers():
        if kind is StuckKind.ACTIVITY_FAILING:
            return await _with_failing_activities(client, most)
        if kind is StuckKind.LOST:
            return await _lost(client, query, most)
        found: list[StuckOrder] = []
        async for each in client.list_workflows(query):
            if most is not None and len(found) == most:
                return Found(found, more=True, looked_at=most)
            found.append(_order_of(each))
        return Found(found, looked_at=len(found))


async def count_stuck(client: Client, settings: Settings, kind: StuckKind, query: str) -> int | None:
    """How many there are; None where only looking at each would tell. A queue that nobody polls counts as one.

    Raises Refusal(server_unavailable).
    """
    if kind is StuckKind.ACTIVITY_FAILING:
        return None
    if kind is StuckKind.NO_WORKER:
        return 0 if (await worker_seen(client, settings)).works else 1
    if kind is StuckKind.NO_PRESS:
        return 0 if (await press_seen(client, settings)).works else 1
    if kind is StuckKind.LOST:
        return len((await find_stuck(client, kind, query, None)).orders)
    with named_answers():
        return (await client.count_workflows(query)).count


async def _with_failing_activities(client: Client, most: int | None) -> Found:
    """Visibility knows nothing of activities: every open workflow is looked at, so many at once."""
    found: list[StuckOrder] = []
    looked_at = 0
    batch: list[WorkflowExecution] = []

    async def look() -> None:
        nonlocal looked_at
        looked_at += len(batch)
        for each, failure in zip(
            batch, await asyncio.gather(*(_failure(client, each) for each in batch)), strict=True
        ):
            if failure:
                found.append(_order_of(each, failure))
        batch.clear()

    async for each in client.list_workflows(RUNNING):
        batch.append(each)
        if len(batch) == _AT_ONCE:
            await look()
            if most is not None and len(found) > most:
                return Found(found[:most], more=True, looked_at=looked_at)
    await look()
    cut = most is not None and len(found) > most
    return Found(found[:most], more=cut, looked_at=looked_at)


async def _failure(client: Client, each: WorkflowExecution) -> str:
    described = await client.get_workflow_handle(each.id, run_id=each.run_id).describe()
    for pending in described.raw_description.pending_activities:
        if pending.attempt > 1 and pending.HasField("last_failure"):
            failure = pending.last_failure
            while failure.message == _CUT_SHORT and failure.HasField("cause"):
                failure = failure.cause
            said = f"{pending.activity_type.name} ×{pending.attempt}: {failure.message}"
            return " ".join(said.split())[:_LONGEST_FAILURE]
    return ""


async def _lost(client: Client, query: str, most: int | None) -> Found:
    """A number that was brought back has another run, of which the closed one says nothing."""
    found: dict[str, StuckOrder] = {}
    looked_at = 0
    async for each in client.list_workflows(query):
        looked_at += 1
        if each.id in found:
            continue
        last: WorkflowExecutionDescription = await client.get_workflow_handle(each.id).describe()
        if last.run_id != each.run_id:
            continue
        if most is not None and len(found) == most:
            return Found(list(found.values()), more=True, looked_at=looked_at)
        found[each.id] = _order_of(each)
    return Found(list(found.values()), looked_at=looked_at)


def _order_of(each: WorkflowExecution, failure: str = "") -> StuckOrder:
    said: dict[str, Any] = {pair.key.name: pair.value for pair in each.typed_search_attributes}
    return StuckOrder(
        each.id,
        number_of(each.id),
        said.get(STAGE.name, ""),
        tuple(said.get(WAITS_ON.name, ())),
        said.get(WAITING_SINCE.name),
        said.get(PROMISED_DATE.name),
        failure,
    )


def needs_role(kind: StuckKind) -> bool:
    """Whether one must say which role."""
    return "{role}" in STUCK[kind].query
