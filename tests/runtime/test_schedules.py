"""What runs by the clock: one run at a time, and after an outage one day's letters, not those of a week (R51)."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from temporalio.client import (
    Client,
    ScheduleActionExecutionStartWorkflow,
    ScheduleBackfill,
    ScheduleDescription,
    ScheduleHandle,
    ScheduleInfo,
    ScheduleOverlapPolicy,
)
from temporalio.service import RPCError

from runtime.server.schedules import JOBS, bring_into_being, schedule_of
from tests.runtime.watching import looks

DAILY = {
    "balance-reminders": (9, 0),
    "watch-list": (8, 30),
    "tracking-numbers": (17, 30),
    "weekly-statistics": (17, 0),
    "monthly-archive": (8, 0),
    "responsibility-report": (8, 30),
    "weekly-demand": (17, 5),
    "step-durations": (8, 40),
    "surveys": (10, 0),
    "production-report-asked": (8, 0),
    "production-report-due": (18, 1),
    "store-audit": (2, 0),
    "provider-statements": (6, 0),
    "order-archive": (3, 0),
}
"""Business time, written by hand."""
MONDAY = datetime(2026, 11, 16, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
async def described(temporal_client: Client) -> AsyncIterator[dict[str, ScheduleDescription]]:
    """The schedules as a server has them."""
    for name in DAILY:  # of another test on the same server
        with suppress(RPCError):
            await temporal_client.get_schedule_handle(name).delete()
    await bring_into_being(temporal_client, f"test-{uuid.uuid4().hex}")
    handles = {name: temporal_client.get_schedule_handle(name) for name in DAILY}
    yield {name: await handle.describe() for name, handle in handles.items()}
    for handle in handles.values():
        await handle.delete()


async def test_each_job_is_started_once_a_day_at_its_hour_and_waits_for_the_run_before(
    described: dict[str, ScheduleDescription],
) -> None:
    assert [job.name for job in JOBS] == list(DAILY)
    for name, (hour, minute) in DAILY.items():
        found = described[name].schedule
        assert found.policy.overlap is ScheduleOverlapPolicy.BUFFER_ONE, name
        times = [each.astimezone(MONDAY.tzinfo) for each in described[name].info.next_action_times]
        assert {(each.hour, each.minute, each.second) for each in times} == {(hour, minute, 0)}, name
        assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(days=1)}


async def test_what_was_missed_is_made_good_for_one_day_and_no_more(
    described: dict[str, ScheduleDescription],
) -> None:
    """A server that comes back at any hour after a week: of the days it missed at most the last one is still in the window;
    and one that was away overnight, or over a long morning, misses none."""
    for name, (hour, minute) in DAILY.items():
        window = described[name].schedule.policy.catchup_window
        assert window is not None
        week = [MONDAY + timedelta(days=day, hours=hour, minutes=minute) for day in range(8)]
        for minutes in range(0, 24 * 60, 15):
            back = MONDAY + timedelta(days=7, minutes=minutes)
            due = [moment for moment in week if back - window <= moment <= back]
            assert len(due) <= 1, (name, back, window)
        assert window >= timedelta(hours=12), name


async def test_five_days_at_once_are_two_runs_and_never_five(temporal_client: Client) -> None:
    """Really started, and nobody at work: one run waits for the one that is on, and the rest are not begun at all."""
    job = replace(JOBS[0], name=f"test-{uuid.uuid4().hex}")
    handle = await temporal_client.create_schedule(job.name, schedule_of(job, f"nobody-{uuid.uuid4().hex}"))
    try:
        day = MONDAY.astimezone(UTC)
        await handle.backfill(ScheduleBackfill(day, day + timedelta(days=5)))
        found = await until(
            handle, lambda info: info.num_actions_skipped_overlap >= 3 or len(running(info)) > 1
        )
        assert (len(running(found)), found.num_actions_skipped_overlap) == (1, 3)
        (first,) = running(found)
        await temporal_client.get_workflow_handle(first).terminate()
        found = await until(handle, lambda info: bool(running(info) - {first}))
        (second,) = running(found)
        await temporal_client.get_workflow_handle(second).terminate()
        found = await until(handle, lambda info: not running(info))
        assert found.num_actions == 2
    finally:
        await handle.delete()


async def until(handle: ScheduleHandle, holds: Callable[[ScheduleInfo], bool]) -> ScheduleInfo:
    """What the server says of a schedule as soon as this holds."""
    found = (await handle.describe()).info
    async for look in looks("the schedule is so"):
        look.saw = found = (await handle.describe()).info
        if holds(found):
            break
    return found


def running(info: ScheduleInfo) -> set[str]:
    """The ids of the runs that are on."""
    actions = info.running_actions
    return {each.workflow_id for each in actions if isinstance(each, ScheduleActionExecutionStartWorkflow)}
