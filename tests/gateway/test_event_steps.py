"""Events of other systems that count for nothing: answered with an error, or somebody's step with the event; never silence."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, select
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps
from activities.facts.pending_facts import InboxState
from activities.store.database import engine_at, reading, writing
from gateway.pages.desk.desk_pages import asks
from models.reports.desk_steps import DeskStep, DeskStepKind
from models.tables.registry import table
from models.values.errors import Code
from models.values.money import ZERO
from models.values.vocabulary import Role
from runtime.delivery.forwarding import forward
from runtime.settings import Settings
from runtime.webhook_keys import new_key
from tests.gateway.conftest import ORDER, now
from tests.gateway.test_pages import Person, staff
from tests.gateway.test_webhooks import Sender, bank, journaled, payment, placed
from tests.runtime.watching import looks

__all__ = ["bank", "staff"]
FINANCE_FIRST = (Role.FINANCE, Role.SERVICE_CLERK)
LONG_AGO = timedelta(days=1)


def returned(transaction: str = "TX-7", order: str = "", **data: Any) -> dict[str, Any]:
    said = {"transaction_id": transaction, "booked_at": now(), "reason": "账号有误", **data}
    return {"type": "payment.returned", "data": said | ({"remittance_text": order} if order else {})}


def steps(engine: Engine, kind: DeskStepKind) -> list[DeskStep]:
    return [step for step in open_desk_steps(engine) if step.kind is kind]


async def card_of(door: FastAPI, step: DeskStep, person: str = "qian") -> str:
    """The page of a step, as somebody sees it who is asked."""
    who = Person(door)
    await who.comes(person)
    inbox = (await who.client.get("/")).text
    assert step.zh in inbox.replace("&#34;", '"').replace("&amp;", "&")
    page = await who.client.get(f"/desk/{quote(step.key)}")
    assert page.status_code == 200
    return page.text


# --- taken, and then refused --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("working")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"currency": "USD"}, Code.WRONG_CURRENCY),
        ({"booked_at": "2019-01-05T09:30:00+08:00"}, Code.TOO_FAR_BACK),
        ({"booked_at": "2099-01-05T09:30:00+08:00"}, Code.IN_FUTURE),
    ],
)
async def test_money_that_the_order_refuses_is_finances_step_with_the_event(
    bank: Sender, door: FastAPI, shop: httpx.AsyncClient, staff: Settings, temporal_client: Client,
    changed: dict[str, str], code: Code,
) -> None:  # fmt: skip
    engine = engine_at(staff.database_url)
    number = await placed(shop)
    body = payment(number, amount="321.00")
    body["data"] |= changed
    assert (await bank.sends(body, message="m/77")).status_code == 202
    found = await forwarded_to(temporal_client, staff, DeskStepKind.REFUSED_FACT)
    (step,) = found
    assert (step.roles, step.order_number, step.about["code"]) == (FINANCE_FIRST, number, code.value)
    assert changed.get("amount", "321.00").rstrip("0").rstrip(".")[:3] in step.zh.replace(",", "")
    shown = await card_of(door, step)
    for part in ("bank", "m/77", "TX-7", "payment.received", *changed.values()):
        assert part in shown, part
    later = datetime.now(UTC) + timedelta(seconds=2)
    assert (await bank.sends(body, message="m/77", at=later)).json()["status"] == "known"
    await forward(temporal_client, staff, engine, set())
    assert len(open_desk_steps(engine)) == 1
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_the_same_transfer_said_with_another_amount_is_a_step(
    bank: Sender, shop: httpx.AsyncClient, staff: Settings, temporal_client: Client
) -> None:
    number = await placed(shop)
    await bank.sends(payment(number, amount="300.00"), message="a")
    await journaled(shop, number, "payment_received")
    assert (await bank.sends(payment(number, amount="9.00"), message="b")).status_code == 202
    found = await forwarded_to(temporal_client, staff, DeskStepKind.REFUSED_FACT)
    assert found[0].about["code"] == Code.FACT_CONFLICT.value
    assert "9.00" in found[0].zh
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


# --- answered with an error, and a step all the same --------------------------------------------------------------


async def test_a_message_that_says_another_amount_is_a_conflict_and_finances_step(
    bank: Sender, door: FastAPI, shop: httpx.AsyncClient, staff: Settings
) -> None:
    engine = engine_at(staff.database_url)
    number = await placed(shop)
    assert (await bank.sends(payment(number, amount="300.00"))).status_code == 202
    for _ in range(2):
        other = await bank.sends(payment(number, amount="9.00"))
        assert (other.status_code, other.json()["code"]) == (409, "request_conflict")
    (step,) = steps(engine, DeskStepKind.CHANGED_EVENT)[:1]
    assert step.roles == FINANCE_FIRST
    assert "9.00" in step.zh
    shown = await card_of(door, step)
    assert "9.00" in shown
    old = await bank.sends(payment(number, amount="8.00"), at=datetime.now(UTC) - LONG_AGO)
    assert old.status_code == 401
    assert any("8.00" in each.zh for each in steps(engine, DeskStepKind.CHANGED_EVENT))


async def test_an_event_of_a_bank_that_was_down_for_a_day_is_a_step_until_it_comes_again(
    bank: Sender, door: FastAPI, shop: httpx.AsyncClient, staff: Settings
) -> None:
    engine = engine_at(staff.database_url)
    number = await placed(shop)
    body = payment(number)
    late = datetime.now(UTC) - LONG_AGO
    for _ in range(2):
        answer = await bank.sends(body, at=late)
        assert (answer.status_code, answer.json()["where"]) == (401, "webhook-timestamp")
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.roles) == (DeskStepKind.OUT_OF_TIME, FINANCE_FIRST)
    assert "300.00" in step.zh
    assert number in await card_of(door, step)
    with reading(engine) as connection:
        assert connection.execute(select(table("webhooks"))).first() is None
        assert connection.execute(select(table("inbox"))).first() is None
    assert (await bank.sends(body)).status_code == 202
    assert open_desk_steps(engine) == []
    assert (await bank.sends(body, at=late)).status_code == 401  # a replay of what was taken is nobody's
    assert open_desk_steps(engine) == []


async def test_a_step_that_was_settled_is_not_opened_by_a_replay(
    bank: Sender, door: FastAPI, staff: Settings
) -> None:
    engine, late = engine_at(staff.database_url), datetime.now(UTC) - LONG_AGO
    body = payment("x")
    await bank.sends(body, at=late)
    (step,) = open_desk_steps(engine)
    clerk = Person(door)
    await clerk.comes("qian")
    left = {"form_token": await clerk.token(), "leave": "yes", "give_up": "手工入账"}
    assert (await clerk.client.post(f"/desk/{quote(step.key)}", data=left)).status_code == 303
    await bank.sends(body, at=late)
    assert open_desk_steps(engine) == []


async def test_a_false_signature_is_answered_alike_at_any_time_and_for_anybody(
    bank: Sender, door: FastAPI, staff: Settings
) -> None:
    answers = set()
    for sender in (bank, Sender(door, "nobody", bank.key)):
        for moment in (datetime.now(UTC), datetime.now(UTC) - LONG_AGO, datetime.now(UTC) + LONG_AGO):
            answer = await sender.sends(payment("x"), at=moment, webhook_signature="v1,AAAA")
            said = answer.json()
            answers.add((answer.status_code, said["code"], said["where"], said["zh"], said["en"]))
    assert len(answers) == 1
    assert open_desk_steps(engine_at(staff.database_url)) == []


async def test_a_signed_event_that_is_no_json_is_a_step(bank: Sender, door: FastAPI, staff: Settings) -> None:
    engine = engine_at(staff.database_url)
    assert (await bank.sends(b'{"type": "payment.received", ')).status_code == 400
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.roles) == (DeskStepKind.UNREAD_EVENT, FINANCE_FIRST)
    assert "payment.received" in await card_of(door, step)
    await bank.sends({"type": "balance.changed"})
    assert open_desk_steps(engine) == []


# --- which order --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("working")
async def test_a_text_that_names_two_orders_is_finances_question(
    bank: Sender, door: FastAPI, shop: httpx.AsyncClient, staff: Settings, temporal_client: Client
) -> None:
    """R53: no guess, even where one of both is the first."""
    engine = engine_at(staff.database_url)
    first, second = [
        (await shop.post("/v1/orders", json={**ORDER, "request_id": f"r/{n}"})).json()["order"]
        for n in (1, 2)
    ]
    answer = await bank.sends(payment(f"{first}、{second}"))
    assert (answer.status_code, answer.json()["status"]) == (202, "unplaced")
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.roles) == (DeskStepKind.SEVERAL_ORDERS, FINANCE_FIRST)
    assert first in step.zh
    assert second in step.zh
    assert asks(step) == ("order",)
    finance = Person(door)
    await finance.comes("qian")
    form = {"form_token": await finance.token(), "order": second}
    assert (await finance.client.post(f"/desk/{quote(step.key)}", data=form)).status_code == 303
    assert (await journaled(shop, second, "payment_received"))["data"]["content"]["amount"] == "300.00"
    assert open_desk_steps(engine) == []
    for number in (first, second):
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()


# --- money back ---------------------------------------------------------------------------------------------------


async def forwarded_to(client: Client, settings: Settings, kind: DeskStepKind) -> list[DeskStep]:
    """The steps of a kind, once what was told has come so far."""
    found: list[DeskStep] = []
    engine = engine_at(settings.database_url)
    async for _ in looks(f"there is a step {kind}"):
        await forward(client, settings, engine, set())
        found = steps(engine, kind)
        if found:
            break
    return found


async def comes_back(shop: httpx.AsyncClient, number: str) -> None:
    """The order database has it that the order's one payment bounced."""
    async for _ in looks(f"the payment of {number} bounced"):
        if await bounced(shop, number) == [True]:
            return


async def bounced(shop: httpx.AsyncClient, number: str) -> list[bool]:
    return [each["bounced"] for each in (await shop.get(f"/v1/orders/{number}")).json()["payments"]]


@pytest.mark.usefixtures("working")
async def test_a_return_finds_the_order_that_has_its_receipt_and_twice_is_once(
    bank: Sender, shop: httpx.AsyncClient, staff: Settings, temporal_client: Client
) -> None:
    """R53: with the receipt's own fact id it would be known already, and the money would stay."""
    engine = engine_at(staff.database_url)
    number = await placed(shop)
    await bank.sends(payment(number), message="in")
    await journaled(shop, number, "payment_received")
    back = returned("RT-1", original_transaction_id="TX-7", amount="300.00")
    answer = await bank.sends(back, message="out")
    assert (answer.status_code, answer.json()["status"]) == (202, "stored")
    await journaled(shop, number, "payment_bounced")
    await comes_back(shop, number)
    assert (await bank.sends(back, message="out-again")).status_code == 202
    await forward(temporal_client, staff, engine, set())
    assert open_desk_steps(engine) == []
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_a_part_that_came_back_is_finances_step(
    bank: Sender, shop: httpx.AsyncClient, staff: Settings, temporal_client: Client
) -> None:
    number = await placed(shop)
    await bank.sends(payment(number), message="in")
    await journaled(shop, number, "payment_received")
    await bank.sends(returned(amount="100.00"), message="out")
    found = await forwarded_to(temporal_client, staff, DeskStepKind.REFUSED_FACT)
    assert found[0].roles == FINANCE_FIRST
    assert "100.00" in found[0].zh
    assert await bounced(shop, number) == [False]
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_back_before_it_was_told_waits_for_it_and_finance_sees_that(
    bank: Sender, shop: httpx.AsyncClient, staff: Settings, temporal_client: Client
) -> None:
    engine = engine_at(staff.database_url)
    number = await placed(shop)
    assert (await bank.sends(returned(order=number), message="out")).json()["status"] == "stored"
    found = await forwarded_to(temporal_client, staff, DeskStepKind.UNKNOWN_RECEIPT)
    assert (found[0].roles, found[0].order_number) == (FINANCE_FIRST, number)
    await bank.sends(payment(number), message="in")
    await journaled(shop, number, "payment_bounced")
    await comes_back(shop, number)
    assert open_desk_steps(engine) == []
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_back_of_a_receipt_that_nobody_has_is_a_step_and_goes_where_the_receipt_goes(
    bank: Sender, shop: httpx.AsyncClient, staff: Settings, temporal_client: Client
) -> None:
    engine = engine_at(staff.database_url)
    number = await placed(shop)
    assert (await bank.sends(returned(), message="out")).json()["status"] == "unplaced"
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.roles) == (DeskStepKind.UNPLACED_FACT, FINANCE_FIRST)
    assert (await bank.sends(returned("TX-8"), message="other")).json()["status"] == "unplaced"
    await bank.sends(payment(number), message="in")
    await journaled(shop, number, "payment_bounced")
    (other,) = open_desk_steps(engine)
    assert (other.kind, "TX-8" in other.about["fact_id"]) == (DeskStepKind.UNPLACED_FACT, True)
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


# --- which shipment -----------------------------------------------------------------------------------------------


def shipped(engine: Engine, order: str, shipment: str, days_ago: int, **values: Any) -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    with writing(engine) as connection:
        connection.execute(
            table("shipments").insert().values(
                order_number=order, shipment=shipment, quantities={}, carrier="c", tracking_number="SF100", shipped_at=at,
                collection="none", to_collect=ZERO, remitted=ZERO, freight_out=ZERO, freight_back=ZERO, **values,
            )
        )  # fmt: skip


def carried(event: str, message: str, **more: str) -> dict[str, Any]:
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M+00:00")
    return {"id": message, "event": event, "waybill": "SF100", "time": at, **more}


def told(engine: Engine) -> list[tuple[str, str, str]]:
    inbox = table("inbox")
    with reading(engine) as connection:
        rows = connection.execute(select(inbox).order_by(inbox.c.number)).mappings().all()
    return [
        (row["order_number"], row["envelope"]["content"].get("shipment", ""), row["state"]) for row in rows
    ]


@pytest.fixture
def carrier(door: FastAPI, staff: Settings) -> Sender:
    return Sender(door, "carrier", new_key(staff, "carrier"))


EARLIER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "older", "newer", "wanted"),
    [
        ("ARRIVED", {}, {"arrived_at": EARLIER}, "1"),
        ("ARRIVED", {"arrived_at": EARLIER}, {}, "2"),
        ("IN_TRANSIT", {}, {"delivered_at": EARLIER}, "1"),
        ("SIGNED", {"arrived_at": EARLIER}, {"arrived_at": EARLIER, "delivered_at": EARLIER}, "1"),
        ("SIGNED", {"returned_at": EARLIER}, {"arrived_at": EARLIER}, "2"),
        ("ARRIVED", {"arrived_at": EARLIER}, {"arrived_at": EARLIER}, "2"),
    ],
)
async def test_an_event_goes_to_the_shipment_that_still_waits_for_it(
    carrier: Sender, shop: httpx.AsyncClient, staff: Settings, event: str, older: dict[str, Any],
    newer: dict[str, Any], wanted: str,
) -> None:  # fmt: skip
    """R74: a carrier uses a number again; where none waits, the last one has it and says so."""
    engine = engine_at(staff.database_url)
    number = await placed(shop)
    shipped(engine, number, "1", 9, **older)
    shipped(engine, number, "2", 2, **newer)
    assert (await carrier.sends(carried(event, "e-1", signer="王芳"))).json()["status"] == "stored"
    assert [each[:2] for each in told(engine)] == [(number, wanted)]
    assert open_desk_steps(engine) == []


async def test_two_shipments_that_wait_are_a_question(
    carrier: Sender, door: FastAPI, shop: httpx.AsyncClient, staff: Settings
) -> None:
    engine = engine_at(staff.database_url)
    number = await placed(shop)
    shipped(engine, number, "1", 3)
    shipped(engine, number, "2", 2)
    assert (await carrier.sends(carried("ARRIVED", "e-1"))).json()["status"] == "unplaced"
    (step,) = open_desk_steps(engine)
    assert step.kind is DeskStepKind.SEVERAL_SHIPMENTS
    assert f"{number}/1" in step.zh
    assert asks(step) == ("order", "shipment")
    clerk = Person(door)
    await clerk.comes("chen")
    form = {"form_token": await clerk.token(), "order": number}
    address = f"/desk/{quote(step.key)}"
    assert (await clerk.client.post(address, data=form)).status_code == 409
    assert (await clerk.client.post(address, data={**form, "shipment": "3"})).status_code == 409
    assert (await clerk.client.post(address, data={**form, "shipment": "1"})).status_code == 303
    assert [each[:2] for each in told(engine)] == [(number, "1")]
    assert open_desk_steps(engine) == []


async def test_a_key_that_an_address_would_change_is_reached_all_the_same(
    bank: Sender, door: FastAPI, staff: Settings
) -> None:
    engine = engine_at(staff.database_url)
    messages = ["../../login", "a//b", "x?y#z", "q\"uo'te", "m n", "."]
    for message in messages:
        assert (await bank.sends({"type": "surprise"}, message=message)).status_code == 202
    finance = Person(door)
    await finance.comes("qian")
    inbox = (await finance.client.get("/")).text
    actions = re.findall(r'action="(/desk/[^"]+)"', inbox)
    assert len(actions) == len(messages)
    for action in actions:
        assert (await finance.client.get(action)).status_code == 200
    assert {step.about["message"] for step in open_desk_steps(engine)} == set(messages)
    assert InboxState.WAITING.value == "waiting"
