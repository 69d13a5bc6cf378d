"""The money desk at the pages: what the bank told is confirmed, split, moved and corrected by finance, in the existing facts (R53)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from activities.facts.desk_steps import open_desk_steps
from activities.store.database import engine_at, reading
from models.tables.registry import table
from runtime.settings import Settings
from tests.gateway.conftest import ORDER
from tests.gateway.test_pages import Person, person, staff
from tests.gateway.test_webhooks import Sender, bank, payment
from tests.runtime.watching import looks

__all__ = ["bank", "person", "staff"]
pytestmark = pytest.mark.usefixtures("working")


async def placed(shop: httpx.AsyncClient, request: str) -> str:
    """An order over 1,000.00."""
    answer = await shop.post("/v1/orders", json={**ORDER, "request_id": request})
    return str(answer.json()["order"])


async def comes_to(
    shop: httpx.AsyncClient, number: str, so: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """The order as the database has it, once it is so."""
    order: dict[str, Any] = {}
    async for look in looks(f"{number} is so"):
        order = (await shop.get(f"/v1/orders/{number}")).json()
        look.saw = order
        if so(order):
            break
    return order


def paid(amount: str) -> Callable[[dict[str, Any]], bool]:
    return lambda order: order["order"]["paid"] == amount if "order" in order else order.get("paid") == amount


async def sends(person: Person, path: str, **fields: str) -> httpx.Response:
    """A form of the money desk."""
    text = (await person.client.get("/money")).text
    once = re.search(r'name="once" value="([^"]+)"', text)
    token = re.search(r'name="form_token" value="([^"]+)"', text)
    assert token is not None
    given = {"form_token": token[1], "once": once[1] if once else path, **fields}
    return await person.client.post(path, data=given)


async def test_the_bank_tells_finance_confirms_splits_moves_and_corrects(
    door: FastAPI, person: Person, shop: httpx.AsyncClient, bank: Sender, staff: Settings
) -> None:
    """One life of money: to an order in one act, a sum for nobody split over two, one moved on, one corrected."""
    one, two = await placed(shop, "m/1"), await placed(shop, "m/2")
    await person.comes("qian")
    # named by the bank: one button
    told = payment(one, amount="300.00", transaction="BK-1")
    told["data"]["payer_name"] = "红枫"
    assert (await bank.sends(told, message="b/1")).status_code == 202
    await comes_to(shop, one, lambda order: any(p["reference"] == "BK-1" for p in order.get("payments", [])))
    page = (await person.client.get("/money")).text
    for words in ("¥300.00", "BK-1", "红枫", "附言写明订单号", "可靠", "确认到账", "还欠 ¥700.00"):
        assert words in page, words
    line = {"line": f"order/{one}/BK-1", "order": one}
    done = await sends(person, "/money/confirm", **line)
    assert (done.status_code, done.headers["location"]) == (303, f"/money?said=confirmed&order={one}"), (
        done.text
    )
    await comes_to(shop, one, paid("300.00"))
    # the second who confirms it hears that it is done, and nothing counts twice
    again = await sends(person, "/money/confirm", **line)
    assert again.status_code == 409
    assert f"已记在订单 {one}" in again.text
    # for no order: split over both
    body = payment("六月货款", amount="500.00", transaction="BK-2")
    assert (await bank.sends(body, message="b/2")).status_code == 202
    (step,) = [each for each in open_desk_steps(engine_at(staff.database_url)) if each.about.get("fact")]
    form = await person.client.get(f"/money/split?line={quote(f'desk/{step.key}')}")
    assert "拆分" in form.text
    parts = {"line": f"desk/{step.key}", "order0": one, "amount0": "400", "order1": two, "amount1": "99.99"}
    wrong = await sends(person, "/money/split", **parts)
    assert wrong.status_code == 409
    assert "相差 ¥0.01" in wrong.text
    assert f'value="{two}"' in wrong.text
    right = await sends(person, "/money/split", **parts | {"amount1": "１００．００ 元"})
    assert right.status_code == 303, right.text
    await comes_to(shop, one, paid("700.00"))
    await comes_to(shop, two, paid("100.00"))
    # what was told to the wrong order is moved as a whole, and what was told wrong is corrected
    look = await person.client.get(f"/money/receipt?order={one}&reference=BK-1")
    assert "更正" in look.text
    moved = {"act": "money_transferred_out", "order": one, "reference": "BK-1", "to": two, "reason": "记错了"}
    bound = await sends(person, "/money/receipt", **moved)
    assert bound.status_code == 409
    assert "wrong_order" in bound.text
    assert 'value="记错了"' in bound.text
    assert (await sends(person, "/money/receipt", **moved, wrong_order="yes")).status_code == 303
    await comes_to(shop, one, paid("400.00"))
    await comes_to(shop, two, paid("400.00"))
    corrected = {"act": "payment_corrected", "order": two, "reference": "BK-2", "reason": "金额不符"}
    assert (await sends(person, "/money/receipt", **corrected)).status_code == 303
    await comes_to(shop, two, paid("300.00"))
    assert "已更正" in (await person.client.get(f"/money?q={two}")).text


async def test_far_too_much_is_asked_back_and_a_sum_for_nobody_is_left_with_its_reason(
    door: FastAPI, person: Person, shop: httpx.AsyncClient, bank: Sender, staff: Settings
) -> None:
    number = await placed(shop, "m/3")
    await person.comes("qian")
    assert (
        await bank.sends(payment("", amount="99000.00", transaction="BK-8"), message="b/8")
    ).status_code == 202
    (step,) = open_desk_steps(engine_at(staff.database_url))
    key = {"line": f"desk/{step.key}"}
    unknown = await sends(person, "/money/confirm", **key, order="20990101-0001")
    assert unknown.status_code == 409
    assert "没有在办的订单 20990101-0001" in unknown.text
    asked = await sends(person, "/money/confirm", **key, order=number)
    assert asked.status_code == 409
    assert 'name="sure" value="yes"' in asked.text
    assert "¥99,000.00" in asked.text
    assert open_desk_steps(engine_at(staff.database_url)) == [step]
    empty = await sends(person, "/money/leave", **key, reason="  ")
    assert empty.status_code == 409
    assert (await sends(person, "/money/leave", **key, reason="已退回付款人")).status_code == 303
    with reading(engine_at(staff.database_url)) as connection:
        row = connection.execute(table("desk_steps").select()).mappings().one()
    assert (row["closed_by"], row["resolution"]) == ("qian", "已退回付款人")
    assert "都已核对" in (await person.client.get("/money")).text


async def test_nobody_but_finance_gets_to_the_money_desk(person: Person) -> None:
    await person.comes("wu")
    for path in ("/money", "/money/split?line=x", "/money/receipt?order=1&reference=2"):
        assert (await person.client.get(path)).status_code == 403, path
    token = await person.token()
    for path in ("/money/confirm", "/money/leave", "/money/split", "/money/receipt"):
        assert (await person.client.post(path, data={"form_token": token})).status_code == 403, path
