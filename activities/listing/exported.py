"""What was found as a table to take away: a workbook, or plain text with commas. Nothing in it is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import Engine

from activities.listing.found import every_order
from activities.listing.wanted import Wanted
from activities.reports.report_files import safe_cell
from activities.store.staff_names import name_and_id
from models.reports.report import Cell
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import CustomerClass, Ending, Headline, Language, PhaseName, Role, Term, Words

MOST_EXPORTED = 20_000
"""More orders than these are not exported at once; who asks for more is told so, and nothing is left out in silence."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    Words("订单号", "order"), Words("客户单号", "customer's number"), Words("客户编号", "customer"), Words("客户", "name"),
    Words("等级", "class"), Words("业务员", "salesperson"), Words("状态", "status"), Words("阶段", "phase"),
    Words("等待", "waits for"), Words("期限", "due"), Words("下单", "placed"), Words("首次预交日", "first promise"),
    Words("预交日", "promise"), Words("结束", "ended"), Words("订单金额", "total"), Words("应付", "billed"),
    Words("已付", "paid"), Words("未付", "open"),
)  # fmt: skip
_WIDTHS = (16, 16, 12, 28, 8, 18, 12, 12, 22, 17, 17, 12, 12, 17, 14, 14, 14, 14)


def as_workbook(engine: Engine, wanted: Wanted, language: Language, names: Mapping[str, str]) -> bytes:
    """A workbook; amounts are numbers and days are dates. Raises Refusal(too_large) for more than `MOST_EXPORTED`."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(Words("订单", "orders").in_language(language))
    sheet.freeze_panes = "B2"
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    rows = _rows(engine, wanted, language, names)
    heads = [WriteOnlyCell(sheet, value=str(value)) for value in next(rows)]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, Decimal) or not value.is_finite():
        return safe_cell(str(value) if isinstance(value, Decimal) else value)
    cell = WriteOnlyCell(sheet, value=value)  # type: ignore[arg-type]  # takes exact decimals all the same
    cell.number_format = "#,##0.00"
    return cell


def as_csv(engine: Engine, wanted: Wanted, language: Language, names: Mapping[str, str]) -> bytes:
    """UTF-8 with a mark at the beginning, by which spreadsheet programs know it. Raises as `as_workbook`."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in _rows(engine, wanted, language, names):
        writer.writerow("" if each is None else safe_cell(each) for each in row)
    return out.getvalue().encode("utf-8-sig")


def _rows(
    engine: Engine, wanted: Wanted, language: Language, names: Mapping[str, str]
) -> Iterator[Sequence[Cell]]:
    orders = every_order(engine, wanted, MOST_EXPORTED)
    yield [each.in_language(language) for each in _COLUMNS]
    for order, steps in orders:
        roles = dict.fromkeys(role for step in steps for role in step["roles"] or () if isinstance(role, str))
        yield [
            order["number"], order["customer_order_number"], order["customer"], order["customer_name"],
            _told(CustomerClass, order["customer_class"], language), name_and_id(names, order["salesperson"]),
            _told(Ending, order["ending"], language) or _told(Headline, order["headline"], language),
            _told(PhaseName, order["phase"], language), "、".join(_told(Role, role, language) for role in roles),
            _moment(min((step["due"] for step in steps), default=None)), _moment(order["placed_at"]), order["first_promised"],
            order["promised"], _moment(order["ended_at"]), order["total"], order["bill"], order["paid"], order["open_balance"],
        ]  # fmt: skip


def _told(terms: type[Term], value: str | None, language: Language) -> str:
    term = next((each for each in terms if each.value == value), None)
    return term.label(language) if term is not None else value or ""


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M") if value is not None else None
