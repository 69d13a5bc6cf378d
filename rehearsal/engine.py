"""The player on the real engine: the workflow, its activities and the order database, with skipped time.

Each order has a clock of its own on the server (time skipping of the development server), so that many stories
run side by side. A clock only goes forward: a story begins on a day to come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from activities.reports.report_runs import ReportRun
from models.dossier.journal import JournalEntry
from models.messages.reply import Reply, Status
from models.reports.report import ReportKind
from models.request.order_start import OrderStart
from models.values.calendar import business_date
from models.values.errors import OF_THE_WORLD, Code, Refusal
from rehearsal.beside.contracted import is_told_by_a_contract, with_terms_as_ordered
from rehearsal.expectation import DuePaper, Seen
from rehearsal.played import Looked, Played
from rehearsal.script import Looking, Move, Receiving, Running, Script, Stocking, Telling
from rehearsal.skipped_order import SkippedOrder
from rehearsal.stand_ins.provider_of_stories import ProvidersOfStories
from rehearsal.stand_ins.receipts_of_stories import Told
from runtime.delivery.order_handles import order_handle, start_order
from runtime.delivery.telling import refused_by
from workflows.jobs import balance_reminders, daily_report

SIDE_BY_SIDE = 6
"""Stories that run at once; on two processors more of them only wait for each other."""
MOST_TIME_OF_A_JOB = timedelta(minutes=1)
A_MOMENT = timedelta(seconds=1)
SOON = datetime(1970, 1, 1, tzinfo=UTC)


class Desk(Protocol):
    """What the player needs of the order database."""

    def journal(self, number: str) -> list[JournalEntry]:
        """The journal as the database has it."""

    def papers(self, number: str, *, printed: bool = False) -> list[DuePaper]:
        """The order's papers and notices as the outbox has them; `printed`: what can be printed is, before."""

    def report(self, kind: ReportKind, day: date) -> str:
        """A report of that day as it reads; empty where none was due."""

    def post(self) -> None:
        """Print and send what is due."""

    def stock(self, script: Script) -> None:
        """What the story has in stock, before its order is placed."""

    def stocked(self, number: str, move: Stocking) -> list[dict[str, Any]]:
        """Let something happen in the warehouse; what this order is to hear of it."""

    def received(
        self, numbers: Sequence[str], customer: str, move: Receiving
    ) -> tuple[Code | None, list[Told]]:
        """Let finance do something with a receipt; with which code it was refused, and what these orders are to hear."""


class Way(Protocol):
    """How what a story says reaches its order: on the server itself, or through the door."""

    async def place(self, script: Script) -> str:
        """Number the story's order and start it for the story's first moment; its number."""

    async def tell(self, number: str, envelope: dict[str, Any]) -> Reply:
        """Tell the order; one that has ended answers with a refusal, `order_ended`."""


class Straight:
    """On the server itself: `open_order` numbers, updates tell."""

    def __init__(self, client: Client, task_queue: str, open_order: Callable[[Script], OrderStart]) -> None:
        self.client, self.task_queue, self.open_order = client, task_queue, open_order

    async def place(self, script: Script) -> str:
        """Number it, and start it on its first day."""
        start = await asyncio.to_thread(self.open_order, script)
        await start_order(self.client, start, self.task_queue, script.start - datetime.now(UTC))
        return start.number

    async def tell(self, number: str, envelope: dict[str, Any]) -> Reply:
        """By update."""
        fact_id = str(envelope["fact_id"])
        try:
            reply: Reply = await order_handle(self.client, number).execute_update(
                "tell", envelope, result_type=Reply
            )
        except WorkflowUpdateFailedError as failed:
            return refused_by(failed, fact_id)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return Reply(
                status=Status.REFUSED,
                fact_id=fact_id,
                code=Code.ORDER_ENDED.value,
                zh="订单已终结",
                en="the order has ended",
            )
        return reply


@dataclass(frozen=True, slots=True)
class Stage:
    """Where stories are played on the real engine."""

    client: Client
    task_queue: str
    desk: Desk
    way: Way
    providers: ProvidersOfStories = field(default_factory=ProvidersOfStories)
    """Who answers orders of the shop about money; its activities run on the worker of the stage."""


async def play_all(
    stage: Stage, scripts: Sequence[Script], done: Callable[[Played], None] = lambda played: None
) -> list[Played]:
    """All stories, some side by side; `done` hears of each as it ends. In the order in which they were given."""
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(script: Script) -> Played:
        async with places:
            played = await play(stage, script)
        done(played)
        return played

    return list(await asyncio.gather(*(one(script) for script in scripts)))


async def play(stage: Stage, script: Script) -> Played:
    """One story from its start to its last moment. Raises Refusal where the world cannot, which concerns every story."""
    try:
        if script.story.stock or script.story.batches:
            await asyncio.to_thread(stage.desk.stock, script)
        numbers = await asyncio.gather(*(stage.way.place(each) for each in script.all_alike))
        for number in numbers:
            stage.providers.belongs(number, script.story.provider)
    except Refusal as refusal:
        if refusal.code in OF_THE_WORLD:
            raise
        played = Played(script, "-")
        played.refused(refusal)
        return played
    played = Played(script, numbers[0])
    players = [
        _Player(stage, played, numbers, place, own.moves) for place, own in enumerate(script.all_alike, 1)
    ]
    await asyncio.gather(*(player.begin() for player in players))
    for turn, move in enumerate(script.moves):
        looked = await asyncio.gather(*(player.live(turn) for player in players))
        if isinstance(move, Looking):
            played.looked(move, [each for each in looked if each is not None])
    played.order, played.journal = await players[0].skipped.look()
    return played


class _Player:
    """One order of a story. Of orders that are alike each moves with the others, told and looked at side by side."""

    def __init__(
        self, stage: Stage, played: Played, numbers: Sequence[str], place: int, moves: Sequence[Move]
    ) -> None:
        self.stage, self.played, self.numbers = stage, played, numbers
        self.place, self.moves, self.number = place, moves, numbers[place - 1]
        self.skipped = SkippedOrder(stage.client, self.number, stage.desk.journal)
        self.reports: dict[str, str] = {}

    async def begin(self) -> None:
        """The order's first moment."""
        described = await self.skipped.handle.describe()
        await self.skipped.live_until(
            max(self.played.script.start, described.execution_time or SOON) + A_MOMENT
        )

    async def live(self, turn: int) -> Looked | None:
        """One move; what was looked at. What concerns all orders alike happens once, at the first."""
        move, is_first = self.moves[turn], self.place == 1
        await self.skipped.live_until(move.at)
        if isinstance(move, Telling):
            if move.only in {None, self.place}:
                self.played.told(move, await self._tell_on_stage(move.envelope))
        elif isinstance(move, Running):
            if is_first:
                await self._run(move)
        elif isinstance(move, Stocking):
            if is_first:
                await self._stock(move)
        elif isinstance(move, Receiving):
            if move.only == self.place:
                await self._receive(move)
        else:
            order, journal = await self.skipped.look(move.at)
            read = any(each.contains for each in move.expected.documents)
            papers = await asyncio.to_thread(self.stage.desk.papers, order.number, printed=read)
            return Looked(order, journal, Seen(papers, self.reports))
        return None

    async def _tell_on_stage(self, envelope: dict[str, Any]) -> Reply:
        way = self.stage.way
        if is_told_by_a_contract(envelope):
            order, _ = await self.skipped.look()
            envelope, way = with_terms_as_ordered(envelope, order), self._house()
        reply = await way.tell(self.number, envelope)
        self.skipped.ended = self.skipped.ended or reply.code == Code.ORDER_ENDED
        return reply

    def _house(self) -> Straight:
        """As the programs of the house tell an order."""
        return Straight(self.stage.client, self.stage.task_queue, lambda script: script.order_start("-"))

    async def _stock(self, move: Stocking) -> None:
        """What the warehouse does is told to the order as the forwarder of the house tells it."""
        number = self.number
        house = self._house()
        for envelope in await asyncio.to_thread(self.stage.desk.stocked, number, move):
            await house.tell(number, envelope)

    async def _receive(self, move: Receiving) -> None:
        """What finance gives orders, or what bounced, is told as the forwarder of the house tells it."""
        house, customer = self._house(), self.played.script.request.customer
        code, told = await asyncio.to_thread(self.stage.desk.received, self.numbers, customer, move)
        for number, envelope in told:
            await house.tell(number, envelope)
        self.played.received(move, code)

    async def _run(self, move: Running) -> None:
        """A job for the business day of the moment, as its schedule would start it; then the post goes out.

        Only for the story's own customer: other stories live at other times.
        """
        script = self.played.script
        day = business_date(move.at)
        kind = next((kind for kind in ReportKind if kind.value == move.job.value), None)
        workflow, asked = (
            (
                balance_reminders.WORKFLOW,
                balance_reminders.ReminderRun(day=day, customer=script.request.customer),
            )
            if kind is None
            else (daily_report.WORKFLOW, ReportRun(kind=kind, day=day))
        )
        await self.stage.client.execute_workflow(
            workflow,
            asked,
            id=f"{move.job.value}-{self.number}-{day}",
            task_queue=self.stage.task_queue,
            run_timeout=MOST_TIME_OF_A_JOB,
        )
        await asyncio.to_thread(self.stage.desk.post)
        if kind is not None:
            made = await asyncio.to_thread(self.stage.desk.report, kind, day)
            self.reports[kind.value] = self.reports.get(kind.value, "") + made
