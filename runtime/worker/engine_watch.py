"""Whether the SDK's engine still gets its threads back from workflows, and what a worker does when it does not.

A workflow that blocks its thread cannot be stopped from outside: the SDK breaks its activation off after two seconds
(TMPRL1101), fails the task, and then waits without end to evict it; its slot is lost, and so is every later shutdown. Only
the end of the process helps, so it is noticed here and the process ends itself (`runtime.worker.worker_life`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

STUCK_AFTER_SECONDS = 30.0
"""How long one activation or eviction may hold its thread. Bounded work takes milliseconds; a machine that is loaded ten
times over still takes a tenth of this for the two seconds after which the SDK breaks off."""
REPORTED_AFTER_SECONDS = 10.0
"""The same once the engine itself has reported that an eviction does not end."""
_THREADS = 2
"""One works while the other hands over. Of more only one has Python at a time, each with memory and caches of its own, and
orders that come together would all take longer than the engine waits: in turn the first are done in time."""
_LOOK_SECONDS = 0.5
_ENGINE_LOG = "temporalio.worker._workflow"
_TIMED_OUT = "Timed out running eviction job"
_FAILED = "Failed running eviction job"
_log = logging.getLogger("dingdan.worker")


class EngineThreads(ThreadPoolExecutor):
    """The threads on which workflows run, with how long each has been at its present activation."""

    def __init__(self) -> None:
        """Give it to one worker as its `workflow_task_executor`."""
        super().__init__(_THREADS, thread_name_prefix="temporal_workflow_")
        self._since: dict[int, float] = {}

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """As every executor; the time at which it begins is kept until it ends."""
        return super().submit(self._timed, work, *arguments, **named)

    def _timed(self, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        thread = threading.get_ident()
        self._since[thread] = time.monotonic()
        try:
            return work(*arguments, **named)
        finally:
            del self._since[thread]

    def longest(self) -> float:
        """For how many seconds the oldest activation has held its thread; 0 where none runs."""
        started = min(self._since.copy().values(), default=None)
        return 0.0 if started is None else time.monotonic() - started


class _Listener(logging.Handler):
    """Hears what the engine says of evictions."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.timed_out = False
        self.failed = ""

    def emit(self, record: logging.LogRecord) -> None:
        said = str(record.msg)
        if said.startswith(_TIMED_OUT):
            self.timed_out = True
        elif said.startswith(_FAILED):
            self.failed = record.getMessage()[:200]


class EngineWatch:
    """Looks at the engine from a thread of its own: the loop itself may be what is stuck."""

    def __init__(
        self,
        stuck_after: float = STUCK_AFTER_SECONDS,
        reported_after: float = REPORTED_AFTER_SECONDS,
    ) -> None:
        """Begin with `start`; limits in seconds."""
        self.threads = EngineThreads()
        self._limits = (stuck_after, reported_after)
        self._listener = _Listener()
        self._over = threading.Event()

    def start(self, when_stuck: Callable[[str], None]) -> None:
        """Watch until `stop`; `when_stuck` is called once, in the watching thread, with what was seen."""
        logging.getLogger(_ENGINE_LOG).addHandler(self._listener)
        threading.Thread(target=self._watch, args=(when_stuck,), name="engine-watch", daemon=True).start()

    def stop(self) -> None:
        """Watch no longer."""
        self._over.set()
        logging.getLogger(_ENGINE_LOG).removeHandler(self._listener)

    def _watch(self, when_stuck: Callable[[str], None]) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            seen = self.trouble()
            if seen:
                _log.critical("工人卡住，将自行退出 · the worker is stuck and ends itself: %s", seen)
                when_stuck(seen)
                return

    def trouble(self) -> str:
        """What is wrong with the engine now; empty while all is well."""
        if self._listener.failed:
            return self._listener.failed
        held = self.threads.longest()
        stuck_after, reported_after = self._limits
        if held > (reported_after if self._listener.timed_out else stuck_after):
            return f"a workflow has held its thread for {held:.0f} s"
        return ""
