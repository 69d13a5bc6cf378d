"""When each scheduled job ran last and runs next, as the Temporal server says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from temporalio.client import Client, ScheduleActionExecutionStartWorkflow
from temporalio.service import RPCError, RPCStatusCode

from models.values.vocabulary import Words
from runtime.server.schedules import JOBS


@dataclass(frozen=True, slots=True)
class JobTimes:
    """One job. Times UTC; `last_at` None: the server knows of no run. `is_there`: the server has the schedule."""

    name: str
    words: Words
    last_at: datetime | None = None
    next_at: datetime | None = None
    running: bool = False
    paused: bool = False
    note: str = ""
    is_there: bool = True


def jobs_unasked() -> list[JobTimes]:
    """The jobs that there are, where the server cannot be asked."""
    return [JobTimes(job.name, job.words) for job in JOBS]


async def job_times(client: Client) -> list[JobTimes]:
    """Each job with its times. Raises what the client raises of a server that is away."""
    return [await _times(client, name, words) for name, words in ((job.name, job.words) for job in JOBS)]


async def _times(client: Client, name: str, words: Words) -> JobTimes:
    try:
        found = await client.get_schedule_handle(name).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return JobTimes(name, words, is_there=False)
    info, state = found.info, found.schedule.state
    last = max((each.started_at for each in info.recent_actions), default=None)
    running = any(isinstance(each, ScheduleActionExecutionStartWorkflow) for each in info.running_actions)
    return JobTimes(
        name, words, last, min(info.next_action_times, default=None), running, state.paused, state.note or "",
    )  # fmt: skip
