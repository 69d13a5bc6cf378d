"""The example shop uses the door as its order desk, from the order to what its people see; and the door's own side of it."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from temporalio.client import Client

from activities.orders.recording.recorder import Recorder
from activities.store.database import engine_at, reading
from activities.webhooks import deliverer
from models.dossier.journal import FIRST_LINK, EntryKind, JournalEntry
from models.dossier.records.recording import Burst, Row
from models.tables.registry import table
from models.values.vocabulary import Role
from models.webhooks.order_events import OrderEvent
from runtime.settings import Settings
from runtime.worker.webhooks_out import build_deliverer
from tests.gateway.conftest import ORDER, caller, key_for, own_key
from tests.runtime.watching import looks

CLIENT = Path(__file__).resolve().parents[2] / "examples" / "shop-client"
ADDRESS = "https://shop.example/hooks/dingdan"
TO = {name: ORDER[name] for name in ("contact", "phone", "address", "consignee", "packing")}


class Sent:
    """What would have gone to the shop's address."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bytes, dict[str, str]]] = []

    def __call__(self, url: str, content: bytes, headers: dict[str, str], **_named: Any) -> int:
        self.calls.append((url, content, headers))
        return 204


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    made = Sent()
    monkeypatch.setattr(deliverer, "post_outside", made)
    return made


@pytest.fixture
def key(prepared: Settings) -> str:
    """A key as a shop has it: of one customer, to place orders and to read them."""
    return key_for(prepared, "shop", Role.CUSTOMER, facts=(), customers=("K1",), places_orders=True)


@pytest.fixture
async def shop_key(door: FastAPI, key: str) -> AsyncIterator[httpx.AsyncClient]:
    async with caller(door, key) as client:
        yield client


async def _recorded(settings: Settings, number: str) -> None:
    orders = table("orders")
    async for _ in looks(f"{number} is recorded"):
        with reading(engine_at(settings.database_url)) as connection:
            if connection.scalar(select(orders.c.sequence).where(orders.c.number == number)):
                return


@pytest.mark.usefixtures("working")
async def test_a_shop_orders_hears_and_shows_where_its_order_stands(
    shop_key: httpx.AsyncClient, prepared: Settings, temporal_client: Client, sent: Sent, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.syspath_prepend(CLIENT)
    order_desk, shop_book, shop_app = (
        importlib.import_module(name) for name in ("order_desk", "shop_book", "shop_app")
    )
    desk, book = order_desk.OrderDesk(shop_key, "K1"), shop_book.ShopBook(tmp_path / "shop.db")
    _, secret = await desk.listen(ADDRESS)
    app = shop_app.create_shop(desk, book, secret)
    shop = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop")
    wanted = {"id": "web-1", "lines": ORDER["lines"], "to": TO}
    first, again = [(await shop.post("/orders", json=wanted)) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, again.json())
    number = first.json()["number"]
    refused = await shop.post("/orders", json={**wanted, "id": "web-2", "lines": []})
    assert refused.status_code == 422
    await _recorded(prepared, number)
    await asyncio.to_thread(build_deliverer(prepared).send_due)
    assert {url for url, _, _ in sent.calls} == {ADDRESS}
    for _, content, headers in sent.calls * 2:  # twice: the shop knows it
        assert (await shop.post("/hooks/dingdan", content=content, headers=headers)).status_code == 204
    _, content, headers = sent.calls[0]
    forged = await shop.post("/hooks/dingdan", content=content.replace(b"placed", b"ended_"), headers=headers)
    assert forged.status_code == 401
    assert book.events_of("web-1") == ["order.placed"]
    shown = [(each.own_id, each.number, each.status) for each in book.orders()]
    assert shown == [("web-1", number, "in_review"), ("web-2", "", "sending")]
    assert number in (await shop.get("/")).text
    # another shop, that was away, reads what it missed
    late = shop_book.ShopBook(tmp_path / "late.db")
    for event in await desk.events_after(late.cursor):
        late.hear(event)
    assert late.events_of("web-1") == ["order.placed"]
    await shop.aclose()
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


async def test_an_endpoint_is_kept_by_its_own_key(
    shop_key: httpx.AsyncClient, door: FastAPI, prepared: Settings
) -> None:
    made = await shop_key.post(
        "/v1/endpoints", json={"url": ADDRESS, "events": ["order.shipped", "order.placed"]}
    )
    assert made.status_code == 201, made.text
    endpoint, secret = made.json()["endpoint"], made.json()["secret"]
    assert made.json()["events"] == ["order.placed", "order.shipped"]
    assert made.json()["customers"] == ["K1"]
    one = (await shop_key.get(f"/v1/endpoints/{endpoint}")).json()
    assert "secret" not in one
    assert (await shop_key.get("/v1/endpoints")).json() == [one]
    twice = await shop_key.post("/v1/endpoints", json={"url": ADDRESS})
    assert (twice.status_code, twice.json()["code"]) == (409, "request_conflict")
    rotated = (await shop_key.post(f"/v1/endpoints/{endpoint}/rotate", json={})).json()
    assert rotated["secret"] not in ("", secret)
    until = datetime.fromisoformat(rotated["old_until"])
    assert timedelta(days=6) < until - datetime.now(UTC) < timedelta(days=8)
    paused = (await shop_key.post(f"/v1/endpoints/{endpoint}/pause")).json()
    assert (paused["state"], paused["paused_because"]["en"]) == ("paused", "paused by hand")
    assert (await shop_key.post(f"/v1/endpoints/{endpoint}/resume")).json()["state"] == "active"
    replayed = await shop_key.post(f"/v1/endpoints/{endpoint}/replay", json={"after": 0})
    assert (replayed.status_code, replayed.json()["events"]) == (202, 0)
    both = {"after": 0, "since": datetime.now(UTC).isoformat()}
    for wrong in ({}, both):
        assert (await shop_key.post(f"/v1/endpoints/{endpoint}/replay", json=wrong)).status_code == 422
    async with caller(door, key_for(prepared, "other")) as other:
        assert (await other.get(f"/v1/endpoints/{endpoint}")).status_code == 404
        assert (await other.post(f"/v1/endpoints/{endpoint}/pause")).status_code == 404
        assert (await other.get("/v1/endpoints")).json() == []
    async with caller(door, own_key(prepared, "boss")) as person:
        assert (await person.get("/v1/events")).status_code == 403
        assert (await person.post("/v1/endpoints", json={"url": ADDRESS})).status_code == 403
    assert (await shop_key.delete(f"/v1/endpoints/{endpoint}")).status_code == 200
    assert (await shop_key.get(f"/v1/endpoints/{endpoint}")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {}, {"url": "http://shop.example/x"}, {"url": "https://127.0.0.1/x"}, {"url": "https://localhost/x"},
        {"url": ADDRESS, "events": []}, {"url": ADDRESS, "events": ["order.eaten"]}, {"url": ADDRESS, "more": 1},
        {"url": ADDRESS, "customers": ["K2"]}, {"url": 5},
    ],
)  # fmt: skip
async def test_a_wrong_endpoint_is_refused_and_nothing_is_kept(
    shop_key: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    answer = await shop_key.post("/v1/endpoints", json=body)
    assert answer.status_code in (400, 403, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await shop_key.get("/v1/endpoints")).json() == []


async def test_each_event_has_a_schema_at_the_door(shop_key: httpx.AsyncClient) -> None:
    schemas = (await shop_key.get("/v1/events/schemas")).json()
    assert set(schemas) == {event.value for event in OrderEvent}
    assert (await shop_key.get("/v1/events")).json() == {"events": [], "next": 0}
    assert (await shop_key.get("/v1/events?after=-1")).status_code == 422


async def test_a_key_reads_the_events_of_its_own_customers_alone(
    shop_key: httpx.AsyncClient, door: FastAPI, prepared: Settings
) -> None:
    assert (await shop_key.post("/v1/endpoints", json={"url": ADDRESS})).status_code == 201
    recorder = Recorder(engine_at(prepared.database_url))
    for place, customer in enumerate(("K1", "K2"), start=1):
        moment, number = datetime.now(UTC), f"20270105-{place:04d}"
        entry = JournalEntry.linked(
            1, FIRST_LINK, EntryKind.PLACED, "order", moment, moment, "chen", Role.SERVICE_CLERK, "R10", {}
        )
        row = Row(table="orders", key={"number": number}, values={"request_id": "r", "customer": customer})
        recorder.record(
            Burst(
                order=number,
                epoch=0,
                after_sequence=0,
                after_hash=FIRST_LINK,
                entries=[entry],
                rows=[row],
                intentions=[],
            )
        )
    own = (await shop_key.get("/v1/events")).json()
    assert [each["data"]["order"] for each in own["events"]] == ["20270105-0001"]
    async with caller(door, key_for(prepared, "all")) as everything:
        both = (await everything.get("/v1/events")).json()
        assert [each["data"]["customer"] for each in both["events"]] == ["K1", "K2"]
        assert (await everything.get(f"/v1/events?after={both['next']}")).json()["events"] == []
