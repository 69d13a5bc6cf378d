"""The durable parts carry a case that is no order (`quote_case`): said, recorded, held, cancelled, carried on, ended."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import TimeSkipper
from temporalio.worker import Replayer, Worker

from models.dossier.journal import FIRST_LINK
from models.dossier.records.recording import Row
from models.messages.reply import Reply, Status
from models.values.calendar import Calendar
from runtime.worker.workers import workflow_runner
from tests.runtime.watching import PATIENCE_SECONDS, until
from tests.workflows.conftest import MemoryRecords
from tests.workflows.counting import names
from tests.workflows.quote_case import CarriedQuote, Quote, QuoteOutcome, QuoteStart, QuoteWorkflow, begin
from tests.workflows.test_life import history, next_run
from workflows.engine.interceptor import CaseInterceptor

Handle = WorkflowHandle[Any, Any]


def quote_start(days: float = 30) -> QuoteStart:
    """A quote that is good for some days."""
    now = datetime.now(UTC)
    return QuoteStart(
        number=f"Q-{uuid.uuid4().hex[:8]}",
        placed_at=now,
        customer="c-1",
        goods="80mm 收银纸",
        valid_until=now + timedelta(days=days),
    )


def said(kind: str, role: str, fact_id: str = "", **content: Any) -> dict[str, Any]:
    """An envelope."""
    return {
        "fact_id": fact_id or f"test/{uuid.uuid4()}",
        "kind": kind,
        "by": f"{role}-1",
        "role": role,
        "happened_at": datetime.now(UTC).isoformat(),
        "content": content,
    }


PRICE = ("price_named", "salesperson")
APPROVED = {"subject": "approval", "outcome": "approve", "note_reference": "N-1"}


class QuoteDesk:
    """A place to put quotes at and talk to them."""

    def __init__(self, client: Client, records: MemoryRecords) -> None:
        self.client, self.records = client, records
        self.queue = f"quotes-{uuid.uuid4().hex}"

    async def place(self, start: QuoteStart | CarriedQuote, client: Client | None = None) -> Handle:
        """Start the workflow of a quote."""
        number = start.quote.number if isinstance(start, CarriedQuote) else start.number
        return await (client or self.client).start_workflow(
            "QuoteWorkflow", start, id=number, task_queue=self.queue, result_type=QuoteOutcome
        )

    async def tell(self, handle: Handle, message: Any) -> Reply:
        """Say something by update."""
        reply: Reply = await handle.execute_update("tell", message, result_type=Reply)
        return reply

    async def seen(self, handle: Handle) -> Quote:
        """The quote as it is now."""
        return Quote.model_validate(await handle.query("quote"))

    def rows(self, number: str, name: str) -> list[Row]:
        """The rows of a table in the order in which they were sent."""
        return [
            r for burst in self.records.bursts if burst.order == number for r in burst.rows if r.table == name
        ]

    async def recorded(self, handle: Handle) -> None:
        """Everything that happened is in the records, in one chain."""
        quote = await self.seen(handle)
        await until(lambda: len(self.records.entries(quote.number)) >= quote.sequence)
        entries = self.records.entries(quote.number)
        assert [entry.sequence for entry in entries] == list(range(1, quote.sequence + 1))
        assert [entry.previous for entry in entries] == [FIRST_LINK, *(e.hash for e in entries[:-1])]


@pytest.fixture
async def quotes(
    temporal_client: Client, records: MemoryRecords, threads: ThreadPoolExecutor
) -> AsyncIterator[QuoteDesk]:
    desk = QuoteDesk(temporal_client, records)
    async with Worker(
        temporal_client,
        task_queue=desk.queue,
        workflows=[QuoteWorkflow],
        activities=[records.record, records.read_calendar],
        activity_executor=threads,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    ):
        yield desk


async def ended(handle: Handle) -> QuoteOutcome:
    """The result, soon."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        outcome: QuoteOutcome = await handle.result()
    return outcome


async def test_a_quote_lives_by_signals_and_updates_to_its_end_and_is_replayed(quotes: QuoteDesk) -> None:
    handle = await quotes.place(quote_start())
    early = await quotes.tell(handle, said("quote_answered", "customer", takes=False))
    assert early.status is Status.KEPT_EARLY
    early_one = (await quotes.seen(handle)).early
    assert [envelope.kind for envelope in early_one] == ["quote_answered"]
    await handle.signal(PRICE[0], said(*PRICE, price="4.80"))
    assert [step["key"] for step in await handle.query("steps")] == ["decision:approval"]
    refuse = {**APPROVED, "outcome": "refuse"}
    assert (
        await quotes.tell(handle, said("decision", "sales_supervisor", **refuse))
    ).status is Status.ACCEPTED
    assert [step["key"] for step in await handle.query("steps")] == ["price"]
    again = await quotes.tell(handle, said(*PRICE, price="4.90"))
    assert again.status is Status.ACCEPTED
    assert (await quotes.seen(handle)).asked["approval"].version == 2
    # What the customer said early is used as soon as it can be.
    assert (
        await quotes.tell(handle, said("decision", "sales_supervisor", **APPROVED))
    ).status is Status.ACCEPTED
    outcome = await ended(handle)
    assert outcome.ending == "declined"
    entries = quotes.records.entries(outcome.number)
    assert (len(entries), entries[-1].hash) == (outcome.sequence, outcome.head)
    # of the case's own row only what moved is sent
    sent = [row.values for row in quotes.rows(outcome.number, "quotes")]
    assert [values["ending"] for values in sent if "ending" in values][-1] == "declined"
    closed = [
        row.key["key"] for row in quotes.rows(outcome.number, "open_steps") if "closed_at" in row.values
    ]
    assert {"price", "decision:approval"} <= set(closed)
    replayer = Replayer(
        workflows=[QuoteWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    )
    await replayer.replay_workflow(await handle.fetch_history())


async def test_what_is_malformed_is_refused_and_the_quote_goes_on(quotes: QuoteDesk) -> None:
    handle = await quotes.place(quote_start())
    await handle.signal("price_named", 42)
    await handle.signal("price_named")
    await handle.signal("payment_received", said("payment_received", "finance", amount="1.00"))
    await handle.signal("price_named", said("price_named", "customer", price="1.00"))
    for message, code in (
        (said("sheet_sent", "service_clerk", version=1), "unknown_fact"),
        (said("quote_answered", "salesperson", takes=True), "wrong_role"),
        (said(*PRICE, price="-1"), "malformed"),
        ("words", "malformed"),
    ):
        with pytest.raises(WorkflowUpdateFailedError) as failed:
            await quotes.tell(handle, message)
        assert isinstance(failed.value.cause, ApplicationError)
        assert failed.value.cause.type == code
    told = said(*PRICE, "bank/1", price="4.80")
    assert (await quotes.tell(handle, told)).status is Status.ACCEPTED
    assert (await quotes.tell(handle, told)).status is Status.KNOWN
    assert (await quotes.tell(handle, {**told, "content": {"price": "5.00"}})).code == "fact_conflict"
    await quotes.recorded(handle)
    kept = [e.data["code"] for e in quotes.records.entries(handle.id) if e.kind == "refused"]
    assert kept == ["malformed", "malformed", "unknown_fact", "wrong_role", "fact_conflict"]


async def test_a_cancel_from_the_ui_withdraws_a_quote(quotes: QuoteDesk) -> None:
    handle = await quotes.place(quote_start())
    await quotes.tell(handle, said(*PRICE, price="4.80"))
    await handle.cancel()
    assert (await ended(handle)).ending == "withdrawn"
    assert (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    fact = next(e for e in quotes.records.entries(handle.id) if e.subject == "cancellation_requested")
    assert (fact.kind, fact.role, fact.by) == ("fact", "system", "temporal")


async def test_a_cancel_from_the_ui_of_a_quote_on_hold_waits_until_it_goes_on(quotes: QuoteDesk) -> None:
    handle = await quotes.place(quote_start())
    await quotes.tell(handle, said("hold_placed", "sales_supervisor", reason="原料涨价"))
    await handle.cancel()
    await until(lambda: any(e.subject == "cancellation_requested" for e in quotes.records.entries(handle.id)))
    assert (await quotes.tell(handle, said(*PRICE, price="4.80"))).status is Status.ACCEPTED
    assert (await quotes.seen(handle)).lives
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await quotes.tell(handle, said("hold_released", "sales_supervisor"))
    assert (await ended(handle)).ending == "withdrawn"


async def test_an_outage_of_the_recorder_loses_nothing_of_a_quote(quotes: QuoteDesk) -> None:
    handle = await quotes.place(quote_start())
    await quotes.recorded(handle)
    quotes.records.away_for = 5
    assert (await quotes.tell(handle, said(*PRICE, price="4.80"))).status is Status.ACCEPTED
    await handle.signal("decision", said("decision", "sales_supervisor", **APPROVED))
    await until(lambda: quotes.records.away_for == 0)
    await quotes.recorded(handle)
    assert names(await history(handle))["ACTIVITY_TASK_SCHEDULED"] == 1


async def test_stores_that_diverged_are_repaired_for_a_quote_as_well(quotes: QuoteDesk) -> None:
    start = quote_start()
    quotes.records.epochs[start.number] = 1
    handle = await quotes.place(start)
    await until(lambda: any(e.kind == "repaired" for e in quotes.records.entries(start.number)))
    quote = await quotes.seen(handle)
    assert [trouble.key for trouble in quote.unresolved] == ["stores-diverged-1"]
    assert quotes.rows(start.number, "quotes")


async def test_a_quote_that_nobody_answers_runs_out_by_its_own_timer(
    quotes: QuoteDesk, time_skipping: TimeSkipper
) -> None:
    handle = await quotes.place(quote_start(days=3), client=time_skipping.client)
    await time_skipping.fast_forward(handle, timedelta(days=2))
    waiting = (await quotes.seen(handle)).steps["price"]
    assert waiting.overdue_at is not None
    await time_skipping.fast_forward(handle, timedelta(days=2))
    outcome = await ended(handle)
    assert outcome.ending == "expired"
    last = quotes.records.entries(outcome.number)[-1]
    assert last.recorded_at - quotes.records.entries(outcome.number)[0].happened_at == timedelta(days=3)


async def test_a_quote_on_hold_does_not_run_out_before_it_goes_on(
    quotes: QuoteDesk, time_skipping: TimeSkipper
) -> None:
    handle = await quotes.place(quote_start(days=3), client=time_skipping.client)
    held = said("hold_placed", "sales_supervisor", reason="原料涨价")
    assert (await quotes.tell(handle, held)).status is Status.ACCEPTED
    assert {step["key"] for step in await handle.query("steps")} == {"price", "resume"}
    await time_skipping.fast_forward(handle, timedelta(days=5))
    assert (await quotes.seen(handle)).lives
    assert (await quotes.tell(handle, said("hold_released", "sales_supervisor"))).status is Status.ACCEPTED
    assert (await ended(handle)).ending == "expired"


async def test_a_quote_goes_on_in_a_new_run_with_everything_it_knew(quotes: QuoteDesk) -> None:
    start = quote_start()
    holiday = date(2027, 2, 8)
    quotes.records.calendar = Calendar(holidays=frozenset({holiday}), years=(2027,))
    handle = await quotes.place(CarriedQuote(quote=begin(start, start.placed_at), continue_after_events=15))
    first = (await handle.describe()).run_id
    replies = await asyncio.gather(
        *(quotes.tell(handle, said(*PRICE, f"u/{n}", price=f"{n + 1}.00")) for n in range(8)),
        *(handle.signal(PRICE[0], said(*PRICE, f"s/{n}", price=f"{n + 1}.50")) for n in range(40)),
    )
    assert all(reply.status is Status.ACCEPTED for reply in replies if reply is not None)
    for n in range(6):
        assert (
            await quotes.tell(handle, said(*PRICE, f"v/{n}", price=f"{n + 1}.90"))
        ).status is Status.ACCEPTED
    assert (await next_run(handle, first)).status is WorkflowExecutionStatus.RUNNING
    quote = await quotes.seen(handle)
    wanted = {f"u/{n}" for n in range(8)} | {f"s/{n}" for n in range(40)} | {f"v/{n}" for n in range(6)}
    assert wanted <= set(quote.seen)
    assert quote.valid_until == start.valid_until
    assert holiday in quote.calendar.holidays
    assert (await quotes.tell(handle, said(*PRICE, "u/3", price="99.00"))).code == "fact_conflict"
    await quotes.recorded(handle)
    facts = [e.data["fact_id"] for e in quotes.records.entries(quote.number) if e.kind == "fact"]
    assert len([fact for fact in facts if fact in wanted]) == len(wanted)
    assert len(quotes.records.journals) == 1
