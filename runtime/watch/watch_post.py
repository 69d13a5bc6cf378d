"""The address at which a process is watched: `/live`, `/ready` and `/metrics`. Off unless `DINGDAN_WATCH_ADDRESS` is given.

It has no log-in and says nothing of a single order or person; it belongs on an inner network, never behind the proxy.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runtime.connection import connect, engine_metrics_address, measure_engine, split_address
from runtime.server.ports import require_free
from runtime.settings import Settings
from runtime.watch.readiness import Process, Readiness, readiness
from runtime.watch.unsaved_bursts import UnsavedBursts

if TYPE_CHECKING:
    from fastapi import FastAPI
    from prometheus_client import CollectorRegistry
    from temporalio.client import Client

KEPT_SECONDS = 5.0
"""A probe and a scrape of the same moment look once."""
COUNTED_SECONDS = 30.0
"""Figures of the business are counted no more often: a large database needs a second for them."""
_ENGINE_SECONDS = 2.0


_NEXT_PORTS = {Process.PRESS: 1, Process.GATEWAY: 2}


def beside_the_worker(settings: Settings, process: Process) -> Settings:
    """The settings of a process that the embedded default started: the press is watched one port above, the gateway two."""
    if not settings.watch_address:
        return settings
    host, port = split_address(settings.watch_address)
    return settings.model_copy(update={"watch_address": f"{host}:{port + _NEXT_PORTS[process]}"})


@dataclass
class WatchPost:
    """What one process says of itself."""

    process: Process
    settings: Settings
    bursts: UnsavedBursts | None = None
    trouble: Callable[[], str] = lambda: ""
    """What the process knows to be wrong with its engine; empty while all is well."""
    client: Callable[[], Awaitable[Client]] | None = None
    """How it reaches the Temporal server; by a connection of its own where it has none."""
    _known: tuple[float, Readiness] | None = None
    _own: Client | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ready(self) -> Readiness:
        """Whether it can do its work, looked at in the last seconds."""
        async with self._looking:
            now = time.monotonic()
            if self._known is None or now - self._known[0] > KEPT_SECONDS:
                found = await readiness(
                    self.process, self.settings, self.client or self._connected, self.trouble()
                )
                self._known = (now, found)
            return self._known[1]

    async def _connected(self) -> Client:
        if self._own is None:
            self._own = await connect(self.settings)
        return self._own

    def registry(self) -> CollectorRegistry:
        """Its figures; a gateway also has those of the business."""
        from activities.store.database import engine_at
        from runtime.watch.counting import Counting
        from runtime.watch.metrics import registry_of

        business = None
        if self.process is Process.GATEWAY:
            business = Counting(engine_at(self.settings.database_url), COUNTED_SECONDS).figures
        return registry_of(business=business, bursts=self.bursts)


def watch_app(post: WatchPost) -> FastAPI:
    """What answers there."""
    from fastapi import FastAPI
    from fastapi.responses import JSONResponse, PlainTextResponse

    from runtime.watch.metrics import CONTENT_TYPE, page_of

    app, registry = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), post.registry()

    @app.get("/live")
    async def live() -> JSONResponse:
        trouble = post.trouble()
        return JSONResponse({"live": not trouble, "process": post.process.value}, 503 if trouble else 200)

    @app.get("/ready")
    async def ready() -> JSONResponse:
        found = await post.ready()
        return JSONResponse(found.as_json(), 200 if found.ready else 503)

    @app.get("/metrics")
    async def metrics() -> PlainTextResponse:
        found, engine = await post.ready(), await _of_engine()
        page = await asyncio.to_thread(page_of, registry, found, engine)
        return PlainTextResponse(page, media_type=CONTENT_TYPE)

    return app


async def _of_engine() -> str:
    """The SDK's own lines; empty where its engine has not begun yet."""
    import httpx

    address = engine_metrics_address()
    if not address:
        return ""
    try:
        async with httpx.AsyncClient(timeout=_ENGINE_SECONDS, trust_env=False) as client:
            return (await client.get(f"http://{address}/metrics")).text
    except httpx.HTTPError:
        return ""


@asynccontextmanager
async def watched(post: WatchPost) -> AsyncIterator[None]:
    """Answer at the address of the settings for as long as the block runs. Raises Refusal where its port is taken."""
    settings = post.settings
    if not settings.watch_address:
        yield
        return
    import uvicorn

    class _Quiet(uvicorn.Server):
        """Leaves signals to the process whose it is."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    require_free(settings.watch_address, "DINGDAN_WATCH_ADDRESS")
    measure_engine()
    host, port = split_address(settings.watch_address)
    server = _Quiet(
        uvicorn.Config(
            watch_app(post), host=host, port=port, log_level="warning", access_log=False, lifespan="off"
        )
    )
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving
