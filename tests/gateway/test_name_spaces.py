"""Attacks on who somebody is: a key called like a manager, another's ids, another customer's orders (R10, R28, R85)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update
from temporalio.client import Client

from activities.access.acts import acts_of
from activities.access.api_keys import create_key, list_keys, rotate_key
from activities.facts.desk_steps import open_desk_steps
from activities.orders.requests import start_of
from activities.scans import scan_reader
from activities.store import imports
from activities.store.database import engine_at, writing
from gateway.security.customer_links import link_for
from models.access import ALL
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.files.scans import name_at_door, take_scan
from runtime.settings import Settings
from runtime.worker.paperwork import build_press
from tests.gateway.conftest import ORDER, caller, key_for, now, own_key

PO = {**ORDER, "request_id": "PO-1001"}
K2 = {**PO, "customer": "K2", "contact": "周", "packing": "袋"}


def contact(fact_id: str = "TX-7", words: str = "hello", **more: Any) -> dict[str, Any]:
    content = {"channel": "phone", "words": words}
    said = {"fact_id": fact_id, "kind": "contact_logged", "happened_at": now(), "role": "service_clerk"}
    return {**said, "content": content, **more}


async def decided(
    client: httpx.AsyncClient, number: str, subject: str, outcome: str, **detail: Any
) -> httpx.Response:
    body = {"fact_id": f"d/{subject}", "happened_at": now(), "subject": subject, "outcome": outcome,
            "note_reference": "N-1", "detail": detail}  # fmt: skip
    return await client.post(f"/v1/orders/{number}/decisions", json=body)


async def up_for_approval(boss: httpx.AsyncClient, number: str) -> None:
    """Everything before the approval has been answered."""
    day = business_date(datetime.now(UTC))
    dates = {"production_date": str(day), "quantity": "10", "finished_date": str(day + timedelta(days=4))}
    assert (await decided(boss, number, "technical", "producible", material_note="ok")).status_code == 200
    assert (await decided(boss, number, "production_date", "dated", **dates)).status_code == 200


@pytest.fixture
async def k2(door: FastAPI, prepared: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The own system of customer K2."""
    key = key_for(prepared, "portal", Role.CUSTOMER, customers=("K2",), places_orders=True)
    async with caller(door, key) as client:
        yield client


@pytest.mark.usefixtures("working")
async def test_a_key_called_like_a_manager_neither_bars_the_manager_nor_approves(
    door: FastAPI, prepared: Settings, boss: httpx.AsyncClient, temporal_client: Client
) -> None:
    """R28: who enters an order does not approve it. A key does not enter in a person's name, and approves nothing."""
    wu = own_key(prepared, "wu", Role.SALES_SUPERVISOR)
    async with (
        caller(door, key_for(prepared, "wu", places_orders=True)) as named_alike,
        caller(door, wu) as person,
    ):
        placed = await named_alike.post("/v1/orders", json={**ORDER, "entered_by": "wu"})
        number = placed.json()["order"]
        request = start_of(engine_at(prepared.database_url), number).request
        assert (request.entered_by, request.on_behalf_of) == ("key:wu", "")
        await up_for_approval(boss, number)
        refused = await decided(named_alike, number, "approval", "approve")
        assert (refused.status_code, refused.json()["code"]) == (403, "wrong_role")
        allowed = await decided(person, number, "approval", "approve")
        assert (allowed.status_code, allowed.json()["status"]) == (200, "accepted"), allowed.text
        timeline = (await named_alike.get(f"/v1/orders/{number}/timeline")).json()
    said = [entry["by"] for entry in timeline if entry["kind"] in ("placed", "decided")]
    assert (said[0], said[-1]) == ("key:wu", "wu")
    people = [act.person for act in acts_of(engine_at(prepared.database_url), number)]
    assert (people[0], people[-1]) == ("key:wu", "wu")
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_who_entered_an_order_is_the_key_whatever_its_body_says(
    door: FastAPI, prepared: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    engine = engine_at(prepared.database_url)
    number = (await shop.post("/v1/orders", json={**ORDER, "entered_by": "wu"})).json()["order"]
    request = start_of(engine, number).request
    assert (request.entered_by, request.on_behalf_of) == ("key:shop", "wu")
    missing = {name: value for name, value in ORDER.items() if name != "entered_by"}
    again = await shop.post("/v1/orders", json=missing)
    assert (again.status_code, again.json()["order"], again.json()["known"]) == (200, number, True)
    claimed = {**ORDER, "request_id": "r", "entered_by": "wu", "entered_role": "sales_supervisor"}
    third = (await shop.post("/v1/orders", json=claimed)).json()["order"]
    assert start_of(engine, third).request.entered_role is Role.SALESPERSON, (
        "the first of the key's own roles"
    )
    nonsense = await shop.post("/v1/orders", json={**PO, "entered_role": "king"})
    assert (nonsense.status_code, nonsense.json()["where"]) == (400, "entered_role")
    async with caller(door, own_key(prepared, "lu", Role.SALES_SUPERVISOR, places_orders=True)) as person:
        other = await person.post("/v1/orders", json={**PO, "entered_by": "wu"})
        assert (other.status_code, other.json()["where"]) == (403, "entered_by")
        foreign = await person.post("/v1/orders", json={**PO, "entered_by": "lu", "entered_role": "finance"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "wrong_role")
        own = (await person.post("/v1/orders", json={**PO, "entered_by": "lu"})).json()["order"]
    request = start_of(engine, own).request
    assert (request.entered_by, request.entered_role) == ("lu", Role.SALES_SUPERVISOR)
    by = await shop.post(f"/v1/orders/{number}/facts", json=contact(by="wu"))
    assert (by.status_code, by.json()["code"], by.json()["where"]) == (422, "unknown_field", "by")
    for each in (number, third, own):
        await temporal_client.get_workflow_handle(f"order-{each}").terminate()


@pytest.mark.usefixtures("working")
async def test_an_id_of_a_fact_belongs_to_who_gave_it(
    door: FastAPI, prepared: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    path = f"/v1/orders/{number}/facts"
    body = contact()
    async with (
        caller(door, key_for(prepared, "chen")) as key,
        caller(door, own_key(prepared, "chen", Role.SERVICE_CLERK)) as person,
    ):
        callers = (shop, key, person)
        for client in callers:
            told = await client.post(path, json=body, headers={"Idempotency-Key": "k-1"})
            assert (told.status_code, told.json()["status"]) == (200, "accepted"), told.text
            assert (told.json()["fact_id"], told.headers.get("Idempotent-Replay")) == ("TX-7", None)
        for client in callers:
            assert (await client.post(path, json=body)).json()["status"] == "known"
            other = await client.post(path, json={**body, "content": {"channel": "fax", "words": "x"}})
            assert (other.status_code, other.json()["code"]) == (409, "fact_conflict")
    timeline = (await shop.get(f"/v1/orders/{number}/timeline")).json()
    said = [entry["by"] for entry in timeline if entry["kind"] == "fact"]
    assert said == ["key:shop", "key:chen", "chen"]
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_two_customers_orders_of_one_number_are_two(
    shop: httpx.AsyncClient, k2: httpx.AsyncClient, prepared: Settings, temporal_client: Client
) -> None:
    """R10: by one service that numbers for both, and by the customer's own system."""
    first = (await shop.post("/v1/orders", json=PO)).json()
    second = (await shop.post("/v1/orders", json=K2)).json()
    own = (await k2.post("/v1/orders", json=K2)).json()
    numbers = [each["order"] for each in (first, second, own)]
    assert len(set(numbers)) == 3
    assert not any(each["known"] for each in (first, second, own))
    for client, body, number in ((shop, PO, numbers[0]), (shop, K2, numbers[1]), (k2, K2, numbers[2])):
        assert (await client.post("/v1/orders", json=body)).json()["order"] == number
        other = await client.post("/v1/orders", json={**body, "packing": "托盘"})
        assert (other.status_code, other.json()["code"]) == (409, "request_conflict")
        assert number in other.text
        assert not any(each in other.text for each in numbers if each != number)
    for number in numbers:
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.parametrize("nowhere", ["20200101-0001", "{today}-9999"])
async def test_an_order_of_another_customer_is_not_confirmed_to_exist(
    shop: httpx.AsyncClient, k2: httpx.AsyncClient, nowhere: str
) -> None:
    """Each way to an order answers the same, but for the number that was asked for."""
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    nowhere = nowhere.format(today=number[:8])
    reason = {"fact_id": "x", "happened_at": now(), "reason": "x"}
    decision = {
        "fact_id": "d",
        "happened_at": now(),
        "subject": "tolerance",
        "outcome": "accept",
        "note_reference": "N",
    }
    ways: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", path, None)
        for path in (
            "",
            "/timeline",
            "/promises",
            "/steps",
            "/documents",
            "/notices",
            f"/documents/{'0' * 64}",
        )
    ]
    ways += [
        ("POST", "/facts", contact()), ("POST", "/decisions", decision), ("POST", "/hold", reason),
        ("POST", "/resume", reason), ("POST", "/cancel", reason), ("POST", "/amend", {**reason, "changes": {"packing": "袋"}}),
    ]  # fmt: skip
    for method, path, body in ways:
        for query in ("", "?wait=no"):
            found = []
            for asked in (number, nowhere):
                answer = await k2.request(method, f"/v1/orders/{asked}{path}{query}", json=body)
                found.append((answer.status_code, answer.text.replace(asked, "N"), sorted(answer.headers)))
            assert found[0] == found[1], (method, path)
            assert found[0][0] == 404, (method, path, found)
    for asked_for in ({}, {"q": number}, {"customer": "K1"}, {"salesperson": "li"}):
        assert (await k2.get("/v1/orders", params=asked_for)).json()["orders"] == []
    assert (await k2.get("/v1/inbox/customer")).json() == []
    assert [each["customer"] for each in (await k2.get("/v1/customers")).json()] == ["K2"]


@pytest.mark.usefixtures("working")
async def test_a_customer_who_signs_as_a_manager_is_still_the_customer(
    door: FastAPI,
    prepared: Settings,
    shop: httpx.AsyncClient,
    boss: httpx.AsyncClient,
    temporal_client: Client,
) -> None:
    """R31: what is typed is what is said; who says it is the customer of the link."""
    clerk = own_key(prepared, "chen", Role.SERVICE_CLERK)
    known = imports.CustomerRow(customer="K3", name="老周", verified_by="chen")
    imports.import_customers(engine_at(prepared.database_url), [known])
    placed = await shop.post("/v1/orders", json={**K2, "customer": "K3", "contact": "boss"})
    number = placed.json()["order"]
    await up_for_approval(boss, number)
    assert (await decided(boss, number, "approval", "approve")).status_code == 200
    async with caller(door, clerk) as chen:
        sent = {"fact_id": "s", "kind": "sheet_sent", "happened_at": now(), "content": {"version": 1}}
        assert (await chen.post(f"/v1/orders/{number}/facts", json=sent)).status_code == 200
    build_press(prepared).print_due()
    path = "/c/" + link_for(prepared, number).rpartition("/")[2]
    async with caller(door) as client:
        paper = re.findall(rf"{re.escape(path)}/papers/[0-9a-f]{{64}}", (await client.get(path)).text)[0]
        assert (await client.get(paper)).status_code == 200
        form = {"signed_by": "boss", "agreed": "yes", "version": "1"}
        assert (await client.post(f"{path}/sign", data=form)).status_code == 303
    timeline = (await shop.get(f"/v1/orders/{number}/timeline")).json()
    signed = next(entry for entry in timeline if entry["subject"] == "confirmation_returned")
    assert (signed["by"], signed["role"]) == ("customer:K3", "customer")
    assert signed["data"]["content"]["signed_by"] == "boss"
    acts = acts_of(engine_at(prepared.database_url), number)
    assert acts[-1].person == "customer:K3"
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.parametrize(
    ("roles", "facts", "code"),
    [
        ((Role.SYSTEM,), (ALL,), Code.MISSING_FIELD),
        ((Role.SALES_SUPERVISOR,), ("hold_placed",), Code.WRONG_ROLE),
        ((Role.MARKETING_DIRECTOR,), ("overridden",), Code.WRONG_ROLE),
        ((Role.FINANCE,), ("payment_received",), Code.WRONG_ROLE),
        ((Role.CUSTOMER,), ("production_reported",), Code.WRONG_ROLE),
        ((Role.SERVICE_CLERK,), ("decision",), Code.WRONG_ROLE),
    ],
)
def test_a_key_that_may_not_be_is_not_made(
    prepared: Settings, roles: tuple[Role, ...], facts: tuple[str, ...], code: Code
) -> None:
    with pytest.raises(Refusal) as found:
        key_for(prepared, "x", *roles, facts=facts)
    assert found.value.code is code
    assert list_keys(engine_at(prepared.database_url)) == []


async def test_a_key_from_before_reads_and_is_renewed_with_a_list(door: FastAPI, prepared: Settings) -> None:
    """It was made for everything, in every role: it keeps what its kind says from outside, and reading."""
    engine, moment = engine_at(prepared.database_url), datetime.now(UTC)
    old = key_for(prepared, "erp", Role.SYSTEM, facts=())
    everything = {"facts": [ALL], "roles": [role.value for role in Role], "places_orders": True}
    with writing(engine) as connection:
        connection.execute(update(table("api_keys")).values(everything))
    (shown,) = list_keys(engine)
    assert shown.to_renew
    async with caller(door, old) as client:
        number = (await client.post("/v1/orders", json=ORDER)).json()["order"]
        me = (await client.get("/v1/me")).json()
        assert not {"finance", "operator", "sales_supervisor", "customer"} & set(me["roles"])
        assert {"payment_received", "arrived"} <= set(me["facts"])
        assert not {"decision", "adopted", "overridden", "hold_placed", "contact_logged", "*"} & set(
            me["facts"]
        )
        for kind in ("adopted", "overridden", "hold_placed", "contact_logged", "cash_cleared"):
            body: dict[str, Any] = {"fact_id": kind, "kind": kind, "happened_at": now(), "content": {}}
            answer = await client.post(f"/v1/orders/{number}/facts", json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "wrong_role"), kind
        assert (await client.get(f"/v1/orders/{number}")).status_code == 200
    later = moment + timedelta(hours=1)
    with pytest.raises(Refusal):
        rotate_key(engine, shown.key_id, moment, later)
    made = rotate_key(engine, shown.key_id, moment, later, ("payment_received",))
    assert {each.key_id: each.to_renew for each in list_keys(engine)} == {
        shown.key_id: True,
        made.key_id: False,
    }
    async with caller(door, made.secret) as client:
        assert (await client.get("/v1/me")).json()["facts"] == ["payment_received"]


async def test_a_persons_own_key_is_the_person(
    door: FastAPI, prepared: Settings, shop: httpx.AsyncClient
) -> None:
    """R85: it sees what the person sees, in the roles the person has today, and nothing once they have left."""
    engine = engine_at(prepared.database_url)
    imports.import_customers(engine, [imports.CustomerRow(customer="K3", name="自己的", salesperson="li")])
    first = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    own = (await shop.post("/v1/orders", json={**ORDER, "customer": "K3"})).json()["order"]
    imports.import_customers(engine, [imports.CustomerRow(customer="K4", name="别人的", salesperson="zhou")])
    others = (await shop.post("/v1/orders", json={**ORDER, "customer": "K4"})).json()["order"]
    key = own_key(prepared, "li", Role.SALESPERSON, Role.FINANCE)
    async with caller(door, key) as client:
        assert (await client.get(f"/v1/orders/{others}")).status_code == 200
        imports.import_staff(engine, [imports.StaffRow(person="li", name="李", roles=(Role.SALESPERSON,))])
        assert (await client.get("/v1/me")).json()["roles"] == ["salesperson"]
        assert (await client.get(f"/v1/orders/{others}")).status_code == 403
        listed = {each["number"] for each in (await client.get("/v1/orders")).json()["orders"]}
        assert own in listed
        assert others not in listed
        steps = (await client.get("/v1/inbox/salesperson")).json()
        assert {step["order_number"] for step in steps} <= {first, own}
        assert (await client.get("/v1/inbox/finance")).status_code == 403
        assert (await client.post("/v1/orders", json=PO)).status_code == 403
        with writing(engine) as connection:
            connection.execute(table("staff").delete().where(table("staff").c.person == "li"))
        assert (await client.get("/v1/me")).status_code == 401
    moment = datetime.now(UTC)
    with pytest.raises(Refusal) as found:
        create_key(engine, "li", (Role.SALESPERSON,), moment, moment, facts=("contact_logged",), person="li")
    assert found.value.code is Code.UNKNOWN_PERSON


async def test_a_sheet_put_on_another_orders_page_is_looked_at_by_a_person(
    prepared: Settings, temporal_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has the link of one order tells another one nothing, whether it is there or not."""
    page = scan_reader.ScannedPage(page=1, order="20270105-0002", version=1, content_hash="0" * 16)
    monkeypatch.setattr(scan_reader, "read_file", lambda path: iter([page]))
    file = prepared.var / name_at_door("20270105-0001", "abcdef01", ".png")
    file.write_bytes(b"picture")
    (taken,) = await take_scan(temporal_client, prepared, file)
    assert taken.refusal is not None
    assert taken.refusal.code is Code.MALFORMED_FILE
    assert taken.order == ""
    (step,) = open_desk_steps(engine_at(prepared.database_url), Role.SERVICE_CLERK)
    assert step.kind is DeskStepKind.UNREAD_SCAN
