"""Papers are made beside the worker that moves orders, in a process of their own (DESIGN §4)."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from models.errors import Refusal
from runtime.settings import ROOT, Settings

if TYPE_CHECKING:
    from activities.press import Press

_PAUSE_SECONDS = 1.0
"""How long a paper waits at most; looking costs one indexed read."""
_AFTER_TROUBLE_SECONDS = 15.0
"""A database that is away or a full disk is looked at again after that."""
_STOP_SECONDS = 10.0

_log = logging.getLogger("dingdan.press")


def build_press(settings: Settings) -> Press:
    """The press of this installation: its templates, its language, its folder of documents."""
    from activities.database import engine_at
    from activities.document_store import DocumentStore
    from activities.press import Press
    from activities.typesetting import Typesetter

    return Press(
        engine_at(settings.database_url),
        Typesetter(settings.templates, settings.language),
        DocumentStore(settings.documents),
    )


async def keep_printing(settings: Settings, stopping: asyncio.Event) -> None:
    """Print what becomes due until told to stop. Trouble of the world delays papers and loses none."""
    press = build_press(settings)
    while not stopping.is_set():
        pause = _PAUSE_SECONDS
        try:
            for made in await asyncio.to_thread(press.print_due):
                if made.problem:
                    _log.warning("%s %s: %s", made.order_number, made.identity, made.problem)
        except Refusal as refusal:
            _log.warning("%s · %s", refusal.words.zh, refusal.words.en)
            pause = _AFTER_TROUBLE_SECONDS
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)


@asynccontextmanager
async def press_beside() -> AsyncIterator[None]:
    """A press in a process of its own for as long as the block runs; it ends by itself when this process is killed."""
    press = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "worker.py"),
        "--documents",
        "--until-stdin-closes",
        stdin=asyncio.subprocess.PIPE,
        env=dict(os.environ),
        start_new_session=True,
    )
    try:
        yield
    finally:
        if press.stdin is not None:
            press.stdin.close()
        try:
            await asyncio.wait_for(press.wait(), _STOP_SECONDS)
        except TimeoutError:
            press.kill()
            await press.wait()


async def closed_input(stopping: asyncio.Event) -> None:
    """Tell to stop when standard input closes: whoever started this process has gone."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    stopping.set()
