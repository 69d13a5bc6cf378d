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

    def __init__(self, wanted: str, seen: Callable[[], object] | None) -> None:
        self._wanted, self._seen = wanted, seen
        self._end: float | None = None

    def _may_look(self) -> bool:
        """Whether this is the first look. Raises TimeoutError when patience is at its end."""
        now = time.monotonic()
        if self._end is None:
            self._end = now + PATIENCE_SECONDS
            return True
        if now > self._end:
            instead = "" if self._seen is None else f", but {self._seen()}"
            raise TimeoutError(f"not within {PATIENCE_SECONDS} s: {self._wanted}{instead}")
        return False

    def __aiter__(self) -> Looks:
        return self

    async def __anext__(self) -> None:
        if not self._may_look():
            await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)

    def __iter__(self) -> Iterator[None]:
        while True:
            if not self._may_look():
                time.sleep(_BETWEEN_LOOKS_SECONDS)
            yield


def looks(wanted: str, seen: Callable[[], object] | None = None) -> Looks:
    """Look, and look again a moment later, until the loop is left: `async for _ in looks("the order is paid"): …`.

    `for` does the same in a thread. Raises TimeoutError where it is never left, with what was wanted and what `seen` gives instead.
    """
    return Looks(wanted, seen)


async def until(holds: Callable[[], object], wanted: str = "it holds") -> None:
    """Look, in a thread, until it holds. Raises TimeoutError where it never does."""
    async for _ in looks(wanted):
        if await asyncio.to_thread(holds):
            return
