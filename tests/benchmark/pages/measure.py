"""Each page asked for as a browser asks for it, in this process, and timed."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import httpx
from sqlalchemy import Engine, select

from activities.access.logins import log_in_as
from activities.store.database import reading
from gateway.app import create_app
from models.tables.registry import table
from runtime.settings import Settings
from tests.benchmark.pages.addresses import Address

_FOUND = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of server time for one page, in the middle and at worst; of processor time of the door alone, in the
    middle, which says more where the machine does other things too; and what it answered."""

    name: str
    median: float
    worst: float
    processor: float
    status: int


def known_texts(engine: Engine, now: datetime) -> dict[str, str]:
    """What stands in braces in addresses: numbers that are there."""
    orders, journal = table("orders"), table("journal")
    shipments, payments = table("shipments"), table("payments")
    with reading(engine) as connection:

        def newest(ended: bool) -> str:
            query = select(orders.c.number).where(
                orders.c.ending.is_not(None) if ended else orders.c.ending.is_(None),
                orders.c.number.in_(select(journal.c.order_number)),
            )
            return str(connection.scalar(query.order_by(orders.c.number.desc()).limit(1)))

        tracking = select(shipments.c.tracking_number).order_by(shipments.c.order_number).limit(1)
        voucher = select(payments.c.reference).order_by(payments.c.order_number).limit(1)
        return {
            "open": newest(ended=False), "ended": newest(ended=True), "year": f"{now.year}",
            "tracking": str(connection.scalar(tracking)), "voucher": str(connection.scalar(voucher)),
        }  # fmt: skip


async def measure(
    settings: Settings, engine: Engine, addresses: Sequence[Address], now: datetime, rounds: int
) -> list[Measured]:
    """All pages, each so many times after it was asked for once."""
    app, texts, found = create_app(settings), known_texts(engine, now), []
    transport = httpx.ASGITransport(app=app)
    sessions = {
        person: log_in_as(engine, person, now, "bench") for person in {each.person for each in addresses}
    }
    begun, worked = time.perf_counter(), time.process_time()
    await app.state.kept_figures.keep_fresh(app.state.door)  # as the door does by itself, beside the requests
    waited, worked = (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000
    sys.stdout.write(
        f"  figures of the board, counted beside the requests: {waited:.0f} ms, {worked:.0f} of the door's CPU\n"
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        for each in addresses:
            path = quote(each.path.format(**texts), safe="/?&=%")
            headers = {"Cookie": f"session={sessions[each.person]}", "Accept": "text/html"}
            status = (await client.get(path, headers=headers)).status_code
            await asyncio.gather(*app.state.kept_figures.counting.values())
            times, processor = list[float](), list[float]()
            for _ in range(rounds):
                begun, worked = time.perf_counter(), time.process_time()
                await client.get(path, headers=headers)
                times.append((time.perf_counter() - begun) * 1000)
                processor.append((time.process_time() - worked) * 1000)
            middle, spent = statistics.median(times), statistics.median(processor)
            found.append(Measured(each.name, middle, max(times), spent, status))
    return found


def slow(measured: Sequence[Measured], limit: float) -> list[Measured]:
    """Pages that take longer in the middle of the times, or did not answer with a page."""
    return [each for each in measured if each.median > limit or each.status != _FOUND]
