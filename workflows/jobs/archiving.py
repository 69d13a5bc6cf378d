"""The job that archives orders, every night (R165)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from models.reports.archive import ArchivePage, ArchiveProgress
    from models.values.calendar import business_date
    from workflows.engine import limits

WORKFLOW = "OrderArchive"
_SCHEDULED: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


class ArchiveRun(BaseModel):
    """What the job is started with: nothing, so far."""


@workflow.defn(name=WORKFLOW)
class OrderArchive:
    """The orders that are due on one day, page by page."""

    @workflow.run
    async def run(self, asked: ArchiveRun) -> int:
        """How many orders were archived; while database or store are away it is tried again."""
        meant = workflow.info().typed_search_attributes.get(_SCHEDULED) or workflow.now()
        page, count = ArchivePage(day=business_date(meant)), 0
        while True:
            done: ArchiveProgress = await workflow.execute_activity(
                limits.ARCHIVE_ACTIVITY,
                page,
                result_type=ArchiveProgress,
                start_to_close_timeout=limits.REMIND_LIMIT,
                retry_policy=limits.REMIND_RETRY,
                summary=f"{page.day}",
            )
            count += done.archived
            if not done.after:
                return count
            page = page.model_copy(update={"after": done.after})
