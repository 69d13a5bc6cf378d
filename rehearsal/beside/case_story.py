"""The story format of after-sales cases (`stories/cases/`): what the customer asks, what is said, what must be true when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from models.cases.case_request import CaseGoods, CaseRequest, CaseStart
from models.cases.facts import CASE_FACTS
from models.cases.terms import CaseEnding, CaseStage
from models.decisions.subjects import SUBJECTS
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import DECISION, envelope_json, read_content
from models.policy import Policy
from models.request.order_start import CustomerFile
from models.staff import StaffAssignment
from models.values.content import Content, Name, Text
from models.values.editions import NEWEST
from models.values.errors import Code, Refusal
from models.values.money import Money
from models.values.quantity import NOTHING, Quantity
from models.values.vocabulary import Role, Words
from rehearsal.moments import Offset, filled, start_moment
from rehearsal.story import Answer, Company, Rule, Start, Title
from runtime.files.plain_yaml import read_yaml

FOLDER = "cases"
"""Beneath the stories of orders."""


class CaseEvent(Content):
    """A fact or a decision, after a span of time; `by` and `role` are filled in as for orders."""

    after: Offset
    fact: Name | None = Field(default=None, json_schema_extra={"enum": [*CASE_FACTS, None]})
    decision: Subject | None = None
    outcome: Outcome | None = None
    content: dict[str, Any] = Field(default_factory=dict)
    """Of a fact its content, of a decision its detail."""
    note: Text = "NOTE-1"
    by: Name | None = None
    role: Role | None = None
    reply: Answer | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> CaseEvent:
        if (self.fact is None) == (self.decision is None):
            raise ValueError("an event is a fact or a decision")
        if self.fact is not None and self.fact not in CASE_FACTS:
            raise ValueError(f"there is no fact {self.fact} of cases")
        if self.decision is not None and self.outcome is None:
            raise ValueError("a decision has an outcome")
        return self


class CaseExpectation(Content):
    """What must be true at a moment; what is not named is not looked at."""

    after: Offset
    stage: CaseStage | None = None
    ended: CaseEnding | bool | None = None
    waiting: tuple[Name, ...] | None = None
    """The keys of all open steps."""
    waits_on: tuple[Role, ...] | None = None
    """The roles of the step that is due first."""
    held: Quantity | None = None
    value: Money | None = None
    """What came back and passed was worth."""
    payable: Money | None = None
    difference: Money | None = None
    papers: tuple[Paper, ...] = ()
    rules: tuple[Rule, ...] = ()
    """Rules that the journal names by then."""


class Before(Content):
    """What the order database knows of the order beside this case."""

    returned: Quantity = NOTHING
    """Of this line, by earlier cases."""
    money: Money = Decimal("999999.00")
    """Received and not given back yet."""


class CaseStory(Content):
    """One case's life. `goods` is the line as it was delivered, `customer` and `policy` override the company's."""

    name: Name = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Title
    rules: tuple[Rule, ...] = ()
    start: Start = Start()
    asked: dict[str, Any]
    goods: CaseGoods | None = None
    received: Offset | None = None
    """How long before the case the goods were received."""
    before: Before = Before()
    customer: dict[str, Any] = Field(default_factory=dict)
    policy: dict[str, Any] = Field(default_factory=dict)
    not_made: int = Field(default=0, ge=0)
    """So many times the replacement cannot be ordered (R144)."""
    events: tuple[CaseEvent, ...] = ()
    expect: tuple[CaseExpectation, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class CaseMove:
    """Something that is said, or looked at, at a moment (UTC)."""

    at: datetime
    envelope: dict[str, Any] | None = None
    answer: Answer | None = None
    expected: CaseExpectation | None = None


@dataclass(frozen=True, slots=True)
class CaseScript:
    """A story made ready to be played."""

    story: CaseStory
    begins: datetime
    start: CaseStart
    moves: tuple[CaseMove, ...]


def read_case_story(path: Path) -> CaseStory:
    """The story in a file. Raises Refusal that names file and field."""
    try:
        return read_content(CaseStory, read_yaml(path))
    except Refusal as refusal:
        if refusal.code is Code.MALFORMED_FILE:
            raise
        words = Words(f"文件 {path}：{refusal.words.zh}", f"file {path}: {refusal.words.en}")
        raise Refusal(refusal.code, words, where=f"{path}: {refusal.where}") from None


def case_script_of(story: CaseStory, company: Company, now: datetime, place: int = 1) -> CaseScript:
    """The story, played so that it starts after `now`; its order is the `place`-th of that day.

    Raises Refusal that says what in it does not fit.
    """
    weekday = story.start.weekday.number if story.start.weekday else None
    begins = start_moment(now, weekday, story.start.date, story.start.time).astimezone(UTC)
    customer = str(company.order.get("customer", ""))
    file = company.customer(customer)
    if file is None:
        words = Words(f"故事 {story.name}：没有此客户", f"story {story.name}: there is no such customer")
        raise Refusal(Code.UNKNOWN_CUSTOMER, words, where="customer")
    order = f"{begins:%Y%m%d}-{place:04d}"
    asked = {
        "request_id": f"story/{story.name}",
        "order": order,
        "customer": customer,
        "entered_by": f"customer:{customer}",
        "entered_role": Role.CUSTOMER.value,
        **story.asked,
    }
    known = file.model_dump(mode="json", include=set(CustomerFile.model_fields))
    goods = story.goods
    if goods is not None and story.received is not None:
        goods = goods.model_copy(update={"received_at": begins - story.received})
    start = CaseStart(
        edition=NEWEST,
        number=f"C{order}-1",
        placed_at=begins,
        request=read_content(CaseRequest, asked, inside="asked"),
        customer=read_content(CustomerFile, {**known, **story.customer}, inside="customer"),
        goods=goods,
        staff=_staff(company),
        policy=read_content(Policy, {**company.policy, **story.policy}, inside="policy"),
    )
    told = [_telling(event, place, company, begins) for place, event in enumerate(story.events, start=1)]
    looks = [CaseMove(begins + each.after, expected=each) for each in story.expect]
    moves = sorted([*told, *looks], key=lambda move: (move.at, move.expected is not None))
    return CaseScript(story, begins, start, tuple(moves))


def _telling(event: CaseEvent, place: int, company: Company, begins: datetime) -> CaseMove:
    kind = event.fact or DECISION
    may = SUBJECTS[event.decision].roles if event.decision is not None else CASE_FACTS[kind].roles
    role = event.role or may[0]
    content: dict[str, Any] = filled(dict(event.content), {}, begins)
    if event.decision is not None and event.outcome is not None:
        content = {
            "subject": event.decision.value,
            "outcome": event.outcome.value,
            "note_reference": event.note,
            "detail": content,
        }
    envelope = envelope_json(
        f"story/{place:03}",
        kind,
        content,
        by=event.by or company.person(role),
        role=role,
        happened_at=begins + event.after,
    )
    return CaseMove(begins + event.after, envelope, event.reply)


def _staff(company: Company) -> StaffAssignment:
    people: dict[Role, str] = {}
    for person in company.staff:
        for role in person.roles:
            people.setdefault(role, person.person)
    superiors = {person.person: person.superior for person in company.staff if person.superior}
    return StaffAssignment(people=people, superiors=superiors)
