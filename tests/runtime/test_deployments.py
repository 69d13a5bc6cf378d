"""Worker Versioning on the real server: nothing moves before a version is current, and the next build takes open orders over."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from temporalio.client import Client

from commands.company.setup import prepare
from models.messages.envelope import read_envelope
from models.messages.reply import Status
from models.values.errors import Code, Refusal
from runtime.delivery.order_handles import order_handle, start_order
from runtime.delivery.telling import tell_order
from runtime.settings import Settings
from runtime.worker.deployments import make_current
from runtime.worker.workers import build_worker, deployment_of
from tests.runtime.watching import PATIENCE_SECONDS, looks
from tests.workflows.conftest import order_start


def build_of(settings: Settings, build_id: str) -> Settings:
    """The same installation with workers of this build."""
    return settings.model_copy(update={"deployment": f"d-{settings.task_queue}", "build_id": build_id})


def contact() -> dict[str, object]:
    return {
        "fact_id": f"c/{uuid.uuid4().hex}", "kind": "contact_logged", "by": "chen", "role": "service_clerk",
        "happened_at": datetime.now(UTC).isoformat(), "content": {"channel": "phone", "words": "x"},
    }  # fmt: skip


def test_versions_are_off_unless_both_are_given(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from runtime.settings import load_settings

    assert deployment_of(settings) is None
    monkeypatch.setenv("DINGDAN_DEPLOYMENT", "dingdan")
    with pytest.raises(Refusal) as refused:
        load_settings()
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED, "DINGDAN_BUILD_ID")
    monkeypatch.setenv("DINGDAN_BUILD_ID", "0.2.0")
    made = deployment_of(load_settings())
    assert made is not None
    assert made.version.to_canonical_string() == "dingdan.0.2.0"


async def test_orders_go_to_the_current_build_and_open_ones_move_to_the_next(
    settings: Settings, temporal_client: Client
) -> None:
    await prepare(settings, temporal_client)
    first, second = build_of(settings, "1"), build_of(settings, "2")
    start = order_start()
    with pytest.raises(Refusal) as refused:
        await make_current(temporal_client, first, 0)
    assert refused.value.code is Code.NOT_SET_UP

    async def told() -> str:
        envelope = read_envelope(contact())
        reply = (await tell_order(temporal_client, settings, start.number, envelope, PATIENCE_SECONDS)).reply
        assert reply is not None
        assert reply.status is Status.ACCEPTED
        described = await order_handle(temporal_client, start.number).describe()
        return described.raw_description.workflow_execution_info.versioning_info.deployment_version.build_id

    async with build_worker(temporal_client, first):
        assert await make_current(temporal_client, first, 30) == ""
        await start_order(temporal_client, start, settings.task_queue)
        assert await told() == "1"
        async with build_worker(temporal_client, second):
            assert await told() == "1"
            assert (await make_current(temporal_client, second, 30)).endswith(".1")
            assert await make_current(temporal_client, second, 30) == f"{second.deployment}.2"
            async for _ in looks("the server hands the change on to its queues"):
                if await told() == "2":
                    break
    async with build_worker(temporal_client, second):  # the first build is gone, and nobody misses it
        assert await told() == "2"
    events = [event async for event in order_handle(temporal_client, start.number).fetch_history_events()]
    assert not any(event.HasField("workflow_task_failed_event_attributes") for event in events)
