"""Workers and replayers of this process have as long for an activation as `tests/conftest.py` gives them."""

from __future__ import annotations

import uuid

import pytest
from temporalio.client import Client
from temporalio.worker import Worker, _replayer, _workflow

from runtime.worker.workers import workflow_runner
from tests.conftest import LONGEST_ACTIVATION_SECONDS
from workflows.order import OrderWorkflow


@pytest.mark.parametrize(
    ("debugged", "seconds"),
    [(False, LONGEST_ACTIVATION_SECONDS), (True, None)],
    ids=["as always", "debugged"],
)
async def test_an_activation_has_the_time_of_tests(
    temporal_client: Client, debugged: bool, seconds: int | None
) -> None:
    """The SDK has no setting for it: where it calls its limit otherwise, somebody is to look where it is now."""
    async with Worker(
        temporal_client,
        task_queue=f"test-{uuid.uuid4().hex}",
        workflows=[OrderWorkflow],
        workflow_runner=workflow_runner(),
        debug_mode=debugged,
    ) as worker:
        inner = worker._workflow_worker
        assert inner is not None
        assert inner._deadlock_timeout_seconds == seconds


def test_replayers_are_made_of_the_same() -> None:
    assert vars(_replayer)["_WorkflowWorker"] is _workflow._WorkflowWorker
