"""Kill -9 in the middle of the reminder job: it goes on with its page, and every letter is entered exactly once (R51)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from temporalio.client import Client

from activities.store.database import engine_at, reading, upgrade
from models.dossier.papers_due import Paper
from models.tables.registry import table
from runtime.settings import ROOT, Settings
from tests.benchmark.reminders import enter_balances
from tests.models.life import MONDAY
from tests.runtime.watching import PATIENCE_SECONDS, until
from workflows.jobs.balance_reminders import WORKFLOW, ReminderOutcome, ReminderRun

BALANCES, AT_ONCE = 300, 5
READY = "worker is ready"
SHORT = f"""
import os, signal, sys
from contextlib import contextmanager
from datetime import timedelta
import activities.reminders.reminder_pages, worker, workflows.engine.limits
activities.reminders.reminder_pages.CUSTOMERS_AT_ONCE = {AT_ONCE}
workflows.engine.limits.REMIND_LIMIT = timedelta(seconds=1)
workflows.engine.limits.REMIND_RETRY.initial_interval = timedelta(milliseconds=100)
write, left = activities.reminders.reminder_pages.writing, int(os.environ["PAGES"])
@contextmanager
def write_and_die(engine):
    global left
    with write(engine) as connection:
        yield connection
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
activities.reminders.reminder_pages.writing = write_and_die
sys.exit(worker.main())
"""
"""The worker as it is run, with small pages and less patience for one that was killed. After PAGES of them it is
killed at the worst moment: the page is in the database, and nobody has been told."""


class WorkerProcess:
    """A worker of its own process, killed and started again."""

    def __init__(self, settings: Settings) -> None:
        self.environment = {
            **os.environ,
            "DINGDAN_VAR": str(settings.var),
            "DINGDAN_TASK_QUEUE": settings.task_queue,
            "DINGDAN_POLICY": str(settings.var / "no-policy.toml"),
            "TEMPORAL_ADDRESS": str(settings.temporal_address),
        }
        self.process: subprocess.Popen[str] | None = None

    def start(self, pages: int = 0) -> None:
        """Start it and return when it is ready; it dies after so many pages."""
        environment = {**self.environment, "PAGES": str(pages)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SHORT], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert READY in self.process.stdout.readline()

    def kill(self) -> None:
        """Kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def died(self) -> None:
        """Wait until it was killed."""
        assert self.process is not None
        self.process.communicate()
        assert self.process.returncode == -signal.SIGKILL


@pytest.fixture
async def worker(settings: Settings) -> AsyncIterator[WorkerProcess]:
    made = WorkerProcess(settings)
    yield made
    if made.process is not None:
        made.kill()


def entered(engine: Engine) -> int:
    """How many letters."""
    outbox = table("outbox")
    query = select(func.count()).where(outbox.c.paper == Paper.REMINDER.value)
    with reading(engine) as connection:
        return connection.scalar(query) or 0


async def until_entered(engine: Engine, count: int) -> None:
    await until(lambda: entered(engine) >= count, f"{count} are entered")


@pytest.mark.slow
@pytest.mark.endurance
async def test_a_job_that_is_killed_in_the_middle_enters_every_letter_once(
    worker: WorkerProcess, settings: Settings, temporal_client: Client
) -> None:
    upgrade(settings.database_url)
    engine = engine_at(settings.database_url)
    enter_balances(engine, BALANCES)
    day = MONDAY.date() + timedelta(days=3)
    run = await temporal_client.start_workflow(
        WORKFLOW,
        ReminderRun(day=day),
        id=f"reminders-{uuid.uuid4().hex}",
        task_queue=settings.task_queue,
        task_timeout=timedelta(seconds=2),
        result_type=ReminderOutcome,
    )
    await asyncio.to_thread(worker.start, BALANCES // AT_ONCE // 4)
    await asyncio.to_thread(worker.died)
    assert entered(engine) == BALANCES // 4
    await asyncio.to_thread(worker.start)
    await until_entered(engine, BALANCES // 2)
    worker.kill()
    assert BALANCES // 2 <= entered(engine) < BALANCES
    await asyncio.to_thread(worker.start)
    async with asyncio.timeout(PATIENCE_SECONDS):
        outcome: ReminderOutcome = await run.result()
    assert (outcome.day, outcome.customers) == (day, BALANCES)
    outbox, reminders = table("outbox"), table("reminders")
    with reading(engine) as connection:
        letters = connection.execute(select(outbox.c.order_number, outbox.c.identity)).all()
        raised = connection.execute(select(reminders.c.customer, reminders.c.level)).all()
    assert len({identity.split(":")[1] for _, identity in letters}) == len(letters) == BALANCES
    assert len(set(raised)) == len(raised) == BALANCES
    assert {level for _, level in raised} == {1}
