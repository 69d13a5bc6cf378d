"""A case asks a book that cases share: the answer comes with the burst, as a fact, once, and nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, Worker

from models.dossier.records.recording import Burst, Saved
from models.dossier.records.shared_books import SharedAnswer
from models.messages.reply import Status
from models.values.fingerprint import digest_of
from runtime.worker.workers import workflow_runner
from tests.runtime.watching import looks, until
from tests.workflows.conftest import MemoryRecords
from tests.workflows.counting import names
from tests.workflows.quote_case import FROM_STOCK, CarriedQuote, Quote, QuoteStart, QuoteWorkflow, begin
from tests.workflows.test_life import history, next_run
from tests.workflows.test_quote import PRICE, Handle, QuoteDesk, quote_start, said
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.limits import RECORD_ACTIVITY


@dataclass
class Shelf(MemoryRecords):
    """Records with a book: so many pieces, and what each question was answered."""

    pieces: int = 60
    known: dict[tuple[str, str], SharedAnswer] = field(default_factory=dict)
    asked: int = 0
    silent: bool = False

    @activity.defn(name=RECORD_ACTIVITY)
    def record(self, burst: Burst) -> Saved:
        """As the recorder: who comes first has it, and asked again hears the same."""
        saved = MemoryRecords.record(self, burst)
        if saved.diverged or self.silent:
            return saved
        with self.lock:
            answers = [self._answer(burst.order, question) for question in burst.questions]
        return saved.model_copy(update={"answers": answers})

    def _answer(self, order: str, question: Any) -> SharedAnswer:
        self.asked += 1
        if (order, question.key) not in self.known:
            got = min(self.pieces, int(question.content["pieces"]))
            self.pieces -= got
            self.known[order, question.key] = SharedAnswer(
                key=question.key,
                book=question.book,
                asked=question.asked,
                answered_at=question.asked_at,
                content={"reserved": str(got)},
            )
        return self.known[order, question.key]


@pytest.fixture
async def shop(
    temporal_client: Client, threads: ThreadPoolExecutor
) -> AsyncIterator[tuple[QuoteDesk, Shelf]]:
    shelf = Shelf()
    desk = QuoteDesk(temporal_client, shelf)
    async with Worker(
        temporal_client,
        task_queue=desk.queue,
        workflows=[QuoteWorkflow],
        activities=[shelf.record, shelf.read_calendar],
        activity_executor=threads,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    ):
        yield desk, shelf


ASKED = digest_of(["stock", {"pieces": 10, "price": "5.00"}])[:12]


def from_stock() -> QuoteStart:
    return quote_start().model_copy(update={"goods": FROM_STOCK})


async def answered(desk: QuoteDesk, handle: Handle, count: int = 1) -> Quote:
    """The quote when nothing that it asked is open."""
    quote = await desk.seen(handle)
    async for _ in looks("nothing that it asked is open"):
        quote = await desk.seen(handle)
        if len(quote.asked_of_books) >= count and not quote.questions:
            break
    return quote


async def replayed(handle: Handle) -> None:
    replayer = Replayer(
        workflows=[QuoteWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    )
    await replayer.replay_workflow(await handle.fetch_history())


async def test_several_cases_at_once_get_what_there_is(shop: tuple[QuoteDesk, Shelf]) -> None:
    desk, shelf = shop
    shelf.pieces = 25
    handles = [await desk.place(from_stock()) for _ in range(3)]
    await asyncio.gather(*(desk.tell(each, said(*PRICE, price="5.00")) for each in handles))
    quotes = [await answered(desk, each) for each in handles]
    assert sorted(quote.reserved for quote in quotes) == ["10", "10", "5"]
    assert (shelf.pieces, shelf.asked) == (0, 3)
    for handle, quote in zip(handles, quotes, strict=True):
        facts = {e.hash: e.data for e in shelf.entries(quote.number) if e.subject == "stock_answered"}
        # A lost attempt at a task may have recorded it once more: these records do not tell it from another history.
        assert {(said["fact_id"], said["content"]["reserved"]) for said in facts.values()} == {
            (f"temporal/stock_answered-reserve:5.00-{ASKED}", quote.reserved)
        }
        await replayed(handle)


async def test_a_case_that_asks_nothing_sends_no_other_commands(shop: tuple[QuoteDesk, Shelf]) -> None:
    """Lives of before are replayed as they were."""
    desk, _ = shop
    handle = await desk.place(quote_start())
    await desk.tell(handle, said(*PRICE, price="5.00"))
    await desk.recorded(handle)
    assert "ACTIVITY_TASK_SCHEDULED" not in names(await history(handle))
    assert not any(burst.questions for burst in desk.records.bursts)


async def test_a_database_that_is_away_answers_later_and_nobody_waits(
    shop: tuple[QuoteDesk, Shelf],
) -> None:
    desk, shelf = shop
    handle = await desk.place(from_stock())
    await desk.recorded(handle)
    shelf.away_for = 4
    assert (await desk.tell(handle, said(*PRICE, price="5.00"))).status is Status.ACCEPTED
    assert (await desk.seen(handle)).reserved == ""
    quote = await answered(desk, handle)
    assert (quote.reserved, shelf.pieces) == ("10", 50)
    await desk.recorded(handle)
    await replayed(handle)


async def test_a_run_ends_when_what_it_asked_is_answered(shop: tuple[QuoteDesk, Shelf]) -> None:
    desk, shelf = shop
    start = from_stock()
    # So few events are there also where a busy machine takes all that is said in one task.
    handle = await desk.place(CarriedQuote(quote=begin(start, start.placed_at), continue_after_events=12))
    first = (await handle.describe()).run_id
    for n in range(6):
        await handle.signal(PRICE[0], said(*PRICE, f"s/{n}", price=f"{n + 1}.00"))
    await next_run(handle, first)
    quote = await answered(desk, handle, 6)
    assert (len(quote.asked_of_books), shelf.pieces) == (6, 0)
    await desk.recorded(handle)


async def test_what_is_told_again_after_another_history_is_answered_once(
    shop: tuple[QuoteDesk, Shelf],
) -> None:
    """The database has an epoch of its own: the burst that asks is refused, sent anew, and answered as it was."""
    desk, shelf = shop
    start = from_stock()
    shelf.epochs[start.number] = 2
    handle = await desk.place(start)
    await desk.tell(handle, said(*PRICE, price="5.00"))
    quote = await answered(desk, handle)
    assert (quote.reserved, shelf.pieces) == ("10", 50)
    assert not any(key.startswith("told-again") for key in quote.troubles)
    await replayed(handle)


async def test_a_question_without_an_answer_makes_no_burst_after_burst(
    shop: tuple[QuoteDesk, Shelf],
) -> None:
    """An activity of another version answers nothing: it is asked again with what is said next."""
    desk, shelf = shop
    shelf.silent = True
    handle = await desk.place(from_stock())
    await desk.tell(handle, said(*PRICE, price="5.00"))
    await desk.recorded(handle)
    await until(lambda: any(burst.questions for burst in shelf.bursts))
    asked = sum(bool(burst.questions) for burst in shelf.bursts)
    shelf.silent = False
    await desk.tell(handle, said("hold_placed", "sales_supervisor", reason="x"))
    quote = await answered(desk, handle)
    assert (quote.reserved, asked) == ("10", 1)
