"""The quote's workflow on a real server: from run to run, cancelled, with an order that cannot be made at first, replayed (R103, R104)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, Worker

from models.dossier.errands import ErrandDone
from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Burst, Saved
from models.messages.reply import Reply, Status
from models.quotes.quote import Quote, QuoteEnding, QuoteStage
from models.quotes.quote_request import QuoteStart
from models.quotes.quoted_order import QuotedOrder
from runtime.server.registration import register_attributes
from runtime.worker.workers import workflow_runner
from tests.models.quote_life import sheet, start
from tests.runtime.watching import PATIENCE_SECONDS, looks, until
from tests.workflows.conftest import MemoryRecords
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.limits import ORDER_ACTIVITY, RECORD_CASE_ACTIVITY
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.quote import CarriedQuote, QuoteOutcome, QuoteWorkflow
from workflows.quoting import begin

Handle = WorkflowHandle[Any, Any]


class QuoteHouse:
    """A place for quotes: the records in memory, and an order desk that may say no a few times."""

    def __init__(self, client: Client, records: MemoryRecords) -> None:
        self.client, self.records = client, records
        self.queue = f"quotes-{uuid.uuid4().hex}"
        self.refuses = 0
        self.away = 0
        self.asked: list[QuotedOrder] = []

    @activity.defn(name=RECORD_CASE_ACTIVITY)
    def record_case(self, burst: Burst) -> Saved:
        return self.records.record(burst)

    @activity.defn(name=ORDER_ACTIVITY)
    def make_quoted_order(self, asked: QuotedOrder) -> ErrandDone:
        self.asked.append(asked)
        if self.away > 0:
            self.away -= 1
            raise ConnectionError("the database is away")
        if self.refuses > 0:
            self.refuses -= 1
            content = {"code": "unknown_customer", "zh": "没有此客户", "en": "no such customer"}
            return ErrandDone(kind="order_not_made", content=content)
        return ErrandDone(kind="order_made", content={"order": "20270105-0001"})

    async def place(self, first: QuoteStart | CarriedQuote) -> Handle:
        number = first.quote.number if isinstance(first, CarriedQuote) else first.number
        handle: Handle = await self.client.start_workflow(
            "QuoteWorkflow", first, id=f"quote-{number}", task_queue=self.queue, result_type=QuoteOutcome
        )
        return handle

    def envelope(self, kind: str, role: str, **content: Any) -> dict[str, Any]:
        """What somebody says now."""
        return {
            "fact_id": f"test/{uuid.uuid4()}",
            "kind": kind,
            "by": "customer:K-1" if role == "customer" else f"{role}-1",
            "role": role,
            "happened_at": datetime.now(UTC).isoformat(),
            "content": content,
        }

    async def tell(self, handle: Handle, kind: str, role: str, **content: Any) -> Reply:
        said = self.envelope(kind, role, **content)
        reply: Reply = await handle.execute_update("tell", said, result_type=Reply)
        return reply

    async def seen(self, handle: Handle) -> Quote:
        return Quote.model_validate(await handle.query("quote"))

    async def offered(self, handle: Handle) -> Quote:
        """Costed, offered at the proposed price, and sent."""
        await self.tell(handle, "cost_sheet_made", "finance", sheets=[sheet()])
        await self.tell(handle, "offer_made", "salesperson")
        assert (await self.tell(handle, "offer_sent", "salesperson", version=1)).status is Status.ACCEPTED
        return await self.seen(handle)


def started(**changes: Any) -> QuoteStart:
    now = datetime.now(UTC)
    return start(now, **changes).model_copy(update={"number": f"Q20270301-{uuid.uuid4().hex[:8]}"})


@pytest.fixture
async def house(
    temporal_client: Client, records: MemoryRecords, threads: ThreadPoolExecutor
) -> AsyncIterator[QuoteHouse]:
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    found = QuoteHouse(temporal_client, records)
    async with Worker(
        temporal_client,
        task_queue=found.queue,
        workflows=[QuoteWorkflow],
        activities=[found.record_case, found.make_quoted_order, records.read_calendar],
        activity_executor=threads,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    ):
        yield found


async def ended(handle: Handle) -> QuoteOutcome:
    async with asyncio.timeout(PATIENCE_SECONDS):
        outcome: QuoteOutcome = await handle.result()
    return outcome


async def test_from_run_to_run_nothing_is_lost_and_the_order_is_made_once(house: QuoteHouse) -> None:
    """R104: every few events another run; the validity stays where it was, and the order is asked for once."""
    first = started()
    carried = CarriedQuote(quote=begin(first, first.placed_at), continue_after_events=12)
    handle = await house.place(carried)
    quote = await house.offered(handle)
    valid_until = quote.offers[0].valid_until
    for number in range(8):
        said = {"channel": "phone", "words": f"{number}"}
        assert (await house.tell(handle, "contact_logged", "salesperson", **said)).status is Status.ACCEPTED
    async for _ in looks("who is told without a pause goes on in the same run for so long"):
        if (await handle.describe()).run_id != handle.first_execution_run_id:
            break
    quote = await house.seen(handle)
    assert quote.offers[0].valid_until == valid_until
    digest = quote.offers[0].digest
    accepted = [await house.tell(handle, "offer_accepted", "customer", version=1, digest=digest)]
    outcome = await ended(handle)
    assert accepted[0].status is Status.ACCEPTED
    assert (outcome.ending, outcome.order) == (QuoteEnding.ORDERED, "20270105-0001")
    assert len({each.request.request_id for each in house.asked}) == 1
    entries = house.records.entries(first.number)
    assert [entry.sequence for entry in entries] == list(range(1, outcome.sequence + 1))
    assert [entry.previous for entry in entries] == [FIRST_LINK, *(e.hash for e in entries[:-1])]
    described = await handle.describe()
    assert described.run_id != handle.first_execution_run_id, "there was another run"


async def test_an_order_that_cannot_be_made_is_mended_and_asked_for_again(house: QuoteHouse) -> None:
    """R104: what the world cannot is tried by itself, what is refused is somebody's step."""
    house.refuses, house.away = 1, 2
    handle = await house.place(started())
    quote = await house.offered(handle)
    await house.tell(handle, "offer_accepted", "customer", version=1, digest=quote.offers[0].digest)
    await until(lambda: len(house.asked) == 3)
    async for _ in looks("the order was refused"):
        quote = await house.seen(handle)
        if quote.order_trouble is not None:
            break
    assert quote.stage is QuoteStage.ACCEPTED
    assert [step.kind.value for step in quote.steps.values()] == ["order_not_made"]
    assert (await house.tell(handle, "order_wanted", "salesperson")).status is Status.ACCEPTED
    assert (await ended(handle)).order == "20270105-0001"


async def test_cancelled_in_the_engines_pages_it_is_withdrawn(house: QuoteHouse) -> None:
    """R103: a cancel is a wish like any other; the customer who has an offer is told."""
    handle = await house.place(started())
    await house.offered(handle)
    await handle.cancel()
    outcome = await ended(handle)
    assert outcome.ending is QuoteEnding.WITHDRAWN
    due = [each.identity for burst in house.records.bursts for each in burst.intentions]
    assert "quote_withdrawn:1" in due


async def test_it_is_found_and_read_by_operators(house: QuoteHouse) -> None:
    """The stage, who is waited for, and the page with the command that moves it on."""
    handle = await house.place(started())
    await until(lambda: bool(house.records.bursts))
    steps = await handle.query("steps")
    number = (await house.seen(handle)).number
    assert [step["command"] for step in steps] == [f"quote tell {number} offer_made"]
    known = (await handle.describe()).search_attributes
    async for _ in looks("the server knows its stage"):
        known = (await handle.describe()).search_attributes
        if "DingdanStage" in known:
            break
    assert known["DingdanStage"] == ["quote_enquiry"]
    assert known["DingdanWaitsOn"] == ["salesperson", "salesperson-1"]
    await handle.cancel()
    await ended(handle)


async def test_a_life_replays_and_what_is_malformed_leaves_no_trace(house: QuoteHouse) -> None:
    """The history plays again with the same commands; signals that nobody can read are kept as refused."""
    handle = await house.place(started())
    quote = await house.offered(handle)
    await handle.signal("offer_accepted", args=["x", "y"])
    await handle.signal("no_such_fact", {"a": 1})
    for wrong in ({}, {"version": 1, "digest": quote.offers[0].digest, "price": 3.5}):
        with pytest.raises(WorkflowUpdateFailedError):
            await house.tell(handle, "offer_accepted", "customer", **wrong)
    late = datetime.now(UTC) + timedelta(hours=2)
    answer = await handle.query("would_answer", args=[{}, late.isoformat()])
    assert answer["status"] == "refused"
    await house.tell(handle, "offer_refused", "customer", version=1)
    outcome = await ended(handle)
    refused = [e for e in house.records.entries(quote.number) if e.kind.value == "refused"]
    assert (outcome.ending, len(refused)) == (QuoteEnding.REFUSED, 2)
    replayer = Replayer(
        workflows=[QuoteWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    )
    await replayer.replay_workflow(await handle.fetch_history())
