"""Figures kept for a while after they were counted: for as long as counting them is dear, so that it never fills the day.

What took a fifth of a second is counted anew each time. What took longer is shown again for thirty times as long as it
took, with the moment that it is of; after that it is shown once more while it is counted anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import Request

from activities.figures.board_figures import BoardFigures, board_figures
from gateway.context import Door, door_of, in_database
from models.values.calendar import business_date
from models.values.errors import Refusal

_log = logging.getLogger("dingdan.figures")
CHEAP_SECONDS = 0.2
TIMES_AS_LONG = 30
_LONGEST = timedelta(minutes=10)
"""Figures older than this are counted before they are shown."""


@dataclass(slots=True)
class _Kept:
    figures: BoardFigures
    took: float
    counted_at: float


@dataclass(slots=True)
class KeptFigures:
    """The figures of one running gateway, by whose they are."""

    by_whom: dict[str, _Kept] = field(default_factory=dict)
    counting: dict[str, asyncio.Task[BoardFigures]] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic

    async def of(self, door: Door, salesperson: str) -> BoardFigures:
        """What is shown now. Raises as `in_database`."""
        kept, now = self.by_whom.get(salesperson), door.now()
        if kept is None or kept.took < CHEAP_SECONDS or _is_of_another_time(kept.figures.at, now):
            return await self._counted(door, salesperson)
        if self.clock() - kept.counted_at > TIMES_AS_LONG * kept.took and salesperson not in self.counting:
            task = asyncio.create_task(self._counted(door, salesperson))
            self.counting[salesperson] = task
            task.add_done_callback(lambda done: self._is_counted(salesperson, done))
        return kept.figures

    def _is_counted(self, salesperson: str, done: asyncio.Task[BoardFigures]) -> None:
        self.counting.pop(salesperson, None)
        fault = None if done.cancelled() else done.exception()
        if isinstance(fault, Refusal):
            _log.info("%s", fault.words.en)  # the next one who looks counts again
        elif fault is not None:
            _log.error("the figures could not be counted", exc_info=fault)

    async def _counted(self, door: Door, salesperson: str) -> BoardFigures:
        begun = self.clock()
        figures = await in_database(board_figures, door.engine, door.now(), salesperson)
        self.by_whom[salesperson] = _Kept(figures, self.clock() - begun, self.clock())
        return figures


def _is_of_another_time(at: datetime, now: datetime) -> bool:
    """Too old, of another business day, or of a clock that was put back."""
    return not timedelta(0) <= now - at < _LONGEST or business_date(at) != business_date(now)


async def figures_for(request: Request, salesperson: str) -> BoardFigures:
    """The figures that a page shows now."""
    state = request.app.state
    if not hasattr(state, "kept_figures"):
        state.kept_figures = KeptFigures()
    kept: KeptFigures = state.kept_figures
    return await kept.of(door_of(request), salesperson)
