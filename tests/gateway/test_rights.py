"""The tables of docs/security.md, knocked at cell by cell."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import uvicorn
from pydantic import SecretStr
from standardwebhooks import Webhook

from activities.access.customer_sessions import begin_session
from activities.access.logins import log_in_as, session_of, set_password
from activities.orders.requests import open_request
from activities.store.company_files import read_policy
from activities.store.database import engine_at, upgrade
from activities.store.imports import (
    CustomerRow,
    PriceRow,
    StaffRow,
    import_customers,
    import_prices,
    import_staff,
)
from gateway.app import create_app
from gateway.security.customer_links import link_for
from gateway.security.rights_table import DOCUMENT, Answer, Entrance, Entry, Who, entrances, written
from models.access import OUTSIDERS, PLACES, SEES_ALL
from models.decisions.subjects import SUBJECTS
from models.facts.fact_kinds import FACT_KINDS
from models.facts.speakers import OF_THE_HOUSE, who_may
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.request.order_request import OrderRequest
from models.values.vocabulary import CustomerClass, Role, Unit
from runtime.server.ports import free_port
from runtime.settings import Settings
from runtime.webhook_keys import new_key
from tests.gateway.conftest import ORDER, caller, key_for, now, own_key, said_by
from tests.runtime.watching import until

PASSWORD = "correct horse battery"
PAPER = "0" * 64
PROVIDERS_KEY = "c2hvcCBwcm92aWRlciBrZXkgb2YgdGhlIHRhYmxlIG9mIHJpZ2h0cw=="
OFFICE = "office@hongfeng.example.com"
STAFF = [role for role in Role if role not in OUTSIDERS - {Role.LOGISTICS}]


@dataclass
class House:
    """An installation whose server is away: what is let in is kept, and nothing else happens."""

    settings: Settings
    address: str
    order: str
    own_order: str
    webhook_key: str
    keys: dict[Who, str] = field(default_factory=dict)

    def key_of(self, who: Who) -> str:
        """With which key they come, made once; empty for who has none."""
        if who not in self.keys:
            self.keys[who] = key_of(self.settings, who)
        return self.keys[who]

    def visitor(self, cookies: dict[str, str], **headers: str) -> httpx.AsyncClient:
        """Somebody new who comes with these cookies. No certificates: reading them takes longer than the visit."""
        return httpx.AsyncClient(
            base_url=self.address,
            cookies=cookies,
            headers=headers,
            trust_env=False,
            verify=False,  # noqa: S501
        )

    def session(self, person: str = "chief") -> tuple[dict[str, str], str]:
        """The cookie of a person who is logged in, and the token of their forms."""
        moment, engine = datetime.now(UTC), engine_at(self.settings.database_url)
        token = log_in_as(engine, person, moment, "here")
        return {"session": token}, session_of(engine, token, moment).form_token


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One for all routes: what a cell asks for leaves the others what they ask for."""
    tmp_path, port = tmp_path_factory.mktemp("house"), free_port()
    own = Settings(
        var=tmp_path,
        gateway_address=f"127.0.0.1:{port}",
        shop_provider="test",
        shop_test_key=SecretStr(PROVIDERS_KEY),
    ).model_copy(
        update={"temporal_address": "127.0.0.1:9", "requests_a_minute": 10**6, "logins_a_minute": 10**6}
    )
    upgrade(own.database_url)
    engine = engine_at(own.database_url)
    import_customers(
        engine,
        [
            CustomerRow(
                customer="K1", name="红枫", customer_class=CustomerClass.B, salesperson="li", email=OFFICE
            ),
            CustomerRow(customer="K2", name="别家"),
            CustomerRow(customer="K3", name="自己的", salesperson="is-salesperson"),
        ],
    )
    price = {"product": "TP-80", "unit": Unit.ROLL, "unit_price": "100.00", "valid_from": "2026-01-01"}
    import_prices(engine, [PriceRow.model_validate(price)])
    people = [StaffRow(person=f"is-{role.value}", name=role.zh, roles=(role,)) for role in STAFF]
    chief = StaffRow(person="chief", name="厂长", roles=tuple(STAFF))
    import_staff(engine, [*people, chief, StaffRow(person="li", name="李", roles=(Role.SALESPERSON,))])
    set_password(engine, "chief", PASSWORD)
    policy, moment = read_policy(own.policy), datetime.now(UTC)
    orders = [
        open_request(
            engine, OrderRequest.model_validate({**ORDER, "request_id": f"r/{customer}", "customer": customer}), moment, policy
        )[0].number
        for customer in ("K1", "K3")
    ]  # fmt: skip
    server = uvicorn.Server(uvicorn.Config(create_app(own), port=port, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started, "the door listens")
    yield House(own, f"http://127.0.0.1:{port}", orders[0], orders[1], new_key(own, "bank"))
    server.should_exit = server.force_exit = True
    await serving


FACT = {"fact_id": "f/1", "kind": "contact_logged", "happened_at": now(), "role": "service_clerk",
        "content": {"channel": "phone", "words": "x"}}  # fmt: skip
REASON = {"fact_id": "f/2", "happened_at": now(), "reason": "x"}
DECIDED = {"fact_id": "d/1", "happened_at": now(), "role": "technical", "subject": "technical", "outcome": "producible",
           "note_reference": "N-1", "detail": {"material_note": "ok"}}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/orders": ORDER,
    "POST /v1/quotes": {
        "request_id": "q/1",
        "channel": "website",
        "customer": "K1",
        "lines": [{"line": 1, "product": "TP-80", "unit": "roll", "quantities": ["100"]}],
        "entered_by": "-",
    },
    "POST /v1/cases": {
        "request_id": "c/1",
        "order": "20270105-0001",
        "type": "complaint",
        "cause": "service",
        "words": "x",
        "entered_by": "-",
    },
    "POST /v1/quotes/{number}/facts": FACT,
    "POST /v1/cases/{number}/facts": FACT,
    "POST /v1/contracts/{number}/facts": FACT,
    "POST /v1/receipts": {"customer": "K1", "amount": "10.00", "reference": "T-1", "act_id": "a/1"},
    "POST /v1/receipts/{number}/acts": {"act": "allocated", "act_id": "a/2", "parts": []},
    "POST /v1/products": {"product": "TP-80"},
    "POST /v1/orders/{number}/facts": FACT,
    "POST /v1/orders/{number}/decisions": DECIDED,
    "POST /v1/orders/{number}/hold": {**REASON, "role": "sales_supervisor"},
    "POST /v1/orders/{number}/resume": {**REASON, "role": "sales_supervisor"},
    "POST /v1/orders/{number}/cancel": {**REASON, "role": "salesperson"},
    "POST /v1/orders/{number}/amend": {**REASON, "role": "salesperson", "changes": {"packing": "袋"}},
    "POST /v1/endpoints": {"url": "https://shop.example/hooks"},
    "POST /v1/endpoints/{endpoint}": {"events": ["order.placed"]},
    "POST /v1/endpoints/{endpoint}/rotate": {"overlap_days": 1},
    "POST /v1/endpoints/{endpoint}/replay": {"after": 0},
    "POST /codec/decode": {"payloads": []},
    "POST /codec/encode": {"payloads": []},
    "POST /hooks/{sender}": {"type": "balance.changed"},
    "POST /shop/callbacks/{provider}": {
        "event": "m",
        "says": "failed",
        "intent": "P-1",
        "at": "2027-01-05T09:30:00+08:00",
    },
}
FORMS: dict[str, dict[str, str]] = {
    "POST /login": {"person": "chief", "password": PASSWORD},
    "POST /orders/{number}/act": {"kind": "contact_logged", "channel": "phone", "words": "x"},
}

_A_QUOTE, _A_CASE, _A_CONTRACT = "Q20270105-0001", "C20270105-0001-1", "H20270105-0001-1"
NUMBERS = {
    "/handovers/{number}/take-back": "1",
    **{door.path: _A_QUOTE for door in entrances() if "/quotes/{number}" in door.path},
    **{door.path: _A_CASE for door in entrances() if "/cases/{number}" in door.path},
    **{door.path: "M20270105-0001" for door in entrances() if "/v1/receipts/{number}" in door.path},
    **{door.path: _A_CONTRACT for door in entrances() if "/contracts/{number}" in door.path},
}
"""What has a number that is no order's."""
PHOTOS = ("/floor/read", "/floor/{number}/photo")


def key_of(settings: Settings, who: Who) -> str:
    """With which key they come; empty for who has none."""
    match who:
        case Who.KEY:
            return key_for(settings, "shop", places_orders=True)
        case Who.OWN_KEY:
            return own_key(settings, "chief", *STAFF, places_orders=True)
        case Who.OTHER_KEY:
            return key_for(settings, "other", customers=("K2",), places_orders=True)
        case _:
            return ""


def request_for(house: House, door: Entrance, who: Who) -> dict[str, Any]:
    """A request that is right in all but who sends it."""
    token = link_for(house.settings, house.order).rpartition("/")[2]
    if who is not Who.LINK:
        token = token[:-3] + ("abc" if not token.endswith("abc") else "xyz")
    path = door.path.replace(":path", "").format(
        number=NUMBERS.get(door.path, house.order), order=house.order,
        document=PAPER, role="production", sender="bank", provider="test", intent=f"P{PAPER[:24]}-1", kind="contact_logged", token=token,
        key="was_it_sent:x", digest="0" * 16, upload="0" * 32, rule="R33", figure="new", act="issue",
        product="TP-80", checkout="0" * 32,
        endpoint="we_0123456789abcdef",
    )  # fmt: skip
    asked: dict[str, Any] = {"method": door.method, "url": path, "headers": {}}
    form_token = ""
    key = house.key_of(who)
    if key:
        asked["headers"]["authorization"] = f"Bearer {key}"
    if who is Who.OWN_KEY and door.name in ("POST /v1/orders", "POST /v1/quotes", "POST /v1/cases"):
        asked["content"] = json.dumps({**BODIES[door.name], "entered_by": "chief"}).encode()
    if who in (Who.STAFF, Who.FORGED_FORM):
        asked["cookies"], form_token = house.session()
    if who is Who.ACCOUNT:
        engine = engine_at(house.settings.database_url)
        token = begin_session(engine, OFFICE, ["K1"], datetime.now(UTC), "here")
        asked["cookies"] = {"customer": token}
    body = BODIES.get(door.name)
    if body is not None:
        asked.setdefault("content", json.dumps(body).encode())
        asked["headers"]["content-type"] = "application/json"
        if who is Who.SIGNED:
            moment = datetime.now(UTC)
            key = PROVIDERS_KEY if "/shop/" in door.path else house.webhook_key
            signature = Webhook(key).sign("m", moment, asked["content"].decode())
            asked["headers"] |= {
                "webhook-id": "m", "webhook-timestamp": str(int(moment.timestamp())), "webhook-signature": signature,
            }  # fmt: skip
    elif door.method == "POST":
        asked |= _filled_in(door, "forged" if who is Who.FORGED_FORM else form_token, asked["headers"])
    return asked


def _filled_in(door: Entrance, token: str, headers: dict[str, str]) -> dict[str, Any]:
    """What a page of ours sends there: a form, a form with a file, or a photo."""
    if door.path in PHOTOS:
        return {"content": b"\x89PNG", "headers": headers | {"dingdan-own-form": token}}
    sent: dict[str, Any] = {"data": {**FORMS.get(door.name, {}), "form_token": token}}
    if door.path.endswith(("/scan", "/upload", "/import")):
        sent["files"] = {"file": ("x.png", b"\x89PNG", "image/png")}
    return sent


def answer_of(status: int, who: Who, door: Entrance) -> Answer:
    if who is Who.OTHER_KEY and status == 404 and door.entry is Entry.KEY:
        return Answer.UNKNOWN
    return {401: Answer.LOG_IN, 403: Answer.NOT_YOURS}.get(status, Answer.IN)


@pytest.mark.slow
@pytest.mark.parametrize("door", list(entrances()), ids=lambda door: door.name)
async def test_every_cell_of_the_routes(house: House, door: Entrance) -> None:
    found = {}
    for who in Who:
        asked = request_for(house, door, who)
        cookies = asked.pop("cookies", {})
        async with house.visitor(cookies) as client, client.stream(**asked) as answer:
            is_away = door.name == "GET /health/ready" and answer.status_code == 503  # no server is here
            assert answer.status_code < 500 or is_away, (who, await answer.aread())
            found[who] = answer_of(answer.status_code, who, door)
    assert found == {who: door.answer(who) for who in Who}


def test_the_tables_in_docs_are_those_of_the_code() -> None:
    """`python -m gateway.security.rights_table` writes them anew."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == written(text)
    entries = {door.entry for door in entrances()}
    assert entries == set(Entry)


async def test_every_role_of_the_staff_sees_and_places_what_is_theirs(house: House) -> None:
    for role in STAFF:
        cookies, form_token = house.session(f"is-{role.value}")
        async with house.visitor(cookies, accept="text/html") as client:
            others = (await client.get(f"/orders/{house.order}")).status_code
            own = (await client.get(f"/orders/{house.own_order}")).status_code
            new = await client.get("/orders/new")
            sent = await client.post("/orders/new", data={"form_token": form_token})
            assert (others == 200) == (role in SEES_ALL), role
            assert (own == 200) == (role in SEES_ALL or role is Role.SALESPERSON), role
            assert {others, own} <= {200, 403}
            expected = (200, 422) if role in PLACES else (403, 403)
            assert (new.status_code, sent.status_code) == expected, role
            listed = (await client.get("/orders?q=2026")).text + (await client.get("/board")).text
            assert (house.order in listed) == (role in SEES_ALL), role


@pytest.mark.slow
async def test_every_role_says_only_what_is_its_to_say(house: House) -> None:
    said: list[tuple[str, dict[str, Any], tuple[Role, ...]]] = [
        ("facts", {**FACT, "kind": kind, "content": {"nonsense": 1}}, who_may(kind))
        for kind in FACT_KINDS
        if kind != DECISION
    ]
    said += [
        (
            "decisions",
            {**DECIDED, "subject": each.value, "outcome": SUBJECTS[each].outcomes[0].value},
            SUBJECTS[each].roles,
        )
        for each in Subject
    ]
    app = create_app(house.settings)
    async with (
        caller(app, own_key(house.settings, "all", *STAFF)) as person,
        caller(app, key_for(house.settings, "bank", Role.SYSTEM)) as system,
        caller(
            app, key_for(house.settings, "portal", Role.CUSTOMER, facts=(*said_by(Role.CUSTOMER), DECISION))
        ) as customer,
    ):
        speaks = {Role.SYSTEM: system, Role.CUSTOMER: customer}
        for path, body, may in said:
            of_the_house = body.get("kind") in OF_THE_HOUSE
            for role in Role:
                answer = await speaks.get(role, person).post(
                    f"/v1/orders/{house.order}/{path}", json={**body, "role": role.value}
                )
                refused = answer.status_code == 403
                assert refused == (role not in may or of_the_house), (body, role, answer.text)
                assert answer.status_code < 500
