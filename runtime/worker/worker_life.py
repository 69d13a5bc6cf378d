"""How long a worker lives: until it is told to stop, or its engine is stuck; and how it ends, within a limit whatever happens.

A process whose threads hang cannot be ended in order: the SDK waits for them, the interpreter waits for them. So the last
step out is `os._exit`, after everything that can be closed was closed and the logs were written.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from runtime.worker.engine_watch import EngineWatch

if TYPE_CHECKING:
    from temporalio.worker import Worker

STUCK = 75
"""Exit code of a worker that ended itself because its engine was stuck ("try again"): whoever supervises it starts it anew."""
OUT_OF_TIME = 76
"""Exit code of a worker that was told to stop and could not close everything in time; what was acknowledged is safe."""
LIMIT_SECONDS = 15.0
"""After that a process that was told to stop is gone."""
_LETTING_GO_SECONDS = 11.0
"""How long the engine may take to let go: activities at work have ten seconds (`runtime.worker.workers.GRACEFUL_SHUTDOWN`)."""

_log = logging.getLogger("dingdan.worker")


class Ending:
    """Told once that the process is to end, it sees to it that the process ends: also while threads hold up its last steps."""

    def __init__(self, limit: float = LIMIT_SECONDS) -> None:
        """`limit`: seconds from the first word to the end. `last_words` are said then, such as ending a server."""
        self.stopping = asyncio.Event()
        self.code = 0
        self.last_words: list[Callable[[], None]] = []
        self._limit = limit
        self._loop = asyncio.get_running_loop()
        self._told = threading.Lock()

    @property
    def is_stuck(self) -> bool:
        """Whether it ends because the engine is stuck."""
        return self.code == STUCK

    def tell(self, code: int = 0) -> None:
        """End, from whichever thread; told again it changes nothing."""
        if not self._told.acquire(blocking=False):
            return
        self.code = code
        # armed before the loop hears of it, which may be what is stuck
        thread = threading.Thread(target=self._see_to_it, args=(code or OUT_OF_TIME,), daemon=True)
        thread.start()
        self._loop.call_soon_threadsafe(self.stopping.set)

    def _see_to_it(self, code: int) -> None:
        threading.Event().wait(self._limit)
        _log.critical(
            "%s 秒内没能停好，强行退出 · not closed within %s s, leaving at once", self._limit, self._limit
        )
        for words in self.last_words:
            words()
        leave(code)


async def live(worker: Worker, watch: EngineWatch, ending: Ending) -> None:
    """Run the worker until it is told to stop, or its engine is stuck. Raises what the worker fails with.

    An engine that does not let go is left behind: the process must then end by `leave`.
    """
    watch.start(lambda _: ending.tell(STUCK))
    running = asyncio.create_task(worker.run(), name="worker")
    told = asyncio.create_task(ending.stopping.wait())
    try:
        await asyncio.wait({running, told}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
        watch.stop()
    if not running.done():
        shutting = asyncio.create_task(worker.shutdown())
        # one that is known to be stuck lets nothing go, however long it is waited for
        await asyncio.wait({running}, timeout=1.0 if ending.is_stuck else _LETTING_GO_SECONDS)
        shutting.cancel()
    if running.done():
        running.result()
        return
    ending.code = ending.code or OUT_OF_TIME
    _log.error("引擎没有放开所有流程 · the engine did not let go of all workflows")


def leave(code: int) -> NoReturn:
    """End this process now, with the logs written. The SDK's threads can abort or hold up an orderly end."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
