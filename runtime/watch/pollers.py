"""Who works: whether a worker and a press poll their task queues on the Temporal server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from activities.reports.report_runs import documents_queue
from models.values.vocabulary import Words
from runtime.refusals import named_answers
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.api.enums.v1 import TaskQueueType
    from temporalio.client import Client

SEEN_WITHIN = timedelta(seconds=90)
"""A worker that waits for work asks anew each minute; the server remembers one that is gone for five."""
WORKER, PRESS = Words("工人", "worker"), Words("文印", "press")


@dataclass(frozen=True, slots=True)
class Polled:
    """One task queue: who polls it, how many tasks wait in it, and since when the oldest waits."""

    who: Words
    queue: str
    pollers: tuple[str, ...]
    backlog: int
    backlog_age: timedelta

    @property
    def works(self) -> bool:
        """Whether anybody polls it."""
        return bool(self.pollers)


async def worker_seen(client: Client, settings: Settings) -> Polled:
    """Who moves orders. Raises Refusal(server_unavailable)."""
    from temporalio.api.enums.v1 import TaskQueueType

    return await _polled(client, WORKER, settings.task_queue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)


async def press_seen(client: Client, settings: Settings) -> Polled:
    """Who prints, sends and reports. Raises Refusal(server_unavailable)."""
    from temporalio.api.enums.v1 import TaskQueueType

    queue = documents_queue(settings.task_queue)
    return await _polled(client, PRESS, queue, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)


async def _polled(client: Client, who: Words, queue: str, kind: TaskQueueType.ValueType) -> Polled:
    from temporalio.api.taskqueue.v1 import TaskQueue
    from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest

    asked = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=kind,
        report_stats=True,
    )
    with named_answers():
        said = await client.workflow_service.describe_task_queue(asked)
    since = datetime.now(UTC) - SEEN_WITHIN
    seen = sorted(
        {
            poller.identity
            for poller in said.pollers
            if poller.last_access_time.ToDatetime(tzinfo=UTC) >= since
        }
    )
    stats = said.stats
    return Polled(
        who,
        queue,
        tuple(seen),
        stats.approximate_backlog_count,
        stats.approximate_backlog_age.ToTimedelta(),
    )
