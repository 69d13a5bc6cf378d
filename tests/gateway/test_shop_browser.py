"""R120 to R122: somebody buys in the shop on a phone, from the search to the confirmation, and finds the order again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

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


async def test_somebody_buys_on_a_phone(
    page: Page, address: str, staff: Settings, temporal_client: Client
) -> None:
    engine = engine_at(staff.database_url)
    stocked(engine)
    warehouse.enter_item(engine, desk_acts.NewItem(product="HP-80", unit=Unit.ROLL))
    said = desk_acts.GoodsCome(product="HP-80", quantity=Decimal(60), source=StockMove.OPENING)
    warehouse.receive(engine, said, "store-fan", datetime.now(UTC), "opening")
    await page.set_viewport_size({"width": 390, "height": 850})
    await page.goto(f"{address}/shop")
    await page.get_by_role("searchbox").fill("remin")
    await page.get_by_role("button", name="搜索").click()
    await page.get_by_role("link", name="热敏纸").click()
    await page.get_by_label("数量").fill("2")
    await page.get_by_role("button", name="放入购物车").click()
    await page.get_by_text("已放入购物车").wait_for()
    assert await page.evaluate(FITS)
    await page.get_by_role("link", name="去结算").click()
    await page.get_by_label("邮箱或手机号").fill("phone@shop.example.com")
    await page.get_by_role("button", name="发送验证码").click()
    await page.get_by_text("验证码已发出").wait_for()
    codes = table("customer_codes")
    with reading(engine) as connection:
        code_id = str(connection.scalar(select(codes.c.code_id)))
    await page.get_by_label("位数字").fill(LOG_IN_CODES.code(link_secret(staff), code_id))
    await page.get_by_role("button", name="登录").click()
    await page.get_by_label("收货人").fill("王芳")
    await page.get_by_label("电话").fill("13812345678")
    await page.get_by_label("详细地址").fill("深圳市南山区 1 号")
    await page.get_by_role("button", name="保存地址").click()
    await page.get_by_label("我已阅读并同意").check()
    assert await page.evaluate(FITS)
    await picture(page, "shop-checkout-phone")
    await page.get_by_role("button", name="提交订单").click()
    await page.get_by_text("下单成功").first.wait_for()
    assert "¥176.00" in await page.inner_text("main")
    assert await page.evaluate(FITS)
    await picture(page, "shop-done-phone")
    number = re.findall(r"\d{8}-\d{4,}", await page.inner_text("main"))[0]
    await page.get_by_role("link", name="我的订单").first.click()
    await page.get_by_text(number).first.wait_for()
    await page.get_by_role("link", name="进度、签收、发票").click()
    await page.get_by_text(number).first.wait_for()
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()
