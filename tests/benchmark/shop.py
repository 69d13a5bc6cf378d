"""Two hundred shoppers and the last sixty pieces: `make bench-shop`. Wall-clock times, on both databases.

Every shopper has a piece in the cart and checks out at once with all others, from several processes; half of the processes
are killed in the middle, and what they had to do is sent once more, as a shopper would. Then the provider tells of each
payment twice, from several threads. At the end no piece was sold twice, every order has its money once, and nobody has
money without an order. Exit code 1 where that is not so.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

from sqlalchemy import Engine, func, select

from activities.shop import accounts, carts
from activities.shop.carts import Holder
from activities.shop.checkouts import check_out
from activities.shop.intents import take_event
from activities.shop.products import import_products
from activities.stock import warehouse
from activities.store.database import engine_at, reading, upgrade
from activities.store.imports import PriceRow, import_prices
from models.policy import Policy
from models.shop.accounts import Destination, Shopper
from models.shop.catalogue import ProductRow
from models.shop.checkout import CheckoutForm
from models.shop.checkout_money import ProviderEvent, ProviderSays
from models.shop.terms import VERSION
from models.stock import desk_acts
from models.stock.stock_words import StockMove
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit
from tests.postgres import ThrowawayPostgres

NOW = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
SOLD, TRIES, FEE = "TP-80", 20, Decimal("12.00")
PROCESSES, THREADS = 4, 8
_SOLD_OUT = (Code.NOT_ENOUGH_STOCK, Code.PRICE_CHANGED)


class Buyer(NamedTuple):
    """A shopper who is ready to check out, as another process gets it."""

    shopper: Shopper
    form: str


def fill(engine: Engine, pieces: int, shoppers: int) -> list[Buyer]:
    """Rolls of 80.00, so many in stock, and so many shoppers with one in the cart."""
    price = PriceRow(
        product=SOLD, name="热敏纸", unit=Unit.ROLL, unit_price=Decimal("80.00"), valid_from=date(2026, 1, 1)
    )
    import_prices(engine, [price])
    import_products(engine, [ProductRow(product=SOLD, weight=Decimal("0.5"))])
    warehouse.enter_item(engine, desk_acts.NewItem(product=SOLD, unit=Unit.ROLL))
    there = desk_acts.GoodsCome(product=SOLD, quantity=Decimal(pieces), source=StockMove.OPENING)
    warehouse.receive(engine, there, "store-fan", NOW, "opening")
    to = Destination(consignee="王芳", phone="13812345678", address="深圳市南山区 1 号")
    return [_buyer(engine, number, to) for number in range(shoppers)]


def _buyer(engine: Engine, number: int, to: Destination) -> Buyer:
    shopper = accounts.let_in(engine, f"p{number}@b.cn", NOW)
    holder = Holder(account=shopper.account, customer=shopper.customer)
    carts.put(engine, holder, SOLD, Decimal(1), NOW)
    version = carts.look(engine, holder, 3, NOW).version
    form = CheckoutForm(
        checkout=f"{number:032x}", cart_version=version, seen_total=Decimal("80.00") + FEE, terms_version=VERSION,
        address=accounts.keep_address(engine, shopper, to),
    )  # fmt: skip
    return Buyer(shopper, form.model_dump_json())


def buy(engine: Engine, buyer: Buyer) -> tuple[str, float]:
    """What became of one checkout, and how long it took; a busy database is asked once more, as a person does."""
    form, before = CheckoutForm.model_validate_json(buyer.form), time.perf_counter()
    for _ in range(TRIES):
        try:
            done = check_out(engine, buyer.shopper, form, NOW, Policy())
        except Refusal as refusal:
            if refusal.code is Code.DATABASE_UNAVAILABLE:
                continue
            return refusal.code.value, time.perf_counter() - before
        return done.done.parts[0].order, time.perf_counter() - before
    return Code.DATABASE_UNAVAILABLE.value, time.perf_counter() - before


def buy_all(url: str, buyers: list[Buyer], place: str) -> None:
    """In a process of its own: each result is written as it is there."""
    engine = engine_at(url)
    with ThreadPoolExecutor(THREADS) as pool, Path(place).open("a", encoding="utf-8") as file:
        for found in pool.map(lambda buyer: buy(engine, buyer), buyers):
            file.write(json.dumps(found) + "\n")
            file.flush()


def check_out_at_once(url: str, buyers: list[Buyer], folder: Path) -> tuple[list[float], float, int]:
    """All of them, half of the processes killed in the middle; then everybody once more. Times of what was answered."""
    context = multiprocessing.get_context("spawn")
    places = [folder / f"bought-{number}" for number in range(PROCESSES)]
    shares = [buyers[number::PROCESSES] for number in range(PROCESSES)]
    before = time.perf_counter()
    processes = [
        context.Process(target=buy_all, args=(url, share, str(place)))
        for share, place in zip(shares, places, strict=True)
    ]
    for process in processes:
        process.start()
    killed = 0
    for process, place in list(zip(processes, places, strict=True))[: PROCESSES // 2]:
        while process.is_alive() and not (
            place.exists() and place.read_text(encoding="utf-8").count("\n") >= 3
        ):
            process.join(0.01)
        if process.is_alive() and process.pid is not None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
    for process in processes:
        process.join()
    took = time.perf_counter() - before
    answered = [json.loads(line) for place in places if place.exists() for line in _whole_lines(place)]
    buy_all(url, buyers, str(folder / "once-more"))
    return [seconds for _, seconds in answered], took, killed


def _whole_lines(place: Path) -> list[str]:
    return [line for line in place.read_text(encoding="utf-8").splitlines() if line.endswith("]")]


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
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
