"""Goods of the shop sent back by their customer, with a photo, through pages, provider and engine: asked for after the receipt,
followed, decided, paid back; and what is asked for wrongly (R81, R142, R143).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from models.cases.facts import FACTS as CASE_FACTS
from models.facts.fact_kinds import FACT_KINDS
from models.facts.speakers import who_may
from models.values.vocabulary import Role
from tests.gateway.conftest import now, own_key
from tests.gateway.shop_street import Street
from tests.gateway.test_cases import photo
from tests.gateway.test_shop import PLACE
from tests.gateway.test_shop_mixed_cart import log_in, street
from tests.runtime.watching import PATIENCE_SECONDS, looks

__all__ = ["street"]
pytestmark = pytest.mark.slow
PHOTO = {"photos": ("纸卷.png", photo(), "image/png")}


class Staff:
    """People of the house, each with a key of their own."""

    def __init__(self, street: Street, person: str, *roles: Role) -> None:
        facts = tuple(fact for fact in (*FACT_KINDS, *CASE_FACTS) if set(roles) & set(who_may(fact)))
        key = own_key(street.settings, person, *roles, facts=facts)
        self.client = httpx.AsyncClient(
            base_url=street.door,
            headers={"Authorization": f"Bearer {key}"},
            timeout=PATIENCE_SECONDS,
            trust_env=False,
        )

    async def says(self, place: str, kind: str, role: str, **content: Any) -> None:
        """A fact about an order or a case."""
        said = {
            "fact_id": f"t/{kind}/{content.get('subject', '')}",
            "kind": kind,
            "happened_at": now(),
            "role": role,
            "content": content,
        }
        answer = await self.client.post(f"{place}/facts", json=said)
        assert answer.status_code in (200, 201, 202), answer.text
        assert answer.json()["status"] == "accepted", answer.text

    async def decides(self, place: str, subject: str, role: str, outcome: str, **detail: Any) -> None:
        """A decision about an order or a case."""
        note = {"note_reference": "N-1", "detail": detail}
        await self.says(place, "decision", role, subject=subject, outcome=outcome, **note)

    async def becomes(self, place: str, so: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """An order or a case, once it is so."""
        found: dict[str, Any] = {}
        async for look in looks(f"{place} is so"):
            found = (await self.client.get(place)).json()
            look.saw = found
            if so(found):
                break
        return found


async def bought(street: Street, boss: Staff) -> str:
    """Two cartons, ordered and paid in the shop: the number of the order."""
    assert (
        await street.shop.post("/shop/cart/put", data={"product": "HP-80", "quantity": "2"})
    ).status_code == 303
    await log_in(street)
    await street.shop.post("/shop/account/address", data=PLACE)
    page = (await street.shop.get("/shop/checkout")).text
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    sent = await street.shop.post("/shop/checkout", data=form | {"agreed": "yes"})
    intent = sent.headers["location"].rpartition("/")[2]
    done = (await street.shop.get(f"/shop/done/{form['checkout']}")).text
    number: str = re.findall(r"/c/orders/(\d{8}-\d+)", done)[0]
    await street.pays(intent)
    await boss.becomes(f"/v1/orders/{number}", lambda found: found.get("headline") == "awaiting_acceptance")
    return number


async def received(boss: Staff, number: str) -> None:
    """Accepted, picked, sent, with the customer."""
    order = f"/v1/orders/{number}"
    await boss.decides(order, "merchant_acceptance", "service_clerk", "accept")
    await boss.becomes(order, lambda found: found.get("headline") == "picking")
    await boss.says(order, "picked", "warehouse", release=1)
    place = {"address": PLACE["address"], "contact": PLACE["consignee"], "consignee": PLACE["consignee"]}
    await boss.says(
        order, "document_supplied", "service_clerk", document="shipping_notice", reference="FH-1", **place
    )
    await boss.says(order, "transport_arranged", "material_controller", carrier="顺丰", method="courier")
    await boss.says(order, "shipping_read_back", "shipper")
    await boss.says(order, "shipped", "shipper", shipment="1", carrier="顺丰", tracking_number="SF-1")
    await boss.says(order, "arrived", "logistics", shipment="1")
    await boss.says(order, "delivery_receipt", "logistics", shipment="1", signed_by="王芳")


def told(answer: httpx.Response) -> str:
    """What a page says of what was asked for."""
    found = re.search(r'role="alert">([^<]*)', answer.text)
    assert answer.status_code == 409, f"{answer.status_code} {answer.text}"
    assert found is not None, answer.text
    return found[1]


WRONG: tuple[tuple[dict[str, str], Any, str], ...] = (
    ({}, {"photos": ("a.svg", b"<svg/>")}, "a.svg 不是照片；请上传 PDF"),
    ({}, {"photos": ("损坏.png", b"<html>")}, "文件 损坏.png 不是能读的 PDF"),
    ({}, {"photos": ("../../<b>.png", b"x")}, "文件 &lt;b&gt;.png 不是能读的"),
    ({}, [("photos", (f"{n}.png", photo())) for n in range(6)], "一次最多 5 张照片，现有 6 张"),
    ({"quantity": "3"}, PHOTO, "最多还可退 2（已签收 2，其他售后单已占用 0）"),
    ({"quantity": "0.5"}, PHOTO, "HP-80 按卷计，数量须为整数"),
    ({"quantity": "-1"}, PHOTO, "数量须在 0 与"),
    ({"quantity": ""}, PHOTO, "退货须写明货物行号和数量"),
    ({"line": "7"}, PHOTO, "没有第 7 行；有：1"),
)
"""What is asked for wrongly, and what the customer reads of it."""


async def test_a_return_with_a_photo_is_asked_for_followed_and_paid_back(street: Street) -> None:
    """R81, R142, R143: not before the receipt, no more than was received, one of two at once; then as it should go."""
    people = (role for role in Role if role not in (Role.CUSTOMER, Role.SYSTEM, Role.SALESPERSON))
    boss, supervisor = Staff(street, "boss", *people), Staff(street, "zheng", Role.SERVICE_SUPERVISOR)
    number, shop = await bought(street, boss), street.shop
    new = f"/c/cases/new/{number}"
    asked = {
        "type": "return",
        "cause": "unwanted",
        "line": "1",
        "quantity": "2",
        "words": "<script>不合适",
        "once": "a",
    }
    assert "还没有签收" in told(await shop.post(new, data=asked, files=PHOTO))
    await received(boss, number)
    for changed, files, words in WRONG:
        refused = await shop.post(new, data=asked | changed, files=files)
        assert words in told(refused)
        assert "&lt;script&gt;不合适</textarea>" in refused.text, "what was typed is still there"
    large = await shop.post(new, data=asked, files={"photos": ("a.png", b"0" * 30_000_000)})
    assert (large.status_code, "20" in large.text) == (413, True)
    assert (await shop.post("/c/cases/new/20200101-0001", data=asked, files=PHOTO)).status_code == 404
    both = await asyncio.gather(*(shop.post(new, data=asked | {"once": n}, files=PHOTO) for n in "bc"))
    assert sorted(each.status_code for each in both) == [303, 409], "two at once"
    number_of_case = f"C{number}-1"
    case, at = f"/c/cases/{number_of_case}", f"/v1/cases/{number_of_case}"
    for page in (f"/c/orders/{number}", "/shop/orders"):
        assert case in (await shop.get(page)).text, page
    await boss.says(at, "case_acknowledged", "service_clerk")
    await boss.says(at, "case_assessed", "service_clerk", words="可退", remedy="refund")
    await supervisor.decides(at, "case_decision", "service_supervisor", "approve", remedy="refund")
    await boss.becomes(at, lambda found: found.get("stage") == "goods_awaited")
    assert "请寄回货物" in (await shop.get("/shop/orders")).text
    nothing = {"kind": "evidence_added", "once": "d"}
    assert "请选择要补充的照片" in told(
        await shop.post(f"{case}/answer", data=nothing, files={"photos": ("", b"")})
    )
    sent = {"kind": "goods_sent", "carrier": "顺丰", "tracking_number": "SF-2", "once": "e"}
    assert (await shop.post(f"{case}/answer", data=sent)).status_code == 303
    await boss.says(at, "goods_received", "warehouse", quantity="2")
    await boss.says(at, "case_inspected", "quality", passed="2", failed="0")
    found = await boss.becomes(at, lambda found: found.get("payable"))
    assert found["payable"] == "176.00", "the fee too: all of it came back"
    await boss.says(at, "remedy_done", "finance", amount="176.00", reference="B-1")
    await boss.becomes(at, lambda found: found.get("stage") == "remedied")
    assert "176.00" in (await shop.get(case)).text
    agreed = await shop.post(f"{case}/answer", data={"kind": "case_answered", "agrees": "yes", "once": "f"})
    assert agreed.status_code == 303
    await boss.becomes(at, lambda found: found.get("ending") == "agreed")
    assert "已结案" in (await shop.get(f"/c/orders/{number}")).text
    for each in (boss, supervisor):
        await each.client.aclose()
