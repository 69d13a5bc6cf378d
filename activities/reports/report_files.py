"""Reports as files: a workbook, a picture for a chat group, a month's delivery notes in one archive (R73, R79, R86)."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Connection, select

from activities.documents.document_store import PDF, DocumentStore
from models.dossier.papers_due import Paper
from models.reports.report import Cell, Column, Entry, Report, Section, Window, shown
from models.tables.registry import table
from models.values.errors import Refusal
from models.values.vocabulary import Language, Words
from models.writing.amounts_in_texts import amounts_apart
from models.writing.signs import FORMULA_SIGNS

_WIDEST = 40
_SHADED = PatternFill("solid", fgColor="E8E8E8")
_FIXED = (2000, 1, 1, 0, 0, 0)
"""The date inside an archive: fixed, so that the same notes are the same bytes."""


@dataclass(frozen=True, slots=True)
class DeliveryNote:
    """One delivery note, and its SHA-256 where it is printed."""

    order: str
    customer: str
    name: str
    document: str | None


def workbook(report: Report, language: Language) -> bytes:
    """A workbook with a sheet for each section; amounts and days are numbers and dates, to be counted with."""
    return workbook_of(report.title(language), report.sections, language)


def with_commas(report: Report, language: Language) -> bytes:
    """The tables of a report as plain text with commas, for programs: each row begins with the name of its table."""
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\r\n")
    for section in report.sections:
        columns, rows = _table(section, language)
        named = Words(section.zh, section.en).in_language(language)
        heads = [Words(each.zh, each.en).in_language(language) for each in columns]
        written.writerow([Words("表", "table").in_language(language), *heads])
        for row in rows:
            written.writerow([named, *("" if cell is None else safe_cell(cell) for cell in row)])
    return ("\ufeff" + out.getvalue()).encode()  # the mark tells spreadsheets which encoding it is


def workbook_of(title: str, sections: Sequence[Section], language: Language) -> bytes:
    """The same of any tables; a text from outside is a text and no formula."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for section in sections:
        sheet = book.create_sheet(Words(section.zh, section.en).in_language(language)[:31])
        _fill(sheet, title, section, language)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, title: str, section: Section, language: Language) -> None:
    columns, rows = _table(section, language)
    sheet.append([safe_cell(title)])
    sheet["A1"].font = Font(bold=True, size=13)
    sheet.append([Words(each.zh, each.en).in_language(language) for each in columns])
    for row in rows:
        sheet.append([safe_cell(cell) for cell in row])
    for number in range(1, len(columns) + 1):
        cells = [sheet.cell(row=line, column=number) for line in range(2, len(rows) + 3)]
        cells[0].font, cells[0].fill = Font(bold=True), _SHADED
        cells[0].alignment = Alignment(wrap_text=True, vertical="center")
        for cell in cells[1:]:
            if isinstance(cell.value, Decimal):
                cell.number_format = "#,##0.00"
        widest = max((_width(shown(cell.value)) for cell in cells[1:]), default=0)
        heading = _width(str(cells[0].value or ""))
        sheet.column_dimensions[get_column_letter(number)].width = min(
            max(widest, min(heading, 14)) + 2, _WIDEST
        )
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _table(section: Section, language: Language) -> tuple[list[Column], list[list[Cell]]]:
    if section.columns:
        return section.columns, section.rows or [entry.cells for entry in section.entries]
    heads = [Column(zh="订单", en="order"), Column(zh="客户", en="customer"), Column(zh="事项", en="what")]
    said = [amounts_apart(Words(entry.zh, entry.en).in_language(language)) for entry in section.entries]
    return heads, [
        [entry.order, entry.customer, words] for entry, words in zip(section.entries, said, strict=True)
    ]


def safe_cell(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula is said to be a text."""
    if not isinstance(cell, str):
        return cell
    text = amounts_apart(cell)
    return f"'{text}" if text.lstrip().startswith(FORMULA_SIGNS) else text


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def picture_content(report: Report, language: Language) -> dict[str, Any]:
    """What a template needs to draw the report."""
    return {
        "number": report.day.isoformat(),
        "title": report.title(language),
        "sections": [
            {
                "title": Words(section.zh, section.en).in_language(language),
                "columns": [
                    Words(each.zh, each.en).in_language(language) for each in _table(section, language)[0]
                ],
                "rows": [[shown(cell) for cell in row] for row in _table(section, language)[1]],
            }
            for section in report.sections
        ],
    }


def delivery_notes(connection: Connection, window: Window) -> list[DeliveryNote]:
    """The delivery notes of the period (R79)."""
    outbox, orders = table("outbox"), table("orders")
    query = (
        select(outbox, orders.c.customer_name)
        .join(orders, orders.c.number == outbox.c.order_number)
        .where(
            outbox.c.paper == Paper.DELIVERY_NOTE.value,
            outbox.c.created_at >= window.since,
            outbox.c.created_at < window.until,
        )
        .order_by(outbox.c.order_number, outbox.c.identity)
    )
    return [
        DeliveryNote(
            order=row["order_number"],
            customer=row["customer_name"],
            name=f"{row['order_number']}-{row['identity'].rpartition(':')[2]}{PDF}",
            document=row["document"],
        )
        for row in connection.execute(query).mappings()
    ]


def listed(notes: list[DeliveryNote]) -> Section:
    """The list of them; one that is not printed yet is said to be so."""
    missing = Words("还没有印出", "not printed yet")
    entries = []
    for note in notes:
        said = Words(note.name, note.name) if note.document else missing
        entries.append(Entry(order=note.order, customer=note.customer, zh=said.zh, en=said.en))
    return Section(zh="销售发货单", en="delivery notes", rule="R79", entries=entries)


def archive(notes: list[DeliveryNote], store: DocumentStore) -> bytes:
    """All of them in one file, named by order and release; one that cannot be read is named in a file `missing.txt`.

    Raises Refusal(not_set_up) where none can be read: then it is the store.
    """
    printed, missing = [note for note in notes if note.document], list[str]()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for note in printed:
            try:
                content = store.read(f"{note.document}{PDF}")
            except Refusal as refusal:
                missing.append(f"{note.name}: {refusal.words.zh} · {refusal.words.en}")
                if len(missing) == len(printed):
                    raise
            else:
                _put(file, note.name, content)
        if missing:
            _put(file, "missing.txt", "\n".join(missing).encode())
    return out.getvalue()


def _put(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=_FIXED)
    info.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(info, content)
