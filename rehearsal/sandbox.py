"""Sandbox orders 沙盒订单: a newcomer sees in minutes what takes weeks: slips, reminders, a recall.

An order is begun for a customer of its own and brought to where it gets interesting by the people of the example company;
then its time is skipped, day by day, with the reminder job for each day at the order's own time. Only the development
server can skip, and only an order that was begun here is ever asked to.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from temporalio.client import Client

from activities.orders.views.order_views import journal_of
from activities.sandbox import sandbox_orders as kept
from models.dossier.journal import JournalEntry
from models.reports.report import ReportKind
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Term, Words
from rehearsal.engine import MOST_TIME_OF_A_JOB, Stage, Straight, play
from rehearsal.expectation import DuePaper
from rehearsal.files import read_company
from rehearsal.script import Receiving, Script, Stocking, script_of
from rehearsal.skipped_order import SkippedOrder
from rehearsal.stand_ins.receipts_of_stories import Told
from rehearsal.story import Company, CompanyCustomer, Event, Expectation, Story, Title
from runtime.databases import engine_of
from runtime.delivery.placing import begin_order, number_request
from runtime.settings import ROOT
from workflows.jobs import balance_reminders
from workflows.procedure import next_deadline

if TYPE_CHECKING:
    from runtime.settings import Settings

MOST_DAYS = 31
_STORIES = ROOT / "stories"
_SIGNER = "王芳"
_DAY = timedelta(days=1)
_A_MOMENT = timedelta(seconds=1)
_NO_SANDBOX = Words(
    "{number} 不是沙盒订单，它的时间不能跳过", "{number} is no sandbox order; its time cannot be skipped"
)
_DAYS = Words("一次可跳 1 至 {most} 天", "1 to {most} days may be skipped at a time")
_AT_ONCE = Words(
    "这张沙盒订单的时间正在跳过，请稍候再看", "the time of this sandbox order is being skipped; look again"
)
_NOWHERE = Words("这张订单已终结，没有什么可等的", "this order has ended; there is nothing to wait for")


class SandboxStart(Term):
    """Where a sandbox order begins to be interesting."""

    PLACED = "placed", "刚下单：从头办起", "just placed: do everything yourself"
    SHEET_OUT = (
        "sheet_out",
        "确认书已传出，等客户签回：看交期一天天顺延",
        "the sheet is out and not back: see the promised date slip day by day",
    )
    UNPAID = (
        "unpaid",
        "货已入库，余款未付：看催款",
        "the goods are in the warehouse, the balance is open: see the reminders",
    )
    ARRIVED = (
        "arrived",
        "货已到提货点，没人来提：看提醒和十五天召回",
        "the goods wait to be collected: see the reminders and the recall after fifteen days",
    )


_LED_TO: dict[SandboxStart, tuple[dict[str, Any], ...]] = {
    SandboxStart.PLACED: (),
    SandboxStart.SHEET_OUT: (
        {"after": "1h", "course": "verified"},
        {"after": "2h", "course": "sheet_out"},
    ),
    SandboxStart.UNPAID: ({"after": "0m", "course": "in_warehouse"},),
    SandboxStart.ARRIVED: (
        {"after": "0m", "course": "in_warehouse"},
        {"after": "5d 4h", "course": "balance"},
        {"after": "5d 5h", "course": "released"},
        {"after": "5d 6h", "course": "sent"},
        {"after": "7d", "course": "arrives"},
    ),
}


def script_to(start: SandboxStart, customer: str, name: str, now: datetime) -> Script:
    """The order of a sandbox, and what the example company does until `start` is reached."""
    company = read_company(_STORIES)
    own = CompanyCustomer.model_validate(
        {**company.customers[1].model_dump(), "customer": customer, "name": name, "designated_signers": (_SIGNER,)}
    )  # fmt: skip
    story = Story(
        name=f"sandbox-{secrets.token_hex(4)}",
        title=Title(zh=start.zh, en=start.en),
        order={"customer": customer},
        events=tuple(Event.model_validate(each) for each in _LED_TO[start]),
        expect=(Expectation.model_validate({"after": "0m"}),),
    )
    return script_of(story, _with(company, own), now, begins=now)


def _with(company: Company, customer: CompanyCustomer) -> Company:
    return company.model_copy(update={"customers": (*company.customers, customer)})


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the player asks of the order database; nothing is looked at or reported in a sandbox."""

    settings: Settings

    def journal(self, number: str) -> list[JournalEntry]:
        """The journal as recorded so far."""
        return journal_of(engine_of(self.settings), number)

    def papers(self, number: str, *, printed: bool = False) -> list[DuePaper]:
        """Nobody looks."""
        return []

    def report(self, kind: ReportKind, day: date) -> str:
        """Nobody reads one."""
        return ""

    def post(self) -> None:
        """The paperwork of the installation does it."""

    def stock(self, script: Script) -> None:
        """A sandbox has the stock of the house."""

    def stocked(self, number: str, move: Stocking) -> list[dict[str, Any]]:
        """Nothing happens in the warehouse for it."""
        return []

    def received(
        self, numbers: Sequence[str], customer: str, move: Receiving
    ) -> tuple[Code | None, list[Told]]:
        """No money of the house is for it."""
        return None, []


class _Begun(Straight):
    """Numbers and begins the order as any other, after it was kept as a sandbox order."""

    def __init__(self, client: Client, settings: Settings, by: str) -> None:
        super().__init__(client, settings.task_queue, lambda script: script.order_start("-"))
        self.settings, self.by = settings, by

    async def place(self, script: Script) -> str:
        """Number it, keep what it is, and start it now."""
        opened = await number_request(self.settings, script.request)
        order = kept.SandboxOrder(
            number=opened.start.number,
            customer=script.request.customer,
            begun_at=datetime.now(UTC),
            begun_by=self.by,
        )
        await asyncio.to_thread(kept.enter, engine_of(self.settings), order)
        begun = await begin_order(self.client, self.settings, opened)
        if begun.start.number != order.number:
            moved = order.model_copy(update={"number": begun.start.number})
            await asyncio.to_thread(kept.enter, engine_of(self.settings), moved)
        return begun.start.number


async def begin(client: Client, settings: Settings, start: SandboxStart, by: str) -> str:
    """Begin a sandbox order and bring it to `start`; its number. Raises Refusal as placing does."""
    engine = engine_of(settings)
    company = read_company(_STORIES)
    clerk = company.person(Role.SERVICE_CLERK)
    customer = await asyncio.to_thread(kept.new_customer, engine, _SIGNER, clerk)
    script = script_to(start, customer.customer, customer.name, datetime.now(UTC))
    stage = Stage(client, settings.task_queue, _Desk(settings), _Begun(client, settings, by))
    played = await play(stage, script)
    if played.order is None:
        told = played.differences[0] if played.differences else None
        words = Words(str(told.found), str(told.found)) if told else _NOWHERE
        raise Refusal(Code.SERVER_REFUSES, words)
    return played.number


def _skipped(client: Client, settings: Settings, number: str) -> SkippedOrder:
    return SkippedOrder(client, number, lambda name: journal_of(engine_of(settings), name))


async def time_of(client: Client, settings: Settings, number: str) -> datetime:
    """A sandbox order's own time, UTC."""
    return await _skipped(client, settings, number).now()


async def _require(settings: Settings, number: str) -> kept.SandboxOrder:
    order = await asyncio.to_thread(kept.sandbox_order, engine_of(settings), number)
    if order is None:
        raise Refusal(Code.UNKNOWN_ORDER, _NO_SANDBOX.filled(number=number), where=number)
    return order


async def skip_days(client: Client, settings: Settings, number: str, days: int) -> None:
    """Let so many days pass for a sandbox order, with the reminder job of each (R51, R54).

    Raises Refusal(unknown_order) for any other order, and (malformed) for another number of days.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(Code.MALFORMED, _DAYS.filled(most=MOST_DAYS), where="days")
    sandbox = await _require(settings, number)
    skipped = _skipped(client, settings, number)
    now = await skipped.now()
    for day in range(1, days + 1):
        moment = now + day * _DAY
        await _until(skipped, moment)
        if skipped.ended:
            return
        await _remind(client, settings, sandbox, business_date(moment))


async def skip_to_next(client: Client, settings: Settings, number: str) -> None:
    """To the next moment at which something happens by itself. Raises Refusal as `skip_days`, and where nothing does."""
    sandbox = await _require(settings, number)
    skipped = _skipped(client, settings, number)
    order, _ = await skipped.look()
    due = next_deadline(order)
    if due is None:
        raise Refusal(Code.ORDER_ENDED, _NOWHERE, where=number)
    before = business_date(await skipped.now())
    await _until(skipped, due + _A_MOMENT)
    if not skipped.ended and business_date(due) > before:
        await _remind(client, settings, sandbox, business_date(due))


async def _until(skipped: SkippedOrder, moment: datetime) -> None:
    try:
        await skipped.live_until(moment)
    except RuntimeError as overtaken:
        raise Refusal(Code.SERVER_REFUSES, _AT_ONCE) from overtaken
    await skipped.look(moment)


async def _remind(client: Client, settings: Settings, sandbox: kept.SandboxOrder, day: date) -> None:
    await client.execute_workflow(
        balance_reminders.WORKFLOW,
        balance_reminders.ReminderRun(day=day, customer=sandbox.customer),
        id=f"sandbox-reminders-{sandbox.number}-{day}",
        task_queue=settings.task_queue,
        run_timeout=MOST_TIME_OF_A_JOB,
    )
