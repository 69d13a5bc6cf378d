"""The shoppers of `make bench-shop` on a real server: workers are killed with -9 meanwhile, and every order comes to its end.

The shoppers check out, the test provider tells of each payment three times over HTTP, the merchant refuses every second
order and sends the others. All the while the workers are killed, one after the other. At the end no piece was sold twice,
what the provider has and what the orders have is the same, and each order has ended: settled, or cancelled and paid back.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import Engine, func, select

from activities.store.database import engine_at, reading
from commands.company.setup import prepare
from models.tables.registry import table
from models.values.vocabulary import Role
from rehearsal.payment_provider.app import create_app
from runtime.connection import connect
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.ports import free_port
from runtime.settings import ROOT, Settings
from tests.benchmark.shoppers import SOLD, check_out_at_once, fill
from tests.gateway.conftest import key_for, own_key

KEY = "dGhlIGtleSBvZiB0aGUgYmVuY2ggYW5kIG9mIHRoZSB0ZXN0IHByb3ZpZGVyIQ=="
WORKERS, AT_ONCE, PATIENCE_SECONDS = 2, 8, 1800
_READY = b"worker is ready"
_SENT: tuple[tuple[str, Role, dict[str, Any]], ...] = (
    ("picked", Role.WAREHOUSE, {}),
    ("document_supplied", Role.SERVICE_CLERK, {
        "document": "shipping_notice", "reference": "FH-1", "address": "深圳市南山区 1 号", "consignee": "王芳", "contact": "王芳",
    }),
    ("transport_arranged", Role.MATERIAL_CONTROLLER, {"carrier": "顺丰", "method": "courier"}),
    ("shipping_read_back", Role.SHIPPER, {}),
    ("shipped", Role.SHIPPER, {"shipment": "1", "carrier": "顺丰", "tracking_number": "SF-1"}),
    ("arrived", Role.LOGISTICS, {"shipment": "1"}),
    ("delivery_receipt", Role.CUSTOMER, {"shipment": "1", "signed_by": "王芳"}),
    ("receipt_confirmed", Role.CUSTOMER, {}),
)  # fmt: skip
"""What is told of an order that goes its way, one after the other."""


@dataclass
class Workers:
    """Workers as they are run, each killed as soon as another one works."""

    environment: dict[str, str]
    killed: int = 0
    _running: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def keep_killing(self) -> None:
        """Kill the oldest one and start another, until this is cancelled."""
        for _ in range(WORKERS):
            await self._start()
        while True:
            await self._start()
            await asyncio.sleep(1)
            oldest = self._running.pop(0)
            oldest.kill()
            await oldest.wait()
            self.killed += 1

    async def _start(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "worker.py", env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )  # fmt: skip
        assert process.stdout is not None
        self._running.append(process)
        while _READY not in (line := await process.stdout.readline()):
            if not line:
                raise RuntimeError("a worker ended before it was ready")
        asyncio.get_running_loop().create_task(_drained(process.stdout))

    async def stop(self) -> None:
        """End those that are left."""
        for process in self._running:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            await process.wait()


async def _drained(stream: asyncio.StreamReader) -> None:
    while await stream.read(65536):
        pass


@dataclass
class Market:
    """The installation of the bench: its database, its door, its provider, who speaks for the merchant."""

    engine: Engine
    door: httpx.AsyncClient
    provider: httpx.AsyncClient
    merchant: str
    portal: str
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def pay(self, intent: str) -> None:
        """Somebody pays at the provider, which tells it three times."""
        async with self.places:
            page = await self.door.get(f"/shop/pay/{intent}")
            page.raise_for_status()
            said = {"outcome": "pay", "seconds": "0", "fault": "twice"}
            await self.provider.post(f"/pay/{intent}", data=said)

    async def lives_on(self, order: str, *, refused: bool) -> None:
        """What the merchant and the customer say of an order that is paid; said again until somebody took it."""
        await self._until(lambda: self._headlines().get(order) == "awaiting_acceptance")
        said = {"subject": "merchant_acceptance", "note_reference": "N-1"}
        if refused:
            answer = {**said, "outcome": "refuse", "detail": {"words": "盘点时发现受潮"}}
            await self._say(order, "decisions", Role.SERVICE_CLERK, "acceptance", answer)
            return
        await self._say(order, "decisions", Role.SERVICE_CLERK, "acceptance", {**said, "outcome": "accept"})
        for kind, role, content in _SENT:
            await self._say(order, "facts", role, kind, {"kind": kind, "content": content})

    async def _say(self, order: str, path: str, role: Role, name: str, said: dict[str, Any]) -> None:
        key = self.portal if role is Role.CUSTOMER else self.merchant
        envelope = {
            "fact_id": f"{name}/{order}",
            "happened_at": datetime.now(UTC).isoformat(),
            "role": role.value,
            **said,
        }
        async with self.places:
            for _ in range(60):
                answer = await self.door.post(
                    f"/v1/orders/{order}/{path}", json=envelope, headers={"Authorization": f"Bearer {key}"}
                )
                if answer.status_code < 300:
                    return
                if answer.status_code < 500 and answer.status_code != 429:
                    raise RuntimeError(f"{order}: {name} was refused: {answer.text}")
                await asyncio.sleep(0.5)
        raise RuntimeError(f"{order}: {name} could not be told")

    def _headlines(self) -> dict[str, str]:
        orders = table("orders")
        with reading(self.engine) as connection:
            return {
                row.number: row.headline
                for row in connection.execute(select(orders.c.number, orders.c.headline))
            }

    async def _until(self, happened: Any) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not happened():  # noqa: ASYNC110 - what happens is in a database
                await asyncio.sleep(0.5)

    async def all_end(self) -> None:
        """Wait until each order has its end. Raises TimeoutError."""
        orders = table("orders")
        query = select(func.count()).select_from(orders).where(orders.c.ending.is_(None))

        def ended() -> bool:
            with reading(self.engine) as connection:
                return not connection.scalar(query)

        await self._until(ended)


async def run(folder: Path, url: str, shoppers: int, pieces: int) -> list[str]:
    """What was wrong; nothing where all went well."""
    place = folder / "engine"
    place.mkdir()
    async with EmbeddedServer(place, persistent=False, headless=True) as server:
        settings = server.settings(Settings(var=place)).model_copy(update={"database_url": url})
        await prepare(settings, await connect(settings))
        engine = engine_at(url)
        buyers = fill(engine, pieces, shoppers)
        async with _market(settings, engine) as (market, environment):
            workers = Workers(environment)
            killing = asyncio.create_task(workers.keep_killing())
            try:
                times, took, killed = await asyncio.to_thread(check_out_at_once, url, buyers, place)
                began = time.perf_counter()
                await _lived(market, engine, killing)
                lived = time.perf_counter() - began
            finally:
                killing.cancel()
                with suppress(asyncio.CancelledError):
                    await killing
                await workers.stop()
            found = await wrong_in(market, pieces)
        sys.stdout.write(
            f"on the server: {len(times) / took:.0f} checkouts a second, {killed} processes of shoppers and {workers.killed} "
            f"workers killed; {pieces} orders to their end in {lived:.0f} s; "
            f"{'; '.join(found) or 'nothing sold twice, all money has its order, each order its end'}\n"
        )
        engine.dispose()
    return found


async def _lived(market: Market, engine: Engine, killing: asyncio.Task[None]) -> None:
    """Everybody pays, the merchant answers, and each order comes to its end; a bench whose workers cannot start stops."""
    intents, allocations = table("intents"), table("intent_allocations")
    with reading(engine) as connection:
        open_ones = list(connection.scalars(select(intents.c.number).order_by(intents.c.number)))
        orders = list(
            connection.scalars(select(allocations.c.order_number).order_by(allocations.c.order_number))
        )

    async def all_of_it() -> None:
        await asyncio.gather(*(market.pay(each) for each in open_ones))
        await asyncio.gather(*(market.lives_on(each, refused=bool(n % 2)) for n, each in enumerate(orders)))
        await market.all_end()

    living = asyncio.create_task(all_of_it())
    done, _ = await asyncio.wait((living, killing), return_when=asyncio.FIRST_COMPLETED)
    if killing in done:
        living.cancel()
        killing.result()
    await living


@asynccontextmanager
async def _market(settings: Settings, engine: Engine) -> AsyncIterator[tuple[Market, dict[str, str]]]:
    """The provider and the door, open; and the environment in which workers run."""
    door, there = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    environment = {
        **os.environ, "DINGDAN_VAR": str(settings.var), "DINGDAN_DATABASE_URL": settings.database_url,
        "TEMPORAL_ADDRESS": settings.temporal_address or "", "DINGDAN_GATEWAY_ADDRESS": door,
        "DINGDAN_REQUESTS_A_MINUTE": "10000000", "DINGDAN_SHOP_PROVIDER": "test", "DINGDAN_SHOP_TEST_KEY": KEY,
        "DINGDAN_SHOP_TEST_ADDRESS": there, "DINGDAN_POLICY": str(settings.var / "no-policy.toml"),
    }  # fmt: skip
    provider = uvicorn.Server(
        uvicorn.Config(
            create_app(KEY, f"http://{there}", settings.var / "provider.json"), port=int(there.rpartition(":")[2]),
            log_level="warning",
        )
    )  # fmt: skip
    serving = asyncio.create_task(provider.serve())
    gateway = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )  # fmt: skip
    staff = tuple(role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM, Role.SALESPERSON))
    try:
        async with (
            httpx.AsyncClient(base_url=f"http://{door}", trust_env=False, timeout=60) as shop,
            httpx.AsyncClient(
                base_url=f"http://{there}",
                trust_env=False,
                timeout=60,
                headers={"Authorization": f"Bearer {KEY}"},
            ) as payments,
        ):
            await _is_open(shop)
            merchant, portal = own_key(settings, "boss", *staff), key_for(settings, "portal", Role.CUSTOMER)
            yield Market(engine, shop, payments, merchant, portal), environment
    finally:
        gateway.terminate()
        await gateway.wait()
        provider.should_exit = True
        await serving


async def _is_open(door: httpx.AsyncClient) -> None:
    async with asyncio.timeout(120):
        while True:
            with suppress(httpx.HTTPError):
                if (await door.get("/health")).status_code < 500:
                    return
            await asyncio.sleep(0.2)


async def wrong_in(market: Market, pieces: int) -> list[str]:
    """What must not be: pieces sold twice, money without an order, an order without its money or without an end."""
    items, orders, intents = table("stock_items"), table("orders"), table("intents")
    with reading(market.engine) as connection:
        item = connection.execute(select(items).where(items.c.product == SOLD)).one()
        rows = connection.execute(select(orders.c.number, orders.c.ending, orders.c.paid)).all()
        numbers = list(connection.scalars(select(intents.c.number)))
    there = [(await market.provider.get(f"/v1/intents/{number}")).json() for number in numbers]
    paid = sum((Decimal(each["amount"]) for one in there for each in one["payments"]), Decimal(0))
    back = sum((Decimal(each["amount"]) for one in there for each in one["refunds"]), Decimal(0))
    had = sum((row.paid for row in rows), Decimal(0))
    faults = []
    endings = Counter(row.ending for row in rows)
    if len(rows) != pieces or endings != {"settled": -(-pieces // 2), "cancelled": pieces // 2}:
        faults.append(f"{len(rows)} orders for {pieces} pieces, ended {dict(endings)}")
    if (item.on_hand, item.reserved) != (pieces // 2, 0):
        faults.append(f"{item.on_hand} on hand and {item.reserved} reserved of {pieces}")
    if paid - back != had:
        faults.append(f"the provider has {paid} less {back}, the orders have {had}")
    if any(len(one["payments"]) != 1 for one in there):
        faults.append("somebody paid twice, or not at all")
    return faults
