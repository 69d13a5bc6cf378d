"""A printed page as a person reads it: its tables row by row and cell by cell, all else line by line, from the top down.

Read from the PDF itself: cells are what the ruled lines enclose, a sign belongs to the cell in which it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from rehearsal.printed_page import squeezed

_THIN = 2.0
"""Points: what is no wider is a ruled line."""
_SHORT = 8.0
_BETWEEN_CELLS = " | "
Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the lower left corner."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A ruled line: where it stands across its direction, and from where to where it goes."""

    at: float
    start: float
    end: float


def read_pages(pdf: bytes) -> list[list[str]]:
    """Every page as lines of text; the cells of a table's row stand in one line, parted by `|`. No blanks within them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_lines(page) for page in document]
    finally:
        document.close()


def read_paper(pdf: bytes) -> list[str]:
    """All pages, one after the other."""
    return [line for page in read_pages(pdf) for line in page]


def _lines(page: pypdfium2.PdfPage) -> list[str]:
    across, down = _rules(page)
    cells: dict[Box, list[str]] = defaultdict(list)
    free: dict[float, list[str]] = defaultdict(list)
    last: float | None = None
    for sign, (left, bottom, right, top) in _signs(page):
        x, y = (left + right) / 2, (bottom + top) / 2
        cell = _cell(x, y, across, down)
        if cell is not None:
            cells[cell].append(sign)
            last = None
            continue
        if last is None or abs(last - y) > _SHORT / 2:
            last = next((at for at in free if abs(at - y) <= _SHORT / 2), y)
        free[last].append(sign)
    rows: dict[tuple[float, float], list[Box]] = defaultdict(list)
    for cell in _all_cells(across, down):
        rows[cell[1], cell[3]].append(cell)
    found = [((bottom + top) / 2, _row(beside, cells)) for (bottom, top), beside in rows.items()]
    found += [(at, squeezed("".join(signs))) for at, signs in free.items()]
    return [text for _, text in sorted(found, key=lambda each: -each[0]) if text]


def _row(beside: list[Box], cells: dict[Box, list[str]]) -> str:
    return _BETWEEN_CELLS.join(squeezed("".join(cells.get(each, []))) for each in sorted(beside)).strip()


def _signs(page: pypdfium2.PdfPage) -> Iterator[tuple[str, Box]]:
    text = page.get_textpage()
    for number in range(text.count_chars()):
        sign = text.get_text_range(number, 1)
        if squeezed(sign):
            yield sign, text.get_charbox(number, loose=True)


def _rules(page: pypdfium2.PdfPage) -> tuple[list[_Rule], list[_Rule]]:
    across, down = [], []
    for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = each.get_bounds()
        if top - bottom < _THIN and right - left > _SHORT:
            across.append(_Rule((top + bottom) / 2, left, right))
        elif right - left < _THIN and top - bottom > _SHORT:
            down.append(_Rule((left + right) / 2, bottom, top))
    return across, down


def _cell(x: float, y: float, across: list[_Rule], down: list[_Rule]) -> Box | None:
    beside = [each.at for each in down if each.start <= y <= each.end]
    about = [each.at for each in across if each.start <= x <= each.end]
    left, right = [at for at in beside if at <= x], [at for at in beside if at > x]
    bottom, top = [at for at in about if at <= y], [at for at in about if at > y]
    if not (left and right and bottom and top):
        return None
    return round(max(left)), round(max(bottom)), round(min(right)), round(min(top))


def _all_cells(across: list[_Rule], down: list[_Rule]) -> set[Box]:
    """Also the empty ones: the room to the right of each line that goes down, between two that go across."""
    found = set()
    for rule in down:
        heights = sorted(
            {
                each.at
                for each in across
                if each.start <= rule.at + 1 <= each.end and rule.start - 1 <= each.at <= rule.end + 1
            }
        )
        for lower, upper in pairwise(heights):
            cell = _cell(rule.at + 1, (lower + upper) / 2, across, down)
            if cell is not None:
                found.add(cell)
    return found
