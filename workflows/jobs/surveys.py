"""The job that asks for ratings, on each working day (R141)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from activities.cases.ratings import SurveyPage, SurveyProgress
    from models.values.calendar import business_date
    from workflows.engine import limits

WORKFLOW = "Surveys"
_SCHEDULED: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


class SurveyRun(BaseModel):
    """What the job is started with: nothing, so far."""


@workflow.defn(name=WORKFLOW)
class Surveys:
    """The ratings of one day are asked for, page by page."""

    @workflow.run
    async def run(self, asked: SurveyRun) -> int:
        """How many customers were asked; while the database is away it is tried again."""
        meant = workflow.info().typed_search_attributes.get(_SCHEDULED) or workflow.now()
        page, count = SurveyPage(day=business_date(meant)), 0
        while True:
            done: SurveyProgress = await workflow.execute_activity(
                limits.SURVEY_ACTIVITY,
                page,
                result_type=SurveyProgress,
                start_to_close_timeout=limits.REMIND_LIMIT,
                retry_policy=limits.REMIND_RETRY,
                summary=f"{page.day}",
            )
            count += done.asked
            if not done.after:
                return count
            page = page.model_copy(update={"after": done.after})
