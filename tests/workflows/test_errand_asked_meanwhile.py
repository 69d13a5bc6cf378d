"""Somebody looks at a quote while its acceptance is recorded: the order that is made of it has a task of its own (R47, R104)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, Worker

from models.dossier.dossier import Dossier
from models.dossier.records.recording import Burst, Saved
from models.quotes.quote import QuoteEnding
from models.values.editions import NEWEST
from runtime.server.registration import register_attributes
from runtime.worker.workers import workflow_runner
from tests.runtime.watching import until
from tests.workflows.conftest import MemoryRecords
from tests.workflows.test_asked_meanwhile import QUESTIONS
from tests.workflows.test_quotes_live import Handle, QuoteHouse, ended, started
from workflows import durable
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.limits import RECORD_CASE_ACTIVITY
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.engine.step_list import steps_of
from workflows.quote import QuoteWorkflow

TRIES = 3


class AskedHouse(QuoteHouse):
    """A place for quotes whose worker comes and goes; it says when something was recorded."""

    def __init__(self, client: Client, records: MemoryRecords, threads: ThreadPoolExecutor) -> None:
        super().__init__(client, records)
        self.threads = threads
        self.is_at_work = threading.Event()
        self.may_record = threading.Event()
        self.may_record.set()
        self.was_recorded = threading.Event()

    @activity.defn(name=RECORD_CASE_ACTIVITY)
    def record_case(self, burst: Burst) -> Saved:
        self.is_at_work.set()
        self.may_record.wait(2)
        saved = self.records.record(burst)
        self.was_recorded.set()
        return saved

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        async with Worker(
            self.client,
            task_queue=self.queue,
            workflows=[QuoteWorkflow],
            activities=[self.record_case, self.make_quoted_order, self.records.read_calendar],
            activity_executor=self.threads,
            workflow_runner=workflow_runner(),
            interceptors=[CaseInterceptor()],
        ):
            yield

    async def accept(self, handle: Handle, version: int, digest: str) -> None:
        """The customer's word, which nobody waits for."""
        content = {"version": version, "digest": digest}
        await handle.signal("offer_accepted", self.envelope("offer_accepted", "customer", **content))


@pytest.fixture
async def house(
    temporal_client: Client,
    records: MemoryRecords,
    threads: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> AskedHouse:
    """Whoever asks for the steps is answered when what was told is recorded."""
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    here = AskedHouse(temporal_client, records, threads)

    def when_recorded(dossier: Dossier) -> Any:
        here.was_recorded.wait(0.5)
        return steps_of(dossier)

    monkeypatch.setattr(durable, "steps_of", when_recorded)
    return here


@pytest.mark.parametrize("attempt", range(TRIES))
async def test_the_order_is_made_while_somebody_looks(house: AskedHouse, attempt: int) -> None:
    first = started().model_copy(update={"edition": NEWEST})
    async with house.worker():
        handle = await house.place(first)
        quote = await house.offered(handle)
    await house.accept(handle, 1, quote.offers[0].digest)
    for event in (house.is_at_work, house.may_record, house.was_recorded):
        event.clear()
    asked = [asyncio.create_task(handle.query("steps")) for _ in range(QUESTIONS)]
    async with house.worker():
        await until(house.is_at_work.is_set)
        said = asyncio.create_task(
            house.tell(handle, "contact_logged", "salesperson", channel="phone", words="?")
        )
        asyncio.get_running_loop().call_later(0.3, house.may_record.set)
        await asyncio.gather(*asked, said)
        outcome = await ended(handle)
    assert outcome.ending is QuoteEnding.ORDERED
    replayer = Replayer(
        workflows=[QuoteWorkflow],
        data_converter=pydantic_data_converter,
        workflow_runner=workflow_runner(),
        interceptors=[CaseInterceptor()],
    )
    await replayer.replay_workflow(await handle.fetch_history())
