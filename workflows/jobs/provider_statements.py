"""The job that compares providers' statements with our books, every day for the day before (R123)."""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from models.shop.reconciliation import StatementAsked, StatementDone, StatementRun
    from models.values.calendar import business_date
    from workflows.engine import limits

WORKFLOW = "ProviderStatements"
_SCHEDULED: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


@workflow.defn(name=WORKFLOW)
class ProviderStatements:
    """One run of the job."""

    @workflow.run
    async def run(self, asked: StatementAsked) -> int:
        """How many differences there are; while a provider or the database is away it is tried again."""
        meant = workflow.info().typed_search_attributes.get(_SCHEDULED) or workflow.now()
        day = asked.day or business_date(meant) - timedelta(days=1)
        done: StatementDone = await workflow.execute_activity(
            limits.STATEMENT_ACTIVITY,
            StatementRun(day=day),
            result_type=StatementDone,
            start_to_close_timeout=limits.REMIND_LIMIT,
            retry_policy=limits.REMIND_RETRY,
            summary=f"{day}",
        )
        return done.differences
