"""`worker.py` with one workflow more, which holds its thread for as long as nobody kills the process. Run by its test.

`python -m tests.runtime.blocking_worker [--embedded]`; limits come by the environment, so that a test need not wait.
"""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

import runtime.worker.engine_watch
import worker
from runtime.settings import Settings


@workflow.defn(name="Blocks", sandboxed=False)
class Blocks:
    """Never gives its thread back: nothing can interrupt a lock that is waited for."""

    @workflow.run
    async def run(self) -> None:
        """Block at once."""
        threading.Lock().acquire(timeout=3600) and threading.Event().wait(3600)


@workflow.defn(name="Moves", sandboxed=False)
class Moves:
    """An order that is well, beside it."""

    @workflow.run
    async def run(self) -> str:
        """Done at once."""
        return "moved"


def build(client: Client, settings: Settings, *, threads: ThreadPoolExecutor) -> Worker:
    """A worker for these two."""
    return Worker(
        client, task_queue=settings.task_queue, workflows=[Blocks, Moves], workflow_runner=UnsandboxedWorkflowRunner(),
        workflow_task_executor=threads,
    )  # fmt: skip


if __name__ == "__main__":
    seconds = float(os.environ["STUCK_AFTER_SECONDS"])
    runtime.worker.engine_watch.EngineWatch.__init__.__defaults__ = (seconds, seconds)
    sys.exit(worker.main(build))
