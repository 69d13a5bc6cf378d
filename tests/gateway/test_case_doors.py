"""Quotes, after-sales cases and contracts at the door for services: asked for, told, read, and never another's (R85, R104, R143)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from activities.contracts.contract_views import ContractView
from gateway.api.case_rooms import CONTRACTS
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.gateway.conftest import caller, key_for, now, own_key
from tests.gateway.test_cases import delivered
from tests.gateway.test_pages import staff
from tests.gateway.test_quotes import soon
from tests.models.quote_life import sheet

__all__ = ["staff"]
pytestmark = pytest.mark.usefixtures("working")
DELIVERED = "20260102-0001"
"""An order of this module alone: numbers of cases are its, and every test has the same server."""
ENQUIRY: dict[str, Any] = {
    "request_id": "shop/q1", "channel": "website", "customer": "K1", "contact": "王芳", "phone": "1", "packing": "箱",
    "lines": [{"line": 1, "product": "SP-9", "specification": "新品", "unit": "roll", "quantities": ["10000"]}],
    "payment_terms": "deposit", "entered_by": "-",
}  # fmt: skip
CASE: dict[str, Any] = {
    "request_id": "shop/c1", "order": DELIVERED, "type": "complaint", "cause": "service", "words": "送货员态度不好",
    "entered_by": "-",
}  # fmt: skip
FACTS = ("offer_accepted", "counter_offered", "offer_refused", "evidence_added")


def shop(settings: Settings, name: str, *customers: str) -> str:
    """A shop's key: it speaks for these customers."""
    return key_for(settings, name, Role.CUSTOMER, customers=customers, facts=FACTS, places_orders=True)


def said(kind: str, number: str = "1", **content: Any) -> dict[str, Any]:
    return {"fact_id": f"t/{kind}/{number}", "kind": kind, "happened_at": now(), "content": content}


async def test_a_quote_is_asked_for_offered_and_accepted_by_keys(door: FastAPI, staff: Settings) -> None:
    """One enquiry is one quote; its customer reads the offer and nothing of what it costs us, and accepts it."""
    desk_key = own_key(staff, "li", Role.SALESPERSON, facts=("offer_made", "offer_sent"))
    office_key = own_key(staff, "qian", Role.FINANCE, facts=("cost_sheet_made",))
    async with (
        caller(door, shop(staff, "shop", "K1")) as client,
        caller(door, desk_key) as desk,
        caller(door, office_key) as office,
    ):
        asked = await client.post("/v1/quotes", json=ENQUIRY)
        assert asked.status_code == 201, asked.text
        number = asked.json()["quote"]
        again = await client.post("/v1/quotes", json=ENQUIRY)
        assert (again.status_code, again.json()["quote"], again.json()["known"]) == (200, number, True)
        other = await client.post("/v1/quotes", json={**ENQUIRY, "packing": "袋"})
        assert (other.status_code, other.json()["code"]) == (409, "request_conflict")
        await soon(staff, number, "enquiry")
        costed = await office.post(
            f"/v1/quotes/{number}/facts?wait=recorded", json=said("cost_sheet_made", sheets=[sheet()])
        )
        assert (costed.status_code, costed.json()["recorded"]) == (200, True), costed.text
        assert (await desk.post(f"/v1/quotes/{number}/facts", json=said("offer_made"))).status_code == 200
        sent = await desk.post(f"/v1/quotes/{number}/facts", json=said("offer_sent", version="1"))
        assert sent.status_code == 200, sent.text
        await soon(staff, number, "offered")
        shown = (await client.get(f"/v1/quotes/{number}")).json()
        (offer,) = shown["offers"]
        assert offer["prices"][0]["unit_price"] == "4.0115"
        for secret in ("28400", "margin", "cost", "journal"):
            assert secret not in str(shown), secret
        inside = (await desk.get(f"/v1/quotes/{number}")).json()
        assert [row["what"] for row in inside["costs"]]
        (row,) = (await client.get("/v1/quotes")).json()
        assert (row["number"], row["stage"]) == (number, "offered")
        accepted = await client.post(
            f"/v1/quotes/{number}/facts",
            json=said("offer_accepted", version="1", digest=offer["digest"], signed_by="王芳"),
        )
        assert accepted.status_code == 200, accepted.text
        await soon(staff, number, "ordered")
        assert (await client.get("/v1/quotes", params={"open_only": "true"})).json() == []


async def test_what_is_wrong_is_told_with_its_field(door: FastAPI, staff: Settings) -> None:
    async with caller(door, shop(staff, "shop", "K1")) as client:
        bad = await client.post(
            "/v1/quotes",
            json={**ENQUIRY, "lines": [{**ENQUIRY["lines"][0], "quantities": ["-1"]}]},
        )
        assert (bad.status_code, bad.json()["where"]) == (400, "lines.0.quantities.0")
        foreign = await client.post("/v1/quotes", json={**ENQUIRY, "customer": "K2"})
        assert (foreign.status_code, foreign.json()["code"], foreign.json()["where"]) == (
            403, "wrong_role", "customer",
        )  # fmt: skip
        number = (await client.post("/v1/quotes", json=ENQUIRY)).json()["quote"]
        unknown = await client.post(f"/v1/quotes/{number}/facts", json=said("payment_received"))
        assert (unknown.status_code, unknown.json()["code"], unknown.json()["where"]) == (
            422, "unknown_fact", "kind",
        )  # fmt: skip
        assert "offer_accepted" in unknown.json()["detail"]
        for path in (f"/v1/cases/{number}", f"/v1/contracts/{number}", "/v1/quotes/Q20200101-0001"):
            assert (await client.get(path)).status_code == 404, path
        assert (await client.get("/v1/quotes/none")).status_code == 422


async def test_another_customers_quote_and_case_are_none(door: FastAPI, staff: Settings) -> None:
    """R85: not in a list, not by number, and nothing is told to it."""
    delivered(staff, DELIVERED)
    async with (
        caller(door, shop(staff, "shop", "K1")) as client,
        caller(door, shop(staff, "others", "K2")) as other,
    ):
        quote = (await client.post("/v1/quotes", json=ENQUIRY)).json()["quote"]
        opened = await client.post("/v1/cases", json=CASE)
        assert opened.status_code == 201, opened.text
        case = opened.json()["case"]
        assert (await client.get(f"/v1/cases/{case}")).json()["words"] == CASE["words"]
        assert [each["number"] for each in (await client.get("/v1/cases")).json()] == [case]
        own = (await client.get(f"/v1/cases/{case}")).json()
        assert not own.keys() & {
            "steps",
            "journal",
            "decisions",
            "assessed",
            "owner",
            "decided_by",
            "our_fault",
        }
        for path in (f"/v1/quotes/{quote}", f"/v1/cases/{case}"):
            hidden = await other.get(path)
            assert (hidden.status_code, hidden.json()["code"]) == (404, "unknown_order"), path
            told = await other.post(f"{path}/facts", json=said("offer_refused", version="1", reason="-"))
            assert told.status_code == 404, path
        for path in ("/v1/quotes", "/v1/cases", "/v1/contracts"):
            assert (await other.get(path)).json() == [], path
            assert (await other.get(path, params={"customer": "K1"})).json() == [], path
        stranger = await other.post("/v1/cases", json={**CASE, "request_id": "others/1"})
        assert (stranger.status_code, stranger.json()["code"]) == (404, "unknown_order")


async def test_nobody_without_a_key(door: FastAPI, staff: Settings) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="http://127.0.0.1") as nobody:
        for path in ("/v1/quotes", "/v1/cases", "/v1/contracts"):
            assert (await nobody.get(path)).status_code == 401
        assert (await nobody.post("/v1/quotes", json=ENQUIRY)).status_code == 401


def test_a_customer_reads_approved_versions_of_a_contract_alone() -> None:
    """R107: what legal sent back, and who drafted it, is the house's."""
    view = contract_view()
    inside, outside = (CONTRACTS.seen_as(view, [role]) for role in (Role.LEGAL, Role.CUSTOMER))
    assert [each["version"] for each in inside["drafts"]] == [1, 2]
    assert inside["drafts"][0]["sent_back"] == "价格不对"
    assert [each["version"] for each in outside["drafts"]] == [2]
    assert not outside.keys() & {"steps", "journal", "decisions", "start"}
    assert not outside["drafts"][0].keys() & {"sent_back", "drafted_by", "drafted_at", "reason"}


def contract_view() -> ContractView:
    """A contract whose first version was sent back and whose second is approved."""
    moment, day = datetime(2027, 1, 5, tzinfo=UTC), date(2027, 12, 31)
    terms = {"lines": [{"line": 1, "product": "TP-80", "quantity": "10", "unit": "roll", "unit_price": "5.00"}],
             "delivery_date": "2027-02-01", "payment_terms": "deposit"}  # fmt: skip
    draft = {"supplement": False, "terms": terms, "total": "50.00", "quality": "-", "words": "", "reason": "", "valid_until": day,
             "digest": "d", "drafted_by": "li", "drafted_at": moment, "signing_place": ""}  # fmt: skip
    return ContractView.model_validate(
        {
            "number": "H20270105-0001-1", "placed_at": moment, "customer": "K1", "customer_name": "红枫", "salesperson": "li",
            "title": "-", "stage": "to_sign", "order_number": "20270105-0001", "version": 2, "valid_until": day, "total": "50.00",
            "drafts": [{**draft, "version": 1, "sent_back": "价格不对"},
                       {**draft, "version": 2, "sent_back": "", "approved_at": moment}],
        }
    )  # fmt: skip
