"""A worker of the tree in which this runs, until its standard input ends: `python -m tests.changing.worker`.

Settings come from the environment, as for any worker. It says one line when it is at work.
"""

from __future__ import annotations

import asyncio
import os
import sys

from runtime.connection import connect
from runtime.settings import load_settings
from runtime.worker.workers import build_worker


async def work() -> None:
    """Work until nobody listens."""
    settings = load_settings()
    async with build_worker(await connect(settings), settings):
        sys.stdout.write("at work\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(work())
    sys.stdout.flush()
    # Like every program of ours that used the SDK: its threads may abort at exit.
    os._exit(0)
