"""Bursts are recorded on threads of their own: one on SQLite, nothing begun that is not wanted, nothing left half done."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import create_engine
from temporalio.testing import ActivityEnvironment

from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst, Saved
from runtime.worker.recording_threads import RecordingThreads

SQLITE, POSTGRES = "sqlite://", "postgresql+psycopg://nobody@127.0.0.1:1/none"


def burst(order: str = "20270101-0001") -> Burst:
    """An empty one."""
    return Burst(
        order=order, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=[], rows=[], intentions=[]
    )


class Recorder:
    """Records nothing; is at work until it is let go, and remembers what it saw."""

    def __init__(self) -> None:
        self.may_go = threading.Event()
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.threads: set[str] = set()
        self.done: list[str] = []
        self.together = self.most_together = 0
        self._loop = asyncio.get_running_loop()

    def record(self, asked: Burst) -> Saved:
        self.together += 1
        self.most_together = max(self.most_together, self.together)
        self.threads.add(threading.current_thread().name)
        self._loop.call_soon_threadsafe(self.begun.put_nowait, asked.order)
        assert self.may_go.wait(30)
        self.together -= 1
        self.done.append(asked.order)
        return Saved(sequence=7, hash=FIRST_LINK, epoch=0)


@asynccontextmanager
async def recording(
    url: str, threads: int
) -> AsyncIterator[tuple[Recorder, Callable[[str], asyncio.Task[Saved]]]]:
    """A recorder, and how a burst of an order is given to its activity."""
    recorder = Recorder()
    activity = RecordingThreads(create_engine(url), threads).activity("record", recorder.record)

    def record(order: str) -> asyncio.Task[Saved]:
        return asyncio.create_task(ActivityEnvironment().run(activity, burst(order)))

    try:
        yield recorder, record
    finally:
        recorder.may_go.set()


@pytest.mark.asyncio
@pytest.mark.parametrize(("url", "threads", "together"), [(SQLITE, 8, 1), (POSTGRES, 3, 3), (POSTGRES, 8, 4)])
async def test_as_many_record_at_once_as_the_database_can_use(url: str, threads: int, together: int) -> None:
    """SQLite lets one write at a time; of PostgreSQL as many threads are used as there may be, four at most."""
    async with recording(url, threads) as (recorder, record):
        tasks = [record(f"20270101-000{number}") for number in range(5)]
        for _ in range(together):
            await recorder.begun.get()
        assert recorder.begun.empty()
        recorder.may_go.set()
        assert [saved.sequence for saved in await asyncio.gather(*tasks)] == [7] * 5
    assert recorder.most_together == together
    assert len(recorder.threads) == together
    assert all(name.startswith("record") for name in recorder.threads)


@pytest.mark.asyncio
async def test_what_is_called_off_before_it_began_is_not_recorded() -> None:
    """An order whose time is over is recorded by another try; this one would only be done twice."""
    async with recording(SQLITE, threads=1) as (recorder, record):
        at_work, waits = record("20270101-0001"), record("20270101-0002")
        await recorder.begun.get()
        waits.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waits
        recorder.may_go.set()
        await at_work
        await record("20270101-0003")
    assert recorder.done == ["20270101-0001", "20270101-0003"]


@pytest.mark.asyncio
async def test_what_is_called_off_at_work_is_finished_and_answers() -> None:
    """Left in the middle of a commit it would hold the database."""
    async with recording(SQLITE, threads=1) as (recorder, record):
        at_work = record("20270101-0001")
        await recorder.begun.get()
        at_work.cancel()
        await asyncio.sleep(0)
        assert not at_work.done()
        recorder.may_go.set()
        assert (await at_work).sequence == 7


@pytest.mark.asyncio
async def test_what_fails_says_so() -> None:
    """The engine tries again when it hears why."""

    def fails(_: Burst) -> Saved:
        raise OSError("away")

    activity = RecordingThreads(create_engine(SQLITE), 1).activity("record", fails)
    with pytest.raises(OSError, match="away"):
        await ActivityEnvironment().run(activity, burst())
