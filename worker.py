"""Runs the workers: `python worker.py`, or `python worker.py --embedded` with its own server and database."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys

from models.errors import Refusal
from runtime.settings import Settings


async def work(settings: Settings, stopping: asyncio.Event) -> None:
    """Connect and work until told to stop; what is at work may finish first."""
    from runtime.connection import connect
    from runtime.worker import build_worker

    client = await connect(settings)
    async with build_worker(client, settings):
        _say("工人已就绪,Ctrl-C 停止", "the worker is ready; Ctrl-C stops it")
        await stopping.wait()


async def work_embedded(settings: Settings, stopping: asyncio.Event) -> None:
    """The same with the embedded server and a migrated database; the server is stopped after the worker."""
    from commands.setup import prepare
    from runtime.connection import connect
    from runtime.server import EmbeddedServer

    _say("启动内置的 Temporal 服务器 …", "starting the embedded Temporal server …")
    async with EmbeddedServer.for_settings(settings) as server:
        done = await prepare(settings, await connect(settings))
        _say(f"界面     {server.ui_url}", f"UI       {server.ui_url}")
        _say(f"数据库   {done['database']}", f"database {done['database']}")
        _say("下单     starter.py place FILE…", "place    starter.py place FILE…")
        working = asyncio.create_task(work(settings, stopping))
        watching = asyncio.create_task(server.watch())
        finished, _ = await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working not in finished:
            stopping.set()
        await working
        if watching.done():
            watching.result()
        watching.cancel()
    _say("已停止,数据保存在 var/", "stopped; the data stay in var/")


def _say(zh: str, en: str) -> None:
    sys.stdout.write(f"{zh} · {en}\n")
    sys.stdout.flush()


async def run(settings: Settings, *, embedded: bool) -> None:
    """Until SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    await (work_embedded if embedded else work)(settings, stopping)


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--embedded", action="store_true", help="start the embedded server and database as well"
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(run(Settings(), embedded=arguments.embedded))
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.code.value}: {refusal.words.zh} · {refusal.words.en}\n")
        return refusal.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
