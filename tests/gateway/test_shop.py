"""The shop at the door: everybody looks, an address is an account, what was seen is ordered once (R65, R120 to R122)."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import Engine, func, select, update

from activities.access.customer_log_ins import LOG_IN_CODES
from activities.access.logins import log_in_as, session_of
from activities.shop.products import import_products
from activities.stock import warehouse
from activities.store.database import engine_at, reading, writing
from activities.store.imports import (
    CustomerRow,
    PriceRow,
    StaffRow,
    import_customers,
    import_prices,
    import_staff,
)
from models.shop.catalogue import ProductRow, SoldAs
from models.stock import desk_acts
from models.stock.stock_words import StockMove
from models.tables.registry import table
from models.values.vocabulary import Headline, Role, Unit
from runtime.link_secret import link_secret
from runtime.settings import Settings
from tests.gateway.conftest import caller, own_key
from tests.gateway.test_signing import Clock

MAIL = "buyer@shop.example.com"
PLACE = {"consignee": "王芳", "phone": "13812345678", "address": "深圳市南山区 1 号"}


def stocked(engine: Engine, price: str = "80.00") -> None:
    """Rolls of 80.00 and 3.2 kg, sixty of them; cartons made to order."""
    since = date(2026, 1, 1)
    rolls = {
        "product": "HP-80",
        "name": "热敏纸",
        "specification": "80mm × 80m",
        "unit": Unit.ROLL,
        "unit_price": price,
    }
    cartons = {"product": "BX/1", "name": "<b>纸箱</b>", "unit": Unit.PIECE, "unit_price": "2.50"}
    import_prices(engine, [PriceRow(**each, valid_from=since) for each in (rolls, cartons)])  # type: ignore[arg-type]
    about_rolls = {
        "name_en": "thermal paper", "weight": "3.2", "samples": True, "categories": ("纸/热敏",), "breaks": ("10=75.00",),
        "description_zh": "<script>alert(1)</script>",
    }  # fmt: skip
    about_cartons = {"sold_as": SoldAs.MADE_TO_ORDER, "days": 5, "categories": ("箱",)}
    rows = [{"product": "HP-80", **about_rolls}, {"product": "BX/1", **about_cartons}]
    import_products(engine, [ProductRow.model_validate(each) for each in rows])


@dataclass
class Shopping:
    """A browser in the shop. The server is away: what is ordered begins later."""

    client: httpx.AsyncClient
    settings: Settings
    clock: Clock = field(default_factory=Clock)

    @property
    def engine(self) -> Engine:
        return engine_at(self.settings.database_url)

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def send(self, path: str, **form: str) -> httpx.Response:
        return await self.client.post(path, data=form)

    async def put(self, product: str = "HP-80", quantity: str = "2", **form: str) -> httpx.Response:
        return await self.send("/shop/cart/put", product=product, quantity=quantity, **form)

    def code(self) -> str:
        codes = table("customer_codes")
        with reading(self.engine) as connection:
            newest = connection.scalars(select(codes.c.code_id).order_by(codes.c.made_at.desc())).first()
        return LOG_IN_CODES.code(link_secret(self.settings), str(newest))

    async def comes(self, address: str = MAIL) -> httpx.Response:
        await self.send("/shop/login", address=address)
        return await self.send("/shop/login/code", address=address, code=self.code())

    async def checkout(self, **changes: str) -> tuple[dict[str, str], httpx.Response]:
        """What stands in the form of the checkout, sent with these changes."""
        page = (await self.get("/shop/checkout")).text
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        form |= {"agreed": "yes"} | changes
        return form, await self.send("/shop/checkout", **form)

    def count(self, name: str) -> int:
        with reading(self.engine) as connection:
            return connection.scalar(select(func.count()).select_from(table(name))) or 0


@pytest.fixture
async def shopping(door: FastAPI, prepared: Settings) -> AsyncIterator[Shopping]:
    clock = Clock()
    door.state.door.now = clock
    door.state.door._away_until = float("inf")
    engine = engine_at(prepared.database_url)
    stocked(engine)
    warehouse.enter_item(engine, desk_acts.NewItem(product="HP-80", unit=Unit.ROLL))
    said = desk_acts.GoodsCome(product="HP-80", quantity=Decimal(60), source=StockMove.OPENING)
    warehouse.receive(engine, said, "store-fan", datetime.now(UTC), "opening")
    async with caller(door, Accept="text/html") as client:
        yield Shopping(client, prepared, clock)


async def test_everybody_looks_searches_and_compares(shopping: Shopping) -> None:
    listed = await shopping.get("/shop")
    assert listed.status_code == 200
    assert "default-src 'self'" in listed.headers["content-security-policy"]
    assert "现货" in listed.text
    assert "&lt;b&gt;纸箱" in listed.text
    for typed in ("HP-80", "热敏", "remin", "rmz", "thermal"):
        found = (await shopping.get(f"/shop?q={typed}")).text
        assert ("/shop/p/HP-80" in found, "/shop/p/BX/1" in found) == (True, False), typed
    assert "/shop/p/HP-80" not in (await shopping.get("/shop?category=箱")).text
    english = (await shopping.get("/shop/p/HP-80?language=en")).text
    assert "thermal paper" in english
    assert "<script>alert" not in english
    assert "75.00" in english
    assert (await shopping.get("/shop/p/BX/1")).status_code == 200
    assert (await shopping.get("/shop/p/NONE")).status_code == 404
    assert (await shopping.get("/shop/compare?product=HP-80&product=BX/1&product=NONE")).status_code == 200
    many = "&".join(f"product={each}" for each in "ABCDE")
    assert (await shopping.get(f"/shop/compare?{many}")).status_code in (409, 413, 422)
    assert (await shopping.get("/shop/pictures/" + "0" * 64)).status_code == 404
    assert (await shopping.get("/shop?page=999999&q=%25")).status_code == 200


async def test_a_visitor_collects_logs_in_and_buys_once(shopping: Shopping) -> None:
    assert (await shopping.put()).status_code == 303
    cart = (await shopping.get("/shop/cart")).text
    assert "¥176.00" in cart
    away = await shopping.get("/shop/checkout")
    assert away.headers["location"] == "/shop/login?next=%2Fshop%2Fcheckout"
    came = await shopping.send("/shop/login", address=MAIL, next="/shop/checkout")
    assert "验证码已发出" in came.text
    came = await shopping.send("/shop/login/code", address=MAIL, code=shopping.code(), next="/shop/checkout")
    assert came.headers["location"] == "/shop/checkout"
    assert "请先填写收货地址" in (await shopping.get("/shop/checkout")).text
    saved = await shopping.send("/shop/account/address", **PLACE, after="checkout")
    assert saved.headers["location"] == "/shop/checkout"
    form, sent = await shopping.checkout()
    assert form["seen_total"] == "176.00"
    assert sent.status_code == 303
    again = await shopping.send("/shop/checkout", **form)
    assert again.headers["location"] == sent.headers["location"]
    assert shopping.count("orders") == 1
    done = (await shopping.get(f"/shop/done/{form['checkout']}")).text
    assert "请在 24 小时内付款" in done
    number = re.findall(r"/c/orders/(\d{8}-\d+)", done)[0]
    for part in (number, "热敏纸", "深圳市南山区", "¥16.00", "¥176.00", "预计"):
        assert part in done, part
    listed = (await shopping.get("/shop/orders")).text
    assert number in listed
    assert (await shopping.get(f"/c/orders/{number}")).status_code == 200
    assert "取消订单" in listed
    cancelled = await shopping.send(f"/shop/orders/{number}/cancel")
    assert cancelled.headers["location"] == "/shop/orders?said=cancelled"
    # it still takes late money for a while: nothing is due of it, and it is not cancelled once more
    with writing(shopping.engine) as connection:
        connection.execute(
            update(table("orders")).values(headline=Headline.CANCELLED.value, open_balance=Decimal("176.00"))
        )
    listed = (await shopping.get("/shop/orders")).text
    assert "已取消" in listed
    for gone in ("取消订单", "未付"):
        assert gone not in listed, gone
    inbox = table("inbox")
    with reading(shopping.engine) as connection:
        (told,) = connection.scalars(select(inbox.c.envelope)).all()
    assert (told["kind"], told["role"]) == ("cancellation_requested", "customer")
    assert told["by"].startswith("customer:C"), told["by"]
    assert (await shopping.send(f"/shop/orders/{number}/again")).headers["location"] == "/shop/cart"
    assert "¥176.00" in (await shopping.get("/shop/cart")).text
    # another customer finds nothing of it
    await shopping.send("/shop/logout")
    shopping.clock.later(minutes=2)
    await shopping.comes("other@else.example.com")
    for path in (f"/shop/done/{form['checkout']}", f"/c/orders/{number}"):
        assert (await shopping.get(path)).status_code == 404, path
    for act in ("again", "cancel"):
        assert (await shopping.send(f"/shop/orders/{number}/{act}")).status_code == 404, act
    assert number not in (await shopping.get("/shop/orders")).text


async def ready(shopping: Shopping) -> None:
    await shopping.put()
    await shopping.comes()
    await shopping.send("/shop/account/address", **PLACE)


async def test_another_price_orders_nothing_and_names_both_figures(shopping: Shopping) -> None:
    await ready(shopping)
    page = (await shopping.get("/shop/checkout")).text
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)) | {"agreed": "yes"}
    stocked(shopping.engine, "82.00")
    refused = await shopping.send("/shop/checkout", **form)
    assert refused.status_code == 409
    assert "176.00" in refused.text
    assert "180.00" in refused.text
    assert shopping.count("orders") == 0
    assert (await shopping.get("/shop/checkout")).headers["location"] == "/shop/cart", (
        "dearer is acknowledged first"
    )
    assert "已涨价" in (await shopping.get("/shop/cart")).text
    await shopping.send("/shop/cart/acknowledge")
    _, sent = await shopping.checkout()
    assert sent.status_code == 303
    assert shopping.count("orders") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"seen_total": "1.00"}, {"seen_total": "-176.00"}, {"seen_total": "x"}, {"cart_version": "99"}, {"cart_version": "x"},
        {"agreed": ""}, {"terms_version": "old"}, {"address": "0" * 16}, {"checkout": "x"}, {"method": "freight"},
        {"method": "<script>"},
    ],
)  # fmt: skip
async def test_a_form_that_was_changed_orders_nothing(shopping: Shopping, changes: dict[str, str]) -> None:
    await ready(shopping)
    _, refused = await shopping.checkout(**changes)
    assert 400 <= refused.status_code < 500, refused.status_code
    assert 'role="alert"' in refused.text
    assert "<script>" not in refused.text
    assert shopping.count("orders") == 0


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        ("-1", "数量"), ("0", "大于零"), ("1.5", "整数"), ("10000", "只有 60"), ("1e9", "数量"), ("abc", "数量"),
        ("999999999999", "数量"),
    ],
)  # fmt: skip
async def test_a_quantity_that_nobody_sells_is_said_on_the_page(
    shopping: Shopping, quantity: str, words: str
) -> None:
    refused = await shopping.put(quantity=quantity)
    assert 400 <= refused.status_code < 500
    assert words in refused.text
    assert shopping.count("cart_lines") == 0


async def test_prices_in_a_form_and_forged_carts_count_for_nothing(shopping: Shopping) -> None:
    await shopping.put(unit_price="0.01", price="0.01")
    assert "¥176.00" in (await shopping.get("/shop/cart")).text
    cookie = shopping.client.cookies["cart"]
    cart = cookie.partition(".")[0]
    shopping.client.cookies.clear()
    shopping.client.cookies.set("cart", f"{cart}.{'0' * 32}")
    assert "购物车是空的" in (await shopping.get("/shop/cart")).text
    assert (await shopping.send("/shop/cart/change", product="HP-80", remove="yes")).status_code == 303
    assert shopping.count("cart_lines") == 1, "nobody else's cart is changed"


async def test_robots_make_no_endless_carts(shopping: Shopping) -> None:
    found = []
    for _ in range(25):
        shopping.client.cookies.clear()
        found.append((await shopping.put()).status_code)
    assert 429 in found
    assert shopping.count("carts") <= 20


async def test_nothing_says_whether_an_address_is_known(shopping: Shopping) -> None:
    import_customers(
        shopping.engine, [CustomerRow(customer="K-9", name="老客户", email="known@old.example.com")]
    )
    answers = []
    for address in ("known@old.example.com", "new@new.example.com"):
        asked = await shopping.send("/shop/login", address=address)
        wrong = await shopping.send("/shop/login/code", address=address, code="000000")
        answers.append([(each.status_code, each.text.replace(address, "A")) for each in (asked, wrong)])
    assert answers[0] == answers[1]
    assert [status for status, _ in answers[0]] == [200, 409]
    shopping.clock.later(minutes=2)
    await shopping.comes("known@old.example.com")
    assert "老客户" in (await shopping.get("/shop/account")).text, "who is on file comes into that account"


async def test_people_of_one_account(shopping: Shopping) -> None:
    await ready(shopping)
    added = await shopping.send(
        "/shop/account/member", address="viewer@shop.example.com", name="小王", right="viewer"
    )
    assert added.status_code == 303
    await shopping.send("/shop/account/invoice", title="红枫", tax_number="91440300", kind="special")
    assert "91440300" in (await shopping.get("/shop/account")).text
    assert (await shopping.send("/shop/account/member", address="x", right="buyer")).status_code in (400, 422)
    await shopping.send("/shop/logout")
    shopping.clock.later(minutes=2)
    await shopping.comes("viewer@shop.example.com")
    assert "¥176.00" in (await shopping.get("/shop/cart")).text, "one cart for the account"
    for path, form in (
        ("/shop/cart/put", {"product": "HP-80", "quantity": "1"}),
        ("/shop/account/address", PLACE),
        ("/shop/account/member", {"address": "y@y.cn", "right": "owner"}),
        ("/shop/checkout", {"checkout": "a" * 32}),
    ):
        assert (await shopping.send(path, **form)).status_code in (403, 422), path
    assert (await shopping.get("/shop/checkout")).status_code == 403
    assert shopping.count("orders") == 0


# --- the house's side ----------------------------------------------------------------------------------------------


@pytest.fixture
async def staff_of_prices(door: FastAPI, shopping: Shopping) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """Somebody who keeps prices, logged in, and the token of their forms."""
    import_staff(shopping.engine, [StaffRow(person="zhao", name="赵", roles=(Role.MARKETING_DIRECTOR,))])
    token = log_in_as(shopping.engine, "zhao", shopping.clock(), "here")
    async with caller(door, Accept="text/html") as client:
        client.cookies.set("session", token)
        yield client, session_of(shopping.engine, token, shopping.clock()).form_token


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2400, 1600), "red").save(out, "PNG")
    return out.getvalue()


async def test_a_picture_is_drawn_anew_and_only_pictures_of_shown_products_are_served(
    door: FastAPI, shopping: Shopping, staff_of_prices: Any
) -> None:
    keeper, token = staff_of_prices
    form = {"form_token": token, "product": "HP-80"}
    bad = await keeper.post(
        "/company/product/picture", data=form, files={"picture": ("a.png", b"<svg onload=1>", "image/png")}
    )
    assert bad.status_code in (409, 422)
    assert "不是能读的图片" in bad.text
    good = await keeper.post(
        "/company/product/picture", data=form, files={"picture": ("a.png", picture(), "image/png")}
    )
    assert good.status_code == 303
    document = re.findall(r"/shop/pictures/([0-9a-f]{64})", (await shopping.get("/shop/p/HP-80")).text)[0]
    served = await shopping.get(f"/shop/pictures/{document}")
    assert served.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(served.content)) as opened:
        assert max(opened.size) == 1200
    import_products(shopping.engine, [ProductRow(product="HP-80", shown=False)])
    assert (await shopping.get(f"/shop/pictures/{document}")).status_code == 404


async def test_the_catalogue_is_kept_on_pages(shopping: Shopping, staff_of_prices: Any) -> None:
    keeper, token = staff_of_prices
    listed = (await keeper.get("/company/products")).text
    assert "HP-80" in listed
    assert "/company/product/new?product=TP-80" in listed, "of the price list and not in the shop yet"
    form = {
        "form_token": token, "product": "TP-80", "sold_as": "stock", "samples": "true", "shown": "true", "days": "",
        "weight": "1.5", "most": "", "breaks": "10 = 90\n100=80", "categories": "纸/白", "description_zh": "好",
        "description_en": "", "name_en": "white",
    }  # fmt: skip
    entered = await keeper.post("/company/product/new", data=form)
    assert entered.status_code == 303, entered.text
    page = (await keeper.get("/company/product?product=TP-80")).text
    assert "10=90.00" in page
    wrong = await keeper.post("/company/product/new", data=form | {"product": "NONE"})
    assert "不在价目表中" in wrong.text
    bad = await keeper.post("/company/product/edit", data=form | {"breaks": "x", "seen": "9999"})
    assert bad.status_code in (400, 422)
    stale = await keeper.post("/company/product/edit", data=form | {"name_en": "whiter", "seen": "0"})
    assert stale.status_code == 409
    changed = await keeper.post("/company/product/edit", data=form | {"name_en": "whiter", "seen": "9999"})
    assert changed.status_code == 303
    assert "whiter" in (await shopping.get("/shop/p/TP-80?language=en")).text


async def test_the_catalogue_by_programs(door: FastAPI, shopping: Shopping, prepared: Settings) -> None:
    async with caller(door, own_key(prepared, "director", Role.MARKETING_DIRECTOR)) as client:
        found = (await client.get("/v1/products?q=rmz")).json()
        assert [(each["product"], each["available"], len(each["prices"])) for each in found] == [
            ("HP-80", "60.000", 2)
        ]
        kept = await client.post("/v1/products", json={"product": "TP-80", "weight": "2"})
        assert (kept.status_code, kept.json()) == (200, {"product": "TP-80"})
        assert (await client.post("/v1/products", json={"product": "NONE"})).status_code in (404, 422)
    async with caller(door, own_key(prepared, "clerk", Role.SERVICE_CLERK)) as client:
        assert (await client.post("/v1/products", json={"product": "TP-80"})).status_code == 403
