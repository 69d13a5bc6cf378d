"""What was taken and cannot be done is set aside for a clerk, and what came before and after it goes its way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, select, update
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.access.acts import Act
from activities.facts import pending_facts
from activities.facts.desk_steps import find_open_step, open_desk_steps
from activities.orders.requests import not_begun, open_request
from activities.orders.views.order_views import show_order
from activities.store.database import engine_at, reading, writing
from gateway.context import Door
from models.facts.webhook_events import Understood, understand
from models.messages.envelope import Envelope
from models.messages.reply import Status
from models.policy import Policy
from models.reports.desk_steps import DeskStepKind
from models.request.order_request import OrderRequest
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, Role, Words
from runtime.delivery.forwarding import forward
from runtime.delivery.order_handles import order_handle
from runtime.delivery.placing import Opened, begin_order
from runtime.delivery.resolving import Resolution, resolve_step
from runtime.delivery.telling import Told
from runtime.settings import Settings
from runtime.webhook_keys import new_key
from tests.gateway.conftest import ORDER, now
from tests.gateway.test_webhooks import Sender

_WORDS = Words("出错", "a fault")
LONG_AGO = timedelta(minutes=5)
TOO_MANY = ["x" * 100] * 25_000
"""2.5 MB: more than the server takes in one piece."""


def numbered(engine: Engine, *requests: str) -> list[str]:
    """Orders that have a number and whose server was away; their numbers."""
    placed = datetime.now(UTC) - LONG_AGO
    return [
        open_request(engine, OrderRequest.model_validate({**ORDER, "request_id": each}), placed, Policy())[0].number
        for each in requests
    ]  # fmt: skip


def spoil(engine: Engine, number: str, **changes: Any) -> None:
    """The start as an older program might have kept it."""
    requests = table("requests")
    with writing(engine) as connection:
        of_order = requests.c.number == number
        start: dict[str, Any] = connection.execute(select(requests.c.start).where(of_order)).scalar_one()
        start["request"].update(changes)
        connection.execute(update(requests).where(of_order).values(start=start))


async def runs(client: Client, number: str) -> bool:
    try:
        await order_handle(client, number).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True


async def test_orders_that_cannot_begin_stop_no_other(prepared: Settings, temporal_client: Client) -> None:
    engine = engine_at(prepared.database_url)
    first, large, broken, last = numbered(engine, "a", "b", "c", "d")
    spoil(engine, large, unclear=TOO_MANY)
    spoil(engine, broken, channel="of_another_program")
    begun: set[str] = set()
    assert await forward(temporal_client, prepared, engine, begun) == 0
    assert begun == {first, last}
    assert [await runs(temporal_client, each) for each in (first, large, broken, last)] == [
        True,
        False,
        False,
        True,
    ]
    aside = {step.order_number: step for step in open_desk_steps(engine)}
    assert set(aside) == {large, broken}
    assert aside[large].about["code"] == Code.TOO_LARGE.value
    assert aside[broken].about["code"] == Code.FAULT.value
    later = datetime.now(UTC)
    assert set(not_begun(engine, later)) == {first, last}  # nobody records them: there is no worker here

    async def on_server(work: Any) -> Told:
        told: Told = await work(temporal_client)
        return told

    step = aside[large]
    with pytest.raises(Refusal) as refused:
        await resolve_step(prepared, engine, step, Resolution(again=True), "chen", on_server)
    assert refused.value.code is Code.TOO_LARGE
    assert find_open_step(engine, step.key).since == step.since
    spoil(engine, large, unclear=[])
    await resolve_step(prepared, engine, step, Resolution(again=True), "chen", on_server)
    assert await runs(temporal_client, large)
    await resolve_step(prepared, engine, aside[broken], Resolution(give_up="typed twice"), "chen", on_server)
    assert open_desk_steps(engine) == []
    assert show_order(engine, broken).order.ending == Ending.CANCELLED.value
    assert broken not in not_begun(engine, later)


async def test_an_order_in_trouble_with_the_server_is_left_for_later_and_the_others_begin(
    prepared: Settings, temporal_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_at(prepared.database_url)
    first, troubled, last = numbered(engine, "a", "b", "c")
    whole = begin_order

    async def beginning(client: Client, settings: Settings, opened: Opened) -> Opened:
        if opened.start.number == troubled:
            raise Refusal(Code.SERVER_UNAVAILABLE, _WORDS) from RPCError("shard", RPCStatusCode.INTERNAL, b"")
        return await whole(client, settings, opened)

    monkeypatch.setattr("runtime.delivery.forwarding.begin_order", beginning)
    begun: set[str] = set()
    with pytest.raises(Refusal):
        await forward(temporal_client, prepared, engine, begun)
    assert begun == {first, last}
    assert open_desk_steps(engine) == []


@pytest.mark.usefixtures("working")
async def test_facts_that_cannot_be_told_stop_no_other(
    shop: httpx.AsyncClient, prepared: Settings, temporal_client: Client
) -> None:
    engine = engine_at(prepared.database_url)
    number = str((await shop.post("/v1/orders", json=ORDER)).json()["order"])
    good = {"channel": "phone", "words": "x"}
    wrong = {"fact_id": "b", "kind": "payment_received", "content": {"amount": "-1.00", "reference": "TX"}}
    huge = {"fact_id": "c", "kind": "contact_logged", "content": {**good, "words": "x" * 2_500_000}}
    facts = [
        {"fact_id": "a", "kind": "contact_logged", "content": good}, wrong, huge,
        {"fact_id": "d", "kind": "contact_logged", "content": good},
    ]  # fmt: skip
    for each in facts:
        role = Role.FINANCE if each is wrong else Role.SERVICE_CLERK
        each["happened_at"] = now()
        envelope = Envelope.model_validate({"by": "chen", "role": role, **each})
        pending_facts.keep(engine, number, envelope, datetime.now(UTC))
    assert await forward(temporal_client, prepared, engine, set()) >= 2
    assert pending_facts.waiting(engine) == []
    asked = {step.about["fact_id"]: step for step in open_desk_steps(engine)}
    assert set(asked) == {"b", "c"}
    assert all(step.kind is DeskStepKind.REFUSED_FACT for step in asked.values())
    assert asked["b"].roles[0] is Role.FINANCE
    kept = table("inbox")
    with reading(engine) as connection:
        states = {row.fact_id: row.state for row in connection.execute(select(kept))}
    told, aside = pending_facts.InboxState.TOLD.value, pending_facts.InboxState.SET_ASIDE.value
    assert states == {"a": told, "b": told, "c": aside, "d": told}  # the order has heard b, and said no
    told_to_it = [order["status"] for order in (await _answers(temporal_client, number, facts[0], facts[3]))]
    assert told_to_it == [Status.KNOWN.value] * 2


async def _answers(client: Client, number: str, *facts: dict[str, Any]) -> list[dict[str, Any]]:
    """What the order says when it is told these once more."""
    handle = order_handle(client, number)
    with_who = [{"by": "chen", "role": "service_clerk", "schema_version": 1, **each} for each in facts]
    return [await handle.execute_update("tell", each) for each in with_who]


async def test_an_act_that_cannot_be_noted_hides_no_other(prepared: Settings, door: FastAPI) -> None:
    this: Door = door.state.door
    acts = [
        Act(at=datetime.now(UTC), person=person, role="x", address="", act="y", order_number="", outcome="told")
        for person in ("a", "b", "c")
    ]  # fmt: skip
    acts[1] = acts[1].model_copy(update={"at": datetime(2027, 1, 1)})  # noqa: DTZ001 - a time without zone is refused
    this.unnoted += acts
    await this.note_the_unnoted()
    assert this.unnoted == []
    found = table("acts")
    with reading(this.engine) as connection:
        assert set(connection.scalars(select(found.c.person))) >= {"a", "c"}


async def test_the_api_says_how_large_an_order_may_be(shop: httpx.AsyncClient) -> None:
    line = {**ORDER["lines"][0], "quantity": "755550102", "unit_price": "80.00"}
    refused = await shop.post("/v1/orders", json={**ORDER, "lines": [line]})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_money")
    assert refused.json()["where"] == "lines.0.quantity"
    listed = await shop.get("/v1/orders")
    assert (listed.status_code, listed.json()["orders"]) == (200, [])


async def test_an_event_over_which_the_program_stumbles_is_kept_for_a_clerk(
    prepared: Settings, door: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = understand

    def stumbling(table: Any, body: dict[str, Any], signed_at: datetime) -> Understood:
        if body["type"] == "b":
            raise ZeroDivisionError("nobody foresaw this")
        return whole(table, body, signed_at)

    monkeypatch.setattr("gateway.api.webhooks.understand", stumbling)
    bank = Sender(door, "bank", new_key(prepared, "bank"))
    answers = [await bank.sends({"type": kind, "data": {}}, message=kind) for kind in ("a", "b", "c")]
    assert [each.status_code for each in answers] == [202, 202, 202]
    steps = {step.about["message"]: step for step in open_desk_steps(engine_at(prepared.database_url))}
    assert set(steps) == {"a", "b", "c"}  # the bank's table knows neither, but each is there to be looked at
    assert all(step.kind is DeskStepKind.UNREAD_EVENT for step in steps.values())
    assert "ZeroDivisionError" in steps["b"].en
    assert "ZeroDivisionError" not in steps["a"].en + steps["c"].en
