"""The page of one order: its goods, rules and promise, and what may be said there though no step asks (R53, R83, R85)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from temporalio.client import Client

from models.values.calendar import business_date
from models.values.vocabulary import Words
from tests.gateway.conftest import ORDER, now
from tests.gateway.test_pages import Person, person, staff
from tests.runtime.watching import looks

__all__ = ["person", "staff"]


async def as_boss(
    boss: httpx.AsyncClient, number: str, *decisions: tuple[str, str, str, dict[str, str]]
) -> None:
    for subject, outcome, role, detail in decisions:
        body = {"fact_id": f"d/{subject}", "happened_at": now(), "role": role, "subject": subject, "outcome": outcome,
                "note_reference": "N-1", "detail": detail}  # fmt: skip
        assert (await boss.post(f"/v1/orders/{number}/decisions", json=body)).status_code == 200


@pytest.mark.usefixtures("working")
async def test_the_page_of_an_order_tells_its_goods_its_rules_and_its_promise(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    today = business_date(datetime.now(UTC))
    dates = {"production_date": str(today), "quantity": "10", "finished_date": str(today + timedelta(days=4))}
    note = {"material_note": "ok"}
    await as_boss(
        boss, number, ("technical", "producible", "technical", note), ("production_date", "dated", "production", dates),
        ("approval", "approve", "sales_supervisor", {}),
    )  # fmt: skip
    await person.comes("wu")
    shown = (await person.client.get(f"/orders/{number}")).text
    assert re.search(
        r"<td>TP-80</td><td>80</td><td[^>]*>10 卷</td><td[^>]*>¥100.00</td><td[^>]*>¥1,000.00</td>", shown
    )
    assert "R30 确认书制作与发送" in shown
    assert f"首次 {today + timedelta(days=4)}" in shown
    assert '<svg class="promise"' in shown
    assert "style=" not in shown
    offered = re.findall(r'/acts/(\w+)"', shown)
    assert {"hold_placed", "cancellation_requested", "overridden", "extension_given"} <= set(offered)
    assert not {"decision", "calendar_refreshed", "adopted", "amendment_requested", "hold_released"} & set(
        offered
    )
    hold = {"form_token": await person.token(), "kind": "hold_placed", "reason": "客户出差", "once": "abc"}
    first = await person.client.post(f"/orders/{number}/act", data=hold)
    twice = await person.client.post(f"/orders/{number}/act", data=hold)
    assert first.headers["location"].endswith("said=accepted")
    assert twice.headers["location"].endswith("said=known")
    other = await person.client.post(f"/orders/{number}/act", data={**hold, "reason": "别的"})
    assert other.status_code == 409
    assert "别的</textarea>" in other.text
    for kind in ("decision", "adopted", "calendar_refreshed"):
        assert (await person.client.get(f"/orders/{number}/acts/{kind}")).status_code == 422
        refused = await person.client.post(f"/orders/{number}/act", data={**hold, "kind": kind})
        assert refused.status_code == 400
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_an_amendment_and_a_payment_in_parts_are_said_on_the_page(
    person: Person, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await person.comes("chen")
    page = f"/orders/{number}"
    amend = (await person.client.get(f"{page}/acts/amendment_requested")).text
    for words in ("收货地址", "要货日期", "交货方式", "第1行数量", "现为 10", "第1行单价"):
        assert words in amend
    change = {"form_token": await person.token(), "kind": "amendment_requested", "reason": "客户加量",
              "changes.lines.1.quantity": "0", "changes.packing": "木箱"}  # fmt: skip
    wrong = await person.client.post(f"{page}/act", data=change)
    assert wrong.status_code == 409
    assert re.search(
        r'name="changes.lines.1.quantity" value="0"[^>]*>\s*<small class="wrong-words"', wrong.text
    )
    assert 'value="木箱"' in wrong.text
    right = await person.client.post(f"{page}/act", data={**change, "changes.lines.1.quantity": "12"})
    assert right.status_code == 303
    quantity = ""
    async for look in looks("12 are wanted"):
        quantity = (await shop.get(f"/v1/orders/{number}")).json()["lines"][0]["quantity"]
        look.saw = quantity
        if quantity == "12.000":
            break
    await person.comes("qian")
    command = f"tell {number} payment_received --set amount=300.00 --set reference=…"
    paid = {"form_token": await person.token(), "command": command, "amount": "120.00", "reference": "TX-1"}
    assert (await person.client.post(f"{page}/act", data=paid)).status_code == 303
    payments = (await shop.get(f"/v1/orders/{number}")).json()["payments"]
    assert [each["amount"] for each in payments] == ["120.00"]
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.parametrize(
    "form",
    [
        {"command": "decide 1 technical --line ² producible --note …"}, {"command": "tell 1 adopted --set edition=x"},
        {"command": "tell 1 decision --set subject=…"}, {"command": "'"}, {"kind": "nothing"}, {},
        {"kind": "contact_logged", "happened_at": "soon", "words": "x", "channel": "fax"},
        {"kind": "extension_given", "due": "later", "step": "x", "reason": "\x00"},
    ],
)  # fmt: skip
@pytest.mark.usefixtures("working")
async def test_a_form_that_is_none_is_refused_and_breaks_nothing(
    form: dict[str, str], person: Person, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await person.comes("chen")
    sent = {"form_token": await person.token(), **form}
    refused = await person.client.post(f"/orders/{number}/act", data=sent)
    assert refused.status_code in {400, 403, 409, 422}, refused.text
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_the_page_says_when_production_expects_to_finish(
    person: Person, shop: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R41: the clerk sees progress against the promise. What is said is `models.documents.production_progress`."""
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await person.comes("chen")
    assert 'class="progress"' not in (await person.client.get(f"/orders/{number}")).text
    late = Words("第1行：生产部预计 2027-03-09 完工", "line 1: production expects to finish on 2027-03-09")
    monkeypatch.setattr("gateway.pages.orders.order_pages.progress", lambda journal, promised: [late])
    shown = (await person.client.get(f"/orders/{number}")).text
    assert re.search(r'<ul class="progress"><li>[^<]*第1行：生产部预计 2027-03-09 完工', shown)
