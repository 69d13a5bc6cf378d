"""What a cold replay costs: histories of four lengths, replayed with the worker's own runner in a quiet process."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from runtime.worker.workers import workflow_runner
from tests.benchmark.lives.processes import working_folder
from tests.benchmark.lives.sample import LONG_EVENTS, sample_of
from tests.benchmark.lives.table import Figure, alone
from tests.benchmark.lives.yardstick import quiet_figure, yardstick
from workflows.engine.interceptor import CaseInterceptor
from workflows.order import OrderWorkflow

LENGTHS = {7: (None, None), 65: (35.0, 24.0), 171: (70.0, 56.0), LONG_EVENTS: (None, None)}
"""Events of the history, with the most milliseconds it must and should take."""
RUNS = 10
QUICK_RUNS = 2


def beginning(history: WorkflowHistory, length: int) -> WorkflowHistory:
    """The longest beginning of about this many events that ends where the order stood still."""
    events = list(history.events)
    stands = [
        place
        for place, event in enumerate(events)
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED and place > 2
    ]
    nearest = min([*stands, len(events)], key=lambda place: (abs(place - length), place))
    return WorkflowHistory(history.workflow_id, events[:nearest])


async def replay_times(history: WorkflowHistory, runs: int) -> tuple[list[float], list[float]]:
    """CPU milliseconds of this process for one cold replay, so many times; one before them is not counted. Yardsticks."""
    spent, sticks = [], []
    for _ in range(runs + 1):
        before = time.process_time()
        replayer = Replayer(
            workflows=[OrderWorkflow],
            data_converter=pydantic_data_converter,
            workflow_runner=workflow_runner(),
            interceptors=[CaseInterceptor()],
        )
        await replayer.replay_workflow(history)
        spent.append((time.process_time() - before) * 1000)
        sticks.append(yardstick())
    return spent[1:], sticks


def measure(asked: argparse.Namespace) -> list[Figure]:
    """For each length."""
    with working_folder() as folder:
        sample = sample_of(asked.sample, folder)
    figures = []
    for length, (must, aim) in LENGTHS.items():
        history = beginning(sample.long_history if length == LONG_EVENTS else sample.history, length)
        spent, sticks = asyncio.run(replay_times(history, QUICK_RUNS if asked.quick else RUNS))
        words = f"cold replay at {len(history.events)} events"
        figures.append(quiet_figure(f"replay_{length}", words, spent, sticks, must=must, aim=aim))
    return figures


def main() -> int:
    """`python -m tests.benchmark.lives.replay`."""
    return alone(__doc__, measure, ("--sample", {"type": Path, "help": "a life that was lived before"}))


if __name__ == "__main__":
    sys.exit(main())
