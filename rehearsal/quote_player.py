"""The players of quote stories: on the pure model at once, and on the real engine with skipped time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from models.dossier.journal import JournalEntry
from models.messages.envelope import read_content
from models.messages.reply import Reply, Status
from models.quotes.answering import was_accepted
from models.quotes.contents import OfferAccepted
from models.quotes.costing import shown_percent
from models.quotes.quote import Quote
from models.quotes.quoted_order import order_of
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.quote_story import QuoteExpectation, QuoteMove, QuoteScript
from rehearsal.skipped_order import FEW_WAITS, MOST_WAITS, SHORT_WAIT, SkippedOrder
from runtime.cases.rooms import room_of
from runtime.delivery.telling import refused_by
from workflows import case, quoting

_DIGEST = "{digest}"
_ACCEPTED = "offer_accepted"


@dataclass(frozen=True, slots=True)
class QuoteDifference:
    """Where a quote is not as its story says."""

    at: datetime
    what: str
    expected: str
    found: str


@dataclass(slots=True)
class PlayedQuote:
    """One story as it went."""

    script: QuoteScript
    quote: Quote | None = None
    journal: list[JournalEntry] = field(default_factory=list)
    differences: list[QuoteDifference] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The story's name."""
        return self.script.story.name

    @property
    def as_expected(self) -> bool:
        """Whether everything was as the story says."""
        return not self.differences

    def told(self, move: QuoteMove, reply: Reply) -> None:
        """Keep a difference where the story expects another answer."""
        shown = f"{reply.status.value} {reply.code}".strip()
        kind = str(move.envelope["kind"]) if move.envelope else ""
        if move.answer is None and reply.status is Status.REFUSED:
            self._differs(move.at, f"reply to {kind}", "accepted", f"{shown}: {reply.en}")
        elif move.answer is not None and not move.answer.fits(reply):
            self._differs(move.at, f"reply to {kind}", str(move.answer), shown)

    def looked(self, move: QuoteMove, quote: Quote, journal: Sequence[JournalEntry]) -> None:
        """Compare the quote at this moment with what is expected of it."""
        if move.expected is not None:
            for what, expected, found in _compared(move.expected, quote, journal):
                if expected != found:
                    self._differs(move.at, what, str(expected), str(found))

    def _differs(self, at: datetime, what: str, expected: str, found: str) -> None:
        self.differences.append(QuoteDifference(at, what, expected, found))

    def as_json(self) -> dict[str, Any]:
        """The result for programs."""
        return {
            "story": self.name,
            "quote": self.script.start.number,
            "as_expected": self.as_expected,
            "stage": self.quote.stage.value if self.quote else None,
            "differences": [
                {"at": each.at.isoformat(), "what": each.what, "expected": each.expected, "found": each.found}
                for each in self.differences
            ],
            "journal": [
                entry.model_dump(mode="json", exclude={"previous", "hash"}) for entry in self.journal
            ],
        }


def _compared(
    expected: QuoteExpectation, quote: Quote, journal: Sequence[JournalEntry]
) -> Iterator[tuple[str, object, object]]:
    newest = quote.offers[-1] if quote.offers else None
    steps = sorted(quote.steps.values(), key=lambda step: (step.due, step.key))
    named = {entry.rule for entry in journal}
    papers = {identity.partition(":")[0] for identity in quote.intended}
    looks: list[tuple[str, object, object]] = [
        ("stage", expected.stage, quote.stage),
        ("waiting", None if expected.waiting is None else sorted(expected.waiting), sorted(quote.steps)),
        ("waits_on", expected.waits_on, steps[0].roles if steps else ()),
        ("version", expected.version, quote.last_version),
        ("unit_price", expected.unit_price, newest.prices[0].unit_price if newest else None),
        ("margin", expected.margin, str(shown_percent(quote.margin_of_offer(newest))) if newest else None),
    ]
    yield from ((what, wanted, found) for what, wanted, found in looks if wanted is not None)
    if isinstance(expected.ended, bool):
        yield "ended", expected.ended, not quote.lives
    elif expected.ended is not None:
        yield "ended", expected.ended, quote.ending
    yield from (
        ("paper", paper.value, paper.value if paper.value in papers else "") for paper in expected.papers
    )
    yield from (("rule", rule, rule if rule in named else "") for rule in expected.rules)
    request = order_of(quote)
    if isinstance(expected.order, bool):
        yield "order", expected.order, request is not None
    elif expected.order is not None:
        yield "order total", expected.order.total, request.total if request else None
        if expected.order.unit_price is not None:
            yield "order price", expected.order.unit_price, request.lines[0].unit_price if request else None


class _Way(Protocol):
    """How a story reaches its quote."""

    async def live_until(self, moment: datetime) -> None: ...
    async def tell(self, envelope: dict[str, Any], at: datetime) -> Reply: ...
    async def look(self, at: datetime) -> tuple[Quote, list[JournalEntry]]: ...


async def _play(played: PlayedQuote, way: _Way) -> PlayedQuote:
    for move in played.script.moves:
        await way.live_until(move.at)
        quote, journal = await way.look(move.at)
        if move.envelope is not None:
            played.told(move, await way.tell(_with_digest(move.envelope, quote), move.at))
        else:
            played.looked(move, quote, journal)
    played.quote, played.journal = await way.look(played.script.moves[-1].at)
    return played


def _with_digest(envelope: dict[str, Any], quote: Quote) -> dict[str, Any]:
    """The hash of the version that is named in place of `{digest}`."""
    content = envelope["content"]
    if content.get("digest") != _DIGEST:
        return envelope
    offer = quote.offer_numbered(int(content.get("version", 0)))
    return {**envelope, "content": {**content, "digest": offer.digest if offer else "0" * 12}}


class _Model:
    def __init__(self, script: QuoteScript) -> None:
        self.quote = quoting.begin(script.start, script.begins)

    async def live_until(self, moment: datetime) -> None:
        while (due := case.next_deadline(quoting.QUOTES, self.quote)) is not None and due <= moment:
            quoting.advance(self.quote, due)
        quoting.advance(self.quote, moment)

    async def tell(self, envelope: dict[str, Any], at: datetime) -> Reply:
        return quoting.receive(self.quote, envelope, at)

    async def look(self, at: datetime) -> tuple[Quote, list[JournalEntry]]:
        return self.quote, self.quote.unsaved


def play_quote(script: QuoteScript) -> PlayedQuote:
    """The story on the pure model. Time stops at every deadline, as the quote's timer does."""
    return asyncio.run(_play(PlayedQuote(script), _Model(script)))


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

    async def look(self, at: datetime) -> tuple[Quote, list[JournalEntry]]:
        quote = await self._asked()
        for _ in range(FEW_WAITS):
            due = case.next_deadline(quoting.QUOTES, quote)
            if due is None or due > at:
                break
            await asyncio.sleep(SHORT_WAIT)
            quote = await self._asked()
        journal: list[JournalEntry] = []
        for _ in range(MOST_WAITS):
            journal = await asyncio.to_thread(self._journal_of, self._number)
            if len(journal) >= quote.sequence:
                break
            await asyncio.sleep(SHORT_WAIT)
        return quote, journal

    async def _asked(self) -> Quote:
        for _ in range(MOST_WAITS):
            try:
                return Quote.model_validate(await self.skipped.handle.query("quote"))
            except RPCError as error:
                if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                    raise
            await asyncio.sleep(SHORT_WAIT)
        return Quote.model_validate(await self.skipped.handle.query("quote"))


def _after_its_end(quote: Quote, envelope: dict[str, Any]) -> Reply:
    """As the door answers (R104): what became the order is known, whether or not its workflow has ended yet."""
    fact, content = str(envelope["fact_id"]), envelope["content"]
    is_acceptance = envelope["kind"] == _ACCEPTED
    if is_acceptance and was_accepted(quote, read_content(OfferAccepted, content, inside="content")):
        return Reply(status=Status.KNOWN, fact_id=fact, sequence=quote.sequence)
    return Reply.refused(Refusal(Code.ORDER_ENDED, Words("报价已结束", "the quote has ended")), fact, 0)


async def play_quote_on_engine(
    client: Client, task_queue: str, journal_of: Any, script: QuoteScript
) -> PlayedQuote:
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
    return await _play(PlayedQuote(script), engine)
