"""Runs the door: `python -m gateway`."""

from __future__ import annotations

import asyncio
import sys

import uvicorn

from gateway.app import create_app
from models.values.errors import Refusal
from runtime.connection import split_address
from runtime.log_lines import write_log
from runtime.server.ports import require_free
from runtime.settings import load_settings
from runtime.worker.paperwork import closed_input


async def serve(*, until_stdin_closes: bool) -> None:
    """Until SIGINT or SIGTERM, or until whoever started it has gone."""
    settings = load_settings()
    host, port = split_address(settings.gateway_address)
    require_free(settings.gateway_address, "DINGDAN_GATEWAY_ADDRESS")
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings), host=host, port=port, log_level="warning", access_log=False, server_header=False,
            timeout_graceful_shutdown=10, h11_max_incomplete_event_size=32_768,
            proxy_headers=True, forwarded_allow_ips=settings.gateway_proxies,
        )
    )  # fmt: skip
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
    write_log()
    try:
        asyncio.run(serve(until_stdin_closes="--until-stdin-closes" in sys.argv))
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.code.value}: {refusal.words.zh} · {refusal.words.en}\n")
        return refusal.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
