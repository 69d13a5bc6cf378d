"""Orders played wholly by the pages, from the phone call to the receipt, with what people type and click counted (R85).

Whoever acts is logged in already and looks at the inbox. Counted are fields that are filled in, clicks, and keys that act.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, async_playwright, expect
from sqlalchemy import select
from temporalio.client import Client

from activities.access.logins import set_passwords
from activities.orders.requests import open_request
from activities.orders.views.order_views import journal_of
from activities.store.company_files import read_policy
from activities.store.database import engine_at, reading, writing
from activities.store.imports import CustomerRow, StaffRow, import_customers, import_staff
from gateway.security.customer_links import link_for
from models.dossier.journal import EntryKind
from models.request.order_request import OrderRequest
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.vocabulary import CustomerClass, Role
from runtime.settings import Settings
from runtime.worker.paperwork import build_press
from runtime.worker.post import build_post_office, build_router
from tests.gateway.front_door import quick_hashes
from tests.gateway.test_browser import CHROMIUM, address, patient, pytestmark
from tests.gateway.test_entry_browser import Counted
from tests.gateway.test_new_order import ended
from tests.gateway.test_order_entry import BEFORE
from tests.gateway.test_pages import PASSWORD, staff
from tests.gateway.test_webhooks import Sender, bank, payment
from tests.runtime.watching import looks

__all__ = ["address", "bank", "pytestmark", "quick_hashes", "staff"]
MOST_OF_AN_ORDER = 45
MOST_WITH_TROUBLE = 80
TEAM = {
    "chen": Role.SERVICE_CLERK, "li": Role.SALESPERSON, "lin": Role.TECHNICAL, "ma": Role.PRODUCTION,
    "wu": Role.SALES_SUPERVISOR, "qian": Role.FINANCE, "guo": Role.MATERIAL_CONTROLLER, "zhi": Role.QUALITY,
    "cang": Role.WAREHOUSE, "fa": Role.SHIPPER, "yun": Role.LOGISTICS, "sun": Role.SERVICE_SUPERVISOR,
    "dong": Role.MARKETING_DIRECTOR,
}  # fmt: skip


class Play:
    """People at their pages, each in a browser session of their own, and one order that they move on."""

    def __init__(self, browser: Browser, address: str, settings: Settings) -> None:
        self.browser, self.address, self.settings = browser, address, settings
        self.people: dict[str, Counted] = {}
        self.acts: list[str] = []
        self.number = ""

    @property
    def inputs(self) -> int:
        return sum(each.inputs for each in self.people.values())

    @property
    def told(self) -> str:
        """What was counted, for whoever reads a failure."""
        return f"{self.inputs} inputs: {', '.join(self.acts)}"

    async def person(self, name: str) -> Counted:
        """Somebody at the inbox; logged in where they were not yet, which is not counted."""
        if name not in self.people:
            context = await self.browser.new_context(locale="zh-CN", viewport={"width": 1200, "height": 900})
            page = await context.new_page()
            patient(page)
            self.people[name] = Counted(page)
            if name in TEAM:
                await page.goto(f"{self.address}/login")
                await page.get_by_label("员工编号").fill(name)
                await page.get_by_label("密码").fill(PASSWORD)
                await page.keyboard.press("Enter")
                await page.wait_for_url(f"{self.address}/")
        return self.people[name]

    def note(self, person: str, what: str, before: int) -> None:
        self.acts.append(f"{person} {what} {self.inputs - before}")

    def waiting(self) -> list[str]:
        """The keys of the steps that are open now."""
        steps = table("open_steps")
        wanted = steps.select().where(steps.c.order_number == self.number, steps.c.closed_at.is_(None))
        with reading(engine_at(self.settings.database_url)) as connection:
            return [str(row["key"]) for row in connection.execute(wanted).mappings()]

    async def step(self, begins: str) -> str:
        """The step whose key begins so, when it is there."""
        found = None
        async for look in looks(f"{begins} waits"):
            look.saw = f"{self.waiting()}; {self.told}"
            found = next((each for each in self.waiting() if each.startswith(begins)), None)
            if found is not None:
                break
        return str(found)

    async def does(self, name: str, step: str, button: str, **fields: str) -> None:
        """Do a step from the inbox: what is folded is unfolded, what is asked is filled in, a button is pressed."""
        before, key, who = self.inputs, await self.step(step), await self.person(name)
        page = who.page
        await page.goto(f"{self.address}/")
        card = page.locator("article", has=page.locator(f"input[name='step'][value='{key}']"))
        if not await card.count():
            await who.clicks(page.get_by_role("link", name="本岗"))
        act = card.locator("details[id]")
        if not await act.evaluate("each => each.open"):
            await who.clicks(act.locator("summary").first)
        for path, value in fields.items():
            await fill(who, card.locator(f"[name='{path.replace('__', '.')}']"), value)
        await who.clicks(card.get_by_role("button", name=button))
        await page.wait_for_load_state()
        wrong = await page.get_by_role("alert").all_inner_texts()
        assert "said=" in page.url, f"{name} {step}: {wrong}; {self.told}"
        self.note(name, key, before)

    async def ending(self) -> str:
        """How the order ended, when it has."""
        orders = table("orders")
        found: str | None = None
        async for look in looks("it has ended"):
            look.saw = f"{self.waiting()}; {self.told}"
            with reading(engine_at(self.settings.database_url)) as connection:
                found = connection.scalar(select(orders.c.ending).where(orders.c.number == self.number))
            if found:
                break
        return str(found)

    def said(self) -> set[tuple[str, str]]:
        """Which facts were said, and in which role."""
        entries = journal_of(engine_at(self.settings.database_url), self.number)
        return {(each.subject, each.role.value) for each in entries if each.kind is EntryKind.FACT}

    def post(self) -> None:
        """What is printed and sent in the background, now."""
        build_press(self.settings).print_due()
        build_router(self.settings).route_due()
        build_post_office(self.settings).send_due()

    def letter(self, name: str) -> str:
        return next(each.read_text() for each in (self.settings.var / "outbox").rglob(f"*{name}*"))


async def fill(who: Counted, field: Locator, value: str) -> None:
    """Fill a field in or choose from it: one input, and one more where it is folded away."""
    if not await field.is_visible():
        await who.clicks(field.locator("xpath=ancestor::details[1]/summary"))
    if await field.evaluate("each => each.tagName") == "SELECT":
        who.inputs += 1
        await field.select_option(value)
    else:
        await who.types(field, value)


@pytest.fixture
async def play(
    quick_hashes: None, address: str, staff: Settings, temporal_client: Client
) -> AsyncIterator[Play]:
    """A staffed company, a class B customer who ordered before, and a browser."""
    engine = engine_at(staff.database_url)
    import_staff(engine, [StaffRow(person=name, name=name, roles=(role,)) for name, role in TEAM.items()])
    set_passwords(engine, list(TEAM), PASSWORD)
    file: dict[str, Any] = {
        "customer": "K1", "name": "红枫", "customer_class": CustomerClass.B, "designated_signers": ("王芳",),
        "salesperson": "li",
        "verified_by": "chen", "email": "office@hongfeng.example.com", "signer_contacts": ("王芳=wangfang@example.com",),
    }  # fmt: skip
    import_customers(engine, [CustomerRow.model_validate(file)])
    request = OrderRequest.model_validate({**BEFORE, "checkpoints": []})
    start, _ = open_request(engine, request, datetime.now(UTC), read_policy(staff.policy))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        made = Play(browser, address, staff)
        made.number = start.number
        await made.step("decision:approval")
        await ended(temporal_client, start.number)
        with writing(engine) as connection:  # the order of before is over
            connection.execute(table("open_steps").delete())
        yield made
        await browser.close()


async def ordered(play: Play, quantity: str, price: str = "") -> None:
    """The phone call: the clerk writes what the customer says, reads it back, and places the order."""
    clerk = await play.person("chen")
    page, before = clerk.page, play.inputs
    await page.goto(f"{play.address}/orders/new")
    if await page.locator("[name=channel]").input_value() != "phone":
        await fill(clerk, page.locator("[name=channel]"), "phone")
    await clerk.types_slowly(page.locator("[name=customer][role=combobox]"), "hf")
    await page.get_by_role("option", name="红枫").wait_for()
    await clerk.presses("Enter")
    await page.get_by_text("已照").wait_for()
    await clerk.types_slowly(page.locator("[name='lines.0.product']"), "TP")
    await page.get_by_role("option", name="TP-80").wait_for()
    await clerk.presses("Enter")
    unit_price = page.locator("[name='lines.0.unit_price']")
    await expect(unit_price).not_to_have_value("")
    await clerk.types(page.locator("[name='lines.0.quantity']"), quantity)
    if price:
        await clerk.types(unit_price, price)
    await fill(clerk, page.locator("[name=read_back]"), "true")
    await clerk.presses("Control+Enter")
    await page.wait_for_url(f"{play.address}/orders/2*said=placed")
    found = re.search(r"/orders/(\d{8}-\d+)", page.url)
    assert found is not None
    play.number = found[1]
    play.note("chen", "order", before)


async def verified(play: Play) -> None:
    """Approved, producible, dated, and the sheet is out."""
    today = business_date(datetime.now(UTC))
    await play.does("lin", "decision:technical", "可以生产", detail__material_note="原纸充足")
    dates = {"detail__production_date": str(today), "detail__finished_date": str(today)}
    await play.does("ma", "decision:production_date", "按此定交期", **dates)
    await play.does("wu", "decision:approval", "批准订单")
    await play.step("send_sheet")
    play.post()
    await play.does("chen", "send_sheet", "登记已发出")
    await play.step("sheet_back")


async def signs(play: Play, signer: str = "王芳") -> None:
    """The customer opens the sheet by the link, reads it, and signs with the code that came by mail; a stranger has none."""
    customer = await play.person("王芳")
    page, before = customer.page, play.inputs
    await page.goto(f"{play.address}/c/" + link_for(play.settings, play.number).rpartition("/")[2])
    paper = page.get_by_role("link", name="打开并逐项核对确认书")
    customer.inputs += (
        1  # the PDF is opened: by its address, for a browser without a window keeps it as a download
    )
    assert (await page.request.get(play.address + str(await paper.get_attribute("href")))).ok
    await customer.types(page.get_by_label("签字人姓名"), signer)
    if signer == "王芳":
        await customer.clicks(page.get_by_role("button", name="发送验证码"))
        await page.get_by_text("验证码已发出").wait_for()
        play.post()
        code = re.findall(r"\b\d{6}\b", play.letter("signing_code"))[0]
        await customer.types(page.get_by_label("验证码（可不填）"), code)
    await customer.clicks(page.get_by_label("我已逐项核对"))
    await customer.clicks(page.get_by_role("button", name="签字确认"))
    await page.wait_for_url("**?said=*")
    play.note("customer", "signs", before)


async def received(play: Play) -> None:
    """The customer confirms by the same link that the goods are there."""
    customer = await play.person("王芳")
    page, before = customer.page, play.inputs
    await page.goto(f"{play.address}/c/" + link_for(play.settings, play.number).rpartition("/")[2])
    await customer.types(page.get_by_label("签收人姓名"), "王芳")
    await fill(customer, page.get_by_label("货物情况"), "good")
    await customer.clicks(page.get_by_role("button", name="确认收货"))
    await page.wait_for_url("**?said=*")
    play.note("customer", "receipt", before)


async def told_by_bank(play: Play, bank: Sender, transaction: str, amount: str) -> None:
    """The bank's own system tells of money, and finance confirms at the money desk that it is there (R53)."""
    body = payment(play.number, transaction, amount)
    assert (await bank.sends(body, message=transaction)).status_code == 202
    finance = await play.person("qian")
    page, before = finance.page, play.inputs
    line = page.locator("section.line-card", has_text=transaction)
    async for _ in looks(f"{transaction} is at the money desk"):
        await page.goto(f"{play.address}/money")
        if await line.count():
            break
    await finance.clicks(line.get_by_role("button", name="确认到账").first)
    await page.wait_for_url("**/money?said=*")
    play.note("qian", f"money {transaction}", before)


async def instructed(play: Play, bank: Sender, deposit: str) -> None:
    """Three parties confirm, the deposit is there, production signs for the instruction."""
    for name in ("li", "guo", "qian"):
        await play.does(name, "decision:three_party", "确认无误")
    await told_by_bank(play, bank, "V-1", deposit)
    await play.does("ma", "hand_over", "签收指令单")
    await play.does("chen", "confirm_hand_over", "属实")


async def delivered(play: Play) -> None:
    """From the shipping notice to the customer's receipt."""
    await play.does("chen", "shipping_notice", "开单")
    await play.does("guo", "transport", "登记运输安排", carrier="德邦")
    await play.does("fa", "read_instructions_back", "已复述")
    await play.does("fa", "ship", "登记发货", carrier="德邦", tracking_number="DB-1001")
    await play.does("chen", "notice_legible", "已收到，清晰")
    await play.does("yun", "arrival", "已到货，完好")
    await play.step("collect")
    await received(play)


async def test_an_order_of_class_b_from_the_phone_call_to_the_receipt(
    play: Play, bank: Sender, temporal_client: Client
) -> None:
    """At most 45 inputs; by the pages of before it took 91."""
    await ordered(play, "1000")
    await verified(play)
    await signs(play)
    await instructed(play, bank, "30000.00")
    await play.does("ma", "produce", "全部完工")
    await play.does("zhi", "inspect", "全部合格")
    await play.does("chen", "confirm_inspection", "属实")
    await play.does("cang", "enter", "全部入库")
    await told_by_bank(play, bank, "V-2", "70000.00")
    await play.does("qian", "decision:finance_release", "放行发货")
    await delivered(play)
    assert await play.ending() == "settled", play.told

    assert play.inputs <= MOST_OF_AN_ORDER, play.told
    assert ("delivery_receipt", "customer") in play.said(), play.told


@pytest.mark.endurance
async def test_price_difference_faulty_sheet_rework_and_a_balance_above_500(
    play: Play, bank: Sender, temporal_client: Client
) -> None:
    """What goes wrong is put right by the pages, too."""
    await ordered(play, "1000", price="90")
    await play.does("sun", "decision:price", "核定此价", detail__unit_price="95")
    await verified(play)
    await signs(play, "门卫老张")
    answers = {"legible": "true", "requirements_clear": "true"}
    await play.does("chen", "verify_signature", "登记核对结果", **answers)
    await play.step("sheet_back")
    await signs(play)
    await instructed(play, bank, "28500.00")
    await play.does("ma", "produce", "全部完工")
    found = {
        "passed": "900",
        "to_rework": "100",
        "labels_good": "true",
        "packing_good": "true",
        "reasons": "端面不齐",
    }
    await play.does("zhi", "inspect", "登记检验", **found)
    await play.does("chen", "confirm_inspection", "属实")
    again = str(business_date(datetime.now(UTC)))
    await play.does("ma", "recheck:", "报新的完工日", expected_finish=again)
    await play.does("zhi", "inspect", "全部合格：100")
    await play.does("chen", "confirm_inspection", "属实")
    await play.does("cang", "enter", "全部入库")
    await told_by_bank(play, bank, "V-2", "65900.00")  # 600.00 stay open
    await play.does("qian", "decision:finance_release", "放行发货", detail__collection="on_credit")
    await play.does("dong", "decision:balance_release", "批准欠款发货")
    await delivered(play)
    await told_by_bank(play, bank, "V-3", "600.00")
    assert await play.ending() == "settled", play.told

    assert play.inputs <= MOST_WITH_TROUBLE, play.told
