"""R18, R78, R85: a customer in a real browser: logs in by a code, asks, reads the answer, on a phone."""

from __future__ import annotations

import re

import httpx
from playwright.async_api import Page
from temporalio.client import Client

from activities.access.customer_log_ins import LOG_IN_CODES
from activities.orders.views.order_views import journal_of
from activities.store.database import engine_at, reading
from activities.store.imports import CustomerRow, import_customers
from models.tables.registry import table
from models.values.vocabulary import CustomerClass
from runtime.link_secret import link_secret
from runtime.settings import Settings
from tests.gateway.conftest import ORDER
from tests.gateway.test_browser import address, log_in, page, picture, pytestmark
from tests.gateway.test_pages import staff
from tests.runtime.watching import until

__all__ = ["address", "page", "pytestmark", "staff"]
MAIL = "office@hongfeng.example.com"


async def test_a_customer_logs_in_asks_and_reads_the_answer(
    page: Page, address: str, staff: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    engine = engine_at(staff.database_url)
    row = CustomerRow(
        customer="K1", name="红枫", customer_class=CustomerClass.B, designated_signers=("王芳",), email=MAIL
    )
    import_customers(engine, [row])
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await page.set_viewport_size({"width": 390, "height": 850})
    await page.goto(f"{address}/c/orders")
    await page.get_by_label("邮箱或手机号").fill(MAIL)
    await page.get_by_role("button", name="发送验证码").click()
    await page.get_by_text("验证码已经发出").wait_for()
    codes = table("customer_codes")
    with reading(engine) as connection:
        code_id = str(connection.execute(codes.select()).mappings().one()["code_id"])
    await page.get_by_label("位数字").fill(LOG_IN_CODES.code(link_secret(staff), code_id))
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("link", name=re.compile(number)).click()
    await page.get_by_text("资料要与您核实").or_(page.get_by_text("正在审核")).first.wait_for()
    await page.wait_for_load_state()  # what keeps the question listens by then
    question = page.get_by_label("您的问题")
    await question.fill("什么时候能发货?")
    await page.reload()
    assert await question.input_value() == "什么时候能发货?", "what is being written outlives the page"
    await page.get_by_role("button", name="发送", exact=True).click()
    await page.get_by_text("已收到您的问题").wait_for()
    assert await question.input_value() == ""
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await picture(page, "customer-order-phone")

    await log_in(page, address, "chen")
    await page.goto(f"{address}/")
    await page.get_by_text("什么时候能发货?").first.wait_for()
    steps = table("desk_steps")
    with reading(engine) as connection:
        key = str(connection.execute(steps.select()).mappings().one()["key"])
    await page.goto(f"{address}/desk/{key}")
    await page.get_by_label("给客户的答复").fill("周五发货。")
    await page.get_by_role("button", name="答复客户").click()
    await page.wait_for_url("**/?said=settled")
    await page.goto(f"{address}/c/orders/{number}")
    await page.get_by_text("周五发货。").wait_for()

    def said() -> list[tuple[str, str]]:
        return [
            (entry.role.value, entry.data["content"]["words"].partition(" ")[2].partition(" ")[2])
            for entry in journal_of(engine, number)
            if entry.subject == "contact_logged"
        ]

    await until(said, "the order is told of it by the door's forwarder")
    assert said() == [("service_clerk", "什么时候能发货? → 周五发货。")]
    await page.get_by_role("button", name="退出").click()
    await page.get_by_text("查看我的订单").wait_for()
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()
