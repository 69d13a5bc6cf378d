"""The job that reminds of unpaid balances (R51, R54): every working day, page by page, once for the day it is meant for.

A run that is killed goes on with the page it was at; what a page has entered is not entered twice.
"""

from __future__ import annotations

from datetime import date, datetime

from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from pydantic import BaseModel

    from activities.reminders.reminder_pages import ReminderPage, ReminderProgress
    from models.values.calendar import business_date
    from workflows.engine import limits
    from workflows.engine.plain_markdown import as_text
    from workflows.engine.step_list import shortened

WORKFLOW = "BalanceReminders"
_SCHEDULED: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")


class ReminderRun(BaseModel):
    """`day`: for which business date; without it the day for which the schedule meant the run. `customer`: only this one."""

    day: date | None = None
    customer: str = ""


class ReminderOutcome(BaseModel):
    """For which business day a run was, how many customers and letters it had, or that the day was a holiday."""

    day: date
    customers: int = 0
    letters: int = 0
    is_holiday: bool = False


@workflow.defn(name=WORKFLOW)
class BalanceReminders:
    """One run of the job."""

    @workflow.run
    async def run(self, asked: ReminderRun) -> ReminderOutcome:
        """Remind page by page until every customer was looked at."""
        meant = workflow.info().typed_search_attributes.get(_SCHEDULED) or workflow.now()
        outcome = ReminderOutcome(day=asked.day or business_date(meant))
        page = ReminderPage(day=outcome.day, customer=asked.customer)
        while True:
            done: ReminderProgress = await workflow.execute_activity(
                limits.REMIND_ACTIVITY,
                page,
                result_type=ReminderProgress,
                start_to_close_timeout=limits.REMIND_LIMIT,
                retry_policy=limits.REMIND_RETRY,
                summary=shortened(f"{outcome.day} · {as_text(page.after_customer) or '-'}"),
            )
            outcome.customers += done.customers
            outcome.letters += done.letters
            outcome.is_holiday = done.is_holiday
            workflow.set_current_details(
                f"{outcome.day}:{outcome.customers} 家客户，{outcome.letters} 封催款信 · "
                f"{outcome.customers} customers, {outcome.letters} letters"
            )
            if not done.after_customer:
                return outcome
            page = ReminderPage(day=outcome.day, customer=asked.customer, after_customer=done.after_customer)
