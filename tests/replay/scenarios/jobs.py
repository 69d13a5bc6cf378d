"""Runs of the scheduled jobs: reminders page by page, reports, on a day that is named and on the day a schedule meant."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from temporalio import activity
from temporalio.client import ScheduleBackfill, ScheduleOverlapPolicy
from temporalio.service import __version__ as sdk_version

from activities.reminders.reminder_pages import ReminderPage, ReminderProgress, Reminding
from activities.reports.report_runs import ReportRun
from activities.store.database import reading
from models.reports.report import ReportKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of
from models.values.vocabulary import Words
from runtime.server.schedules import JOBS, schedule_of
from runtime.worker.workers import build_document_worker, build_worker
from tests.benchmark.reminders import enter_balances
from tests.models.life import MONDAY
from tests.replay.corpus import Recorded, Recording, keep
from tests.replay.events import result_of
from tests.replay.scenarios.stage import Scene, Stage
from tests.workflows.counting import billed, counted
from workflows.engine.limits import REMIND_ACTIVITY
from workflows.jobs import balance_reminders, daily_report
from workflows.jobs.balance_reminders import ReminderRun

REMINDERS, REPORTS = "the job of reminders", "the job of reports"
BALANCES = 250
"""More than two pages of customers."""
DUE = MONDAY.date() + timedelta(days=3)
A_SUNDAY = MONDAY.date() + timedelta(days=6)


class Pages:
    """The product's own reminding, whose second page fails as often as it is told."""

    def __init__(self, stage: Stage, failures: int) -> None:
        self._reminding = Reminding(stage.desk.engine, stage.settings.policy)
        self._failures = failures

    @activity.defn(name=REMIND_ACTIVITY, no_thread_cancel_exception=True)
    def remind_page(self, page: ReminderPage) -> ReminderProgress:
        """One page."""
        if page.after_customer and self._failures > 0:
            self._failures -= 1
            raise Refusal(Code.DATABASE_UNAVAILABLE, Words("数据库不可用", "the database is away"))
        return self._reminding.remind_page(page)


@asynccontextmanager
async def _office(stage: Stage, failures: int = 0) -> AsyncIterator[str]:
    """Workers for jobs, and their queue."""
    queue = stage.new_queue()
    settings = stage.settings.model_copy(update={"task_queue": queue})
    pages = Pages(stage, failures)
    async with (
        build_worker(stage.client, settings, activities=[pages.remind_page]),
        build_document_worker(stage.client, settings),
    ):
        yield queue


async def _keep(stage: Stage, name: str, scenario: str, workflow: str, workflow_id: str) -> None:
    history = await stage.client.get_workflow_handle(workflow_id).fetch_history()
    recording = Recording(runs=[json.loads(history.to_json())])
    events = counted(history.events)
    recorded = Recorded(
        story=name,
        number=workflow_id,
        sdk=sdk_version,
        edition=0,
        runs=1,
        events=len(events),
        actions=billed(events),
        ending=None,
        sequence=0,
        head="",
        digest=digest_of(result_of(recording)),
        scenario=scenario,
        workflow=workflow,
    )
    keep(name, recorded, recording)


def reminders(asked: ReminderRun, *, failures: int = 0) -> Scene:
    """The scenario of one run for a day that is named."""

    async def scene(stage: Stage, name: str) -> None:
        await asyncio.to_thread(_enter_balances, stage)
        async with _office(stage, failures) as queue:
            workflow = balance_reminders.WORKFLOW
            await stage.client.execute_workflow(workflow, asked, id=name, task_queue=queue)
            await _keep(stage, name, REMINDERS, workflow, name)

    return scene


def _enter_balances(stage: Stage) -> None:
    """Once in a database."""
    with reading(stage.desk.engine) as connection:
        entered = connection.scalar(select(func.count()).where(table("orders").c.number.like("20270301-%")))
    if not entered:
        enter_balances(stage.desk.engine, BALANCES)


def report(kind: ReportKind, day: date | None) -> Scene:
    """The scenario of one report."""

    async def scene(stage: Stage, name: str) -> None:
        async with _office(stage) as queue:
            workflow = daily_report.WORKFLOW
            await stage.client.execute_workflow(
                workflow, ReportRun(kind=kind, day=day), id=name, task_queue=queue
            )
            await _keep(stage, name, REPORTS, workflow, name)

    return scene


def scheduled(job_name: str, scenario: str) -> Scene:
    """The scenario of a run that its schedule makes good: it is for the day that the schedule meant."""

    async def scene(stage: Stage, name: str) -> None:
        job = next(each for each in JOBS if each.name == job_name)
        async with _office(stage) as queue:
            schedule = schedule_of(job, queue)
            schedule.state.paused = True
            handle = await stage.client.create_schedule(f"{name}-{uuid.uuid4().hex}", schedule)
            meant = datetime(2026, 11, 23, job.hour, job.minute, tzinfo=UTC) - timedelta(hours=8)
            await handle.backfill(
                ScheduleBackfill(meant - timedelta(minutes=1), meant, overlap=ScheduleOverlapPolicy.ALLOW_ALL)
            )
            started: list[Any] = []
            while not started:
                started = [each.action for each in (await handle.describe()).info.recent_actions]
                await asyncio.sleep(0.1)
            workflow_id = started[0].workflow_id
            await stage.client.get_workflow_handle(workflow_id).result()
            await _keep(stage, name, scenario, job.workflow, workflow_id)

    return scene
