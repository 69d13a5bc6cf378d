"""Waiting for what another process or task does, without a guess at how long that takes: the one patience of all tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator

PATIENCE_SECONDS = 120
"""After that a machine is not slow but stuck."""
PATIENCE_MILLISECONDS = PATIENCE_SECONDS * 1000
"""The same for a browser."""
_BETWEEN_LOOKS_SECONDS = 0.02


class Looks:
    """One look after another; see `looks`."""

    saw: object = None
    """What was seen last, for whoever reads that it was something else."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self._end: float | None = None

    def _is_first(self) -> bool:
        """Whether this is the first look. Raises TimeoutError when patience is at its end."""
        now = time.monotonic()
        if self._end is None:
            self._end = now + PATIENCE_SECONDS
            return True
        if now > self._end:
            instead = "" if self.saw is None else f", but {self.saw}"
            raise TimeoutError(f"not within {PATIENCE_SECONDS} s: {self._wanted}{instead}")
        return False

    def __aiter__(self) -> Looks:
        return self

    async def __anext__(self) -> Looks:
        if not self._is_first():
            await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
        return self

    def __iter__(self) -> Iterator[Looks]:
        while True:
            if not self._is_first():
                time.sleep(_BETWEEN_LOOKS_SECONDS)
            yield self


def looks(wanted: str) -> Looks:
    """Look, and look again a moment later, until the loop is left: `async for look in looks("the order is paid"): …`.

    `for` does the same in a thread. Raises TimeoutError where it is never left, with what was wanted and what `look.saw` says.
    """
    return Looks(wanted)


async def until(holds: Callable[[], object], wanted: str = "it holds") -> None:
    """Look, in a thread, until it holds. Raises TimeoutError where it never does."""
    async for _ in looks(wanted):
        if await asyncio.to_thread(holds):
            return
