"""Whether two journals tell one life: that of the pure model, and that of the engine, whose clock is a little later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from models.dossier.journal import JournalEntry
from models.values.vocabulary import Role

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
A_LITTLE = timedelta(minutes=2)
"""What passes on a busy machine between a moment that is skipped to and what is said then."""


def where_they_part(one: Sequence[JournalEntry], other: Sequence[JournalEntry]) -> Iterator[str]:
    """The entries that are not the same in both; hashes and the engine's own ids are left out."""
    for first, second in zip(one, other, strict=False):
        before, after = _said(first), _said(second)
        if not _same(before, after):
            yield f"{first.sequence}: {before} is {after}"
    if len(one) != len(other):
        yield f"{len(one)} entries are {len(other)}"


def _said(entry: JournalEntry) -> dict[str, Any]:
    said: dict[str, Any] = entry.model_dump(mode="json", exclude={"previous", "hash"})
    if entry.role is Role.SYSTEM:
        said["data"] = {name: value for name, value in said["data"].items() if name != "fact_id"}
    return said


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return _MOMENT.sub("", one) == _MOMENT.sub("", other) and all(
            abs(datetime.fromisoformat(first) - datetime.fromisoformat(second)) <= A_LITTLE
            for first, second in zip(_MOMENT.findall(one), _MOMENT.findall(other), strict=True)
        )
    return bool(one == other)
