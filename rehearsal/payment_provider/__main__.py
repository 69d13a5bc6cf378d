"""Runs the test provider: `python -m rehearsal.payment_provider`, where DINGDAN_SHOP_PROVIDER names it."""

from __future__ import annotations

import asyncio
import sys

import uvicorn

from models.values.errors import Refusal
from rehearsal.payment_provider.app import create_app
from runtime.connection import split_address
from runtime.log_lines import write_log
from runtime.server.ports import require_free
from runtime.settings import load_settings
from runtime.shop.test_key import test_key
from runtime.worker.paperwork import closed_input


async def serve(*, until_stdin_closes: bool) -> None:
    """Until SIGINT or SIGTERM, or until whoever started it has gone."""
    settings = load_settings()
    require_free(settings.shop_test_address, "DINGDAN_SHOP_TEST_ADDRESS")
    host, port = split_address(settings.shop_test_address)
    app = create_app(
        test_key(settings), f"http://{settings.shop_test_address}", settings.var / "shop-test-provider.json"
    )
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False, server_header=False)
    )
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
