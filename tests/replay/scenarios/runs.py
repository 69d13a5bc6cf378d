"""Orders that are continued as new: with messages in flight, with a cancel in flight, with newer holidays or none."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.client import WorkflowHandle

from tests.replay.scenarios.at_once import contact, place
from tests.replay.scenarios.stage import Scene, Stage, all_runs
from tests.replay.scenarios.stores import UNTIL_IT_IS_BACK

IN_FLIGHT, CALENDAR = "continued as new with messages in flight", "newer holidays when continued as new"
LENGTH_OF_A_RUN = 60
MOST_ATTEMPTS, MOST_MESSAGES = 5, 60
FORCED = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND


async def with_messages_in_flight(stage: Stage, name: str) -> None:
    """Signals and updates arrive exactly while a run ends: the ending task fails and is done anew with them."""
    for attempt in range(MOST_ATTEMPTS):
        queue = stage.new_queue()
        async with stage.worker(queue):
            placed = await place(stage, queue, f"{name}-{attempt}", runs_of=30)
            await placed.live("2h")
            for n in range(MOST_MESSAGES):
                await asyncio.gather(
                    *(placed.signal("contact_logged", contact(f"s/{n}/{m}")) for m in range(2)),
                    placed.tell(contact(f"u/{n}")),
                )
                if n % 4 == 0 and await _ending_tasks_that_failed(stage, placed.handle):
                    await placed.live("8h")
                    await stage.keep(name, IN_FLIGHT, placed.handle)
                    return
    raise AssertionError(f"no message arrived while a run ended, in {MOST_ATTEMPTS} attempts")


async def with_a_cancel_in_flight(stage: Stage, name: str) -> None:
    """A cancel from the UI comes while a run waits for its last burst to be recorded; then it is continued as new."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name, runs_of=LENGTH_OF_A_RUN)
        await placed.live("7h")
        await stage.recorded(placed.handle)
        stage.database.away_for = UNTIL_IT_IS_BACK
        first = (await placed.handle.describe()).run_id
        while (await placed.handle.describe()).history_length < LENGTH_OF_A_RUN:
            await placed.signal("contact_logged", contact(f"s/{uuid.uuid4().hex[:6]}"))
        while not await _has_read_the_calendar(placed.handle):
            await placed.order()
        await placed.handle.cancel()
        stage.database.away_for = 0
        await placed.tell(contact("last/1"))
        await stage.recorded(placed.handle)
        assert (await placed.order()).cancellation
        assert (await placed.handle.describe()).run_id != first
        await stage.keep(name, IN_FLIGHT, placed.handle)


def with_holidays(*, to_be_had: bool) -> Scene:
    """Orders start here with the holidays of the day they are numbered; another year's are read between two runs."""

    async def scene(stage: Stage, name: str) -> None:
        queue = stage.new_queue()
        stage.database.has_no_calendar = not to_be_had
        async with stage.worker(queue):
            placed = await place(stage, queue, name, runs_of=30, knows_holidays=False)
            await placed.live("5d 3h")
            order = await placed.order()
            assert bool(order.calendar.holidays) is to_be_had
            await stage.keep(name, CALENDAR, placed.handle)
        stage.database.has_no_calendar = False

    return scene


async def _has_read_the_calendar(handle: WorkflowHandle[Any, Any]) -> bool:
    done = EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
    return any([event.event_type == done async for event in handle.fetch_history_events()])


async def _ending_tasks_that_failed(stage: Stage, handle: WorkflowHandle[Any, Any]) -> int:
    await stage.recorded(handle)
    failed = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    return sum(
        event.event_type == failed and event.workflow_task_failed_event_attributes.cause == FORCED
        for run in await all_runs(stage.client, handle)
        for event in run.events
    )
