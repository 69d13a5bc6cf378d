"""The job that writes a report of the day: once, for the day it is meant for."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from activities.reports.report_runs import ReportRun, Written, documents_queue
    from models.values.calendar import business_date
    from workflows.engine import limits

WORKFLOW = "DailyReport"
_SCHEDULED: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


@workflow.defn(name=WORKFLOW)
class DailyReport:
    """One report of one day."""

    @workflow.run
    async def run(self, asked: ReportRun) -> Written:
        """Write the report of the asked or the scheduled business day; while the database is away it is tried again."""
        meant = workflow.info().typed_search_attributes.get(_SCHEDULED) or workflow.now()
        day = asked.day or business_date(meant)
        written: Written = await workflow.execute_activity(
            limits.REPORT_ACTIVITY,
            ReportRun(kind=asked.kind, day=day),
            task_queue=documents_queue(workflow.info().task_queue),
            result_type=Written,
            start_to_close_timeout=limits.REMIND_LIMIT,
            retry_policy=limits.REMIND_RETRY,
            summary=f"{asked.kind.zh} {day}",
        )
        return written
