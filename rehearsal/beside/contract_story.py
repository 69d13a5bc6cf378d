"""The story format of contracts (`stories/contracts/`): what was agreed, what is said about it, what must be true when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from models.contracts.contract_request import ContractRequest, ContractStart
from models.contracts.facts import CONTRACT_FACTS
from models.contracts.terms import ContractEnding, ContractStage, ContractTerms
from models.dossier.papers_due import Paper
from models.messages.envelope import read_content
from models.policy import Policy
from models.request.order_start import CustomerFile
from models.values.content import Content, Name
from models.values.editions import NEWEST
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.money import Money
from models.values.vocabulary import Role, Words
from rehearsal.beside.quote_story import staff_of
from rehearsal.beside.told_event import ToldEvent
from rehearsal.moments import Offset, filled, start_moment
from rehearsal.story import Answer, Company, Rule, Start, Title
from runtime.files.plain_yaml import read_yaml

FOLDER = "contracts"
"""Beneath the stories of orders."""
ORDER_TERMS = "{order}"
"""In place of the terms of a draft: what the order says by then."""
_FILLED_LATER = ("digest", "terms")
_AGREED: dict[str, Any] = {
    "lines": [
        {
            "line": 1,
            "product": "TP-80",
            "specification": "80mm×80m 55g",
            "quantity": "10000",
            "unit": "roll",
            "unit_price": "4.0115",
        }
    ],
    "delivery_date": "{day+14}",
    "payment_terms": "deposit",
    "deposit_percent": "30",
    "delivery_method": "freight",
}
_QUALITY = "GB/T 28210-2011 一等品"


class ContractEvent(ToldEvent):
    """A fact, a decision, or another thing that the order says.

    `{order}` in place of terms is what the order says by then.
    """

    fact: Name | None = Field(default=None, json_schema_extra={"enum": [*CONTRACT_FACTS, None]})
    order_says: dict[str, Any] | None = None
    """The order is amended: these terms are others now; `unit_price` and `quantity` are those of its first line."""

    @model_validator(mode="after")
    def _is_one_thing(self) -> ContractEvent:
        if sum(each is not None for each in (self.fact, self.decision, self.order_says)) != 1:
            raise ValueError("an event is a fact, a decision, or what the order says")
        if self.fact is not None and self.fact not in CONTRACT_FACTS:
            raise ValueError(f"there is no fact {self.fact} of contracts")
        if self.decision is not None and self.outcome is None:
            raise ValueError("a decision has an outcome")
        return self


class ContractExpectation(Content):
    """What must be true at a moment; what is not named is not looked at."""

    after: Offset
    stage: ContractStage | None = None
    ended: ContractEnding | bool | None = None
    waiting: tuple[Name, ...] | None = None
    """The keys of all open steps."""
    waits_on: tuple[Role, ...] | None = None
    """The roles of the step that is due first."""
    version: int | None = None
    in_force: int | None = None
    """The version in force; 0: none is."""
    total: Money | None = None
    """Of the newest version."""
    order_goes_on: bool | None = None
    """Whether the order may be produced and released: the contract in force says what the order says."""
    papers: tuple[Paper, ...] = ()
    rules: tuple[Rule, ...] = ()
    """Rules that the journal names by then."""


class ContractStory(Content):
    """One contract's life. `agreed` overrides the usual terms, `contract` the draft, `customer` and `policy` the company's."""

    name: Name = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Title
    rules: tuple[Rule, ...] = ()
    start: Start = Start()
    agreed: dict[str, Any] = Field(default_factory=dict)
    contract: dict[str, Any] = Field(default_factory=dict)
    customer: dict[str, Any] = Field(default_factory=dict)
    policy: dict[str, Any] = Field(default_factory=dict)
    order_ends: Offset | None = None
    """When the order has ended."""
    events: tuple[ContractEvent, ...] = ()
    expect: tuple[ContractExpectation, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class ContractMove:
    """Something that is said, or looked at, at a moment (UTC); with what the order says by then."""

    at: datetime
    order: ContractTerms
    envelope: dict[str, Any] | None = None
    answer: Answer | None = None
    expected: ContractExpectation | None = None


@dataclass(frozen=True, slots=True)
class ContractScript:
    """A story made ready to be played."""

    story: ContractStory
    begins: datetime
    start: ContractStart
    moves: tuple[ContractMove, ...]

    def order_has_ended(self, moment: datetime) -> bool:
        """Whether the order has ended by then."""
        ends = self.story.order_ends
        return ends is not None and self.begins + ends <= moment


def read_contract_story(path: Path) -> ContractStory:
    """The story in a file. Raises Refusal that names file and field."""
    try:
        return read_content(ContractStory, read_yaml(path))
    except Refusal as refusal:
        if refusal.code is Code.MALFORMED_FILE:
            raise
        words = Words(f"文件 {path}：{refusal.words.zh}", f"file {path}: {refusal.words.en}")
        raise Refusal(refusal.code, words, where=f"{path}: {refusal.where}") from None


def contract_script_of(story: ContractStory, company: Company, now: datetime, number: str) -> ContractScript:
    """The story, played so that it starts after `now`. Raises Refusal that says what in it does not fit."""
    weekday = story.start.weekday.number if story.start.weekday else None
    begins = start_moment(now, weekday, story.start.date, story.start.time).astimezone(UTC)
    file = company.customer(str(story.contract.get("customer", "K-B1")))
    if file is None:
        words = Words(
            f"故事 {story.name}：没有此客户", f"story {story.name}: the company has no such customer"
        )
        raise Refusal(Code.UNKNOWN_CUSTOMER, words, where="contract.customer")
    agreed = _terms(_AGREED, story.agreed, begins)
    drafted = {
        "request_id": f"story/{story.name}",
        "order": number[1:].rpartition("-")[0],
        "customer": file.customer,
        "terms": lasting(agreed),
        "quality": _QUALITY,
        "entered_by": company.person(Role.SALESPERSON),
        **filled(story.contract, {}, begins),
    }
    known = file.model_dump(mode="json", include=set(CustomerFile.model_fields))
    start = ContractStart(
        edition=NEWEST,
        number=number,
        placed_at=begins,
        request=read_content(ContractRequest, drafted, inside="contract"),
        customer=read_content(CustomerFile, {**known, **story.customer}, inside="customer"),
        staff=staff_of(company),
        policy=read_content(Policy, {**company.policy, **story.policy}, inside="policy"),
    )
    return ContractScript(story, begins, start, tuple(_moves(story, company, begins, agreed)))


def _moves(
    story: ContractStory, company: Company, begins: datetime, agreed: ContractTerms
) -> list[ContractMove]:
    events: list[tuple[datetime, int, ContractEvent | ContractExpectation]] = [
        (begins + each.after, place, each) for place, each in enumerate(story.events, start=1)
    ]
    looks = [(begins + each.after, len(events) + 1, each) for each in story.expect]
    moves: list[ContractMove] = []
    for at, place, each in sorted([*events, *looks], key=lambda move: move[:2]):
        if isinstance(each, ContractExpectation):
            moves.append(ContractMove(at, agreed, expected=each))
        elif each.order_says is not None:
            agreed = _terms(agreed.model_dump(mode="json"), each.order_says, begins)
        else:
            moves.append(_telling(each, at, place, company, begins, agreed))
    return moves


def _terms(base: dict[str, Any], changes: dict[str, Any], begins: datetime) -> ContractTerms:
    """Terms with some changed; the first line's quantity and price by their names."""
    first, *others = base["lines"]
    line = {**first, **{name: changes[name] for name in ("quantity", "unit_price") if name in changes}}
    rest = {name: value for name, value in changes.items() if name not in ("quantity", "unit_price")}
    return read_content(
        ContractTerms, filled({**base, "lines": [line, *others], **rest}, {}, begins), inside="agreed"
    )


def _telling(
    event: ContractEvent, at: datetime, place: int, company: Company, begins: datetime, agreed: ContractTerms
) -> ContractMove:
    role = event.role_of(CONTRACT_FACTS[event.fact].roles if event.fact is not None else ())
    content = event.content_of(begins, _FILLED_LATER)
    if content.get("terms") == ORDER_TERMS:
        content["terms"] = lasting(agreed)
    return ContractMove(at, agreed, event.envelope(place, company, begins, role, content), event.reply)
