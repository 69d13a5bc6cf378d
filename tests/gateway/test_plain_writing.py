"""One reading at every door: what people type and programs send, and what neither may (R10, R11)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from activities.access.acts import acts_of
from activities.orders.requests import start_of
from activities.store.database import engine_at
from models.values.vocabulary import PaymentTerms, Unit
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, caller, key_for, now
from tests.gateway.test_new_order import form, kept, send, words_at
from tests.gateway.test_pages import Person, person, staff

__all__ = ["person", "staff"]
pytestmark = pytest.mark.usefixtures("working")
LINE = ORDER["lines"][0]
OVERRIDE = "\u202e"


async def test_the_api_reads_plain_numbers_and_refuses_the_rest_by_field(
    shop: httpx.AsyncClient, prepared: Settings
) -> None:
    answer = await shop.post(
        "/v1/orders", json={**ORDER, "lines": [{**LINE, "quantity": "１０", "unit_price": "1,000.00"}]}
    )
    assert answer.status_code == 201, answer.text
    only = start_of(engine_at(prepared.database_url), answer.json()["order"]).request.lines[0]
    assert (str(only.quantity), str(only.unit_price)) == ("10.000", "1000.00")
    for changes, where in (
        ({"lines": [{**LINE, "quantity": "1_0"}]}, "lines.0.quantity"),
        ({"lines": [{**LINE, "quantity": "1.5万"}]}, "lines.0.quantity"),
        ({"lines": [{**LINE, "unit": "卷"}]}, "lines.0.unit"),
        ({"lines": [{**LINE, "unit_price": "NaN"}]}, "lines.0.unit_price"),
        ({"wanted_date": "1798761600"}, "wanted_date"),
        ({"contact": f"王{OVERRIDE}芳"}, "contact"),
        ({"contact": "王\n芳"}, "contact"),
        ({"packing": "箱😀"}, "packing"),
        ({"special_requirements": "\U0001f600"}, "special_requirements"),
    ):
        refused = await shop.post("/v1/orders", json={**ORDER, "request_id": "shop/2", **changes})
        assert refused.status_code in (400, 422), refused.text
        assert refused.json()["where"] == where, refused.text
        assert OVERRIDE not in refused.text
    warned = await shop.post("/v1/orders", json={**ORDER, "request_id": "shop/3", "phone": "75512345678"})
    assert "0755" in warned.json()["look_at"]["phone"]["zh"]
    said = await shop.post("/v1/orders", json={**ORDER, "request_id": "shop/4", "words": "好的😀\n要快"})
    assert said.status_code == 201, said.text


async def test_facts_and_amendments_at_the_api(shop: httpx.AsyncClient, boss: httpx.AsyncClient) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]

    async def fact(
        client: httpx.AsyncClient, kind: str, content: dict[str, Any], fact_id: str = "f/1"
    ) -> httpx.Response:
        body = {"fact_id": fact_id, "kind": kind, "happened_at": now(), "content": content}
        return await client.post(f"/v1/orders/{number}/facts", json=body)

    told = {"amount": "１２．５０", "method": "bank", "reference": "TX-1"}
    paid = await fact(shop, "payment_received", told)
    assert (paid.status_code, paid.json()["status"]) == (200, "accepted"), paid.text
    for amount in ("1_000", "1.200,50", "١٢", "+5", "1e3"):
        refused = await fact(shop, "payment_received", {**told, "amount": amount, "reference": "TX-2"}, "f/2")
        assert (refused.status_code, refused.json()["where"]) == (422, "content.amount"), refused.text
    refused = await fact(shop, "payment_received", {**told, "reference": "TX\u200b3"}, "f/3")
    assert refused.json()["where"] == "content.reference"
    refused = await fact(shop, "contact_logged", {"channel": "phone", "words": "x"}, f"f{OVERRIDE}4")
    assert (refused.status_code, refused.json()["where"]) == (400, "fact_id")
    for change, where in (({"packing": "箱😀"}, "packing"), ({"contact": "王\u2066"}, "contact")):
        body = {
            "fact_id": "a/1",
            "happened_at": now(),
            "reason": "改",
            "changes": change,
            "role": "service_clerk",
        }
        refused = await boss.post(f"/v1/orders/{number}/amend", json=body)
        assert refused.status_code == 400, refused.text
        assert refused.json()["where"].endswith(f"changes.{where}"), refused.text


async def test_an_id_in_a_header_is_one_of_plain_signs(door: FastAPI, prepared: Settings) -> None:
    async with caller(door, key_for(prepared, places_orders=True)) as client:
        for name in ("Idempotency-Key", "webhook-id"):
            path = "/v1/orders" if name == "Idempotency-Key" else "/hooks/bank"
            odd = {name.encode(): b"a\xc2\x9bb"}
            answer = await client.post(path, json=ORDER, headers=odd)
            assert answer.status_code == 422, answer.text


async def test_the_form_reads_what_a_person_types(person: Person, prepared: Settings) -> None:
    await person.comes("li")
    typed = {
        "lines.0.quantity": "１,０００", "lines.0.unit_price": "￥100.00", "wanted_date": "2030/1/5", "words": "一\r\n二",
        "phone": "75512345678", "deposit_percent": "30%",
    }  # fmt: skip
    looked = await person.client.post("/orders/new/check", data=await form(person, **typed))
    assert "0755" in words_at(looked.text, "note-phone")
    placed = await person.client.post("/orders/new", data=await form(person, **typed))
    assert placed.status_code == 303, placed.text
    request = start_of(engine_at(prepared.database_url), kept(prepared)[-1]).request
    assert (str(request.lines[0].quantity), str(request.wanted_date), request.words) == (
        "1000.000",
        "2030-01-05",
        "一\n二",
    )


async def test_the_form_tells_a_mistake_at_its_field(person: Person, prepared: Settings) -> None:
    await person.comes("li")
    for path, typed in (("lines.0.quantity", "1.200,50"), ("contact", f"王{OVERRIDE}"), ("packing", "箱😀")):
        looked = await person.client.post("/orders/new/check", data=await form(person, **{path: typed}))
        assert words_at(looked.text, f"wrong-{path}"), path
        refused = await person.client.post("/orders/new", data=await form(person, **{path: typed}))
        assert refused.status_code == 422
    assert kept(prepared) == []


HEADS = "来单编号,下单渠道,客户编号,产品编号,数量,单位,单价(元),付款方式,要货日期,允许分批,联系电话\n"


async def test_a_table_with_chinese_heads_is_an_order(person: Person, prepared: Settings) -> None:
    await person.comes("li")
    row = 'T-1,传真,K1,TP-80,"1,200",卷,￥100.00,定金,2030年1月5日,是,13812345678\n'
    answer = await send(person, "订单.csv", (HEADS + row).encode())
    assert answer.status_code == 200, answer.text
    request = start_of(engine_at(prepared.database_url), kept(prepared)[-1]).request
    only = request.lines[0]
    assert (str(only.quantity), only.unit, str(only.unit_price)) == ("1200.000", Unit.ROLL, "100.00")
    assert (request.payment_terms, str(request.wanted_date)) == (PaymentTerms.DEPOSIT, "2030-01-05")
    assert request.partial_delivery


async def test_a_file_with_unseen_signs_in_its_name_is_refused(person: Person, prepared: Settings) -> None:
    await person.comes("li")
    answer = await send(person, f"orders{OVERRIDE}vsc.csv", HEADS.encode())
    assert answer.status_code == 422
    assert OVERRIDE not in answer.text
    assert kept(prepared) == []


async def test_whoever_answers_at_a_step_is_held_to_it_as_well(
    person: Person, shop: httpx.AsyncClient, prepared: Settings
) -> None:
    number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
    await person.comes("chen")
    token = await person.token(f"/orders/{number}")
    values = {
        "form_token": token,
        "kind": "contact_logged",
        "once": "1",
        "channel": "phone",
        "words": f"x{OVERRIDE}",
    }
    refused = await person.client.post(f"/orders/{number}/act", data=values)
    assert refused.status_code in (409, 422), refused.text
    assert "U+202E" in refused.text
    assert OVERRIDE not in [act.act for act in acts_of(engine_at(prepared.database_url), number)]
