"""Events of other systems: signed, recent, taken once, told to the right order or kept for a clerk."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from standardwebhooks import Webhook
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps
from activities.facts.webhook_events import body_of
from activities.store.database import engine_at, reading, writing
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from runtime.settings import Settings
from runtime.webhook_keys import keys_of, new_key, retire_old_key
from tests.gateway.conftest import ORDER, caller, now
from tests.runtime.watching import looks

pytestmark = pytest.mark.postgresql


def payment(order: str, transaction: str = "TX-7", amount: str = "300.00") -> dict[str, Any]:
    data = {"transaction_id": transaction, "amount": amount, "remittance_text": order, "booked_at": now()}
    return {"type": "payment.received", "data": data}


class Sender:
    """Another system with its key."""

    def __init__(self, app: FastAPI, name: str, key: str) -> None:
        self.client, self.name, self.key = caller(app), name, key

    async def sends(
        self, body: object, message: str = "m-1", at: datetime | None = None, **changed: str
    ) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = at or datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(int(signed.timestamp())),
            "webhook-signature": Webhook(self.key).sign(message, signed, raw.decode("utf-8", "replace")),
            **{name.replace("_", "-"): value for name, value in changed.items()},
        }
        return await self.client.post(f"/hooks/{self.name}", content=raw, headers=headers)


@pytest.fixture
def bank(door: FastAPI, prepared: Settings) -> Sender:
    return Sender(door, "bank", new_key(prepared, "bank"))


async def placed(shop: httpx.AsyncClient) -> str:
    return str((await shop.post("/v1/orders", json=ORDER)).json()["order"])


async def journaled(shop: httpx.AsyncClient, number: str, subject: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    async for _ in looks(f"{subject} is journaled"):
        timeline = (await shop.get(f"/v1/orders/{number}/timeline")).json()
        found = [entry for entry in timeline if entry["subject"] == subject]
        if found:
            break
    return found[0]


@pytest.mark.usefixtures("working")
async def test_a_payment_reaches_its_order_once(
    bank: Sender, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = await placed(shop)
    earlier = datetime.now(UTC) - timedelta(minutes=2)
    body = payment(f"订单{number}货款")
    first = await bank.sends(body, at=earlier)
    assert (first.status_code, first.json()["status"]) == (202, "stored"), first.text
    entry = await journaled(shop, number, "payment_received")
    assert (entry["by"], entry["data"]["content"]["amount"]) == ("key:bank", "300.00")
    replay = await bank.sends(body, at=earlier)
    assert (replay.status_code, replay.json()["code"]) == (409, "replayed")
    assert replay.json()["where"] == "webhook-id"
    repeated = await bank.sends(body)
    assert (repeated.status_code, repeated.json()["status"]) == (200, "known")
    other = await bank.sends(payment(number, amount="9.00"))
    assert (other.status_code, other.json()["code"]) == (409, "request_conflict")
    order = (await shop.get(f"/v1/orders/{number}")).json()
    assert len(order["payments"]) == 1
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


@pytest.mark.usefixtures("working")
async def test_a_carrier_finds_order_and_shipment_by_its_own_number(
    door: FastAPI, prepared: Settings, shop: httpx.AsyncClient, temporal_client: Client
) -> None:
    number = await placed(shop)
    carrier = Sender(door, "carrier", new_key(prepared, "carrier"))
    with writing(engine_at(prepared.database_url)) as connection:
        connection.execute(
            table("shipments").insert().values(
                order_number=number, shipment="2", quantities={}, carrier="c", tracking_number="SF100",
                shipped_at=datetime.now(UTC), collection="none", to_collect=ZERO, remitted=ZERO, freight_out=ZERO, freight_back=ZERO,
            )
        )  # fmt: skip
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M+00:00")
    event = {"id": "e-1", "event": "ARRIVED", "waybill": "SF100", "time": at}
    assert (await carrier.sends(event)).status_code == 202
    await journaled(shop, number, "arrived")
    with reading(engine_at(prepared.database_url)) as connection:
        (told,) = connection.execute(table("inbox").select()).mappings()
    assert (told["order_number"], told["envelope"]["content"]["shipment"]) == (number, "2")
    unknown = await carrier.sends({**event, "id": "e-2", "waybill": "SF999"}, message="m-2")
    assert (unknown.status_code, unknown.json()["status"]) == (202, "unplaced")
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()


async def test_what_is_not_understood_is_kept_for_a_clerk(bank: Sender, prepared: Settings) -> None:
    engine = engine_at(prepared.database_url)
    strange = await bank.sends({"type": "surprise", "n": 1})
    assert (strange.status_code, strange.json()["status"]) == (202, "unread")
    assert body_of(engine, "bank", "m-1") == {"type": "surprise", "n": 1}
    lost = await bank.sends(payment("货款"), message="m-2")
    assert (lost.status_code, lost.json()["status"]) == (202, "unplaced")
    nothing = await bank.sends({"type": "balance.changed"}, message="m-3")
    assert (nothing.status_code, nothing.json()["status"]) == (200, "ignored")
    kinds = {step.kind for step in open_desk_steps(engine)}
    assert kinds == {DeskStepKind.UNREAD_EVENT, DeskStepKind.UNPLACED_FACT}
    with reading(engine) as connection:
        acts = connection.execute(table("acts").select()).mappings().all()
    assert [(act["person"], act["outcome"]) for act in acts] == [
        ("key:bank", "unread"), ("key:bank", "unplaced"), ("key:bank", "ignored"),
    ]  # fmt: skip


async def test_who_does_not_sign_rightly_is_not_heard(
    bank: Sender, door: FastAPI, prepared: Settings
) -> None:
    body = payment("x")
    late = datetime.now(UTC) - timedelta(minutes=6)
    early = datetime.now(UTC) + timedelta(minutes=6)
    wrong = {"v1": "v1,AAAA", "none": "nonsense", "blank": " ", "v2": "v2,AAAA"}
    for signature in wrong.values():
        answer = await bank.sends(body, webhook_signature=signature)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), signature
    for moment in (late, early):
        answer = await bank.sends(body, at=moment)
        assert (answer.status_code, answer.json()["where"]) == (401, "webhook-timestamp")
    for stamp in ("nan", "x", "1e400"):
        assert (await bank.sends(body, webhook_timestamp=stamp)).status_code == 401
    assert (await bank.sends(body, webhook_id="")).status_code == 401
    stranger = Sender(door, "bank", "whsec_" + base64.b64encode(b"another secret").decode())
    assert (await stranger.sends(body)).status_code == 401
    assert (await Sender(door, "nobody", bank.key).sends(body)).status_code == 401
    assert (await Sender(door, "carrier", bank.key).sends(body)).status_code == 401  # has no key yet
    assert (await bank.sends(b"\xff\xfe")).status_code == 401
    with reading(engine_at(prepared.database_url)) as connection:
        assert connection.execute(table("webhooks").select()).first() is None


async def test_bodies_have_limits_and_a_type(bank: Sender) -> None:
    assert (await bank.sends(b" " * 5_000_000)).status_code == 413
    assert (await bank.sends({}, content_type="text/plain")).status_code == 415
    assert (await bank.sends(b"[]")).status_code == 400
    assert (await bank.sends(b'{"a":' * 40 + b"1" + b"}" * 40)).status_code == 400


async def test_two_keys_while_they_are_changed(door: FastAPI, prepared: Settings) -> None:
    old = Sender(door, "bank", new_key(prepared, "bank"))
    new = Sender(door, "bank", new_key(prepared, "bank"))
    assert (prepared.webhook_keys / "bank").stat().st_mode & 0o077 == 0
    assert (await old.sends({"type": "balance.changed"}, "a")).status_code == 200
    assert (await new.sends({"type": "balance.changed"}, "b")).status_code == 200
    with pytest.raises(Refusal) as third:
        new_key(prepared, "bank")
    assert third.value.code is Code.REQUEST_CONFLICT
    retire_old_key(prepared, "bank")
    assert (await old.sends({"type": "balance.changed"}, "c")).status_code == 401
    assert (await new.sends({"type": "balance.changed"}, "d")).status_code == 200
    with pytest.raises(Refusal):
        retire_old_key(prepared, "bank")
    with pytest.raises(Refusal) as nobody:
        new_key(prepared, "../bank")
    assert "bank" in nobody.value.words.en
    (prepared.webhook_keys / "bank").write_text("hunter2\n")
    with pytest.raises(Refusal) as broken:
        keys_of(prepared, "bank")
    assert "hunter2" not in broken.value.words.en


async def test_a_fax_goes_the_way_of_every_scan(door: FastAPI, prepared: Settings) -> None:
    fax = Sender(door, "fax-gateway", new_key(prepared, "fax-gateway"))
    page = {"kind": "fax.received", "fax_id": "../f1", "file_base64": base64.b64encode(b"%PDF").decode()}
    assert (await fax.sends(page)).json()["status"] == "scan"
    (file,) = (prepared.scans / "in").iterdir()
    assert (file.name, file.read_bytes()) == ("fax-gateway-.._f1.pdf", b"%PDF")
    for number, no_page in enumerate(("%%%", "====", " "), start=2):
        broken = await fax.sends({**page, "file_base64": no_page}, message=f"m-{number}")
        assert (broken.status_code, broken.json()["status"]) == (202, "unread"), no_page
    assert list((prepared.scans / "in").iterdir()) == [file]
