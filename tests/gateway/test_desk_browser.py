"""The desk in a real browser by the keyboard alone: badge and title move by themselves, palette, keys, a phone's menu."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from playwright.async_api import Page, expect

from activities.desk.handovers import Handover, hand_over
from runtime.server.ports import free_port
from tests.gateway.front_door import PASSWORD, House
from tests.gateway.test_browser import page, picture, pytestmark
from tests.gateway.test_inbox import ORDER, away, desk, quick_hashes
from tests.runtime.watching import until

__all__ = ["desk", "page", "quick_hashes"]
pytestmark = [each for each in pytestmark if each.name != "usefixtures"]


@pytest.fixture
async def address(desk: House) -> AsyncIterator[str]:
    """The door on a port; no Temporal server is needed."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(desk.app, port=port, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started, "the door listens")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    server.force_exit = True
    await serving


async def log_in(page: Page, address: str, person: str) -> None:
    await page.goto(f"{address}/login")
    await page.locator("[name=person]").fill(person)
    await page.locator("[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/")


async def test_the_desk_by_keyboard_with_a_badge_that_moves(page: Page, address: str, desk: House) -> None:
    await log_in(page, address, "fu")
    await expect(page).to_have_title("我的待办 · 订单台")
    badge = page.locator("nav .badge")
    await expect(badge).to_be_hidden()
    async with page.context.expect_page() as opened:
        await page.evaluate("void window.open('/board')")
    second = await opened.value
    await second.wait_for_url(f"{address}/board")

    wanted = Handover(order_number=ORDER, step="release", to_person="fu", reason="出差")
    hand_over(desk.engine, wanted, "fang", {"finance"}, desk.moment, "-")
    await expect(badge).to_have_text("1")
    await expect(page).to_have_title("(1) 我的待办 · 订单台")
    await expect(second.locator("nav .badge")).to_have_text("1")
    await expect(second).to_have_title(
        "(1) 看板 · 订单台"
    )  # of two pages one listens, and the other hears it too
    await second.close()

    # j chooses, Enter opens its form, o its order; single keys mean nothing while somebody types
    await page.reload()
    card = page.locator("[data-row]").first
    await page.keyboard.press("j")
    await expect(card).to_be_focused()
    await picture(page, "inbox-chosen")
    await page.keyboard.press("Enter")
    field = card.locator("details[open] :focus")
    await expect(field).to_have_count(1)
    assert await field.evaluate("each => each.matches('input, select, textarea')")
    await page.keyboard.press("k")
    await page.keyboard.press("?")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await card.focus()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="按键")).to_be_visible()
    await picture(page, "keys")
    await page.keyboard.press("Escape")

    # the palette: focus stays inside, Esc closes it, Enter opens what is chosen
    await page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="查找订单、客户、页面和办理事项")
    await expect(dialog.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type("等财务 > 2天")
    chosen = dialog.get_by_role("option", selected=True)
    await expect(chosen).to_contain_text("等财务部，超过 2 天")
    assert await chosen.get_attribute("data-path") == "/orders?waits_role=finance&waits_days=2"
    await picture(page, "palette")
    for _ in range(4):
        await page.keyboard.press("Tab")
    assert await page.evaluate(
        "!!document.activeElement.closest('dialog') || document.activeElement === document.body"
    )
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.keyboard.press("Control+k")
    await dialog.get_by_role("combobox").fill("怎么用")
    await expect(chosen).to_contain_text("订单台怎么用")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/introduction")

    # a browser is asked for notices after a click alone
    await page.goto(f"{address}/")
    assert await page.evaluate("Notification.permission") != "granted"
    assert await page.evaluate("localStorage.getItem('dingdan-notices')") is None
    await page.context.grant_permissions(["notifications"])
    await page.get_by_role("button", name="有新待办时让浏览器提醒我").click()
    await expect(page.get_by_role("button", name="关闭浏览器提醒")).to_be_visible()
    assert await page.evaluate("localStorage.getItem('dingdan-notices')") == "on"

    # on a phone the menu is folded, nothing is wider than the page, and it unfolds without script
    away(desk, "fang")
    await page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", "/?tab=role", "/introduction", f"/handovers/new?order={ORDER}&step=release"):
        await page.goto(f"{address}{path}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390, path
    await expect(page.locator("nav.main-menu")).to_be_hidden()
    await page.locator(".menu-toggle summary").click()
    await expect(page.get_by_role("link", name="看板", exact=True)).to_be_visible()
    await picture(page, "menu-phone")
