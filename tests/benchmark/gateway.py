"""The door against the bare update, on the same server in the same run: `make bench-gateway`.

Both ways tell the same facts to the same orders, in turn. Times are wall-clock milliseconds: until the answer, and until
the order database holds the fact. Then as many as can be told side by side, a round each way in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select
from temporalio.client import Client

from activities.store.database import engine_at, reading
from activities.store.imports import CustomerRow, PriceRow, import_customers, import_prices
from commands.company.setup import prepare
from models.messages.reply import Reply
from models.tables.registry import table
from models.values.vocabulary import CustomerClass, Unit
from runtime.connection import connect
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.ports import free_port
from runtime.settings import ROOT, Settings
from tests.gateway.conftest import ORDER, key_for

ORDERS = 20
SIDE_BY_SIDE = 20
GOAL = 1.25
Tell = Callable[[str, str], Awaitable[int]]


def fact(fact_id: str) -> dict[str, Any]:
    return {
        "fact_id": fact_id, "kind": "contact_logged", "role": "service_clerk",
        "happened_at": datetime.now(UTC).isoformat(), "content": {"channel": "phone", "words": "rang, all is well"},
    }  # fmt: skip


def bare(client: Client) -> Tell:
    """The update itself; the journal entry that keeps it."""

    async def tell(number: str, fact_id: str) -> int:
        handle = client.get_workflow_handle(f"order-{number}")
        reply: Reply = await handle.execute_update(
            "tell", {**fact(fact_id), "by": "bench"}, result_type=Reply
        )
        return reply.sequence

    return tell


class Wire:
    """Kept-alive connections that cost the caller next to nothing, so that the door is measured and not its client."""

    def __init__(self, address: str, key: str) -> None:
        self.host, port = address.split(":")
        self.port, self.key = int(port), key
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def tell(self, number: str, fact_id: str) -> int:
        reader, writer = await self._connection()
        body = json.dumps(fact(fact_id)).encode()
        head = (
            f"POST /v1/orders/{number}/facts HTTP/1.1\r\nhost: door\r\nauthorization: Bearer {self.key}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        status = await reader.readline()
        length = 0
        while (line := await reader.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        answer = json.loads(await reader.readexactly(length))
        assert b" 200 " in status, answer
        self.free.append((reader, writer))
        return int(answer["sequence"])

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """One that is open; the door closes those that nobody used for some seconds."""
        while self.free:
            reader, writer = self.free.pop()
            if not reader.at_eof():
                return reader, writer
        return await asyncio.open_connection(self.host, self.port)


class Recorded:
    """Looks until the order database holds a journal entry."""

    def __init__(self, settings: Settings) -> None:
        self.engine = engine_at(settings.database_url)
        self.orders = table("orders")

    async def wait(self, number: str, sequence: int) -> None:
        query = select(self.orders.c.sequence).where(self.orders.c.number == number)
        while True:
            with reading(self.engine) as connection:
                if (connection.scalar(query) or 0) >= sequence:
                    return
            await asyncio.sleep(0.001)


async def one_by_one(
    ways: dict[str, Tell], orders: list[str], times: int, recorded: Recorded
) -> dict[str, Any]:
    answered: dict[str, list[float]] = {name: [] for name in ways}
    kept: dict[str, list[float]] = {name: [] for name in ways}
    for n in range(times):
        for name, tell in ways.items():
            number = orders[n % len(orders)]
            before = time.perf_counter()
            sequence = await tell(number, f"{name}/{n}")
            answered[name].append((time.perf_counter() - before) * 1000)
            await recorded.wait(number, sequence)
            kept[name].append((time.perf_counter() - before) * 1000)
    return {"answered": answered, "recorded": kept}


async def side_by_side(tell: Tell, name: str, orders: list[str], times: int) -> float:
    """Facts a second."""
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(n: int) -> None:
        async with places:
            await tell(orders[n % len(orders)], f"{name}/{n}")

    before = time.perf_counter()
    await asyncio.gather(*(one(n) for n in range(times)))
    return times / (time.perf_counter() - before)


def part(values: list[float], hundredth: int) -> float:
    return statistics.quantiles(values, n=100)[hundredth - 1]


async def measure(settings: Settings, address: str, key: str, times: int, rounds: int) -> int:
    client = await connect(settings)
    recorded = Recorded(settings)
    async with httpx.AsyncClient(
        base_url=f"http://{address}", headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=30
    ) as shop:
        orders = []
        for n in range(ORDERS):
            body = {**ORDER, "request_id": f"bench/{n}"}
            orders.append((await shop.post("/v1/orders", json=body)).json()["order"])
    wire = Wire(address, key)
    ways: dict[str, Tell] = {"bare": bare(client), "door": wire.tell}
    await one_by_one({f"warm-{name}": tell for name, tell in ways.items()}, orders, 2 * ORDERS, recorded)
    found = await one_by_one(ways, orders, times, recorded)
    say = sys.stdout.write
    ratios = {}
    for until, by_way in found.items():
        ratios[until] = part(by_way["door"], 50) / part(by_way["bare"], 50)
        for name, values in by_way.items():
            say(f"{until:9} {name}  p50 {part(values, 50):6.1f} ms  p99 {part(values, 99):6.1f} ms\n")
        say(f"{until:9} p50 door/bare {ratios[until]:.2f}\n")
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds):
        for name, tell in ways.items():
            speeds[name].append(await side_by_side(tell, f"{name}-{turn}", orders, times))
    for name, values in speeds.items():
        say(f"{SIDE_BY_SIDE} side by side, {name}: {statistics.median(values):.0f} facts/s\n")
    return 0 if ratios["recorded"] <= GOAL else 1


async def run(times: int, rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedServer(Path(folder), persistent=False, headless=True) as server:
            settings = server.settings(Settings(var=Path(folder)))
            await prepare(settings, await connect(settings))
            engine = engine_at(settings.database_url)
            customer = CustomerRow(
                customer="K1", name="红枫", customer_class=CustomerClass.B, verified_by="chen",
                designated_signers=("王芳",),
            )  # fmt: skip
            import_customers(engine, [customer])
            _price(engine)
            key = key_for(settings, "bench", places_orders=True)
            address = f"127.0.0.1:{free_port()}"
            environment = {
                **os.environ, "DINGDAN_VAR": folder, "TEMPORAL_ADDRESS": settings.temporal_address or "",
                "DINGDAN_GATEWAY_ADDRESS": address, "DINGDAN_REQUESTS_A_MINUTE": "10000000",
            }  # fmt: skip
            with ExitStack() as processes:
                _start(processes, environment, "worker.py")
                _start(processes, environment, *os.environ.get("GW", "-m gateway").split())
                await _ready(address)
                return await measure(settings, address, key, times, rounds)


def _start(processes: ExitStack, environment: dict[str, str], *program: str) -> None:
    process = subprocess.Popen(
        [sys.executable, *program], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    processes.callback(process.wait)
    processes.callback(process.terminate)


def _price(engine: Any) -> None:
    row = PriceRow(
        product="TP-80",
        specification="80",
        unit=Unit.ROLL,
        unit_price=Decimal("100.00"),
        valid_from=date(2026, 1, 1),
    )
    import_prices(engine, [row])


async def _ready(address: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(200):
            try:
                (await client.get(f"http://{address}/health")).raise_for_status()
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
            else:
                return
    raise RuntimeError("the door did not open")


def main() -> int:
    """0 where the door adds no more than its goal at p50."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    return asyncio.run(run(asked.facts, asked.rounds))


if __name__ == "__main__":
    sys.exit(main())
