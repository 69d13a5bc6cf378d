"""One order on the real engine whose time is skipped: what waited for a moment happens, and the order is as it is then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper

from models.dossier.journal import JournalEntry
from models.order.order import Order
from runtime.delivery.order_handles import order_handle
from workflows.procedure import next_deadline

MOST_WAITS = 200
FEW_WAITS = 100
SHORT_WAIT = 0.05


class SkippedOrder:
    """An order with a clock of its own on the server; that clock only goes forward."""

    def __init__(self, client: Client, number: str, journal_of: Callable[[str], list[JournalEntry]]) -> None:
        """`journal_of`: the journal as the order database has it."""
        self.handle = order_handle(client, number)
        self.ended = False
        self._number, self._journal_of = number, journal_of
        self._skipper = TimeSkipper(client)

    async def now(self) -> datetime:
        """The order's own time, UTC."""
        return await self._skipper.get_current_time(self.handle)

    async def live_until(self, moment: datetime) -> None:
        """Skip to a moment (UTC), unless that is over or the order has ended."""
        if self.ended:
            return
        described = await self.handle.describe()
        if described.status is not WorkflowExecutionStatus.RUNNING:
            self.ended = True
            return
        try:
            left = moment - await self.now()
            if left > timedelta():
                await self._skipper.fast_forward(self.handle, left)
        except RPCError as error:
            # it may end between the look and the skip
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            self.ended = True

    async def look(self, moment: datetime | None = None) -> tuple[Order, list[JournalEntry]]:
        """The order as it is now, and its journal when the database has all of it.

        `moment`: what was due by then has happened; time that is skipped is faster than the timers that it rings.
        """
        order = Order.model_validate(await self._asked_for())
        for _ in range(FEW_WAITS):
            due = next_deadline(order) if moment is not None and not self.ended else None
            if due is None or moment is None or due > moment:
                break
            await asyncio.sleep(SHORT_WAIT)
            order = Order.model_validate(await self._asked_for())
        journal: list[JournalEntry] = []
        for _ in range(MOST_WAITS):
            journal = await asyncio.to_thread(self._journal_of, self._number)
            if len(journal) >= order.sequence:
                break
            await asyncio.sleep(SHORT_WAIT)
        return order, journal

    async def _asked_for(self) -> Any:
        """The order's answer. A run that just began may have no task yet, and then nobody can be asked."""
        for _ in range(MOST_WAITS):
            try:
                return await self.handle.query("order")
            except WorkflowQueryFailedError:
                pass  # a busy machine: the answer took more than two seconds
            except RPCError as error:
                if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                    raise
            await asyncio.sleep(SHORT_WAIT)
        return await self.handle.query("order")
