"""How much goes to the order database in one burst: entries, papers and rows within so many bytes of JSON."""

from __future__ import annotations

from collections.abc import Sequence

from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.papers_due import Intention
from models.dossier.records.changed_rows import Changed
from models.values.fingerprint import canonical

_SURELY_SMALL = 30
"""So many entries, papers or rows fit whatever is in them, unless several are of the large kinds."""
_LARGE_KINDS = frozenset({EntryKind.FACT, EntryKind.EARLY})
"""They hold what somebody said: up to 64,000 signs."""
_FEW = 3
_AROUND = 600
"""Bytes that an entry or a row has around its content."""


def entries_that_fit(entries: Sequence[JournalEntry], papers: Sequence[Intention], most: int) -> int:
    """How many entries, from the first on, fit with the papers that were written with them; at least one."""
    if _are_small(entries) and len(papers) <= _SURELY_SMALL:
        return len(entries)
    contents = {paper.sequence: _size(paper.content) for paper in papers}
    used = 0
    for place, entry in enumerate(entries):
        used += _size(entry.data) + contents.get(entry.sequence, 0)
        if used > most and place:
            return place
    return len(entries)


def rows_that_fit(
    rows: Sequence[Changed], entries: Sequence[JournalEntry], papers: Sequence[Intention], most: int
) -> Sequence[Changed]:
    """The rows, from the first on, that fit beside these entries and papers; at least one."""
    if _are_small(entries) and len(rows) + len(papers) <= _SURELY_SMALL:
        return rows
    used = sum(_size(entry.data) for entry in entries) + sum(_size(paper.content) for paper in papers)
    for place, each in enumerate(rows):
        used += _size(each.row.values)
        if used > most and place:
            return rows[:place]
    return rows


def _are_small(entries: Sequence[JournalEntry]) -> bool:
    return len(entries) <= _SURELY_SMALL and sum(entry.kind in _LARGE_KINDS for entry in entries) <= _FEW


def _size(content: object) -> int:
    return len(canonical(content).encode()) + _AROUND if content is not None else _AROUND
