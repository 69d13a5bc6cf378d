"""What people at the desk do with stock, in one transaction each, once for each key (R110, R112, R113)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, select

from activities.facts import pending_facts
from activities.stock.held_shelves import act_once, held_shelves
from activities.store.database import writing
from activities.store.upsert import insert_into
from models.facts.fact_envelope import fact_envelope
from models.stock import desk_acts
from models.stock.shelves import Shelves
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words
from models.writing.written_numbers import Manner


def enter_item(engine: Engine, said: desk_acts.NewItem) -> None:
    """A new item with nothing on hand. Raises Refusal(contradiction) where it is kept already."""
    row = {
        "product": said.product,
        "name": said.name,
        "specification": said.specification,
        "unit": said.unit.value,
        "on_hand": NOTHING,
        "reserved": NOTHING,
        "quarantined": NOTHING,
    }
    with writing(engine) as connection:
        items = table("stock_items")
        entered = insert_into(connection, items).values(row).on_conflict_do_nothing()
        if connection.scalar(entered.returning(items.c.product)) is None:
            words = Words(f"{said.product} 已是库存货品", f"{said.product} is a stock item already")
            raise Refusal(Code.CONTRADICTION, words, where="product", rule=desk_acts.RULE)


def receive(engine: Engine, said: desk_acts.GoodsCome, by: str, now: datetime, key: str) -> None:
    """Goods come, and go to who waits. The same key again changes nothing."""
    _act(engine, said, said.product, now, key, lambda shelves: desk_acts.receive(shelves, said, by, now))


def count(engine: Engine, said: desk_acts.GoodsCounted, by: str, now: datetime, key: str) -> None:
    """What is there was counted."""
    _act(engine, said, said.product, now, key, lambda shelves: desk_acts.count(shelves, said, by, now))


def correct(engine: Engine, said: desk_acts.GoodsCorrected, by: str, now: datetime, key: str) -> None:
    """What was told wrong is put right."""
    _act(engine, said, said.product, now, key, lambda shelves: desk_acts.correct(shelves, said, by, now))


def put_first(engine: Engine, said: desk_acts.OrderPutFirst, by: str, now: datetime, key: str) -> None:
    """R112: an order that waits comes before others. Raises also Refusal(same_person) for its own salesperson (R106)."""

    def allowed(connection: Connection) -> None:
        orders = table("orders")
        seller = connection.scalar(select(orders.c.salesperson).where(orders.c.number == said.order))
        desk_acts.require_no_own_order(said, by, seller or "")

    _act(
        engine, said, said.product, now, key,
        lambda shelves: desk_acts.put_first(shelves, said, by, now), allowed,
    )  # fmt: skip


def take_back(engine: Engine, said: desk_acts.GoodsBack, by: str, now: datetime, key: str) -> None:
    """Goods came back, into quarantine."""
    _act(engine, said, said.product, now, key, lambda shelves: desk_acts.take_back(shelves, said, by, now))


def inspect(engine: Engine, said: desk_acts.GoodsJudged, by: str, now: datetime, key: str) -> None:
    """Goods in quarantine were inspected."""
    _act(engine, said, said.product, now, key, lambda shelves: desk_acts.inspect(shelves, said, by, now))


def expect(engine: Engine, said: desk_acts.GoodsExpected, by: str, now: datetime, key: str) -> list[str]:
    """R113: purchasing names the day; every order that waits for the goods is told. The orders that are."""
    waiting: list[str] = []

    def named(connection: Connection, shelves: Shelves) -> None:
        waiting.extend(desk_acts.expect(shelves, said, business_date(now)))
        for order in waiting:
            envelope = fact_envelope(
                f"purchase/{key}", "purchase_ordered", lasting(said), by=by, role=Role.PURCHASING,
                happened_at=now, manner=Manner.KEPT,
            )  # fmt: skip
            pending_facts.enter(connection, order, envelope, now, "")

    with writing(engine) as connection:
        if act_once(connection, key, said, now):
            with held_shelves(connection, {said.product}, now) as shelves:
                named(connection, shelves)
    return waiting


def _act(
    engine: Engine,
    said: BaseModel,
    product: str,
    now: datetime,
    key: str,
    act: Callable[[Shelves], None],
    allowed: Callable[[Connection], None] = lambda _: None,
) -> None:
    """Act once on the product's shelf, in one transaction with the question whether this person may."""
    with writing(engine) as connection:
        allowed(connection)
        if act_once(connection, key, said, now):
            with held_shelves(connection, {product}, now) as shelves:
                act(shelves)
