"""The last pieces of the shop with its orders on the engine: workers are killed until every order has ended. `make bench-shop-engine`.

Shoppers check out at once for fewer pieces than there are shoppers; each paid intent is told twice; then the merchant
accepts, picks and ships and the customer confirms, while one worker after the other is killed with -9 and started again.
No piece is sold twice, no money is without an order, and no order without an end. Exit code 1 where that is not so.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import Engine, func, select
from temporalio.client import Client
from temporalio.service import RPCError

from activities.store.database import engine_at, reading
from commands.desk.order_database import import_company
from models.messages.envelope import envelope_json, read_envelope
from models.order.order import Order
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.money import ZERO
from models.values.vocabulary import Role
from rehearsal.files import read_company
from rehearsal.simulation.chances import Chances
from rehearsal.simulation.usual_answers import Asked, usual_answer
from runtime.connection import connect
from runtime.delivery.order_handles import order_handle
from runtime.delivery.placing import begin_numbered
from runtime.delivery.telling import tell_order
from runtime.settings import ROOT, Settings
from tests.benchmark import shop
from tests.endure.estate import PATIENCE_SECONDS, Estate, Stuck, eventually
from tests.postgres import ThrowawayPostgres

BETWEEN_KILLS = (1.0, 4.0)
SIDE_BY_SIDE = 8
SOUND = "nothing sold twice, all money has its order, every order its end"


def killing(estate: Estate, over: threading.Event, killed: Counter[str]) -> None:
    """One worker after the other, at random moments."""
    chance = Random(11)
    while not over.wait(chance.uniform(*BETWEEN_KILLS)):
        name = chance.choice(("worker-1", "worker-2"))
        estate.kill(name)
        killed[name] += 1
        time.sleep(chance.uniform(0, 1))
        estate.start(name)


async def to_the_end(client: Client, settings: Settings, number: str) -> int:
    """Somebody does what the order waits for, again and again, until it has ended; how much was said."""
    said, until = 0, time.monotonic() + PATIENCE_SECONDS
    asked: set[tuple[str, str]] = set()
    last = "nothing"
    while time.monotonic() < until:
        if await asyncio.to_thread(has_ended, settings, number):
            return said
        try:
            order = Order.model_validate(await order_handle(client, number).query("order"))
        except RPCError:  # its worker was killed, or it ended in this moment
            await asyncio.sleep(0.3)
            continue
        steps = [
            step
            for step in order.steps.values()
            if step.roles and (step.key, step.roles[0].value) not in asked
        ]
        for step in steps:
            answer = usual_answer(Asked(order, step, Chances(number), f"{number}-{said}"))
            asked.add((step.key, step.roles[0].value))
            if answer is None:
                continue
            said += 1
            by = order.staff.people.get(answer.role, "somebody")
            raw = envelope_json(
                f"shop-engine/{number}/{said}", answer.kind, answer.content,
                by=order.request.contact if answer.role is Role.CUSTOMER else by, role=answer.role,
                happened_at=datetime.now(UTC),
            )  # fmt: skip
            try:
                refusal = (await tell_order(client, settings, number, read_envelope(raw))).refusal
            except Refusal as error:
                refusal = error
            if refusal is not None:
                last = f"{step.key}: {refusal.words.en}"
                asked.discard((step.key, step.roles[0].value))
        await asyncio.sleep(0.3)
    raise Stuck(f"{number} has no end; it refused last: {last}")


def has_ended(settings: Settings, number: str) -> bool:
    """Whether the order database has its end."""
    orders = table("orders")
    with reading(engine_at(settings.database_url)) as connection:
        return connection.scalar(select(orders.c.ended_at).where(orders.c.number == number)) is not None


async def lived(settings: Settings, numbers: list[str]) -> int:
    """All orders begun and brought to their end; how much was said."""
    client, places = await connect(settings), asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(number: str) -> int:
        async with places:
            await begin_numbered(client, settings, number)
            return await to_the_end(client, settings, number)

    return sum(await asyncio.gather(*(one(number) for number in numbers)))


def bought(engine: Engine) -> list[str]:
    """The numbers of the orders that were made."""
    requests = table("requests")
    with reading(engine) as connection:
        return list(connection.scalars(select(requests.c.number).order_by(requests.c.number)))


def wrong_at_the_end(engine: Engine, pieces: int) -> list[str]:
    """Beside what `bench-shop` looks at: how the orders ended, and what left the shelf."""
    orders, payments, items = table("orders"), table("payments"), table("stock_items")
    with reading(engine) as connection:
        endings = Counter(connection.scalars(select(orders.c.ending)))
        paid = Counter(connection.scalars(select(payments.c.order_number)))
        item = connection.execute(select(items).where(items.c.product == shop.SOLD)).one()
        known = connection.scalar(select(func.count()).select_from(orders)) or 0
    faults = []
    if endings != {"settled": pieces} or known != pieces:
        faults.append(f"{known} orders ended as {dict(endings)}")
    if len(paid) != pieces or set(paid.values()) - {1}:
        faults.append(f"{len(paid)} orders have {paid.total()} payments")
    if (item.on_hand, item.reserved) != (0, 0):
        faults.append(f"{item.on_hand} on the shelf, {item.reserved} reserved")
    return faults


def sums_at_the_end(engine: Engine) -> str:
    """How many orders there are, and what was asked for and came."""
    orders, intents, payments = table("orders"), table("intents"), table("payments")
    with reading(engine) as connection:
        known = connection.scalar(select(func.count()).select_from(orders)) or 0
        wanted = sum(connection.scalars(select(intents.c.total)), ZERO)
        came = sum(connection.scalars(select(payments.c.amount)), ZERO)
    return f"{known} orders, CNY {wanted} asked for, {came} received"


def main() -> int:
    """0 where nothing was sold twice, all money has its order, and every order its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shoppers", type=int, default=200)
    parser.add_argument("--pieces", type=int, default=60)
    asked = parser.parse_args()
    shop.NOW = datetime.now(UTC)
    began = time.monotonic()
    with ThrowawayPostgres() as postgres, tempfile.TemporaryDirectory(prefix="dingdan-shop-") as folder:
        estate = Estate(Path(folder), postgres)
        settings = estate.settings()
        engine = engine_at(settings.database_url)
        over, killed = threading.Event(), Counter[str]()
        breaking = threading.Thread(target=killing, args=(estate, over, killed))
        try:
            estate.start("server")
            estate.set_up()
            import_company(settings, read_company(ROOT / "stories"))
            buyers = shop.fill(engine, asked.pieces, asked.shoppers)
            estate.start()
            eventually("the door answers", estate.door_answers)
            breaking.start()
            before = time.perf_counter()
            with ThreadPoolExecutor(shop.THREADS) as pool:
                times = sorted(
                    seconds for _, seconds in pool.map(lambda buyer: shop.buy(engine, buyer), buyers)
                )
            took = time.perf_counter() - before
            shop.pay_twice(engine)
            told = asyncio.run(lived(settings, bought(engine)))
            over.set()
            breaking.join()
            faults, sold_and_paid = wrong_at_the_end(engine, asked.pieces), sums_at_the_end(engine)
        finally:
            over.set()
            estate.stop()
            engine.dispose()
    sys.stdout.write(
        f"{asked.shoppers} shoppers, {asked.pieces} pieces, workers killed {killed.total()} times, {told} facts told in "
        f"{time.monotonic() - began:.0f} s; {len(times) / took:.0f} checkouts a second, p50 {statistics.median(times):.2f} s, "
        f"p99 {times[int(len(times) * 0.99) - 1]:.2f} s; {sold_and_paid}: {'; '.join(faults) or SOUND}\n"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
