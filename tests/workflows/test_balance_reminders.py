"""The reminder job on a real server: pages, a page that fails, the day it is meant for, the schedule (R51)."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from temporalio import activity
from temporalio.client import Client, ScheduleActionStartWorkflow, ScheduleBackfill, ScheduleOverlapPolicy
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.reminders.reminder_pages import ReminderPage, ReminderProgress
from models.values.calendar import business_date
from runtime.server.schedules import JOBS, bring_into_being
from runtime.worker.workers import workflow_runner
from tests.runtime.watching import until
from workflows.engine.limits import REMIND_ACTIVITY
from workflows.jobs.balance_reminders import WORKFLOW, BalanceReminders, ReminderOutcome, ReminderRun

DAY = date(2027, 3, 4)
PAGES = {"": "K-2", "K-2": "K-4", "K-4": ""}


@dataclass
class Customers:
    """Three pages; the second fails as often as it is told."""

    failures: int = 0
    asked: list[ReminderPage] = field(default_factory=list)

    @activity.defn(name=REMIND_ACTIVITY)
    async def remind_page(self, page: ReminderPage) -> ReminderProgress:
        """One page."""
        self.asked.append(page)
        if page.after_customer == "K-2" and self.failures > 0:
            self.failures -= 1
            raise ConnectionError("away for a moment")
        return ReminderProgress(after_customer=PAGES[page.after_customer], customers=2, letters=1)


@dataclass
class Office:
    """A worker for jobs on a queue of its own."""

    client: Client
    queue: str
    customers: Customers

    async def run(self, asked: ReminderRun) -> ReminderOutcome:
        """One run."""
        outcome: ReminderOutcome = await self.client.execute_workflow(
            WORKFLOW,
            asked,
            id=f"reminders-{uuid.uuid4().hex}",
            task_queue=self.queue,
            result_type=ReminderOutcome,
        )
        return outcome


@pytest.fixture
async def office(temporal_client: Client) -> AsyncIterator[Office]:
    customers, queue = Customers(), f"test-{uuid.uuid4().hex}"
    async with Worker(
        temporal_client,
        task_queue=queue,
        workflows=[BalanceReminders],
        activities=[customers.remind_page],
        workflow_runner=workflow_runner(),
    ):
        yield Office(temporal_client, queue, customers)


async def test_every_page_is_asked_for_once(office: Office) -> None:
    outcome = await office.run(ReminderRun(day=DAY))
    assert outcome == ReminderOutcome(day=DAY, customers=6, letters=3)
    assert [page.after_customer for page in office.customers.asked] == ["", "K-2", "K-4"]
    assert {page.day for page in office.customers.asked} == {DAY}


async def test_a_page_that_fails_is_asked_for_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.engine.limits.REMIND_RETRY.initial_interval", timedelta(milliseconds=10))
    office.customers.failures = 2
    assert (await office.run(ReminderRun(day=DAY))).letters == 3
    assert [page.after_customer for page in office.customers.asked] == ["", "K-2", "K-2", "K-2", "K-4"]


async def test_without_a_day_it_is_today(office: Office) -> None:
    assert (await office.run(ReminderRun())).day == business_date(datetime.now(UTC))


async def test_schedules_are_made_once_brought_up_to_date_and_stay_paused(office: Office) -> None:
    client = office.client
    names = [job.name for job in JOBS]
    for name in names:  # of another test on the same server
        with suppress(RPCError):
            await client.get_schedule_handle(name).delete()
    try:
        assert await bring_into_being(client, "elsewhere") == names
        handle = client.get_schedule_handle(names[0])
        await handle.pause(note="盘点")
        assert await bring_into_being(client, office.queue) == []
        described = await handle.describe()
        assert described.schedule.state.paused
        assert described.schedule.state.note == "盘点"
        action = described.schedule.action
        assert isinstance(action, ScheduleActionStartWorkflow)
        assert action.task_queue == office.queue
        assert all(each.astimezone(UTC).hour == 1 for each in described.info.next_action_times)
        await handle.unpause()
        before_nine = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
        missed = ScheduleBackfill(
            before_nine, before_nine + timedelta(hours=1), overlap=ScheduleOverlapPolicy.ALLOW_ALL
        )
        await handle.backfill(missed)
        await until(lambda: len(office.customers.asked) >= len(PAGES), "all pages are asked")
        assert {page.day for page in office.customers.asked} == {date(2026, 11, 23)}
    finally:
        for name in names:
            await client.get_schedule_handle(name).delete()
