"""An order whose workflow is gone has not ended: what is told to it is kept, people see what happened, and it comes back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client

from activities.facts import pending_facts
from activities.facts.desk_steps import open_desk_steps
from activities.facts.late_facts import keep_late_fact, late_facts
from activities.orders.views.order_views import OrderView, recorded_to, show_order
from activities.store.database import engine_at, writing
from models.dossier.journal import EntryKind
from models.messages.envelope import Envelope, read_envelope
from models.reports.desk_steps import DeskStepKind
from models.reports.server_state import Revival, ServerState
from models.tables.registry import table
from models.values.errors import Code, Refusal
from runtime.delivery.bringing_back import bring_back
from runtime.delivery.forwarding import forward
from runtime.delivery.order_handles import order_handle
from runtime.delivery.placing import place_request
from runtime.delivery.server_orders import look_up
from runtime.delivery.telling import tell_order
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.gateway.conftest import ORDER, prepared
from tests.runtime.backup import Backup
from tests.runtime.watching import PATIENCE_SECONDS, looks, until

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
    reply = (await tell_order(client, settings, number, envelope, PATIENCE_SECONDS)).reply
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
    async for _ in looks(f"{number} is gone"):
        if (await look_up(client, number)).state is ServerState.ABSENT:
            return


def shown(settings: Settings, number: str) -> OrderView:
    return show_order(engine_at(settings.database_url), number)


def facts_in(view: OrderView) -> list[str]:
    return [str(entry.data["fact_id"]) for entry in view.journal if entry.kind is EntryKind.FACT]


@pytest.mark.parametrize("gone", ["terminated", pytest.param("deleted", marks=pytest.mark.endurance)])
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
        assert (back.how, back.told) == (Revival.REBUILT, 1)
        reply = (await tell_order(client, prepared, number, said("c"), PATIENCE_SECONDS)).reply
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
        assert (await bring_back(client, prepared, number, "ops")).how is Revival.RAN
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
    assert (await bring_back(client, prepared, number, "ops")).how is Revival.REBUILT
    async with build_worker(client, prepared):
        await told(client, prepared, number, said("d"))
        assert facts_in(shown(prepared, number)) == ["a", "b", "c", "d"]
        await order_handle(client, number).terminate()


async def test_where_the_history_knows_more_than_the_journal_it_is_taken_up_again(
    prepared: Settings, temporal_client: Client
) -> None:
    """A restored, older database and a terminated workflow: what was told between them must not be lost."""
    client, engine = temporal_client, engine_at(prepared.database_url)
    async with build_worker(client, prepared):
        number = (await place_request(client, prepared, ORDER)).start.number
        await told(client, prepared, number, said("a"))
        older = Backup(engine)
        await told(
            client, prepared, number, said("TX-1", "payment_received", amount="160.50", reference="TX-1")
        )
        await told(client, prepared, number, said("c"))
        await order_handle(client, number).terminate()
        older.restore()
        assert shown(prepared, number).order.paid in (None, 0)
        assert (await bring_back(client, prepared, number, "ops")).how is Revival.RESET
        await told(client, prepared, number, said("d"))
        await until(lambda: str(shown(prepared, number).order.paid) == "160.50")
        order = await order_handle(client, number).query("order")
        assert {"a", "TX-1", "c", "d"} <= set(order["seen"])
        await order_handle(client, number).terminate()


@pytest.mark.endurance
async def test_a_journal_that_is_not_whole_goes_on_in_an_epoch_of_its_own(
    prepared: Settings, temporal_client: Client
) -> None:
    """A fact's row in the journal was deleted by hand and the workflow with its history is gone: what is left counts."""
    client, engine = temporal_client, engine_at(prepared.database_url)
    async with build_worker(client, prepared):
        number = (await place_request(client, prepared, ORDER)).start.number
        first = await told(client, prepared, number, said("a"))
        await told(
            client, prepared, number, said("TX-1", "payment_received", amount="160.50", reference="TX-1")
        )
        await order_handle(client, number).terminate()
        await delete(client, number)
        journal = table("journal")
        of_order = journal.c.order_number == number
        with writing(engine) as connection:
            connection.execute(journal.delete().where(of_order, journal.c.sequence == first))
        assert (await bring_back(client, prepared, number, "ops")).how is Revival.ANEW
        await until(lambda: any(e.kind is EntryKind.BROUGHT_BACK for e in shown(prepared, number).journal))
        view = shown(prepared, number)
        assert facts_in(view) == ["TX-1"]
        assert str(view.order.paid) == "160.50"
        assert any(entry.kind is EntryKind.REPAIRED for entry in view.journal)
        assert [e.sequence for e in view.journal] == list(range(1, len(view.journal) + 1))
        await order_handle(client, number).terminate()


async def test_an_order_that_never_recorded_anything_begins_again(
    prepared: Settings, temporal_client: Client
) -> None:
    client = temporal_client
    number = (await place_request(client, prepared, ORDER)).start.number
    assert (await tell_order(client, prepared, number, said("a"), patience=0.2)).stored
    await order_handle(client, number).terminate()
    assert (await bring_back(client, prepared, number, "ops")).how is Revival.BEGUN
    async with build_worker(client, prepared):
        await told(client, prepared, number, said("b"))
        assert facts_in(shown(prepared, number)) == ["a", "b"]
        await order_handle(client, number).terminate()


async def test_two_bring_it_back_at_once(prepared: Settings, temporal_client: Client) -> None:
    client = temporal_client
    async with build_worker(client, prepared):
        number = (await place_request(client, prepared, ORDER)).start.number
        await told(client, prepared, number, said("a"))
        await order_handle(client, number).terminate()
        both = await asyncio.gather(*(bring_back(client, prepared, number, by) for by in ("ops", "chen")))
        assert Revival.REBUILT in {each.how for each in both} <= {Revival.REBUILT, Revival.RAN}
        await order_handle(client, number).terminate()


async def test_an_order_that_ended_is_not_brought_back(prepared: Settings, temporal_client: Client) -> None:
    """Its facts are late, as they were."""
    client, engine = temporal_client, engine_at(prepared.database_url)
    async with build_worker(client, prepared):
        number = (await place_request(client, prepared, ORDER)).start.number
        cancelled = said("x", "cancellation_requested", reason="no longer wanted")
        await told(client, prepared, number, cancelled)
        await until(lambda: shown(prepared, number).order.ending is not None)
        late = await tell_order(client, prepared, number, said("b"))
        assert (late.late, late.lost) == (True, False)
        assert [each.envelope.fact_id for each in late_facts(engine, number)] == ["b"]
        with pytest.raises(Refusal) as refused:
            await bring_back(client, prepared, number, "ops")
        assert refused.value.code is Code.ORDER_ENDED


async def test_the_forwarder_leaves_a_lost_order_for_later_and_tells_the_others(
    prepared: Settings, temporal_client: Client
) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    async with build_worker(client, prepared):
        orders = [
            (await place_request(client, prepared, {**ORDER, "request_id": f"r/{n}"})).start.number
            for n in range(2)
        ]
        lost = orders[0]
        for number in orders:
            await told(client, prepared, number, said("a"))
        await order_handle(client, lost).terminate(reason="oops")
        for name in ("b", "c"):
            for number in orders:
                pending_facts.keep(engine, number, said(name), datetime.now(UTC))
        for _ in range(2):
            await forward(client, prepared, engine, set())
        assert [each.order_number for each in pending_facts.waiting(engine)] == [lost, lost]
        assert [step.kind for step in open_desk_steps(engine)] == [DeskStepKind.LOST_ORDER]
        assert (await bring_back(client, prepared, lost, "ops")).told == 2
        for number in orders:
            await told(client, prepared, number, said("d"))
            assert facts_in(shown(prepared, number)) == ["a", "b", "c", "d"]
            await order_handle(client, number).terminate()


async def test_what_was_put_aside_as_late_is_told_when_the_order_is_back(
    prepared: Settings, temporal_client: Client
) -> None:
    """As an earlier program did with facts for a workflow that had been terminated."""
    client, engine = temporal_client, engine_at(prepared.database_url)
    async with build_worker(client, prepared):
        number = (await place_request(client, prepared, ORDER)).start.number
        await told(client, prepared, number, said("a"))
        await order_handle(client, number).terminate()
        keep_late_fact(engine, number, said("b"), datetime.now(UTC))
        assert [step.kind for step in open_desk_steps(engine)] == [DeskStepKind.LATE_FACT]
        assert (await bring_back(client, prepared, number, "ops")).told == 1
        await told(client, prepared, number, said("c"))
        assert facts_in(shown(prepared, number)) == ["a", "b", "c"]
        assert (late_facts(engine, number), open_desk_steps(engine)) == ([], [])
        await order_handle(client, number).terminate()
