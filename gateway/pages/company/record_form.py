"""One form for every record of the company: its fields, what was typed, and what is wrong with it or changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from activities.access.logins import Session
from gateway.api.problems import status_of
from gateway.pages.rendering import page, plain
from models.values.errors import Code, Refusal
from models.values.money import as_text, as_unit_price
from models.values.vocabulary import Words
from models.values.words import Bilingual

MOST_FIELDS = 200
_SAVE = Words("保存", "save")


class FieldKind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    PRICE = "price"
    """A number of CNY, shown with its fen."""
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    SEVERAL = "several"
    """Ticks: as many of the choices as apply."""
    LIST = "list"
    """Texts, one a line."""


_SAYS_NOTHING_EMPTY = (FieldKind.DATE, FieldKind.NUMBER, FieldKind.PRICE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a field may have."""

    value: str
    words: Bilingual


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field; `name` is its path in the record: `contract.valid_until`."""

    name: str
    words: Words
    kind: FieldKind = FieldKind.TEXT
    choices: Sequence[Choice] = ()
    required: bool = False
    hint: Words | None = None
    fixed: bool = False
    """It names the record and is not changed."""


@dataclass(frozen=True, slots=True)
class RecordForm:
    """A form of a record as it is shown."""

    title: Words
    action: str
    back: str
    fields: Sequence[RecordField]
    values: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    """What goes with the form unseen: which record it is, and what was seen of it."""
    note: Words | None = None
    button: Words = _SAVE


def choices_of(terms: Iterable[Any]) -> tuple[Choice, ...]:
    """Terms as choices."""
    return tuple(Choice(term.value, term) for term in terms)


def values_of(record: Mapping[str, Any], fields: Iterable[RecordField]) -> dict[str, str]:
    """A record's values as the form shows them."""
    found: dict[str, str] = {}
    for each in fields:
        value: Any = record
        for part in each.name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if each.kind is FieldKind.SEVERAL:
            found |= {f"{each.name}:{one}": "yes" for one in value or ()}
        elif each.kind is FieldKind.LIST:
            found[each.name] = "\n".join(str(one) for one in value or ())
        elif each.kind is FieldKind.PRICE and isinstance(value, Decimal):
            found[each.name] = as_text(as_unit_price(value))
        else:
            found[each.name] = _text(value)
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def typed_in(form: Mapping[str, str], fields: Iterable[RecordField]) -> dict[str, Any]:
    """What was typed, as the record's model reads it; an empty field says nothing. Groups that say nothing are None."""
    found: dict[str, Any] = {}
    groups: dict[str, dict[str, Any]] = {}
    for each in fields:
        if each.fixed:
            continue
        value = _value(form, each)
        group, _, name = each.name.rpartition(".")
        if group:
            groups.setdefault(group, {})[name] = value
        else:
            found[each.name] = value
    for group, values in groups.items():
        said = {name: value for name, value in values.items() if value not in ("", None, [])}
        found[group] = said or None
    return found


def _value(form: Mapping[str, str], each: RecordField) -> Any:
    if each.kind is FieldKind.SEVERAL:
        return [choice.value for choice in each.choices if form.get(f"{each.name}:{choice.value}")]
    text = form.get(each.name, "").strip()
    if each.kind is FieldKind.LIST:
        return [part.strip() for line in text.split("\n") for part in line.split(";") if part.strip()]
    return (text or None) if each.kind in _SAYS_NOTHING_EMPTY else text


def form_page(
    request: Request, session: Session, form: RecordForm, *, refusal: Refusal | None = None, seen: int | None = None
) -> HTMLResponse:  # fmt: skip
    """The form; after a refusal with what was typed, and what another changed meanwhile (`seen`: up to which change)."""
    kept = dict(form.kept) | ({"seen": str(seen)} if seen is not None else {})
    status = 200 if refusal is None else max(status_of(refusal.code), 409 if _is_stale(refusal) else 0)
    return page(
        request, "company/record_form.html", status, session=session, active="company", form=form, kept=kept,
        refusal=refusal, home=form.back, problem_at=refusal.where.partition(",")[0] if refusal is not None else "",
    )  # fmt: skip


def _is_stale(refusal: Refusal) -> bool:
    return refusal.code is Code.STALE_VERSION


def seen_in(form: Mapping[str, str]) -> int:
    """Up to which change the record was seen."""
    text = form.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 12 else 0
