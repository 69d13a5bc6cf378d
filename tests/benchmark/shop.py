"""Two hundred shoppers and the last sixty pieces: `make bench-shop`. Wall-clock times, on both databases.

Every shopper has a piece in the cart and checks out at once with all others, from several processes; half of the processes
are killed in the middle, and what they had to do is sent once more, as a shopper would. Then the provider tells of each
payment twice, from several threads. At the end no piece was sold twice, every order has its money once, and nobody has
money without an order. Then the same on a real server, whose workers are killed meanwhile until each order has its end
(`tests.benchmark.shop_engine`; `--without-server` leaves it out). Exit code 1 where something is not so.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from sqlalchemy import Engine, func, select

from activities.shop.intents import take_event
from activities.store.database import engine_at, reading, upgrade
from models.shop.checkout_money import ProviderEvent, ProviderSays
from models.tables.registry import table
from tests.benchmark import shop_engine
from tests.benchmark.shoppers import NOW, PROCESSES, SOLD, THREADS, check_out_at_once, fill
from tests.postgres import ThrowawayPostgres


def pay_twice(engine: Engine) -> float:
    """The provider tells of each open intent twice, in no order."""
    intents = table("intents")
    with reading(engine) as connection:
        open_ones = connection.execute(select(intents.c.number, intents.c.total)).all()
    events = [
        ProviderEvent(
            provider="test", event=f"ev-{row.number}", says=ProviderSays.PAID, intent=row.number, payment=f"pay-{row.number}",
            amount=row.total, currency="CNY", at=NOW,
        )
        for row in open_ones
    ] * 2  # fmt: skip
    Random(7).shuffle(events)
    before = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda event: take_event(engine, event, NOW), events))
    return time.perf_counter() - before


def wrong_in(engine: Engine, pieces: int) -> list[str]:
    """What must not be: pieces sold twice, money without an order, an order without its money."""
    items, intents, inbox, checkouts = (table(n) for n in ("stock_items", "intents", "inbox", "checkouts"))
    with reading(engine) as connection:
        item = connection.execute(select(items).where(items.c.product == SOLD)).one()
        sold = connection.scalar(select(func.count()).select_from(checkouts)) or 0
        paid = Counter(connection.scalars(select(intents.c.state)))
        told = Counter(connection.scalars(select(inbox.c.order_number)))
    faults = []
    if sold != pieces or item.on_hand - item.reserved != 0:
        faults.append(f"{sold} checkouts for {pieces} pieces, {item.on_hand - item.reserved} left")
    if paid != {"paid": sold}:
        faults.append(f"intents stand as {dict(paid)}")
    if len(told) != sold or set(told.values()) - {1}:
        faults.append(f"money was told to {len(told)} orders, {sum(told.values())} times")
    return faults


def main() -> int:
    """0 where nothing was sold twice and all money has its order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shoppers", type=int, default=200)
    parser.add_argument("--pieces", type=int, default=60)
    parser.add_argument("--without-server", action="store_true")
    asked = parser.parse_args()
    faults: list[str] = []
    with ThrowawayPostgres() as postgres, tempfile.TemporaryDirectory() as folder:
        urls = {
            "SQLite": f"sqlite:///{Path(folder) / 'orders.db'}",
            "PostgreSQL": postgres.url(postgres.create_database()),
        }
        for kind, url in urls.items():
            upgrade(url)
            engine, place = engine_at(url), Path(folder) / kind
            place.mkdir()
            times, took, killed = check_out_at_once(url, fill(engine, asked.pieces, asked.shoppers), place)
            paying = pay_twice(engine)
            found = wrong_in(engine, asked.pieces)
            faults += found
            slowest = sorted(times)[int(len(times) * 0.99) - 1] if times else 0.0
            sys.stdout.write(
                f"{kind}: {asked.shoppers} shoppers, {asked.pieces} pieces, {killed} of {PROCESSES} processes killed: "
                f"{len(times) / took:.0f} checkouts a second, p50 {statistics.median(times):.2f} s, p99 {slowest:.2f} s; "
                f"each payment told twice in {paying:.1f} s; {'; '.join(found) or 'nothing sold twice, all money has its order'}\n"
            )
            engine.dispose()
        if not asked.without_server:
            url = postgres.url(postgres.create_database())
            faults += asyncio.run(shop_engine.run(Path(folder), url, asked.shoppers, asked.pieces))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
