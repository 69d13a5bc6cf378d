"""What another system's event means: from its fields to a fact, by a table that the company keeps.

One table a sender. A text is taken from the event by its place, `{data.id}`; with `?` it may be missing, `{a or b}` is
the first of several places that is there, and a word behind `|` says how it is written: `fen` whole hundredths of a
yuan, `unix` seconds since 1970, `beijing` a local time without offset.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, DecimalException
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from models.facts.fact_envelope import fact_envelope
from models.facts.fact_kinds import FACT_KINDS
from models.facts.order_numbers import order_numbers_in
from models.facts.speakers import key_roles, who_may
from models.messages.authors import OF_PERSONS, key_author
from models.messages.envelope import Envelope
from models.values.calendar import BUSINESS_ZONE
from models.values.content import Content, Name, Text
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Term, Words
from models.values.words import InvalidValue

_PLACE = re.compile(r"\{([^{}?|]+)(?:\|(\w+))?(\?)?\}")
_OR = " or "
_LONGEST_SHOWN = 200
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_NO_EVENT = Words(
    "{sender} 的对照表里没有这种事件:{seen}", "the table of {sender} has no event like this: {seen}"
)
_BY_PERSONS = Words(
    "{sender} 不得以 {role} 的角色报告「{fact}」,须由人员本人报告",
    "{sender} may not report “{fact}” as {role}; a person says that",
)
_NO_FIELD = Words("事件里没有 {place}", "the event has no {place}")
_NOT_WRITTEN_SO = Words("{place} 的值 {value} 不是 {writing}", "{value} at {place} is not {writing}")
_NO_WORD = Words(
    "{field} 的值 {value} 在对照表里没有。有:{known}",
    "{value} of {field} is not in the table; it has: {known}",
)


class FindBy(Term):
    """How the order is found in what the sender says."""

    NUMBER = "number", "订单号", "order number"
    TRACKING_NUMBER = "tracking_number", "运单号", "tracking number"
    RECEIPT = "receipt", "收款凭证", "receipt"
    """By the reference in its content: the order that has the receipt; where none has it, by the order number."""


def _a_fact(kind: str) -> str:
    if kind not in FACT_KINDS:
        raise InvalidValue(
            f"没有事实 {kind}。有:{', '.join(FACT_KINDS)}",
            f"there is no fact {kind}; there are: {', '.join(FACT_KINDS)}",
        )
    return kind


class EventRule(Content):
    """Events whose fields have the values of `when` are this fact; without `fact` they say nothing to us."""

    when: dict[str, Text]
    fact: Annotated[str, AfterValidator(_a_fact)] | None = None
    order: Text = ""
    find_by: FindBy = FindBy.NUMBER
    fact_id: Text = ""
    happened_at: Text = ""
    content: dict[str, Text] = Field(default_factory=dict)
    translate: dict[str, dict[str, Text]] = Field(default_factory=dict)
    """By field of the content: the sender's word → ours."""
    payer: Text = ""
    """Who paid, where the event says it: shown beside what is open, and told to no order."""
    scan: Text = ""
    """Where the event holds a scan as base64: it goes the way of every scan, and no fact is told here."""
    scan_name: Text = ""


def _a_systems_role(role: Role) -> Role:
    if role in OF_PERSONS | {Role.OPERATOR}:
        raise InvalidValue(
            f"来源不得以 {role.zh} 的角色发言,由其本人报告",
            f"no sender speaks as {role.en}: that is a person's own role",
        )
    return role


class SenderTable(Content):
    """One sender: in whose name and role its facts are told, how large its events may be, and what they mean.

    It speaks as a key does: in no role and of no fact that is a person's own.
    """

    sender: Name
    role: Annotated[Role, AfterValidator(_a_systems_role)] = Role.SYSTEM
    largest_bytes: int = Field(default=256_000, ge=1_000, le=50_000_000)
    event: tuple[EventRule, ...]

    @model_validator(mode="after")
    def _ids_tell_events_apart(self) -> SenderTable:
        # What is told of a receipt under the receipt's own id would be refused as the receipt once more.
        of_things = {
            each.fact_id: each.fact for each in self.event if each.fact_id == each.content.get("reference")
        }
        for each in self.event:
            other = of_things.get(each.fact_id)
            if each.fact is not None and other not in (None, each.fact):
                raise InvalidValue(
                    f"{each.fact} 与 {other} 的 fact_id 相同({each.fact_id}):同一笔款的两件事会被当成一件,请写成不同的",
                    f"{each.fact} and {other} have the same fact_id ({each.fact_id}): two events about one receipt would count "
                    "as one; write them differently",
                )
        return self

    def rule_of(self, body: Mapping[str, Any]) -> EventRule | None:
        """The rule of an event; None where the table has no event like it."""
        return next((each for each in self.event if _matches(each, body)), None)

    def facts_of(self, body: Mapping[str, Any]) -> set[str]:
        """The facts that an event may be: its own, or any of the table's where it fits none."""
        rule = self.rule_of(body)
        return {each.fact for each in ((rule,) if rule else self.event) if each.fact is not None}


@dataclass(frozen=True, slots=True)
class Understood:
    """What an event means. `order` is as the sender wrote it; `envelope` is None where nothing is to be told.

    `several`: the numbers, where its text names more than one order.
    """

    rule: EventRule
    order: str = ""
    several: tuple[str, ...] = ()
    envelope: Envelope | None = None
    scan: str = ""
    scan_name: str = ""


def understand(table: SenderTable, body: Mapping[str, Any], signed_at: datetime) -> Understood:
    """The fact that an event reports. An event that says no time happened when it was signed.

    Raises Refusal (unknown_fact, missing_field, malformed, …) that names the place: a person must read it then.
    """
    rule = table.rule_of(body)
    if rule is None:
        places = sorted({place for each in table.event for place in each.when})
        seen = ", ".join(f"{place}={_find(body, place)}" for place in places)
        raise Refusal(Code.UNKNOWN_FACT, _NO_EVENT.filled(sender=table.sender, seen=seen), where="when")
    if rule.scan:
        return Understood(
            rule, scan=_text(rule.scan, body) or "", scan_name=_text(rule.scan_name, body) or "fax.pdf"
        )
    if rule.fact is None:
        return Understood(rule)
    content: dict[str, Any] = {}
    for field, template in rule.content.items():
        value = _text(template, body)
        if value is not None:
            content[field] = _translated(rule, field, value)
    if table.role in who_may(rule.fact) and table.role not in key_roles(rule.fact):
        words = _BY_PERSONS.filled(sender=table.sender, fact=FACT_KINDS[rule.fact].words, role=table.role)
        raise Refusal(Code.WRONG_ROLE, words, where="role")
    envelope = fact_envelope(
        f"{table.sender}/{_text(rule.fact_id, body)}",
        rule.fact,
        {name: _whole(value) for name, value in content.items()},
        by=key_author(table.sender),
        role=table.role,
        happened_at=_text(rule.happened_at, body) or signed_at,
    )
    said = _text(rule.order, body) or ""
    named = () if rule.find_by is FindBy.TRACKING_NUMBER else order_numbers_in(said)
    several = named if len(named) > 1 else ()
    said = " ".join(named) or said
    return Understood(rule, order=said.strip()[:200], several=several, envelope=envelope)


@dataclass(frozen=True, slots=True)
class Remittance:
    """What an event of money says besides its fact: who paid, and the text that came with it."""

    payer: str = ""
    text: str = ""


def remittance_in(table: SenderTable, body: Mapping[str, Any]) -> Remittance:
    """Who paid and what they wrote; nothing of an event that does not say it, or cannot be read."""
    rule = table.rule_of(body)
    if rule is None:
        return Remittance()
    try:
        payer, said = _text(rule.payer, body) or "", _text(rule.order, body) or ""
    except Refusal:
        return Remittance()
    return Remittance(payer[:_LONGEST_SHOWN], said[:_LONGEST_SHOWN])


def _matches(rule: EventRule, body: Mapping[str, Any]) -> bool:
    return all(str(_find(body, place)) == value for place, value in rule.when.items())


def _find(body: Any, place: str) -> Any:
    found = body
    for part in place.strip().split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found


def _first(body: Mapping[str, Any], places: str) -> Any:
    """What stands at the first of these places that is there."""
    found = (_find(body, place) for place in places.split(_OR))
    return next((value for value in found if value not in (None, "")), None)


def _text(template: str, body: Mapping[str, Any]) -> str | None:
    """The template filled in; None where a place that may be missing is. Raises Refusal."""
    parts: list[str] = []
    end = 0
    for place in _PLACE.finditer(template):
        value = _first(body, place[1])
        if value is None or value == "":
            if place[3]:
                return None
            raise Refusal(Code.MISSING_FIELD, _NO_FIELD.filled(place=place[1]), where=place[1])
        parts += (template[end : place.start()], _written(place[1], value, place[2]))
        end = place.end()
    return "".join([*parts, template[end:]])


def _written(place: str, value: Any, writing: str | None) -> str:
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str | int):
        text = str(value)
    else:
        raise _not_so(place, type(value).__name__, "a text or number")
    if writing is None:
        return text
    read = _WRITINGS.get(writing)
    if read is None:
        raise _not_so(place, text, f"written as one of {', '.join(_WRITINGS)}; the table says {writing}")
    try:
        return read(text)
    except (ValueError, OverflowError, DecimalException):
        raise _not_so(place, text, writing) from None


def _not_so(place: str, value: str, writing: str) -> Refusal:
    return Refusal(
        Code.MALFORMED, _NOT_WRITTEN_SO.filled(place=place, value=value, writing=writing), where=place
    )


def _from_fen(text: str) -> str:
    return str(Decimal(int(text)).scaleb(-2))


def _from_unix(text: str) -> str:
    return (_BEGINNING + timedelta(seconds=int(text))).isoformat()


def _from_beijing(text: str) -> str:
    moment = datetime.fromisoformat(text.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=BUSINESS_ZONE)).isoformat()


_WRITINGS = {"fen": _from_fen, "unix": _from_unix, "beijing": _from_beijing}


def _translated(rule: EventRule, field: str, value: str) -> str:
    words = rule.translate.get(field)
    if words is None:
        return value
    if value not in words:
        known = ", ".join(words)
        raise Refusal(
            Code.MALFORMED, _NO_WORD.filled(field=field, value=value, known=known), where=f"content.{field}"
        )
    return words[value]


def _whole(value: str) -> Any:
    return {"true": True, "false": False}.get(value, value)
