"""The job of the daily production report on a real server: the day it is asked for, or today (R171)."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from models.reports.production_duty import DutyAsked, DutyDone, DutyRun
from models.values.calendar import business_date
from runtime.worker.workers import workflow_runner
from workflows.engine.limits import DUTY_ACTIVITY
from workflows.jobs.production_duty import WORKFLOW, ProductionDuty


@activity.defn(name=DUTY_ACTIVITY)
async def watch_reports(run: DutyRun) -> DutyDone:
    """A desk where every report is owed."""
    assert run.now.utcoffset() is not None
    return DutyDone(day=run.day, asked=True)


async def test_the_report_of_its_day_is_looked_at(temporal_client: Client) -> None:
    queue = f"test-{uuid.uuid4().hex}"
    async with Worker(
        temporal_client,
        task_queue=queue,
        workflows=[ProductionDuty],
        activities=[watch_reports],
        workflow_runner=workflow_runner(),
    ):
        for day, expected in ((date(2027, 3, 1), date(2027, 3, 1)), (None, business_date(datetime.now(UTC)))):
            done: DutyDone = await temporal_client.execute_workflow(
                WORKFLOW,
                DutyAsked(day=day),
                id=f"duty-{uuid.uuid4().hex}",
                task_queue=queue,
                result_type=DutyDone,
            )
            assert (done.day, done.asked) == (expected, True)
