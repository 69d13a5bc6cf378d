"""Receipts over HTTP: a bank's key tells of money and sees its own, a person of finance allocates it (R160, R161)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from activities.facts import pending_facts
from activities.store import imports
from models.values.vocabulary import Role
from tests.activities.test_receipts import Recorded
from tests.gateway.conftest import caller, key_for, own_key
from tests.gateway.test_company_pages import House

ONE, TWO = "20270301-0007", "20270301-0008"
MONEY = {"customer": "K-1", "amount": "12000.00", "reference": "TX-70", "bank": "工行", "act_id": "b/1"}
TELLS = ("payment_received", "payment_bounced")


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(f"sqlite:///{tmp_path / 'orders.db'}", tmp_path)
    for number in (ONE, TWO):
        Recorded(made.engine, number)
    return made


def bank(house: House, name: str = "icbc", **scope: Any) -> httpx.AsyncClient:
    return caller(house.app, key_for(house.settings, name, Role.SYSTEM, **{"facts": TELLS, **scope}))


def finance(house: House) -> httpx.AsyncClient:
    return caller(house.app, own_key(house.settings, "qian", Role.FINANCE, facts=TELLS))


async def test_the_bank_tells_and_finance_allocates(house: House) -> None:
    async with bank(house) as icbc, finance(house) as qian:
        told = await icbc.post("/v1/receipts", json=MONEY)
        assert told.status_code == 201, told.text
        number = told.json()["number"]
        assert (told.json()["state"], told.json()["rest"]) == ("unallocated", "12000.00")
        assert (await icbc.post("/v1/receipts", json=MONEY)).json()["number"] == number
        again = await icbc.post("/v1/receipts", json={**MONEY, "act_id": "b/2"})
        assert (again.status_code, again.json()["code"]) == (409, "receipt_known")
        path = f"/v1/receipts/{number}"
        assert (await icbc.get(path)).json()["reference"] == "TX-70"
        assert "proposed" not in (await icbc.get(path)).json()
        parts = [{"order": ONE, "amount": "3500.00"}, {"order": TWO, "amount": "6200.00"}]
        asked = {"act": "allocated", "act_id": "a/1", "parts": parts}
        assert (await icbc.post(f"{path}/acts", json=asked)).status_code == 403
        given = await qian.post(f"{path}/acts", json=asked)
        assert (given.status_code, given.json()["given"], given.json()["rest"]) == (
            200,
            "9700.00",
            "2300.00",
        ), given.text
        assert (await qian.post(f"{path}/acts", json=asked)).json()["rest"] == "2300.00", "once"
        shown = (await qian.get(path)).json()
        assert [each["act"] for each in shown["acts"]] == ["recorded", "allocated"]
        assert (await qian.get("/v1/receipts", params={"show": "balance"})).json()["total"] == 1
    told_to = [kept.order_number for kept in pending_facts.waiting(house.engine)]
    assert told_to == [ONE, TWO]


async def test_a_bank_sees_what_it_told_of_and_no_other_service_sees_any(house: House) -> None:
    async with bank(house) as icbc, bank(house, "ccb") as ccb, bank(house, "crm", facts=()) as crm:
        number = (await icbc.post("/v1/receipts", json=MONEY)).json()["number"]
        assert (await icbc.get("/v1/receipts")).json()["total"] == 1
        assert (await ccb.get("/v1/receipts")).json() == {"total": 0, "receipts": []}
        assert (await ccb.get(f"/v1/receipts/{number}")).status_code == 404
        for answer in (
            await crm.get("/v1/receipts"),
            await crm.get(f"/v1/receipts/{number}"),
            await crm.post("/v1/receipts", json=MONEY),
        ):
            assert answer.status_code == 403


@pytest.mark.parametrize(
    ("wrong", "status", "where"),
    [
        ({"act": "given_away"}, 422, "act"),
        ({"act": "recorded"}, 422, "act"),
        ({"act": "cleared", "amount": "1.00"}, 422, "amount"),
        ({"act": "allocated", "parts": [{"order": ONE, "amount": "3500.505"}]}, 422, "amount"),
        ({"act": "allocated", "parts": [{"order": ONE, "amount": "12000.01"}]}, 409, "parts"),
        ({"act": "refunded", "amount": "1.00"}, 422, "reason"),
    ],
)
async def test_what_cannot_be_done_changes_nothing(
    house: House, wrong: dict[str, Any], status: int, where: str
) -> None:
    async with bank(house) as icbc, finance(house) as qian:
        number = (await icbc.post("/v1/receipts", json=MONEY)).json()["number"]
        refused = await qian.post(f"/v1/receipts/{number}/acts", json={"act_id": "a/1", **wrong})
        assert refused.status_code in {status, 400, 409, 422}, refused.text
        assert where in refused.text
        assert (await qian.get(f"/v1/receipts/{number}")).json()["state"] == "unallocated"


async def test_money_of_a_customer_who_is_not_the_keys_is_not_told(house: House) -> None:
    imports.import_customers(house.engine, [imports.CustomerRow(customer="K-9", name="别家")])
    async with bank(house, customers=("K-9",)) as icbc:
        refused = await icbc.post("/v1/receipts", json=MONEY)
        assert (refused.status_code, refused.json()["where"]) == (403, "customer")
