"""XLSX: what stands in the first sheet that holds something, each cell as one sees it there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from models.values.vocabulary import Words
from runtime.files.file_refusals import broken_file
from runtime.files.grids import MOST_CELLS, Grid, Place, address, addresses, column_letters
from runtime.files.xlsx.number_formats import MOST_DIGITS, NumberFormat, exact_text, shown
from runtime.files.xlsx.sheet_scan import SheetScan, holds_something, scan_sheet
from runtime.files.xlsx.workbook_parts import (
    SheetPart,
    UnsoundWorkbook,
    alone,
    book_in,
    formats_of,
    opened,
    parse,
)

_EMPTY = Words("工作簿里没有内容", "there is nothing in the workbook")
_NOT_READABLE = Words("读不出工作表：{reason}", "the sheet cannot be read: {reason}")
_SHEETS = Words("只读了工作表 {read}；没有读：{unread}", "only the sheet {read} was read, not: {unread}")
_HIDDEN_SHEET = Words("读的工作表 {read} 是隐藏的", "the sheet that was read, {read}, is hidden")
_HIDDEN_ROWS = Words(
    "有 {count} 个隐藏（或筛选掉）的行也读了：{rows}", "{count} hidden or filtered rows were read too: {rows}"
)
_HIDDEN_COLUMNS = Words("隐藏的列也读了：{columns}", "hidden columns were read too: {columns}")
_MERGED = Words(
    "合并单元格的内容用于它的每一行：{cells}",
    "what stands in merged cells was read for each of their rows: {cells}",
)
_TOO_MUCH_MERGED = Words("合并区域过大", "the merged areas are too large")
_ROUNDED = Words(
    "计算出来的数按显示的位数读取：{cells}",
    "calculated numbers were read with the decimals that are shown: {cells}",
)
_TOO_LONG = Words(
    "单元格 {cell} 是超过 15 位的数字，Excel 只保留 15 位，后面的已丢失；请把该列设为文本格式后重新填写",
    "the cell {cell} is a number of more than 15 digits, of which Excel keeps 15: "
    "format the column as text and write it again",
)
_NO_REFERENCE = Words(
    "单元格 {cell} 被当成了日期或是非值；请把该列设为文本格式后重新填写",
    "the cell {cell} was taken for a date or a truth value: format the column as text and write it again",
)
_MOST_NAMED = 10
_DAY_NOUGHT = date(1899, 12, 30)
_LAST_DAY = 2_958_466


def read_xlsx(path: Path) -> Grid:
    """The cells of a workbook's sheet. Raises Refusal(malformed_file)."""
    with opened(path) as archive:
        book = book_in(archive)
        taken, scan = _first_filled(archive, book.sheets)
        formats = formats_of(archive, book)
        if book.texts is not None:
            parse(archive, book.texts, _looked_through)
        others = [
            sheet.name for sheet in book.sheets if sheet != taken and holds_something(archive, sheet.part)
        ]
        held = _values(path, alone(archive, book, taken))
    grid = Grid([], faults=dict(scan.faults))
    rounded: list[Place] = []
    for row, values in enumerate(held):
        grid.rows.append([])
        for column, value in enumerate(values):
            place = (row, column)
            if isinstance(value, float | int) and not isinstance(value, bool):
                text = _number(grid, scan, formats, place, float(value))
                if place in scan.calculated and text != exact_text(float(value)):
                    rounded.append(place)
            else:
                text = _text(grid, place, value)
            grid.rows[row].append(text)
    _tell(grid, scan, taken, others, rounded)
    _fill_merged(path, grid, scan)
    return grid


def _looked_through(name: str, given: dict[str, str]) -> None:
    """Nothing is kept: that it is sound XML of bearable size is all that is asked."""


def _first_filled(archive: ZipFile, sheets: list[SheetPart]) -> tuple[SheetPart, SheetScan]:
    """The first sheet with a cell; one that is hidden only where no other has any."""
    for sheet in sorted(sheets, key=lambda sheet: sheet.hidden):
        if holds_something(archive, sheet.part):
            return sheet, scan_sheet(archive, sheet.part)
    raise UnsoundWorkbook(_EMPTY)


def _values(path: Path, file: IO[bytes]) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with file, CalamineWorkbook.from_filelike(file) as book:
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as broken:
        raise broken_file(path, _NOT_READABLE.filled(reason=broken)) from None


def _number(grid: Grid, scan: SheetScan, formats: list[NumberFormat], place: Place, value: float) -> str:
    style = scan.styles.get(place, 0)
    how = formats[style] if style < len(formats) else NumberFormat()
    if abs(value) >= 10**MOST_DIGITS:
        grid.mangled[place] = _TOO_LONG.filled(cell=address(place))
    if how.weekday and 0 < value < _LAST_DAY:
        grid.mangled[place] = _NO_REFERENCE.filled(cell=address(place))
        return (_DAY_NOUGHT + timedelta(days=int(value))).isoformat()
    return shown(value, how, calculated=place in scan.calculated) if how.matters else exact_text(value)


def _text(grid: Grid, place: Place, value: Any) -> str:
    """What is no number, as it is written elsewhere: a date as 2027-01-05, a truth value as true or false."""
    if isinstance(value, str):
        return value
    grid.mangled[place] = _NO_REFERENCE.filled(cell=address(place))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        hours, rest = divmod(int(value.total_seconds()), 3600)
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return str(value)


def _tell(grid: Grid, scan: SheetScan, taken: SheetPart, others: list[str], rounded: list[Place]) -> None:
    """What of the reading the person should know: hidden things, sheets not read, numbers that were rounded."""
    if taken.hidden:
        grid.notes.append(_HIDDEN_SHEET.filled(read=taken.name))
    if others:
        grid.notes.append(_SHEETS.filled(read=taken.name, unread=_some(others)))
    if scan.hidden_rows:
        rows = _some([str(row + 1) for row in sorted(scan.hidden_rows)])
        grid.notes.append(_HIDDEN_ROWS.filled(count=len(scan.hidden_rows), rows=rows))
    hidden = [
        column_letters(column)
        for first, last in scan.hidden_columns
        for column in range(first, min(last + 1, scan.columns))
        if any(column < len(row) and row[column] for row in grid.rows)
    ]
    if hidden:
        grid.notes.append(_HIDDEN_COLUMNS.filled(columns=_some(hidden)))
    if rounded:
        grid.notes.append(_ROUNDED.filled(cells=addresses(rounded)))


def _some(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")


def _fill_merged(path: Path, grid: Grid, scan: SheetScan) -> None:
    """A merged cell stands for each row of its area; further columns of the area stay empty."""
    filled = 0
    told = []
    for (top, column), (bottom, _) in scan.merged:
        height = min(bottom + 1, len(grid.rows)) - top
        if height < 2 or top >= len(grid.rows) or column >= len(grid.rows[top]) or not grid.rows[top][column]:
            continue
        filled += height
        if filled > MOST_CELLS:
            raise broken_file(path, _TOO_MUCH_MERGED)
        told.append((top, column))
        for row in range(top + 1, top + height):
            _repeat(grid, (top, column), (row, column))
    if told:
        grid.notes.append(_MERGED.filled(cells=addresses(told)))


def _repeat(grid: Grid, source: Place, place: Place) -> None:
    cells = grid.rows[place[0]]
    cells.extend("" for _ in range(place[1] + 1 - len(cells)))
    if not cells[place[1]]:
        cells[place[1]] = grid.rows[source[0]][source[1]]
        grid.merged.add(place)
        if source in grid.mangled:
            grid.mangled[place] = grid.mangled[source]
