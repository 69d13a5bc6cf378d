"""Waiting for what another process or task does, without a guess at how long that takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE_SECONDS = 60
"""After that a machine is not slow but stuck."""
_BETWEEN_LOOKS_SECONDS = 0.02


async def until(holds: Callable[[], bool]) -> None:
    """Look, in a thread, until it holds. Raises TimeoutError where it never does."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - what is waited for is outside the loop
            await asyncio.sleep(_BETWEEN_LOOKS_SECONDS)
