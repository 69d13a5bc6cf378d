"""With keys nothing personal can be read at the Temporal server: names, phones and amounts are planted and looked for.

Looked through are the histories as the server gives them out, its lists, the page of an order, the bytes of its file, its
log, and what our own processes log. Without keys the same look finds what was planted: so it can find something.
"""

from __future__ import annotations

import base64
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.orders.views.order_views import recorded_to, show_order
from activities.store.database import engine_at
from models.messages.envelope import read_envelope
from models.values.errors import Refusal
from runtime.connection import connect
from runtime.delivery.order_handles import order_handle
from runtime.delivery.placing import place_request
from runtime.delivery.server_orders import look_up
from runtime.delivery.telling import tell_order
from runtime.delivery.told_in_history import told_in_history
from runtime.encryption.data_converter import data_converter_of
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.registration import register_attributes
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.gateway.conftest import ORDER, prepared
from tests.runtime.watching import PATIENCE_SECONDS, until
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES

__all__ = ["prepared"]

KEYS = "2027:" + base64.b64encode(bytes(range(32))).decode()
COMPANY, PERSON, PHONE = "红枫", "司徒念慈", "13987654321"
STREET, AMOUNT, WORDS = "木樨地九号", "88731.57", "请寄到我家里"
PLANTED = (COMPANY, PERSON, PHONE, STREET, AMOUNT, WORDS)
REQUEST: dict[str, Any] = {
    **ORDER, "contact": PERSON, "phone": PHONE, "address": STREET, "consignee": PERSON,
    "lines": [{**ORDER["lines"][0], "unit_price": AMOUNT}],
}  # fmt: skip


def found_in(data: bytes) -> set[str]:
    """What of the planted stands there, as text, in JSON's escapes, or in base64 as JSON carries bytes."""
    forms = {}
    for each in PLANTED:
        escaped = each.encode("ascii", "backslashreplace")
        forms[each] = {each.encode(), escaped, escaped.replace(b"\\", b"\\\\")}
        for shift in range(3):  # whatever stands before it
            coded = base64.b64encode(b"." * shift + each.encode())
            forms[each].add(coded[4 * (shift > 0) : -4])
    return {each for each, possible in forms.items() if any(form in data for form in possible)}


async def live(client: Client, settings: Settings) -> str:
    """An order with all that is planted: its request, facts told by update and by signal, one that is refused."""
    number = (await place_request(client, settings, REQUEST)).start.number

    def said(fact: str, kind: str, role: str, **content: Any) -> dict[str, Any]:
        return {
            "fact_id": fact, "kind": kind, "by": "chen", "role": role, "content": content,
            "happened_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip

    contact = said("a", "contact_logged", "service_clerk", channel="phone", words=WORDS)
    told = await tell_order(client, settings, number, read_envelope(contact), PATIENCE_SECONDS)
    money = said("b", "payment_received", "finance", amount=AMOUNT, reference="TX-1")
    await order_handle(client, number).signal("payment_received", {**money, "by": "qian"})
    wrong = said("c", "payment_received", "service_clerk", amount=AMOUNT, reference=WORDS)
    try:
        refused = await tell_order(client, settings, number, read_envelope(wrong))
    except Refusal:
        pass
    else:
        assert refused.refusal is not None
    reply = told.reply
    assert reply is not None
    engine = engine_at(settings.database_url)
    await until(lambda: recorded_to(engine, number) >= reply.sequence + 1)
    return number


async def seen_at_server(blind: Client, number: str) -> bytes:
    """All that the server gives out of the order to who has no keys."""
    handle = blind.get_workflow_handle(f"order-{number}")
    history = await handle.fetch_history()
    described = (await handle.describe()).raw_description
    listed = [each.raw_info async for each in blind.list_workflows("")]
    raw = b"".join(event.SerializeToString() for event in history.events)
    raw += described.SerializeToString() + b"".join(each.SerializeToString() for each in listed)
    page = await _raw_query(blind, number, "__temporal_workflow_metadata")
    steps = await _raw_query(blind, number, "steps")
    return raw + history.to_json().encode() + page + steps


async def _raw_query(blind: Client, number: str, name: str) -> bytes:
    from temporalio.api.common.v1 import WorkflowExecution
    from temporalio.api.query.v1 import WorkflowQuery
    from temporalio.api.workflowservice.v1 import QueryWorkflowRequest

    answer = await blind.workflow_service.query_workflow(
        QueryWorkflowRequest(
            namespace=blind.namespace,
            execution=WorkflowExecution(workflow_id=f"order-{number}"),
            query=WorkflowQuery(query_type=name),
        )
    )
    assert answer.query_result.payloads
    return answer.query_result.SerializeToString()


def files_of(folder: Path) -> bytes:
    """The server's own files, with what has not been folded in yet."""
    files = [*folder.glob("temporal.db*"), folder / "temporal-server.log"]
    return b"".join(file.read_bytes() for file in files if file.exists())


@pytest.mark.parametrize("keys", [KEYS, None], ids=["encrypted", "plain"])
async def test_nothing_personal_is_at_the_server(
    prepared: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture, keys: str | None
) -> None:
    caplog.set_level(logging.DEBUG)
    folder = tmp_path / "server"
    folder.mkdir()
    secret = SecretStr(keys) if keys else None
    async with EmbeddedServer(folder, headless=True) as server:
        settings = server.settings(prepared.model_copy(update={"payload_keys": secret}))
        client = await connect(settings)
        blind = Client(client.service_client, data_converter=pydantic_data_converter)
        await register_attributes(client, SEARCH_ATTRIBUTES)
        async with build_worker(client, settings):
            number = await live(client, settings)
            shown = await seen_at_server(blind, number)
            # our own side reads all of it: what was told, the start, the page of the order
            past = await told_in_history(client, await look_up(client, number))
            assert {each.envelope.fact_id for each in past.told} >= {"a", "b"}
            described = await order_handle(client, number).describe()
            assert COMPANY in str(await described.static_summary())
            steps = await order_handle(client, number).query("steps")
            assert steps
    stored = files_of(folder)
    logged = caplog.text.encode()
    assert number.encode() in shown
    assert number.encode() in stored
    if keys:
        assert found_in(shown) == set()
        assert found_in(stored) == set()
        assert b"binary/encrypted" in stored
    else:
        assert found_in(shown) == set(PLANTED)
        assert found_in(stored) >= {COMPANY, PERSON, PHONE}
    assert found_in(logged) == set()


@pytest.mark.parametrize("keys", ["another", pytest.param("none", marks=pytest.mark.endurance)])
async def test_a_worker_without_the_key_loses_nothing(
    prepared: Settings, temporal_client: Client, caplog: pytest.LogCaptureFixture, keys: str
) -> None:
    """Its tasks fail by name and are tried again; what is told waits, and is in the journal once a worker has the key."""
    old, new = (
        f"{name}:{base64.b64encode(bytes([place]) * 32).decode()}" for place, name in enumerate("ab", 1)
    )

    def having(keys: str) -> Settings:
        return prepared.model_copy(update={"payload_keys": SecretStr(keys)})

    async def client_of(settings: Settings) -> Client:
        service = temporal_client.service_client
        return Client(
            service, namespace=temporal_client.namespace, data_converter=data_converter_of(settings)
        )

    first, wrong, both = having(old), having(new), having(f"{new},{old}")
    new_only, named = wrong, "UnknownPayloadKey" if keys == "another" else "ClosedMessage"
    wait = 0.5 if keys == "another" else 20
    engine = engine_at(prepared.database_url)
    contact = {
        "fact_id": "a", "kind": "contact_logged", "by": "chen", "role": "service_clerk",
        "content": {"channel": "phone", "words": WORDS}, "happened_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    begun_by = first if keys == "another" else prepared
    wrong = wrong if keys == "another" else prepared
    async with build_worker(await client_of(begun_by), begun_by):
        number = (await place_request(await client_of(begun_by), begun_by, REQUEST)).start.number
        await until(lambda: recorded_to(engine, number) > 0)
    before = recorded_to(engine, number)
    async with build_worker(await client_of(wrong), wrong, cached_orders=0):
        # of a worker without keys: the order began before there were any, and what is told is encrypted by now
        told = await tell_order(
            await client_of(new_only), new_only, number, read_envelope(contact), patience=wait
        )
        assert told.stored
        await until(lambda: named in caplog.text)
    assert recorded_to(engine, number) == before
    async with build_worker(await client_of(both), both):
        await until(lambda: recorded_to(engine, number) > before)
    assert "a" in [str(entry.data.get("fact_id")) for entry in show_order(engine, number).journal]
