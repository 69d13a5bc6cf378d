"""A lost order at the door and on pages, and a list of orders that another hand of the product begins first."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps
from activities.orders.requests import has_begun
from activities.orders.views.order_views import show_order
from activities.store.database import engine_at
from gateway.api.placing import begin
from models.dossier.journal import EntryKind
from models.reports.desk_steps import DeskStepKind
from runtime.delivery import forwarding
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, now
from tests.gateway.test_new_order import kept, send
from tests.gateway.test_pages import Person, person, staff
from tests.runtime.watching import until

__all__ = ["person", "staff"]


def contact(fact_id: str) -> dict[str, Any]:
    return {"fact_id": fact_id, "kind": "contact_logged", "role": "service_clerk", "happened_at": now(),
            "content": {"channel": "phone", "words": fact_id}}  # fmt: skip


@pytest.mark.usefixtures("working")
async def test_a_clerk_sees_what_happened_and_brings_the_order_back(
    shop: httpx.AsyncClient, boss: httpx.AsyncClient, person: Person, staff: Settings, temporal_client: Client
) -> None:
    engine = engine_at(staff.database_url)
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    assert (await boss.post(f"/v1/orders/{number}/facts?wait=recorded", json=contact("a"))).status_code == 200
    await until(lambda: has_begun(engine, number))
    handle = temporal_client.get_workflow_handle(f"order-{number}")
    await handle.terminate(reason="<b>tidy</b>")
    stored = await boss.post(f"/v1/orders/{number}/facts", json=contact("b"))
    assert (stored.status_code, stored.json()["status"]) == (202, "stored")
    assert "operator" in stored.json()["en"]
    (step,) = open_desk_steps(engine)
    assert step.kind is DeskStepKind.LOST_ORDER

    await person.comes("chen")
    page = (await person.client.get(f"/desk/{step.key}")).text
    assert "&lt;b&gt;tidy&lt;/b&gt;" in page
    form = {"form_token": await person.token(), "again": "yes"}
    assert (await person.client.post(f"/desk/{step.key}", data=form)).status_code == 303

    def facts() -> list[str]:
        return [e.data["fact_id"] for e in show_order(engine, number).journal if e.kind is EntryKind.FACT]

    await until(lambda: [each.rpartition("/")[2] for each in facts()] == ["a", "b"])
    assert open_desk_steps(engine) == []
    assert any(
        e.kind is EntryKind.BROUGHT_BACK and e.by == "chen" for e in show_order(engine, number).journal
    )
    await handle.terminate()


@pytest.mark.endurance
async def test_a_list_of_orders_is_placed_though_the_forwarder_begins_them_first(
    person: Person, staff: Settings, temporal_client: Client, door: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a busy machine, where ten seconds pass between the first number and the first beginning."""
    engine = engine_at(staff.database_url)
    count, first = 60, asyncio.Lock()

    async def beginning(*given: Any) -> Any:
        async with first:  # all are numbered by now, and none is begun here
            while len(begun) < count:  # a hundred in a round
                await forwarding.forward(temporal_client, staff, engine, begun)
        return await begin(*given)

    begun: set[str] = set()
    monkeypatch.setattr(forwarding, "_BEGINNING", -forwarding._BEGINNING)
    monkeypatch.setattr("gateway.pages.orders.order_uploads.begin", beginning)
    await person.comes("chen")
    head = "request_id,channel,customer,contact,phone,address,consignee,"
    head += (
        "product,specification,quantity,unit,unit_price,payment_terms,packing,delivery_method,freight_terms"
    )
    rows = [
        f"l/{n},fax,K1,王芳,1,深圳,王芳,TP-80,80,10,roll,100.00,deposit,箱,freight,seller_pays"
        for n in range(count)
    ]
    answer = await send(person, "list.csv", "\n".join([head, *rows]).encode())
    assert answer.status_code == 200
    numbers = kept(staff)
    assert len(numbers) == count
    assert begun <= set(numbers)
    assert all(number in answer.text for number in numbers)
    assert "DINGDAN_DATABASE_URL" not in answer.text
    assert open_desk_steps(engine) == []
    for number in numbers:
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()
