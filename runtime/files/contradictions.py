"""Two rows that are about one thing and say different things of it: which fields, and both values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models.values.field_words import field_words
from models.values.vocabulary import Words

_DIFFERENCE = Words("{field} “{first}” ↔ “{second}”", "{field} “{first}” ↔ “{second}”")
_LONGEST, _MOST_FIELDS = 60, 3


def differences_told(names: Iterable[str], first: Mapping[str, Any], second: Mapping[str, Any]) -> Words:
    """The first few fields with the value of either row."""
    return Words.listed(
        _DIFFERENCE.filled(
            field=field_words(name), first=_short(first.get(name)), second=_short(second.get(name))
        )
        for name in list(names)[:_MOST_FIELDS]
    )


def _short(value: Any) -> str:
    text = ";".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value or "")
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
