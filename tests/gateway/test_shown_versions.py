"""R83 at the door: every act carries what its page showed; a stale one comes back with what changed and the form as it is now."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from activities.orders.requests import start_of
from activities.orders.views.order_views import show_order
from activities.store import imports
from activities.store.database import engine_at
from gateway.pages.customers.customer_pages import customer_file_of
from models.values.calendar import business_date
from models.values.vocabulary import CustomerClass
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, now
from tests.gateway.test_order_page import as_boss
from tests.gateway.test_pages import Person, person, staff

__all__ = ["person", "staff"]
MORE = {"lines": [{"line": 1, "quantity": "100"}]}


async def placed(shop: httpx.AsyncClient, boss: httpx.AsyncClient, **changes: Any) -> str:
    """An order that waits for the supervisor's approval."""
    number = str((await shop.post("/v1/orders", json={**ORDER, **changes})).json()["order"])
    today = business_date(datetime.now(UTC))
    dates = {
        "production_date": str(today),
        "quantity": "100",
        "finished_date": str(today + timedelta(days=4)),
    }
    await as_boss(
        boss, number, ("technical", "producible", "technical", {"material_note": "ok"}),
        ("production_date", "dated", "production", dates),
    )  # fmt: skip
    return number


async def amended(shop: httpx.AsyncClient, number: str, changes: dict[str, Any], fact: str = "a/1") -> None:
    body = {
        "fact_id": fact,
        "happened_at": now(),
        "role": "service_clerk",
        "reason": "客户要求",
        "changes": changes,
    }
    answer = await shop.post(f"/v1/orders/{number}/amend?wait=recorded", json=body)
    assert answer.status_code == 200, answer.text


def form_in(page: str, command: str) -> dict[str, str]:
    """The hidden fields of the form that answers this step."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        if html.unescape(hidden.get("command", "")).startswith(command):
            return {name: html.unescape(value) for name, value in hidden.items()}
    raise AssertionError(f"no form for {command}")


@pytest.mark.usefixtures("working")
@pytest.mark.parametrize("place", ["/orders/{number}", "/"])
async def test_an_approval_from_a_page_that_was_opened_before_the_amendment(
    place: str, person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client
) -> None:
    """From the order's page and from the inbox: refused with both figures, then taken with the version that is shown."""
    number = await placed(shop, boss)
    await person.comes("wu")
    form = form_in((await person.client.get(place.format(number=number))).text, f"decide {number} approval")
    assert json.loads(form["seen"]) == {"version": 1, "asked": 1}
    await amended(boss, number, MORE)
    answer = {**form, "outcome": "approve", "note_reference": "N-7"}
    stale = await person.client.post(f"/orders/{number}/act", data=answer)
    assert stale.status_code == 409
    for words in (
        "您看到的是订单第1版，现在是第2版",
        "<td>第1行数量</td><td>10</td><td><strong>100</strong></td>",
        "1,000.00",
        "10,000.00",
    ):
        assert words in stale.text
    assert 'value="N-7"' in stale.text
    again = form_in(stale.text, f"decide {number} approval")
    assert json.loads(again["seen"])["version"] == 2
    assert again["once"] != form["once"]
    # what rested on the quantity is asked first; the approval waits for nothing but itself
    taken = await person.client.post(f"/orders/{number}/act", data={**answer, **again})
    assert taken.status_code == 303, taken.text
    journal = (await shop.get(f"/v1/orders/{number}/timeline")).json()
    seen = [e["data"].get("seen") for e in journal if e["kind"] == "decided" and e["subject"] == "approval"]
    assert seen in ([], [{"version": 2}])
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_a_fact_without_a_step_and_a_step_that_is_gone(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client
) -> None:
    """The form of a fact comes back to be said again; that of a step that is asked no more does not."""
    number = await placed(shop, boss)
    await as_boss(boss, number, ("approval", "approve", "sales_supervisor", {}))
    await person.comes("chen")
    sheet = form_in((await person.client.get(f"/orders/{number}")).text, f"tell {number} sheet_sent")
    page = (await person.client.get(f"/orders/{number}/acts/contact_logged")).text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    contact = {name: html.unescape(value) for name, value in hidden.items()}
    await amended(boss, number, {"address": "别处"})
    stale = await person.client.post(f"/orders/{number}/act", data=sheet)
    assert stale.status_code == 409
    assert "<td>深圳</td><td><strong>别处</strong></td>" in stale.text
    assert "看订单现在的情况" in stale.text
    told = {**contact, "channel": "phone", "words": "问交期"}
    stale = await person.client.post(f"/orders/{number}/act", data=told)
    assert stale.status_code == 409
    fresh = dict(re.findall(r'type="hidden" name="(seen|once)" value="([^"]*)"', stale.text))
    again = {**told, **{name: html.unescape(value) for name, value in fresh.items()}}
    assert (await person.client.post(f"/orders/{number}/act", data=again)).status_code == 303
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_programs_say_what_they_saw_or_nothing(
    shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client
) -> None:
    """An answer to another version is a problem document that names what changed; without a version it is taken."""
    number = await placed(shop, boss)
    assert (await shop.get(f"/v1/orders/{number}")).json()["request_version"] == 1
    await amended(shop, number, {"address": "别处", "customer_order_number": "PO-1001"})
    order = (await shop.get(f"/v1/orders/{number}")).json()
    assert (order["request_version"], order["customer_order_number"]) == (2, "PO-1001")
    assert [each["number"] for each in (await shop.get("/v1/orders?q=po-1001")).json()["orders"]] == [number]
    said: dict[str, Any] = {"happened_at": now(), "role": "sales_supervisor", "subject": "approval", "outcome": "approve",
                            "note_reference": "N-1"}  # fmt: skip
    stale = await boss.post(
        f"/v1/orders/{number}/decisions", json={**said, "fact_id": "s/1", "seen": {"version": 1}}
    )
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    changed = {
        each["field"]["en"]: (each["before"]["zh"], each["after"]["zh"]) for each in stale.json()["changes"]
    }
    assert changed == {"address": ("深圳", "别处"), "customer's order number": ("", "PO-1001")}
    fact = {"fact_id": "s/2", "kind": "contact_logged", "happened_at": now(), "role": "service_clerk",
            "content": {"channel": "phone", "words": "x"}}  # fmt: skip
    assert (
        await boss.post(f"/v1/orders/{number}/facts", json={**fact, "seen": {"version": 1}})
    ).status_code == 409
    bad = await boss.post(f"/v1/orders/{number}/facts", json={**fact, "seen": {"edition": 1}})
    assert (bad.status_code, bad.json()["code"]) == (422, "unknown_field")
    taken = await boss.post(f"/v1/orders/{number}/decisions", json={**said, "fact_id": "s/3"})
    assert taken.status_code == 200
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_the_customers_page_and_the_customers_file(
    person: Person, shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client, staff: Settings
) -> None:
    """R31, R83: who signs is who the file names now; it is read from the company's own customers, whatever was sent."""
    number = await placed(shop, boss)
    engine = engine_at(staff.database_url)
    row = imports.CustomerRow(
        customer="K1",
        name="红枫制品",
        customer_class=CustomerClass.B,
        designated_signers=("李强",),
        verified_by="chen",
    )
    imports.import_customers(engine, [row])
    await person.comes("chen")
    page = (await person.client.get(f"/orders/{number}/acts/customer_file_refreshed")).text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    told = {name: html.unescape(value) for name, value in hidden.items()}
    said = await person.client.post(f"/orders/{number}/act", data={**told, "reason": "更名"})
    assert said.status_code == 303, said.text
    forged = {"customer": "K1", "name": "别人", "designated_signers": ["路人"]}
    body = {"fact_id": "f/1", "kind": "customer_file_refreshed", "happened_at": now(), "role": "service_clerk",
            "content": {"file": forged}}  # fmt: skip
    assert (await shop.post(f"/v1/orders/{number}/facts?wait=recorded", json=body)).status_code == 200
    assert (await shop.get(f"/v1/orders/{number}")).json()["customer_name"] == "红枫制品"
    view, start = show_order(engine, number), start_of(engine, number)
    assert start.customer.designated_signers == ("王芳",)
    assert customer_file_of(view, start).designated_signers == ("李强",)
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_a_line_that_is_added_is_compared_with_the_price_list(
    shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client
) -> None:
    """R20: looked up at the door; what was sent in its place does not count, and an unknown product is none."""
    number = await placed(shop, boss)
    new = {"product": "TP-80", "specification": "80", "quantity": "5", "unit": "roll", "unit_price": "100.00"}
    body = {"fact_id": "l/1", "kind": "amendment_requested", "happened_at": now(), "role": "salesperson",
            "content": {"reason": "x", "changes": {"added_lines": [new]}, "references": [{"line": 1, "product": "TP-80",
            "unit": "roll", "list_price": "1.00"}]}}  # fmt: skip
    assert (await shop.post(f"/v1/orders/{number}/facts?wait=recorded", json=body)).status_code == 200
    steps = {each["key"] for each in (await shop.get(f"/v1/orders/{number}/steps")).json()}
    assert "decision:technical:2" in steps
    assert "decision:price:2" not in steps
    unknown = {"reason": "x", "changes": {"added_lines": [new, {**new, "product": "TP-00"}]}}
    answer = await shop.post(
        f"/v1/orders/{number}/facts", json={**body, "fact_id": "l/2", "content": unknown}
    )
    assert (answer.json()["code"], answer.json()["where"]) == (
        "unknown_product",
        "content.changes.added_lines.1.product",
    )
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()
