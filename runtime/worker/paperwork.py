"""Paperwork is done beside the worker that moves orders, in a process of its own.

Papers are printed, notices sent, scans taken in, reports made; trouble with one of them does not hold up the others.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from models.reports.notice_routes import DeliveryState
from models.values.calendar import business_date
from models.values.errors import Refusal
from runtime.settings import ROOT, Settings

if TYPE_CHECKING:
    from activities.documents.press import Press

_PAUSE_SECONDS = 1.0
"""How long a paper or notice waits at most; looking costs one indexed read."""
_AFTER_TROUBLE_SECONDS = 15.0
"""A database that is away or a full disk is looked at again after that."""
_STOP_SECONDS = 10.0

_log = logging.getLogger("dingdan.paperwork")


def build_press(settings: Settings) -> Press:
    """The press of this installation: its templates, its language, its folder of documents."""
    from activities.documents.document_store import DocumentStore
    from activities.documents.press import Press
    from activities.documents.typesetting import Typesetter
    from activities.store.database import engine_at
    from runtime.standing_links import standing_links

    return Press(
        engine_at(settings.database_url),
        Typesetter(settings.templates, settings.language),
        DocumentStore(settings.documents),
        standing_links(settings),
    )


async def keep_papers(settings: Settings, stopping: asyncio.Event) -> None:
    """Do the paperwork until told to stop. Trouble of the world delays it and loses none.

    What nobody foresaw ends one kind of work at most; it is told with its traceback and begun again.
    """
    await asyncio.gather(
        _kept_up("printing", lambda: _printing(settings), stopping),
        _kept_up("sending", lambda: _sending(settings), stopping),
        _kept_up("telling other shops", lambda: _telling_shops(settings), stopping),
        _kept_up("scanning", lambda: _scanning(settings), stopping),
        _kept_up("paying back", lambda: _paying_back(settings), stopping),
        _kept_up("reporting", lambda: _reporting(settings, stopping), stopping),
    )


Work = Callable[[], Awaitable[None]]


async def _kept_up(name: str, prepare: Callable[[], Work], stopping: asyncio.Event) -> None:
    async def live() -> None:
        await _again_and_again(prepare(), stopping)

    while not stopping.is_set():
        living = asyncio.create_task(live(), name=name)
        try:
            await asyncio.wait({living})
        finally:
            living.cancel()
        error = None if living.cancelled() else living.exception()
        if isinstance(error, Refusal):
            _log.warning("%s · %s", error.words.zh, error.words.en)
        elif error is not None:
            _log.error("%s 出错，稍后重来 · %s failed and is begun again", name, name, exc_info=error)
        await _pause(stopping, _AFTER_TROUBLE_SECONDS)


async def _again_and_again(work: Work, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        await work()
        await _pause(stopping, _PAUSE_SECONDS)


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


def _printing(settings: Settings) -> Work:
    press = build_press(settings)

    async def work() -> None:
        for made in await asyncio.to_thread(press.print_due):
            if made.problem:
                _log.warning("%s %s: %s", made.order_number, made.identity, made.problem)

    return work


def _sending(settings: Settings) -> Work:
    from runtime.worker.post import build_post_office, build_router

    router, office = build_router(settings), build_post_office(settings)

    async def work() -> None:
        await asyncio.to_thread(router.route_due)
        for done in await asyncio.to_thread(office.send_due):
            if done.state is not DeliveryState.SENT:
                _log.warning(
                    "%s %s %s: %s", done.order_number, done.identity, done.channel.value, done.problem
                )

    return work


def _telling_shops(settings: Settings) -> Work:
    from runtime.worker.webhooks_out import build_deliverer

    deliverer = build_deliverer(settings)

    async def work() -> None:
        await asyncio.to_thread(deliverer.begin_due)

    return work


def _scanning(settings: Settings) -> Work:
    from runtime.files.scans import take_arrived
    from runtime.files.unread_uploads import age_unread

    aged_on: date | None = None

    async def work() -> None:
        nonlocal aged_on
        await take_arrived(settings)
        now = datetime.now(UTC)
        if aged_on != business_date(now):
            await asyncio.to_thread(age_unread, settings, now)
            aged_on = business_date(now)

    return work


def _paying_back(settings: Settings) -> Work:
    """Money of the shop that goes back by itself (R123)."""
    from activities.shop.refunding import pay_back_due
    from activities.store.database import engine_at
    from runtime.shop.providers import providers_of

    providers = providers_of(settings)

    async def work() -> None:
        if settings.shop_providers:
            await asyncio.to_thread(
                pay_back_due,
                engine_at(settings.database_url),
                providers,
                providers.told_at,
                datetime.now(UTC),
            )

    return work


def _reporting(settings: Settings, stopping: asyncio.Event) -> Work:
    async def work() -> None:
        from runtime.connection import connect
        from runtime.watch.readiness import Process
        from runtime.watch.tracing import traces_of
        from runtime.worker.workers import build_document_worker

        client = await connect(settings, interceptors=traces_of(settings, Process.PRESS))
        async with build_document_worker(client, settings):
            await stopping.wait()

    return work


@asynccontextmanager
async def beside(*program: str, **variables: str) -> AsyncIterator[None]:
    """A process of its own for as long as the block runs; it ends by itself when this one is killed.

    One that ends before is told and started again. `variables` stand in its environment.
    """
    leaving = asyncio.Event()
    keeping = asyncio.create_task(
        _kept_running(program, variables, await _started(program, variables), leaving)
    )
    try:
        yield
    finally:
        leaving.set()
        await keeping


async def _started(program: tuple[str, ...], variables: dict[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *program,
        "--until-stdin-closes",
        stdin=asyncio.subprocess.PIPE,
        env={**variables, **os.environ},
        cwd=ROOT,
        start_new_session=True,
    )


async def _kept_running(
    program: tuple[str, ...], variables: dict[str, str], running: Process, leaving: asyncio.Event
) -> None:
    left = asyncio.create_task(leaving.wait())
    while True:
        ended = asyncio.create_task(running.wait())
        await asyncio.wait({left, ended}, return_when=asyncio.FIRST_COMPLETED)
        if leaving.is_set():
            await _stopped(running)
            await ended
            return
        name, code = " ".join(program), ended.result()
        _log.error("%s 停了（%s），重新启动 · %s ended (%s) and is started again", name, code, name, code)
        await _pause(leaving, _AFTER_TROUBLE_SECONDS)
        if leaving.is_set():
            return
        running = await _started(program, variables)


async def _stopped(running: Process) -> None:
    if running.stdin is not None:
        running.stdin.close()
    try:
        await asyncio.wait_for(running.wait(), _STOP_SECONDS)
    except TimeoutError:
        running.kill()


def paperwork_beside() -> AbstractAsyncContextManager[None]:
    """The paperwork in a process of its own."""
    return beside(str(ROOT / "worker.py"), "--documents")


def gateway_beside(*, sandbox: bool = False) -> AbstractAsyncContextManager[None]:
    """The door in a process of its own; `sandbox`: it offers sandbox orders, unless the environment says otherwise."""
    return beside("-m", "gateway", **({"DINGDAN_SANDBOX": "yes"} if sandbox else {}))


def test_provider_beside(settings: Settings) -> AbstractAsyncContextManager[None]:
    """The test provider in a process of its own, where the settings name it."""
    if "test" not in settings.shop_providers:
        return nullcontext()
    return beside("-m", "rehearsal.payment_provider")


async def closed_input(stopping: asyncio.Event) -> None:
    """Tell to stop when standard input closes: whoever started this process has gone."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    stopping.set()
