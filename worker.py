"""Runs the workers: `python worker.py`, or `python worker.py --embedded` with its own server and database."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn, Protocol

from models.values.errors import Refusal
from runtime import event_loop
from runtime.log_lines import write_log
from runtime.settings import Settings, load_settings

_LETTING_GO_SECONDS = 12
_ENDS_IT = (signal.SIGINT, signal.SIGTERM)
_log = logging.getLogger("dingdan.worker")

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from temporalio.client import Client
    from temporalio.worker import Worker

    from commands.company.example_company import ExampleLogins
    from runtime.worker.engine_watch import EngineWatch
    from runtime.worker.worker_life import Ending


class Build(Protocol):
    """How a worker is built; a test brings its own."""

    def __call__(self, client: Client, settings: Settings, *, threads: ThreadPoolExecutor) -> Worker:
        """A worker whose workflows run on these threads."""


async def work(settings: Settings, ending: Ending, build: Build | None = None) -> None:
    """Connect and work until told to stop; what is at work may finish first."""
    from runtime.connection import connect
    from runtime.watch.readiness import Process
    from runtime.watch.tracing import traces_of
    from runtime.watch.unsaved_bursts import UnsavedBursts
    from runtime.watch.watch_post import WatchPost, watched
    from runtime.worker.engine_watch import EngineWatch
    from runtime.worker.workers import build_worker

    watch, bursts = EngineWatch(), UnsavedBursts()
    post = WatchPost(Process.WORKER, settings, bursts=bursts, trouble=watch.trouble)
    async with watched(post):
        client = await connect(settings, interceptors=traces_of(settings, Process.WORKER))
        if build is not None:
            worker = build(client, settings, threads=watch.threads)
        else:
            worker = build_worker(client, settings, threads=watch.threads, bursts=bursts)
        await _live(worker, watch, settings, ending)


async def _live(worker: Worker, watch: EngineWatch, settings: Settings, ending: Ending) -> None:
    from runtime.worker.worker_life import live

    living = asyncio.create_task(live(worker, watch, ending))
    _announce("工人已就绪，Ctrl-C 停止", "the worker is ready; Ctrl-C stops it")
    if settings.deployment:
        name = f"{settings.deployment}.{settings.build_id}"
        _announce(
            f"版本 {name}；用 starter.py take-over 启用",
            f"version {name}; starter.py take-over makes it current",
        )
    await living


async def work_embedded(settings: Settings, ending: Ending, build: Build | None = None) -> None:
    """The same with the embedded server and a migrated database; the server is stopped after the worker."""
    from commands.company.example_company import example_logins
    from commands.company.setup import prepare
    from runtime.connection import connect
    from runtime.server.embedded_server import EmbeddedServer
    from runtime.server.ports import port_of, require_apart
    from runtime.worker.paperwork import gateway_beside, paperwork_beside, test_provider_beside

    own = EmbeddedServer.for_settings(settings)
    wanted = {**own.wanted_ports, "DINGDAN_GATEWAY_ADDRESS": port_of(settings.gateway_address)}
    if "test" in settings.shop_providers:
        wanted["DINGDAN_SHOP_TEST_ADDRESS"] = port_of(settings.shop_test_address)
    require_apart(wanted)
    await _until_free(settings.gateway_address, "DINGDAN_GATEWAY_ADDRESS")
    _announce("启动内置的 Temporal 服务器 …", "starting the embedded Temporal server …")
    async with own as server:
        ending.last_words.append(server.kill)
        done = await prepare(settings, await connect(settings))
        example = example_logins(settings)
        _tell_where(settings, server.ui_url, str(done["database"]), example)
        async with (
            paperwork_beside(),
            gateway_beside(sandbox=example is not None),
            test_provider_beside(settings),
        ):
            working = asyncio.create_task(work(settings, ending, build))
            watching = asyncio.create_task(server.watch())
            finished, _ = await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
            if working not in finished:
                ending.tell()
            await working
        if watching.done():
            watching.result()
        watching.cancel()
    _announce("已停止，数据保存在 var/", "stopped; the data stay in var/")


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
                _announce(f"等端口 {address} 空出来 …", f"waiting for {address} to be free …")
            await asyncio.sleep(1)
        else:
            return


def _tell_where(settings: Settings, ui_url: str, database: str, logins: ExampleLogins | None) -> None:
    door = f"http://{settings.gateway_address}"
    _announce(f"网页     {door}", f"pages    {door}")
    if logins is not None:
        _announce(
            f"示例公司可登录，密码 {logins.password}",
            f"the example company may log in, password {logins.password}",
        )
        for person, role in logins.people:
            sys.stdout.write(f"         {person:13} {role.zh} · {role.en}\n")
        _announce(
            f"沙盒     {door}/sandbox（试用订单，时间可以跳过）",
            f"sandbox  {door}/sandbox (orders to try, whose time can be skipped)",
        )
        if not settings.second_factor_required:
            _announce(
                "注意     只在本机演示：财务、总监、管理员的动态口令不强制（DINGDAN_SECOND_FACTOR=required 强制）",
                "mind     for a try on this machine finance, director and administrators need no second factor "
                "(DINGDAN_SECOND_FACTOR=required asks for it)",
            )
    if "test" in settings.shop_providers:
        place = f"http://{settings.shop_test_address}"
        _announce(
            f"支付     {place}（测试支付方，不收真钱）", f"payments {place} (test provider, no real money)"
        )
    _announce(f"接口     {door}/openapi.json", f"API      {door}/openapi.json")
    _announce(f"界面     {ui_url}", f"UI       {ui_url}")
    _announce(f"数据库   {database}", f"database {database}")
    _announce(f"文书     {settings.documents}", f"papers   {settings.documents}")
    _announce("命令行   starter.py --help", "commands starter.py --help")
    if not settings.signed_facts:
        _announce(
            "注意     内置 Temporal 服务器没有登录：本机每个用户都能以任何人的名义报告事实。多人共用的机器请设 DINGDAN_SIGNED_FACTS=1",
            "note     the embedded Temporal server has no log-in: every user of this machine can say anything in anybody's name. "
            "Where others use it too, set DINGDAN_SIGNED_FACTS=1",
        )


def _announce(zh: str, en: str) -> None:
    sys.stdout.write(f"{zh} · {en}\n")
    sys.stdout.flush()


async def run(
    settings: Settings,
    *,
    embedded: bool,
    documents: bool = False,
    until_stdin_closes: bool = False,
    build: Build | None = None,
) -> None:
    """Until SIGINT or SIGTERM, or until the engine is stuck. Does not come back where threads would hold up the end."""
    from runtime.worker.worker_life import Ending, leave

    if settings.watch_address:
        from runtime.connection import measure_engine

        measure_engine()  # before the first connection of this process
    ending = Ending()
    # not by the loop, which may be what is held up
    before = {number: signal.signal(number, lambda *_: ending.tell()) for number in _ENDS_IT}
    try:
        if documents:
            await _paperwork(settings, ending, until_stdin_closes=until_stdin_closes)
        else:
            await (work_embedded if embedded else work)(settings, ending, build)
        if embedded and ending.is_stuck:
            start_anew()
        if ending.code:
            leave(ending.code)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _paperwork(settings: Settings, ending: Ending, *, until_stdin_closes: bool) -> None:
    from runtime.watch.readiness import Process
    from runtime.watch.watch_post import WatchPost, beside_the_worker, watched
    from runtime.worker.paperwork import closed_input, keep_papers

    watching = asyncio.create_task(closed_input(ending.stopping)) if until_stdin_closes else None
    seen_as = beside_the_worker(settings, Process.PRESS) if until_stdin_closes else settings
    async with watched(WatchPost(Process.PRESS, seen_as)):
        await keep_papers(settings, ending.stopping)
    if watching is not None:
        watching.cancel()


def start_anew() -> NoReturn:
    """This very program again in this very process: nobody supervises the embedded default."""
    _log.critical("重新启动 · starting anew")
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command line


def main(build: Build | None = None) -> int:
    """The exit code, where it comes back at all: 75 is a stuck engine, 76 an end that took too long."""
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
    try:
        settings = load_settings()
        write_log(settings.log_format)
        event_loop.run(
            run(
                settings,
                embedded=arguments.embedded,
                documents=arguments.documents,
                until_stdin_closes=arguments.until_stdin_closes,
                build=build,
            )
        )
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.code.value}: {refusal.words.zh} · {refusal.words.en}\n")
        return refusal.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
