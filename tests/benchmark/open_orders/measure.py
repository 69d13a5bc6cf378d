"""The measurement of many open orders, step by step; each step says its figures when it is done."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import psutil
from sqlalchemy import func, select
from temporalio.client import Client, ScheduleActionExecutionStartWorkflow, WorkflowHandle
from temporalio.service import RPCError

from activities.reports.report_runs import ReportRun
from activities.store.database import engine_at, reading, upgrade
from commands.desk.order_database import import_company
from models.messages.reply import Reply, Status
from models.request.order_request import OrderRequest
from models.tables.registry import table
from rehearsal.files import read_company
from runtime.connection import connect
from runtime.delivery.order_handles import order_handle
from runtime.delivery.placing import begin_order, number_request
from runtime.server.embedded_server import DATABASE, EmbeddedServer
from runtime.server.ports import free_port
from runtime.server.registration import register_attributes
from runtime.server.schedules import JOBS, Job, bring_into_being
from runtime.settings import ROOT, Settings
from tests.benchmark.lives.life import contact, happening, life_story
from tests.benchmark.lives.processes import Started, environment_for, product_worker, settings_on
from tests.benchmark.lives.table import Figure, tell
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.jobs.store_audit import WORKFLOW as STORE_AUDIT

QUEUE = "bench-open-orders"
AT_ONCE = 20
WARM_UP = 20
"""Facts before the clock runs: the first ones load what stays loaded."""
RECORDED_SECONDS = 600.0
"""So long after the last start every order must be in the order database."""
JOB_SECONDS = 900.0
"""And a second more for every order."""
Handle = WorkflowHandle[Any, Any]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    orders: int
    seconds: float
    """No order is started after so many; zero: all are."""
    facts: int
    schedules: bool = True


@dataclass
class OpenOrders:
    """One server, one worker, and the orders that are open there."""

    folder: Path
    server: EmbeddedServer
    client: Client
    settings: Settings
    request: OrderRequest
    numbers: list[str] = field(default_factory=list)
    told: Iterator[int] = field(default_factory=itertools.count)

    @property
    def environment(self) -> dict[str, str]:
        """Of its worker."""
        return environment_for(self.server, self.folder, database_url=self.settings.database_url, queue=QUEUE)

    async def start(self, extent: Extent) -> list[Figure]:
        """Start them, some side by side, and wait until each is recorded."""
        began, waiting = time.monotonic(), iter(range(extent.orders))

        async def some() -> None:
            for place in waiting:
                if extent.seconds and time.monotonic() - began > extent.seconds:
                    return
                request = self.request.model_copy(update={"request_id": f"bench/{place}"})
                opened = await number_request(self.settings, request)
                self.numbers.append((await begin_order(self.client, self.settings, opened)).start.number)

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
        accepted = time.monotonic() - began
        async with asyncio.timeout(RECORDED_SECONDS):
            while await asyncio.to_thread(self.recorded) < len(self.numbers):  # noqa: ASYNC110
                await asyncio.sleep(0.5)
        took, count = time.monotonic() - began, len(self.numbers)
        return [
            Figure("orders", "open orders, fresh", count),
            Figure(
                "taken", "orders accepted by the server", count / accepted, "a second", f"in {accepted:.0f} s"
            ),
            Figure(
                "orders_a_second", "orders begun and recorded", count / took, "a second", f"in {took:.0f} s"
            ),
        ]

    def recorded(self) -> int:
        """How many are in the order database."""
        with reading(engine_at(self.settings.database_url)) as connection:
            return connection.scalar(select(func.count()).select_from(table("orders"))) or 0

    def taken_up(self, worker_kib: float) -> list[Figure]:
        """Memory of worker and server, and what stands on disk."""
        server = float(psutil.Process(self.server.pid).memory_info().rss) / 1024
        count = len(self.numbers)
        figures = [
            Figure("worker_memory", "memory of the worker", worker_kib / 1024, "MB", "cache of 2,000 orders"),
            Figure("server_memory", "memory of the server", server / 1024, "MB"),
        ]
        for name, words, files in (
            ("server_file", "file of the server", self.folder.glob(f"{DATABASE}*")),
            ("orders_file", "order database", self.folder.glob("orders.db*")),
        ):
            size = sum(each.stat().st_size for each in files)
            figures.append(Figure(name, words, size / 1e6, "MB", f"{size / 1024 / count:.0f} KiB an order"))
        return figures

    async def tell(self, number: str) -> float:
        """One fact to one order; after how many seconds it was answered."""
        said = happening(contact(next(self.told)), datetime.now(UTC))
        began = time.perf_counter()
        reply: Reply = await order_handle(self.client, number).execute_update("tell", said, result_type=Reply)
        took = time.perf_counter() - began
        assert reply.status is Status.ACCEPTED, reply
        return took

    async def facts(self, name: str, words: str, numbers: Sequence[str]) -> list[Figure]:
        """One after the other: how long each takes."""
        times = sorted([await self.tell(each) for each in numbers])
        spread = f"{len(times)} facts, one after the other"
        return [
            Figure(f"{name}_p50", f"a fact {words}, p50", statistics.median(times) * 1000, "ms", spread),
            Figure(
                f"{name}_p99", f"a fact {words}, p99", times[int(len(times) * 0.99) - 1] * 1000, "ms", spread
            ),
        ]

    async def answered(self, number: str) -> None:
        """Tell one fact until it is answered."""
        said = happening(contact(next(self.told)), datetime.now(UTC))
        while True:
            try:
                await order_handle(self.client, number).execute_update("tell", said, result_type=Reply)
            except RPCError:
                await asyncio.sleep(0.05)
            else:
                return

    async def scheduled(self, job: Job, again: str = "") -> Figure:
        """One run of a schedule, triggered now as by an operator: until its workflow has completed; `again` says which one."""
        schedule, began = self.client.get_schedule_handle(job.name), time.monotonic()
        before = (await schedule.describe()).info.num_actions
        await schedule.trigger()
        async with asyncio.timeout(self.job_seconds):
            while (info := (await schedule.describe()).info).num_actions <= before:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            recent = info.recent_actions
            action = recent[-1].action
            assert isinstance(action, ScheduleActionExecutionStartWorkflow)
            await self.client.get_workflow_handle(action.workflow_id).result()
        took, count = time.monotonic() - began, len(self.numbers)
        return Figure(
            f"job_{job.name}" + ("_again" if again else ""),
            f"{job.name} ({again or job.words.en})",
            took,
            "s",
            f"{took / count * 1000:.0f} ms an open order",
        )

    @property
    def job_seconds(self) -> float:
        """How long one job may take: the audit of a first night compares every order wholly."""
        return JOB_SECONDS + len(self.numbers)


async def measure(folder: Path, extent: Extent) -> list[Figure]:
    """All of it. Raises TimeoutError where an order was never recorded."""
    url = f"sqlite:///{folder / 'orders.db'}"
    upgrade(url)
    chance, figures = Random(1), list[Figure]()

    def done(title: str, found: Sequence[Figure]) -> None:
        tell(title, found)
        figures.extend(found)

    async with EmbeddedServer(folder, port=free_port(), headless=True) as server:
        client = await connect(settings_on(server, folder))
        await register_attributes(client, SEARCH_ATTRIBUTES)
        settings = settings_on(server, folder).model_copy(update={"database_url": url, "task_queue": QUEUE})
        import_company(settings, read_company(ROOT / "stories"))
        here = OpenOrders(folder, server, client, settings, life_story().start.request)
        with product_worker(here.environment, folder) as worker:
            done("taken", await here.start(extent))
            done("taken up", here.taken_up(worker.memory()))
            facts = min(extent.facts, len(here.numbers))
            for number in chance.sample(here.numbers, min(WARM_UP, len(here.numbers))):
                await here.tell(number)
            any_order = chance.sample(here.numbers, facts)
            done("any order", await here.facts("any", "on any order", any_order))
            # Told a moment ago: the worker has them all, as long as they are fewer than its cache holds.
            done("cached", await here.facts("cached", "on orders that the worker has", any_order))
            if extent.schedules:
                await bring_into_being(client, QUEUE)
                of_worker = [job for job in JOBS if not isinstance(job.argument, ReportRun)]
                for job in of_worker:
                    done("a scheduled job", [await here.scheduled(job)])
                    if job.workflow == STORE_AUDIT:
                        done("a scheduled job", [await here.scheduled(job, "the second night")])
            os.kill(worker.process.pid, signal.SIGKILL)
            killed = time.monotonic()
        answering = asyncio.create_task(here.answered(here.numbers[0]))
        another = await asyncio.to_thread(_started, here)
        try:
            await answering
            first = time.monotonic() - killed
            back = await _server_killed(here)
        finally:
            await asyncio.to_thread(another.end)
        found = [
            Figure("worker_back", "worker killed, another started: first answer", first, "s"),
            Figure("server_back", "server killed and started again: first answer", back, "s"),
        ]
        done("after kill -9", found)
    engine_at(url).dispose()
    return figures


def _started(here: OpenOrders) -> Started:
    """Another worker, ready to work."""
    worker = Started("worker.py", environment=here.environment, log=here.folder / "worker.log")
    worker.heard()
    return worker


async def _server_killed(here: OpenOrders) -> float:
    """Kill the server, start it on its file and its port; after how long it answered for an order."""
    process = psutil.Process(here.server.pid)
    began = time.monotonic()
    here.server.kill()
    await asyncio.to_thread(process.wait)
    await here.server.stop()  # what is left of it is its lock on the folder
    await here.server.start()
    await here.answered(here.numbers[-1])
    return time.monotonic() - began
