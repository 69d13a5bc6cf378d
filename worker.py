"""Runs the workers: `python worker.py`, or `python worker.py --embedded` with its own server and database."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from typing import TYPE_CHECKING

from models.values.errors import Refusal
from runtime.settings import Settings

_LETTING_GO_SECONDS = 12

if TYPE_CHECKING:
    from commands.company.example_company import ExampleLogins


async def work(settings: Settings, stopping: asyncio.Event) -> None:
    """Connect and work until told to stop; what is at work may finish first."""
    from runtime.connection import connect
    from runtime.worker.workers import build_worker

    client = await connect(settings)
    async with build_worker(client, settings):
        _say("工人已就绪,Ctrl-C 停止", "the worker is ready; Ctrl-C stops it")
        await stopping.wait()


async def work_embedded(settings: Settings, stopping: asyncio.Event) -> None:
    """The same with the embedded server and a migrated database; the server is stopped after the worker."""
    from commands.company.example_company import example_logins
    from commands.company.setup import prepare
    from runtime.connection import connect
    from runtime.server.embedded_server import EmbeddedServer
    from runtime.worker.paperwork import gateway_beside, paperwork_beside

    await _until_free(settings.gateway_address, "DINGDAN_GATEWAY_ADDRESS")
    _say("启动内置的 Temporal 服务器 …", "starting the embedded Temporal server …")
    async with EmbeddedServer.for_settings(settings) as server:
        done = await prepare(settings, await connect(settings))
        _tell_where(settings, server.ui_url, str(done["database"]), example_logins(settings))
        async with paperwork_beside(), gateway_beside():
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


async def _until_free(address: str, variable: str) -> None:
    """The door of a run that was killed lets its visitors go first. Raises Refusal where the port stays taken."""
    from runtime.server.ports import require_free

    for left in range(_LETTING_GO_SECONDS, -1, -1):
        try:
            require_free(address, variable)
        except Refusal:
            if not left:
                raise
            if left == _LETTING_GO_SECONDS:
                _say(f"等端口 {address} 空出来 …", f"waiting for {address} to be free …")
            await asyncio.sleep(1)
        else:
            return


def _tell_where(settings: Settings, ui_url: str, database: str, logins: ExampleLogins | None) -> None:
    door = f"http://{settings.gateway_address}"
    _say(f"网页     {door}", f"pages    {door}")
    if logins is not None:
        _say(
            f"示例公司可登录,密码 {logins.password}",
            f"the example company may log in, password {logins.password}",
        )
        for person, role in logins.people:
            sys.stdout.write(f"         {person:13} {role.zh} · {role.en}\n")
    _say(f"接口     {door}/openapi.json", f"API      {door}/openapi.json")
    _say(f"界面     {ui_url}", f"UI       {ui_url}")
    _say(f"数据库   {database}", f"database {database}")
    _say(f"文书     {settings.documents}", f"papers   {settings.documents}")
    _say("命令行   starter.py --help", "commands starter.py --help")


def _say(zh: str, en: str) -> None:
    sys.stdout.write(f"{zh} · {en}\n")
    sys.stdout.flush()


async def run(
    settings: Settings, *, embedded: bool, documents: bool = False, until_stdin_closes: bool = False
) -> None:
    """Until SIGINT or SIGTERM."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    if documents:
        from runtime.worker.paperwork import closed_input, keep_papers

        watching = asyncio.create_task(closed_input(stopping)) if until_stdin_closes else None
        await keep_papers(settings, stopping)
        if watching is not None:
            watching.cancel()
        return
    await (work_embedded if embedded else work)(settings, stopping)


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--embedded", action="store_true", help="start the embedded server and database as well"
    )
    parser.add_argument(
        "--documents",
        action="store_true",
        help="print, send, scan and report instead of moving orders: a process of its own",
    )
    parser.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(
            run(
                Settings(),
                embedded=arguments.embedded,
                documents=arguments.documents,
                until_stdin_closes=arguments.until_stdin_closes,
            )
        )
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.code.value}: {refusal.words.zh} · {refusal.words.en}\n")
        return refusal.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
