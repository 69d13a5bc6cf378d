"""Workbooks as other programs write them: their XML by hand, where a library would write what is right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from models.values.errors import Code, Refusal
from runtime.files.records import read_records

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = ("request_id", "customer", "product", "quantity", "unit", "unit_price")


def raw_workbook(path: Path, *sheets: str, styles: str = "", states: Sequence[str] = ()) -> Path:
    """A workbook of sheets given as the inside of their `worksheet` element."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _types(len(sheets)))
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_RELATIONS}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        named = "".join(
            f'<sheet name="表{n}" sheetId="{n}" r:id="s{n}" state="{states[n - 1] if states else "visible"}"/>'
            for n in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets></workbook>',
        )
        related = "".join(
            f'<Relationship Id="s{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}">{related}<Relationship Id="y" Type="{_RELATIONS}/styles"'
            ' Target="styles.xml"/></Relationships>',
        )
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
        for number, sheet in enumerate(sheets, start=1):
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml", f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>'
            )
    return path


def changed_parts(path: Path, **changes: tuple[bytes, bytes]) -> Path:
    """The same workbook with something replaced in the parts that are named by the end of their names."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            stem = name.rpartition("/")[2].partition(".")[0]
            archive.writestr(name, content.replace(*changes[stem]) if stem in changes else content)
    return path


def _types(count: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
        f' ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{sheets}</Types>'
    )


def text_cell(reference: str, text: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row_of(number: int, *cells: Any, attributes: str = "") -> str:
    """A row of texts and numbers, from column A on; None leaves a cell out."""
    written = ""
    for column, value in enumerate(cells):
        reference = f"{chr(ord('A') + column)}{number}"
        if isinstance(value, str):
            written += text_cell(reference, value)
        elif value is not None:
            written += f'<c r="{reference}"><v>{value}</v></c>'
    return f'<row r="{number}" {attributes}>{written}</row>'


def sheet_of(*rows: str, declared: str = "", before: str = "", after: str = "") -> str:
    """The inside of a sheet; `declared` is the size that it says of itself."""
    size = f'<dimension ref="{declared}"/>' if declared else ""
    return f"{size}{before}<sheetData>{''.join(rows)}</sheetData>{after}"


def written_book(path: Path, rows: Sequence[Sequence[Any]], **formats: str) -> Workbook:
    """A workbook as a library writes it; `formats` gives cells (`B2`) a number format. Saved, and to be changed and saved."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cell, code in formats.items():
        sheet[cell].number_format = code
    book.save(path)
    return book


ORDERS = [row_of(n, f"D-{n}", "K1", "TP-80", 1000, "roll", 5) for n in range(2, 7)]
"""Five orders of a line each, in the rows below the header."""


def refused(path: Path) -> str:
    """Why a file is refused as a whole, in English."""
    with pytest.raises(Refusal) as found:
        read_records(path)
    assert found.value.code is Code.MALFORMED_FILE
    assert str(path) in found.value.words.zh
    return found.value.words.en
