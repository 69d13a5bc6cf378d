"""The story format (docs/stories.md): an order, what happens to it, and what must be true when."""

from __future__ import annotations

from datetime import date as day
from datetime import datetime
from datetime import time as clock
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from models.credit.assessment import CreditStanding
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Outcome, Subject
from models.messages.reply import Reply, Status
from models.messages.seen import Seen
from models.request.order_start import Contract
from models.stock.stock_words import BatchPayment
from models.values.content import Content, Name, NonNegativeMoney, PositiveMoney, Reference, Text
from models.values.errors import Code
from models.values.money import ZERO, Money, UnitPrice
from models.values.quantity import PositiveQuantity, Quantity
from models.values.vocabulary import (
    CustomerClass,
    Ending,
    Headline,
    PaymentMethod,
    PhaseName,
    PromiseCause,
    Role,
    Unit,
)
from rehearsal.moments import DayText, Offset

FACT_NAMES = tuple(FACT_KINDS)
MOST_ALIKE = 200


class Weekday(StrEnum):
    """The day of the week a story starts on."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """Monday is 0, as in `date.weekday()`."""
        return list(Weekday).index(self)


class Title(Content):
    """What the story is about, for people."""

    zh: Text
    en: Text


class Start(Content):
    """When the order is placed: a weekday (the next one) or a future date, and a business time (+08:00)."""

    weekday: Weekday | None = None
    date: day | None = None
    time: clock = clock(9, 0)

    @model_validator(mode="after")
    def _one_of_both(self) -> Start:
        if self.weekday is not None and self.date is not None:
            raise ValueError("give a weekday or a date, not both")
        return self


class Answer(Content):
    """What the order must answer. Without it every answer but a refusal is right; without `code` any refusal is."""

    status: Status
    code: Code | None = None

    @model_validator(mode="after")
    def _only_a_refusal_has_a_code(self) -> Answer:
        if self.code is not None and self.status is not Status.REFUSED:
            raise ValueError("only a refusal has a code")
        return self

    def fits(self, reply: Reply) -> bool:
        """Whether the order answered so."""
        return reply.status is self.status and self.code in {None, reply.code}

    def __str__(self) -> str:
        return self.status.value if self.code is None else f"{self.status.value} {self.code.value}"


Placeholder = Annotated[str, Field(pattern=r"^\{\w+\}$")]
"""A `{name}` of a course in the place of a number."""


class PastTrade(Content):
    """What the customer paid for a product before, and on which day: prices are compared with it (R20)."""

    product: Name
    unit_price: UnitPrice
    traded_on: day


class Job(StrEnum):
    """What runs on a schedule, as a story may let it run: for the business day of that moment."""

    BALANCE_REMINDERS = "balance_reminders"
    WATCH_LIST = "watch_list"
    TRACKING_NUMBERS = "tracking_numbers"
    WEEKLY_STATISTICS = "weekly_statistics"
    MONTHLY_ARCHIVE = "monthly_archive"
    RESPONSIBILITY = "responsibility_report"
    DEMAND = "weekly_demand"
    DURATIONS = "step_durations"


class StoryStock(Content):
    """What of a product is in stock when the story begins; a story has products of its own."""

    product: Name
    on_hand: Quantity
    unit: Unit = Unit.ROLL


class StoryBatch(Content):
    """A pre-sale batch that is open when the story begins: the only one of its product (R114)."""

    product: Name
    quantity: PositiveQuantity
    comes_after: int = Field(ge=0)
    """So many days after the order it is agreed to come."""
    payment: BatchPayment = BatchPayment.DEPOSIT
    unit: Unit = Unit.ROLL


class StockEvent(Content):
    """Something happens in the warehouse: so much comes from purchasing, or so much is counted, or purchasing names a day.

    Of a pre-sale batch: so many came and passed (`passes`, and `scrapped` that did not), it comes on another day
    (`batch_day`), more is offered (`offers_more`), or all has come (`complete`).
    """

    product: Name
    comes: PositiveQuantity | None = None
    counted: Quantity | None = None
    expected: DayText | None = None
    passes: Quantity | None = None
    scrapped: Quantity | None = None
    batch_day: DayText | None = None
    offers_more: PositiveQuantity | None = None
    complete: Literal[True] | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> StockEvent:
        of_stock = (self.comes, self.counted, self.expected)
        of_batches = (self.passes, self.batch_day, self.offers_more, self.complete)
        if sum(each is not None for each in (*of_stock, *of_batches)) != 1:
            raise ValueError(
                "stock comes, is counted, or is expected; a batch passes, is dated, enlarged, complete"
            )
        return self


class StoryProvider(Content):
    """What the payment provider of the story says: whether an order of the shop was paid when it is asked at the limit, and how
    many refunds it does not pay before it pays them (R39, R123)."""

    paid_at_the_limit: bool = False
    refuses_refunds: int = Field(default=0, ge=0)


class ReceiptEvent(Content):
    """Finance does something with money that came in for the order's customer (R160, R161): it comes, its cheque clears, so
    much of it is allocated to this order and the rest is balance, balance is moved here, or it bounces. `shared`: it is
    allocated to orders that are alike, by their numbers among them.

    `refused`: the code with which that is refused.
    """

    reference: Reference
    comes: PositiveMoney | None = None
    method: PaymentMethod = PaymentMethod.BANK
    cleared: bool = False
    allocated: PositiveMoney | None = None
    shared: dict[int, PositiveMoney] | None = Field(default=None, min_length=1)
    moved: PositiveMoney | None = None
    bounced: bool = False
    refused: Code | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> ReceiptEvent:
        given = (self.allocated, self.shared, self.moved)
        if (
            sum(each is not None for each in (self.comes, self.cleared or None, *given, self.bounced or None))
            != 1
        ):
            raise ValueError("a receipt comes, clears, is allocated, is shared, is moved, or bounces")
        return self


class Event(Content):
    """A fact, a decision, a course (a named list of events of the company file) or a job, after a span of time.

    `by` and `role` are filled in from the fact's or the subject's role and the company's staff.
    `happened` is given when it is told late: the span after the start at which it really happened. `seen` is what was
    before who says it, as on a page.
    """

    after: Offset | None = None
    at: datetime | None = None
    fact: Name | None = Field(default=None, json_schema_extra={"enum": [*FACT_NAMES, None]})
    decision: Subject | None = None
    course: Name | None = None
    job: Job | None = None
    stock: StockEvent | None = None
    receipt: ReceiptEvent | None = None
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
    content: dict[str, Any] = Field(default_factory=dict)
    outcome: Outcome | None = None
    line: int | Placeholder | None = None
    version: int | Placeholder | None = None
    note: Text | None = None
    detail: dict[str, Any] = Field(default_factory=dict)
    by: Name | None = None
    role: Role | None = None
    id: Name | None = None
    happened: Offset | None = None
    seen: Seen | None = None
    reply: Answer | None = None
    only: int | None = Field(default=None, ge=1)
    """Which one of the orders that are alike it happens to; without it all of them."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> Event:
        if (
            sum(
                each is not None
                for each in (self.fact, self.decision, self.course, self.job, self.stock, self.receipt)
            )
            != 1
        ):
            raise ValueError(
                "an event is a fact, a decision, a course, a job, something in stock or a receipt"
            )
        if self.fact is not None and self.fact not in FACT_KINDS:
            raise ValueError(f"there is no fact {self.fact}")
        if self.decision is not None and self.outcome is None:
            raise ValueError("a decision has an outcome")
        if (self.after is None) == (self.at is None):
            raise ValueError("give after (a span since the start) or at (a moment)")
        return self


class EntryExpected(Content):
    """A journal entry that must be there, by any of these."""

    kind: Name | None = None
    subject: Text | None = None
    rule: Name | None = None
    contains: Text | None = None
    times: int | None = None


class DocumentExpected(Content):
    """A printed paper that must be there, with this on its page: a value alone, or a label with its value beside it."""

    paper: Paper
    contains: tuple[Text, ...] = ()
    times: int | None = None


class NoticeExpected(Content):
    """A notice that must have been entered: to whom, by which rule, with which words."""

    paper: Paper
    to: Role | None = None
    rule: Name | None = None
    contains: Text | None = None
    times: int | None = None


class ReportExpected(Content):
    """A report that a job must have made and that names this order, with these words; `named: false`: it does not."""

    kind: Job
    contains: Text | None = None
    named: bool = True


class Expectation(Content):
    """What must be true at a moment. Days are dates or `day+N` after the start; what is not named is not looked at.

    Of orders that are alike it must be true of each, of one (`only`), or of just so many of them (`alike`).
    """

    after: Offset | None = None
    at: datetime | None = None
    status: Headline | None = None
    phase: PhaseName | None = None
    ended: Ending | bool | None = None
    promised: DayText | None = None
    first_promised: DayText | None = None
    production_due: DayText | None = None
    ship_date: DayText | None = None
    causes: tuple[PromiseCause, ...] | None = None
    waiting: tuple[Name, ...] | None = None
    not_waiting: tuple[Name, ...] | None = None
    total: Money | None = None
    paid: Money | None = None
    bill: Money | None = None
    open_balance: Money | None = None
    sheet_version: int | None = None
    releases: int | None = None
    shipments: int | None = None
    overdue: bool | None = None
    journal: tuple[EntryExpected, ...] = ()
    papers: tuple[Paper, ...] = ()
    documents: tuple[DocumentExpected, ...] = ()
    notices: tuple[NoticeExpected, ...] = ()
    reports: tuple[ReportExpected, ...] = ()
    only: int | None = Field(default=None, ge=1)
    alike: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _has_a_moment(self) -> Expectation:
        if (self.after is None) == (self.at is None):
            raise ValueError("give after (a span since the start) or at (a moment)")
        if self.only is not None and self.alike is not None:
            raise ValueError("give only (which of the orders) or alike (how many of them), not both")
        known = {kind.value for kind in StepKind} | {f"decision:{subject.value}" for subject in Subject}
        for name in (*(self.waiting or ()), *(self.not_waiting or ())):
            if name not in known:
                raise ValueError(f"there is no step {name}; a decision is written decision:SUBJECT")
        return self


Rule = Annotated[str, Field(pattern=r"^R\d+$")]
"""A rule that a story is about though its journal does not name it."""


class Story(Content):
    """One order's life, or the part of it that matters. `order`, `policy` and `customer` override the company's.

    `past_trades` are trades of the customer before this order (`product`, `unit_price`, `traded_on`); `calendar` names the
    days that differ from the plain week (`holidays`, `make_up_days`). `sample_credit` is what the customer paid for the
    sample that this order is made by (R130). `alike`: so many such orders are placed at the same moment and live side by
    side, so that they meet where orders share something.
    """

    name: Name = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Title
    rules: tuple[Rule, ...] = ()
    start: Start = Start()
    order: dict[str, Any] = Field(default_factory=dict)
    customer: dict[str, Any] = Field(default_factory=dict)
    policy: dict[str, Any] = Field(default_factory=dict)
    past_trades: tuple[dict[str, Any], ...] = ()
    calendar: dict[str, Any] = Field(default_factory=dict)
    stock: tuple[StoryStock, ...] = ()
    batches: tuple[StoryBatch, ...] = ()
    provider: StoryProvider = StoryProvider()
    sample_credit: NonNegativeMoney = ZERO
    alike: int = Field(default=1, ge=1, le=MOST_ALIKE)
    events: tuple[Event, ...] = ()
    expect: tuple[Expectation, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_so_many_orders(self) -> Story:
        named = [each.only for each in self.events] + [
            count for each in self.expect for count in (each.only, each.alike)
        ]
        shared = [place for each in self.events if each.receipt for place in each.receipt.shared or ()]
        if (
            any(each is not None and each > self.alike for each in (*named, *shared))
            or min(shared, default=1) < 1
        ):
            raise ValueError(f"the story has {self.alike} orders")
        of_one = (each.stock or (each.receipt and each.receipt.bounced) for each in self.events)
        if self.alike > 1 and any(of_one):
            raise ValueError(
                "goods that come and money that bounces concern several orders: tell it of one order"
            )
        return self


class CompanyCustomer(Content):
    """A customer of the stories' company; the fields of the customer file."""

    customer: Name
    name: Name
    customer_class: CustomerClass = CustomerClass.C
    designated_signers: tuple[Name, ...] = ()
    verified_by: Text = ""
    contract: Contract | None = None
    credit: CreditStanding | None = None
    credit_limit: NonNegativeMoney | None = None
    contact: Text = ""
    phone: Text = ""
    address: Text = ""


class CompanyPrice(Content):
    """A line of the price list."""

    product: Name
    product_name: Text = ""
    specification: Text = ""
    unit: Unit
    unit_price: UnitPrice
    valid_from: day
    tolerance_percent: Decimal | None = None


class CompanyPerson(Content):
    """Someone on the staff."""

    person: Name
    name: Name
    roles: tuple[Role, ...]
    superior: Text = ""


class CourseStep(Content):
    """A course: its default values and its events, timed from where it is used."""

    defaults: dict[str, Any] = Field(default_factory=dict)
    events: tuple[Event, ...]


class Company(Content):
    """What the stories share: customers, prices, staff, the usual order, and courses of events."""

    customers: tuple[CompanyCustomer, ...]
    prices: tuple[CompanyPrice, ...]
    staff: tuple[CompanyPerson, ...]
    order: dict[str, Any]
    policy: dict[str, Any] = Field(default_factory=dict)
    courses: dict[Name, CourseStep] = Field(default_factory=dict)

    def customer(self, reference: str) -> CompanyCustomer | None:
        """One customer."""
        return next((each for each in self.customers if each.customer == reference), None)

    @property
    def names(self) -> dict[str, str]:
        """What each of the staff is called, by id."""
        return {each.person: each.name for each in self.staff}

    @property
    def product_names(self) -> dict[tuple[str, str], str]:
        """What each product is called, by number and specification, and by number alone."""
        named = [each for each in self.prices if each.product_name]
        return {
            (each.product, specification): each.product_name
            for each in named
            for specification in (each.specification, "")
        }

    def person(self, role: Role) -> str:
        """The first on the staff who has the role; a role without anyone speaks under its own name."""
        return next((each.person for each in self.staff if role in each.roles), role.value)
