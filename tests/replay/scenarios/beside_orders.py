"""Lives of quotes, after-sales cases and contracts: by signals, from run to run, with an errand that fails at first, still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from temporalio import activity

from activities.cases.case_recorder import CaseRecorder
from activities.cases.case_views import journal_of_case
from commands.stories.beside_orders import number_of
from models.cases.replacement import RefundAsked
from models.contracts.order_news import OrderNews
from models.dossier.errands import ErrandDone
from models.messages.reply import Reply
from models.quotes.quoted_order import QuotedOrder
from rehearsal.beside.case_player import OrdersOfCases
from rehearsal.beside.case_story import case_script_of, read_case_story
from rehearsal.beside.contract_player import OrdersOfContracts
from rehearsal.beside.contract_story import contract_script_of, read_contract_story
from rehearsal.beside.kind import Outside, StoryKind
from rehearsal.beside.on_engine import EngineLife, Place, play
from rehearsal.beside.quote_player import OrdersOfQuotes
from rehearsal.beside.quote_story import quote_script_of, read_quote_story
from rehearsal.files import read_company
from rehearsal.moments import read_offset
from rehearsal.story import Company
from runtime.signed_facts import fact_key
from tests.replay.durable_types import BESIDE_ORDERS, CASE, CONTRACT, QUOTE
from tests.replay.scenarios.signalled import answer_of
from tests.replay.scenarios.stage import LIVES, STORIES, Scene, Shown, Stage
from workflows.engine.limits import COUNT_ACTIVITY, ORDER_ACTIVITY, ORDER_NEWS_ACTIVITY

BY_SIGNALS = "a life told by signals"
THROUGH_RUNS = "a life through runs"
FAILS_FIRST = "an errand that fails at first"
STILL_OPEN = "still open"

ReadyToPlay = Callable[[Path, str, Company, datetime], Any]


def _quote(path: Path, name: str, company: Company, now: datetime) -> Any:
    story = read_quote_story(path).model_copy(update={"name": name})
    return quote_script_of(story, company, now, f"Q{now:%Y%m%d}-{number_of(name)}")


def _case(path: Path, name: str, company: Company, now: datetime) -> Any:
    story = read_case_story(path).model_copy(update={"name": name})
    return case_script_of(story, company, now, int(number_of(name)))


def _contract(path: Path, name: str, company: Company, now: datetime) -> Any:
    story = read_contract_story(path).model_copy(update={"name": name})
    return contract_script_of(story, company, now, f"H{now:%Y%m%d}-{number_of(name)}-1")


_FOLDERS: Mapping[str, tuple[str, ReadyToPlay]] = {
    QUOTE: ("quotes", _quote),
    CASE: ("cases", _case),
    CONTRACT: ("contracts", _contract),
}


def script_of(workflow: str, story: str, name: str) -> Any:
    """A story of the company's, or of the scenarios' own, ready to be played under the scenario's name."""
    folder, ready = _FOLDERS[workflow]
    own = LIVES / folder / f"{story}.yaml"
    path = own if own.exists() else STORIES / folder / f"{story}.yaml"
    return ready(path, name, read_company(STORIES), datetime.now(UTC))


class Signalled(EngineLife[Any, Any]):
    """What the story says is signalled; its answer is read from the journal."""

    async def said(self, envelope: dict[str, Any]) -> Reply:
        """By the signal that has the name of its kind."""
        before = (await self.asked()).sequence
        await self.skipped.handle.signal(str(envelope["kind"]), envelope)
        # A query is answered after the signals that came before it.
        _, journal = await self.look((await self.asked()).clock)
        return answer_of(journal[before:], str(envelope["fact_id"]))


# --- errands that fail at first ----------------------------------------------------------------------------------------


class _Away:
    """Fails so many times, as where a store is away."""

    def __init__(self, times: int = 1) -> None:
        self.times = times

    def fail(self) -> None:
        if self.times > 0:
            self.times -= 1
            raise ConnectionError("the store is away")


class _QuotesAway(OrdersOfQuotes):
    def __init__(self, scripts: Sequence[Any]) -> None:
        super().__init__(scripts)
        self.away = _Away()

    @activity.defn(name=ORDER_ACTIVITY)
    def make_quoted_order(self, asked: QuotedOrder) -> ErrandDone:
        self.away.fail()
        return super().make_quoted_order(asked)


class _CasesAway(OrdersOfCases):
    def __init__(self, scripts: Sequence[Any]) -> None:
        super().__init__(scripts)
        self.away = _Away()

    @activity.defn(name=COUNT_ACTIVITY)
    def count_refund(self, asked: RefundAsked) -> ErrandDone:
        self.away.fail()
        return super().count_refund(asked)


class _ContractsAway(OrdersOfContracts):
    def __init__(self, scripts: Sequence[Any]) -> None:
        super().__init__(scripts)
        self.away = _Away()

    @activity.defn(name=ORDER_NEWS_ACTIVITY)
    def tell_contracted_order(self, news: OrderNews) -> ErrandDone:
        self.away.fail()
        return super().tell_contracted_order(news)


AWAY: Mapping[str, Callable[[Any], Outside]] = {
    QUOTE: lambda scripts: {ORDER_ACTIVITY: _QuotesAway(scripts).make_quoted_order},
    CASE: lambda scripts: {COUNT_ACTIVITY: _CasesAway(scripts).count_refund},
    CONTRACT: lambda scripts: {ORDER_NEWS_ACTIVITY: _ContractsAway(scripts).tell_contracted_order},
}


# --- scenes ------------------------------------------------------------------------------------------------------------


def _journal(stage: Stage, number: str) -> Any:
    return journal_of_case(stage.desk.engine, number)


def shown_of(workflow: str) -> Shown:
    """How a case of this workflow type shows itself."""
    kind = BESIDE_ORDERS[workflow]
    return Shown(kind.word, kind.dossier, _journal, workflow)


async def _record(
    stage: Stage,
    name: str,
    workflow: str,
    script: Any,
    scenario: str,
    *,
    life: type[EngineLife[Any, Any]] = EngineLife,
    kind: StoryKind[Any, Any] | None = None,
    events_of_a_run: int = 0,
    open_in: str = "",
) -> None:
    kind = kind or BESIDE_ORDERS[workflow]
    queue = stage.new_queue()
    recorder = CaseRecorder(stage.desk.engine, lambda: fact_key(stage.settings))
    async with stage.worker(queue, recorder.record_case, *kind.outside([script]).values()):
        place = Place(stage.client, queue, lambda number: journal_of_case(stage.desk.engine, number))
        lived = life(kind, place, script, events_of_a_run=events_of_a_run)
        played = await play(lived)
        assert played.as_expected, f"{name}: {played.differences[0]}"
        if open_in:
            assert kind.stage(played.dossier).value == open_in, name
        await stage.keep(name, scenario, lived.skipped.handle, open_in=open_in, shown=shown_of(workflow))


def by_signals(workflow: str, story: str) -> Scene:
    """The scenario that plays a story by signals alone, one by one."""

    async def scene(stage: Stage, name: str) -> None:
        await _record(stage, name, workflow, script_of(workflow, story, name), BY_SIGNALS, life=Signalled)

    return scene


def through_runs(workflow: str, story: str, events: int) -> Scene:
    """The scenario that plays a story by updates, continued as new after so many events."""

    async def scene(stage: Stage, name: str) -> None:
        script = script_of(workflow, story, name)
        await _record(stage, name, workflow, script, THROUGH_RUNS, events_of_a_run=events)

    return scene


def errand_fails_first(workflow: str, story: str) -> Scene:
    """The scenario that plays a story whose first errand fails and is tried again."""

    async def scene(stage: Stage, name: str) -> None:
        script = script_of(workflow, story, name)
        kind = replace(BESIDE_ORDERS[workflow], outside=AWAY[workflow])
        await _record(stage, name, workflow, script, FAILS_FIRST, kind=kind)

    return scene


def still_open(workflow: str, stands_in: str, story: str, after: str) -> Scene:
    """The scenario of a case that is still open there: a story told up to a point."""

    async def scene(stage: Stage, name: str) -> None:
        script = script_of(workflow, story, name)
        cut = script.begins + read_offset(after)
        told = tuple(move for move in script.moves if move.at <= cut and move.expected is None)
        last = replace(script.moves[0], at=cut, envelope=None, answer=None, expected=None)
        script = replace(script, moves=(*told, last))
        await _record(stage, name, workflow, script, STILL_OPEN, open_in=stands_in)

    return scene


OPEN: Mapping[str, Mapping[str, tuple[str, str]]] = {
    QUOTE: {
        "enquiry": ("nobody-answers", "1d 1h"),
        "in_approval": ("below-target", "2h 5m"),
        "to_send": ("at-target", "2h 1m"),
        "offered": ("accepted-too-late", "12d 1m"),
        "countered": ("three-rounds", "1d 5m"),
        "expired": ("told-late-accepted-in-time", "16d"),
        "late": ("accepted-too-late", "15d 15h 1m"),
        "accepted": ("order-not-made-at-first", "1d 1h"),
    },
    CASE: {
        "opened": ("half-comes-back", "30m"),
        "acknowledged": ("half-comes-back", "1h 30m"),
        "assessed": ("half-comes-back", "2h 30m"),
        "goods_awaited": ("goods-never-sent", "12d 4h"),
        "goods_sent": ("half-comes-back", "3d 1h"),
        "goods_received": ("half-comes-back", "5d 1h"),
        "to_remedy": ("half-comes-back", "6d 1h"),
        "remedied": ("two-thousand-sheets-back", "8d"),
        "objected": ("objected-once", "1d 2h"),
    },
    CONTRACT: {
        "in_approval": ("signed-by-both", "1h"),
        "to_draft": ("declined-and-agreed", "5h 30m"),
        "to_arrange": ("signed-by-both", "3h 30m"),
        "to_sign": ("signed-by-both", "5h"),
        "partly_signed": ("signed-by-both", "1d 5h 30m"),
        "in_force": ("runs-out", "30d 1h"),
        "changing": ("changed-after-signing", "2d 1h 30m"),
    },
}
"""Where a case can stand for days, and how one comes there."""

SCENES: dict[str, Scene] = {
    "quote-every-signal": by_signals(QUOTE, "every-signal-of-a-quote"),
    "quote-refused": by_signals(QUOTE, "below-floor"),
    "quote-competitor-known": by_signals(QUOTE, "competitor-known"),
    "quote-withdrawn": by_signals(QUOTE, "levels-of-approval"),
    "quote-cancelled": by_signals(QUOTE, "cancelled-quote"),
    "quote-expired-through-runs": through_runs(QUOTE, "costs-rise-before-sending", 30),
    "quote-errand-fails-first": errand_fails_first(QUOTE, "accepted-late-and-quoted-anew"),
    "case-every-signal": by_signals(CASE, "every-signal-of-a-case"),
    "case-final-after-review": by_signals(CASE, "objected-once"),
    "case-withdrawn": by_signals(CASE, "withdrawn-by-the-customer"),
    "case-cancelled": by_signals(CASE, "cancelled-case"),
    "case-not-sent-through-runs": through_runs(CASE, "goods-never-sent", 30),
    "case-errand-fails-first": errand_fails_first(CASE, "two-thousand-sheets-back"),
    "contract-every-signal": by_signals(CONTRACT, "every-signal-of-a-contract"),
    "contract-cancelled": by_signals(CONTRACT, "cancelled-contract"),
    "contract-lapsed-through-runs": through_runs(CONTRACT, "signed-by-a-stranger", 30),
    "contract-expired-errand-fails-first": errand_fails_first(CONTRACT, "runs-out"),
    "contract-ended-with-its-order": through_runs(CONTRACT, "ends-with-its-order", 30),
    "quote-errand-in-its-place": errand_fails_first(QUOTE, "order-not-made-at-first"),
    "case-errand-in-its-place": errand_fails_first(CASE, "half-comes-back"),
    "contract-errand-in-its-place": errand_fails_first(CONTRACT, "changed-after-signing"),
    **{
        f"open-{BESIDE_ORDERS[workflow].word}-{stands_in.replace('_', '-')}": still_open(
            workflow, stands_in, story, after
        )
        for workflow, cuts in OPEN.items()
        for stands_in, (story, after) in cuts.items()
    },
}
"""What is played to record it, by the name of its recording."""
