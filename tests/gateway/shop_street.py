"""A shop and its test provider, both as real servers: a person pays on the provider's page, and the shop is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import httpx
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine, select

from activities.shop.intents import open_intent
from activities.store.database import engine_at, reading, upgrade, writing
from gateway.app import create_app
from models.tables.registry import table
from rehearsal.payment_provider.app import create_app as create_provider
from runtime.server.ports import free_port
from runtime.settings import Settings
from tests.runtime.watching import PATIENCE_SECONDS, looks, until

KEY = "dGhlIGtleSBvZiB0aGUgdGVzdCBwcm92aWRlciBhbmQgdGhlIHNob3A="
A, B = "20270105-0001", "20270105-0002"
WHOLE = {A: Decimal("100.00"), B: Decimal("76.00")}


class Street:
    """Shop and provider side by side."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        """`settings`: of an installation with a Temporal server; without, that server is away."""
        door, provider = free_port(), free_port()
        own = settings or Settings(var=folder / "var").model_copy(update={"temporal_address": "127.0.0.1:9"})
        self._lives = settings is not None
        self.settings = own.model_copy(
            update={
                "shop_provider": "test",
                "shop_test_key": SecretStr(KEY),
                "shop_test_address": f"127.0.0.1:{provider}",
                "gateway_address": f"127.0.0.1:{door}",
                "requests_a_minute": 10**6,
            }
        )
        self.settings.var.mkdir(exist_ok=True)
        upgrade(self.settings.database_url)
        self.engine: Engine = engine_at(self.settings.database_url)
        self.app: FastAPI = create_app(self.settings)
        if self._lives:
            self.app.state.door.patience_seconds = PATIENCE_SECONDS
        self.provider = f"http://127.0.0.1:{provider}"
        self.door = f"http://127.0.0.1:{door}"
        self.shop = httpx.AsyncClient(
            base_url=self.door, headers={"Accept": "text/html"}, trust_env=False, timeout=PATIENCE_SECONDS
        )
        self.there = httpx.AsyncClient(
            base_url=self.provider,
            headers={"Authorization": f"Bearer {KEY}"},
            trust_env=False,
            timeout=PATIENCE_SECONDS,
        )

    @asynccontextmanager
    async def open(self, slow_seconds: float = 1.0) -> AsyncIterator[Street]:
        """As long as the block runs."""
        provider = create_provider(KEY, self.provider, self.settings.var / "provider.json", slow_seconds)
        servers = [
            uvicorn.Server(
                uvicorn.Config(app, port=int(url.rpartition(":")[2]), log_level="warning", lifespan=life)
            )
            for app, url, life in self._applications(provider)
        ]
        serving = [asyncio.create_task(server.serve()) for server in servers]
        await self.until(lambda: all(server.started for server in servers))
        try:
            yield self
        finally:
            await self.shop.aclose()
            await self.there.aclose()
            for server in servers:
                server.should_exit = True
            await asyncio.gather(*serving)

    def _applications(self, provider: FastAPI) -> list[tuple[FastAPI, str, Literal["on", "off"]]]:
        return [(self.app, self.door, "on" if self._lives else "off"), (provider, self.provider, "on")]

    async def until(self, happened: Callable[[], object]) -> None:
        """Wait for what another process or task does."""
        await until(happened)

    async def pause(self) -> None:
        """A moment, in which others go on."""
        await asyncio.sleep(0.05)

    async def becomes_there(self, intent: str, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """The intent as the provider has it, when it is as wanted."""
        found: dict[str, Any] = {}
        async for look in looks(f"{intent} is so at the provider"):
            found = (await self.there.get(f"/v1/intents/{intent}")).json()
            look.saw = found
            if wanted(found):
                break
        return found

    def opened(self, checkout: str = "co-1", asked: Mapping[str, Decimal] = WHOLE) -> str:
        """An intent, as a checkout opens it."""
        with writing(self.engine) as connection:
            return open_intent(connection, checkout, asked, datetime.now(UTC))

    async def pays(self, intent: str, outcome: str = "pay", **more: str) -> httpx.Response:
        """A person goes from our page to the provider's and says what happens there."""
        page = await self.shop.get(f"/shop/pay/{intent}")
        assert page.status_code == 200, page.text
        return await self.there.post(f"/pay/{intent}", data={"outcome": outcome, "seconds": "0.2", **more})

    async def fault(self, call: str, fault: str, times: int = 1) -> None:
        """The next such calls meet this fault."""
        done = await self.there.post("/v1/faults", json={"call": call, "fault": fault, "times": times})
        assert done.status_code == 200

    def told(self) -> list[tuple[str, str]]:
        """What waits for orders."""
        inbox = table("inbox")
        return sorted(
            (row.order_number, row.envelope["content"]["amount"]) for row in self.rows(select(inbox))
        )

    def state(self, intent: str) -> str:
        """How an intent stands."""
        intents = table("intents")
        return str(self.rows(select(intents.c.state).where(intents.c.number == intent))[0].state)

    def events(self, intent: str = "") -> list[tuple[str, str]]:
        """What the provider told, of one intent or of all, and what it meant."""
        events = table("provider_events")
        query = select(events.c.event, events.c.meaning).order_by(events.c.received_at)
        found = self.rows(query.where(events.c.intent == intent) if intent else query)
        return [(row.event, row.meaning) for row in found]

    def steps(self, intent: str = "") -> list[str]:
        """What finance is asked, about one intent or at all."""
        steps = table("desk_steps")
        found = self.rows(select(steps.c.kind, steps.c.about).where(steps.c.closed_at.is_(None)))
        return sorted(row.kind for row in found if not intent or row.about.get("intent") == intent)

    def rows(self, query: Any) -> list[Any]:
        """Rows of the order database."""
        with reading(self.engine) as connection:
            return list(connection.execute(query).all())
