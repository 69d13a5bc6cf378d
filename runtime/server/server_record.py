"""Who serves a data folder: so that two never do, and that one left over from a kill is found and ended."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import IO

import psutil

from runtime.failures import AlreadyRunning

_STOP_SECONDS = 15
_LOOK_AGAIN_SECONDS = 0.05


class ServerRecord:
    """A file with the process ids of owner and server, locked for as long as the owner lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Become the folder's owner, ending a server that a killed owner left behind. Raises AlreadyRunning."""
        file = (self._folder / "temporal-server.pid").open("a+", encoding="ascii")
        file.seek(0)
        numbers = [int(word) for word in file.read().split() if word.isdigit()]
        try:
            fcntl.flock(
                file, fcntl.LOCK_EX | fcntl.LOCK_NB
            )  # the kernel gives it up with the process, even on kill -9
        except OSError:
            file.close()
            raise AlreadyRunning(numbers[0] if numbers else 0, self._folder) from None
        self._file = file
        for number in numbers[1:]:
            self._end_if_ours(number)

    def write(self, server: int) -> None:
        """Note the owner's and the server's process id."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.write(f"{os.getpid()} {server}\n")
            self._file.flush()

    def release(self) -> None:
        """Give the folder up: no server of ours runs in it any more."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    def _end_if_ours(self, pid: int) -> None:
        """End a process only if it is a development server that runs in our folder: process ids are used again."""
        try:
            process = psutil.Process(pid)
            if "start-dev" not in process.cmdline() or Path(process.cwd()) != self._folder.resolve():
                return
            process.terminate()
            until = time.monotonic() + _STOP_SECONDS
            while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                if time.monotonic() > until:
                    process.kill()
                time.sleep(_LOOK_AGAIN_SECONDS)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return
