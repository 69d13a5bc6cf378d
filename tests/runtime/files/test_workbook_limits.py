"""How far an XLSX file is read: its own word for its size is not believed, and nothing is held before it was measured."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from runtime.files.grids import MOST_COLUMNS, MOST_ROWS, column_letters
from runtime.files.records import read_records
from tests.runtime.files.workbook_files import (
    HEADER,
    ORDERS,
    changed_parts,
    raw_workbook,
    refused,
    row_of,
    sheet_of,
)

ROOT = Path(__file__).resolve().parents[3]


def read_apart(book: Path) -> tuple[str, float, int]:
    """What becomes of a file in a process of its own: the words, the seconds and the megabytes that it took."""
    program = (
        "import resource, sys, time\nfrom pathlib import Path\nfrom models.values.errors import Refusal\n"
        "from runtime.files.records import read_records\nimport runtime.files.tables, runtime.files.xlsx.workbooks\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    print(len(read_records(Path(sys.argv[1]))))\nexcept Refusal as refusal:\n    print(refusal.words.en)\n"
        "print(time.process_time())\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(book)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    words, seconds, megabytes = done.stdout.splitlines()
    return words, float(seconds), int(megabytes)


@pytest.mark.parametrize("declared", ["", "A1", "A1:F3", "A1:B6", "C3:D4", "A1:XFD1048576", "B2"])
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, declared: str) -> None:
    book = raw_workbook(tmp_path / "o.xlsx", sheet_of(row_of(1, *HEADER), *ORDERS, declared=declared))
    records = read_records(book)
    assert [record.values["request_id"] for record in records] == [f"D-{n}" for n in range(2, 7)]
    assert all(record.values["unit_price"] == "5" for record in records)
    assert [record.row for record in records] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ([(row, "XFD") for row in range(2, 20_002)], "XFD2"),
        ([(1_048_576, "A")], "A1048576"),
        ([(2, column_letters(MOST_COLUMNS))], f"{column_letters(MOST_COLUMNS)}2"),
        ([(MOST_ROWS + 1, "B")], f"B{MOST_ROWS + 1}"),
        ([(30_000, "CV")], "CV30000"),
    ],
    ids=["far columns", "far row", "one column more", "one row more", "a large area"],
)
def test_cells_far_out_are_refused_before_anything_is_held(
    tmp_path: Path, cells: list[tuple[int, str]], named: str
) -> None:
    """In a process of its own, so that its memory can be measured: a few cells had cost gigabytes."""
    rows = "".join(f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>' for row, column in cells)
    book = raw_workbook(tmp_path / "far.xlsx", sheet_of(row_of(1, *HEADER), rows))
    words, _, megabytes = read_apart(book)
    assert f"the cell {named} lies beyond" in words
    assert f"{MOST_ROWS} rows, {MOST_COLUMNS} columns" in words
    assert megabytes < 60


def test_formatted_cells_without_a_value_reach_nowhere(tmp_path: Path) -> None:
    """Whoever gives a whole column a colour writes a million empty cells."""
    empty = "".join(f'<row r="{n}"><c r="XFD{n}" s="0"/></row>' for n in (1_000, 1_048_576))
    book = raw_workbook(tmp_path / "c.xlsx", sheet_of(row_of(1, *HEADER), *ORDERS, empty))
    assert len(read_records(book)) == 5


def test_what_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    book = raw_workbook(tmp_path / "b.xlsx", sheet_of(row_of(1, *HEADER), *ORDERS))
    with ZipFile(book, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * 101_000_000)
    begun = time.monotonic()
    assert "at most 100 MB" in refused(book)
    assert time.monotonic() - begun < 2


def test_an_archive_that_understates_a_part_is_refused(tmp_path: Path) -> None:
    inside = sheet_of(row_of(1, *HEADER), *ORDERS * 50)
    book = raw_workbook(tmp_path / "b.xlsx", inside)
    content = bytearray(book.read_bytes())
    with ZipFile(book) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    book.write_bytes(bytes(content).replace(size.to_bytes(4, "little"), (900).to_bytes(4, "little")))
    assert "not XLSX" in refused(book) or "not sound XML" in refused(book)


def test_references_in_xml_are_not_unfolded(tmp_path: Path) -> None:
    book = raw_workbook(tmp_path / "x.xlsx", sheet_of(row_of(1, *HEADER)))
    with ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    with ZipFile(book, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, bomb + content if name.endswith("sheet1.xml") else content)
    assert "DOCTYPE" in refused(book)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, b"a,b\n1,2\n"]
)
def test_what_is_no_workbook_is_told_what_to_do(tmp_path: Path, content: bytes) -> None:
    book = tmp_path / "x.xlsx"
    book.write_bytes(content)
    assert "save an old XLS, a protected or a damaged file as XLSX" in refused(book)


def test_only_what_was_looked_through_is_read(tmp_path: Path) -> None:
    """Two readings of one archive must not differ: else the limits hold for one sheet and another is held in memory."""
    good, far = (
        sheet_of(row_of(1, *HEADER), ORDERS[0]),
        sheet_of('<row r="2"><c r="XFD2"><v>1</v></c></row>' * 5),
    )
    book = raw_workbook(tmp_path / "a.xlsx", good)
    with ZipFile(book, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet>{far}</worksheet>")
    assert "not XLSX" in refused(book)
    two = raw_workbook(tmp_path / "b.xlsx", good, far)
    changed_parts(two, workbook=(b'r:id="s1"', b'x:id="s1" xmlns:x="y" r:id="s2"'))
    assert "XFD2" in refused(two)
    elsewhere = raw_workbook(tmp_path / "c.xlsx", good)
    with ZipFile(elsewhere, "a") as archive:
        for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            archive.writestr(name.replace("xl/", "yl/"), archive.read(name))
        archive.writestr("yl/worksheets/sheet1.xml", f"<worksheet>{far}</worksheet>")
    changed_parts(elsewhere, **{"": (b"xl/workbook.xml", b"yl/workbook.xml")})
    assert "XFD2" in refused(elsewhere)
    prefixed = sheet_of(row_of(1, *HEADER), ORDERS[0].replace('r="A2"', 'r="XFD2" x:r="A2"'))
    assert "XFD2" in refused(raw_workbook(tmp_path / "d.xlsx", prefixed))


@pytest.mark.slow
def test_the_largest_list_that_is_read_takes_seconds_and_not_gigabytes(tmp_path: Path) -> None:
    header = (
        "product",
        "name",
        "unit",
        "unit_price",
        "specification",
        "valid_from",
        "valid_until",
        "tolerance_percent",
    )
    values = ("热敏纸", "roll", 5.25, "80mm", "2026-01-01", "2027-01-01", 2.5)
    rows = "".join(row_of(n, f"P-{n}", *values) for n in range(2, MOST_ROWS + 1))
    words, seconds, megabytes = read_apart(
        raw_workbook(tmp_path / "p.xlsx", sheet_of(row_of(1, *header), rows))
    )
    assert words == str(MOST_ROWS - 1)
    assert seconds < 30  # 6 on the machine on which it was written
    assert megabytes < 250
