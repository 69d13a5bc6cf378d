"""The order database away, restored from an older backup, or newer than an order that was reset."""

from __future__ import annotations

import asyncio
import uuid

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, ResetReapplyExcludeType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest

from models.dossier.journal import EntryKind
from tests.replay.corpus import Recording
from tests.replay.scenarios.at_once import Placed, contact, place
from tests.replay.scenarios.stage import Scene, Stage
from workflows.engine.limits import LOCAL_RECORD_RETRY, MOST_ENTRIES_IN_A_BURST

OUTAGE, DIVERGED, RESET = "an outage of the order database", "diverged stores", "a reset"
LOCAL_TRIES = LOCAL_RECORD_RETRY.maximum_attempts
UNTIL_IT_IS_BACK = 10_000


def outage(tries: int, *, before: str = "2h", during: str = "8h", after: str = "5d 3h") -> Scene:
    """So many tries to record fail, between these points of the story."""

    async def scene(stage: Stage, name: str) -> None:
        queue = stage.new_queue()
        async with stage.worker(queue):
            placed = await place(stage, queue, name)
            await placed.live(before)
            await stage.recorded(placed.handle)
            stage.database.away_for = tries
            for message in placed.next_until(during):
                await placed.signal(message["kind"], message)
            await stage.until(lambda: stage.database.away_for == 0)
            await placed.live(after)
            await stage.keep(name, OUTAGE, placed.handle)

    return scene


async def outage_from_the_start(stage: Stage, name: str) -> None:
    """An order that begins while its database is away: even its first entry comes late."""
    queue = stage.new_queue()
    stage.database.away_for = LOCAL_TRIES + 2
    async with stage.worker(queue):
        placed = await place(stage, queue, name)
        await placed.live("2h")
        await stage.until(lambda: stage.database.away_for == 0)
        await stage.keep(name, OUTAGE, placed.handle)


async def outage_at_the_end(stage: Stage, name: str) -> None:
    """The last burst of an order goes by the remote activity, and that is tried until it succeeds."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name)
        await placed.live("1h 20m")
        await stage.recorded(placed.handle)
        stage.database.away_for = 2
        await placed.tell(contact("end/1", kind="cancellation_requested", content={"reason": "不要了"}))
        await placed.handle.result()
        await stage.keep(name, OUTAGE, placed.handle)


async def outage_of_many(stage: Stage, name: str) -> None:
    """More piles up than one burst holds: it goes out in parts when the database is back."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name)
        await stage.recorded(placed.handle)
        stage.database.away_for = UNTIL_IT_IS_BACK
        await placed.signal("contact_logged", contact("many/first"))
        await stage.until(lambda: stage.database.away_for <= UNTIL_IT_IS_BACK - LOCAL_TRIES - 1)
        for n in range(MOST_ENTRIES_IN_A_BURST + 20):
            await placed.signal("contact_logged", contact(f"many/{n}"))
        await placed.order()
        stage.database.away_for = 0
        await stage.keep(name, OUTAGE, placed.handle)


def restored(*points: str) -> Scene:
    """At each point the database is put back to how it was at the point before; then the order goes on."""

    async def scene(stage: Stage, name: str) -> None:
        queue = stage.new_queue()
        async with stage.worker(queue):
            placed = await place(stage, queue, name)
            for epoch, point in enumerate(points):
                await placed.live(point)
                await stage.recorded(placed.handle)
                if epoch:
                    await asyncio.to_thread(stage.database.restore)
                    await placed.tell(contact(f"restored/{epoch}"))
                    await stage.recorded(placed.handle)
                await asyncio.to_thread(stage.database.back_up)
            await placed.live("5d 3h")
            recording = await stage.keep(name, DIVERGED, placed.handle)
            _has_been_repaired(placed, recording, len(points) - 1)

    return scene


def reset(after: str, further: str, then: str, *, reapply: bool, by_signal: bool = False) -> Scene:
    """Put back to a point of the story; what came since is forgotten or applied again; then it goes on."""

    async def scene(stage: Stage, name: str) -> None:
        queue = stage.new_queue()
        async with stage.worker(queue):
            placed = await place(stage, queue, name)
            # One way all along: a reset gives updates and signals back in an order that its replay does not keep.
            await _live(placed, after, by_signal=by_signal)
            await stage.recorded(placed.handle)
            point = await _last_task(placed)
            await _live(placed, further, by_signal=by_signal)
            await stage.recorded(placed.handle)
            run = (await placed.handle.describe()).run_id
            excluded = [
                ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL,
                ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE,
            ]
            await stage.client.workflow_service.reset_workflow_execution(
                ResetWorkflowExecutionRequest(
                    namespace=stage.client.namespace,
                    workflow_execution=WorkflowExecution(workflow_id=placed.handle.id, run_id=run),
                    reason="as temporal workflow reset does",
                    workflow_task_finish_event_id=point,
                    request_id=uuid.uuid4().hex,
                    reset_reapply_exclude_types=[] if reapply else excluded,
                )
            )
            await placed.tell(contact("after/1"))
            if not reapply:
                for message in [
                    each for each in placed.told if each["fact_id"] not in (await placed.order()).seen
                ]:
                    await placed.tell(message)
            await placed.live(then)
            recording = await stage.keep(name, RESET, placed.handle, only_newest_run=True)
            _has_been_repaired(placed, recording, 1)

    return scene


async def _live(placed: Placed, offset: str, *, by_signal: bool) -> None:
    for message in placed.next_until(offset):
        await (placed.signal(message["kind"], message) if by_signal else placed.tell(message))


async def _last_task(placed: Placed) -> int:
    events = [event async for event in placed.handle.fetch_history_events()]
    done = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
    return max(event.event_id for event in events if event.event_type == done)


def _has_been_repaired(placed: Placed, recording: Recording, times: int) -> None:
    repairs = [entry for entry in recording.journal if entry.kind is EntryKind.REPAIRED]
    assert len(repairs) == times, f"{placed.start.number} was repaired {len(repairs)} times"
