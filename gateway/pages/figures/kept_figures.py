"""Figures are counted beside the requests and kept: a page shows what is kept, with the moment that it is of.

What took little is counted anew each time. What took longer is kept in the order database, for whoever looks next and
for the next gateway, and is shown again for thirty times as long as it took; after that it is shown once more while it is
counted anew. Figures of another business day, and old ones, are not shown: the page says that they are being counted and
asks again by itself.
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
from activities.figures.kept_counts import KeptCount, keep_count, kept_count
from gateway.context import Door, door_of, in_database
from models.values.calendar import business_date
from models.values.errors import Refusal

_log = logging.getLogger("dingdan.figures")
CHEAP_SECONDS = 0.05
PATIENCE_SECONDS = 0.08
"""So long a page waits for figures that are not kept; what takes longer comes later."""
TIMES_AS_LONG = 30
_LONGEST = timedelta(minutes=10)
"""Figures older than this are counted before they are shown."""
_LEAST = timedelta(minutes=1)
"""The whole company's are not counted more often than this while nobody looks."""


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
    patience_seconds: float = PATIENCE_SECONDS

    async def of(self, door: Door, salesperson: str) -> BoardFigures | None:
        """What is shown now; None while there is nothing to show and it is being counted. Raises as `in_database`."""
        now = door.now()
        kept = self.by_whom.get(salesperson)
        if kept is None or _is_of_another_time(kept.figures.at, now):
            kept = await self._read(door, salesperson)
        if kept is None or kept.took < CHEAP_SECONDS or _is_of_another_time(kept.figures.at, now):
            task = self._begin(door, salesperson)
            done, _ = await asyncio.wait({task}, timeout=self.patience_seconds)
            return task.result() if done else None
        if self.clock() - kept.counted_at > TIMES_AS_LONG * kept.took:
            self._begin(door, salesperson)
        return kept.figures

    async def keep_fresh(self, door: Door) -> None:
        """Count the whole company's figures where those that are kept, by any gateway, are no longer fresh.

        Raises as `in_database`.
        """
        kept, now = await self._read(door, ""), door.now()
        if kept is not None and not _is_of_another_time(kept.figures.at, now):
            fresh = max(_LEAST, timedelta(seconds=TIMES_AS_LONG * kept.took))
            if now - kept.figures.at < fresh:
                return
        await self._begin(door, "")

    async def end(self) -> None:
        """Leave what is being counted."""
        for task in list(self.counting.values()):
            task.cancel()
        await asyncio.gather(*self.counting.values(), return_exceptions=True)

    async def _read(self, door: Door, salesperson: str) -> _Kept | None:
        """What any gateway has kept, where it is newer than what this one knows."""
        stored = await in_database(kept_count, door.engine, salesperson)
        known = self.by_whom.get(salesperson)
        if stored is not None and (known is None or known.figures.at < stored.figures.at <= door.now()):
            age = max((door.now() - stored.figures.at).total_seconds(), 0.0)
            known = self.by_whom[salesperson] = _Kept(stored.figures, stored.took, self.clock() - age)
        return known

    def _begin(self, door: Door, salesperson: str) -> asyncio.Task[BoardFigures]:
        """Count them, unless they are being counted already."""
        task = self.counting.get(salesperson)
        if task is None:
            task = self.counting[salesperson] = asyncio.create_task(self._counted(door, salesperson))
            task.add_done_callback(lambda done: self._is_counted(salesperson, done))
        return task

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
        took = self.clock() - begun
        self.by_whom[salesperson] = _Kept(figures, took, self.clock())
        if took >= CHEAP_SECONDS:
            await in_database(keep_count, door.engine, salesperson, KeptCount(figures, took))
        return figures


def _is_of_another_time(at: datetime, now: datetime) -> bool:
    """Too old, of another business day, or of a clock that was put back."""
    return not timedelta(0) <= now - at < _LONGEST or business_date(at) != business_date(now)


async def figures_for(request: Request, salesperson: str) -> BoardFigures | None:
    """The figures that a page shows now; None while they are being counted."""
    kept: KeptFigures = request.app.state.kept_figures
    return await kept.of(door_of(request), salesperson)
