"""What one key may bring: orders, bytes and steps left open at the desk; what is too much is told, and when there is room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps, open_steps_of, resolve
from activities.store.database import engine_at
from gateway.app import create_app
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, caller, key_for, now

pytestmark = pytest.mark.postgresql
NOBODYS = "19990101-0001"


def contact(fact_id: str, words: str = "x", **more: Any) -> dict[str, Any]:
    return {"fact_id": fact_id, "kind": "contact_logged", "happened_at": now(),
            "content": {"channel": "phone", "words": words}, **more}  # fmt: skip


def door_with(prepared: Settings, **limits: int) -> FastAPI:
    return create_app(prepared.model_copy(update=limits))


def refused(answer: httpx.Response, number: int) -> None:
    """A refusal in words that say how much is allowed, and after how many seconds there is room."""
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 300
    assert str(number) in answer.json()["zh"]
    assert str(number) in answer.json()["en"]


@pytest.mark.usefixtures("working")
async def test_a_key_places_so_many_orders_a_minute_and_another_key_is_not_held_up(
    prepared: Settings, temporal_client: Client
) -> None:
    app = door_with(prepared, orders_a_minute=2)
    other = key_for(prepared, "other-shop", customers=("K1",), places_orders=True)
    async with caller(app, key_for(prepared, "shop", places_orders=True)) as shop:
        found = [await shop.post("/v1/orders", json={**ORDER, "request_id": f"q/{n}"}) for n in range(3)]
        assert [each.status_code for each in found] == [201, 201, 429]
        refused(found[-1], 2)
        assert (await shop.get("/v1/orders")).status_code == 200
        kept = {each["number"] for each in (await shop.get("/v1/orders")).json()["orders"]}
        assert kept == {each.json()["order"] for each in found[:2]}
    async with caller(app, other) as client:
        assert (await client.post("/v1/orders", json={**ORDER, "request_id": "o/1"})).status_code == 201


async def test_an_order_that_is_refused_for_its_quota_holds_no_idempotency_key(prepared: Settings) -> None:
    app = door_with(prepared, orders_a_minute=1)
    key = key_for(prepared, "shop", places_orders=True)
    header = {"Idempotency-Key": "k"}
    async with caller(app, key) as shop:
        await shop.post("/v1/orders", json={**ORDER, "customer": "K9"})
        await shop.post("/v1/orders", json=ORDER)
        refused(await shop.post("/v1/orders", json={**ORDER, "request_id": "2"}, headers=header), 1)
    async with caller(door_with(prepared), key) as shop:  # a minute later
        answer = await shop.post("/v1/orders", json={**ORDER, "request_id": "3"}, headers=header)
        assert answer.status_code == 201, answer.text


async def test_a_key_sends_so_many_bytes_a_minute(prepared: Settings) -> None:
    app = door_with(prepared, kilobytes_a_minute=3)
    path = f"/v1/orders/{NOBODYS}/facts"
    async with caller(app, key_for(prepared, "bank")) as bank:
        found = [await bank.post(path, json=contact(f"b/{n}", "长" * 300)) for n in range(4)]
        assert found[0].status_code == 202
        refused(found[-1], 3)
        assert (await bank.get("/v1/me")).status_code == 200
    async with caller(app, key_for(prepared, "other")) as other:
        assert (await other.post(path, json=contact("o/1"))).status_code == 202


async def test_a_key_cannot_fill_the_clerks_inbox(prepared: Settings) -> None:
    """What is settled makes room again; nothing of what was refused was kept."""
    app, engine = door_with(prepared, open_steps_a_key=3), engine_at(prepared.database_url)
    path = f"/v1/orders/{NOBODYS}/facts"
    key = key_for(prepared, "bank")
    async with caller(app, key) as bank:
        found = [await bank.post(path, json=contact(f"b/{n}")) for n in range(5)]
        assert [each.status_code for each in found] == [202, 202, 202, 429, 429]
        refused(found[-1], 3)
        stored = await bank.post(path, json=contact("b/9"), params={"wait": "no"})
        refused(stored, 3)
    steps = open_desk_steps(engine, Role.SERVICE_CLERK)
    assert len(steps) == open_steps_of(engine, "key:bank") == 3
    async with caller(app, key_for(prepared, "bank-2")) as other:
        assert (await other.post(path, json=contact("o/1"))).status_code == 202
    resolve(engine, steps[0].key, datetime.now(UTC), by="chen", resolution="x")
    async with caller(door_with(prepared, open_steps_a_key=3), key) as bank:
        assert (await bank.post(path, json=contact("b/10"))).status_code == 202
        refused(await bank.post(path, json=contact("b/11")), 3)


@pytest.mark.usefixtures("working")
async def test_a_key_that_has_left_too_much_is_still_heard_by_orders_that_live(
    prepared: Settings, temporal_client: Client
) -> None:
    """Money for a running order needs nobody's desk; for an ended one it would, and waits with its sender."""
    app, engine = door_with(prepared, open_steps_a_key=1), engine_at(prepared.database_url)
    async with caller(app, key_for(prepared, "shop", places_orders=True)) as shop:
        number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
        assert (await shop.post(f"/v1/orders/{NOBODYS}/facts", json=contact("b/1"))).status_code == 202
        assert open_steps_of(engine, "key:shop") == 1
        told = await shop.post(f"/v1/orders/{number}/facts", json=contact("b/2"))
        assert (told.status_code, told.json()["status"]) == (200, "accepted")
        over = {"fact_id": "x", "happened_at": now(), "reason": "不要了"}
        assert (await shop.post(f"/v1/orders/{number}/cancel", json=over)).status_code == 200
        await temporal_client.get_workflow_handle(f"order-{number}").result()
        paid = {"fact_id": "b/3", "kind": "payment_received", "role": "system", "happened_at": now(),
                "content": {"amount": "300.00", "reference": "TX-1"}}  # fmt: skip
        refused(await shop.post(f"/v1/orders/{number}/facts", json=paid), 1)
        (step,) = open_desk_steps(engine, Role.SERVICE_CLERK)
        resolve(engine, step.key, datetime.now(UTC), by="chen", resolution="x")
    async with caller(door_with(prepared, open_steps_a_key=1), key_for(prepared, "bank")) as bank:
        late = await bank.post(f"/v1/orders/{number}/facts", json=paid)
        assert (late.status_code, late.json()["code"]) == (409, "order_ended")
        assert open_steps_of(engine, "key:bank") == 1
        refused(await bank.post(f"/v1/orders/{number}/facts", json={**paid, "fact_id": "b/4"}), 1)
