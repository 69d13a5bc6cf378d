"""Placing is the same order however often it is tried: the placer dies after each of its steps, and it is placed again (R10)."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from typing import Any

import pytest
from sqlalchemy import Engine, select
from temporalio.client import Client

from activities.facts.desk_steps import open_desk_steps
from activities.store.database import engine_at, reading
from models.tables.registry import table
from runtime.delivery.forwarding import forward
from runtime.delivery.order_handles import order_handle
from runtime.delivery.placing import place_request
from runtime.delivery.server_orders import look_up, start_on_server
from runtime.settings import Settings
from tests.gateway.conftest import ORDER, prepared
from tests.runtime import killed_placer
from tests.runtime.backup import Backup

__all__ = ["prepared"]
STEPS = (
    "before activities.orders.requests:open_request",
    "activities.orders.requests:open_request",
    "activities.orders.taken_numbers:kept_request",
    "runtime.delivery.order_handles:start_order",
    "runtime.delivery.placing:begin_order",
)
"""Of placing an order whose number is free."""
STEPS_PAST_A_TAKEN_NUMBER = (
    "runtime.delivery.server_orders:is_order_of",
    "runtime.delivery.recovering:lost_request",
    "runtime.delivery.recovering:fill_row",
    "activities.orders.taken_numbers:without_request",
    "runtime.delivery.recovering:recover_day",
    "activities.orders.taken_numbers:renumber",
    "activities.orders.taken_numbers:take_back",
    "runtime.delivery.recovering:recover_row",
)
OTHERS: dict[str, Any] = {**ORDER, "request_id": "fax/9", "customer": "K2", "contact": "李四", "phone": "2"}


_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([killed_placer.__name__])
"""Each is a process of its own; what it imports was imported once."""


async def dies(settings: Settings, step: str, request: dict[str, Any]) -> None:
    """Another process places it and is dead after this step."""
    environment = {
        "DINGDAN_VAR": str(settings.var),
        "TEMPORAL_ADDRESS": str(settings.temporal_address),
        "DINGDAN_TASK_QUEUE": settings.task_queue,
    }
    process = _PROCESSES.Process(target=killed_placer.place, args=(environment, step, request))
    process.start()
    await asyncio.to_thread(process.join)
    assert process.exitcode == -signal.SIGKILL


def kept(engine: Engine) -> dict[str, str]:
    """The number of each request; every one has its row."""
    requests, orders = table("requests"), table("orders")
    with reading(engine) as connection:
        found = {row.request_id: row.number for row in connection.execute(select(requests))}
        assert sorted(connection.scalars(select(orders.c.number))) == sorted(found.values())
    return found


async def on_server(client: Client, numbers: dict[str, str]) -> dict[str, str]:
    """Whose order runs under each of these numbers."""
    found = {}
    for request, number in numbers.items():
        start = await start_on_server(client, await look_up(client, number))
        found[request] = start.request.request_id if start is not None else ""
    return found


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "by", ["the same request", pytest.param("the forwarder", marks=pytest.mark.endurance)]
)
async def test_a_placer_that_died_left_one_order_or_none(
    prepared: Settings, temporal_client: Client, step: str, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    await dies(prepared, step, ORDER)
    if by == "the forwarder":
        from runtime.delivery import forwarding

        monkeypatch.setattr(forwarding, "_BEGINNING", -forwarding._BEGINNING)
        await forward(client, prepared, engine, set())
    placed = await place_request(client, prepared, ORDER)
    assert kept(engine) == {"shop/1": placed.start.number}
    assert await on_server(client, kept(engine)) == {"shop/1": "shop/1"}
    assert open_desk_steps(engine) == []
    await order_handle(client, placed.start.number).terminate()


@pytest.mark.parametrize(
    "step",
    [
        STEPS_PAST_A_TAKEN_NUMBER[0],
        *(pytest.param(step, marks=pytest.mark.endurance) for step in STEPS_PAST_A_TAKEN_NUMBER[1:-1]),
        STEPS_PAST_A_TAKEN_NUMBER[-1],
    ],
)
async def test_a_placer_that_died_on_the_way_past_a_taken_number(
    prepared: Settings, temporal_client: Client, step: str
) -> None:
    client, engine = temporal_client, engine_at(prepared.database_url)
    older = Backup(engine)
    lost = [{**ORDER, "request_id": f"shop/{n}"} for n in range(3)]
    first = {each["request_id"]: (await place_request(client, prepared, each)).start.number for each in lost}
    older.restore()
    await dies(prepared, step, OTHERS)
    second = (await place_request(client, prepared, OTHERS)).start.number
    assert second not in first.values()
    for each in lost:
        await place_request(client, prepared, each)
    numbers = kept(engine)
    assert numbers == {**first, "fax/9": second}
    assert await on_server(client, numbers) == {each: each for each in numbers}
    for number in numbers.values():
        await order_handle(client, number).terminate()
