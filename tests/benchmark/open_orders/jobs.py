"""The nightly jobs of an installation with many open orders: each run once, as an operator triggers it."""

from __future__ import annotations

import asyncio
import time

from temporalio.client import ScheduleActionExecutionStartWorkflow

from runtime.server.schedules import Job
from tests.benchmark.lives.table import Figure
from tests.benchmark.open_orders.running import OpenOrders

JOB_SECONDS = 900.0
"""And a second more for every order: the audit of a first night compares every order wholly."""


async def run_once(here: OpenOrders, job: Job, again: str = "") -> Figure:
    """One run of a schedule, triggered now as by an operator: until its workflow has completed; `again` says which one."""
    schedule, began = here.client.get_schedule_handle(job.name), time.monotonic()
    before = (await schedule.describe()).info.num_actions
    await schedule.trigger()
    async with asyncio.timeout(JOB_SECONDS + len(here.numbers)):
        while (info := (await schedule.describe()).info).num_actions <= before:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        recent = info.recent_actions
        action = recent[-1].action
        assert isinstance(action, ScheduleActionExecutionStartWorkflow)
        await here.client.get_workflow_handle(action.workflow_id).result()
    took, count = time.monotonic() - began, len(here.numbers)
    return Figure(
        f"job_{job.name}" + ("_again" if again else ""),
        f"{job.name} ({again or job.words.en})",
        took,
        "s",
        f"{took / count * 1000:.0f} ms an open order",
    )
