"""The job that compares providers' statements, on a real server: the day that it is asked for, or the day before (R123)."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from models.shop.reconciliation import StatementAsked, StatementDone, StatementRun
from models.values.calendar import business_date
from runtime.worker.workers import workflow_runner
from workflows.engine.limits import STATEMENT_ACTIVITY
from workflows.jobs.provider_statements import WORKFLOW, ProviderStatements

SEEN: list[date] = []


@activity.defn(name=STATEMENT_ACTIVITY)
async def reconcile_day(run: StatementRun) -> StatementDone:
    """Three differences, each day."""
    SEEN.append(run.day)
    return StatementDone(differences=3)


async def test_the_statement_of_its_day_is_compared(temporal_client: Client) -> None:
    queue = f"test-{uuid.uuid4().hex}"
    yesterday = business_date(datetime.now(UTC)) - timedelta(days=1)
    async with Worker(
        temporal_client,
        task_queue=queue,
        workflows=[ProviderStatements],
        activities=[reconcile_day],
        workflow_runner=workflow_runner(),
    ):
        for day, expected in ((date(2027, 3, 1), date(2027, 3, 1)), (None, yesterday)):
            found: int = await temporal_client.execute_workflow(
                WORKFLOW,
                StatementAsked(day=day),
                id=f"statements-{uuid.uuid4().hex}",
                task_queue=queue,
                result_type=int,
            )
            assert found == 3
            assert SEEN[-1] == expected
