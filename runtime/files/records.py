"""Reading what people hand in: JSON, YAML, CSV and XLSX become records that remember file and row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from models.messages.json_text import NotJson, read_json
from models.values.errors import Refusal
from models.values.vocabulary import Words
from models.writing.column_names import TableKind
from runtime.files.encodings import unicode_text
from runtime.files.file_refusals import broken_file
from runtime.files.identifiers import identifier_fault
from runtime.files.plain_yaml import WrittenLoader, read_yaml

MOST_BYTES = 50_000_000
MOST_YAML_BYTES = 10_000_000
"""YAML is read at about a megabyte a second."""
_NO_FILE = Words("没有这个文件", "there is no such file")
_OTHER_KIND = Words("只认 {allowed}", "files are {allowed}")
_TOO_LARGE = Words("过大，最多 {most} MB", "it is too large; at most {most} MB")
_HALF_A_SIGN = Words("文字中有半个字符（\\ud800…）", "a text holds half a character (\\ud800…)")


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file. `row` is the row of a table, or the position in a list; 1 is the first.

    `rows` are those of its lines, where a table has a row for each.
    """

    file: Path
    row: int
    values: Any
    rows: list[int] = field(default_factory=list)
    trouble: Refusal | None = None
    """Why it cannot be taken, whatever its values are: a cell that holds an error, rows that contradict each other."""
    merged: frozenset[str] = frozenset()
    """Fields that a merged cell above gives to this row as well."""
    notes: tuple[Words, ...] = ()
    """What the person who handed it in should know of how it was read."""

    def row_of(self, where: str) -> int:
        """The row at which `lines.1.quantity` stands; the record's own for anything else."""
        name, _, rest = where.partition(".")
        place = rest.partition(".")[0]
        inside = name == "lines" and place.isdecimal() and int(place) < len(self.rows)
        return self.rows[int(place)] if inside else self.row

    def sound(self) -> Any:
        """Its values. Raises the Refusal that says why they cannot be taken."""
        if self.trouble is not None:
            raise self.trouble
        return self.values


@dataclass(slots=True)
class Reading:
    """What was read of a file: its records, and what the person who handed it in should know of how it was read."""

    records: list[Record] = field(default_factory=list)
    notes: list[Words] = field(default_factory=list)

    def remarks(self) -> Iterator[tuple[int, Words]]:
        """All that is to be said, each with its row; 0 for what concerns the file."""
        yield from ((0, words) for words in self.notes)
        for record in self.records:
            yield from ((record.row, words) for words in record.notes)


def read_file(path: Path, table: TableKind | None = None) -> Reading:
    """What a file holds, by its suffix; `table` says what its rows are, and names the list where a file has several.

    Raises Refusal(malformed_file).
    """
    readers: dict[str, Callable[[Path, TableKind | None], Reading]] = {
        ".json": _json, ".yaml": _yaml, ".yml": _yaml, ".csv": _csv, ".xlsx": _xlsx,
    }  # fmt: skip
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise broken_file(path, _OTHER_KIND.filled(allowed=", ".join(readers)))
    if not path.is_file():
        raise broken_file(path, _NO_FILE)
    most = MOST_YAML_BYTES if reader is _yaml else MOST_BYTES
    if path.stat().st_size > most:
        raise broken_file(path, _TOO_LARGE.filled(most=most // 1_000_000))
    try:
        found = reader(path, table)
    except OSError as unread:
        raise broken_file(path, Words(str(unread), str(unread))) from None
    whole = found.records[0].values if len(found.records) == 1 else None
    section = table.value if table is not None else ""
    if isinstance(whole, dict) and isinstance(whole.get(section), list):
        found.records = _listed(path, whole[section]).records
    found.records = [_with_sound_identifiers(record) for record in found.records]
    return found


def read_records(path: Path, table: TableKind | None = None) -> list[Record]:
    """All records of a file, without what is to be said of the reading. Raises as `read_file`."""
    return read_file(path, table).records


def _with_sound_identifiers(record: Record) -> Record:
    """The record, in trouble where one of its ids cannot be what was written."""
    if record.trouble is not None:
        return record
    fault = next(_identifier_faults("", record.values), None)
    return record if fault is None else replace(record, trouble=fault)


def _identifier_faults(inside: str, value: Any) -> Iterator[Refusal]:
    """The ids that cannot be what was written, wherever they stand in a record."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        place = f"{inside}.{name}" if inside else str(name)
        fault = identifier_fault(str(name), part)
        if fault is not None:
            yield Refusal(fault.code, fault.words, where=place)
        yield from _identifier_faults(place, part)


def _listed(path: Path, value: Any) -> Reading:
    """One object, a list of objects, or an object with one list (`orders: [...]`)."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), list):
        value = next(iter(value.values()))
    each = value if isinstance(value, list) else [value]
    return Reading([Record(path, row, record) for row, record in enumerate(each, start=1)])


def read_json_file(path: Path) -> Any:
    """What a JSON file holds. Raises Refusal(malformed_file)."""
    if not path.is_file():
        raise broken_file(path, _NO_FILE)
    try:
        found = read_json(unicode_text(path, path.read_bytes()))
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeError:
        raise broken_file(path, _HALF_A_SIGN) from None
    except NotJson as wrong:
        raise broken_file(path, wrong.words) from None
    return found


def _json(path: Path, table: TableKind | None) -> Reading:
    return _listed(path, read_json_file(path))


def _yaml(path: Path, table: TableKind | None) -> Reading:
    return _listed(path, read_yaml(path, WrittenLoader))


def _csv(path: Path, table: TableKind | None) -> Reading:
    from runtime.files.separated_values import read_csv
    from runtime.files.tables import read_table

    return read_table(path, read_csv(path), table)


def _xlsx(path: Path, table: TableKind | None) -> Reading:
    from runtime.files.tables import read_table
    from runtime.files.xlsx.workbooks import read_xlsx

    return read_table(path, read_xlsx(path), table)
