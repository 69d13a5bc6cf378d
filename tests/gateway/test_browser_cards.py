"""Cards in a real browser: Enter decides nothing, the safe outcome is the one in colour, and a phone shows all of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.async_api import Page
from sqlalchemy import insert

from activities.access.acts import acts_of
from activities.access.logins import set_passwords
from activities.orders.requests import open_request
from activities.store.company_files import read_policy
from activities.store.database import engine_at, writing
from activities.store.imports import StaffRow, import_staff
from models.dossier.open_steps import COMMANDS
from models.dossier.step_kinds import StepKind
from models.request.order_request import OrderRequest
from models.tables.registry import table
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.gateway.conftest import ORDER
from tests.gateway.test_browser import CHROMIUM, address, log_in, page, picture, unfolded
from tests.gateway.test_pages import PASSWORD, staff

__all__ = ["address", "page", "staff"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]
_SHEET = {
    "address": "东莞市", "consignee": "王芳", "contact": "王芳", "phone": "1", "packing": "箱", "total": {"figures": "8,400.00"},
    "lines": [{"line": "1", "specification": "80", "quantity": "2,000", "unit": {"zh": "卷", "en": "roll"}, "unit_price": "4.20"}],
}  # fmt: skip


def _step(
    number: str, key: str, kind: StepKind, role: Role, command: str, moment: datetime, zh: str
) -> dict[str, Any]:
    return {
        "order_number": number, "key": key, "kind": kind.value, "roles": [role.value], "people": [], "rule": "R52",
        "since": moment, "due": moment + timedelta(days=1), "blocking": True, "zh": zh, "en": zh,
        "command": command.replace("{order}", number),
    }  # fmt: skip


def waiting_order(settings: Settings) -> str:
    """An order with a release, a price question, a shipping notice and a production report to be done by one person."""
    engine, moment = engine_at(settings.database_url), datetime.now(UTC)
    everything = tuple(role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM))
    import_staff(engine, [StaffRow(person="boss", name="关明", roles=everything)])
    set_passwords(engine, ["boss"], PASSWORD)
    request = OrderRequest.model_validate(
        {**ORDER, "special_requirements": "每箱贴客户标签,托盘不超过 1.2 米"}
    )
    number = open_request(engine, request, moment, read_policy(settings.policy))[0].number
    decide, known_of = "decide {order} %s --note …", COMMANDS
    produce = known_of[StepKind.PRODUCE].replace("{line}", "1")
    inspect = (
        known_of[StepKind.INSPECT]
        .replace("{line}", "1")
        .replace("{lot}", "1")
        .replace("{quantity}", "2000.000")
    )
    notice = (
        known_of[StepKind.SHIPPING_NOTICE] + " --set address=深圳 --set consignee=王芳 --set contact=王芳"
    )
    director = decide % "balance_release on_credit/carrier_collects/refuse"
    asked = (
        ("decision:finance_release", StepKind.DECISION, Role.FINANCE, decide % "finance_release release/refuse", "待决定：财务放行"),
        ("decision:balance_release", StepKind.DECISION, Role.MARKETING_DIRECTOR, director, "待决定：余款超限放行"),
        ("decision:price:1", StepKind.DECISION, Role.SERVICE_SUPERVISOR, decide % "price --line 1 settled", "待决定：价格核定"),
        ("produce:1", StepKind.PRODUCE, Role.PRODUCTION, produce, "生产第1行"),
        ("inspect:1/1/0", StepKind.INSPECT, Role.QUALITY, inspect, "检验第1行批次1"),
        ("shipping_notice:1", StepKind.SHIPPING_NOTICE, Role.SERVICE_CLERK, notice, "复核并开具发货通知单"),
    )  # fmt: skip
    steps = [_step(number, key, kind, role, command, moment, zh) for key, kind, role, command, zh in asked]
    known = {
        "sequence": 9, "headline": "in_warehouse", "phase": "clearance", "customer_name": "红枫", "customer_class": "B",
        "terms": "deposit", "total": Decimal("8400.00"), "bill": Decimal("8400.00"), "paid": Decimal("1680.00"),
        "open_balance": Decimal("6720.00"), "deposit_due": Decimal("2520.00"), "first_promised": date(2027, 3, 8),
        "promised": date(2027, 3, 10), "production_due": date(2027, 3, 9),
    }  # fmt: skip
    line = {
        "order_number": number, "line": 1, "product": "TP-80", "specification": "80", "quantity": Decimal(2000),
        "unit": "roll", "unit_price": Decimal("4.20"), "amount": Decimal(8400), "passed": Decimal(2000),
        "entered": Decimal(2000), "shipped": Decimal(0),
    }  # fmt: skip
    release = {
        "order_number": number, "release": 1, "quantities": {"1": "2000.000"}, "shipped": {}, "ground": "finance",
        "balance": Decimal(6720), "paid": Decimal(1680), "collection": "carrier_collects", "granted_at": moment, "granted_by": "qian",
    }  # fmt: skip
    sheet = {
        "order_number": number, "identity": "confirmation_sheet:1", "paper": "confirmation_sheet", "roles": [], "zh": "-",
        "en": "-", "rule": "R30", "created_at": moment, "content": _SHEET,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(table("orders").update().where(table("orders").c.number == number).values(known))
        connection.execute(table("order_lines").delete().where(table("order_lines").c.order_number == number))
        for name, row in (("order_lines", line), ("releases", release), ("outbox", sheet)):
            connection.execute(insert(table(name)).values(row))
        connection.execute(insert(table("open_steps")), steps)
    return number


async def _is_within(page: Page) -> bool:
    return bool(
        await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    )


async def test_enter_decides_nothing_and_the_safe_outcome_is_in_colour(
    page: Page, address: str, staff: Settings
) -> None:
    """R52: today Enter in a note field ships on credit."""
    number = waiting_order(staff)
    await log_in(page, address, "boss")
    await picture(page, "cards-inbox")
    card = page.locator("article", has_text="待决定：财务放行")
    await card.get_by_text("¥6,720.00").first.wait_for()
    await unfolded(card)
    note = card.locator("[name='detail.words']")
    await note.fill("先发")
    safe, release = card.get_by_role("button", name="不放行"), card.get_by_role("button", name="放行发货")
    colours = [
        await each.evaluate("each => getComputedStyle(each).backgroundColor") for each in (safe, release)
    ]
    assert colours[0] != colours[1] == "rgb(255, 255, 255)"
    await card.get_by_text("尚有 ¥6,720.00 未付").wait_for()
    await picture(page, "cards-release")
    produce = page.locator("article", has_text="生产第1行")
    await unfolded(produce)
    made = produce.locator("[name='made']")
    assert await made.input_value() == ""
    assert await produce.locator("[name='finished']").input_value() == ""
    for field in (made, card.locator("summary").nth(1)):
        await field.focus()
    await made.press("Enter")
    await produce.get_by_role("button", name="完工登记").click()  # the browser asks for the answers
    await card.locator("summary").nth(1).click()
    await card.locator("[name='note_reference']").press("Enter")
    assert page.url == f"{address}/"
    assert acts_of(engine_at(staff.database_url), number) == []
    notice = page.locator("article", has_text="复核并开具发货通知单")
    await notice.get_by_text("处不同").wait_for()
    await page.goto(f"{address}/orders/{number}/steps/decision:finance_release")
    await page.set_viewport_size({"width": 390, "height": 844})
    order = f"/orders/{number}"
    for path, name in (
        ("/", "cards-phone"),
        (order, "order-cards-phone"),
        (f"{order}/steps/decision:finance_release", "card-phone"),
        (f"{order}/steps/shipping_notice:1", "notice-phone"),
        (f"{order}/steps/decision:balance_release?language=en", "card-phone-en"),
    ):
        await page.goto(address + path)
        await picture(page, name)
        assert await _is_within(page), path
        if "steps" in path:
            for button in await page.locator(".choice button").all():
                box = await button.bounding_box()
                assert box is not None
                assert box["height"] >= 44, path
