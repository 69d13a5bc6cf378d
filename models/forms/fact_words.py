"""What was said, as people read it: the fields of a fact with their labels, and their values in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ValidationError

from models.facts.fact_kinds import FACT_KINDS
from models.values.field_words import field_words
from models.values.vocabulary import Words
from models.values.words import Bilingual
from models.writing.printed_figures import figure, moment, quantity

_YES, _NO = Words("是", "yes"), Words("否", "no")
_THOUSANDTHS = re.compile(r"\d{1,12}\.\d{3}")
"""A quantity as it travels inside a change."""


def said_in_words(kind: str, content: Mapping[str, Any]) -> Words:
    """The fields that were said, each as `label=value`; one that no longer fits its kind is told as it was written."""
    known = FACT_KINDS.get(kind)
    try:
        read: Any = known.content.model_validate(content) if known is not None else None
    except ValidationError:
        read = None
    values = {name: getattr(read, name, value) for name, value in content.items()}
    parts = list(_parts(values))
    return Words(" ".join(part.zh for part in parts), " ".join(part.en for part in parts))


def _parts(values: Mapping[str, Any]) -> Iterator[Words]:
    for name, value in values.items():
        label, said = field_words(name), in_words(value)
        yield Words(f"{label.zh}={said.zh}", f"{label.en}={said.en}")


def in_words(value: Any) -> Words:
    """One value: labels for codes, figures as people write them, business time."""
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, Bilingual):
        return Words(value.zh, value.en)
    if isinstance(value, BaseModel | Mapping):
        inside = value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value
        listed = Words.listed(_parts(inside))
        return Words(f"（{listed.zh}）", f"({listed.en})")
    if isinstance(value, list | tuple):
        each = [in_words(part) for part in value]
        return Words(";".join(part.zh for part in each), "; ".join(part.en for part in each))
    text = _figure(value)
    return Words(text, text)


def _figure(value: Any) -> str:
    if isinstance(value, str) and _THOUSANDTHS.fullmatch(value):
        return quantity(Decimal(value))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Decimal):
        return figure(value)
    return str(value)
