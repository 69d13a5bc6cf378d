"""Where scenarios are played: a real server, the real worker, and an order database that can be away or restored."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.exceptions import ApplicationError
from temporalio.service import __version__ as sdk_version
from temporalio.testing import TimeSkipper

from activities.orders.recording.recorder import Recorder
from activities.store.database import writing
from activities.store.holidays import CalendarReader
from activities.store.upsert import insert_into
from commands.company.setup import prepare
from commands.desk.order_database import StoryDesk, import_company
from commands.session import start_session
from commands.stories.rehearse import server_settings
from models.dossier.dossier import Dossier
from models.dossier.journal import JournalEntry
from models.dossier.records.recording import Burst, Saved
from models.order.order import Order
from models.tables.registry import table
from models.values.calendar import Calendar
from models.values.errors import Code, Refusal
from models.values.vocabulary import Language, Words
from rehearsal.files import read_company, read_story
from rehearsal.script import Script, script_of
from rehearsal.stand_ins.provider_of_stories import ProvidersOfStories
from runtime.connection import connect
from runtime.delivery.order_handles import WORKFLOW
from runtime.server.embedded_server import EmbeddedServer
from runtime.settings import Settings
from runtime.worker.workers import build_worker
from tests.replay.corpus import Recorded, Recording, keep
from tests.replay.living import differences, live_again
from tests.runtime.watching import PATIENCE_SECONDS
from tests.workflows.counting import billed, counted
from workflows.engine.carried_case import CarriedCase, state_digest
from workflows.engine.limits import CALENDAR_ACTIVITY, RECORD_ACTIVITY

STORIES = Path(__file__).resolve().parents[3] / "stories"
LIVES = Path(__file__).resolve().parent / "lives"
SHORT_WAIT = 0.05


def script(name: str, scenario: str = "") -> Script:
    """A story of the company's, or of the scenarios' own, ready to be played under the scenario's name."""
    own = LIVES / f"{name}.yaml"
    told = read_story(own if own.exists() else STORIES / f"{name}.yaml")
    story = told.model_copy(update={"name": scenario or name})  # references are the scenario's own
    ready = script_of(story, read_company(STORIES), datetime.now(UTC))
    request = ready.request.model_copy(update={"request_id": f"scenario/{scenario or name}"})
    return Script(
        **{each: getattr(ready, each) for each in Script.__slots__ if each != "request"}, request=request
    )


TAKEN = "signalled-every-kind/taken-1"
"""A reference that counts for an order which no scenario lives (R53)."""


def _hold_for_another_order(engine: Engine) -> None:
    row = {
        "claim": f"bank:{TAKEN}",
        "order_number": "another",
        "fact_id": "-",
        "claimed_at": datetime.now(UTC),
    }
    with writing(engine) as connection:
        receipts = table("bank_receipts")
        connection.execute(insert_into(connection, receipts).values(row).on_conflict_do_nothing())


class Database:
    """The order database as the worker sees it: the real one, away as often as it is told to be."""

    def __init__(self, settings: Settings, desk: StoryDesk) -> None:
        self._recorder = Recorder(desk.engine)
        self._calendars = CalendarReader(desk.engine)
        self._file = Path(settings.database_url.removeprefix("sqlite:///"))
        self.away_for = 0
        """How many tries to record will fail from now on."""
        _hold_for_another_order(desk.engine)
        self.has_no_calendar = False

    @activity.defn(name=RECORD_ACTIVITY, no_thread_cancel_exception=True)
    def record(self, burst: Burst) -> Saved:
        """The product's own recorder, unless the database is away."""
        if self.away_for > 0:
            self.away_for -= 1
            raise Refusal(Code.DATABASE_UNAVAILABLE, Words("数据库不可用", "the database is away"))
        return self._recorder.record(burst)

    @activity.defn(name=CALENDAR_ACTIVITY, no_thread_cancel_exception=True)
    def read_calendar(self, today: date) -> Calendar:
        """The product's own reader of holidays."""
        if self.has_no_calendar:
            raise ApplicationError("no calendar to be had", non_retryable=True)
        return self._calendars.read_calendar(today)

    def back_up(self) -> None:
        """Copy it as it is now."""
        _copy(self._file, self._file.with_suffix(".backup"))

    def restore(self) -> None:
        """Put the copy in its place: what was recorded since is lost."""
        _copy(self._file.with_suffix(".backup"), self._file)


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as from_, sqlite3.connect(target) as to:
        from_.backup(to)
    from_.close()
    to.close()


@dataclass(frozen=True, slots=True)
class Shown:
    """How what is recorded shows itself: the query, what it answers, and its journal in the order database."""

    query: str
    dossier: type[Dossier]
    journal: Callable[[Stage, str], list[JournalEntry]]
    workflow: str = WORKFLOW


ORDER = Shown("order", Order, lambda stage, number: stage.desk.journal(number))


@dataclass
class Stage:
    """A server, an order database and a queue of their own."""

    client: Client
    settings: Settings
    desk: StoryDesk
    database: Database
    providers: ProvidersOfStories = field(default_factory=ProvidersOfStories)

    @asynccontextmanager
    async def worker(self, queue: str, *others: Callable[..., Any]) -> AsyncIterator[None]:
        """The product's worker, with a database that can be away, and with these other activities."""
        async with build_worker(
            self.client,
            self.settings,
            task_queue=queue,
            activities=[
                self.database.record,
                self.database.read_calendar,
                *self.providers.activities,
                *others,
            ],
        ):
            yield

    def new_queue(self) -> str:
        """A task queue that no worker of another scenario listens to."""
        return f"scenario-{uuid.uuid4().hex}"

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something outside the order is so."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():  # noqa: ASYNC110 - what is waited for is outside the loop
                await asyncio.sleep(SHORT_WAIT)

    async def recorded(self, handle: WorkflowHandle[Any, Any], shown: Shown = ORDER) -> Any:
        """The case as it is when the database has all of it and nothing moves any more."""
        events = -1
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                case = shown.dossier.model_validate(await handle.query(shown.query))
                journal = await asyncio.to_thread(shown.journal, self, case.number)
                history = await handle.fetch_history()
                told = bool(journal) and journal[-1].hash == case.head
                if told and _stands_still(history) and len(history.events) == events:
                    return case
                events = len(history.events)
                await asyncio.sleep(4 * SHORT_WAIT)

    async def keep(
        self,
        name: str,
        scenario: str,
        handle: WorkflowHandle[Any, Any],
        *,
        only_newest_run: bool = False,
        open_in: str = "",
        shown: Shown = ORDER,
    ) -> Recording:
        """Record the case as it stands now, all of its runs, and see that it lives the same life again."""
        case = await self.recorded(handle, shown)
        runs = [await handle.fetch_history()] if only_newest_run else await all_runs(self.client, handle)
        events = [event for run in runs for event in counted(run.events)]
        journal = await asyncio.to_thread(shown.journal, self, case.number)
        recorded = Recorded(
            story=name,
            number=case.number,
            sdk=sdk_version,
            edition=case.edition,
            runs=len(runs),
            events=len(events),
            actions=billed(events),
            ending=case.ending.value if case.ending else None,
            sequence=case.sequence,
            head=case.head,
            digest=state_digest(case),
            scenario=scenario,
            open_in=open_in,
            workflow=shown.workflow,
        )
        recording = Recording(runs=[json.loads(run.to_json()) for run in runs], journal=journal)
        lived = await live_again(recorded, recording)
        # A restored database lacks what it had forgotten; what the order sent is the whole journal.
        recording.journal = lived.journal
        lost = {entry.hash: entry for entry in journal}.keys() - {entry.hash for entry in lived.journal}
        assert not lost, f"{name}: {len(lost)} entries of the database are not in the replayed journal"
        assert lived.journal[-1].hash == case.head
        assert len(lived.journal) == case.sequence
        recorded.signals, recorded.unknown_signals = dict(lived.signals), dict(lived.unknown_signals)
        recording.bursts = lived.bursts
        another = list(differences(recorded, recording, lived))
        assert not another, f"{name} is replayed as another life: {another[0]}"
        if open_in:
            carried: CarriedCase[Any] = lived.workflows[-1]._carried
            recording.carried = carried.model_dump(mode="json")
        keep(name, recorded, recording)
        return recording


Scene = Callable[[Stage, str], Awaitable[None]]
"""A scenario: plays on a stage and keeps what it recorded under the name."""


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A server in memory with a fresh order database and the stories' company."""
    session = start_session(Language.EN)
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedServer(Path(folder), persistent=False, headless=True) as server:
            settings = server_settings(session, server)
            client = await connect(settings)
            await prepare(settings, client)
            import_company(settings, read_company(STORIES))
            desk = StoryDesk(settings)
            yield Stage(client, settings, desk, Database(settings, desk))


async def all_runs(client: Client, handle: WorkflowHandle[Any, Any]) -> list[WorkflowHistory]:
    """The order's histories from its first run to its last."""
    newest = await handle.fetch_history()
    run: str | None = newest.events[0].workflow_execution_started_event_attributes.first_execution_run_id
    runs = []
    while run:
        history = await client.get_workflow_handle(handle.id, run_id=run).fetch_history()
        runs.append(history)
        last = history.events[-1]
        continued = last.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW
        run = (
            last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
            if continued
            else None
        )
    return runs


async def live_until(client: Client, handle: WorkflowHandle[Any, Any], moment: datetime) -> None:
    """Skip time up to a moment on the order's own clock."""
    skipper = TimeSkipper(client)
    left = moment - await skipper.get_current_time(handle)
    if left > timedelta():
        await skipper.fast_forward(handle, left)


def _stands_still(history: WorkflowHistory) -> bool:
    """No workflow task waits to be done."""
    tasks = [
        name for event in history.events if "_WORKFLOW_TASK_" in (name := EventType.Name(event.event_type))
    ]
    return bool(tasks) and tasks[-1].endswith("COMPLETED")
