"""R120 to R122: somebody buys in the shop on a phone or at a desk, in either language, from the search to the confirmation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from playwright.async_api import Page
from sqlalchemy import select
from temporalio.client import Client

from activities.access.customer_log_ins import LOG_IN_CODES
from activities.stock import warehouse
from activities.store.database import engine_at, reading
from models.stock import desk_acts
from models.stock.stock_words import StockMove
from models.tables.registry import table
from models.values.vocabulary import Unit
from runtime.link_secret import link_secret
from runtime.settings import Settings
from tests.gateway.test_browser import address, page, picture, pytestmark
from tests.gateway.test_pages import staff
from tests.gateway.test_shop import stocked

__all__ = ["address", "page", "pytestmark", "staff"]
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
PHONE, DESK = (390, 850), (1280, 900)


@dataclass(frozen=True)
class Said:
    """What stands on the buttons and beside the fields in one language."""

    search: str = "搜索"
    quantity: str = "数量"
    put: str = "放入购物车"
    is_put: str = "已放入购物车"
    to_checkout: str = "去结算"
    address: str = "邮箱或手机号"
    send_code: str = "发送验证码"
    code_sent: str = "验证码已发出"
    digits: str = "位数字"
    log_in: str = "登录"
    consignee: str = "收货人"
    phone: str = "电话"
    street: str = "详细地址"
    save: str = "保存地址"
    agree: str = "我已阅读并同意"
    order: str = "提交订单"
    done: str = "下单成功"
    my_orders: str = "我的订单"
    progress: str = "进度、签收、发票"
    product: str = "热敏纸"


ENGLISH = Said(
    "search", "quantity", "put into the cart", "It is in your cart", "to the checkout", "mail address or phone", "send me a code",
    "A code is on its way", "digits", "log in", "consignee", "phone", "address", "save the address", "I have read and agree",
    "order now", "Thank you for your order", "my orders", "progress, receipt, invoice", "thermal paper",
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "said", "size"),
    [
        pytest.param("zh", Said(), PHONE, id="phone-zh"),
        pytest.param("en", ENGLISH, DESK, id="desktop-en"),
        pytest.param("en", ENGLISH, PHONE, id="phone-en", marks=pytest.mark.endurance),
        pytest.param("zh", Said(), DESK, id="desktop-zh", marks=pytest.mark.endurance),
    ],
)
async def test_somebody_buys(
    page: Page,
    address: str,
    staff: Settings,
    temporal_client: Client,
    language: str,
    said: Said,
    size: tuple[int, int],
) -> None:
    engine = engine_at(staff.database_url)
    stocked(engine)
    warehouse.enter_item(engine, desk_acts.NewItem(product="HP-80", unit=Unit.ROLL))
    come = desk_acts.GoodsCome(product="HP-80", quantity=Decimal(60), source=StockMove.OPENING)
    warehouse.receive(engine, come, "store-fan", datetime.now(UTC), "opening")
    width, height = size
    await page.set_viewport_size({"width": width, "height": height})
    await page.goto(f"{address}/shop?language={language}")
    await page.get_by_role("searchbox").fill("remin")
    await page.get_by_role("button", name=said.search).click()
    await page.get_by_role("link", name=said.product).click()
    await page.get_by_role("textbox", name=said.quantity).fill("2")
    await page.get_by_role("button", name=said.put).click()
    await page.get_by_text(said.is_put).wait_for()
    assert await page.evaluate(FITS)
    await page.get_by_role("link", name=said.to_checkout).click()
    await page.get_by_label(said.address).fill("phone@shop.example.com")
    await page.get_by_role("button", name=said.send_code).click()
    await page.get_by_text(said.code_sent).wait_for()
    codes = table("customer_codes")
    with reading(engine) as connection:
        code_id = str(connection.scalar(select(codes.c.code_id)))
    await page.get_by_label(said.digits).fill(LOG_IN_CODES.code(link_secret(staff), code_id))
    await page.get_by_role("button", name=said.log_in, exact=True).click()
    await page.get_by_label(said.consignee).fill("王芳")
    await page.get_by_label(said.phone, exact=True).fill("13812345678")
    await page.get_by_label(said.street, exact=True).fill("深圳市南山区 1 号")
    await page.get_by_role("button", name=said.save).click()
    await page.get_by_label(said.agree).check()
    assert await page.evaluate(FITS)
    if size == PHONE and language == "zh":
        await picture(page, "shop-checkout-phone")
    await page.get_by_role("button", name=said.order).click()
    await page.get_by_text(said.done).first.wait_for()
    assert "¥176.00" in await page.inner_text("main")
    assert await page.evaluate(FITS)
    if size == PHONE and language == "zh":
        await picture(page, "shop-done-phone")
    number = re.findall(r"\d{8}-\d{4,}", await page.inner_text("main"))[0]
    await page.get_by_role("link", name=said.my_orders).first.click()
    await page.get_by_text(number).first.wait_for()
    await page.get_by_role("link", name=said.progress).click()
    await page.get_by_text(number).first.wait_for()
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()
