"""R120 to R122: people buy in the shop, from the search to the confirmation, on a phone and a desktop, in both languages."""

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


DESKTOP, PHONE = (1200, 850), (390, 850)
ZH, EN = "zh", "en"


@dataclass(frozen=True)
class Shopping:
    """One who buys: with which screen, in which language."""

    screen: tuple[int, int]
    language: str

    @property
    def name(self) -> str:
        """How pictures of it are called."""
        return f"{'phone' if self.screen == PHONE else 'desktop'}-{self.language}"

    def say(self, zh: str, en: str) -> str:
        """What stands on the page in this language."""
        return zh if self.language == ZH else en


async def test_somebody_buys_on_a_phone_and_in_english_on_a_desktop(
    page: Page, address: str, staff: Settings, temporal_client: Client
) -> None:
    stock(staff)
    for who in (Shopping(PHONE, ZH), Shopping(DESKTOP, EN)):
        await buys(page, address, staff, temporal_client, who)


@pytest.mark.endurance
async def test_somebody_buys_on_a_desktop_and_in_english_on_a_phone(
    page: Page, address: str, staff: Settings, temporal_client: Client
) -> None:
    stock(staff)
    for who in (Shopping(DESKTOP, ZH), Shopping(PHONE, EN)):
        await buys(page, address, staff, temporal_client, who)


def stock(staff: Settings) -> None:
    """Sixty rolls, and cartons that are made to order."""
    engine = engine_at(staff.database_url)
    stocked(engine)
    warehouse.enter_item(engine, desk_acts.NewItem(product="HP-80", unit=Unit.ROLL))
    said = desk_acts.GoodsCome(product="HP-80", quantity=Decimal(60), source=StockMove.OPENING)
    warehouse.receive(engine, said, "store-fan", datetime.now(UTC), "opening")


async def buys(page: Page, address: str, staff: Settings, server: Client, who: Shopping) -> None:
    """From the search to the confirmation, and on to the order's own page. Somebody new each time."""
    say = who.say
    await page.context.clear_cookies()
    await page.set_viewport_size({"width": who.screen[0], "height": who.screen[1]})
    await page.goto(f"{address}/shop?language={who.language}")
    await page.get_by_role("searchbox").fill("remin")
    await page.get_by_role("button", name=say("搜索", "search")).click()
    await page.get_by_role("link", name=say("热敏纸", "thermal paper")).click()
    await page.get_by_label(say("数量", "quantity")).fill("2")
    await page.get_by_role("button", name=say("放入购物车", "put into the cart")).click()
    await page.get_by_text(say("已放入购物车", "It is in your cart")).wait_for()
    await picture(page, f"shop-cart-{who.name}")
    assert await page.evaluate(FITS)
    await page.get_by_role("link", name=say("去结算", "to the checkout")).click()
    await page.get_by_label(say("邮箱或手机号", "mail address or phone number")).fill(
        f"{who.name}@shop.example.com"
    )
    await page.get_by_role("button", name=say("发送验证码", "send me a code")).click()
    await page.get_by_text(say("验证码已发出", "A code is on its way")).wait_for()
    await page.get_by_label(say("位数字", "digits")).fill(newest_code(staff))
    await page.get_by_role("button", name=say("登录", "log in")).click()
    await page.get_by_label(say("收货人", "consignee")).fill("王芳")
    await page.get_by_label(say("电话", "phone")).fill("13812345678")
    await page.get_by_role("textbox", name=say("详细地址", "address")).fill("深圳市南山区 1 号")
    await page.get_by_role("button", name=say("保存地址", "save the address")).click()
    await page.get_by_label(say("我已阅读并同意", "I have read and agree")).check()
    assert await page.evaluate(FITS)
    await picture(page, f"shop-checkout-{who.name}")
    await page.get_by_role("button", name=say("提交订单", "order now")).click()
    await page.get_by_text(say("下单成功", "Thank you for your order")).first.wait_for()
    assert "¥176.00" in await page.inner_text("main")
    assert await page.evaluate(FITS)
    await picture(page, f"shop-done-{who.name}")
    number = re.findall(r"\d{8}-\d{4,}", await page.inner_text("main"))[0]
    await page.get_by_role("link", name=say("我的订单", "my orders")).first.click()
    await page.get_by_text(number).first.wait_for()
    await page.get_by_role("link", name=say("进度、签收、发票", "progress, receipt, invoice")).click()
    await page.get_by_text(number).first.wait_for()
    await server.get_workflow_handle(f"order-{number}").terminate()


def newest_code(staff: Settings) -> str:
    """The code that went out last."""
    codes = table("customer_codes")
    with reading(engine_at(staff.database_url)) as connection:
        newest = connection.scalars(select(codes.c.code_id).order_by(codes.c.made_at.desc())).first()
    return LOG_IN_CODES.code(link_secret(staff), str(newest))
