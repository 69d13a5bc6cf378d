"""Rows of a table become orders, each whole or not at all; what contradicts or may be missing keeps the whole order back (R10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.values.errors import Code, Refusal
from runtime.files.order_files import orders_in, read_orders
from runtime.files.records import Record, read_records
from tests.runtime.files.workbook_files import raw_workbook, row_of, sheet_of

HEADER = "request_id,customer,consignee,address,payment_terms,product,quantity,unit\n"


def orders(folder: Path, *rows: str, header: str = HEADER) -> list[Record]:
    table = folder / "orders.csv"
    table.write_text(header + "\n".join(rows) + "\n")
    return orders_in(read_records(table))


def goods(order: Record) -> list[Any]:
    return [line.get("product") for line in order.values["lines"]]


def trouble(order: Record) -> Refusal:
    with pytest.raises(Refusal) as refused:
        order.sound()
    return refused.value


@pytest.mark.parametrize(
    ("second", "field", "before", "after"),
    [
        ("R,K1,李四,甲路,deposit,B,2,roll", "consignee", "王芳", "李四"),
        ("R,K1,王芳,乙路,deposit,B,2,roll", "address", "甲路", "乙路"),
        ("R,K1,王芳,甲路,prepaid,B,2,roll", "payment_terms", "deposit", "prepaid"),
    ],
)
def test_rows_of_one_order_that_contradict_each_other_are_refused_with_both_values(
    tmp_path: Path, second: str, field: str, before: str, after: str
) -> None:
    (order,) = orders(tmp_path, "R,K1,王芳,甲路,deposit,A,1,roll", second)
    refusal = trouble(order)
    assert (refusal.code, refusal.where, refusal.rule) == (Code.CONTRADICTION, field, "R10")
    for words in (refusal.words.zh, refusal.words.en):
        assert all(part in words for part in ("2", "3", before, after, "R"))


def test_a_contradiction_names_the_row_that_gave_the_value(tmp_path: Path) -> None:
    (order,) = orders(tmp_path, "R,K1,,,,A,1,roll", "R,K1,王芳,,,B,1,roll", "R,K1,李四,,,C,1,roll")
    assert "rows 3 and 4" in trouble(order).words.en


def test_the_same_number_written_otherwise_is_no_contradiction(tmp_path: Path) -> None:
    header = "request_id,customer,deposit_percent,product,quantity,unit\n"
    (order,) = orders(tmp_path, "R,K1,30,A,1,roll", "R,K1,30.0,B,1,roll", header=header)
    assert order.sound()["deposit_percent"] == "30"


def test_two_customers_with_one_id_are_two_orders_and_no_contradiction(tmp_path: Path) -> None:
    first, second = orders(tmp_path, "R,K1,王芳,甲路,deposit,A,1,roll", "R,K2,李四,乙路,prepaid,B,2,roll")
    assert (first.sound()["customer"], goods(first)) == ("K1", ["A"])
    assert (second.sound()["customer"], goods(second)) == ("K2", ["B"])


def test_rows_without_id_below_an_order_are_its_lines(tmp_path: Path) -> None:
    first, second = orders(
        tmp_path, "R,K1,王芳,甲路,deposit,A,1,roll", ",,,,,B,2,roll", ",K1,王芳,甲路,deposit,C,3,roll",
        "S,K2,李四,乙路,prepaid,D,4,roll", ",,,,,E,5,roll",
    )  # fmt: skip
    assert (goods(first), first.rows, first.trouble) == (["A", "B", "C"], [2, 3, 4], None)
    assert [line["line"] for line in first.values["lines"]] == [1, 2, 3]
    assert (goods(second), second.trouble) == (["D", "E"], None)
    assert "row 3 has no request id and was read as a line of the order (R)" in first.notes[0].en


def test_a_row_without_id_that_says_another_thing_keeps_the_order_above_back(tmp_path: Path) -> None:
    first, second, third = orders(
        tmp_path,
        "R,K1,王芳,甲路,deposit,A,1,roll",
        ",K2,李四,乙路,prepaid,B,2,roll",
        "S,K3,周,丙路,prepaid,C,3,roll",
    )
    assert "row 3 below has no request id" in trouble(first).words.en
    assert "K1" in trouble(first).words.en
    assert "K2" in trouble(first).words.en
    assert (trouble(second).code, second.row) == (Code.MISSING_FIELD, 3)
    assert third.trouble is None


def test_a_row_without_id_above_every_order_is_refused_alone(tmp_path: Path) -> None:
    first, second = orders(tmp_path, ",K1,王芳,甲路,deposit,A,1,roll", "S,K3,周,丙路,prepaid,C,3,roll")
    assert trouble(first).where == "request_id"
    assert second.trouble is None


def test_an_order_of_which_a_row_is_wrong_is_not_placed_in_part(tmp_path: Path) -> None:
    rows = [row_of(1, "request_id", "customer", "product", "quantity"), row_of(2, "R", "K1", "A", 1),
            '<row r="3"><c r="C3" t="inlineStr"><is><t>B</t></is></c><c r="D3" t="e"><v>#N/A</v></c></row>',
            row_of(4, "R", "K1", "C", 3), row_of(5, "S", "K1", "D", 4)]  # fmt: skip
    first, second = orders_in(read_records(raw_workbook(tmp_path / "o.xlsx", sheet_of(*rows))))
    refusal = trouble(first)
    assert refusal.where == "lines.1.quantity"
    assert first.row_of(refusal.where) == 3
    assert second.trouble is None


@pytest.mark.parametrize("id_column", ["", '<c r="A3" t="e"><v>#REF!</v></c>'])
def test_a_row_whose_id_cannot_be_read_keeps_the_order_above_back(tmp_path: Path, id_column: str) -> None:
    other = f'<row r="3">{id_column}<c r="B3" t="inlineStr"><is><t>K9</t></is></c></row>'
    rows = [row_of(1, "request_id", "customer", "product", "quantity"), row_of(2, "R", "K1", "A", 1), other]
    first, second = orders_in(read_records(raw_workbook(tmp_path / "o.xlsx", sheet_of(*rows))))
    assert first.trouble is not None
    assert second.trouble is not None


MERGED = (row_of(1, "request_id", "customer", "product", "quantity", "unit"), row_of(2, "M", "K1", "A", 10, "roll"),
          row_of(3, None, None, "B", 20, "roll"), row_of(4, None, None, "C", 30, "roll"), row_of(5, "N", "K2", "D", 1, "roll"))  # fmt: skip


def test_an_order_whose_id_is_a_merged_cell_is_the_order_of_the_corrected_file(tmp_path: Path) -> None:
    areas = '<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="B2:B4"/></mergeCells>'
    merged = raw_workbook(tmp_path / "a.xlsx", sheet_of(*MERGED, after=areas))
    written = [
        row_of(n, "M", "K1", product, 10 * (n - 1), "roll") for n, product in ((2, "A"), (3, "B"), (4, "C"))
    ]
    right = raw_workbook(tmp_path / "b.xlsx", sheet_of(MERGED[0], *written, MERGED[4]))
    assert [each.sound() for each in read_orders(merged).records] == [
        each.sound() for each in read_orders(right).records
    ]
    assert goods(read_orders(merged).records[0]) == ["A", "B", "C"]
    blank = raw_workbook(tmp_path / "c.xlsx", sheet_of(*MERGED))
    assert goods(read_orders(blank).records[0]) == ["A", "B", "C"]


def test_a_quantity_in_a_merged_cell_is_asked_for(tmp_path: Path) -> None:
    rows = [*MERGED[:2], row_of(3, "M", "K1", "B", None, "roll"), MERGED[4]]
    areas = '<mergeCells><mergeCell ref="D2:D3"/></mergeCells>'
    first, second = read_orders(raw_workbook(tmp_path / "a.xlsx", sheet_of(*rows, after=areas))).records
    assert trouble(first).where == "lines.1.quantity"
    assert second.trouble is None


def test_a_customer_left_out_where_two_have_the_id_keeps_both_back(tmp_path: Path) -> None:
    found = orders(tmp_path, "R,K1,,,,A,1,roll", "R,K2,,,,B,1,roll", "S,K3,,,,C,1,roll", "R,,,,,D,1,roll")
    assert [each.trouble is not None for each in found] == [True, True, False]
    assert "row 5 names no customer" in trouble(found[0]).words.en
    before = orders(tmp_path, "R,,,,,A,1,roll", "R,K1,,,,B,1,roll", "R,K2,,,,C,1,roll")
    assert all(each.trouble is not None for each in before)


def test_the_same_line_twice_is_said(tmp_path: Path) -> None:
    (order,) = orders(tmp_path, "R,K1,,,,A,1,roll", "R,K1,,,,B,1,roll", "R,K1,,,,A,1,roll")
    assert [words.en for words in order.notes] == [
        "the goods of rows 2 and 4 are the same; they count as two lines"
    ]


@pytest.mark.parametrize(
    "mangled", ["2.02701E+14", "2.02701e+14", "1E+15", "２．０２Ｅ＋１４", "1.5E10", "202701010000123000"]
)
@pytest.mark.parametrize(
    "field", ["request_id", "customer", "customer_order_number", "phone", "product", "fax"]
)
def test_ids_that_a_spreadsheet_made_numbers_of_are_refused(tmp_path: Path, mangled: str, field: str) -> None:
    row = {
        "request_id": "R",
        "customer": "K1",
        "customer_order_number": "C",
        "phone": "0755",
        "product": "A",
        "fax": "1",
    }
    header = ",".join(row) + "\n"
    first, second = orders(
        tmp_path, ",".join({**row, field: mangled}.values()),
        ",".join({**row, "request_id": "S"}.values()), header=header,
    )  # fmt: skip
    assert trouble(first).where in (field, f"lines.0.{field}")
    assert "文本格式" in trouble(first).words.zh
    assert second.trouble is None


@pytest.mark.parametrize(
    "fine", ["5E10", "E+14", "202701010000123", "202701010000123456", "A1E+5B", "2027010100010010"]
)
def test_ids_that_only_look_so_are_taken(tmp_path: Path, fine: str) -> None:
    (order,) = orders(tmp_path, f"{fine},K1,,,,{fine},1,roll")
    assert order.sound()["request_id"] == fine


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200e", "\ufeff", "\u2060", "\u00a0", "\u00ad", "\u202e", "\u2003"]
)
def test_signs_that_nobody_sees_in_keys_are_refused(tmp_path: Path, sign: str) -> None:
    first, second, third = orders(
        tmp_path, f"R{sign}1,K1,,,,A,1,roll", f"S,K{sign}1,,,,A,1,roll", "T,K1,王\u3000芳,,,A,1,roll"
    )
    assert f"U+{ord(sign):04X}" in trouble(first).words.zh
    assert trouble(second).where == "customer"
    assert third.trouble is None


def test_columns_are_known_by_what_the_desk_calls_them_before_ids_are_looked_at(tmp_path: Path) -> None:
    table = tmp_path / "orders.csv"
    table.write_text(
        "一月订单\n来单号;客户号;采购单号;货号;订购数量;计量单位\nR;K1;2.02701E+14;A;1;卷\nS;K2;PO-7;B;2;卷\n;;;C;3;卷\n"
    )
    first, second = read_orders(table).records
    assert trouble(first).where == "customer_order_number"
    assert (second.sound()["customer_order_number"], goods(second)) == ("PO-7", ["B", "C"])
    table.write_text("来单号,客户号,单号,货号\nR,K1,7,A\n")
    with pytest.raises(Refusal) as refused:
        read_orders(table)
    assert "单号" in refused.value.words.zh


def test_a_file_without_orders_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.csv", HEADER), ("b.json", "[]"), ("c.yaml", "orders: []\n")):
        (tmp_path / name).write_text(content)
        with pytest.raises(Refusal) as refused:
            read_orders(tmp_path / name)
        assert "no orders" in refused.value.words.en
