"""A case that is no order: a quote that a customer takes, declines, or lets run out. Only tests live with it.

It stands on the generic parts alone, as a contract or an after-sales case would: what it is made of is all in here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.dossier.decision_record import Answered
    from models.dossier.decisions import ask, void
    from models.dossier.dossier import Dossier
    from models.dossier.incidents import Hold
    from models.dossier.journal import EntryKind
    from models.dossier.open_steps import Need
    from models.dossier.records.changed_rows import STEPS, RowTracker, Watched
    from models.dossier.records.shared_books import BookAnswer, SharedBook
    from models.dossier.step_kinds import StepKind
    from models.messages.decision_subjects import DecisionContent, Outcome, Subject
    from models.messages.envelope import DECISION, Envelope
    from models.messages.fact_kind import FactKind, FactTable
    from models.policy import Policy
    from models.staff import StaffAssignment
    from models.values.calendar import Calendar
    from models.values.content import Content, PositiveMoney, Text
    from models.values.errors import Code, Refusal, TooEarly
    from models.values.vocabulary import Role, Term, Words
    from workflows import case
    from workflows.case import CaseKind, Round
    from workflows.durable import DurableCase
    from workflows.engine.carried_case import CarriedCase, state_digest
    from workflows.engine.durable_kind import DurableKind
    from workflows.engine.fact_signals import with_a_signal_for_each
    from workflows.engine.step_list import steps_of, timer_summary

RULE = "Q1"
FROM_STOCK = "from stock"
"""Goods that are kept in a book which cases share."""


class QuoteEnding(Term):
    """How a quote ends."""

    TAKEN = "taken", "已接受", "taken"
    DECLINED = "declined", "已谢绝", "declined"
    EXPIRED = "expired", "已过期", "expired"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"


class QuoteStart(BaseModel):
    """What a quote begins with."""

    number: str
    placed_at: datetime
    customer: str
    goods: str
    valid_until: datetime
    staff: StaffAssignment = StaffAssignment()
    policy: Policy = Policy()


class Quote(Dossier):
    """A dossier with a customer, goods, a price, and a day until which it is good."""

    customer: str
    goods: str
    price: str = ""
    reserved: str = ""
    valid_until: datetime
    coming_end: QuoteEnding | None = None
    ending: QuoteEnding | None = None


class CarriedQuote(CarriedCase[Quote]):
    """What a quote takes into its next run."""

    quote: Quote

    @property
    def dossier(self) -> Quote:
        """The quote."""
        return self.quote


class QuoteOutcome(BaseModel):
    """How a quote ended."""

    number: str
    ending: QuoteEnding | None
    sequence: int
    head: str
    digest: str


# --- what may be said to it ------------------------------------------------------------------------------------------


class PriceNamed(Content):
    """The price."""

    price: PositiveMoney


class QuoteAnswered(Content):
    """The customer's answer."""

    takes: bool
    words: Text = ""


class StockAnswered(BookAnswer):
    """How much is kept for it."""

    reserved: Text


class Reason(Content):
    """Why."""

    reason: Text = ""


class NewCalendar(Content):
    """Holidays."""

    calendar: Calendar


FACTS = FactTable()


@FACTS.row(PriceNamed, (Role.SALESPERSON,), Words("报价", "price named"))
def price_named(quote: Quote, envelope: Envelope, content: PriceNamed) -> None:
    """Another price is to be approved anew."""
    quote.price = str(content.price)


@FACTS.row(QuoteAnswered, (Role.CUSTOMER,), Words("客户答复", "quote answered"))
def quote_answered(quote: Quote, envelope: Envelope, content: QuoteAnswered) -> None:
    """Nothing can be answered that was not approved."""
    if quote.outcome(Subject.APPROVAL) is not Outcome.APPROVE:
        raise TooEarly
    quote.coming_end = QuoteEnding.TAKEN if content.takes else QuoteEnding.DECLINED


@FACTS.row(Reason, (Role.SALESPERSON, Role.SYSTEM), Words("撤回", "withdrawn"))
def cancellation_requested(quote: Quote, envelope: Envelope, content: Reason) -> None:
    """Whoever cancels it in the engine's own pages withdraws it."""
    quote.coming_end = QuoteEnding.WITHDRAWN


@FACTS.row(Reason, (Role.SALES_SUPERVISOR,), Words("暂停", "put on hold"))
def hold_placed(quote: Quote, envelope: Envelope, content: Reason) -> None:
    """Everything stands still."""
    quote.holds.append(Hold(placed_at=quote.clock, reason=content.reason))


@FACTS.row(Reason, (Role.SALES_SUPERVISOR,), Words("恢复", "goes on"))
def hold_released(quote: Quote, envelope: Envelope, content: Reason) -> None:
    """It goes on."""
    if quote.hold is None:
        raise Refusal(Code.CONTRADICTION, Words("未暂停", "it is not on hold"))
    quote.hold.released_at = quote.clock


@FACTS.row(StockAnswered, (Role.SYSTEM,), Words("库存答复", "stock answered"))
def stock_answered(quote: Quote, envelope: Envelope, content: StockAnswered) -> None:
    """What the book keeps for it."""
    if quote.take_answer(content):
        quote.reserved = content.reserved


@FACTS.row(NewCalendar, (Role.SYSTEM,), Words("日历更新", "calendar refreshed"))
def calendar_refreshed(quote: Quote, envelope: Envelope, content: NewCalendar) -> None:
    """Between two runs."""
    quote.calendar = content.calendar


def price_decided(quote: Quote, envelope: Envelope, content: DecisionContent) -> None:
    """The supervisor approves the price, or does not."""
    asked = quote.decision(content.subject)
    if asked is None or asked.outcome is not None:
        raise Refusal(Code.NOT_ASKED, Words("现在没有请求这项决定", "this is not asked for now"))
    asked.answers.append(
        Answered(
            by=envelope.by,
            role=envelope.role,
            outcome=content.outcome,
            at=envelope.happened_at,
            recorded_at=quote.clock,
            note_reference=content.note_reference or "",
        )
    )
    asked.outcome, asked.decided_at = content.outcome, quote.clock


QUOTE_FACTS: dict[str, FactKind] = {
    **FACTS,
    DECISION: FactKind(DecisionContent, (Role.SALES_SUPERVISOR,), Words("决定", "decision"), price_decided),
}


# --- how it is looked at -----------------------------------------------------------------------------------------------


def _settle(quote: Quote) -> frozenset[str]:
    if quote.outcome(Subject.APPROVAL) is Outcome.REFUSE:
        void(quote, Subject.APPROVAL)
        quote.price = ""
    if quote.price and quote.goods == FROM_STOCK:
        quote.ask_book(SharedBook.STOCK, f"reserve:{quote.price}", {"pieces": 10, "price": quote.price}, RULE)
    if quote.price:
        ask(quote, Subject.APPROVAL, {"price": quote.price})
    return frozenset()


def _needs(quote: Quote) -> list[Need]:
    if not quote.price:
        return [
            Need("price", StepKind.DETAILS, (Role.SALESPERSON,), RULE, hours=quote.policy.limits.price_hours)
        ]
    asked = quote.decision(Subject.APPROVAL)
    if asked is not None and asked.outcome is None:
        values = {"subject": asked.key, "version": str(asked.version)}
        return [
            Need(
                "decision:approval",
                StepKind.DECISION,
                (Role.SALES_SUPERVISOR,),
                RULE,
                hours=quote.policy.limits.decision_hours,
                values=values,
            )
        ]
    return [Need("answer", StepKind.SHEET_BACK, (Role.CUSTOMER,), RULE, due=quote.valid_until)]


def _move(quote: Quote, needed: case.Needed) -> None:
    if quote.coming_end is not None:
        _end(quote, quote.coming_end)


def _end(quote: Quote, ending: QuoteEnding) -> None:
    quote.ending, quote.ended_at = ending, quote.clock
    case.close_all(quote)
    quote.note(EntryKind.ENDED, ending.value, rule=RULE)


def _nothing(quote: Quote) -> frozenset[str]:
    return frozenset()


def _stay(quote: Quote, needed: case.Needed) -> None:
    """On hold it stays where it is."""


USUAL: Round[Quote] = Round(_settle, lambda quote: {"": _needs(quote)}, _move)
HELD: Round[Quote] = Round(_nothing, case.on_hold, _stay)


def _nothing_before(quote: Quote) -> None:
    """Time alone changes nothing between its deadlines."""


def _deadlines(quote: Quote) -> Iterator[datetime]:
    if quote.hold is None:
        yield quote.valid_until


def _pass_deadlines(quote: Quote) -> None:
    if quote.hold is None and quote.valid_until <= quote.clock:
        _end(quote, QuoteEnding.EXPIRED)


QUOTES: CaseKind[Quote] = CaseKind(
    facts=QUOTE_FACTS,
    round_of=lambda quote: USUAL if quote.hold is None else HELD,
    before_each_round=_nothing_before,
    deadlines=_deadlines,
    pass_deadlines=_pass_deadlines,
)


def begin(start: QuoteStart, now: datetime) -> Quote:
    """A quote that was just asked for."""
    quote = Quote(
        **dict(start),
        edition=1,
        calendar=Calendar(),
        clock=max(now, start.placed_at),
        last_movement=max(now, start.placed_at),
    )
    quote.note(EntryKind.PLACED, "quote", at=start.placed_at, rule=RULE, goods=quote.goods)
    case.proceed(QUOTES, quote)
    return quote


# --- what is durable about it ------------------------------------------------------------------------------------------


def _watched(quote: Quote) -> Iterator[Watched]:
    ending = quote.ending.value if quote.ending else None
    made_of = (quote.price, ending, quote.valid_until)
    yield Watched(
        "quotes", (), made_of, lambda: {"price": quote.price, "ending": ending, "goods": quote.goods}
    )
    for step in quote.steps.values():
        due = step.due
        yield Watched(STEPS, (("key", step.key),), (due,), lambda due=due: {"due": due})  # type: ignore[misc]


def _details(quote: Quote, deadline: datetime | None) -> str:
    return "\n".join([f"### {quote.number} · {quote.goods}", *(step["en"] for step in steps_of(quote))])


DURABLE: DurableKind[Quote] = DurableKind(
    case=QUOTES,
    rows=lambda quote: RowTracker(quote.number, lambda: _watched(quote)),
    details=_details,
    timer_summary=timer_summary,
    attributes=lambda quote, known: [],
    weight=lambda quote: 1,
)


@workflow.defn(name="QuoteWorkflow")
@with_a_signal_for_each(QUOTE_FACTS)
class QuoteWorkflow(DurableCase[Quote]):
    """A quote: asked for, priced, approved, answered."""

    @workflow.init
    def __init__(self, start: QuoteStart | CarriedQuote) -> None:
        if not isinstance(start, CarriedQuote):
            start = CarriedQuote(quote=begin(start, workflow.now()))
        super().__init__(DURABLE, start)

    @workflow.run
    async def run(self, start: QuoteStart | CarriedQuote) -> QuoteOutcome:
        """Live until the end."""
        await self.live()
        quote = self._case
        return QuoteOutcome(
            number=quote.number,
            ending=quote.ending,
            sequence=quote.sequence,
            head=quote.head,
            digest=state_digest(quote),
        )

    @workflow.query(name="quote")
    def show_quote(self) -> dict[str, Any]:
        """The whole quote."""
        return self._case.model_dump(mode="json", exclude={"unsaved", "unsent"})
