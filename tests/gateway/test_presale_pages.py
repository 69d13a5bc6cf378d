"""The pages of pre-sale: who sees and does what, forms that say what is wrong, what an order shows (R113, R114)."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from activities.stock import presale, warehouse
from activities.store.database import writing
from models.stock import batch_acts, desk_acts
from models.tables.registry import table
from models.values.fingerprint import lasting
from models.values.vocabulary import Unit
from tests.gateway.test_company_pages import NOW, PEOPLE, House
from tests.gateway.test_stock_pages import READERS, recorded
from tests.models.life import MONDAY, start
from tests.models.presale_life import BATCH, COMES, PresaleLife

ACTS = {
    "receive": ["warehouse", "purchasing"],
    "inspect": ["quality"],
    "date": ["purchasing"],
    "enlarge": ["purchasing", "sales_supervisor", "marketing_director"],
    "complete": ["purchasing"],
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(f"sqlite:///{tmp_path / 'presale.db'}", tmp_path)
    warehouse.enter_item(made.engine, desk_acts.NewItem(product="TP-80", name="热敏纸", unit=Unit.ROLL))
    said = batch_acts.NewBatch(batch=BATCH, product="TP-80", quantity=Decimal(1200), expected=COMES)
    presale.offer_batch(made.engine, said, "is-purchasing", MONDAY)
    return made


def figures(house: House) -> tuple[int, int, int, int]:
    item = presale.batch(house.engine, BATCH)
    assert item is not None
    assert item.batch is not None
    return int(item.available), int(item.reserved), int(item.batch.to_inspect), int(item.batch.there)


@pytest.mark.parametrize("role", PEOPLE)
async def test_each_page_lets_in_whom_it_is_for(house: House, role: str) -> None:
    """R114: who reads stock reads batches; each act is one department's."""
    async with house.as_(f"is-{role}") as somebody:
        for path in ("/presale", "/presale?completed=yes", f"/presale/batch?batch={BATCH}"):
            assert (await somebody.get(path)).status_code == (200 if role in READERS else 403), path
        new = (await somebody.get("/presale/new")).status_code
        assert new == (200 if role in ACTS["enlarge"] else 403)
        for act, may in ACTS.items():
            status = (await somebody.get(f"/presale/act?act={act}&batch={BATCH}")).status_code
            assert status == (200 if role in may else 403), act
            answer = await somebody.sends("/presale/act", act=act, batch=BATCH, once="x")
            assert (answer.status_code == 403) == (role not in may), (act, answer.status_code)


async def test_a_batch_is_offered_received_inspected_and_completed_at_pages(house: House) -> None:
    """R113, R114: each form once, however often it is sent; what is wrong stands at its field."""
    async with house.as_("is-purchasing") as buyer:
        typed = {"batch": "PS-2", "product": "TP-80", "quantity": "500", "payment": "whole"}
        past = await buyer.sends("/presale/new", **typed, expected="2020-01-01")
        assert past.status_code == 422
        assert 'value="500"' in past.text
        day = NOW.date().replace(year=NOW.year + 1).isoformat()
        assert (await buyer.sends("/presale/new", **typed, expected=day)).status_code == 303
        again = await buyer.sends("/presale/new", **typed, expected=day)
        assert "编号 PS-2 已在用" in again.text
        form = (await buyer.get(f"/presale/act?act=receive&batch={BATCH}")).text
        once = re.search(r'name="once" value="(\w+)"', form)
        assert once is not None
        for _ in range(2):
            await buyer.sends("/presale/act", act="receive", batch=BATCH, once=once[1], quantity="３００")
        assert figures(house) == (1200, 0, 300, 0)
        stopped = await buyer.sends("/presale/act", act="complete", batch=BATCH, once="c", sure="false")
        assert "还有 300" in stopped.text
        listed = (await buyer.get("/presale")).text
        assert all(words in listed for words in ("PS-2", BATCH, "付全款", "热敏纸"))
        assert (await buyer.get("/presale/batch?batch=NO")).status_code == 404
        assert (await buyer.get(f"/presale/act?act=burn&batch={BATCH}")).status_code == 404
    async with house.as_("is-quality") as inspector:
        too_many = await inspector.sends("/presale/act", act="inspect", batch=BATCH, once="d", passed="301")
        assert "待检 300" in too_many.text
        await inspector.sends("/presale/act", act="inspect", batch=BATCH, once="e", passed="300")
    assert figures(house) == (1200, 0, 0, 300)


async def test_who_ordered_is_seen_by_who_sees_every_order_and_short_is_asked_back(house: House) -> None:
    """R85, R114"""
    recorded(house, PresaleLife(number="20270301-0009"))
    assert figures(house) == (200, 1000, 0, 0)
    async with house.as_("is-service_clerk") as clerk:
        assert "20270301-0009" in (await clerk.get(f"/presale/batch?batch={BATCH}")).text
    async with house.as_("is-salesperson") as salesperson:
        assert "20270301-0009" not in (await salesperson.get(f"/presale/batch?batch={BATCH}")).text
    async with house.as_("is-purchasing") as buyer:
        typed = {"act": "complete", "batch": BATCH, "once": "f"}
        asked = await buyer.sends("/presale/act", **typed, sure="false")
        assert asked.status_code == 409
        assert "少 1000" in asked.text.replace("1,000", "1000").replace("1000.000", "1000")
        assert (await buyer.sends("/presale/act", **typed, sure="true")).status_code == 303
        assert "已到齐" in (await buyer.get("/presale?completed=yes")).text


async def test_an_order_shows_its_batch_and_what_is_ready(house: House) -> None:
    """R114"""
    number = "20270301-0009"
    recorded(house, PresaleLife(number=number))
    kept = {"request_id": "r", "customer": "K-1", "content_hash": "", "number": number, "placed_at": MONDAY}
    told = lasting(start(number=number, fulfilment="pre_sale"))
    with writing(house.engine) as connection:
        connection.execute(table("requests").insert().values(**kept, space="", start=told))
    async with house.as_("is-service_clerk") as clerk:
        page = (await clerk.get(f"/orders/{number}")).text
        assert f"/presale/batch?batch={BATCH}" in page
        assert "已备好" in page


async def test_a_new_order_says_what_is_on_pre_sale(house: House) -> None:
    """R114: where nothing is on hand, the day of the batch and what can be ordered of it."""
    async with house.as_("is-service_clerk") as clerk:
        typed = {
            "customer": "K-1",
            "lines.0.product": "TP-80",
            "lines.0.quantity": "10",
            "lines.0.unit": "roll",
        }
        page = (await clerk.sends("/orders/new/check", **typed)).text
        assert "预售 2027-03-15 到，还可售 1,200 卷" in page
        assert "pre_sale" in (await clerk.get("/orders/new")).text
