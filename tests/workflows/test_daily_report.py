"""The report job on a real server: the day it is asked for, or today."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from activities.reports.report_runs import ReportRun, Written, documents_queue
from models.reports.report import ReportKind
from models.values.calendar import business_date
from runtime.worker.workers import workflow_runner
from workflows.engine.limits import REPORT_ACTIVITY
from workflows.jobs.daily_report import WORKFLOW, DailyReport


@activity.defn(name=REPORT_ACTIVITY)
async def write_report(asked: ReportRun) -> Written:
    """A desk that writes nothing."""
    assert asked.day is not None
    return Written(day=asked.day, lines=3, files=[f"{asked.kind.value}.txt"])


async def test_a_report_is_written_for_its_day(temporal_client: Client) -> None:
    queue = f"test-{uuid.uuid4().hex}"
    async with (
        Worker(
            temporal_client,
            task_queue=queue,
            workflows=[DailyReport],
            workflow_runner=workflow_runner(),
        ),
        Worker(temporal_client, task_queue=documents_queue(queue), activities=[write_report]),
    ):
        for day, expected in ((date(2027, 3, 1), date(2027, 3, 1)), (None, business_date(datetime.now(UTC)))):
            written: Written = await temporal_client.execute_workflow(
                WORKFLOW,
                ReportRun(kind=ReportKind.WATCH_LIST, day=day),
                id=f"report-{uuid.uuid4().hex}",
                task_queue=queue,
                result_type=Written,
            )
            assert (written.day, written.files) == (expected, ["watch_list.txt"])
