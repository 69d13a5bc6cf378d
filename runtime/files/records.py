"""Reading what people hand in: JSON, YAML, CSV and XLSX become records that remember file and row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import yaml

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

ENCODINGS = ("utf-8-sig", "gb18030")
"""Chinese spreadsheet programs still write the second one."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file. `row` is the row of a table, or the position in a list; 1 is the first.

    `rows` are those of its lines, where a table has a row for each.
    """

    file: Path
    row: int
    values: Any
    rows: list[int] = field(default_factory=list)

    def row_of(self, where: str) -> int:
        """The row at which `lines.1.quantity` stands; the record's own for anything else."""
        name, _, rest = where.partition(".")
        place = rest.partition(".")[0]
        inside = name == "lines" and place.isdecimal() and int(place) < len(self.rows)
        return self.rows[int(place)] if inside else self.row


class PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # ten times as fast, where there is one
    """YAML where only true, false, null and whole numbers have a type of their own."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":float", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> Any:
    """What a YAML file holds. Raises Refusal(malformed_file) with the line where it cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), PlainLoader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        reason = Words("没有这个文件", "there is no such file")
    except IsADirectoryError:
        reason = Words("这是一个目录", "this is a folder")
    except (OSError, UnicodeDecodeError) as unread:
        reason = Words(str(unread), str(unread))
    except RecursionError:
        reason = Words("嵌套过深", "nested too deeply")
    except yaml.YAMLError as broken:
        text = " ".join(str(broken).split())
        reason = Words(text, text)
    raise Refusal(
        Code.MALFORMED_FILE,
        Words(f"文件 {path} 读不了:{reason.zh}", f"the file {path} cannot be read: {reason.en}"),
        where=str(path),
    )


def broken_file(path: Path, zh: str, en: str) -> Refusal:
    """A file that cannot be read at all."""
    return Refusal(
        Code.MALFORMED_FILE,
        Words(f"文件 {path} 读不了:{zh}", f"the file {path} cannot be read: {en}"),
        where=str(path),
    )


def read_records(path: Path, section: str = "") -> list[Record]:
    """All records of a file, by its suffix; `section` names the list wanted where a file holds several.

    Raises Refusal(malformed_file).
    """
    readers = {".json": _json, ".yaml": _yaml, ".yml": _yaml, ".csv": _csv, ".xlsx": _xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        allowed = ", ".join(readers)
        raise broken_file(path, f"只认 {allowed}", f"files are {allowed}")
    if not path.is_file():
        raise broken_file(path, "没有这个文件", "there is no such file")
    records = reader(path)
    whole = records[0].values if len(records) == 1 else None
    if isinstance(whole, dict) and isinstance(whole.get(section), list):
        return _listed(path, whole[section])
    return records


def _listed(path: Path, value: Any) -> list[Record]:
    """One object, a list of objects, or an object with one list (`orders: [...]`)."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), list):
        value = next(iter(value.values()))
    each = value if isinstance(value, list) else [value]
    return [Record(path, row, record) for row, record in enumerate(each, start=1)]


def _json(path: Path) -> list[Record]:
    try:
        # money stays text: a float has lost its cents before anyone looks
        found = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=str)
        json.dumps(found, ensure_ascii=False).encode()  # half a character is no text
        return _listed(path, found)
    except UnicodeError:
        raise broken_file(path, "不是 UTF-8 文本", "it is not UTF-8 text") from None
    except (ValueError, RecursionError) as broken:
        raise broken_file(path, f"不是 JSON:{broken}", f"it is not JSON: {broken}") from None


def _yaml(path: Path) -> list[Record]:
    return _listed(path, read_yaml(path))


def _csv(path: Path) -> list[Record]:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        try:
            return _table(path, csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as broken:
            raise broken_file(path, f"不是 CSV:{broken}", f"it is not CSV: {broken}") from None
    raise broken_file(path, "不是 UTF-8 或 GB18030 文本", "it is neither UTF-8 nor GB18030 text")


def _xlsx(path: Path) -> list[Record]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        book.close()
    except (
        InvalidFileException,
        BadZipFile,
        ParseError,
        KeyError,
        ValueError,
        IndexError,
        OSError,
    ) as broken:
        raise broken_file(path, f"不是 XLSX:{broken}", f"it is not XLSX: {broken}") from None
    return _table(path, rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        # as many digits as a spreadsheet program shows: a sum of 0.1 and 0.2 is 0.3 there
        return format(Decimal(f"{value:.15g}").normalize(), "f")
    return str(value)


def _table(path: Path, rows: Iterable[Sequence[str]]) -> list[Record]:
    each = iter(rows)
    header = [name.strip() for name in next(each, [])]
    if not any(header):
        raise broken_file(path, "没有标题行", "it has no header row")
    return list(_rows(path, header, each))


def _rows(path: Path, header: list[str], rows: Iterator[Sequence[str]]) -> Iterator[Record]:
    for row, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        values = {
            name: cell.strip() for name, cell in zip(header, cells, strict=False) if name and cell.strip()
        }
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            values["?"] = cells[len(header)]
        yield Record(path, row, values)
