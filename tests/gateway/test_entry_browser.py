"""An order is entered in a real browser: a repeat order by at most six inputs, counted; nothing of what was written is lost (R10, R11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from playwright.async_api import Locator, Page, expect
from temporalio.client import Client

from activities.orders.requests import open_request, start_of
from activities.orders.views.order_views import journal_of
from activities.store.company_files import read_policy
from activities.store.database import engine_at, writing
from models.request.order_request import OrderRequest
from models.tables.registry import table
from models.values.quantity import THOUSANDTH
from runtime.settings import Settings
from tests.gateway.test_browser import address, comes_true, log_in, page, picture, pytestmark
from tests.gateway.test_new_order import ended, kept
from tests.gateway.test_order_entry import BEFORE
from tests.gateway.test_pages import PASSWORD, staff
from tests.gateway.test_signing import recorded
from tests.models.life import Life

__all__ = ["address", "page", "pytestmark", "staff"]
MOST_OF_A_REPEAT = 6


@dataclass
class Counted:
    """Somebody whose typed fields and clicks are counted."""

    page: Page
    inputs: int = 0

    async def types(self, field: Locator, text: str) -> None:
        self.inputs += 1
        await field.fill(text)

    async def types_slowly(self, field: Locator, text: str) -> None:
        self.inputs += 1
        await field.press_sequentially(text)

    async def clicks(self, what: Locator) -> None:
        self.inputs += 1
        await what.click()

    async def presses(self, keys: str) -> None:
        self.inputs += 1
        await self.page.keyboard.press(keys)


async def test_a_repeat_order_needs_at_most_six_inputs_and_a_log_in_that_ends_loses_nothing(
    page: Page, address: str, staff: Settings, temporal_client: Client
) -> None:
    engine = engine_at(staff.database_url)
    last, _ = open_request(
        engine, OrderRequest.model_validate(BEFORE), datetime.now(UTC), read_policy(staff.policy)
    )
    await log_in(page, address, "chen")
    # from the order that it repeats
    await page.goto(f"{address}/orders/{last.number}")
    again = Counted(page)
    await again.clicks(page.get_by_role("link", name="再来一单"))
    await again.types(page.locator("[name='lines.0.quantity']"), "1.2万")
    await again.presses("Control+Enter")
    await page.wait_for_url(f"{address}/orders/2*said=placed")
    assert again.inputs <= MOST_OF_A_REPEAT
    # from an empty form, by what the customer is called
    await page.goto(f"{address}/orders/new")
    by_name = Counted(page)
    await by_name.types_slowly(page.locator("[name=customer][role=combobox]"), "hf")
    await page.get_by_role("option", name="红枫").wait_for()
    await picture(page, "proposals")
    await by_name.presses("Enter")
    await page.get_by_text("已照").wait_for()
    await by_name.clicks(page.get_by_role("button", name="照上次的货"))
    await page.get_by_text("请核对数量").wait_for()
    await by_name.types(page.locator("[name='lines.0.quantity']"), "800")
    await page.get_by_text("¥80,000.00").wait_for()
    for width, name in ((1280, "new-order"), (390, "new-order-phone")):
        await page.set_viewport_size({"width": width, "height": 850})
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        await picture(page, name)
    await by_name.presses("Control+Enter")
    await page.wait_for_url(f"{address}/orders/2*said=placed")
    assert by_name.inputs <= MOST_OF_A_REPEAT
    numbers = [number for number in kept(staff) if number != last.number]
    ordered = {start_of(engine, number).request.lines[0].quantity for number in numbers}
    assert ordered == {
        (12_000 * THOUSANDTH * 1000).quantize(THOUSANDTH),
        (800 * THOUSANDTH * 1000).quantize(THOUSANDTH),
    }
    # a message, proposed and taken, then the session ends
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.goto(f"{address}/orders/new")
    await page.locator("summary", has_text="粘贴聊天消息").click()
    await page.locator("[name=chat]").fill("红枫要TP-80 300卷，急\n收货人 李四 13900001111")
    await page.get_by_role("button", name="读出字段").click()
    await page.get_by_text("“急”").wait_for()
    await picture(page, "chat")
    await page.get_by_role("button", name="填入").click()
    await page.get_by_text("已填入").wait_for()
    assert await page.locator("[name='lines.0.unit_price']").input_value() == ""
    await page.locator("[name=special_requirements]").fill("卷芯12mm")
    await comes_true(page, "sessionStorage.getItem('order-form')?.includes('卷芯12mm')")
    with writing(engine) as connection:
        connection.execute(table("sessions").delete())
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(f"{address}/login*")
    await page.get_by_label("员工编号").fill("chen")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: "/login" not in url)
    await page.goto(f"{address}/orders/new")
    await page.get_by_text("接着上次没下完的单写").wait_for()
    # what was kept is sent to be looked at again before it stands in the form
    await expect(page.locator("[name=special_requirements]")).to_have_value("卷芯12mm")
    assert await page.locator("[name='lines.0.quantity']").input_value() == "300"
    await ended(temporal_client, *numbers)


async def test_an_order_is_dragged_or_retyped_to_another_day_and_nothing_is_said_by_that(
    page: Page, address: str, staff: Settings, door: FastAPI
) -> None:
    number, life = recorded(staff), Life().verified().sheet_out()
    door.state.door.now = lambda: life.now
    promised = life.promised
    assert promised is not None
    before = len(journal_of(engine_at(staff.database_url), number))
    await log_in(page, address, "chen")
    monday = promised - timedelta(days=promised.weekday())
    await page.goto(f"{address}/calendar?week={promised}")
    await page.locator("#tonight", has_text="客户未回传").wait_for()
    await picture(page, "calendar")
    to = monday + timedelta(days=(promised.weekday() + 1) % 7)
    await page.drag_and_drop(f"[data-order='{number}'][data-kind=promised]", f"[data-day='{to}'] h2")
    await page.wait_for_url(f"{address}/calendar/move?*day={to}")
    await page.get_by_role("heading", name="涉及").wait_for()
    await picture(page, "calendar-move")
    await page.set_viewport_size({"width": 390, "height": 850})
    for path in (f"/calendar?week={promised}", f"/calendar/move?order={number}&day={to}"):
        await page.goto(address + path)
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    await picture(page, "calendar-move-phone")
    await page.goto(f"{address}/calendar?week={promised}&language=en")
    await page.locator("#tonight li").wait_for()
    await picture(page, "calendar-phone")
    await page.get_by_role("link", name=f"move {number} promised", exact=True).focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("to", exact=True).fill(str(promised + timedelta(days=2)))
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="It concerns").wait_for()
    assert len(journal_of(engine_at(staff.database_url), number)) == before
