"""XLSX files as people have them: whatever size they declare, whatever is merged, hidden, calculated or wrong in them."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from runtime.files.grids import address, column_letters
from runtime.files.records import read_file, read_records
from tests.runtime.files.workbook_files import (
    HEADER,
    MAIN,
    ORDERS,
    changed_parts,
    raw_workbook,
    refused,
    row_of,
    sheet_of,
    written_book,
)


def said(path: Path) -> str:
    """What is said of how a file is read, in English."""
    return "; ".join(words.en for words in read_file(path).notes)


def test_a_table_that_begins_further_down_and_to_the_right_keeps_its_rows(tmp_path: Path) -> None:
    shifted = [f'<row r="{n}"><c r="C{n}" t="inlineStr"><is><t>{a}</t></is></c><c r="D{n}" t="inlineStr"><is><t>{b}</t>'
               f"</is></c></row>" for n, a, b in ((4, "customer", "name"), (7, "K1", "红枫"))]  # fmt: skip
    (record,) = read_records(raw_workbook(tmp_path / "c.xlsx", sheet_of(*shifted)))
    assert (record.row, record.values) == (7, {"customer": "K1", "name": "红枫"})


def test_merged_cells_stand_for_each_of_their_rows(tmp_path: Path) -> None:
    merged = (
        '<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="B2:B3"/><mergeCell ref="C4:D4"/></mergeCells>'
    )
    rows = [
        row_of(2, "M-1", "K1", "P1", 1),
        row_of(3, None, None, "P2", 2),
        row_of(4, None, "K2", "P3", None),
    ]
    book = raw_workbook(tmp_path / "m.xlsx", sheet_of(row_of(1, *HEADER), *rows, after=merged))
    records = read_records(book)
    assert [record.values.get("request_id") for record in records] == ["M-1", "M-1", "M-1"]
    assert [record.values.get("customer") for record in records] == ["K1", "K1", "K2"]
    assert "quantity" not in records[2].values
    assert [sorted(record.merged) for record in records] == [[], ["customer", "request_id"], ["request_id"]]
    assert "each of their rows: A2, B2" in said(book)


def test_a_title_and_a_header_of_two_rows_stand_above(tmp_path: Path) -> None:
    merged = (
        '<mergeCells><mergeCell ref="A1:F1"/><mergeCell ref="A2:A3"/><mergeCell ref="C2:F2"/></mergeCells>'
    )
    rows = [row_of(1, "2027 年 1 月订单"), row_of(2, "request_id", None, "货物"), row_of(3, None, *HEADER[1:]),
            row_of(4, "T-1", "K1", "P1", 1, "roll", 5)]  # fmt: skip
    book = raw_workbook(tmp_path / "t.xlsx", sheet_of(*rows, after=merged))
    (record,) = read_records(book)
    assert record.values == dict(zip(HEADER, ("T-1", "K1", "P1", "1", "roll", "5"), strict=True))
    assert "the header is row 3" in said(book)


def test_hidden_things_are_read_and_named(tmp_path: Path) -> None:
    rows = [row_of(1, *HEADER), ORDERS[0], row_of(3, "H-3", "K1", "P", 1, attributes='hidden="1"'),
            row_of(4, "H-4", "K1", "P", 1, attributes='hidden="true"'), row_of(9, attributes='hidden="1"')]  # fmt: skip
    hidden = '<cols><col min="4" max="4" hidden="1"/><col min="7" max="16384" hidden="1"/></cols>'
    more = sheet_of(row_of(1, "x"))
    book = raw_workbook(
        tmp_path / "h.xlsx", sheet_of(*rows, before=hidden), more, sheet_of(), more,
        states=("visible", "visible", "visible", "hidden"),
    )  # fmt: skip
    assert len(read_records(book)) == 3
    assert "2 hidden or filtered rows were read too: 3, 4" in said(book)
    assert "hidden columns were read too: D" in said(book)
    assert "only the sheet 表1 was read, not: 表2, 表4" in said(book)


def test_the_first_sheet_that_one_sees_and_that_holds_something_is_read(tmp_path: Path) -> None:
    full = sheet_of(row_of(1, *HEADER), *ORDERS)
    other = sheet_of(row_of(1, *HEADER), row_of(2, "X", "K9"))
    book = raw_workbook(tmp_path / "a.xlsx", other, sheet_of(), full, states=("hidden", "visible", "visible"))
    assert [record.values["customer"] for record in read_records(book)] == ["K1"] * 5
    assert "only the sheet 表3 was read, not: 表1" in said(book)
    alone = raw_workbook(tmp_path / "b.xlsx", sheet_of(), full, states=("visible", "veryHidden"))
    assert "the sheet that was read, 表2, is hidden" in said(alone)
    assert "nothing in the workbook" in refused(raw_workbook(tmp_path / "c.xlsx", sheet_of(), sheet_of()))


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_a_row_with_an_error_is_refused_by_the_address_of_its_cell(tmp_path: Path, error: str) -> None:
    wrong = (
        f'<row r="3"><c r="A3" t="inlineStr"><is><t>E</t></is></c><c r="F3" t="e"><v>{error}</v></c></row>'
    )
    first, second, third = read_records(
        raw_workbook(tmp_path / "e.xlsx", sheet_of(row_of(1, *HEADER), ORDERS[0], wrong, ORDERS[2]))
    )
    assert first.trouble is None
    assert third.trouble is None
    assert second.trouble is not None
    assert second.trouble.where == "unit_price"
    assert "F3" in second.trouble.words.zh
    assert error in second.trouble.words.en


def test_a_formula_that_nobody_calculated_is_refused_and_not_left_out(tmp_path: Path) -> None:
    book = tmp_path / "f.xlsx"
    written_book(book, [HEADER, ["F-1", "K1", "TP-80", "=10*2", "roll", 5]])
    (record,) = read_records(book)
    assert record.trouble is not None
    assert "D2" in record.trouble.words.en
    assert "save the file in Excel" in record.trouble.words.en
    empty = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
    )
    (fine,) = read_records(raw_workbook(tmp_path / "g.xlsx", sheet_of(row_of(1, *HEADER), empty)))
    assert fine.trouble is None
    assert fine.values == {"request_id": "x"}


FORMATS = (
    '<numFmts><numFmt numFmtId="170" formatCode="0.00&quot;元&quot;"/><numFmt numFmtId="171" formatCode="00000"/>'
    '<numFmt numFmtId="172" formatCode="0.0,&quot;万&quot;"/><numFmt numFmtId="173" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>'
    '<numFmt numFmtId="174" formatCode="[$-804]aaaa;@"/></numFmts><cellXfs>'
    + "".join(f'<xf numFmtId="{n}"/>' for n in (0, 2, 170, 10, 171, 172, 173, 174, 11, 31, 4)) + "</cellXfs>"
)  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A2"><v>3.3000000000000003</v></c>', "3.3"),
        ('<c r="A2"><f>1.1*3</f><v>3.3000000000000003</v></c>', "3.3"),
        ('<c r="A2"><v>0.30000000000000004</v></c>', "0.3"),
        ('<c r="A2" s="1"><f>10/3</f><v>3.3333333333333335</v></c>', "3.33"),
        ('<c r="A2" s="2"><f>A1</f><v>2.675</v></c>', "2.68"),
        ('<c r="A2" s="10"><f>A1</f><v>1234.5</v></c>', "1234.5"),
        ('<c r="A2" s="1"><v>0.0385</v></c>', "0.0385"),
        ('<c r="A2" s="3"><v>0.05</v></c>', "5%"),
        ('<c r="A2" s="3"><f>1/3</f><v>0.3333333333333333</v></c>', "33.33%"),
        ('<c r="A2" s="4"><v>123</v></c>', "00123"),
        ('<c r="A2" s="5"><v>12345</v></c>', "12345"),
        ('<c r="A2" s="6"><v>46027</v></c>', "2026-01-05"),
        ('<c r="A2" s="7"><v>46027</v></c>', "2026-01-05"),
        ('<c r="A2" s="8"><v>202701010001</v></c>', "202701010001"),
        ('<c r="A2" s="9"><v>46027</v></c>', "2026-01-05"),
        ('<c r="A2" s="9"><v>46027.4375</v></c>', "2026-01-05T10:30:00"),
        ('<c r="A2"><v>1E-7</v></c>', "0.0000001"),
        ('<c r="A2"><v>1E20</v></c>', "100000000000000000000"),
        ('<c r="A2"><v>-0.5</v></c>', "-0.5"),
        ('<c r="A2" t="b"><v>1</v></c>', "true"),
        ('<c r="A2" t="str"><f>"a"</f><v>甲</v></c>', "甲"),
        ('<c r="A2" s="9"><v>1798761600</v></c>', "1798761600"),
    ],
)  # fmt: skip
def test_a_cell_is_what_one_sees(tmp_path: Path, cell: str, text: str) -> None:
    """A number that was typed keeps its digits; one that was calculated has those that are shown; a date is a date."""
    sheet = sheet_of(row_of(1, "quantity", "unit"), f'<row r="2">{cell}</row>')
    (record,) = read_records(raw_workbook(tmp_path / "c.xlsx", sheet, styles=FORMATS))
    assert record.values == {"quantity": text}


@pytest.mark.parametrize("part", ["sharedStrings.xml", "other/texts.xml"])
def test_shared_texts_are_read_without_how_they_are_spoken(tmp_path: Path, part: str) -> None:
    cells = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{column}{row}" t="s"><v>{place}</v></c>' for column, place in places)
        + "</row>"
        for row, places in ((1, (("A", 0), ("B", 1))), (2, (("A", 2), ("B", 3))))
    )
    book = raw_workbook(tmp_path / "s.xlsx", sheet_of(cells))
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    related = b'<Relationship Id="t" Type="' + kind + b'" Target="' + part.encode() + b'"/></Relationships>'
    changed_parts(book, workbook=(b"</Relationships>", related))
    with ZipFile(book, "a") as archive:
        archive.writestr(
            f"xl/{part}",
            f'<sst xmlns="{MAIN}"><si><t>customer</t></si><si><t>name</t></si><si><t>K1</t></si><si><r><t>红</t></r>'
            '<r><t xml:space="preserve">枫 甲</t></r><rPh sb="0" eb="1"><t>hong</t></rPh></si></sst>',
        )
    (record,) = read_records(book)
    assert record.values == {"customer": "K1", "name": "红枫 甲"}


def test_days_counted_from_1904_are_the_same_days(tmp_path: Path) -> None:
    sheet = sheet_of(row_of(1, "wanted_date", "unit"), '<row r="2"><c r="A2" s="9"><v>44565</v></c></row>')
    book = raw_workbook(tmp_path / "d.xlsx", sheet, styles=FORMATS)
    changed_parts(book, workbook=(b"<sheets>", b'<workbookPr date1904="1"/><sheets>'))
    assert read_records(book)[0].values == {"wanted_date": "2026-01-05"}


def test_rounded_results_are_named(tmp_path: Path) -> None:
    rounded = '<row r="2"><c r="A2" s="1"><f>10/3</f><v>3.3333333333333335</v></c><c r="B2"><f>1.1*3</f><v>3.3000000000000003</v></c></row>'
    book = raw_workbook(
        tmp_path / "r.xlsx", sheet_of(row_of(1, "quantity", "unit_price"), rounded), styles=FORMATS
    )
    assert said(book) == "calculated numbers were read with the decimals that are shown: A2"


@pytest.mark.parametrize(
    "field", ["request_id", "customer", "product", "phone", "customer_order_number", "fax"]
)
@pytest.mark.parametrize("value", ["202701010000001234", "2.0270101000000122E+17", "1234567890123456"])
def test_an_id_that_was_kept_as_a_number_of_more_than_fifteen_digits_is_refused(
    tmp_path: Path, field: str, value: str
) -> None:
    sheet = sheet_of(
        row_of(1, field, "quantity"),
        f'<row r="2"><c r="A2"><v>{value}</v></c><c r="B2"><v>{value}</v></c></row>',
    )
    (record,) = read_records(raw_workbook(tmp_path / "i.xlsx", sheet))
    assert record.trouble is not None
    assert record.trouble.where == field
    assert "A2" in record.trouble.words.zh
    assert "文本格式" in record.trouble.words.zh


def test_an_id_of_fifteen_digits_or_one_written_as_text_is_what_it_is(tmp_path: Path) -> None:
    book = tmp_path / "i.xlsx"
    written_book(
        book,
        [
            ["request_id", "phone"],
            [202701010000123, "02027010100000123456"],
            ["202701010000123000456", 13800138000],
        ],
    )
    assert [record.values for record in read_records(book)] == [
        {"request_id": "202701010000123", "phone": "02027010100000123456"},
        {"request_id": "202701010000123000456", "phone": "13800138000"},
    ]
    assert all(record.trouble is None for record in read_records(book))


def test_an_id_that_became_a_date_or_a_truth_value_is_refused(tmp_path: Path) -> None:
    rows = [
        '<row r="2"><c r="A2" s="9"><v>46027</v></c></row>',
        '<row r="3"><c r="A3" t="b"><v>1</v></c></row>',
    ]
    book = raw_workbook(tmp_path / "d.xlsx", sheet_of(row_of(1, "product", "unit"), *rows), styles=FORMATS)
    for record in read_records(book):
        assert record.trouble is not None
        assert "format the column as text" in record.trouble.words.en


def test_a_column_named_twice_and_one_without_a_name(tmp_path: Path) -> None:
    twice = raw_workbook(
        tmp_path / "t.xlsx", sheet_of(row_of(1, "product", "quantity", "数量"), row_of(2, "P", 1, 2))
    )
    assert "the columns B “quantity” and C “数量” are both quantity (quantity)" in refused(twice)
    rows = [
        row_of(1, "product", None, "unit"),
        row_of(2, "P", "卷芯 12", "roll"),
        row_of(3, "Q", None, "roll"),
    ]
    first, second = read_records(raw_workbook(tmp_path / "n.xlsx", sheet_of(*rows)))
    assert first.trouble is not None
    assert "the column B has no name and holds something: 卷芯 12" in first.trouble.words.en
    assert second.trouble is None


def test_places_are_called_as_in_a_spreadsheet() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert address((6, 1)) == "B7"
