"""The job of the daily production report: it is asked for in the morning, and found missing when its time is over (R171)."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from models.reports.production_duty import DutyAsked, DutyDone, DutyRun
    from models.values.calendar import business_date
    from workflows.engine import limits

WORKFLOW = "ProductionDuty"
_SCHEDULED: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


@workflow.defn(name=WORKFLOW)
class ProductionDuty:
    """One run of the job."""

    @workflow.run
    async def run(self, asked: DutyAsked) -> DutyDone:
        """Look at the asked or the scheduled business day; while the database is away it is tried again."""
        meant = workflow.info().typed_search_attributes.get(_SCHEDULED) or workflow.now()
        day = asked.day or business_date(meant)
        done: DutyDone = await workflow.execute_activity(
            limits.DUTY_ACTIVITY,
            DutyRun(day=day, now=workflow.now()),
            result_type=DutyDone,
            start_to_close_timeout=limits.REMIND_LIMIT,
            retry_policy=limits.REMIND_RETRY,
            summary=f"{day}",
        )
        return done
