"""How long the oldest burst of an order has waited for the order database: seen by the worker that tries to record it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from workflows.engine.limits import RECORD_ACTIVITY, RECORD_CASE_ACTIVITY

FORGOTTEN_AFTER_SECONDS = 900.0
"""A burst that another worker recorded meanwhile is not seen here again; it is tried more often than that while it waits."""


class UnsavedBursts(Interceptor):
    """A worker's interceptor that remembers which bursts it could not record, and since when they are to be."""

    def __init__(self) -> None:
        """Nothing waits at first: a worker that begins hears of what waits with its next try."""
        self._since: dict[str, tuple[datetime, float]] = {}

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's name
        """Look at each try to record."""
        return _Looking(next, self)

    def failed(self, workflow: str, since: datetime) -> None:
        """A burst of this workflow is to be recorded since then, and was not."""
        first = self._since.get(workflow, (since, 0.0))[0]
        self._since[workflow] = (min(first, since), time.monotonic())

    def recorded(self, workflow: str) -> None:
        """All that was to be recorded of this workflow is."""
        self._since.pop(workflow, None)

    def count(self) -> int:
        """How many orders wait for the database."""
        self._forget()
        return len(self._since)

    def oldest_seconds(self, now: datetime) -> float:
        """For how long the oldest has waited; 0 where none does. `now` is UTC."""
        self._forget()
        oldest = min((since for since, _ in self._since.values()), default=now)
        return max((now - oldest).total_seconds(), 0.0)

    def _forget(self) -> None:
        limit = time.monotonic() - FORGOTTEN_AFTER_SECONDS
        self._since = {name: each for name, each in self._since.copy().items() if each[1] >= limit}


class _Looking(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, bursts: UnsavedBursts) -> None:
        super().__init__(following)
        self._bursts = bursts

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        info = activity.info()
        if info.activity_type not in (RECORD_ACTIVITY, RECORD_CASE_ACTIVITY) or info.workflow_id is None:
            return await super().execute_activity(input)
        done = False
        try:
            result = await super().execute_activity(input)
            done = True
        finally:
            if done:
                self._bursts.recorded(info.workflow_id)
            else:
                self._bursts.failed(info.workflow_id, info.scheduled_time.astimezone(UTC))
        return result
