"""The threads on which bursts are recorded: apart from those of everything else, and no more than the database can use.

SQLite lets one write at a time, so one thread has its connection, its pages and its statements to itself; more of them only
wait for their turn, and for Python, and each finds what it knew of the file outdated by the one before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from sqlalchemy import Engine
from temporalio import activity

from models.dossier.records.recording import Burst, Saved

MOST = 4
"""More gained nothing on PostgreSQL, and each may hold a connection beside those of the other activities."""
Record = Callable[[Burst], Saved]


class RecordingThreads:
    """As many threads as one worker records on."""

    def __init__(self, engine: Engine, threads: int) -> None:
        """`threads`: how many all other activities have; a database that lets several write at once gets no more, nor above four."""
        count = 1 if engine.dialect.name == "sqlite" else min(threads, MOST)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="record")

    def activity(self, name: str, record: Record) -> Callable[[Burst], Coroutine[Any, Any, Saved]]:
        """The activity of this name, which records on these threads."""

        async def recorded(burst: Burst) -> Saved:
            work = self._threads.submit(copy_context().run, record, burst)
            try:
                return await asyncio.shield(asyncio.wrap_future(work))
            except asyncio.CancelledError:
                # One that waits yet is not begun any more. One at work is never left in the middle of a commit.
                if work.cancel():
                    raise
                return await asyncio.wrap_future(work)

        return activity.defn(name=name)(recorded)
