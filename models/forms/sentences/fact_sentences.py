"""What was said, as a sentence: each kind of fact has its own, and whatever it does not name follows with its label.

A part of a sentence whose figures were not said is left out. Signs that mean nothing to a reader (hashes, whole policies)
are not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from string import Formatter
from typing import Any

from pydantic import BaseModel, ValidationError

from models.facts.known_facts import KNOWN_FACTS
from models.forms.fact_words import in_words
from models.forms.sentences.beside_sentences import BESIDE_ORDERS
from models.forms.sentences.sentence_table import ANSWERS, FACT_SENTENCES, LINE
from models.reports.responsibility import name_of
from models.values.field_words import field_words
from models.values.vocabulary import Term
from models.values.words import Words
from models.writing.printed_figures import day_of_the_week, deadline, figures, price

_MEANS_NOTHING = frozenset(
    {
        "content_hash",
        "references",
        "policy",
        "calendar",
        "file",
        "currency",
        "transfer",
        "receipt_part",
        "question",
        "asked",
        "turn",
        "there",
    }
)
"""Fields that are kept and tell a reader nothing."""
_PEOPLE = frozenset({"clerk", "owner", "person", "checked_with", "guarantor"})
"""Fields that hold the id of one of the staff, or a name."""
_LINES = "lines"
"""Each of them says itself which line it is."""
_HASH = re.compile(r"[0-9a-f]{40,}")
_SAID_WITHOUT_WORDS = frozenset({"link_signature"})
_MONEY = frozenset(
    {
        "amount",
        "cost",
        "refunded",
        "kept",
        "unit_price",
        "freight_out",
        "freight_back",
        "limit",
        "others",
        "free_balance",
    }
)
"""Fields that hold money: it stands with its sign."""


def fact_sentence(kind: str, content: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Words:
    """What was said, as a sentence; what no longer fits its kind is told with the labels of its fields.

    `names`: id -> name of people of the staff, who then stand by their names.
    """
    read = _read(kind, content)
    values = {name: _called(name, value, names) for name, value in read.items() if _is_said(value)}
    told: list[Words] = []
    used: set[str] = set()
    for part in FACT_SENTENCES.get(kind) or BESIDE_ORDERS.get(kind, ()):
        named = fields_of(part)
        if named <= values.keys():
            told.append(part.filled(**{name: _value(name, values[name]) for name in named}))
            used |= named
    if not told:
        known = KNOWN_FACTS.get(kind)
        told.append(known.words if known is not None else Words(kind, kind))
    if kind not in BESIDE_ORDERS or kind in FACT_SENTENCES:
        told += list(_labelled({name: value for name, value in values.items() if name not in used}))
    return joined(told)


def said_with_labels(kind: str, content: Mapping[str, Any]) -> Words:
    """The fields that were said, each with its label, beside a heading that names the fact already."""
    return details_in_words(_read(kind, content))


def joined(parts: Iterable[Words]) -> Words:
    """Several parts as one sentence."""
    known = [part for part in parts if part.zh]
    return Words("，".join(part.zh for part in known), ", ".join(part.en for part in known))


def fields_of(part: Words) -> set[str]:
    """The fields that a part of a sentence names."""
    return {name for _, name, _, _ in Formatter().parse(part.zh) if name}


def details_in_words(values: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Words:
    """Fields that have no sentence of their own, each with its label: what a decision said besides its outcome."""
    said = {name: _called(name, value, names) for name, value in values.items() if _is_said(value)}
    return joined(_labelled(said))


def _called(name: str, value: Any, names: Mapping[str, str] | None) -> Any:
    return (names or {}).get(value, value) if name in _PEOPLE and isinstance(value, str) else value


def _read(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are meant; as they were written where they no longer fit."""
    known = KNOWN_FACTS.get(kind)
    try:
        read: Any = known.content.model_validate(content) if known is not None else None
    except ValidationError:
        read = None
    return {name: getattr(read, name, value) for name, value in content.items()}


def _is_said(value: Any) -> bool:
    return value is not None and value not in ("", (), [], {})


def _labelled(values: Mapping[str, Any]) -> Iterator[Words]:
    for name, value in values.items():
        if name in _MEANS_NOTHING or (isinstance(value, str) and _HASH.fullmatch(value)):
            continue
        if isinstance(value, bool) and name in ANSWERS:
            yield ANSWERS[name][0 if value else 1]
            continue
        label, said = field_words(name), _value(name, value)
        if name == _LINES:
            yield said
            continue
        yield Words(f"{label.zh} {said.zh}", f"{label.en} {said.en}")


def _value(name: str, value: Any) -> Words:
    if name in _SAID_WITHOUT_WORDS:
        return Words("", "")
    if name == "step" and isinstance(value, str) and not isinstance(value, Term):
        return name_of(value)
    if name == "fact_kind" and value in KNOWN_FACTS:
        return KNOWN_FACTS[value].words
    if isinstance(value, datetime):
        return deadline(value)
    if isinstance(value, date):
        return day_of_the_week(value)
    if isinstance(value, Decimal) and name in _MONEY:
        text = price(value) if name == "unit_price" else figures(value)
        return Words(f"¥{text}", f"CNY {text}")
    if isinstance(value, BaseModel | Mapping):
        inside = (
            {
                each: getattr(value, each)
                for each in type(value).model_fields
                if each in value.model_fields_set
            }
            if isinstance(value, BaseModel)
            else dict(value)
        )
        return _of_several(inside)
    if isinstance(value, list | tuple):
        known = [
            _named(each) if isinstance(each, str) and not isinstance(each, Term) else _value(name, each)
            for each in value
        ]
        return Words("；".join(each.zh for each in known), "; ".join(each.en for each in known))
    return in_words(value)


def _named(text: str) -> Words:
    """A member of a list; the name of a field by what people call it."""
    return field_words(text)


def _of_several(values: Mapping[str, Any]) -> Words:
    """Fields of one thing: `第1行 数量 1,200、单价 5.10`, or `第1行 1,200` where nothing else is said."""
    rest = {name: value for name, value in values.items() if name != "line" and _is_said(value)}
    only_a_quantity = "line" in values and list(rest) == ["quantity"]
    said = _value("quantity", rest["quantity"]) if only_a_quantity else Words.listed(_labelled(rest))
    if "line" not in values:
        return said
    line = LINE.filled(line=values["line"])
    return Words(f"{line.zh} {said.zh}", f"{line.en}: {said.en}")
