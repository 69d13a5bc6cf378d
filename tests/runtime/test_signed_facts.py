"""Where facts are signed, who merely reaches the Temporal server is nobody (`DINGDAN_SIGNED_FACTS`)."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.access.api_keys import NewKey, create_key, revoke_key
from activities.facts.desk_steps import open_desk_steps
from activities.store.database import engine_at
from models.messages.envelope import read_envelope
from models.messages.reply import Reply, Status
from models.messages.signatures import HOUSE, house_key, signed
from models.reports.desk_steps import DeskStep
from models.values.vocabulary import Role
from runtime.delivery.adoption import installed_policies
from runtime.delivery.placing import place_request
from runtime.delivery.telling import tell_order
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.gateway.conftest import ORDER, prepared
from tests.runtime.watching import PATIENCE_SECONDS

__all__ = ["prepared"]


@pytest.fixture
def signing(prepared: Settings) -> Settings:
    """An installation whose orders take signed facts only."""
    return prepared.model_copy(update={"signed_facts": True})


@pytest.fixture
async def worker(signing: Settings, temporal_client: Client) -> AsyncIterator[Worker]:
    async with build_worker(temporal_client, signing) as running:
        yield running


@pytest.fixture
async def order(
    signing: Settings, temporal_client: Client, worker: Worker
) -> AsyncIterator[WorkflowHandle[Any, Any]]:
    number = (await place_request(temporal_client, signing, ORDER)).start.number
    handle = temporal_client.get_workflow_handle(f"order-{number}")
    yield handle
    await handle.terminate()


def number_of(order: WorkflowHandle[Any, Any]) -> str:
    return order.id.removeprefix("order-")


def message(fact_id: str, **changes: Any) -> dict[str, Any]:
    return {"fact_id": fact_id, "kind": "payment_received", "schema_version": 1, "by": "key:bank", "role": "system",
            "happened_at": datetime.now(UTC).isoformat(),
            "content": {"amount": "300.00", "reference": fact_id, "method": "bank"}, **changes}  # fmt: skip


def bank_key(settings: Settings, name: str = "bank", **changes: Any) -> NewKey:
    now = datetime.now(UTC)
    given = {"facts": ("payment_received",), **changes}
    return create_key(
        engine_at(settings.database_url), name, (Role.SYSTEM,), now, now + timedelta(days=9), **given
    )


def by_key(key: NewKey, order: WorkflowHandle[Any, Any], said: dict[str, Any]) -> dict[str, Any]:
    return signed(said, number_of(order), key.key_id, hashlib.sha256(key.secret.encode()).digest())


async def told(order: WorkflowHandle[Any, Any], said: object) -> Reply:
    reply: Reply = await order.execute_update("tell", said, result_type=Reply)
    return reply


def steps(settings: Settings) -> list[DeskStep]:
    return [
        step for step in open_desk_steps(engine_at(settings.database_url)) if step.kind == "unsigned_fact"
    ]


async def paid(order: WorkflowHandle[Any, Any]) -> list[str]:
    return [each["reference"] for each in (await order.query("order"))["ledger"]["payments"]]


async def test_a_key_and_the_house_are_heard_and_nobody_else(
    order: WorkflowHandle[Any, Any], signing: Settings, temporal_client: Client
) -> None:
    key = bank_key(signing)
    refused = await told(order, message("forged"))
    assert (refused.status, refused.code) == (Status.REFUSED, "unsigned")
    await order.signal("payment_received", message("forged-2"))
    assert (await told(order, by_key(key, order, message("TX-1")))).status is Status.ACCEPTED
    second = read_envelope(message("TX-2"))
    by_house = await tell_order(temporal_client, signing, number_of(order), second, PATIENCE_SECONDS)
    assert by_house.reply is not None
    assert by_house.reply.status is Status.ACCEPTED
    again = await tell_order(temporal_client, signing, number_of(order), second, PATIENCE_SECONDS)
    assert again.reply is not None
    assert again.reply.status is Status.KNOWN
    assert await paid(order) == ["TX-1", "TX-2"]
    found = steps(signing)
    assert {step.order_number for step in found} == {number_of(order)}
    assert sorted("forged-2" in step.zh for step in found) == [False, True]
    assert all(Role.OPERATOR in step.roles for step in found)


async def test_a_key_speaks_for_itself_within_what_it_was_made_for(
    order: WorkflowHandle[Any, Any], signing: Settings
) -> None:
    key = bank_key(signing)
    gone, others = bank_key(signing, "gone"), bank_key(signing, "others", customers=("K9",))
    revoke_key(engine_at(signing.database_url), gone.key_id, datetime.now(UTC))
    signed_right = by_key(key, order, message("a"))
    for said in (
        by_key(key, order, message("b", by="wu", role="finance")),
        by_key(key, order, message("c", by="key:gone")),
        by_key(key, order, message("d", kind="arrived", content={"shipment": "1"})),
        {**signed_right, "content": {**signed_right["content"], "amount": "9000.00"}},
        by_key(gone, order, message("e", by="key:gone")),
        by_key(others, order, message("f", by="key:others")),
        signed(message("g"), "20200101-0001", key.key_id, hashlib.sha256(key.secret.encode()).digest()),
        signed(message("h"), number_of(order), HOUSE, house_key("x" * 40)),
    ):  # fmt: skip
        reply = await told(order, said)
        assert (reply.status, reply.code) == (
            Status.REFUSED,
            "malformed" if said["signature"] == 7 else "unsigned",
        ), said
    await order.signal("payment_received", "not even an envelope")
    assert (await told(order, signed_right)).status is Status.ACCEPTED
    assert await paid(order) == ["a"]


async def test_who_floods_an_order_fills_no_inbox(order: WorkflowHandle[Any, Any], signing: Settings) -> None:
    for place in range(25):
        await order.signal("payment_received", message(f"flood-{place}"))
    assert (await told(order, message("last"))).code == "unsigned"
    assert len(steps(signing)) == 20
    assert await paid(order) == []


async def test_an_order_that_does_not_ask_for_it_takes_what_is_signed_all_the_same(
    prepared: Settings, temporal_client: Client
) -> None:
    """A door that signs already, and an order from before: nothing is lost while it is switched on."""
    signing = prepared.model_copy(update={"signed_facts": True})
    async with build_worker(temporal_client, prepared):
        number = (await place_request(temporal_client, prepared, ORDER)).start.number
        told = await tell_order(
            temporal_client, signing, number, read_envelope(message("TX-1")), PATIENCE_SECONDS
        )
        assert told.reply is not None
        assert told.reply.status is Status.ACCEPTED
        await temporal_client.get_workflow_handle(f"order-{number}").terminate()


def test_an_order_that_moves_to_another_policy_still_takes_signed_facts_only(prepared: Settings) -> None:
    """The file says no more of it than before: it must not be switched off by adopting it."""
    signing = prepared.model_copy(update={"signed_facts": True})
    assert [policy.signed_facts for policy in installed_policies(signing).values()] == [True]
    assert [policy.signed_facts for policy in installed_policies(prepared).values()] == [False]
