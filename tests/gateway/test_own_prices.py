"""Prices that customers have for themselves, on pages: who keeps them, bad input, two people at once, what is kept (R120)."""

from __future__ import annotations

import html
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from activities.company.own_prices import keep_new_own_price
from activities.shop.offers import shop_offers
from activities.shop.products import import_products
from activities.store import imports
from activities.store.company_changes import Teller, changes_of
from activities.store.database import engine_at, reading, upgrade
from models.company.record_changes import ChangeWay, RecordKind
from models.shop.catalogue import OwnPriceRow, ProductRow
from models.tables.registry import table
from models.values.errors import Code, Refusal
from tests.gateway.test_company_pages import PEOPLE, House, Visitor, fields_in, house

__all__ = ["house"]
LIST, ONE = "/company/own-prices", "/company/own-price"
KEY = {"customer": "K-1", "product": "TP-80"}
OF_KEY = f"{ONE}?customer=K-1&product=TP-80"
EDIT = f"{ONE}/edit?customer=K-1&product=TP-80"
KEEPERS = ["sales_supervisor", "marketing_director"]


def rows(engine: Engine) -> list[tuple[str, str, Decimal]]:
    own = table("own_prices")
    with reading(engine) as connection:
        return [(row.customer, row.product, row.unit_price) for row in connection.execute(own.select())]


async def given(keeper: Visitor, price: str = "4.50", **changes: str) -> Any:
    return await keeper.sends(f"{ONE}/new", **(KEY | {"unit_price": price} | changes))


async def test_everybody_of_the_house_reads_and_two_keep_them(house: House) -> None:
    """By hand: prices are the director's and the sales supervisor's (R20)."""
    async with house.as_("wu") as wu:
        assert (await given(wu)).status_code == 303
    for role in PEOPLE:
        async with house.as_(f"is-{role}") as somebody:
            assert (await somebody.get(LIST)).status_code == 200, role
            page = await somebody.reads(OF_KEY)
            assert ("结束专价" in page) == (role in KEEPERS), role
            for path in (f"{ONE}/new", EDIT):
                status = (await somebody.get(path)).status_code
                assert status == (200 if role in KEEPERS else 403), (path, role)
            if role in KEEPERS:
                continue
            for act in ("new", "edit", "end"):
                refused = await somebody.sends(f"{ONE}/{act}", **KEY, unit_price="0.01", seen="99")
                assert refused.status_code == 403, (act, role)
    assert rows(house.engine) == [("K-1", "TP-80", Decimal("4.50"))]


async def test_a_form_of_somebody_else_changes_nothing(house: House) -> None:
    async with house.as_("wu") as wu:
        wu.form_token = "of-another-page"
        assert (await given(wu)).status_code == 403
    assert rows(house.engine) == []


async def test_it_is_given_changed_and_ended_with_who_did_what(house: House) -> None:
    import_products(house.engine, [ProductRow(product="TP-80")])
    async with house.as_("wu") as wu:
        done = await given(wu)
        assert done.headers["location"] == f"{OF_KEY}&said=entered"
        page = await wu.reads(LIST)
        for said in ("红枫包装", "K-1", "热敏纸", "TP-80", "¥4.50 / 卷", "¥5.00"):
            assert said in page, said
        assert shop_offers(house.engine, date(2027, 3, 20), "K-1")["TP-80"].own_price == Decimal("4.50")
        assert shop_offers(house.engine, date(2027, 3, 20), "K-2")["TP-80"].own_price is None
        form = await wu.seen(EDIT)
        assert form["unit_price"] == "4.50"
        assert (await wu.sends(f"{ONE}/edit", **form | {"unit_price": "4.2"})).status_code == 303
        assert rows(house.engine) == [("K-1", "TP-80", Decimal("4.20"))]
        seen = (await wu.seen(OF_KEY))["seen"]
        ended = await wu.sends(f"{ONE}/end", **KEY, seen=seen)
        assert ended.headers["location"] == f"{LIST}?q=K-1&said=price_ended"
        assert rows(house.engine) == []
        assert (await wu.get(OF_KEY)).status_code == 404
    told = changes_of(house.engine, RecordKind.OWN_PRICE, "K-1 TP-80")
    assert [(each.person, each.way) for each in told] == [("wu", ChangeWay.PAGE)] * 3
    async with house.as_("is-marketing_director") as zhao:
        assert "4.20" in await zhao.reads("/company/changes"), "what was ended is remembered"


@pytest.mark.parametrize(
    ("changes", "status", "field", "words"),
    [
        ({"unit_price": ""}, 422, "unit_price", "单价（unit_price）"),
        ({"unit_price": "0"}, 422, "unit_price", "单价（unit_price）"),
        ({"unit_price": "-4"}, 422, "unit_price", "单价（unit_price）"),
        ({"unit_price": "四块五"}, 422, "unit_price", "单价（unit_price）"),
        ({"unit_price": "4.1234567"}, 422, "unit_price", "单价（unit_price）"),
        ({"unit_price": "1e99"}, 422, "unit_price", "单价（unit_price）"),
        ({"customer": ""}, 400, "customer", "客户"),
        ({"customer": "K-99"}, 404, "customer", "客户 K-99 不在客户档案中"),
        ({"product": ""}, 400, "product", "产品"),
        ({"product": "NONE"}, 404, "product", "NONE"),
        ({"product": "<script>alert(1)</script>"}, 404, "product", "script"),
    ],
)  # fmt: skip
async def test_what_is_wrong_stands_on_the_form_beside_its_field(
    house: House, changes: dict[str, str], status: int, field: str, words: str
) -> None:
    async with house.as_("wu") as wu:
        refused = await given(wu, **changes)
    text = html.unescape(refused.text)
    assert refused.status_code == status
    alert = text.partition('role="alert">')[2].partition("</p>")[0]
    assert words in alert, alert
    marked = refused.text.partition('<label class="wrong">')[2].partition("</label>")[0]
    assert f'name="{field}"' in marked, "the field itself is marked"
    typed = {**KEY, "unit_price": "4.50"} | changes
    assert {name: fields_in(refused.text)[name] for name in typed} == typed, "what was typed is still there"
    assert "<script>alert" not in refused.text
    assert rows(house.engine) == []


async def test_a_second_price_of_the_same_is_refused_and_names_the_first(house: House) -> None:
    async with house.as_("wu") as wu:
        await given(wu)
        again = await given(wu, "4.00")
    assert again.status_code == 409
    assert "已经存在" in again.text
    assert rows(house.engine) == [("K-1", "TP-80", Decimal("4.50"))]


async def test_the_second_of_two_sees_what_the_first_did(house: House) -> None:
    async with house.as_("wu") as wu, house.as_("is-marketing_director") as zhao:
        await given(wu)
        first, second = await wu.seen(EDIT), await zhao.seen(EDIT)
        assert (await wu.sends(f"{ONE}/edit", **first | {"unit_price": "4.40"})).status_code == 303
        late = await zhao.sends(f"{ONE}/edit", **second | {"unit_price": "4.30"})
        assert late.status_code == 409
        text = html.unescape(late.text)
        assert "wu名" in text
        assert "<strong>4.40</strong>" in text
        assert rows(house.engine) == [("K-1", "TP-80", Decimal("4.40"))]
        old_seen = second["seen"]
        refused = await zhao.sends(f"{ONE}/end", **KEY, seen=old_seen)
        assert refused.status_code == 409, "nobody ends what they have not seen"
        again = fields_in(late.text)
        assert again["unit_price"] == "4.30", "what was typed is still there"
        assert (await zhao.sends(f"{ONE}/edit", **second | again)).status_code == 303
    assert rows(house.engine) == [("K-1", "TP-80", Decimal("4.30"))]


async def test_what_is_gone_is_not_changed(house: House) -> None:
    async with house.as_("wu") as wu, house.as_("is-marketing_director") as zhao:
        await given(wu)
        form = await wu.seen(EDIT)
        await zhao.sends(f"{ONE}/end", **KEY, seen=form["seen"])
        for act in ("edit", "end"):
            gone = await wu.sends(f"{ONE}/{act}", **form)
            assert gone.status_code == 404, act
    assert rows(house.engine) == []


async def test_the_list_is_searched_and_comes_in_pages(house: House) -> None:
    many = [imports.CustomerRow(customer=f"M-{n:03}", name=f"客户{n}") for n in range(120)]
    imports.import_customers(house.engine, many)
    teller = Teller("wu", ChangeWay.PAGE, datetime(2027, 3, 20, tzinfo=UTC))
    for each in many:
        price = OwnPriceRow(customer=each.customer, product="TP-80", unit_price=Decimal("4.00"))
        keep_new_own_price(house.engine, price, teller)
    async with house.as_("wu") as wu:
        first = await wu.reads(LIST)
        assert "客户99 " in first
        assert "客户100 " not in first
        second = await wu.reads(f"{LIST}?after=M-099&then=TP-80")
        assert "客户119 " in second
        assert "客户99 " not in second
        found = await wu.reads(f"{LIST}?q=客户7")
        assert "M-070" in found
        assert "M-069" not in found
        for odd in ("%25", "_", "'", "<script>", "x" * 300):
            assert (await wu.get(f"{LIST}?q={odd}")).status_code == 200, odd


def test_two_who_give_one_at_the_same_instant_leave_one(database_url: str, tmp_path: Path) -> None:
    """Whoever is second is told so, and nothing breaks."""
    house = House(database_url, tmp_path)
    engine = engine_at(database_url)

    def give(number: int) -> Code | None:
        row = OwnPriceRow(customer="K-1", product="TP-80", unit_price=Decimal(number))
        try:
            keep_new_own_price(engine, row, Teller(f"p{number}", ChangeWay.PAGE, datetime.now(UTC)))
        except Refusal as refusal:
            return refusal.code
        return None

    upgrade(database_url)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(give, range(1, 9)))
    assert sorted(found, key=str) == [None, *[Code.REQUEST_CONFLICT] * 7]
    assert len(rows(house.engine)) == 1
    assert len(changes_of(engine, RecordKind.OWN_PRICE, "K-1 TP-80")) == 1
