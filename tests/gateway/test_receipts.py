"""Money at the pages: asked back where it is far too much, and told to two orders (R53)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from activities.store.database import engine_at
from runtime.delivery.forwarding import forward
from runtime.settings import Settings
from tests.gateway.conftest import ORDER
from tests.gateway.test_pages import Person, person, staff
from tests.runtime.watching import looks

__all__ = ["person", "staff"]


async def shown(
    shop: httpx.AsyncClient, number: str, condition: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """The order as the database has it, once it is so."""
    order: dict[str, Any] = {}
    async for look in looks(f"{number} is so"):
        order = (await shop.get(f"/v1/orders/{number}")).json()
        look.saw = order
        if order.get("payments") and condition(order):
            break
    return order


async def pays(person: Person, number: str, amount: str, reference: str, **more: str) -> httpx.Response:
    """Finance types that money came in."""
    told = {
        "form_token": await person.token(),
        "kind": "payment_received",
        "amount": amount,
        "reference": reference,
    }
    return await person.client.post(f"/orders/{number}/act", data=told | more)


@pytest.mark.usefixtures("working")
async def test_far_too_much_is_asked_back_and_then_shown_as_credit(
    person: Person, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    """R53"""
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await person.comes("qian")
    asked = await pays(person, number, "99000.00", "TX-1")
    assert asked.status_code == 409
    assert 'name="sure" value="yes"' in asked.text
    assert 'value="99000.00"' in asked.text
    assert (await shop.get(f"/v1/orders/{number}")).json()["payments"] == []
    assert (await pays(person, number, "99000.00", "TX-1", sure="yes")).status_code == 303
    await shown(shop, number, lambda order: True)
    page = (await person.client.get(f"/orders/{number}")).text
    assert "多付" in page
    assert (await pays(person, number, "99000.00", "tx-1")).status_code == 303
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_money_told_to_two_orders_is_moved_by_finance(
    person: Person, shop: httpx.AsyncClient, temporal_client: Client, prepared: Settings
) -> None:
    """R53: who is not of finance does not learn the other order's number."""
    first, second = [
        (await shop.post("/v1/orders", json={**ORDER, "request_id": f"r/{n}"})).json()["order"]
        for n in (1, 2)
    ]
    await person.comes("qian")
    for number in (first, second):
        assert (await pays(person, number, "20.00", "TX-7")).status_code == 303
    held = await shown(shop, second, lambda order: order["payments"][0]["elsewhere"])
    assert held["paid"] == "0.00"
    page = f"/orders/{second}"
    assert first in (await person.client.get(page)).text
    command = f"tell {second} second_telling_settled --set reference=TX-7 --set outcome=…"
    assert command in (await person.client.get(page)).text
    settled = {"form_token": await person.token(), "command": command, "outcome": "split", "amount": "5.00"}
    assert (await person.client.post(f"{page}/act", data=settled)).status_code == 303
    await shown(shop, second, lambda order: any(step["kind"] == "money_moves" for step in order["steps"]))
    engine = engine_at(prepared.database_url)
    await forward(temporal_client, prepared, engine, set())
    await shown(shop, first, lambda order: bool(order["paid"] == "15.00"))
    await forward(temporal_client, prepared, engine, set())
    await shown(shop, second, lambda order: bool(order["paid"] == "5.00"))
    await person.comes("chen")
    assert first not in (await person.client.get(page)).text
    for number in (first, second):
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()
