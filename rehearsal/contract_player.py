"""The players of contract stories: on the pure model at once, and on the real engine with skipped time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from temporalio import activity
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from models.contracts.contents import ContractSigned
from models.contracts.contract import OrderContract
from models.contracts.order_news import OrderNews, news_of
from models.contracts.signing import is_signed_already
from models.dossier.errands import ErrandDone
from models.dossier.journal import JournalEntry
from models.messages.envelope import engine_envelope, read_content
from models.messages.reply import Reply, Status
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.contract_story import ContractExpectation, ContractMove, ContractScript
from rehearsal.skipped_order import FEW_WAITS, MOST_WAITS, SHORT_WAIT, SkippedOrder
from runtime.cases.rooms import room_of
from runtime.delivery.telling import refused_by
from workflows import case, contracting
from workflows.engine.limits import ORDER_NEWS_ACTIVITY

_DIGEST = "{digest}"
_SIGNED = "contract_signed"
_ENDED = Words("合同已终结", "the contract has ended")


@dataclass(frozen=True, slots=True)
class ContractDifference:
    """Where a contract is not as its story says."""

    at: datetime
    what: str
    expected: str
    found: str


@dataclass(slots=True)
class PlayedContract:
    """One story as it went."""

    script: ContractScript
    contract: OrderContract | None = None
    journal: list[JournalEntry] = field(default_factory=list)
    differences: list[ContractDifference] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The story's name."""
        return self.script.story.name

    @property
    def as_expected(self) -> bool:
        """Whether everything was as the story says."""
        return not self.differences

    def told(self, move: ContractMove, reply: Reply) -> None:
        """Keep a difference where the story expects another answer."""
        shown = f"{reply.status.value} {reply.code}".strip()
        kind = str(move.envelope["kind"]) if move.envelope else ""
        if move.answer is None and reply.status is Status.REFUSED:
            self._differs(move.at, f"reply to {kind}", "accepted", f"{shown}: {reply.en}")
        elif move.answer is not None and not move.answer.fits(reply):
            self._differs(move.at, f"reply to {kind}", str(move.answer), shown)

    def looked(self, move: ContractMove, contract: OrderContract, journal: Sequence[JournalEntry]) -> None:
        """Compare the contract at this moment with what is expected of it."""
        if move.expected is not None:
            for what, expected, found in _compared(move.expected, move, contract, journal):
                if expected != found:
                    self._differs(move.at, what, str(expected), str(found))

    def _differs(self, at: datetime, what: str, expected: str, found: str) -> None:
        self.differences.append(ContractDifference(at, what, expected, found))

    def as_json(self) -> dict[str, Any]:
        """The result for programs."""
        return {
            "story": self.name,
            "contract": self.script.start.number,
            "as_expected": self.as_expected,
            "stage": self.contract.stage.value if self.contract else None,
            "differences": [
                {"at": each.at.isoformat(), "what": each.what, "expected": each.expected, "found": each.found}
                for each in self.differences
            ],
            "journal": [
                entry.model_dump(mode="json", exclude={"previous", "hash"}) for entry in self.journal
            ],
        }


def _compared(
    expected: ContractExpectation,
    move: ContractMove,
    contract: OrderContract,
    journal: Sequence[JournalEntry],
) -> Iterator[tuple[str, object, object]]:
    steps = sorted(contract.steps.values(), key=lambda step: (step.due, step.key))
    named = {entry.rule for entry in journal}
    papers = {identity.partition(":")[0] for identity in contract.intended}
    force = contract.in_force if contract.pending_ending is None else None
    covers = force is not None and force.terms.digest == move.order.digest
    looks: list[tuple[str, object, object]] = [
        ("stage", expected.stage, contract.stage),
        ("waiting", None if expected.waiting is None else sorted(expected.waiting), sorted(contract.steps)),
        ("waits_on", expected.waits_on, steps[0].roles if steps else ()),
        ("version", expected.version, contract.newest.version),
        ("in_force", expected.in_force, force.version if force is not None else 0),
        ("total", expected.total, contract.newest.terms.total),
        ("order_goes_on", expected.order_goes_on, covers),
    ]
    yield from ((what, wanted, found) for what, wanted, found in looks if wanted is not None)
    if isinstance(expected.ended, bool):
        yield "ended", expected.ended, not contract.lives
    elif expected.ended is not None:
        yield "ended", expected.ended, contract.ending
    yield from (
        ("paper", paper.value, paper.value if paper.value in papers else "") for paper in expected.papers
    )
    yield from (("rule", rule, rule if rule in named else "") for rule in expected.rules)


class _Way(Protocol):
    """How a story reaches its contract."""

    async def live_until(self, moment: datetime) -> None: ...
    async def tell(self, envelope: dict[str, Any], at: datetime) -> Reply: ...
    async def look(self, at: datetime) -> tuple[OrderContract, list[JournalEntry]]: ...


async def _play(played: PlayedContract, way: _Way) -> PlayedContract:
    for move in played.script.moves:
        await way.live_until(move.at)
        contract, journal = await way.look(move.at)
        if move.envelope is not None:
            played.told(move, await way.tell(_with_digest(move.envelope, contract), move.at))
        else:
            played.looked(move, contract, journal)
    played.contract, played.journal = await way.look(played.script.moves[-1].at)
    return played


def _with_digest(envelope: dict[str, Any], contract: OrderContract) -> dict[str, Any]:
    """The hash of the version that is named in place of `{digest}`."""
    content = envelope["content"]
    if content.get("digest") != _DIGEST:
        return envelope
    draft = contract.draft_numbered(int(content.get("version", 0)))
    return {**envelope, "content": {**content, "digest": draft.digest if draft else "0" * 12}}


class _Model:
    def __init__(self, script: ContractScript) -> None:
        self.script = script
        self.contract = contracting.begin(script.start, script.begins)

    async def live_until(self, moment: datetime) -> None:
        while (due := case.next_deadline(contracting.CONTRACTS, self.contract)) is not None and due <= moment:
            contracting.advance(self.contract, due)
            self._tell_order(due)
        contracting.advance(self.contract, moment)

    async def tell(self, envelope: dict[str, Any], at: datetime) -> Reply:
        reply = contracting.receive(self.contract, envelope, at)
        self._tell_order(at)
        return reply

    async def look(self, at: datetime) -> tuple[OrderContract, list[JournalEntry]]:
        return self.contract, self.contract.unsaved

    def _tell_order(self, now: datetime) -> None:
        while (news := news_of(self.contract)) is not None:
            content = heard_by_the_order(self.script, news).content
            contracting.receive(self.contract, engine_envelope("order_told", content, news.key, now), now)


def heard_by_the_order(script: ContractScript, news: OrderNews) -> ErrandDone:
    """What comes back when the order of the story is told: whether it had ended by then."""
    ended = script.order_has_ended(news.at)
    return ErrandDone(kind="order_told", content={"news": news.key, "order_ended": ended})


class OrdersOfStories:
    """The orders of contract stories, where a worker plays them: they have no life but what their story says."""

    def __init__(self, scripts: Sequence[ContractScript]) -> None:
        self._scripts: Mapping[str, ContractScript] = {each.start.number: each for each in scripts}

    @activity.defn(name=ORDER_NEWS_ACTIVITY)
    async def tell_contracted_order(self, news: OrderNews) -> ErrandDone:
        """In place of the activity that tells real orders."""
        return heard_by_the_order(self._scripts[news.contract], news)


def play_contract(script: ContractScript) -> PlayedContract:
    """The story on the pure model. Time stops at every deadline, as the contract's timer does."""
    return asyncio.run(_play(PlayedContract(script), _Model(script)))


class _Engine:
    def __init__(self, client: Client, number: str, journal_of: Any) -> None:
        self.skipped = SkippedOrder(client, number, journal_of)
        self._number, self._journal_of = number, journal_of

    async def live_until(self, moment: datetime) -> None:
        await self.skipped.live_until(moment)

    async def tell(self, envelope: dict[str, Any], at: datetime) -> Reply:
        try:
            reply: Reply = await self.skipped.handle.execute_update("tell", envelope, result_type=Reply)
        except WorkflowUpdateFailedError as failed:
            return refused_by(failed, str(envelope["fact_id"]))
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return _after_its_end(await self._asked(), envelope)
        return reply

    async def look(self, at: datetime) -> tuple[OrderContract, list[JournalEntry]]:
        contract = await self._asked()
        for _ in range(FEW_WAITS):
            due = case.next_deadline(contracting.CONTRACTS, contract)
            if (due is None or due > at) and news_of(contract) is None:
                break
            await asyncio.sleep(SHORT_WAIT)
            contract = await self._asked()
        journal: list[JournalEntry] = []
        for _ in range(MOST_WAITS):
            journal = await asyncio.to_thread(self._journal_of, self._number)
            if len(journal) >= contract.sequence:
                break
            await asyncio.sleep(SHORT_WAIT)
        return contract, journal

    async def _asked(self) -> OrderContract:
        for _ in range(MOST_WAITS):
            try:
                return OrderContract.model_validate(await self.skipped.handle.query("contract"))
            except RPCError as error:
                if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                    raise
            await asyncio.sleep(SHORT_WAIT)
        return OrderContract.model_validate(await self.skipped.handle.query("contract"))


def _after_its_end(contract: OrderContract, envelope: dict[str, Any]) -> Reply:
    """As a contract that has ended answers: what it knows is known, whether or not its workflow has ended yet."""
    fact, content = str(envelope["fact_id"]), envelope["content"]
    if envelope["kind"] == _SIGNED and is_signed_already(
        contract, read_content(ContractSigned, content, inside="content")
    ):
        return Reply(status=Status.KNOWN, fact_id=fact, sequence=contract.sequence)
    return Reply.refused(Refusal(Code.ORDER_ENDED, _ENDED), fact, 0)


async def play_contract_on_engine(
    client: Client, task_queue: str, journal_of: Any, script: ContractScript
) -> PlayedContract:
    """The story on the real engine, on its own day; `journal_of`: the journal of a number as the database has it."""
    number = script.start.number
    engine = _Engine(client, number, journal_of)
    await client.start_workflow(
        room_of(number).workflow,
        script.start,
        id=engine.skipped.handle.id,
        task_queue=task_queue,
        start_delay=script.begins - datetime.now(UTC),
    )
    described = await engine.skipped.handle.describe()
    await engine.live_until(max(script.begins, described.execution_time or script.begins))
    return await _play(PlayedContract(script), engine)
