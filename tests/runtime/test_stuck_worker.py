"""A worker whose engine is stuck ends itself; told to stop it is gone within its limit, whatever its workflows do."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
import uuid
from asyncio.subprocess import PIPE, STDOUT, Process
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from runtime.connection import connect
from runtime.server.ports import free_port
from runtime.settings import ROOT, Settings
from runtime.worker.worker_life import LIMIT_SECONDS, OUT_OF_TIME, STUCK
from tests.runtime.watching import PATIENCE_SECONDS

READY = "worker is ready"
NEVER = "3600"


async def started(settings: Settings, stuck_after: str, *arguments: str, **more: str) -> Process:
    """The worker with the blocking workflow, ready."""
    environment = {
        **os.environ, "DINGDAN_VAR": str(settings.var), "TEMPORAL_ADDRESS": str(settings.temporal_address),
        "DINGDAN_TASK_QUEUE": settings.task_queue, "STUCK_AFTER_SECONDS": stuck_after, **more,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.runtime.blocking_worker", *arguments, env=environment, cwd=ROOT, stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    await said(process, READY)
    return process


async def said(process: Process, words: str) -> None:
    """Wait until it has said this."""
    assert process.stdout is not None
    before = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for line in process.stdout:
            before.append(line.decode())
            if words in before[-1]:
                return
    raise AssertionError("".join(before))


async def block(client: Client, task_queue: str) -> None:
    """Start what blocks, and see that the engine has met it."""
    handle = await client.start_workflow("Blocks", id=f"blocks-{uuid.uuid4().hex}", task_queue=task_queue)
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.HasField("workflow_task_failed_event_attributes"):
                return


async def moves(client: Client, task_queue: str) -> str:
    """What the workflow beside it says."""
    answer: str = await client.execute_workflow(
        "Moves", id=f"moves-{uuid.uuid4().hex}", task_queue=task_queue, result_type=str,
        execution_timeout=timedelta(seconds=60),
    )  # fmt: skip
    return answer


@pytest.mark.slow
async def test_a_stuck_engine_ends_its_worker_with_a_code_of_its_own(
    settings: Settings, temporal_client: Client
) -> None:
    worker = await started(settings, "4")
    try:
        await block(temporal_client, settings.task_queue)
        await said(worker, "is stuck and ends itself")
        async with asyncio.timeout(LIMIT_SECONDS + 5):
            assert await worker.wait() == STUCK
    finally:
        if worker.returncode is None:
            worker.kill()


@pytest.mark.slow
async def test_a_stuck_workflow_does_not_hold_up_ctrl_c(settings: Settings, temporal_client: Client) -> None:
    worker = await started(settings, NEVER)
    try:
        await block(temporal_client, settings.task_queue)
        assert await moves(temporal_client, settings.task_queue) == "moved"
        told = time.monotonic()
        worker.send_signal(signal.SIGINT)
        async with asyncio.timeout(LIMIT_SECONDS + 10):
            assert await worker.wait() == OUT_OF_TIME
        assert time.monotonic() - told < LIMIT_SECONDS + 1
    finally:
        if worker.returncode is None:
            worker.kill()


@pytest.mark.slow
async def test_a_worker_with_nothing_stuck_ends_at_once_and_well(
    settings: Settings, temporal_client: Client
) -> None:
    worker = await started(settings, NEVER)
    assert await moves(temporal_client, settings.task_queue) == "moved"
    worker.send_signal(signal.SIGINT)
    async with asyncio.timeout(LIMIT_SECONDS):
        assert await worker.wait() == 0


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.endurance
async def test_the_embedded_worker_starts_anew_and_goes_on(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    settings = Settings(var=tmp_path / "var", TEMPORAL_ADDRESS=address, task_queue="embedded")
    worker = await started(
        settings, "4", "--embedded", DINGDAN_LANGUAGE="en", DINGDAN_EXAMPLE_COMPANY="no",
        DINGDAN_GATEWAY_ADDRESS=f"127.0.0.1:{free_port()}", DINGDAN_UI_URL=f"http://127.0.0.1:{free_port()}",
    )  # fmt: skip
    try:
        client = await connect(settings)
        await block(client, settings.task_queue)
        before = worker.pid
        await said(worker, "starting anew")
        await said(worker, READY)
        assert worker.pid == before
        client = await connect(settings)
        assert await moves(client, settings.task_queue) == "moved"
        worker.send_signal(signal.SIGINT)
        async with asyncio.timeout(LIMIT_SECONDS + 10):
            await worker.wait()
    finally:
        if worker.returncode is None:
            worker.kill()
