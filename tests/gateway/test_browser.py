"""The pages in a real browser: log in, do a step, see it gone; sign a sheet as a customer; two languages; a phone.

Needs Debian's `chromium` (and `fonts-noto-cjk`); without it these are skipped, in CI they are not (CI=1 or `.ci/run`).
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pyotp
import pytest
import uvicorn
import zxingcpp
from fastapi import FastAPI
from PIL import Image
from playwright.async_api import Locator, Page, async_playwright, expect
from temporalio.client import Client

from activities.access.logins import set_password
from activities.store.database import engine_at
from activities.store.imports import CustomerRow, StaffRow, import_customers, import_staff
from gateway.security.customer_links import link_for
from models.values.calendar import business_date
from models.values.vocabulary import CustomerClass, Role
from runtime.server.ports import free_port
from runtime.settings import Settings
from runtime.worker.paperwork import build_press
from runtime.worker.post import build_post_office, build_router
from tests.gateway.conftest import ORDER, now
from tests.gateway.test_pages import PASSWORD, staff
from tests.gateway.test_signing import recorded
from tests.runtime.watching import PATIENCE_MILLISECONDS, looks, until

__all__ = ["staff"]
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("working"),
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="there is no chromium here"),
]
_NO_FAULT = (
    "[object Event]",
    "htmx:sendAbort",
    "htmx:afterRequest",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
)
"""What a page says when it is left while its stream of events or a request is under way (what the server refuses is said as
`htmx:responseError`), and what a test that goes offline on purpose hears."""
PICTURES = os.environ.get("PICTURES")
"""A folder into which pictures of the pages are put."""


@pytest.fixture
async def address(door: FastAPI, staff: Settings) -> AsyncIterator[str]:
    """The door on a port."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(door, port=port, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started, "the door listens")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    server.force_exit = True
    await serving


@pytest.fixture
async def page(address: str) -> AsyncIterator[Page]:
    """A browser's page, closed before its server. What a page complains of fails the test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        shown = await browser.new_page(viewport={"width": 1200, "height": 850}, locale="zh-CN")
        patient(shown)
        complaints: list[str] = []
        shown.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        yield shown
        await browser.close()
        assert [each for each in complaints if not each.startswith(_NO_FAULT)] == []


def patient(page: Page) -> None:
    """What is waited for on a page, and what is expected of it, may take as long as everything else."""
    page.context.set_default_timeout(PATIENCE_MILLISECONDS)
    expect.set_options(timeout=PATIENCE_MILLISECONDS)


async def picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))
        await page.screenshot(path=str(Path(PICTURES) / f"{name}-whole.png"), full_page=True)


async def log_in(page: Page, address: str, person: str) -> None:
    await page.goto(f"{address}/login")
    await page.get_by_label("员工编号").fill(person)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/")


async def comes_true(page: Page, script: str) -> None:
    """Look at the page until it is so. Not `wait_for_function`: its second look is an `eval`, which our pages forbid."""
    async for _ in looks(script):
        if await page.evaluate(script):
            return


async def unfolded(card: Locator) -> None:
    """A card's form is to be seen: the first card of an inbox shows it by itself."""
    form = card.locator("details[id]")
    if not await form.evaluate("each => each.open"):
        await form.locator("summary").first.click()


async def decided(boss: httpx.AsyncClient, number: str, *subjects: str) -> None:
    today = business_date(datetime.now(UTC))
    dates = {"production_date": str(today), "quantity": "10", "finished_date": str(today + timedelta(days=4))}
    said = {
        "technical": ("producible", "technical", {"material_note": "ok"}),
        "production_date": ("dated", "production", dates),
        "approval": ("approve", "sales_supervisor", {}),
    }
    for subject in subjects:
        outcome, role, detail = said[subject]
        body = {"fact_id": f"d/{subject}", "happened_at": now(), "role": role, "subject": subject, "outcome": outcome,
                "note_reference": "N-1", "detail": detail}  # fmt: skip
        assert (await boss.post(f"/v1/orders/{number}/decisions", json=body)).status_code == 200


async def test_a_step_is_done_from_the_inbox_and_others_see_it_move(
    page: Page, address: str, shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client,
    settings: Settings,
) -> None:  # fmt: skip
    # Whoever decides the rest is not of production: both orders are ma's (R131).
    others = (Role.TECHNICAL, Role.SALES_SUPERVISOR)
    import_staff(engine_at(settings.database_url), [StaffRow(person="boss", name="boss", roles=others)])
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await decided(boss, number, "technical")
    await log_in(page, address, "ma")
    card = page.locator("article", has_text="生产交期")
    await unfolded(card)
    today = business_date(datetime.now(UTC))
    await picture(page, "inbox")
    await (
        card.get_by_label("生产日期")
        .or_(card.locator("[name='detail.production_date']"))
        .first.fill(str(today))
    )
    await card.locator("[name='detail.quantity']").fill("10")
    await card.locator("[name='detail.finished_date']").fill(str(today + timedelta(days=4)))
    await card.locator("[name='detail.clauses_confirmed']").select_option("true")
    await card.locator("summary", has_text="更多").click()
    await card.locator("[name='note_reference']").fill("N-9")
    # what others do shows up beside it and leaves the half-written form alone
    other = (await shop.post("/v1/orders", json={**ORDER, "request_id": "second"})).json()["order"]
    await decided(boss, other, "technical")
    await page.locator("article", has_text=other).wait_for()
    card = page.locator("article", has_text=number)
    assert await card.locator("[name='note_reference']").input_value() == "N-9"
    await card.get_by_role("button", name="已定交期").click()
    await page.wait_for_url(f"{address}/?said=accepted&order={number}")
    assert await page.locator("article", has_text=number).count() == 0
    await page.goto(f"{address}/orders/{number}")
    await page.get_by_text("待决定：订单审批").wait_for()
    await decided(boss, number, "approval")
    await page.get_by_text("制作并发出确认书第1版").wait_for()
    await page.get_by_text("在等什么").wait_for()
    await picture(page, "order")
    await page.get_by_role("link", name="English").click()
    await page.get_by_text("What it waits for").wait_for()
    await page.goto(f"{address}/board")
    await page.get_by_text(number).wait_for()
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.goto(f"{address}/")
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await picture(page, "inbox-phone")
    for each in (number, other):
        await temporal_client.get_workflow_handle(f"order-{each}").terminate()


async def test_a_customer_signs_the_sheet(
    page: Page,
    address: str,
    staff: Settings,
    shop: httpx.AsyncClient,
    boss: httpx.AsyncClient,
    temporal_client: Client,
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await decided(boss, number, "technical", "production_date", "approval")
    body = {
        "fact_id": "s/1",
        "kind": "sheet_sent",
        "happened_at": now(),
        "content": {"version": 1},
        "role": "service_clerk",
    }
    assert (await shop.post(f"/v1/orders/{number}/facts", json=body)).status_code == 200
    contacts = ("王芳=wangfang@example.com",)
    signer = CustomerRow(
        customer="K1",
        name="红枫",
        customer_class=CustomerClass.B,
        designated_signers=("王芳",),
        signer_contacts=contacts,
    )
    import_customers(engine_at(staff.database_url), [signer])
    build_press(staff).print_due()
    await page.goto(f"{address}/c/" + link_for(staff, number).rpartition("/")[2])
    paper = await page.get_by_role("link", name="打开并逐项核对确认书").get_attribute("href")
    answer = await page.request.get(address + str(paper))
    assert (await answer.body()).startswith(b"%PDF")
    await page.get_by_label("签字人姓名").fill("王芳")
    await page.get_by_role("button", name="发送验证码").click()
    await page.get_by_text("验证码已发出").wait_for()
    assert await page.get_by_label("签字人姓名").input_value() == "王芳"
    build_router(staff).route_due()
    build_post_office(staff).send_due()
    letter = next(each.read_text() for each in (staff.var / "outbox").rglob("*signing_code*"))
    code = re.findall(r"\b\d{6}\b", letter)[0]
    await page.get_by_label("验证码（可不填）").fill(code)
    canvas = page.get_by_role("img", name="手写签名")
    await canvas.scroll_into_view_if_needed()
    box = await canvas.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 30, box["y"] + 40)
    await page.mouse.down()
    for step in range(1, 12):
        await page.mouse.move(box["x"] + 30 + step * 25, box["y"] + 40 + (step % 3) * 30)
    await page.mouse.up()
    assert (await page.locator("[name='drawing']").input_value()).startswith("data:image/png;base64,")
    await page.get_by_label("我已逐项核对").check()
    for width, name in ((1280, "customer-signs"), (380, "customer-signs-phone")):
        await page.set_viewport_size({"width": width, "height": 850})
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        await picture(page, name)
    await page.get_by_role("button", name="签字确认").click()
    await page.get_by_text("已收到您的签字").wait_for()
    await page.reload()
    assert await page.get_by_role("button", name="签字确认").count() == 0
    await page.set_viewport_size({"width": 1280, "height": 850})
    await log_in(page, address, "chen")
    await page.goto(f"{address}/orders/{number}")
    await page.get_by_text("验证码已核对").wait_for()
    drawn = page.locator("img.signature")
    assert await drawn.evaluate("picture => picture.naturalWidth") == 600
    await drawn.scroll_into_view_if_needed()
    await picture(page, "order-signed-by-link")
    await page.get_by_role("button", name="生成查看链接").click()
    await page.get_by_text("只显示这一次").wait_for()
    await picture(page, "link-made")
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


async def test_a_customer_signs_with_the_keyboard_alone_and_a_clerk_looks(
    page: Page, address: str, door: FastAPI, staff: Settings
) -> None:
    """Without a drawing and without a code: on a phone, in English."""
    door.state.door._away_until = float("inf")  # what is told is kept: the order is on record alone
    number = recorded(staff)
    await page.set_viewport_size({"width": 380, "height": 800})
    link = f"{address}/c/" + link_for(staff, number).rpartition("/")[2]
    await page.goto(f"{link}?language=en")
    paper = await page.get_by_role("link", name="open the sheet (PDF)").get_attribute("href")
    await page.request.get(address + str(paper))
    await page.get_by_label("name of who signs").focus()
    await page.keyboard.type("王芳")
    for _ in range(3):  # code, its button, draw again
        await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**?said=looked")
    await page.get_by_text("Our clerk looks at it").wait_for()
    await picture(page, "customer-signed-phone")


async def test_a_second_factor_is_set_up_and_asked_for(page: Page, address: str, staff: Settings) -> None:
    """The picture is shown under the content security policy, and what it says is what an app shows."""
    engine = engine_at(staff.database_url)
    import_staff(engine, [StaffRow(person="guan", name="管", roles=(Role.ADMINISTRATOR,))])
    set_password(engine, "guan", PASSWORD, must_change=True)
    await page.goto(f"{address}/login")
    await picture(page, "login")
    await page.get_by_label("员工编号").fill("guan")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/account/password")
    await picture(page, "first-password")
    await page.get_by_label("原密码").fill(PASSWORD)
    await page.locator("[name='new']").fill("purple 17 lanterns")
    await page.locator("[name='again']").fill("purple 17 lanterns")
    await page.get_by_role("button", name="修改", exact=True).click()
    await page.get_by_text("密码已修改").wait_for()
    await page.goto(f"{address}/")
    await page.get_by_text("应当使用动态口令").wait_for()
    await picture(page, "second-factor-advised")
    await page.get_by_role("link", name="现在设置").click()
    shown = await page.locator(".qr").screenshot()
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(shown)))
    app = pyotp.parse_uri(code.text)
    assert isinstance(app, pyotp.TOTP)
    await page.get_by_text("不能扫描").click()
    assert (await page.locator(".key").inner_text()).replace(" ", "") == app.secret
    await picture(page, "second-factor")
    await page.get_by_label("填应用上显示").fill(app.now())
    await page.get_by_role("button", name="启用").click()
    await page.get_by_text("只显示这一次").wait_for()
    codes = await page.locator(".codes code").all_inner_texts()
    await picture(page, "recovery-codes")
    await page.get_by_role("link", name="已保存").click()
    await page.get_by_role("button", name="退出").click()
    await page.get_by_label("员工编号").fill("guan")
    await page.get_by_label("密码").fill("purple 17 lanterns")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/login/code")
    await picture(page, "second-factor-asked")
    await page.get_by_label("6 位数字").fill(codes[0])
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{address}/")
    for name, path in (
        ("account", "/account"),
        ("people", "/people"),
        ("second-factor-in-use", "/account/second-factor"),
    ):
        await page.goto(address + path)
        await picture(page, name)
        await page.set_viewport_size({"width": 390, "height": 800})
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        await picture(page, f"{name}-phone")
        await page.set_viewport_size({"width": 1200, "height": 850})


async def test_an_order_is_written_checked_while_it_is_typed_and_placed(
    page: Page, address: str, temporal_client: Client
) -> None:
    await log_in(page, address, "chen")
    await page.get_by_role("link", name="新订单").click()
    await page.locator("[name='channel']").select_option("fax")
    customer = page.locator("[name='customer'][role='combobox']")
    await customer.fill("K9")
    await page.locator("#wrong-customer", has_text="不在客户档案中").wait_for()
    await customer.fill("K1")
    await page.locator("#wrong-customer").wait_for(state="hidden")
    await page.locator("#summary", has_text="红枫").wait_for()
    await page.locator("[name='lines.0.product']").fill("TP-80")
    await page.locator("[name='lines.0.quantity']").press_sequentially("-3")
    await page.locator("#wrong-lines-0-quantity", has_text="数量").wait_for()
    await page.locator("[name='lines.0.quantity']").fill("3")
    await page.locator("[name='lines.0.unit']").select_option("kg")
    await page.locator("#wrong-lines-0-unit", has_text="计价").wait_for()
    await page.locator("[name='lines.0.unit_price']").fill("90")
    await picture(page, "new-order-problem")
    await page.locator("[name='lines.0.unit']").select_option("roll")
    await page.locator("#note-lines-0-unit_price", has_text="R20").wait_for()
    await page.get_by_role("button", name="加一行").click()
    second = page.locator("[name='lines.1.product']")
    await second.fill("TP-80")
    await page.locator("[name='lines.1.quantity']").fill("2")
    await page.locator("[name='lines.1.unit']").select_option("roll")
    await page.locator("[name='lines.1.unit_price']").fill("100")
    await page.locator("#summary", has_text="¥470.00").wait_for()
    assert await page.locator("[name='lines.0.quantity']").input_value() == "3"
    await page.locator("#summary", has_text="联系人").wait_for()
    await picture(page, "new-order")
    await page.set_viewport_size({"width": 390, "height": 800})
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await picture(page, "new-order-phone")
    await page.get_by_role("button", name="下单").click()
    await page.wait_for_url(f"{address}/orders/2*")
    await page.locator("article", has_text="补全或澄清").wait_for()
    assert await page.get_by_role("cell", name="TP-80").count() == 2
    number = page.url.rpartition("/")[2].partition("?")[0]
    await picture(page, "order-placed-phone")
    for name, path in (
        ("amend", f"/orders/{number}/acts/amendment_requested"),
        ("upload", "/orders/upload"),
        ("board", "/board"),
    ):
        await page.goto(address + path)
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        await picture(page, f"{name}-phone")
        await page.set_viewport_size({"width": 1200, "height": 850})
        await picture(page, name)
        await page.set_viewport_size({"width": 390, "height": 800})
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()
