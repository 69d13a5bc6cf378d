"""`import`: customers, price list, staff and calendar days from YAML, JSON, CSV or XLSX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from activities.documents.font_signs import require_printable
from commands.session import FilesArgument, JsonOption, session
from models.messages.envelope import read_entered
from models.values.content import Content
from models.values.errors import Refusal
from models.values.vocabulary import Words
from models.writing.column_names import TableKind
from models.writing.phone_numbers import phone_doubts
from models.writing.written_numbers import Manner
from runtime.databases import engine_of
from runtime.files.column_heads import in_our_columns
from runtime.files.records import Record, read_records

if TYPE_CHECKING:
    from sqlalchemy import Engine


class Kind(StrEnum):
    """What the rows of an imported file are: customers, prices, staff or calendar days."""

    CUSTOMERS = "customers"
    PRICES = "prices"
    STAFF = "staff"
    CALENDAR = "calendar"


LISTS = ("designated_signers", "signer_contacts", "roles")


def import_files(
    kind: Annotated[Kind, typer.Argument(help="customers 客户、prices 价目表、staff 人员、calendar 日历")],
    files: FilesArgument,
    as_json: JsonOption = False,
) -> None:
    """导入客户、价目表、人员或日历(YAML、JSON、CSV、XLSX) · import customers, prices, staff or calendar days.

    starter.py import customers customers.csv | starter.py import prices prices.xlsx

    坏的行按 文件、行、字段、原因 报告,好的照收。表格里多个值用分号隔开。
    """
    current = session(as_json=as_json)
    model, enter = _entering(kind)
    good: list[Any] = []
    doubts: list[tuple[Path, int, str, Words]] = []
    bad: list[tuple[Path, int, Refusal]] = []
    for file in files:
        _each(file, kind, lambda record: _take(record, model, good, doubts), bad)
    count = enter(engine_of(current.settings), good)
    if as_json:
        wrong = [{"file": str(file), "row": row, **refusal.as_json()} for file, row, refusal in bad]
        odd = [
            {"file": str(file), "row": row, "where": where, "zh": doubt.zh, "en": doubt.en}
            for file, row, where, doubt in doubts
        ]
        current.speech.data({"imported": count, "bad": wrong, **({"look_at": odd} if odd else {})})
    else:
        current.speech.say(f"已导入 {count} 条", f"{count} records imported")
        for file, row, refusal in bad:
            words = refusal.words
            zh, en = (
                f"{file} 第 {row} 行 [{refusal.where}] {words.zh}",
                f"{file} row {row} [{refusal.where}] {words.en}",
            )
            current.speech.errors.print(current.speech.words(zh, en), style="red", markup=False)
        for file, row, where, doubt in doubts:
            current.speech.aside(
                f"{file} 第 {row} 行 [{where}] 请核对:{doubt.zh}",
                f"{file} row {row} [{where}] look at this: {doubt.en}",
            )
    if bad:
        raise typer.Exit(bad[0][2].exit_code)


def _take(
    record: Record, model: type[Content], good: list[Any], doubts: list[tuple[Path, int, str, Words]]
) -> None:
    row = _values(record, model)
    good.append(row)
    doubts += [(record.file, record.row, where, doubt) for where, doubt in phone_doubts(row).items()]


def read_rows(kind: Kind, file: Path) -> list[Any]:
    """The rows of one file that is known to be good. Raises Refusal for the first one that is not."""
    model, _ = _entering(kind)
    return [_values(record, model) for record in _records(file, kind)]


def _records(file: Path, kind: Kind) -> list[Record]:
    return in_our_columns(read_records(file, kind.value), TableKind(kind.value))


def _each(
    file: Path, kind: Kind, take: Callable[[Record], None], bad: list[tuple[Path, int, Refusal]]
) -> None:
    try:
        records = _records(file, kind)
    except Refusal as refusal:
        bad.append((file, 0, refusal))
        return
    for record in records:
        try:
            take(record)
        except Refusal as refusal:
            bad.append((file, record.row, refusal))


def _entering(kind: Kind) -> tuple[type[Content], Callable[[Engine, Sequence[Any]], int]]:
    from activities.store import imports

    entering: dict[Kind, tuple[type[Content], Callable[[Engine, Sequence[Any]], int]]] = {
        Kind.CUSTOMERS: (imports.CustomerRow, imports.import_customers),
        Kind.PRICES: (imports.PriceRow, imports.import_prices),
        Kind.STAFF: (imports.StaffRow, imports.import_staff),
        Kind.CALENDAR: (imports.CalendarDayRow, imports.import_calendar_days),
    }
    return entering[kind]


def _values(record: Record, model: type[Content]) -> Content:
    raw = record.values
    if isinstance(raw, dict):
        raw = {name: _list(name, value) for name, value in raw.items()}
    row = read_entered(model, raw, Manner.TYPED)
    require_printable(row)
    return row


def _list(name: str, value: Any) -> Any:
    return [part.strip() for part in value.split(";")] if name in LISTS and isinstance(value, str) else value
