"""What the door writes into its log: no secret, and nothing that a customer said."""

from __future__ import annotations

import logging

import pytest
from fastapi import FastAPI
from temporalio.client import Client

from activities.facts import pending_facts
from activities.store.database import engine_at
from gateway.pages.customers import customer_pages
from gateway.security.customer_links import link_for
from models.messages.envelope import read_envelope
from runtime.delivery.forwarding import forward
from runtime.settings import Settings
from runtime.webhook_keys import new_key
from tests.gateway.conftest import ORDER, caller, key_for, now
from tests.gateway.test_pages import PASSWORD, Person, staff
from tests.gateway.test_webhooks import Sender

__all__ = ["staff"]
OURS = ("dingdan", "uvicorn", "fastapi", "sqlalchemy")


@pytest.mark.usefixtures("working")
async def test_neither_secrets_nor_people_stand_in_the_log(
    door: FastAPI,
    staff: Settings,
    temporal_client: Client,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.INFO)
    person = Person(door)
    await person.comes("chen", "wrong " + PASSWORD)
    await person.comes("chen")
    secret = key_for(staff, places_orders=True)
    async with caller(door, secret) as shop:
        number = (await shop.post("/v1/orders", json=ORDER)).json()["order"]
        signer = {"version": 1, "signed_by": "王芳的秘书"}
        body = {"fact_id": "r/1", "kind": "confirmation_returned", "happened_at": now(), "content": signer}
        await shop.post(f"/v1/orders/{number}/facts", json=body)
        bad = {**ORDER, "request_id": "x", "phone": 13800000000, "contact": "王芳"}
        await shop.post("/v1/orders", json=bad)
    bank = Sender(door, "bank", new_key(staff, "bank"))
    await bank.sends({"type": "payment.received", "data": {"payer": "王芳"}})
    contradiction = {"fact_id": "bank/1", "kind": "delivery_receipt", "by": "客户王芳", "role": "customer",
                     "happened_at": now(), "content": {"signed_by": "王芳"}}  # fmt: skip
    engine = engine_at(staff.database_url)
    pending_facts.keep(engine, number, read_envelope(contradiction), read_envelope(contradiction).happened_at)
    await forward(temporal_client, staff, engine, set())

    def broken(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(customer_pages, "_customer_page", broken)
    link = link_for(staff, number)
    async with caller(door, Accept="text/html") as customer:
        assert (await customer.get("/c/" + link.rpartition("/")[2])).status_code == 500
    text = "\n".join(
        logging.Formatter().format(record) for record in caplog.records if record.name.startswith(OURS)
    )
    assert "/c/{token}" in text
    for never in (PASSWORD, secret, bank.key, link.rpartition("/")[2], "王芳", "13800000000", "秘书"):
        assert never not in text, never
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()
