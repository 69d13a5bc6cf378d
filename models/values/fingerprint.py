"""Fingerprints: one way to make a hash of a content, such that it stays the same when models grow.

Everything that is compared later by its hash goes through here: what a decision was asked about, a sheet's content,
an envelope, a request, a journal entry, a row, the whole state of an order. The fields that the first orders had are
always in it (`models.values.first_fields`); a field that came later is in it only where it is not at its default. So
an optional field can be added while orders are open, and no hash made before becomes another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter, methodcaller
from typing import Any

from pydantic import BaseModel

from models.values.first_fields import FIRST_FIELDS

_AS_IT_IS = frozenset({str, int, bool, type(None)})
"""Types of plain values, looked at first because most values are of them."""

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks: one text for one content."""
    return _CANONICAL.encode(value)


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical JSON of plain data, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def lasting(content: BaseModel, *, leaving_out: Collection[str] = ()) -> dict[str, Any]:
    """A model as plain JSON data for what is hashed or kept: like `model_dump(mode="json")`, without later defaults.

    `leaving_out` names fields of the outermost model that do not belong to the content.
    """
    dumped = content.model_dump(mode="json", exclude=set(leaving_out))
    pruned: dict[str, Any] = _pruned(content, dumped)
    return pruned


def without_later_defaults(content: BaseModel, dumped: Any) -> Any:
    """What a model was dumped to, less the later fields that are at their default.

    So what a newer program writes is read by an older one, which refuses fields that it does not know, for as long as
    nothing is said in them: a new program can be rolled out beside the old one, and taken back.
    """
    return _pruned(content, dumped)


def digest_of_model(content: BaseModel, *, leaving_out: Collection[str] = ()) -> str:
    """The digest of a model's lasting content."""
    return digest_of(lasting(content, leaving_out=leaving_out))


def compact(value: Any) -> Any:
    """A whole state as plain data, with one text for one state: sets are sorted, which in memory they are not."""
    kind: Any = type(value)
    return value if kind in _AS_IT_IS else _way_to_compact(kind)(value)


@cache
def _way_to_compact(kind: type) -> Callable[[Any], Any]:
    """How values of a type are shown; asked once, because within a workflow `isinstance` is the sandbox's and dear."""
    if issubclass(kind, BaseModel):
        return lambda value: {name: compact(getattr(value, name)) for name in counting(value)}
    if issubclass(kind, Mapping):
        return lambda value: {str(compact(key)): compact(part) for key, part in value.items()}
    if issubclass(kind, (set, frozenset)):
        return lambda value: sorted((compact(part) for part in value), key=canonical)
    if issubclass(kind, (list, tuple)):
        return lambda value: [compact(part) for part in value]
    if issubclass(kind, Enum):
        return attrgetter("value")
    if issubclass(kind, (date, datetime)):
        return methodcaller("isoformat")
    return str if issubclass(kind, Decimal) else lambda value: value


def counting(content: BaseModel) -> list[str]:
    """The names of the fields that count: the first ones, and of the later ones those that say something."""
    model = type(content)
    first = FIRST_FIELDS.get(model.__name__, frozenset())
    return [
        name
        for name, default in _defaults(model).items()
        if name in first or getattr(content, name) != default
    ]


_NO_DEFAULT = object()


@cache
def _defaults(model: type[BaseModel]) -> dict[str, Any]:
    return {
        name: _NO_DEFAULT if field.is_required() else field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
    }


def _pruned(value: Any, dumped: Any) -> Any:
    if type(dumped) in _AS_IT_IS:  # most are, and asking whether something is a model is dear
        return dumped
    if isinstance(value, BaseModel) and isinstance(dumped, dict):
        return {
            name: _pruned(getattr(value, name), dumped[name]) for name in counting(value) if name in dumped
        }
    if isinstance(value, Mapping) and isinstance(dumped, dict):
        return {
            key: _pruned(part, shown)
            for part, (key, shown) in zip(value.values(), dumped.items(), strict=True)
        }
    if isinstance(value, (list, tuple)) and isinstance(dumped, list):
        return [_pruned(part, shown) for part, shown in zip(value, dumped, strict=True)]
    return dumped
