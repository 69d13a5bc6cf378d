"""An order whose workflow is gone has not ended: what is told to it is kept, people see what happened, and it comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client

from activities.facts import pending_facts
from activities.facts.desk_steps import open_desk_steps
from activities.facts.late_facts import late_facts
from activities.orders.order_views import OrderView, recorded_to, show_order
from activities.store.database import engine_at
from models.dossier.journal import EntryKind
from models.messages.envelope import Envelope, read_envelope
from models.reports.desk_steps import DeskStepKind
from models.reports.server_state import ServerState
from runtime.delivery.bringing_back import Way, bring_back
from runtime.delivery.order_handles import order_handle
from runtime.delivery.placing import place_request
from runtime.delivery.server_orders import look_up
from runtime.delivery.telling import tell_order
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.gateway.conftest import ORDER, prepared
from tests.runtime.watching import until

__all__ = ["prepared"]


def said(fact_id: str, kind: str = "contact_logged", **content: Any) -> Envelope:
    """Something said now by a person."""
    money = kind == "payment_received"
    return read_envelope({
        "fact_id": fact_id, "kind": kind, "by": "qian" if money else "chen", "role": "finance" if money else "service_clerk",
        "happened_at": datetime.now(UTC).isoformat(),
        "content": content or {"channel": "phone", "words": fact_id},
    })  # fmt: skip


async def is_recorded(settings: Settings, number: str, sequence: int) -> None:
    """The order database has the order up to there."""
    engine = engine_at(settings.database_url)
    await until(lambda: recorded_to(engine, number) >= sequence)


async def told(client: Client, settings: Settings, number: str, envelope: Envelope) -> int:
    """Tell it, and wait until it is recorded; up to which entry."""
    reply = (await tell_order(client, settings, number, envelope)).reply
    assert reply is not None
    await is_recorded(settings, number, reply.sequence)
    return reply.sequence


async def delete(client: Client, number: str) -> None:
    """As if the server had been replaced by an empty one."""
    await client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(
            namespace=client.namespace, workflow_execution=WorkflowExecution(workflow_id=f"order-{number}")
        )
    )
    while (await look_up(client, number)).state is not ServerState.ABSENT:
        pass


def shown(settings: Settings, number: str) -> OrderView:
    return show_order(engine_at(settings.database_url), number)


def facts_in(view: OrderView) -> list[str]:
    return [str(entry.data["fact_id"]) for entry in view.journal if entry.kind is EntryKind.FACT]


@pytest.mark.parametrize("gone", ["terminated", "deleted"])
async def test_a_lost_order_comes_back_with_what_was_told_meanwhile(
    prepared: Settings, temporal_client: Client, gone: str
) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    async with build_worker(client, prepared):
        number = (await place_request(client, prepared, ORDER)).start.number
        await told(client, prepared, number, said("a"))
        await told(
            client, prepared, number, said("TX-1", "payment_received", amount="160.50", reference="TX-1")
        )
        before = shown(prepared, number)
        await order_handle(client, number).terminate(reason="tidying up")
        if gone == "deleted":
            await delete(client, number)
        kept = await tell_order(client, prepared, number, said("b"))
        assert (kept.lost, kept.late, kept.refusal) == (True, False, None)
        assert late_facts(engine, number) == []
        assert pending_facts.waits(engine, number)
        (step,) = open_desk_steps(engine)
        assert (step.kind, step.order_number) == (DeskStepKind.LOST_ORDER, number)
        assert ("tidying up" in step.en) == (gone == "terminated")

        back = await bring_back(client, prepared, number, "ops")
        assert (back.how, back.told) == (Way.REBUILT, 1)
        reply = (await tell_order(client, prepared, number, said("c"))).reply
        assert reply is not None
        await is_recorded(prepared, number, reply.sequence)
        after = shown(prepared, number)
        assert [e.hash for e in after.journal[: len(before.journal)]] == [e.hash for e in before.journal]
        assert facts_in(after) == ["a", "TX-1", "b", "c"]
        assert after.set_aside == []
        assert str(after.order.paid) == "160.50"
        (entry,) = (e for e in after.journal if e.kind is EntryKind.BROUGHT_BACK)
        assert entry.by == "ops"
        assert open_desk_steps(engine) == []
        assert not pending_facts.waits(engine, number)
        assert (await bring_back(client, prepared, number, "ops")).how is Way.RAN
        await order_handle(client, number).terminate()


async def test_what_came_too_late_to_be_recorded_is_told_again(
    prepared: Settings, temporal_client: Client
) -> None:
    """Signals that no worker had seen when the workflow was terminated."""
    client = temporal_client
    async with build_worker(client, prepared):
        number = (await place_request(client, prepared, ORDER)).start.number
        await told(client, prepared, number, said("a"))
    for each in ("b", "c"):
        assert (await tell_order(client, prepared, number, said(each), patience=0.2)).stored
    await order_handle(client, number).terminate()
    assert (await bring_back(client, prepared, number, "ops")).how is Way.REBUILT
    async with build_worker(client, prepared):
        await told(client, prepared, number, said("d"))
        assert facts_in(shown(prepared, number)) == ["a", "b", "c", "d"]
        await order_handle(client, number).terminate()
