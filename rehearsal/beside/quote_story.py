"""The story format of quotes (`stories/quotes/`): an enquiry, what is said about it, and what must be true when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from models.dossier.papers_due import Paper
from models.messages.envelope import read_content
from models.policy import Policy
from models.quotes.facts import QUOTE_FACTS
from models.quotes.quote import QuoteEnding, QuoteStage
from models.quotes.quote_request import QuoteRequest, QuoteStart
from models.request.order_start import CustomerFile, PriceReference
from models.staff import StaffAssignment
from models.values.content import Content, Name, Text
from models.values.editions import NEWEST
from models.values.errors import Code, Refusal
from models.values.money import Money, UnitPrice
from models.values.vocabulary import Role, Words
from rehearsal.beside.told_event import ToldEvent
from rehearsal.moments import Offset, filled, start_moment, with_days
from rehearsal.story import Answer, Company, Rule, Start, Title
from runtime.files.plain_yaml import read_yaml

FOLDER = "quotes"
"""Beneath the stories of orders."""
_FILLED_LATER = ("digest",)
_TAKEN_OVER = (
    "channel",
    "customer",
    "payment_terms",
    "deposit_percent",
    "packing",
    "label",
    "delivery_method",
)


class QuoteEvent(ToldEvent):
    """A fact or a decision about a quote."""

    fact: Name | None = Field(default=None, json_schema_extra={"enum": [*QUOTE_FACTS, None]})

    @model_validator(mode="after")
    def _is_one_thing(self) -> QuoteEvent:
        if (self.fact is None) == (self.decision is None):
            raise ValueError("an event is a fact or a decision")
        if self.fact is not None and self.fact not in QUOTE_FACTS:
            raise ValueError(f"there is no fact {self.fact} of quotes")
        if self.decision is not None and self.outcome is None:
            raise ValueError("a decision has an outcome")
        return self


class OrderExpected(Content):
    """The order that the quote becomes, as it will be asked for."""

    total: Money
    unit_price: UnitPrice | None = None
    """Of its first line."""
    wanted_date: Text | None = None
    """The day it is wanted on; `{day+20}` by the start."""


class QuoteExpectation(Content):
    """What must be true at a moment; what is not named is not looked at."""

    after: Offset
    stage: QuoteStage | None = None
    ended: QuoteEnding | bool | None = None
    waiting: tuple[Name, ...] | None = None
    """The keys of all open steps."""
    waits_on: tuple[Role, ...] | None = None
    """The roles of the step that is due first."""
    version: int | None = None
    unit_price: UnitPrice | None = None
    """Of the first price of the newest version."""
    margin: Text | None = None
    """The least of the newest version, in per cent."""
    order: OrderExpected | bool | None = None
    papers: tuple[Paper, ...] = ()
    rules: tuple[Rule, ...] = ()
    """Rules that the journal names by then."""


class QuoteStory(Content):
    """One quote's life. `enquiry`, `customer` and `policy` override the company's."""

    name: Name = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Title
    rules: tuple[Rule, ...] = ()
    start: Start = Start()
    enquiry: dict[str, Any] = Field(default_factory=dict)
    customer: dict[str, Any] = Field(default_factory=dict)
    policy: dict[str, Any] = Field(default_factory=dict)
    not_made: int = Field(default=0, ge=0)
    """So many times the order cannot be made (R104)."""
    events: tuple[QuoteEvent, ...] = ()
    expect: tuple[QuoteExpectation, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class QuoteMove:
    """Something that is said, or looked at, at a moment (UTC)."""

    at: datetime
    envelope: dict[str, Any] | None = None
    answer: Answer | None = None
    expected: QuoteExpectation | None = None


@dataclass(frozen=True, slots=True)
class QuoteScript:
    """A story made ready to be played."""

    story: QuoteStory
    begins: datetime
    start: QuoteStart
    moves: tuple[QuoteMove, ...]


def is_quote_story(path: Path) -> bool:
    """Whether the file tells of a quote: it stands among those."""
    return path.parent.name == FOLDER


def read_quote_story(path: Path) -> QuoteStory:
    """The story in a file. Raises Refusal that names file and field."""
    try:
        return read_content(QuoteStory, read_yaml(path))
    except Refusal as refusal:
        if refusal.code is Code.MALFORMED_FILE:
            raise
        words = Words(f"文件 {path}：{refusal.words.zh}", f"file {path}: {refusal.words.en}")
        raise Refusal(refusal.code, words, where=f"{path}: {refusal.where}") from None


def quote_script_of(story: QuoteStory, company: Company, now: datetime, number: str) -> QuoteScript:
    """The story, played so that it starts after `now`. Raises Refusal that says what in it does not fit."""
    weekday = story.start.weekday.number if story.start.weekday else None
    begins = start_moment(now, weekday, story.start.date, story.start.time).astimezone(UTC)
    file = company.customer(str(story.enquiry.get("customer", company.order.get("customer", ""))))
    if file is None:
        words = Words(
            f"故事 {story.name}：没有此客户", f"story {story.name}: the company has no such customer"
        )
        raise Refusal(Code.UNKNOWN_CUSTOMER, words, where="enquiry.customer")
    asked = {
        **{name: company.order[name] for name in _TAKEN_OVER if name in company.order},
        "contact": file.contact,
        "phone": file.phone,
        "address": file.address,
        "consignee": file.contact,
        "request_id": f"story/{story.name}",
        "entered_by": company.person(Role.SALESPERSON),
        **filled(story.enquiry, {}, begins),
    }
    request = read_content(QuoteRequest, asked, inside="enquiry")
    known = file.model_dump(mode="json", include=set(CustomerFile.model_fields))
    start = QuoteStart(
        edition=NEWEST,
        number=number,
        placed_at=begins,
        request=request,
        customer=read_content(CustomerFile, {**known, **story.customer}, inside="customer"),
        references=tuple(_references(request, company)),
        staff=staff_of(company),
        policy=read_content(Policy, {**company.policy, **story.policy}, inside="policy"),
    )
    told = [_telling(event, place, company, begins) for place, event in enumerate(story.events, start=1)]
    looks = [QuoteMove(begins + each.after, expected=_on_days(each, begins)) for each in story.expect]
    moves = sorted([*told, *looks], key=lambda move: (move.at, move.expected is not None))
    return QuoteScript(story, begins, start, tuple(moves))


def _on_days(expected: QuoteExpectation, begins: datetime) -> QuoteExpectation:
    """With the day that the order is wanted on as a date."""
    order = expected.order
    if not isinstance(order, OrderExpected) or order.wanted_date is None:
        return expected
    order = order.model_copy(update={"wanted_date": with_days(order.wanted_date, begins)})
    return expected.model_copy(update={"order": order})


def _telling(event: QuoteEvent, place: int, company: Company, begins: datetime) -> QuoteMove:
    role = event.role_of(QUOTE_FACTS[event.fact].roles if event.fact is not None else ())
    content = event.content_of(begins, _FILLED_LATER)
    return QuoteMove(begins + event.after, event.envelope(place, company, begins, role, content), event.reply)


def _references(request: QuoteRequest, company: Company) -> list[PriceReference]:
    found = []
    for line in request.lines:
        price = next((each for each in company.prices if each.product == line.product), None)
        if price is not None and price.unit is line.unit:
            found.append(
                PriceReference(
                    line=line.line,
                    product=price.product,
                    specification=price.specification,
                    unit=price.unit,
                    list_price=price.unit_price,
                    list_valid_from=price.valid_from,
                )
            )
    return found


def staff_of(company: Company) -> StaffAssignment:
    """Who of the company is in charge in each role, and who is whose superior."""
    people: dict[Role, str] = {}
    for person in company.staff:
        for role in person.roles:
            people.setdefault(role, person.person)
    superiors = {person.person: person.superior for person in company.staff if person.superior}
    return StaffAssignment(people=people, superiors=superiors)
