"""What is open, and whether anything moved, read once for all pages that listen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from activities.desk.waiting import Waiting

_FRESH_SECONDS = 1.5


@dataclass(slots=True)
class KnownWaiting:
    """The counts of one running gateway, read anew when they are older than a moment."""

    known: Waiting = field(default_factory=lambda: Waiting({}, {}))
    read_at: float = float("-inf")
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while they are read: of many that want them at once, one reads."""

    def is_old(self) -> bool:
        """Whether they are to be read anew."""
        return time.monotonic() - self.read_at > _FRESH_SECONDS

    def keep(self, counted: Waiting) -> Waiting:
        """Keep what was just counted, and give it back."""
        self.known, self.read_at = counted, time.monotonic()
        return counted


@dataclass(slots=True)
class KnownNews:
    """How far everything has moved that readers of a kind may see; looked at once for all their pages, every other second."""

    read: dict[str, tuple[int, float]] = field(default_factory=dict)
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, readers: str, look: Callable[[], Awaitable[int]]) -> int:
        """A number that changes when something moved; `readers` names those to whom the same is shown."""
        async with self.reading:
            number, read_at = self.read.get(readers, (0, float("-inf")))
            if time.monotonic() - read_at > _FRESH_SECONDS:
                number = await look()
                self.read[readers] = number, time.monotonic()
            return number
