"""Few passwords are looked at side by side: each takes a tenth of a second and 64 MiB, and anybody may send one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")
AT_ONCE = 2
MOST_WAITING = 40
_BUSY = Words("登录的人太多，请稍后再试", "too many people are logging in; try again soon")


class Hashing:
    """Threads of its own, so that log-ins hold up nothing else; and a limit to how many wait for them."""

    def __init__(self, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="passwords")
        self._most = at_once + most_waiting
        self._inside = 0

    async def run(
        self, work: Callable[Parameters, Result], *arguments: Parameters.args, **named: Parameters.kwargs
    ) -> Result:
        """Do it in one of the threads. Raises Refusal(too_many_requests) where too many wait already."""
        if self._inside >= self._most:
            raise Refusal(Code.TOO_MANY_REQUESTS, _BUSY)
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, partial(work, *arguments, **named)
            )
        finally:
            self._inside -= 1
