"""An order number is given once for ever, whatever a restored backup, another hand of the product or a crash forgot (R10)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select
from temporalio.client import Client

from activities.facts import pending_facts
from activities.facts.desk_steps import open_desk_steps
from activities.orders.requests import has_begun, start_of
from activities.orders.taken_numbers import kept_under, misnumbered
from activities.orders.views.order_views import show_order
from activities.store.database import engine_at, reading
from models.messages.envelope import read_envelope
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.writing.entry import Manner
from runtime.delivery import placing
from runtime.delivery.forwarding import forward
from runtime.delivery.order_handles import order_handle
from runtime.delivery.placing import Opened, begin_order, number_request, place_request, read_request
from runtime.delivery.recovering import recover_row
from runtime.delivery.server_orders import look_up, start_on_server
from runtime.delivery.telling import tell_order
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.gateway.conftest import ORDER, prepared
from tests.runtime.backup import Backup
from tests.runtime.test_lost_orders import said
from tests.runtime.watching import until
from workflows.durable import RECORD_ANEW

__all__ = ["prepared"]
OTHERS: dict[str, Any] = {**ORDER, "request_id": "fax/9", "customer": "K2", "contact": "李四", "phone": "2"}


async def where(client: Client, number: str) -> str:
    """Whose order the server has under this number."""
    start = await start_on_server(client, await look_up(client, number))
    assert start is not None
    return start.request.request_id


async def end(client: Client, *numbers: str) -> None:
    for number in dict.fromkeys(numbers):
        await order_handle(client, number).terminate()


async def test_a_restored_database_skips_the_numbers_that_were_given(
    prepared: Settings, temporal_client: Client
) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    older = Backup(engine)
    first = [
        (await place_request(client, prepared, {**ORDER, "request_id": f"shop/{n}"})).start.number
        for n in range(3)
    ]
    older.restore()
    second = (await place_request(client, prepared, OTHERS)).start
    assert second.number not in first
    assert second.number > max(first)
    assert await where(client, second.number) == "fax/9"
    assert [await where(client, each) for each in first] == ["shop/0", "shop/1", "shop/2"]
    assert start_of(engine, second.number).customer.customer == "K2"
    # those that had lost their row have it again, and their requests are known
    assert [start_of(engine, each).request.request_id for each in first] == ["shop/0", "shop/1", "shop/2"]
    again = await place_request(client, prepared, {**ORDER, "request_id": "shop/1"})
    assert (again.start.number, again.known) == (first[1], True)
    assert open_desk_steps(engine) == []
    await end(client, second.number, *first)


async def test_a_request_that_is_placed_again_after_a_restore_is_the_order_that_runs(
    prepared: Settings, temporal_client: Client
) -> None:
    """Under whatever number it would have now: the lost one, or another's."""
    client, engine = temporal_client, engine_at(prepared.database_url)
    older = Backup(engine)
    first = [
        (await place_request(client, prepared, {**ORDER, "request_id": f"shop/{n}"})).start for n in range(2)
    ]
    older.restore()
    again = [
        (await place_request(client, prepared, {**ORDER, "request_id": f"shop/{n}"})).start for n in (1, 0)
    ]
    assert again == [first[1], first[0]]
    with reading(engine) as connection:
        kept = set(connection.scalars(select(table("requests").c.number)))
        rows = set(connection.scalars(select(table("orders").c.number)))
    assert kept == rows == {each.number for each in first}
    await end(client, *(each.number for each in first))


async def test_a_number_that_is_anothers_is_told_of_no_more(
    prepared: Settings, temporal_client: Client
) -> None:
    """The server was away when the second customer placed: they had the number, and said something under it."""
    client, engine = temporal_client, engine_at(prepared.database_url)
    older = Backup(engine)
    first = (await place_request(client, prepared, ORDER)).start.number
    older.restore()
    waiting = (await number_request(prepared, read_request(OTHERS, Manner.SENT))).start
    assert waiting.number == first
    cancel = {
        "fact_id": "x", "kind": "cancellation_requested", "by": "customer:K2", "role": "customer",
        "happened_at": datetime.now(UTC).isoformat(), "content": {"reason": "no"},
    }  # fmt: skip
    with pytest.raises(Refusal) as refused:
        await tell_order(client, prepared, first, read_envelope(cancel), patience=0.2)
    assert refused.value.code is Code.UNKNOWN_ORDER
    second = placing.Opened(waiting, known=True)
    begun = (await begin_order(client, prepared, second)).start
    assert (begun.number != first, begun.request.request_id) == (True, "fax/9")
    history = [event async for event in order_handle(client, first).fetch_history_events()]
    signals = [e.workflow_execution_signaled_event_attributes.signal_name for e in history]
    assert set(signals) <= {"", RECORD_ANEW}
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.order_number, step.about["was"]) == (DeskStepKind.RENUMBERED, begun.number, first)
    await end(client, first, begun.number)


async def test_what_waits_for_a_number_that_is_anothers_goes_with_who_said_it(
    prepared: Settings, temporal_client: Client
) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    older = Backup(engine)
    first = (await place_request(client, prepared, ORDER)).start.number
    older.restore()
    waiting = (await number_request(prepared, read_request(OTHERS, Manner.SENT))).start
    theirs = said("by-a-clerk")
    banks = said("TX-1", "payment_received", amount="1.00", reference="TX-1").model_copy(
        update={"by": "key:bank", "fact_id": "TX-1"}
    )
    for each in (theirs, banks):
        pending_facts.keep(engine, waiting.number, each, datetime.now(UTC))
    begun = (await begin_order(client, prepared, Opened(waiting, known=True))).start
    kept = {each.envelope.fact_id: each.order_number for each in pending_facts.waiting(engine)}
    assert kept == {"by-a-clerk": begun.number}
    steps = {step.kind: step for step in open_desk_steps(engine)}
    assert steps[DeskStepKind.UNPLACED_FACT].about["fact_id"] == "TX-1"
    await end(client, first, begun.number)


async def test_another_order_that_recorded_itself_under_the_number_is_not_this_one(
    prepared: Settings, temporal_client: Client
) -> None:
    """Between the number and the beginning: the first order's worker wrote its row over the second one's."""
    client, engine = temporal_client, engine_at(prepared.database_url)
    older = Backup(engine)
    async with build_worker(client, prepared):
        first = (await place_request(client, prepared, ORDER)).start.number
        await until(lambda: has_begun(engine, first))
        older.restore()
        waiting = (await number_request(prepared, read_request(OTHERS, Manner.SENT))).start
        assert waiting.number == first
        reply = await order_handle(client, first).execute_update("tell", said("a").model_dump(mode="json"))
        assert reply["status"] == "accepted"
        await until(lambda: show_order(engine, first).order.customer == "K1")
        assert not has_begun(engine, first)
        assert misnumbered(engine) == [first]
        await forward(client, prepared, engine, set())
        assert misnumbered(engine) == []
        kept = kept_under(engine, first)
        assert kept is not None
        assert kept.start.request.request_id == "shop/1"
        again = await place_request(client, prepared, OTHERS)
        assert again.known
        assert again.start.number != first
        await until(lambda: has_begun(engine, again.start.number))
        assert show_order(engine, again.start.number).order.customer == "K2"
        assert show_order(engine, first).order.customer == "K1"
        await end(client, first, again.start.number)


async def test_a_workflow_without_a_row_records_itself_anew(
    prepared: Settings, temporal_client: Client
) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    older = Backup(engine)
    async with build_worker(client, prepared):
        number = (await place_request(client, prepared, ORDER)).start.number
        await until(lambda: has_begun(engine, number))
        older.restore()
        assert await recover_row(client, prepared, number)
        await until(lambda: has_begun(engine, number))
        shown = show_order(engine, number)
        assert (shown.order.customer, len(shown.lines), len(shown.order.steps) > 0) == ("K1", 1, True)
        assert start_of(engine, number).request.request_id == "shop/1"
        assert not await recover_row(client, prepared, number)
        await end(client, number)


async def test_an_ended_order_without_a_row_has_it_again(prepared: Settings, temporal_client: Client) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    older = Backup(engine)
    async with build_worker(client, prepared):
        number = (await place_request(client, prepared, ORDER)).start.number
        await tell_order(
            client, prepared, number, said("x", "cancellation_requested", reason="no longer wanted")
        )
        await until(lambda: show_order(engine, number).order.ending is not None)
        await order_handle(client, number).result()
        before = show_order(engine, number).order
        older.restore()
        second = (await place_request(client, prepared, OTHERS)).start.number
        assert second != number
        assert show_order(engine, number).order == before
        assert (await place_request(client, prepared, ORDER)).start.number == number
        assert (await tell_order(client, prepared, number, said("late"))).late
        await end(client, second)


async def test_a_closed_order_keeps_its_number(prepared: Settings, temporal_client: Client) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    older = Backup(engine)
    first = (await place_request(client, prepared, ORDER)).start.number
    await order_handle(client, first).terminate()
    older.restore()
    second = (await place_request(client, prepared, OTHERS)).start.number
    assert second != first
    assert await where(client, first) == "shop/1"
    await end(client, second)


async def test_two_services_whose_ids_are_alike_are_two_orders(
    prepared: Settings, temporal_client: Client
) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    older = Backup(engine)
    one, two = (
        read_request({**ORDER, "entered_by": f"key:{name}", "entered_role": "service_clerk"}, Manner.SENT)
        for name in ("a", "b")
    )
    first = await begin_order(client, prepared, await number_request(prepared, one, space="key:a"))
    older.restore()
    second = await begin_order(client, prepared, await number_request(prepared, two, space="key:b"))
    assert first.start.number != second.start.number
    await end(client, first.start.number, second.start.number)


# --- the product's own other hands ---------------------------------------------------------------------------------


@contextmanager
def forwarder_first(
    prepared: Settings, client: Client, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Every order is begun by the forwarder in the moment between its number and its beginning here."""
    from runtime.delivery import forwarding, order_handles

    whole = order_handles.start_order
    begun: set[str] = set()
    busy = asyncio.Lock()

    async def starting(given: Client, start: Any, *rest: Any, **named: Any) -> Any:
        async with busy:
            if start.number not in begun:
                begun.add(start.number)
                monkeypatch.setattr(order_handles, "start_order", whole)
                await forwarding.forward(client, prepared, engine, begun - {start.number})
                monkeypatch.setattr(order_handles, "start_order", starting)
        return await whole(given, start, *rest, **named)

    with monkeypatch.context() as patched:
        patched.setattr(order_handles, "start_order", starting)
        patched.setattr(forwarding, "_BEGINNING", -forwarding._BEGINNING)
        yield


async def test_what_the_forwarder_began_first_is_success(
    prepared: Settings, temporal_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    with forwarder_first(prepared, client, engine, monkeypatch):
        placed = [
            await place_request(client, prepared, {**ORDER, "request_id": f"shop/{n}"}) for n in range(5)
        ]
    assert [each.known for each in placed] == [False] * 5
    assert len({each.start.number for each in placed}) == 5
    assert [await where(client, each.start.number) for each in placed] == [f"shop/{n}" for n in range(5)]
    assert open_desk_steps(engine) == []
    await end(client, *(each.start.number for each in placed))
