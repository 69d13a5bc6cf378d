"""The figures of the business, counted once in a while for whoever asks."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

from sqlalchemy import Engine

from activities.figures.watched_figures import WatchedFigures, watched_figures


class Counting:
    """Counts when what is kept is too old; a second who asks meanwhile waits for the first."""

    def __init__(self, engine: Engine, kept_seconds: float) -> None:
        """`kept_seconds`: for how long what was counted counts."""
        self._engine, self._kept_seconds = engine, kept_seconds
        self._kept: tuple[float, WatchedFigures] | None = None
        self._counting = threading.Lock()

    def figures(self) -> WatchedFigures:
        """As they are now, or were a moment ago. Raises the refusals of `database.reading`."""
        with self._counting:
            if self._kept is None or time.monotonic() - self._kept[0] > self._kept_seconds:
                self._kept = (time.monotonic(), watched_figures(self._engine, datetime.now(UTC)))
            return self._kept[1]
