"""What a sheet holds, before anything of it is kept: how far it reaches, what is hidden, merged, wrong or calculated.

The size that a sheet says of itself is not looked at: WPS and many exporters write A1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from zipfile import ZipFile

from models.values.vocabulary import Words
from runtime.files.grids import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Place, address, column_letters
from runtime.files.xlsx.workbook_parts import Attributes, UnsoundWorkbook, parse

MOST_WRITTEN = 2_000_000
"""Cells that a sheet writes down, those without a value among them."""
MOST_MERGED = 20_000
_TOO_FAR = Words(
    "单元格 {cell} 超出上限：最多 {rows} 行、{columns} 列（到 {last} 列）、{cells} 个单元格",
    "the cell {cell} lies beyond what is read: at most {rows} rows, {columns} columns (to {last}) and {cells} cells",
)
_TOO_MANY = Words(
    "写出的单元格超过 {most} 个，或合并区域超过 {merged} 处",
    "it writes down more than {most} cells, or merges more than {merged} areas",
).filled(most=MOST_WRITTEN, merged=MOST_MERGED)
_NO_CELL = Words("没有这样的单元格：{cell}", "there is no such cell: {cell}")
_NO_VALUE = Words(
    "单元格 {cell} 有公式但没有结果；请用 Excel 打开、保存后再交",
    "the cell {cell} has a formula without a result: open and save the file in Excel first",
)
_ERROR = Words("单元格 {cell} 是错误值 {error}", "the cell {cell} holds the error {error}")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})$")
_TRUE = ("1", "true")
_LONGEST_ERROR = 20


@dataclass(slots=True)
class SheetScan:
    """What is to be known of one sheet. Rows and columns are counted from 0."""

    rows: int = 0
    columns: int = 0
    faults: dict[Place, Words] = field(default_factory=dict)
    """Error values, and formulas without a result."""
    calculated: set[Place] = field(default_factory=set)
    styles: dict[Place, int] = field(default_factory=dict)
    """The styles of numbers, where it is not the plain one."""
    hidden_rows: set[int] = field(default_factory=set)
    """Hidden rows that hold something."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """The first and the last column of each hidden stretch."""
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    """The first and the last cell of each merged area."""


def scan_sheet(archive: ZipFile, part: str) -> SheetScan:
    """Look through one sheet. Raises UnsoundWorkbook for what lies beyond the limits, named in it."""
    scanning = _Scanning()
    parse(archive, part, scanning.begun, scanning.ended, scanning.text)
    return scanning.found


class _Enough(Exception):  # a value was found, no more is to be known
    pass


def holds_something(archive: ZipFile, part: str) -> bool:
    """Whether a sheet has a cell with a value; nothing is looked at beyond the first."""
    inside = False

    def begun(name: str, given: Attributes) -> None:
        nonlocal inside
        inside = name in ("v", "t")

    def text(text: str) -> None:
        if inside and text.strip():
            raise _Enough

    try:
        parse(archive, part, begun, lambda name: None, text)
    except _Enough:
        return True
    return False


class _Scanning:
    def __init__(self) -> None:
        self.found = SheetScan()
        self._row = self._column = -1
        self._row_hidden = False
        self._written = 0
        self._type, self._style = "", 0
        self._formula = self._inside_value = False
        self._value = ""

    def begun(self, name: str, given: Attributes) -> None:
        if name == "c":
            self._begin_cell(given)
        elif name in ("v", "t"):
            self._inside_value = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._row = int(given["r"]) - 1 if given.get("r", "").isdecimal() else self._row + 1
            self._row_hidden = given.get("hidden") in _TRUE
            self._column = -1
        elif name == "col" and given.get("hidden") in _TRUE:
            self._hide(given)
        elif name == "mergeCell":
            self._merge(given.get("ref", ""))

    def ended(self, name: str) -> None:
        if name in ("v", "t"):
            self._inside_value = False
        elif name == "c":
            self._end_cell()

    def text(self, text: str) -> None:
        if self._inside_value and len(self._value) < _LONGEST_ERROR:
            self._value += text

    def _begin_cell(self, given: Attributes) -> None:
        reference = given.get("r")
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = _place(reference)
        self._written += 1
        if self._written > MOST_WRITTEN:
            raise UnsoundWorkbook(_TOO_MANY)
        style = given.get("s", "0")
        self._type, self._style = given.get("t", "n"), int(style) if style.isdecimal() else 0
        self._formula, self._value = False, ""

    def _end_cell(self) -> None:
        if not self._value and not self._formula:
            return
        place = (self._row, self._column)
        found = self.found
        found.rows = max(found.rows, self._row + 1)
        found.columns = max(found.columns, self._column + 1)
        if found.rows > MOST_ROWS or found.columns > MOST_COLUMNS or found.rows * found.columns > MOST_CELLS:
            raise UnsoundWorkbook(
                _TOO_FAR.filled(
                    cell=address(place), rows=MOST_ROWS, columns=MOST_COLUMNS,
                    last=column_letters(MOST_COLUMNS - 1), cells=MOST_CELLS,
                )
            )  # fmt: skip
        if self._row_hidden:
            found.hidden_rows.add(self._row)
        if self._formula:
            found.calculated.add(place)
        if self._type == "e":
            found.faults[place] = _ERROR.filled(cell=address(place), error=self._value)
        elif not self._value and self._type != "str":
            found.faults[place] = _NO_VALUE.filled(cell=address(place))
        elif self._type == "n" and self._style:
            found.styles[place] = self._style

    def _hide(self, given: Attributes) -> None:
        first, last = given.get("min", ""), given.get("max", "")
        if first.isdecimal() and last.isdecimal():
            self.found.hidden_columns.append((int(first) - 1, int(last) - 1))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if len(self.found.merged) >= MOST_MERGED:
            raise UnsoundWorkbook(_TOO_MANY)
        self.found.merged.append((_place(first), _place(last or first)))


def _place(reference: str) -> Place:
    found = _REFERENCE.match(reference)
    if found is None:
        raise UnsoundWorkbook(_NO_CELL.filled(cell=reference[:20]))
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
