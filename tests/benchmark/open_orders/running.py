"""One server, its workers and many open orders there: started, told something, and what they take up."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import func, select
from temporalio.client import Client
from temporalio.service import RPCError

from activities.store.database import engine_at, reading
from models.messages.reply import Reply, Status
from models.request.order_request import OrderRequest
from models.tables.registry import table
from runtime.delivery.order_handles import order_handle
from runtime.delivery.placing import begin_order, number_request
from runtime.server.embedded_server import DATABASE, EmbeddedServer
from runtime.settings import Settings
from tests.benchmark.lives.life import contact, happening
from tests.benchmark.lives.processes import Started, cpu_of, environment_for
from tests.benchmark.lives.table import Figure, say

QUEUE = "bench-open-orders"
AT_ONCE = 20
WARM_UP = 20
"""Facts before the clock runs: the first ones load what stays loaded."""
RECORDED_SECONDS = 600.0
"""So long after the last start every order must be in the order database; and a tenth of a second more for every order."""
SAID_EACH = 500
"""After so many orders it is said how many there are."""
CACHED = 2_000
"""So many orders a worker has in memory, as settings have it by themselves."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    orders: int
    seconds: float
    """No order is started after so many; zero: all are."""
    facts: int
    workers: int = 1
    schedules: bool = True
    file: Path | None = None
    """The figures so far stand in it after every step."""
    most_seconds: float | None = None
    """All of it is given up after so long; what was measured by then stands in the file."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What the workers together and the server have in memory (KiB) and have used of the processor (ms), and how many orders there were."""

    worker_kib: float
    server_kib: float
    worker_cpu: float
    server_cpu: float
    orders: int


@dataclass
class OpenOrders:
    """One server, its workers, and the orders that are open there."""

    folder: Path
    server: EmbeddedServer
    client: Client
    settings: Settings
    request: OrderRequest
    numbers: list[str] = field(default_factory=list)
    told: Iterator[int] = field(default_factory=lambda: itertools.count(time.time_ns()))
    """Numbers of facts: a folder that is gone on with has heard those of before."""

    @property
    def environment(self) -> dict[str, str]:
        """Of its worker."""
        return environment_for(self.server, self.folder, database_url=self.settings.database_url, queue=QUEUE)

    async def start(self, extent: Extent) -> list[Figure]:
        """Start them, some side by side, and wait until each is recorded."""
        began, here = time.monotonic(), await asyncio.to_thread(self.begun_before)
        self.numbers += here.values()
        fresh = [place for place in range(extent.orders) if f"bench/{place}" not in here]
        waiting, there = iter(fresh), len(self.numbers)

        async def some() -> None:
            for place in waiting:
                if extent.seconds and time.monotonic() - began > extent.seconds:
                    return
                request = self.request.model_copy(update={"request_id": f"bench/{place}"})
                opened = await number_request(self.settings, request)
                self.numbers.append((await begin_order(self.client, self.settings, opened)).start.number)
                if len(self.numbers) % SAID_EACH == 0:
                    a_second = (len(self.numbers) - there) / (time.monotonic() - began)
                    say(f"{len(self.numbers)} of {extent.orders} orders, {a_second:.1f} a second")

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
        accepted = time.monotonic() - began
        async with asyncio.timeout(RECORDED_SECONDS + 0.1 * len(self.numbers)):
            while await asyncio.to_thread(self.recorded) < len(self.numbers):  # noqa: ASYNC110
                await asyncio.sleep(0.5)
        took, count = time.monotonic() - began, len(self.numbers) - there
        return [
            Figure(
                "orders",
                "open orders, fresh",
                len(self.numbers),
                spread=f"{there} of them of an earlier start",
            ),
            Figure(
                "taken", "orders accepted by the server", count / accepted, "a second", f"in {accepted:.0f} s"
            ),
            Figure(
                "orders_a_second", "orders begun and recorded", count / took, "a second", f"in {took:.0f} s"
            ),
        ]

    def recorded(self) -> int:
        """How many have recorded something in the order database."""
        orders = table("orders")
        query = select(func.count()).select_from(orders).where(orders.c.sequence > 0)
        with reading(engine_at(self.settings.database_url)) as connection:
            return connection.scalar(query) or 0

    def begun_before(self) -> dict[str, str]:
        """Numbers by request id of orders that were begun in this folder before the measurement was broken off."""
        orders, requests = table("orders"), table("requests")
        query = select(requests.c.request_id, requests.c.number).where(
            requests.c.number == orders.c.number, orders.c.sequence > 0
        )
        with reading(engine_at(self.settings.database_url)) as connection:
            return {row.request_id: row.number for row in connection.execute(query)}

    def spent(self, workers: Sequence[Started]) -> Spent:
        """What workers and server have used by now."""
        server = float(psutil.Process(self.server.pid).memory_info().rss) / 1024
        memory, cpu = sum(each.memory() for each in workers), sum(each.cpu() for each in workers)
        return Spent(memory, server, cpu, cpu_of(self.server.pid), len(self.numbers))

    def taken_up(self, before: Spent, now: Spent, workers: int) -> list[Figure]:
        """Memory and CPU of workers and server, and what stands on disk."""
        count, most = len(self.numbers), CACHED * workers
        fresh = max(count - before.orders, 1)
        worker = (now.worker_kib - before.worker_kib) / min(count, most)
        server = (now.server_kib - before.server_kib) / count
        figures = [
            Figure(
                "worker_memory", f"memory of {workers} worker(s)", now.worker_kib / 1024, "MB",
                f"{worker:.0f} KiB an order in memory, {most} at most; {before.worker_kib / 1024:.0f} MB before",
            ),
            Figure(
                "server_memory", "memory of the server", now.server_kib / 1024, "MB",
                f"{server:.0f} KiB an open order; {before.server_kib / 1024:.0f} MB before",
            ),
            Figure("worker_cpu", "CPU of the worker(s) to begin an order", (now.worker_cpu - before.worker_cpu) / fresh, "ms"),
            Figure("server_cpu", "CPU of the server to begin an order", (now.server_cpu - before.server_cpu) / fresh, "ms"),
        ]  # fmt: skip
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

    async def side_by_side(self, numbers: Sequence[str], workers: Sequence[Started]) -> list[Figure]:
        """Some at once: how many a second, how long each took, and what each cost."""
        waiting, before, began = iter(numbers), self.spent(workers), time.perf_counter()

        async def some() -> list[float]:
            return [await self.tell(each) for each in waiting]

        times = sorted(itertools.chain(*await asyncio.gather(*(some() for _ in range(AT_ONCE)))))
        took, now, count = time.perf_counter() - began, self.spent(workers), len(times)
        worker, server = now.worker_cpu - before.worker_cpu, now.server_cpu - before.server_cpu
        spread = f"{count} facts, {AT_ONCE} at once, {len(workers)} worker(s)"
        return [
            Figure("facts_a_second", "facts answered", count / took, "a second", spread),
            Figure("at_once_p50", "a fact among them, p50", statistics.median(times) * 1000, "ms", spread),
            Figure("fact_worker_cpu", "CPU of the worker(s) for a fact", worker / count, "ms", spread),
            Figure("fact_server_cpu", "CPU of the server for a fact", server / count, "ms", spread),
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
