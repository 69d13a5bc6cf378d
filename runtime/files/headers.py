"""The names above the columns: which field a name means, and which row of a table holds the names."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from models.values.errors import Refusal
from models.writing.column_names import TableKind, column_of

_RECOGNISED = 1000


def field_at(header: str, table: TableKind | None) -> str:
    """The field that a column's name means; the name itself, without signs that nobody sees, where it means none.

    `table` says what the rows are; None where any will do. Raises Refusal(malformed) for a name that could be two fields.
    """
    plain = without_unseen(header).strip()
    for kind in (table,) if table is not None else TableKind:
        found = column_of(plain, kind)
        if found is not None:
            return found
    return plain


def without_unseen(text: str) -> str:
    """The text without format and control signs: those of no width, marks of direction, a byte order mark inside."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Cc"))


def header_likeness(cells: Sequence[str]) -> int:
    """How much a row looks like the one with the names: above all how many cells name a field of any table."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) < 2:
        return 0
    return sum(_RECOGNISED for cell in filled if _names_a_field(cell)) + len(filled)


def names_fields(cells: Sequence[str]) -> int:
    """How many cells of a row name a field."""
    return header_likeness(cells) // _RECOGNISED


def _names_a_field(cell: str) -> bool:
    plain = without_unseen(cell).strip()
    try:
        return any(column_of(plain, kind) is not None for kind in TableKind)
    except Refusal:
        return True  # it names two
