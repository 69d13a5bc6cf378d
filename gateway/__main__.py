"""Runs the door: `python -m gateway`."""

from __future__ import annotations

import asyncio
import resource
import sys

import uvicorn
from fastapi import FastAPI

from gateway.app import create_app
from gateway.security.connections import guarded
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime import event_loop
from runtime.connection import split_address
from runtime.encryption.data_converter import data_converter_of
from runtime.link_secret import link_secret
from runtime.log_lines import write_log
from runtime.server.ports import require_free
from runtime.settings import Settings, load_settings
from runtime.watch.readiness import Process
from runtime.watch.watch_post import WatchPost, beside_the_worker, watched
from runtime.webhook_keys import require_webhook_keys
from runtime.worker.paperwork import closed_input

_OTHER_FILES = 150
"""Files that are open beside connections: databases, pages, the Temporal server."""
_TOO_FEW_FILES = Words(
    "系统不允许同时打开这么多连接（{connections}）；最多 {most}，或提高 ulimit -n",
    "the system does not allow so many connections ({connections}); at most {most}, or raise ulimit -n",
)


def configuration(settings: Settings, app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """How the door is served."""
    return uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, server_header=False,
        timeout_graceful_shutdown=10, timeout_keep_alive=settings.idle_seconds, h11_max_incomplete_event_size=32_768,
        http=guarded(settings), ws="none",
        proxy_headers=False,  # gateway.security.client_address reads them, from our own proxies alone
    )  # fmt: skip


def require_files(settings: Settings) -> None:
    """Have the system allow as many open files as there may be connections, and some for the rest.

    Raises Refusal(malformed) where it does not: else the door would stand still when it is full.
    """
    wanted = settings.connections + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        words = _TOO_FEW_FILES.filled(connections=settings.connections, most=hard - _OTHER_FILES)
        raise Refusal(Code.MALFORMED, words, where="DINGDAN_CONNECTIONS")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def serve(*, until_stdin_closes: bool) -> None:
    """Until SIGINT or SIGTERM, or until whoever started it has gone."""
    settings = load_settings()
    write_log(settings.log_format)
    link_secret(settings)  # a secret that can be guessed is told now, and not when somebody has guessed it
    require_webhook_keys(settings)
    data_converter_of(settings)  # payload keys that cannot be used are told now
    host, port = split_address(settings.gateway_address)
    require_free(settings.gateway_address, "DINGDAN_GATEWAY_ADDRESS")
    require_files(settings)
    server = uvicorn.Server(configuration(settings, create_app(settings), host, port))
    seen_as = beside_the_worker(settings, Process.GATEWAY) if until_stdin_closes else settings
    async with watched(WatchPost(Process.GATEWAY, seen_as)):
        await _serve(server, until_stdin_closes=until_stdin_closes)


async def _serve(server: uvicorn.Server, *, until_stdin_closes: bool) -> None:
    if not until_stdin_closes:
        await server.serve()
        return
    stopping = asyncio.Event()
    watching = asyncio.create_task(closed_input(stopping))
    serving = asyncio.create_task(server.serve())
    await asyncio.wait({watching, serving}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving
    watching.cancel()


def main() -> int:
    """Serve until told to stop; returns the exit code of the process."""
    try:
        event_loop.run(serve(until_stdin_closes="--until-stdin-closes" in sys.argv))
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.code.value}: {refusal.words.zh} · {refusal.words.en}\n")
        return refusal.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
