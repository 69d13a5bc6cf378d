"""Many orders at once for fewer pieces, workers killed at the worst moment: what is there is reserved, once (R110)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select
from temporalio.client import Client

from activities.stock import presale as batches
from activities.stock import stock_lists, warehouse
from activities.store.database import engine_at, reading
from models.stock import batch_acts, desk_acts
from models.stock.stock_words import StockMove
from models.tables.registry import table
from models.values.vocabulary import Unit
from runtime.delivery.placing import place_request
from runtime.settings import ROOT, Settings
from tests.gateway.conftest import ORDER, prepared
from tests.runtime.test_given_once import end

__all__ = ["prepared"]
READY = "worker is ready"
DIES = """
import os, signal, sys
from contextlib import contextmanager
import activities.orders.recording.recorder as recorder, worker
write, left = recorder.writing, int(os.environ["TRANSACTIONS"])
@contextmanager
def write_and_die(engine):
    global left
    with write(engine) as connection:
        yield connection
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
recorder.writing = write_and_die
sys.exit(worker.main())
"""
"""The worker as it is run. After so many TRANSACTIONS it is killed: the answer is in the database, and nobody has heard it."""
PATIENCE_SECONDS = 700


@contextmanager
def worker_that_dies(settings: Settings, transactions: int) -> Iterator[subprocess.Popen[str]]:
    """A worker of its own process, ready."""
    environment = {
        **os.environ, "DINGDAN_VAR": str(settings.var), "DINGDAN_TASK_QUEUE": settings.task_queue,
        "DINGDAN_POLICY": str(settings.var / "no-policy.toml"), "DINGDAN_DATABASE_URL": settings.database_url,
        "TEMPORAL_ADDRESS": str(settings.temporal_address), "TRANSACTIONS": str(transactions),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", DIES], env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert any(READY in line for line in process.stdout)
        yield process
    finally:
        process.kill()
        process.communicate()


def answers(engine: Engine) -> list[str]:
    """How each order was answered."""
    known = table("shared_answers")
    with reading(engine) as connection:
        rows = connection.execute(select(known.c.content).where(known.c.key == "reserve:1"))
        return [row.content["state"] for row in rows]


def heard(engine: Engine) -> dict[str, set[str]]:
    """What each order's journal says that it was answered."""
    journal = table("journal")
    query = select(journal.c.order_number, journal.c.data).where(journal.c.subject == "stock_answered")
    found: dict[str, set[str]] = {}
    with reading(engine) as connection:
        for row in connection.execute(query):
            found.setdefault(row.order_number, set()).add(row.data["content"]["state"])
    return found


@pytest.fixture
async def shelf(prepared: Settings) -> Engine:
    engine = engine_at(prepared.database_url)
    warehouse.enter_item(engine, desk_acts.NewItem(product="TP-80", unit=Unit.ROLL))
    return engine


async def race(
    settings: Settings, client: Client, engine: Engine, orders: int, pieces: int, *, presale: bool = False
) -> None:
    """So many orders of one piece each; the workers die every few transactions until everybody has an answer."""
    shelf = "PS-80" if presale else "TP-80"
    (_offered if presale else _there)(engine, pieces)
    line: dict[str, Any] = {**ORDER["lines"][0], "quantity": 1}
    wanted = {**ORDER, "fulfilment": "pre_sale" if presale else "from_stock", "lines": [line]}
    placed = [
        await place_request(client, settings, {**wanted, "request_id": f"race/{n}"}) for n in range(orders)
    ]
    killed, transactions = 0, max(3, orders // 4)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(heard(engine)) < orders:
            with worker_that_dies(settings, transactions) as process:
                while process.poll() is None and len(heard(engine)) < orders:  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
                killed += process.poll() == -signal.SIGKILL
            transactions += 5
    await end(client, *(each.start.number for each in placed))
    assert killed > 0
    found, told = answers(engine), heard(engine)
    assert (found.count("held"), found.count("short")) == (pieces, orders - pieces)
    assert sorted(state for states in told.values() for state in states) == sorted(found)
    item = stock_lists.stock_item(engine, shelf) or batches.batch(engine, shelf)
    assert item is not None
    assert (item.on_hand, item.reserved, item.available) == (pieces, pieces, 0)
    reserved = stock_lists.reservations_of(engine, shelf)
    assert sum(row.quantity for row in reserved) == pieces


def _there(engine: Engine, pieces: int) -> None:
    come = desk_acts.GoodsCome(product="TP-80", quantity=Decimal(pieces), source=StockMove.OPENING)
    warehouse.receive(engine, come, "store-fan", datetime.now(UTC), uuid.uuid4().hex)


def _offered(engine: Engine, pieces: int) -> None:
    day = datetime.now(UTC).date() + timedelta(days=30)
    said = batch_acts.NewBatch(batch="PS-80", product="TP-80", quantity=Decimal(pieces), expected=day)
    batches.offer_batch(engine, said, "buyer-tang", datetime.now(UTC))


@pytest.mark.slow
@pytest.mark.endurance
@pytest.mark.timeout(300)
@pytest.mark.postgresql
async def test_ten_orders_for_six_pieces(
    prepared: Settings, temporal_client: Client, shelf: Engine, order_database: str
) -> None:
    """R110: six go through, four are short."""
    await race(prepared, temporal_client, shelf, 10, 6)


@pytest.mark.slow
@pytest.mark.endurance
@pytest.mark.timeout(900)
@pytest.mark.postgresql
async def test_a_hundred_orders_for_sixty_pieces(
    prepared: Settings, temporal_client: Client, shelf: Engine, order_database: str
) -> None:
    """R110: 60 go through, 40 are short, on both databases."""
    await race(prepared, temporal_client, shelf, 100, 60)


@pytest.mark.slow
@pytest.mark.endurance
@pytest.mark.timeout(300)
@pytest.mark.postgresql
async def test_ten_orders_for_a_batch_of_six(
    prepared: Settings, temporal_client: Client, shelf: Engine, order_database: str
) -> None:
    """R114: six are sold, four are short."""
    await race(prepared, temporal_client, shelf, 10, 6, presale=True)


@pytest.mark.slow
@pytest.mark.endurance
@pytest.mark.timeout(900)
@pytest.mark.postgresql
async def test_a_hundred_orders_for_a_batch_of_sixty(
    prepared: Settings, temporal_client: Client, shelf: Engine, order_database: str
) -> None:
    """R114: 60 are sold, 40 are short, on both databases."""
    await race(prepared, temporal_client, shelf, 100, 60, presale=True)
