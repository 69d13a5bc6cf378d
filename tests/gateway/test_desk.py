"""Steps of the desk on pages: an event nobody understood, a payment without an order, a scan nobody could read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import FastAPI
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps, open_step
from activities.facts.pending_facts import keep_unplaced
from activities.store.database import engine_at, writing
from gateway.pages.desk.desk_pages import asks, scan_of
from models.messages.envelope import read_envelope
from models.reports.desk_steps import DeskStepKind, desk_step
from models.values.vocabulary import Role
from runtime.settings import Settings
from runtime.webhook_keys import new_key
from tests.gateway.conftest import ORDER, caller, key_for, now
from tests.gateway.test_pages import Person, staff
from tests.gateway.test_webhooks import Sender
from tests.runtime.watching import looks

__all__ = ["staff"]
DIGEST = "0123456789abcdef"


def payment(fact_id: str = "bank/TX-9") -> dict[str, object]:
    return {"fact_id": fact_id, "kind": "payment_received", "by": "bank", "role": "system", "happened_at": now(),
            "content": {"amount": "300.00", "reference": "TX-9"}}  # fmt: skip


@pytest.fixture
async def clerk(door: FastAPI, staff: Settings) -> Person:
    person = Person(door)
    await person.comes("chen")
    return person


@pytest.mark.usefixtures("working")
async def test_a_payment_without_an_order_finds_its_own(
    clerk: Person, door: FastAPI, staff: Settings, temporal_client: Client
) -> None:
    engine = engine_at(staff.database_url)
    async with caller(door, key_for(staff, places_orders=True)) as shop:
        number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
        envelope = read_envelope(payment())
        keep_unplaced(engine, "-", envelope, envelope.happened_at)
        inbox = (await clerk.client.get("/")).text
        assert "哪张订单的收到款项" in inbox
        action = re.search(r'action="(/desk/[^"]+)"', inbox)
        assert action is not None
        form = {"form_token": await clerk.token()}
        wrong = await clerk.client.post(action[1], data={**form, "order": "19990101-0001"})
        assert (wrong.status_code, "19990101-0001" in wrong.text) == (409, True)
        empty = await clerk.client.post(action[1], data=form)
        assert empty.status_code == 409
        settled = await clerk.client.post(action[1], data={**form, "order": number})
        assert settled.status_code == 303
        assert open_desk_steps(engine) == []
        order: dict[str, Any] = {}
        async for look in looks("it has a payment"):
            order = (await shop.get(f"/v1/orders/{number}")).json()
            look.saw = order
            if order["payments"]:
                break
        assert [each["reference"] for each in order["payments"]] == ["TX-9"]
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


async def test_an_event_is_shown_as_it_came_and_left_with_a_reason(
    clerk: Person, door: FastAPI, staff: Settings
) -> None:
    bank = Sender(door, "bank", new_key(staff, "bank"))
    await bank.sends({"type": "surprise", "note": "<script>alert(1)</script>"}, message="m/7 x?")
    engine = engine_at(staff.database_url)
    (step,) = open_desk_steps(engine)
    inbox = (await clerk.client.get("/")).text
    action = re.search(r'action="(/desk/[^"]+)"', inbox)
    assert action is not None
    shown = (await clerk.client.get(action[1])).text
    assert "surprise" in shown
    assert "<script>alert" not in shown
    left = {"form_token": await clerk.token(), "leave": "yes", "give_up": "银行试发"}
    assert (await clerk.client.post(action[1], data=left)).status_code == 303
    assert open_desk_steps(engine) == []
    assert (await clerk.client.get(action[1])).status_code == 404
    assert step.kind is DeskStepKind.UNREAD_EVENT


async def test_a_step_is_for_who_is_asked(door: FastAPI, staff: Settings, clerk: Person) -> None:
    engine = engine_at(staff.database_url)
    step = desk_step(
        DeskStepKind.WAS_IT_SENT, "x", read_envelope(payment()).happened_at, rule="R30", address="a@example.com",
        subject_zh="确认书", subject_en="sheet",
    )  # fmt: skip
    with writing(engine) as connection:
        open_step(connection, step)
    other = Person(door)
    await other.comes("ma")
    assert (await other.client.get(f"/desk/{step.key}")).status_code == 403
    form = {"form_token": await other.token(), "sent": "yes"}
    assert (await other.client.post(f"/desk/{step.key}", data=form)).status_code == 403
    assert "没发出，重发" in (await clerk.client.get(f"/desk/{step.key}")).text
    assert [each.key for each in open_desk_steps(engine, Role.SERVICE_CLERK)] == [step.key]


async def test_a_scan_is_shown_as_a_picture_and_never_as_what_it_says(
    clerk: Person, door: FastAPI, staff: Settings
) -> None:
    unread = staff.scans / "unread"
    unread.mkdir(parents=True)
    (unread / f"{DIGEST}.png").write_bytes(b"\x89PNG")
    (unread / "fedcba9876543210.html").write_text("<script>")
    shown = await clerk.client.get(f"/scans/{DIGEST}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert (await clerk.client.get("/scans/fedcba9876543210")).status_code == 404
    for wrong in ("..%2f..%2fdingdan.db", "0" * 15, "*" * 16):
        assert (await clerk.client.get(f"/scans/{wrong}")).status_code in (404, 422)
    salesperson = Person(door)
    await salesperson.comes("li")
    assert (await salesperson.client.get(f"/scans/{DIGEST}")).status_code == 403


def test_what_is_asked_follows_from_the_kind() -> None:
    moment = read_envelope(payment()).happened_at
    document = f"{DIGEST}/2"
    step = desk_step(
        DeskStepKind.UNREAD_SCAN, document, moment, rule="R31", document=document, file="fax.pdf", page="2"
    )
    assert asks(step) == ("order", "version")
    assert scan_of(document) == DIGEST
    assert scan_of(f"file/{DIGEST}") == DIGEST
    assert scan_of("door/../x") == ""
