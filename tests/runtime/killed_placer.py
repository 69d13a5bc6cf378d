"""A process that places an order and dies, as by kill -9, right after one of the steps of that."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import os
import signal
from typing import Any

from runtime.connection import connect
from runtime.delivery.placing import place_request
from runtime.settings import load_settings

BEFORE = "before "


def die_at(step: str) -> None:
    """From now on this process dies when the function that is named `module:name` has done its work, or before it."""
    before, place = step.startswith(BEFORE), step.removeprefix(BEFORE)
    module, _, name = place.partition(":")
    home = importlib.import_module(module)
    whole = getattr(home, name)

    def died() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    async def dying_later(*arguments: Any, **named: Any) -> Any:
        if before:
            died()
        await whole(*arguments, **named)
        died()

    def dying(*arguments: Any, **named: Any) -> Any:
        if before:
            died()
        whole(*arguments, **named)
        died()

    setattr(home, name, dying_later if inspect.iscoroutinefunction(whole) else dying)


async def _place(request: dict[str, Any]) -> None:
    settings = load_settings()
    await place_request(await connect(settings), settings, request)


def place(environment: dict[str, str], step: str, request: dict[str, Any]) -> None:
    """Place it as a process with these settings, and die at this step."""
    os.environ.update(environment)
    die_at(step)
    asyncio.run(_place(request))
