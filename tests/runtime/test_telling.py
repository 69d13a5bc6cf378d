"""Telling an order: who is told to stop in the middle stops, and stores nothing behind anybody's back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from temporalio.client import Client

from activities.facts import pending_facts
from activities.store.database import engine_at
from gateway.app import create_app
from models.messages.envelope import read_envelope
from runtime.delivery.placing import place_request
from runtime.delivery.telling import tell_order
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, prepared

__all__ = ["prepared"]


def contact(number: int) -> object:
    return {"fact_id": f"c/{number}", "kind": "contact_logged", "by": "chen", "role": "service_clerk",
            "happened_at": datetime.now(UTC).isoformat(), "content": {"channel": "phone", "words": "x"}}  # fmt: skip


async def test_a_telling_that_is_cancelled_is_not_stored(prepared: Settings, temporal_client: Client) -> None:
    """No worker is here, so the order does not answer."""
    number = (await place_request(temporal_client, prepared, ORDER)).start.number
    telling = asyncio.create_task(
        tell_order(temporal_client, prepared, number, read_envelope(contact(1)), patience=30)
    )
    await asyncio.wait({telling}, timeout=0.5)
    telling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(telling, 5)
    handle = temporal_client.get_workflow_handle(f"order-{number}")
    events = [event async for event in handle.fetch_history_events()]
    assert not any(event.HasField("workflow_execution_signaled_event_attributes") for event in events)
    stored = await tell_order(temporal_client, prepared, number, read_envelope(contact(2)), patience=0.3)
    assert stored.stored
    await handle.terminate()


async def test_a_door_with_much_to_tell_closes_at_once(prepared: Settings, temporal_client: Client) -> None:
    number = (await place_request(temporal_client, prepared, ORDER)).start.number
    engine = engine_at(prepared.database_url)
    for n in range(20):
        envelope = read_envelope(contact(n))
        pending_facts.keep(engine, number, envelope, envelope.happened_at)
    app = create_app(prepared)
    async with asyncio.timeout(5):
        async with app.router.lifespan_context(app):
            await asyncio.sleep(0.5)
    assert pending_facts.waits(engine, number)
    await temporal_client.get_workflow_handle(f"order-{number}").terminate()
