"""A story made ready to be played: its order in full, every envelope and every check with its absolute moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from models.decisions.subjects import SUBJECTS
from models.facts.fact_kinds import FACT_KINDS
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION, envelope_json, read_content
from models.messages.goods_contents import DESTINATION
from models.messages.reply import Status
from models.order.sheet import CHECKED_FIELDS
from models.policy import Policy
from models.request.order_request import OrderRequest
from models.request.order_start import CustomerFile, OrderStart, PriceReference
from models.request.start_limits import require_startable
from models.staff import StaffAssignment
from models.values.calendar import Calendar
from models.values.editions import NEWEST
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from rehearsal.moments import filled, start_moment
from rehearsal.references import key_of_story, of_story, with_own_references
from rehearsal.story import (
    Answer,
    Company,
    Event,
    Expectation,
    Job,
    PastTrade,
    ReceiptEvent,
    StockEvent,
    Story,
)


@dataclass(frozen=True, slots=True)
class Telling:
    """One envelope, told to the order at a moment."""

    at: datetime
    envelope: dict[str, Any]
    answer: Answer | None
    only: int | None = None
    """Which of the orders that are alike hears it; None: each."""


@dataclass(frozen=True, slots=True)
class Running:
    """A scheduled job, run for the business day of a moment."""

    at: datetime
    job: Job


@dataclass(frozen=True, slots=True)
class Stocking:
    """Something happens in the warehouse, at a moment."""

    at: datetime
    stock: StockEvent


@dataclass(frozen=True, slots=True)
class Receiving:
    """Finance does something with money that came in, at a moment."""

    at: datetime
    receipt: ReceiptEvent
    only: int = 1
    """Which of the orders that are alike gets of it."""


@dataclass(frozen=True, slots=True)
class Looking:
    """One expectation, looked at at a moment."""

    at: datetime
    number: int
    expected: Expectation


Move = Telling | Running | Stocking | Receiving | Looking


@dataclass(frozen=True, slots=True)
class Script:
    """A story with everything filled in. `moves` stand in the order in which they happen."""

    story: Story
    company: Company
    start: datetime
    request: OrderRequest
    customer: CustomerFile
    references: tuple[PriceReference, ...]
    staff: StaffAssignment
    policy: Policy
    moves: tuple[Move, ...]
    calendar: Calendar | None = None
    """The days that the story names; None: those that the player has."""
    others: tuple[Script, ...] = ()
    """The same story for each further order that is placed alike at the same moment, move by move as this one."""

    @property
    def all_alike(self) -> tuple[Script, ...]:
        """This order's script and those of the orders that are alike."""
        return (self, *self.others)

    def order_start(self, number: str) -> OrderStart:
        """What the order begins with, under this number. Raises Refusal(bad_money, too_large) as placing does."""
        start = OrderStart(
            edition=NEWEST,
            number=number,
            placed_at=self.start,
            request=self.request,
            customer=self.customer,
            references=self.references,
            staff=self.staff,
            policy=self.policy,
            calendar=self.calendar or Calendar(),
            sample_credit=self.story.sample_credit,
        )
        require_startable(start)
        return start


def script_of(story: Story, company: Company, now: datetime, *, begins: datetime | None = None) -> Script:
    """The story, played so that it starts after `now`, or just at the moment `begins` (UTC).

    Raises Refusal that names the story and what in it does not fit the company or the wire format.
    """
    try:
        script = _Director(story, company, now, begins).script()
        alike = range(2, story.alike + 1)
        others = tuple(_Director(story, company, now, script.start, each).script() for each in alike)
        return replace(script, others=others)
    except KeyError as unnamed:
        reason = f"{{{unnamed.args[0]}}}"
        words = Words(f"故事 {story.name}：没有给出 {reason}", f"story {story.name}: nobody gave {reason}")
    except ValueError as wrong:
        words = Words(f"故事 {story.name}：{wrong}", f"story {story.name}: {wrong}")
    except Refusal as refusal:
        words = Words(f"故事 {story.name}：{refusal.words.zh}", f"story {story.name}: {refusal.words.en}")
        raise Refusal(refusal.code, words, where=refusal.where) from None
    raise Refusal(Code.MALFORMED_FILE, words, where=story.name)


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The base with what `over` gives in its place; objects are merged, lists are replaced."""
    result = dict(base)
    for key, value in over.items():
        known = result.get(key)
        both = isinstance(known, Mapping) and isinstance(value, Mapping)
        result[key] = merged(known, value) if both else value  # type: ignore[arg-type]
    return result


class _Director:
    def __init__(
        self, story: Story, company: Company, now: datetime, begins: datetime | None, which: int = 1
    ) -> None:
        """`which` of the orders that are alike; each has a request of its own, and `{alike}` is its number."""
        self.story, self.company, self.which = story, company, which
        weekday = story.start.weekday.number if story.start.weekday else None
        moment = begins or start_moment(now, weekday, story.start.date, story.start.time)
        self.start = moment.astimezone(UTC)
        self.told = 0
        self.signer = Role.CUSTOMER.value
        self.destination: dict[str, str] = {}
        self.lines: list[int] = []

    def script(self) -> Script:
        story, company = self.story, self.company
        raw = self._filled(merged(company.order, story.order))
        raw = {"entered_by": company.person(Role.SERVICE_CLERK), **raw}
        named = raw.get("request_id")
        own = of_story(story.name, named) if isinstance(named, str) else f"story/{story.name}"
        raw["request_id"] = own if self.which == 1 else f"{own}/{self.which}"
        file = company.customer(str(raw.get("customer", "")))
        if file is None:
            raise ValueError(f"the company has no customer {raw.get('customer')}")
        for field in ("contact", "phone", "address"):
            raw.setdefault(field, getattr(file, field))
        raw.setdefault("consignee", file.contact)
        request = read_content(OrderRequest, raw, inside="order")
        self.destination = {field: getattr(request, field) for field in DESTINATION}
        self.lines = [line.line for line in request.lines]
        known = file.model_dump(mode="json", include=set(CustomerFile.model_fields))
        file_of_story = self._filled(merged(known, story.customer))
        customer = read_content(CustomerFile, file_of_story, inside="customer")
        if customer.designated_signers:
            self.signer = customer.designated_signers[0]
        tellings = [each for event in story.events for each in self._tellings(event, timedelta(), {})]
        lookings = [
            Looking(self._moment(expected.after, expected.at), number, self._expected(expected))
            for number, expected in enumerate(story.expect, start=1)
        ]
        moves: list[Move] = [*tellings, *lookings]
        moves.sort(key=lambda move: (move.at, isinstance(move, Looking)))
        return Script(
            story=story,
            company=company,
            start=self.start,
            request=request,
            customer=customer,
            references=tuple(self._references(request)),
            staff=self._staff(),
            policy=read_content(Policy, self._filled(merged(company.policy, story.policy)), inside="policy"),
            moves=tuple(moves),
            calendar=read_content(Calendar, self._filled(story.calendar), inside="calendar")
            if story.calendar
            else None,
        )

    def _filled(self, value: Any, values: Mapping[str, Any] | None = None) -> Any:
        return filled(value, {"alike": self.which, **(values or {})}, self.start)

    def _expected(self, expected: Expectation) -> Expectation:
        """With the days in its texts filled in, and the story's own references in the keys that it names."""
        full = Expectation.model_validate(self._filled(expected.model_dump(exclude_unset=True)))
        journal = tuple(
            entry
            if entry.subject is None
            else entry.model_copy(update={"subject": key_of_story(self.story.name, entry.subject)})
            for entry in full.journal
        )
        return full.model_copy(update={"journal": journal}) if journal else full

    def _past_trades(self) -> dict[str, PastTrade]:
        """The latest trade of each product."""
        trades = [
            read_content(PastTrade, self._filled(raw), inside="past_trades") for raw in self.story.past_trades
        ]
        return {trade.product: trade for trade in sorted(trades, key=lambda trade: trade.traded_on)}

    def _moment(
        self, after: timedelta | None, at: datetime | None, later: timedelta = timedelta()
    ) -> datetime:
        if at is not None:
            return at.astimezone(UTC)
        return self.start + (after or timedelta()) + later

    def _references(self, request: OrderRequest) -> Iterator[PriceReference]:
        trades = self._past_trades()
        for line in request.lines:
            trade = trades.get(line.product)
            price = next((each for each in self.company.prices if each.product == line.product), None)
            if price is None:
                raise ValueError(f"the price list has no product {line.product}")
            yield PriceReference(
                line=line.line,
                product=price.product,
                product_name=price.product_name,
                specification=price.specification,
                unit=price.unit,
                list_price=price.unit_price,
                list_valid_from=price.valid_from,
                past_price=trade.unit_price if trade else None,
                past_traded_on=trade.traded_on if trade else None,
                tolerance_percent=price.tolerance_percent,
            )

    def _staff(self) -> StaffAssignment:
        people: dict[Role, str] = {}
        members: dict[Role, tuple[str, ...]] = {}
        for person in self.company.staff:
            for role in person.roles:
                people.setdefault(role, person.person)
                members[role] = (*members.get(role, ()), person.person)
        superiors = {person.person: person.superior for person in self.company.staff if person.superior}
        return StaffAssignment(people=people, superiors=superiors, members=members)

    def _tellings(
        self, event: Event, later: timedelta, values: Mapping[str, Any]
    ) -> Iterator[Telling | Running | Stocking | Receiving]:
        if event.receipt is not None:
            said = self._filled(event.receipt.model_dump(mode="json", exclude_none=True), values)
            said["reference"] = of_story(self.story.name, said["reference"])
            moment = self._moment(event.after, event.at, later)
            yield Receiving(moment, ReceiptEvent.model_validate(said), event.only or 1)
            return
        if event.stock is not None:
            said = self._filled(event.stock.model_dump(mode="json", exclude_none=True), values)
            yield Stocking(self._moment(event.after, event.at, later), StockEvent.model_validate(said))
            return
        if event.job is not None:
            yield Running(self._moment(event.after, event.at, later), event.job)
            return
        if event.course is not None:
            course = self.company.courses.get(event.course)
            if course is None:
                raise ValueError(f"the company has no course {event.course}")
            inner = {**course.defaults, **values, **self._filled(event.with_, values)}
            for each in course.events:
                step = each if event.only is None else each.model_copy(update={"only": event.only})
                yield from self._tellings(step, later + (event.after or timedelta()), inner)
            return
        at = self._moment(event.after, event.at, later)
        happened = at if event.happened is None else self.start + event.happened + later
        kind = event.fact or DECISION
        for role in self._roles(event):
            self.told += 1
            yield Telling(
                at,
                envelope_json(
                    self._filled(event.id, values) or f"story/{self.told:03}",
                    kind,
                    with_own_references(self.story.name, kind, self._filled(self._content(event), values)),
                    by=self._filled(event.by, values) or self._person(role),
                    role=role,
                    happened_at=happened,
                    seen=event.seen,
                ),
                event.reply,
                event.only,
            )

    def _roles(self, event: Event) -> tuple[Role, ...]:
        if event.role is not None:
            return (event.role,)
        if event.decision is None:
            return FACT_KINDS[str(event.fact)].roles[:1]
        rule = SUBJECTS[event.decision]
        return rule.roles if rule.everyone else rule.roles[:1]

    def _person(self, role: Role) -> str:
        return self.signer if role is Role.CUSTOMER else self.company.person(role)

    def _usual(self, event: Event) -> dict[str, Any]:
        """What a fact says where the story leaves it out: who signs, where a shipping notice sends the goods (R70), and
        that every item of a sheet was ticked (R170)."""
        changes = event.content.get("changes")
        if isinstance(changes, Mapping):
            self.destination.update({name: changes[name] for name in DESTINATION if name in changes})
            if event.reply is None or event.reply.status is not Status.REFUSED:
                self._with_lines(changes)
        if event.fact == "sheet_checked" and not event.content.get("differing"):
            return {"fields": list(CHECKED_FIELDS), "lines": list(self.lines)}
        if event.fact in _SIGNED:
            return {"signed_by": self.signer}
        if event.fact == "document_supplied" and event.content.get("document") == "shipping_notice":
            return dict(self.destination)
        return {}

    def _with_lines(self, changes: Mapping[str, Any]) -> None:
        """Lines that an amendment adds and drops; one that is added without a number has the next that was never used."""
        last = max(self.lines, default=0)
        for added in changes.get("added_lines") or ():
            last = int(added.get("line") or last + 1)
            self.lines.append(last)
        dropped = set(changes.get("dropped_lines") or ())
        self.lines = [line for line in self.lines if line not in dropped]

    def _content(self, event: Event) -> dict[str, Any]:
        if event.decision is None:
            return {**self._usual(event), **event.content}
        line = event.line
        if line is None and SUBJECTS[event.decision].per_line:
            line = 1
        note = event.note if event.note is not None else f"{_NOTE[event.decision]}-{self.told:03}"
        content = {
            "subject": event.decision.value,
            "outcome": event.outcome,
            "line": line,
            "version": event.version,
            "note_reference": note or None,
            "detail": event.detail,
        }
        return {key: value for key, value in content.items() if value is not None}


_SIGNED = frozenset({"confirmation_returned", "delivery_receipt"})


_NOTE = {subject: f"NOTE-{subject.value}" for subject in Subject}
