"""CSV: which sign parts the cells is found out, and so is the encoding; a quoted cell may hold line breaks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from models.values.vocabulary import Words
from runtime.files.encodings import table_text
from runtime.files.file_refusals import broken_file
from runtime.files.grids import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Grid
from runtime.files.headers import header_likeness

SEPARATORS = {
    ",": Words("逗号", "commas"),
    ";": Words("分号", "semicolons"),
    "\t": Words("制表符", "tabs"),
}
_LOOKED_AT = 20
"""Rows at the top by which the separator is told."""
_NOT_CSV = Words("不是 CSV（第 {line} 行）：{reason}", "it is not CSV (line {line}): {reason}")
_TOO_MANY = Words(
    "超过上限：最多 {rows} 行、{columns} 列、{cells} 个单元格",
    "too large: at most {rows} rows, {columns} columns and {cells} cells",
).filled(rows=MOST_ROWS, columns=MOST_COLUMNS, cells=MOST_CELLS)
_SEPARATED = Words("按{sign}分列", "cells are separated by {sign}")
_SAID = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)


def read_csv(path: Path) -> Grid:
    """The cells of a CSV file. Raises Refusal(malformed_file)."""
    found = table_text(path, path.read_bytes())
    notes = [found.note] if found.note is not None else []
    text = found.text
    said = _SAID.match(text)
    separator = said[1] if said else _separator(text)
    if separator != ",":
        notes.append(_SEPARATED.filled(sign=SEPARATORS[separator]))
    rows: list[list[str]] = [[]] if said else []
    cells = 0
    for row in _rows(path, text[said.end() :] if said else text, separator):
        cells += len(row)
        if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS or cells > MOST_CELLS:
            raise broken_file(path, _TOO_MANY)
        rows.append(row)
    return Grid(rows, notes=notes)


def _rows(path: Path, text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as broken:
        raise broken_file(path, _NOT_CSV.filled(line=reader.line_num, reason=broken)) from None


def _separator(text: str) -> str:
    """The sign that makes a header of one of the first rows; a comma where none does."""
    return max(SEPARATORS, key=lambda sign: _best_header(text, sign))


def _best_header(text: str, sign: str) -> int:
    best = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    try:
        for row, _ in zip(reader, range(_LOOKED_AT), strict=False):
            best = max(best, header_likeness(row))
    except csv.Error:
        return best
    return best
