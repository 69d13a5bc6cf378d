"""The worker of the floors, a process of its own, until SIGTERM; its activity writes with the raw driver."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from temporalio import activity
from temporalio.worker import Worker

from runtime.connection import connect
from runtime.settings import Settings, load_settings
from runtime.worker.workers import GRACEFUL_SHUTDOWN, STICKY_TIMEOUT
from tests.benchmark.lives.floor import NOTHING, WRITE, Bare, Fair
from tests.benchmark.lives.processes import READY

_TABLES = (
    "create table if not exists floor_orders (number varchar primary key, sequence integer, body varchar)",
    "create table if not exists floor_journal (number varchar, sequence integer, body varchar, "
    "primary key (number, sequence))",
)
_UPSERT = (
    "insert into floor_orders (number, sequence, body) values (?, ?, ?) "
    "on conflict (number) do update set sequence = excluded.sequence, body = excluded.body"
)
_INSERT = "insert into floor_journal (number, sequence, body) values (?, ?, ?) on conflict do nothing"


@activity.defn(name=NOTHING)
def nothing() -> None:
    """The activity of the bare workflow."""


class Writer:
    """One transaction a burst, a connection a thread, nothing between it and the driver."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._kept = threading.local()

    def _connection(self) -> Any:
        known = getattr(self._kept, "connection", None)
        if known is None:
            known = self._kept.connection = self.connected()
        return known

    def connected(self) -> Any:
        """A connection with the settings that the product has."""
        if self._url.startswith("sqlite"):
            connection = sqlite3.connect(
                self._url.removeprefix("sqlite:///"), timeout=5, isolation_level=None
            )
            for pragma in ("journal_mode=wal", "synchronous=normal"):
                connection.execute(f"pragma {pragma}")
            return connection
        return psycopg.connect(self._url.replace("+psycopg", ""), autocommit=True)

    @activity.defn(name=WRITE, no_thread_cancel_exception=True)
    def write(self, number: str, sequence: int, entries: list[str]) -> dict[str, Any]:
        """The order's row and one row of its journal."""
        connection, body = self._connection(), json.dumps(entries)
        if isinstance(connection, sqlite3.Connection):
            connection.execute("begin immediate")
            connection.execute(_UPSERT, (number, sequence, body))
            connection.execute(_INSERT, (number, sequence, body))
            connection.execute("commit")
        else:
            with connection.transaction():
                connection.execute(_UPSERT.replace("?", "%s"), (number, sequence, body))
                connection.execute(_INSERT.replace("?", "%s"), (number, sequence, body))
        return {"sequence": sequence, "hash": "0" * 64, "diverged": False}

    def set_up(self) -> None:
        """The two tables."""
        connection = self.connected()
        for table in _TABLES:
            connection.execute(table)
        connection.close()


async def work(settings: Settings) -> None:
    """Until told to stop, with the limits of the product's worker and the SDK's own sandbox."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    writer = Writer(settings.database_url)
    writer.set_up()
    async with Worker(
        await connect(settings),
        task_queue=settings.task_queue,
        workflows=[Bare, Fair],
        activities=[nothing, writer.write],
        activity_executor=ThreadPoolExecutor(settings.activity_threads, thread_name_prefix="activity"),
        max_concurrent_activities=settings.activity_threads,
        max_cached_workflows=settings.cached_orders,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
        graceful_shutdown_timeout=GRACEFUL_SHUTDOWN,
    ):
        sys.stdout.write(READY + "\n")
        sys.stdout.flush()
        await stopping.wait()


if __name__ == "__main__":
    asyncio.run(work(load_settings()))
