"""The press in its own process: prints what becomes due, waits out trouble, goes when its owner goes."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import psutil
import pytest

from activities.documents.printed_papers import documents_of
from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, upgrade
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst
from runtime.settings import ROOT, Settings
from runtime.worker.paperwork import beside, keep_papers, paperwork_beside
from tests.models.life import Life
from tests.runtime.watching import PATIENCE_SECONDS, looks, until


def due(settings: Settings) -> str:
    """An order whose first papers are due; its number."""
    upgrade(settings.database_url)
    order = Life().order
    burst = Burst(
        order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved, rows=[],
        intentions=order.unsent,
    )  # fmt: skip
    Recorder(engine_at(settings.database_url)).record(burst)
    return order.number


async def printed(settings: Settings, number: str) -> None:
    """Wait until a paper of the order is printed."""
    await until(
        lambda: documents_of(engine_at(settings.database_url), number), f"a paper of {number} is printed"
    )


async def test_what_becomes_due_is_printed_until_told_to_stop(settings: Settings) -> None:
    number, stopping = due(settings), asyncio.Event()
    printing = asyncio.create_task(keep_papers(settings, stopping))
    await printed(settings, number)
    stopping.set()
    await printing


async def test_a_database_that_is_not_there_delays_and_stops_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("runtime.worker.paperwork._AFTER_TROUBLE_SECONDS", 0.1)
    stopping = asyncio.Event()
    printing = asyncio.create_task(keep_papers(settings, stopping))
    await until(lambda: caplog.records, "it is told that the database is not there")
    number = due(settings)
    await printed(settings, number)
    stopping.set()
    await printing


async def test_what_nobody_foresaw_is_told_and_stops_neither_itself_nor_the_rest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("runtime.worker.paperwork._AFTER_TROUBLE_SECONDS", 0.05)
    tried = 0

    async def broken(_: Settings) -> int:
        nonlocal tried
        tried += 1
        raise ZeroDivisionError("nobody foresaw this")

    monkeypatch.setattr("runtime.files.scans.take_arrived", broken)
    stopping = asyncio.Event()
    keeping = asyncio.create_task(keep_papers(settings, stopping))
    number = due(settings)
    await printed(settings, number)
    await until(lambda: tried >= 3, "it is tried three times")
    stopping.set()
    await keeping
    record = next(each for each in caplog.records if "scanning" in each.getMessage())
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


async def test_a_process_beside_that_dies_is_told_and_started_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("runtime.worker.paperwork._AFTER_TROUBLE_SECONDS", 0.05)
    before = set(psutil.Process().children())

    async def running(but: set[psutil.Process]) -> psutil.Process:
        found: set[psutil.Process] = set()
        async for _ in looks("it runs"):
            found = set(psutil.Process().children()) - but
            if found:
                break
        return found.pop()

    async with beside("-c", "import sys; sys.stdin.read()"):
        first = await running(before)
        first.kill()
        second = await running(before | {first})
    assert not first.is_running()
    assert not second.is_running()
    assert any("ended (-9) and is started again" in each.getMessage() for each in caplog.records)


async def test_the_press_ends_with_the_process_that_started_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DINGDAN_VAR", str(settings.var))
    number = due(settings)
    before = set(psutil.Process().children())
    async with paperwork_beside():
        beside = set(psutil.Process().children()) - before
        await printed(settings, number)
        assert any("--documents" in process.cmdline() for process in beside)
    assert not any(process.is_running() for process in beside)
    owner = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import asyncio; from runtime.worker.paperwork import paperwork_beside\n"
        "async def run():\n async with paperwork_beside(): print('beside', flush=True); await asyncio.sleep(60)\n"
        "asyncio.run(run())",
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(ROOT),
    )
    assert owner.stdout is not None
    await owner.stdout.readline()
    left = psutil.Process(owner.pid).children()
    owner.kill()
    await owner.wait()
    assert psutil.wait_procs(left, timeout=PATIENCE_SECONDS)[1] == []
