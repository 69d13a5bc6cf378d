"""Stock at the desk: who is let in where, written by hand; what is done there, once; and what an order shows of it (R110 to R113)."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from activities.orders.recording.recorder import Recorder
from activities.stock import stock_lists, warehouse
from activities.store.database import writing
from models.dossier.journal import FIRST_LINK, EntryKind
from models.dossier.records.recording import Burst
from models.dossier.records.shared_books import SharedBook, SharedQuestion
from models.order.order import Order
from models.order.projection import rows_of
from models.stock import desk_acts
from models.stock.stock_words import StockMove
from models.tables.registry import table
from models.values.fingerprint import lasting
from models.values.vocabulary import Unit
from tests.gateway.test_company_pages import NOW, PEOPLE, SEES_ALL, House
from tests.models.life import MONDAY, start
from tests.models.stock_life import StockLife

READERS = [*SEES_ALL, "salesperson"]
ACTS = {
    "receive": ["warehouse", "purchasing"],
    "count": ["warehouse", "material_controller"],
    "correct": ["warehouse", "material_controller"],
    "take_back": ["warehouse"],
    "inspect": ["quality"],
    "expect": ["purchasing"],
    "put_first": ["sales_supervisor", "service_supervisor"],
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(f"sqlite:///{tmp_path / 'stock.db'}", tmp_path)
    warehouse.enter_item(made.engine, desk_acts.NewItem(product="TP-80", name="热敏纸", unit=Unit.ROLL))
    said = desk_acts.GoodsCome(product="TP-80", quantity=Decimal(1200), source=StockMove.OPENING)
    warehouse.receive(made.engine, said, "is-warehouse", NOW, "opening")
    return made


@pytest.fixture
def ordered(house: House) -> House:
    """With an order that has 1,000 of it."""
    return recorded(house, StockLife(number="20270301-0009"))


def recorded(house: House, life: StockLife) -> House:
    """With this order on record."""
    order = life.order
    Recorder(house.engine).record(
        Burst(
            order=order.number, epoch=0, after_sequence=0, after_hash=FIRST_LINK, entries=order.unsaved,
            rows=rows_of(order), intentions=order.unsent, questions=_asked(order),
        )
    )  # fmt: skip
    return house


def _asked(order: Order) -> list[SharedQuestion]:
    """What the order asked of its book in memory, to be asked of this one."""
    return [
        SharedQuestion(
            key=entry.subject,
            book=SharedBook.STOCK,
            asked_at=NOW,
            sequence=entry.sequence,
            content=entry.data["content"],
        )
        for entry in order.unsaved
        if entry.kind is EntryKind.BOOK_ASKED
    ]


def figures(house: House) -> tuple[int, int, int]:
    item = stock_lists.stock_item(house.engine, "TP-80")
    assert item is not None
    return int(item.on_hand), int(item.reserved), int(item.quarantined)


@pytest.mark.parametrize("role", PEOPLE)
async def test_each_page_lets_in_whom_it_is_for(house: House, role: str) -> None:
    async with house.as_(f"is-{role}") as somebody:
        for path in ("/stock", "/stock?q=热敏", "/stock/item?product=TP-80"):
            assert (await somebody.get(path)).status_code == (200 if role in READERS else 403), path
        new = (await somebody.get("/stock/new")).status_code
        assert new == (200 if role in ACTS["receive"] else 403)
        for act, may in ACTS.items():
            status = (await somebody.get(f"/stock/act?act={act}&product=TP-80")).status_code
            assert status == (200 if role in may else 403), act
            answer = await somebody.sends("/stock/act", act=act, product="TP-80", once="x")
            assert (answer.status_code == 403) == (role not in may), (act, answer.status_code)


async def test_goods_come_once_however_often_the_form_is_sent(house: House) -> None:
    """R110"""
    async with house.as_("is-warehouse") as keeper:
        form = (await keeper.get("/stock/act?act=receive&product=TP-80")).text
        once = re.search(r'name="once" value="(\w+)"', form)
        assert once is not None
        for _ in range(2):
            answer = await keeper.sends(
                "/stock/act", act="receive", product="TP-80", once=once[1], quantity="３０", source="purchase",
                lot="L-1", reference="CG-1",
            )  # fmt: skip
            assert answer.status_code == 303
        assert figures(house) == (1230, 0, 0)
        other = await keeper.sends(
            "/stock/act", act="receive", product="TP-80", once=once[1], quantity="50", source="purchase",
            lot="L-1", reference="CG-1",
        )  # fmt: skip
        assert "内容不同" in other.text
        assert figures(house) == (1230, 0, 0)
        for quantity in ("1", "2"):  # a form without its number is each time another
            await keeper.sends("/stock/act", act="receive", product="TP-80", quantity=quantity, source="purchase", lot="L-2",
                               reference="CG-2", once="")  # fmt: skip
        assert figures(house) == (1233, 0, 0)
        page = (await keeper.get("/stock/item?product=TP-80&said=done")).text
        assert all(words in page for words in ("采购入库", "L-1", "CG-1", "1,233"))


async def test_a_count_below_what_is_reserved_is_asked_back_on_the_form(ordered: House) -> None:
    """R110: nothing changes before it is meant; what was typed stands there still."""
    assert figures(ordered) == (1200, 1000, 0)
    async with ordered.as_("is-warehouse") as keeper:
        typed = {"act": "count", "product": "TP-80", "once": "a", "counted": "900", "reason": "月末盘点"}
        asked = await keeper.sends("/stock/act", **typed, sure="false")
        assert asked.status_code == 409
        assert "20270301-0009" in asked.text
        assert 'value="900"' in asked.text
        assert figures(ordered) == (1200, 1000, 0)
        assert (await keeper.sends("/stock/act", **typed, sure="true")).status_code == 303
        assert figures(ordered) == (900, 900, 0)


async def test_a_wrong_figure_says_so_at_its_field(house: House) -> None:
    """R110"""
    async with house.as_("is-quality") as inspector:
        answer = await inspector.sends("/stock/act", act="inspect", product="TP-80", once="b", passed="5")
        assert answer.status_code == 422
        assert "待检 0" in answer.text
    async with house.as_("is-warehouse") as keeper:
        assert (await keeper.get("/stock/item?product=X")).status_code == 404
        assert (await keeper.get("/stock/act?act=burn&product=TP-80")).status_code == 404
        again = await keeper.sends("/stock/new", product="TP-80", unit="roll")
        assert "已是库存货品" in again.text


async def test_who_has_what_is_seen_by_who_sees_every_order(ordered: House) -> None:
    """R85: a salesperson sees the figures, and no other's orders."""
    async with ordered.as_("is-service_clerk") as clerk:
        assert "20270301-0009" in (await clerk.get("/stock/item?product=TP-80")).text
    async with ordered.as_("is-salesperson") as salesperson:
        page = (await salesperson.get("/stock/item?product=TP-80")).text
        assert "20270301-0009" not in page
        assert "1,000" in page


async def test_an_order_shows_what_it_has_reserved(ordered: House) -> None:
    """R110"""
    number = "20270301-0009"
    kept = {"request_id": "r", "customer": "K-1", "content_hash": "", "number": number, "placed_at": MONDAY}
    told = lasting(start(number=number, fulfilment="from_stock"))
    with writing(ordered.engine) as connection:
        connection.execute(table("requests").insert().values(**kept, space="", start=told))
    async with ordered.as_("is-service_clerk") as clerk:
        page = (await clerk.get("/orders/20270301-0009")).text
        assert "库存预留" in page
        assert "暂留" in page


async def test_a_new_order_offers_stock_where_there_is_any(house: House) -> None:
    """R110: beside the line what could be promised; beside the way of fulfilling that it may be from stock."""
    async with house.as_("is-service_clerk") as clerk:
        typed = {
            "customer": "K-1",
            "lines.0.product": "TP-80",
            "lines.0.quantity": "10",
            "lines.0.unit": "roll",
        }
        page = (await clerk.sends("/orders/new/check", **typed)).text
        assert "现货可供 1,200 卷" in page
        page = (await clerk.get("/orders/new")).text
        assert '<select name="fulfilment"' in page
        assert "from_stock" in page


async def test_picking_is_a_tile_on_the_floor(house: House) -> None:
    """R63: the warehouse's own, with the button that says that all of it is there and good."""
    recorded(house, StockLife(number="20270301-0009").firm().released())
    async with house.as_("is-warehouse") as keeper:
        page = (await keeper.get("/floor")).text
        assert "拣货并核对数量和质量" in page
        assert 'name="quality_good"' in page
    async with house.as_("is-quality") as other:
        assert "拣货并核对数量和质量" not in (await other.get("/floor")).text
