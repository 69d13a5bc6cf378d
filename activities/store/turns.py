"""Turns: one after the other, in the order in which they came."""

from __future__ import annotations

from collections import deque
from threading import Lock


class Turns:
    """Who writes next among the threads of this process: the one that waited longest.

    SQLite lets a waiting writer look again at ever longer intervals, so that those who come later overtake it until its
    patience ends: of twenty threads that place orders some waited five seconds and were refused. Here nobody is
    overtaken, and nobody waits longer than needed.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for the turn, at most so long. Whoever gets it (true) gives it back; it is not for one thread twice."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it came in the last moment

    def give_back(self) -> None:
        """Whoever waited longest is next."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
