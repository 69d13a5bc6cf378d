"""What is open, counted once for all pages that listen: the badge of each comes from it."""

from __future__ import annotations

import asyncio
import time
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
