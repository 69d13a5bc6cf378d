"""Memory of a worker for each open order that it keeps: the growth of its RSS over many orders."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle

from activities.store.database import upgrade
from runtime.connection import connect
from runtime.delivery.order_handles import start_order
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.registration import register_attributes
from tests.benchmark.lives.life import LifeStory, happening, life_story
from tests.benchmark.lives.processes import environment_for, product_worker, settings_on, working_folder
from tests.benchmark.lives.table import Figure, alone, median_figure
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES

ORDERS = 120
WARM_UP = 24
"""Orders before the first look: what a worker loads once is not of any order."""
FACTS = 12
"""Told to each order: it stands in production then."""
AT_ONCE = 20
QUEUE = "bench-memory"
Handle = WorkflowHandle[Any, Any]


async def open_orders(client: Client, story: LifeStory, numbers: list[str]) -> list[Handle]:
    """Start orders, and return when each has had its first workflow task."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(number: str) -> Handle:
        async with places:
            handle = await start_order(client, story.order_start(number, datetime.now(UTC)), QUEUE)
            await handle.query("steps")
            return handle

    return await asyncio.gather(*(one(number) for number in numbers))


async def tell_facts(handles: list[Handle], story: LifeStory, facts: int) -> None:
    """The first facts of the story to each order, one after the other."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(handle: Handle) -> None:
        async with places:
            for envelope in story.envelopes[:facts]:
                await handle.execute_update("tell", happening(envelope, datetime.now(UTC)))

    await asyncio.gather(*(one(handle) for handle in handles))


async def growth(folder: Path, orders: int, warm_up: int, facts: int) -> tuple[float, float]:
    """KiB for each order, fresh and after so many facts."""
    story = life_story()
    url = f"sqlite:///{folder / 'memory.db'}"
    upgrade(url)
    async with EmbeddedServer(folder, persistent=False, headless=True) as server:
        client = await connect(settings_on(server, folder))
        await register_attributes(client, SEARCH_ATTRIBUTES)
        environment = environment_for(server, folder, database_url=url, queue=QUEUE)
        with product_worker(environment, folder) as worker:
            numbers = [f"20270101-{number:04}" for number in range(warm_up + orders)]
            await tell_facts(await open_orders(client, story, numbers[:warm_up]), story, facts)
            before = worker.memory()
            handles = await open_orders(client, story, numbers[warm_up:])
            fresh = worker.memory()
            await tell_facts(handles, story, facts)
            return (fresh - before) / orders, (worker.memory() - before) / orders


def measure(asked: argparse.Namespace) -> list[Figure]:
    """Fresh orders and orders in production, each run with a worker of its own."""
    extent = (4, 2, 3) if asked.quick else (ORDERS, WARM_UP, FACTS)
    runs = []
    for _ in range(1 if asked.quick else asked.runs):
        with working_folder() as folder:
            runs.append(asyncio.run(growth(folder, *extent)))
    fresh, told = zip(*runs, strict=True)
    orders, _, facts = extent
    return [
        median_figure("memory", f"a cached open order after {facts} facts, over {orders} orders", told, "KiB",
                      must=350, aim=250),
        median_figure("memory_fresh", f"a cached open order, fresh, over {orders} orders", fresh, "KiB"),
    ]  # fmt: skip


def main() -> int:
    """`python -m tests.benchmark.lives.memory`."""
    return alone(__doc__, measure, ("--runs", {"type": int, "default": 2}))


if __name__ == "__main__":
    sys.exit(main())
