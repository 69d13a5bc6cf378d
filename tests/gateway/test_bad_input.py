"""What a hostile or broken sender may try: nothing of it breaks an order, the door, or tells of the house."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import make_url
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.access.acts import acts_of
from activities.facts.desk_steps import open_desk_steps
from activities.store.database import engine_at
from gateway.app import create_app
from models.dossier.open_steps import ALSO_BY, COMMANDS
from models.dossier.step_kinds import StepKind
from models.facts.fact_kinds import FACT_KINDS
from models.forms.step_form import form_of
from models.reports.desk_steps import DeskStepKind
from models.values.vocabulary import Role
from runtime.delivery.telling import tell_order
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, caller, now
from tests.runtime.watching import PATIENCE_SECONDS, looks

pytestmark = pytest.mark.usefixtures("working")


async def placed(shop: httpx.AsyncClient, **changes: Any) -> str:
    return str((await shop.post("/v1/orders", json={**ORDER, **changes})).json()["order"])


def contact(fact_id: str, **more: Any) -> dict[str, Any]:
    return {"fact_id": fact_id, "kind": "contact_logged", "happened_at": now(),
            "content": {"channel": "phone", "words": "x"}, **more}  # fmt: skip


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1999-12-31T00:00:00Z"]
)
async def test_a_time_outside_our_time_breaks_no_order(
    shop: httpx.AsyncClient, boss: httpx.AsyncClient, temporal_client: Client, moment: str
) -> None:
    number = await placed(shop)
    path = f"/v1/orders/{number}/facts"
    refused = await shop.post(path, json=contact("c/1", happened_at=moment))
    assert (refused.status_code, refused.json()["where"]) == (400, "happened_at")
    dated = {"production_date": "9999-12-30", "quantity": "10", "finished_date": "9999-12-31"}
    body = {"fact_id": "d/1", "happened_at": now(), "role": "production", "subject": "production_date", "outcome": "dated",
            "note_reference": "N", "detail": dated}  # fmt: skip
    assert (await boss.post(f"/v1/orders/{number}/decisions", json=body)).status_code == 400
    raw = {**contact("c/2", happened_at=moment), "by": "x", "role": "service_clerk", "schema_version": 1}
    handle = temporal_client.get_workflow_handle(f"order-{number}")
    await handle.signal("contact_logged", raw)
    assert (await shop.post(path, json=contact("c/3"))).json()["status"] == "accepted"
    await handle.terminate()


async def test_half_a_character_is_refused(shop: httpx.AsyncClient) -> None:
    raw = json.dumps({**ORDER, "packing": "\ud800"}).encode()
    answer = await shop.post("/v1/orders", content=raw, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            '{"request_id": "a",\n "customer": "K1", "request_id": "b"}',
            "line 2: the key request_id stands twice",
        ),
        ('{"lines": [{"line": 1, "quantity": NaN}]}', "NaN is no number"),
        ('{"lines": [{"quantity": -Infinity}]}', "-Infinity is no number"),
    ],
)
async def test_a_key_twice_and_what_is_no_number_are_refused(
    shop: httpx.AsyncClient, body: str, said: str
) -> None:
    headers = {"content-type": "application/json", "accept-language": "en"}
    answer = await shop.post("/v1/orders", content=body.encode(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert said in answer.text


async def test_six_at_once_with_one_key_are_one(shop: httpx.AsyncClient, temporal_client: Client) -> None:
    number = await placed(shop)
    answers = await asyncio.gather(
        *(
            shop.post(
                f"/v1/orders/{number}/facts", json=contact(f"c/{n}"), headers={"Idempotency-Key": "one"}
            )
            for n in range(6)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    wrong = {**contact("c/9"), "kind": "nothing"}
    path = f"/v1/orders/{number}/facts"
    assert (await shop.post(path, json=wrong, headers={"Idempotency-Key": "two"})).status_code == 422
    right = await shop.post(path, json=contact("c/9"), headers={"Idempotency-Key": "two"})
    assert right.status_code == 200
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


async def test_money_for_an_ended_order_is_a_step_of_finance(
    shop: httpx.AsyncClient, temporal_client: Client, prepared: Settings
) -> None:
    number = await placed(shop)
    await shop.post(
        f"/v1/orders/{number}/cancel", json={"fact_id": "x", "happened_at": now(), "reason": "不要了"}
    )
    await temporal_client.get_workflow_handle(f"order-{number}").result()
    paid = {"fact_id": "b/1", "kind": "payment_received", "role": "system", "happened_at": now(),
            "content": {"amount": "300.00", "reference": "TX-1"}}  # fmt: skip
    answer = await shop.post(f"/v1/orders/{number}/facts", json=paid)
    assert (answer.status_code, answer.json()["code"]) == (409, "order_ended")
    (step,) = open_desk_steps(engine_at(prepared.database_url), Role.FINANCE)
    assert step.kind is DeskStepKind.LATE_FACT
    assert "300.00" in step.zh


async def test_a_database_that_is_locked_is_told_plainly_and_every_act_is_kept(
    shop: httpx.AsyncClient,
    door: FastAPI,
    prepared: Settings,
    temporal_client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "gateway.api.telling.tell_order", tell_order
    )  # nothing is recorded while it is locked
    number = await placed(shop)
    file = make_url(prepared.database_url).database
    assert file is not None
    with closing(sqlite3.connect(Path(file), isolation_level=None)) as other:
        other.execute("begin immediate")
        async with caller(door, shop.headers["authorization"].removeprefix("Bearer ")) as client:
            told = await client.post(f"/v1/orders/{number}/facts", json=contact("c/1"))
            login = await client.post("/login", data={"person": "chen", "password": "x" * 12})
        other.execute("rollback")
    # the order has heard it, whether or not this could be written down at once
    assert told.status_code == 200, told.text
    assert login.status_code in (401, 503)
    assert "sqlite" not in told.text + login.text
    async for _ in looks("both acts are noted"):
        if len(acts_of(engine_at(prepared.database_url), number)) == 2:
            break
    assert [act.act for act in acts_of(engine_at(prepared.database_url), number)][1:] == [
        "contact_logged c/1"
    ]
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nothing", "GET", 404), ("/board", "DELETE", 405)],
)
async def test_a_browser_is_answered_with_a_page(door: FastAPI, path: str, method: str, status: int) -> None:
    async with caller(door, Accept="text/html") as client:
        answer = await client.request(method, path)
        assert answer.headers["content-type"].startswith("text/html")
        # who has not logged in is told no more than that
        assert answer.status_code in (status, 303)
        assert (await client.get("/login/", headers={"host": "evil.example"})).status_code == 404


def test_whoever_is_asked_for_money_or_sees_it_come_can_say_so() -> None:
    for kind, also in ALSO_BY.items():
        form = form_of(COMMANDS[kind].format(order="1", amount="5.00"))
        assert form is not None
        assert set(also) <= set(FACT_KINDS[form.kind].roles)
    assert StepKind.DEPOSIT in ALSO_BY


async def test_the_forwarder_outlives_what_nobody_foresaw(
    prepared: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = asyncio.Queue[int]()

    async def forward(*_: object) -> int:
        rounds.put_nowait(1)
        raise RPCError("internal", RPCStatusCode.INTERNAL, b"")

    monkeypatch.setattr("gateway.app.forward", forward)
    app = create_app(prepared)
    async with asyncio.timeout(PATIENCE_SECONDS), app.router.lifespan_context(app):
        await rounds.get()
        await rounds.get()
