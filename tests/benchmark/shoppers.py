"""Shoppers of the bench: each with a piece in the cart, all at once, from processes that are killed in the middle."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from activities.shop import accounts, carts
from activities.shop.carts import Holder
from activities.shop.checkouts import check_out
from activities.shop.products import import_products
from activities.stock import warehouse
from activities.store.database import engine_at
from activities.store.imports import PriceRow, import_prices
from models.policy import Policy
from models.shop.accounts import Destination, Shopper
from models.shop.catalogue import ProductRow
from models.shop.checkout import CheckoutForm
from models.shop.terms import VERSION
from models.stock import desk_acts
from models.stock.stock_words import StockMove
from models.values.errors import Code, Refusal
from models.values.vocabulary import Unit

NOW = datetime.now(UTC)
SOLD, TRIES, FEE = "TP-80", 20, Decimal("12.00")
PROCESSES, THREADS = 4, 8


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
