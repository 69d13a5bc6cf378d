"""A table becomes records: the row with the names is found, each further row gives its cells by these names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from models.values.errors import Code, Refusal
from models.values.field_words import field_words
from models.values.vocabulary import Words
from models.writing.column_names import TableKind
from models.writing.signs import shown
from runtime.files.file_refusals import broken_file
from runtime.files.grids import Grid, column_letters
from runtime.files.headers import field_at, header_likeness, names_fields, without_unseen
from runtime.files.identifiers import IDENTIFIERS
from runtime.files.records import Reading, Record

_LOOKED_AT = 20
"""Filled rows at the top among which the names are looked for."""
_NO_HEADER = Words("没有标题行", "it has no header row")
_NAMED_TWICE = Words(
    "{first} 列“{first_head}”和 {second} 列“{second_head}”都是{field}（{name}）；请留一列",
    "the columns {first} “{first_head}” and {second} “{second_head}” are both {field} ({name}): leave one of them",
)
_HEADER_AT = Words(
    "标题行是第 {row} 行，上面的行没有读", "the header is row {row}; the rows above it were not read"
)
_CLEANED = Words(
    "{columns} 列的栏名里有看不见的字符，已忽略",
    "the names of the columns {columns} hold signs that nobody sees; they were left out",
)
_NAMELESS = Words(
    "{column} 列没有栏名，却有内容：{text}", "the column {column} has no name and holds something: {text}"
)
_LONGEST = 60


def read_table(path: Path, grid: Grid, table: TableKind | None) -> Reading:
    """The records of a table. Raises Refusal(malformed_file) without names above the columns, with one twice, or with one
    that could be two fields."""
    place = _header_place(grid)
    if place is None:
        raise broken_file(path, _NO_HEADER)
    header = [field_at(cell, table) for cell in grid.rows[place]]
    _once_each(path, header, grid.rows[place])
    notes = list(grid.notes)
    if any(any(cell.strip() for cell in row) for row in grid.rows[:place]):
        notes.append(_HEADER_AT.filled(row=place + 1))
    cleaned = [column for column, cell in enumerate(grid.rows[place]) if without_unseen(cell) != cell]
    if cleaned:
        notes.append(_CLEANED.filled(columns=", ".join(column_letters(column) for column in cleaned)))
    return Reading(list(_records(path, grid, header, place)), notes)


def _header_place(grid: Grid) -> int | None:
    """Of the first rows the one most of whose cells name fields; where none does, the first with two cells or more."""
    filled = [place for place, row in enumerate(grid.rows) if any(cell.strip() for cell in row)][:_LOOKED_AT]
    named = max(filled, key=lambda place: names_fields(grid.rows[place]), default=None)
    if named is not None and names_fields(grid.rows[named]):
        return named
    return next(
        (place for place in filled if header_likeness(grid.rows[place])), filled[0] if filled else None
    )


def _once_each(path: Path, header: list[str], heads: list[str]) -> None:
    known: dict[str, int] = {}
    for column, name in enumerate(header):
        if name and name in known:
            before = known[name]
            words = _NAMED_TWICE.filled(
                first=column_letters(before), first_head=shown(heads[before], _LONGEST), second=column_letters(column),
                second_head=shown(heads[column], _LONGEST), field=field_words(name), name=shown(name, _LONGEST),
            )  # fmt: skip
            raise broken_file(path, words)
        known[name] = column


def _records(path: Path, grid: Grid, header: list[str], place: int) -> Iterator[Record]:
    faulty = {row for row, _ in grid.faults}
    for row in range(place + 1, len(grid.rows)):
        cells = grid.rows[row]
        if row not in faulty and not any(cell.strip() for cell in cells):
            continue
        values = {
            name: cell.strip() for name, cell in zip(header, cells, strict=False) if name and cell.strip()
        }
        merged = frozenset(
            name for column, name in enumerate(header) if (row, column) in grid.merged and name
        )
        yield Record(path, row + 1, values, trouble=_trouble(grid, header, row), merged=merged)


def _trouble(grid: Grid, header: list[str], row: int) -> Refusal | None:
    """The first cell of a row that cannot be taken."""
    cells = grid.rows[row]
    for column in range(max(len(header), len(cells))):
        name = header[column] if column < len(header) else ""
        text = cells[column].strip() if column < len(cells) else ""
        where = name or column_letters(column)
        if (row, column) in grid.faults:
            return Refusal(Code.MALFORMED, grid.faults[row, column], where=where)
        if text and not name:
            words = _NAMELESS.filled(column=where, text=text[:_LONGEST])
            return Refusal(Code.UNKNOWN_FIELD, words, where=where)
        if name in IDENTIFIERS and (row, column) in grid.mangled:
            return Refusal(Code.MALFORMED, grid.mangled[row, column], where=where)
    return None
