"""Orders over HTTP: placed, told, decided, read, listed; who may; what is refused and how it reads (R10, R85)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from activities.access.acts import acts_of
from activities.access.api_keys import admit, list_keys, revoke_key, rotate_key
from activities.facts.desk_steps import open_desk_steps
from activities.orders.views.order_views import recorded_to
from activities.store.database import engine_at
from gateway.app import create_app
from models.reports.desk_steps import DeskStepKind
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.delivery.forwarding import forward
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, caller, key_for, now

pytestmark = pytest.mark.usefixtures("working")


async def placed(shop: httpx.AsyncClient, **changes: Any) -> str:
    answer = await shop.post("/v1/orders", json={**ORDER, **changes})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["order"])


def contact(fact_id: str = "c/1", words: str = "hello", **more: Any) -> dict[str, Any]:
    content = {"channel": "phone", "words": words}
    return {"fact_id": fact_id, "kind": "contact_logged", "happened_at": now(), "content": content, **more}


async def ended(client: Client, number: str) -> None:
    await client.get_workflow_handle(f"order-{number}").terminate()


async def test_an_order_is_placed_once_and_read_in_every_way(
    shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client, prepared: Settings
) -> None:
    number = await placed(shop)
    again = await shop.post("/v1/orders", json=ORDER)
    assert (again.status_code, again.json()["order"], again.json()["known"]) == (200, number, True)
    other = await shop.post("/v1/orders", json={**ORDER, "packing": "袋"})
    assert (other.status_code, other.json()["code"]) == (409, "request_conflict")
    assert other.headers["content-type"] == "application/problem+json"
    told = await shop.post(f"/v1/orders/{number}/facts", json=contact())
    assert (told.status_code, told.json()["status"]) == (200, "accepted")
    decided = await boss.post(
        f"/v1/orders/{number}/decisions",
        json={"fact_id": "d/1", "happened_at": now(), "role": "technical", "subject": "technical",
              "outcome": "producible", "note_reference": "N-1", "detail": {"material_note": "ok"}},
    )  # fmt: skip
    assert decided.status_code == 200, decided.text
    order = (await shop.get(f"/v1/orders/{number}")).json()
    assert (order["customer_name"], order["total"], len(order["lines"])) == ("红枫", "1000.00", 1)
    timeline = (await shop.get(f"/v1/orders/{number}/timeline")).json()
    assert "contact_logged" in {entry["subject"] for entry in timeline}
    assert (await shop.get(f"/v1/orders/{number}/promises")).json() == []
    steps = (await shop.get(f"/v1/orders/{number}/steps")).json()
    assert {step["kind"] for step in steps} == {"decision"}
    assert (await shop.get(f"/v1/orders/{number}/documents")).json() == []
    assert (await shop.get(f"/v1/orders/{number}/notices")).json() == []
    assert any(step["order_number"] == number for step in (await shop.get("/v1/inbox/production")).json())
    assert {each["customer"] for each in (await shop.get("/v1/customers")).json()} == {"K1", "K2"}
    assert (await shop.get("/v1/prices")).json()[0]["unit_price"] == "100.00"
    acts = acts_of(engine_at(prepared.database_url), number)
    assert [act.outcome for act in acts] == ["placed", "known", "told", "told"]
    assert [act.person for act in acts] == ["key:shop", "key:shop", "key:shop", "boss"]
    assert {act.address for act in acts} == {"127.0.0.1"}
    await ended(temporal_client, number)


async def test_the_same_key_has_the_same_answer(shop: httpx.AsyncClient, temporal_client: Client) -> None:
    number = await placed(shop)
    body = contact()
    first = await shop.post(f"/v1/orders/{number}/facts", json=body, headers={"Idempotency-Key": "k-1"})
    second = await shop.post(f"/v1/orders/{number}/facts", json=body, headers={"Idempotency-Key": "k-1"})
    assert second.json() == first.json()
    assert second.headers["Idempotent-Replay"] == "true"
    other = await shop.post(
        f"/v1/orders/{number}/facts", json=contact(words="else"), headers={"Idempotency-Key": "k-1"}
    )
    assert (other.status_code, other.json()["where"]) == (409, "Idempotency-Key")
    known = await shop.post(f"/v1/orders/{number}/facts", json=body)
    assert known.json()["status"] == "known"
    conflict = await shop.post(f"/v1/orders/{number}/facts", json=contact(words="else"))
    assert (conflict.status_code, conflict.json()["code"]) == (409, "fact_conflict")
    await ended(temporal_client, number)


async def test_hold_resume_amend_and_cancel(shop: httpx.AsyncClient, boss: httpx.AsyncClient) -> None:
    number = await placed(shop)
    said = {"happened_at": now(), "reason": "展会"}
    for n, path in enumerate(("hold", "resume")):
        body = {**said, "fact_id": f"h/{n}"}
        assert (await shop.post(f"/v1/orders/{number}/{path}", json=body)).json()["code"] == "wrong_role"
        answer = await boss.post(f"/v1/orders/{number}/{path}", json=body)
        assert (answer.status_code, answer.json()["fact_id"]) == (200, f"h/{n}"), answer.text
    changes = {"lines": [{"line": 1, "quantity": "12"}]}
    amended = await shop.post(
        f"/v1/orders/{number}/amend",
        json={**said, "fact_id": "a/1", "changes": changes, "role": "salesperson"},
    )
    assert amended.status_code == 200, amended.text
    cancelled = await shop.post(f"/v1/orders/{number}/cancel", json={**said, "fact_id": "x/1"})
    assert cancelled.status_code == 200, cancelled.text
    late = await shop.post(f"/v1/orders/{number}/facts", json=contact("late/1"))
    assert (late.status_code, late.json()["code"]) == (409, "order_ended")


async def test_pages_stay_as_they_are_while_orders_are_placed(
    shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    numbers = [await placed(shop, request_id=f"p/{n}") for n in range(5)]
    first = (await shop.get("/v1/orders", params={"limit": 2, "sort": "-number"})).json()
    numbers.append(await placed(shop, request_id="p/9"))
    seen = [order["number"] for order in first["orders"]]
    cursor = first["next"]
    while cursor:
        page = (await shop.get("/v1/orders", params={"limit": 2, "sort": "-number", "cursor": cursor})).json()
        seen += [order["number"] for order in page["orders"]]
        cursor = page["next"]
    assert seen == sorted(numbers[:5], reverse=True)
    for sort in ("number", "placed_at", "promised", "-promised", "customer_name", "-open_balance"):
        found, cursor = [], ""
        while True:
            page = (await shop.get("/v1/orders", params={"limit": 4, "sort": sort, "cursor": cursor})).json()
            found += [order["number"] for order in page["orders"]]
            if not (cursor := page["next"]):
                break
        assert sorted(found) == sorted(numbers), sort
    assert len((await shop.get("/v1/orders", params={"q": "红"})).json()["orders"]) == 6
    assert (await shop.get("/v1/orders", params={"q": "100%_"})).json()["orders"] == []
    for wrong in ({"sort": "colour"}, {"cursor": "xx"}, {"cursor": "W10="}, {"q": "a\x00"}):
        assert (await shop.get("/v1/orders", params=wrong)).status_code == 400
    assert (await shop.get("/v1/orders", params={"limit": 0})).status_code == 422
    for number in numbers:
        await ended(temporal_client, number)


async def test_a_fact_for_an_order_that_nobody_knows_is_kept_for_a_clerk(
    shop: httpx.AsyncClient, prepared: Settings, temporal_client: Client
) -> None:
    answer = await shop.post("/v1/orders/19990101-0001/facts", json=contact("bank/77"))
    assert (answer.status_code, answer.json()["status"]) == (202, "unplaced")
    (step,) = open_desk_steps(engine_at(prepared.database_url), Role.SERVICE_CLERK)
    assert step.kind is DeskStepKind.UNPLACED_FACT
    assert "bank/77" in step.zh


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b'{"a": NaN}', 400, "malformed"),
        (b"\xff", 400, "malformed"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 400, "malformed"),
        (b'{"a":' * 200_00 + b"1" + b"}" * 200_00, 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b'{"a": [' + b"1," * 6000 + b"1]}", 400, "malformed"),
        (b" " * 5_000_000, 413, "malformed"),
        (b'{"request_id": "a\\u0000b"}', 400, "malformed"),
        (b"{}", 422, "missing_field"),
    ],
)
async def test_a_body_that_is_none_is_a_problem(
    shop: httpx.AsyncClient, body: bytes, status: int, code: str | None
) -> None:
    answer = await shop.post("/v1/orders", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert code in (None, answer.json()["code"])
    assert answer.json()["zh"]


async def test_another_type_of_content_is_refused(shop: httpx.AsyncClient) -> None:
    answer = await shop.post("/v1/orders", content=b"a=1", headers={"content-type": "text/plain"})
    assert answer.status_code == 415


async def test_who_has_no_key_gets_nothing(door: FastAPI, prepared: Settings) -> None:
    engine = engine_at(prepared.database_url)
    expired = key_for(prepared, "old", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    revoked = key_for(prepared, "gone")
    revoke_key(engine, list_keys(engine)[-1].key_id, datetime.now(UTC))
    right = key_for(prepared)
    for key in ("", "nonsense", expired, revoked, right[:-1] + "x", right[:15]):
        async with caller(door, key) as client:
            answer = await client.get("/v1/orders")
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    async with caller(door) as client:
        health = await client.get("/health")
        assert health.json() == {"database": "ready", "server": "there"}
        assert (await client.get("/health/live")).json() == {"live": True}
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["database"], ready.json()["server"]) in (
            (200, "ready", "there"),
            (503, "ready", "there"),  # no worker of this test's own queue
        )
        assert ready.json()["ready"] is not bool(ready.json()["wrong"])
        assert health.headers["X-Content-Type-Options"] == "nosniff"
        assert (await client.get("/nothing")).status_code == 404
        assert (await client.delete("/v1/orders")).status_code == 405


async def test_a_key_opens_only_what_it_is_for(
    door: FastAPI, prepared: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    """R85: facts, customers, roles and placing are each its own scope."""
    number = await placed(shop)
    bank = key_for(prepared, "bank", Role.SYSTEM, facts=("payment_received",))
    async with caller(door, bank, **{"Accept-Language": "en"}) as client:
        refused = await client.post(f"/v1/orders/{number}/facts", json=contact())
        assert (refused.status_code, refused.json()["where"]) == (403, "kind")
        assert "payment_received" in refused.json()["detail"]
        paid = {"fact_id": "b/1", "kind": "payment_received", "happened_at": now(),
                "content": {"amount": "300.00", "reference": "TX-1"}}  # fmt: skip
        assert (await client.post(f"/v1/orders/{number}/facts", json=paid)).status_code == 200
        finance = await client.post(
            f"/v1/orders/{number}/facts", json={**paid, "fact_id": "b/2", "role": "finance"}
        )
        assert (finance.status_code, finance.json()["code"]) == (403, "wrong_role")
        assert (await client.post("/v1/orders", json={**ORDER, "request_id": "b"})).status_code == 403
    other = key_for(prepared, "other-shop", customers=("K2",), places_orders=True)
    async with caller(door, other) as client:
        assert (await client.get(f"/v1/orders/{number}")).status_code == 404
        assert (await client.post(f"/v1/orders/{number}/facts", json=contact())).status_code == 404
        assert (await client.get("/v1/orders")).json()["orders"] == []
        assert [each["customer"] for each in (await client.get("/v1/customers")).json()] == ["K2"]
        assert (await client.post("/v1/orders", json={**ORDER, "request_id": "o"})).status_code == 403
    await ended(temporal_client, number)


async def test_who_asks_too_often_waits(prepared: Settings) -> None:
    app = create_app(prepared.model_copy(update={"requests_a_minute": 3}))
    async with caller(app, key_for(prepared)) as client:
        found = [(await client.get("/v1/me")).status_code for _ in range(5)]
        assert found.count(200) == 3
        last = await client.get("/v1/me")
        assert last.status_code == 429
        assert 1 <= int(last.headers["Retry-After"]) <= 61


async def test_a_caller_may_wait_until_it_is_recorded(
    shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = await placed(shop)
    path = f"/v1/orders/{number}/facts"
    answer = await shop.post(path, json=contact(), params={"wait": "recorded"})
    assert (answer.status_code, answer.json()["recorded"]) == (200, True)
    assert (await shop.get(f"/v1/orders/{number}")).json()["sequence"] >= answer.json()["sequence"]
    kept = await shop.post(path, json=contact("c/2"), params={"wait": "no"})
    assert (kept.status_code, kept.json()["status"]) == (202, "stored")
    assert (await shop.post(path, json=contact("c/3"), params={"wait": "ever"})).status_code == 422
    await ended(temporal_client, number)


async def test_a_key_is_rotated(door: FastAPI, prepared: Settings) -> None:
    engine = engine_at(prepared.database_url)
    moment = datetime.now(UTC)
    old = key_for(prepared, "bank", Role.SYSTEM, facts=("payment_received",), customers=("K1",))
    made = rotate_key(engine, list_keys(engine)[0].key_id, moment, moment + timedelta(hours=1))
    for key in (old, made.secret):
        async with caller(door, key) as client:
            me = (await client.get("/v1/me")).json()
            assert (me["name"], me["facts"], me["customers"]) == ("bank", ["payment_received"], ["K1"])
    with pytest.raises(Refusal) as ended_by_then:
        admit(engine, old, "", moment + timedelta(hours=2))
    assert ended_by_then.value.code is Code.NOT_SIGNED_IN
    assert admit(engine, made.secret, "", moment + timedelta(hours=2)).caller.name == "bank"
    revoke_key(engine, made.key_id, moment)
    with pytest.raises(Refusal):
        rotate_key(engine, made.key_id, moment, moment)


async def test_keys_that_nobody_checked_make_no_room_and_log_ins_are_few(prepared: Settings) -> None:
    app = create_app(prepared.model_copy(update={"requests_a_minute": 20, "logins_a_minute": 2}))
    async with caller(app) as client:
        form = {"person": "chen", "password": "x"}
        assert [(await client.post("/login", data=form)).status_code for _ in range(3)] == [401, 401, 429]
        found = [
            (await client.get("/v1/me", headers={"Authorization": f"Bearer {n}"})).status_code
            for n in range(20)
        ]
        assert found.count(429) == 3


async def test_an_order_placed_while_the_server_is_away_begins_when_it_is_back(
    prepared: Settings, temporal_client: Client
) -> None:
    away = create_app(prepared.model_copy(update={"temporal_address": "127.0.0.1:9"}))
    async with caller(away, key_for(prepared, places_orders=True)) as client:
        answer = await client.post("/v1/orders", json=ORDER)
        assert (answer.status_code, answer.json()["status"]) == (202, "stored")
        number = answer.json()["order"]
        told = await client.post(f"/v1/orders/{number}/facts", json=contact())
        assert (told.status_code, told.json()["status"]) == (202, "stored")
    engine = engine_at(prepared.database_url)
    assert await forward(temporal_client, prepared, engine, set()) == 1
    assert recorded_to(engine, number) > 0
    assert await forward(temporal_client, prepared, engine, set()) == 0
    await ended(temporal_client, number)
