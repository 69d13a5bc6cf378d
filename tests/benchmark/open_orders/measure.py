"""The measurement of many open orders, step by step; each step says its figures when it is done."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import psutil

from activities.reports.report_runs import ReportRun
from activities.store.database import engine_at, upgrade
from commands.desk.order_database import import_company
from rehearsal.files import read_company
from runtime.connection import connect
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.ports import free_port
from runtime.server.registration import register_attributes
from runtime.server.schedules import JOBS, bring_into_being
from runtime.settings import ROOT
from tests.benchmark.lives.life import life_story
from tests.benchmark.lives.processes import Started, product_worker, settings_on
from tests.benchmark.lives.table import Figure, as_json, tell
from tests.benchmark.open_orders.jobs import run_once
from tests.benchmark.open_orders.looks import page_times
from tests.benchmark.open_orders.running import QUEUE, WARM_UP, Extent, OpenOrders
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.jobs.store_audit import WORKFLOW as STORE_AUDIT

AGAIN = 3
"""So often each order is told something among others, side by side."""


async def measure(folder: Path, extent: Extent) -> list[Figure]:
    """All of it. Raises TimeoutError where an order was never recorded, or all of it took too long."""
    async with asyncio.timeout(extent.most_seconds):
        return await _measured(folder, extent)


async def _measured(folder: Path, extent: Extent) -> list[Figure]:
    url = f"sqlite:///{folder / 'orders.db'}"
    upgrade(url)
    chance, figures = Random(1), list[Figure]()

    def done(title: str, found: Sequence[Figure]) -> None:
        tell(title, found)
        figures.extend(found)
        if extent.file is not None:
            extent.file.write_text(as_json(figures))

    async with EmbeddedServer(folder, port=free_port(), headless=True) as server:
        client = await connect(settings_on(server, folder))
        await register_attributes(client, SEARCH_ATTRIBUTES)
        settings = settings_on(server, folder).model_copy(update={"database_url": url, "task_queue": QUEUE})
        import_company(settings, read_company(ROOT / "stories"))
        here = OpenOrders(folder, server, client, settings, life_story().start.request)
        with ExitStack() as stack:
            workers = [
                stack.enter_context(product_worker(here.environment, folder)) for _ in range(extent.workers)
            ]
            before = here.spent(workers)
            done("taken", await here.start(extent))
            done("taken up", here.taken_up(before, here.spent(workers), len(workers)))
            facts = min(extent.facts, len(here.numbers))
            for number in chance.sample(here.numbers, min(WARM_UP, len(here.numbers))):
                await here.tell(number)
            any_order = chance.sample(here.numbers, facts)
            done("any order", await here.facts("any", "on any order", any_order))
            # Told a moment ago: the worker has them all, as long as they are fewer than its cache holds.
            done("cached", await here.facts("cached", "on orders that the worker has", any_order))
            done("side by side", await here.side_by_side(any_order * AGAIN, workers))
            done("pages", await page_times(settings, datetime.now(UTC)))
            if extent.schedules:
                await bring_into_being(client, QUEUE)
                of_worker = [job for job in JOBS if not isinstance(job.argument, ReportRun)]
                for job in of_worker:
                    done("a scheduled job", [await run_once(here, job)])
                    if job.workflow == STORE_AUDIT:
                        done("a scheduled job", [await run_once(here, job, "the second night")])
            for worker in workers:
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
