"""Each kind of being stuck, caused on a real server, is found by its query, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy, SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from models.order.kinds.kind import KINDS
from models.values.calendar import business_date
from models.values.vocabulary import Role
from runtime.connection import connect
from runtime.delivery.order_handles import number_of
from runtime.server.embedded_server import EmbeddedServer
from runtime.server.registration import register_attributes
from runtime.settings import Settings
from runtime.watch.pollers import press_seen, worker_seen
from runtime.watch.stuck_kinds import BEFORE_THE_WAREHOUSE, STUCK, StuckKind
from runtime.watch.stuck_orders import Found, find_stuck
from tests.runtime.watching import looks
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES

QUEUE = "stuck"
SETTINGS = Settings(task_queue=QUEUE)
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
async def own_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedServer]:
    """A server that marks a failing workflow at its first failed task, and not after a minute."""
    at_once = {"system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute": "1"}
    folder = tmp_path_factory.mktemp("stuck")
    async with EmbeddedServer(folder, persistent=False, headless=True, dynamic_config=at_once) as server:
        yield server


@pytest.fixture(scope="module")
async def client(own_server: EmbeddedServer) -> Client:
    own = await connect(own_server.settings(Settings()))
    await register_attributes(own, SEARCH_ATTRIBUTES)
    return own


async def begin(client: Client, number: str, **attributes: Any) -> None:
    """An order that nobody works on, found by these."""
    keys: dict[str, SearchAttributeKey[Any]] = {
        "overdue": SearchAttributeKey.for_bool("DingdanOverdue"),
        "waits_on": SearchAttributeKey.for_keyword_list("DingdanWaitsOn"),
        "since": SearchAttributeKey.for_datetime("DingdanWaitingSince"),
        "promised": SearchAttributeKey.for_datetime("DingdanPromisedDate"),
        "stage": SearchAttributeKey.for_keyword("DingdanStage"),
    }
    pairs = [SearchAttributePair(keys[name], value) for name, value in attributes.items()]
    await client.start_workflow(
        "OrderWorkflow",
        id=f"order-{number}",
        task_queue="nobody",
        search_attributes=TypedSearchAttributes(pairs),
    )


async def found(client: Client, kind: StuckKind, *, most: int | None = None, **asked: Any) -> Found:
    return await find_stuck(client, kind, STUCK[kind].filled(NOW, **asked), most)


async def numbers(client: Client, kind: StuckKind, wanted: set[str], **asked: Any) -> None:
    """What is found becomes this, as soon as the server's index knows it."""
    async for look in looks(f"{kind} are {wanted}"):
        look.saw = listed = {each.number for each in (await found(client, kind, **asked)).orders}
        if listed == wanted:
            return


async def test_orders_are_found_by_what_they_wait_for(client: Client) -> None:
    noon = NOW.replace(microsecond=0)
    await begin(client, "20270105-0001", overdue=True, waits_on=["finance", "zhao"], stage="awaiting_deposit")
    await begin(
        client, "20270105-0002", overdue=False, waits_on=["production"], since=noon - timedelta(days=8)
    )
    await begin(client, "20270105-0003", promised=noon + timedelta(days=1), stage="in_production")
    await begin(client, "20270105-0004", promised=noon + timedelta(days=1), stage="awaiting_balance")
    await begin(client, "20270105-0005", promised=noon + timedelta(days=4), stage="in_production")
    await begin(client, "20270105-0006", promised=noon - timedelta(days=9), stage="hanging")
    await numbers(client, StuckKind.OVERDUE, {"20270105-0001"})
    await numbers(client, StuckKind.WAITS_FOR_ROLE, {"20270105-0001"}, role=Role.FINANCE)
    await numbers(client, StuckKind.WAITS_FOR_ROLE, {"20270105-0002"}, role=Role.PRODUCTION)
    await numbers(client, StuckKind.NO_MOVEMENT, {"20270105-0002"})
    await numbers(client, StuckKind.NO_MOVEMENT, set(), days=9)
    await numbers(client, StuckKind.PROMISE_IN_DANGER, {"20270105-0003", "20270105-0006"})
    one = await found(client, StuckKind.PROMISE_IN_DANGER, most=1)
    assert (len(one.orders), one.more) == (1, True)
    (late,) = (await found(client, StuckKind.OVERDUE)).orders
    assert (late.stage, late.waits_on, late.workflow_id) == (
        "awaiting_deposit", ("finance", "zhao"), "order-20270105-0001"
    )  # fmt: skip


async def test_a_terminated_order_is_lost_until_it_is_back(client: Client) -> None:
    for number in ("20270105-0011", "20270105-0012"):
        await begin(client, number, overdue=False)
        await client.get_workflow_handle(f"order-{number}").terminate()
    await begin(client, "20270105-0012", overdue=False)
    await numbers(client, StuckKind.LOST, {"20270105-0011"})


@activity.defn
async def fails() -> None:
    raise RuntimeError("the disk\nis full")


@workflow.defn(name="OrderWorkflow", sandboxed=False)
class Failing:
    """An order whose activity fails, or whose task does."""

    @workflow.run
    async def run(self, how: str) -> None:
        if how == "task":
            raise RuntimeError("a fault of the program")
        await workflow.execute_activity(
            fails,
            start_to_close_timeout=timedelta(seconds=5),
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=50), backoff_coefficient=1),
        )


async def test_what_fails_is_found_while_it_fails_and_who_polls_is_seen(client: Client) -> None:
    assert not (await worker_seen(client, SETTINGS)).works
    worker = Worker(
        client,
        task_queue=QUEUE,
        workflows=[Failing],
        activities=[fails],
        workflow_runner=UnsandboxedWorkflowRunner(),
        identity="the worker",
    )
    async with worker:
        for number, how in (("20270105-0021", "activity"), ("20270105-0022", "task")):
            await client.start_workflow("OrderWorkflow", how, id=f"order-{number}", task_queue=QUEUE)
        await numbers(client, StuckKind.ACTIVITY_FAILING, {"20270105-0021"})
        await numbers(client, StuckKind.TASK_FAILING, {"20270105-0022"})
        (seen,) = (await found(client, StuckKind.ACTIVITY_FAILING)).orders
        assert seen.failure.startswith("fails ×")
        assert seen.failure.endswith(": the disk is full")
        polled = await worker_seen(client, SETTINGS)
        press = await press_seen(client, SETTINGS)
    assert (polled.works, polled.pollers) == (True, ("the worker",))
    assert (press.works, press.queue) == (False, "stuck-documents")


def test_every_status_before_the_warehouse_is_asked_for() -> None:
    shown = {kind.headlines[phase] for kind in KINDS.values() for phase in kind.before_the_warehouse}
    assert shown <= set(BEFORE_THE_WAREHOUSE)


def test_a_promise_is_in_danger_two_business_days_of_the_calendar_ahead() -> None:
    late_at_night = datetime(2027, 1, 4, 17, 0, tzinfo=UTC)  # the 5th in China
    assert business_date(late_at_night).isoformat() == "2027-01-05"
    query = STUCK[StuckKind.PROMISE_IN_DANGER].filled(late_at_night)
    assert '<= "2027-01-07T23:00:00+08:00"' in query
    assert '<= "2026-12-22T01:00:00+08:00"' in STUCK[StuckKind.NO_MOVEMENT].filled(late_at_night, days=14)


@pytest.mark.parametrize(
    ("identity", "number"),
    [
        ("order-20270105-0001", "20270105-0001"), ("quote-Q20270105-0001", "Q20270105-0001"),
        ("case-20270105-0001-1", "C20270105-0001-1"), ("contract-20270105-0001", "H20270105-0001"),
        ("watch-list", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_workflow_id_says_its_number(identity: str, number: str) -> None:
    assert number_of(identity) == number


def test_every_kind_says_how_it_looks_why_and_what_to_do() -> None:
    assert list(STUCK) == list(StuckKind)
    for row in STUCK.values():
        for words in (row.looks_like, row.why, row.what_to_do):
            assert words.zh
            assert words.en
        assert set(re.findall(r"Dingdan\w+", row.query)) <= set(SEARCH_ATTRIBUTES)
