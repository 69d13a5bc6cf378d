"""`import` of files as people have them: nothing is merged, cut or left out without a word, and a bad row hides no other."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Connection
from sqlalchemy.exc import DataError

import starter
from activities.store import imports
from activities.store.database import engine_at, reading, upgrade
from activities.store.upsert import upsert
from models.tables.registry import table

HEADER = "customer,name,customer_class\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'orders.db'}"
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DINGDAN_DATABASE_URL", url)
    monkeypatch.setenv("DINGDAN_LANGUAGE", "en")
    upgrade(url)
    return url


def kept(url: str, name: str) -> list[dict[str, Any]]:
    with reading(engine_at(url)) as connection:
        return [dict(row) for row in connection.execute(table(name).select()).mappings()]


def names(url: str) -> dict[str, str]:
    return {row["customer"]: row["name"] for row in kept(url, "customers")}


def imported(capture: pytest.CaptureFixture[str], kind: str, *files: Path) -> tuple[int, Any]:
    code = starter.run(["import", kind, *map(str, files), "--json"])
    return code, json.loads(capture.readouterr().out)


def test_rows_of_one_customer_that_contradict_each_other_are_both_refused(
    installed: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "c.csv"
    file.write_text(HEADER + "K1,红枫,B\nK2,白云,A\nK1,枫叶,B\nK3,西湖,C\nK3,西湖,C\nK1,红枫,B\n")
    code, said = imported(capfd, "customers", file)
    assert code == 7
    assert names(installed) == {"K2": "白云", "K3": "西湖"}
    assert [(bad["row"], bad["code"], bad["where"]) for bad in said["bad"]] == [
        (row, "contradiction", "name") for row in (2, 4, 7)
    ]
    assert "rows 2 and 4 are both K1" in said["bad"][1]["en"]
    assert "红枫" in said["bad"][1]["zh"]
    assert "枫叶" in said["bad"][1]["zh"]


LINE_HEAD, DAY = "机台,名称,能做的产品,速度,单位,周一", "卷,08:00-12:00 13:00-17:00"


@pytest.mark.parametrize(
    ("kind", "rows", "taken"),
    [
        ("prices", ("product,unit,unit_price,valid_from", "A,roll,5,2026-01-01", "A,roll,6,2026-01-01", "A,roll,7,2026-02-01"), 1),
        ("staff", ("person,name,roles", "li,李,salesperson", "li,李,finance", "wu,吴,finance"), 1),
        ("lines", (f"{LINE_HEAD}", f"L1,一号,A,800,{DAY}", f"L1,一号,A,900,{DAY}", f"L2,二号,A,900,{DAY}"), 1),
        ("calendar", ("day,working,name", "2027-02-05,false,春节", "2027-02-05,true,春节", "2027-02-06,false,春节"), 1),
    ],
)  # fmt: skip
def test_every_kind_has_its_key(
    installed: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    kind: str,
    rows: tuple[str, ...],
    taken: int,
) -> None:
    file = tmp_path / "c.csv"
    file.write_text("\n".join(rows) + "\n")
    _, said = imported(capfd, kind, file)
    assert (said["imported"], [bad["row"] for bad in said["bad"]]) == (taken, [2, 3])


def test_machine_lines_come_from_a_file_and_what_could_make_nothing_is_told(
    installed: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = (
        f"L1,一号,A;B,800,{DAY}", f"L2,二号,A,0,{DAY}", f"L3,三号,,800,{DAY}", "L4,四号,A,800,卷,12:00-08:00",
        "L5,五号,A,800,卷,", "L6,六号,A,800,石,08:00-12:00", "L7,七号,A,800,卷,早班",
    )  # fmt: skip
    file = tmp_path / "c.csv"
    file.write_text("\n".join((LINE_HEAD, *rows)) + "\n")
    code, said = imported(capfd, "lines", file)
    assert (code, said["imported"]) == (7, 1)
    assert [(bad["row"], bad["code"], bad["where"]) for bad in said["bad"]] == [
        (3, "no_capacity", "rate"), (4, "missing_field", "products"), (5, "malformed", "week"), (6, "no_capacity", "week"),
        (7, "wrong_unit", "unit"), (8, "malformed", "monday"),
    ]  # fmt: skip
    assert "A、B" in said["look_at"][0]["zh"], "neither is on the price list: told, and taken"
    (row,) = kept(installed, "machine_lines")
    assert (row["products"], row["monday"], row["sunday"]) == (["A", "B"], "08:00-12:00 13:00-17:00", "")


def test_products_of_the_shop_and_own_prices_come_from_files(
    installed: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """R120: what is on no price list is refused, and hides no other row."""
    prices, products, own = (tmp_path / f"{name}.csv" for name in ("prices", "products", "own"))
    prices.write_text("product,unit,unit_price,valid_from\nA,roll,5,2026-01-01\nB,piece,2,2026-01-01\n")
    assert imported(capfd, "prices", prices)[1]["imported"] == 2
    products.write_text(
        "产品编号,英文品名,类目,单重,销售方式,订制天数,阶梯价,可订样品,上架\n"
        "A,rolls,纸/热敏;新品,3.2,stock,,100=4.5;10=4.8,true,true\n"
        "B,boxes,箱,,made_to_order,5,,,\n"
        "C,none,,,,,,,\n"
        "A2,wrong,,,,,10-4,,\n"
    )
    code, said = imported(capfd, "products", products)
    assert (code != 0, said["imported"]) == (True, 2)
    assert sorted((bad["row"], bad["where"]) for bad in said["bad"]) == [(4, "product"), (5, "breaks.0")]
    rows = {row["product"]: row for row in kept(installed, "products")}
    assert (rows["A"]["breaks"], rows["A"]["categories"], rows["A"]["samples"]) == (
        ["10=4.80", "100=4.50"], ["纸/热敏", "新品"], True,
    )  # fmt: skip
    assert (rows["B"]["days"], rows["B"]["shown"], rows["B"]["sold_as"]) == (5, True, "made_to_order")
    customers = tmp_path / "customers.csv"
    customers.write_text(HEADER + "K1,红枫,B\n")
    imported(capfd, "customers", customers)
    own.write_text("客户编号,产品编号,专价\nK1,A,4.9\nK9,A,4.9\nK1,C,4\n")
    _, said = imported(capfd, "own_prices", own)
    assert (said["imported"], [bad["row"] for bad in said["bad"]]) == (1, [3, 4])


def test_how_a_file_was_read_is_said(
    installed: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_bytes("客户名单\ncustomer;name\nK1;深圳市红枫纸业\n".encode("gb18030"))
    second.write_bytes((HEADER + "K2,香港紅楓紙業,C\n").encode("big5"))
    assert starter.run(["import", "customers", str(first), str(second)]) == 0
    said = capfd.readouterr()
    assert names(installed) == {"K1": "深圳市红枫纸业", "K2": "香港紅楓紙業"}
    for words in ("read as GB18030 (GBK)", "separated by semicolons", "the header is row 2", "read as Big5"):
        assert words in " ".join(said.err.split()), words
    _, as_json = imported(capfd, "customers", second)
    assert as_json["notes"] == [
        {"file": str(second), "row": 0, "zh": "按 Big5 编码读取", "en": "read as Big5"}
    ]


def test_keys_that_differ_by_what_nobody_sees_are_no_two_customers(
    installed: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "c.csv"
    file.write_text(HEADER + "G7\u200b,深圳,B\nG7\u2060,广州,B\nG7,杭州,B\n")
    code, said = imported(capfd, "customers", file)
    assert (code, names(installed)) == (3, {"G7": "杭州"})
    assert [bad["row"] for bad in said["bad"]] == [2, 3]


def test_a_row_that_the_database_does_not_take_hides_no_other(
    installed: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def picky(connection: Connection, into: Any, key: Any, values: Any) -> None:
        upsert(connection, into, key, values)
        if key["customer"] == "K2":
            raise DataError("insert", {}, ValueError("out of range"))

    monkeypatch.setattr(imports, "upsert", picky)
    file = tmp_path / "c.csv"
    file.write_text(HEADER + "K1,红枫,B\nK2,白云,A\nK3,西湖,C\n")
    code, said = imported(capfd, "customers", file)
    assert (code, said["imported"], [bad["row"] for bad in said["bad"]]) == (70, 2, [3])
    assert names(installed) == {"K1": "红枫", "K3": "西湖"}


def test_each_kind_is_read_from_a_workbook(
    installed: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tables: dict[str, list[list[Any]]] = {
        "customers": [["customer", "name", "fax"], ["K1", "红枫", 75583]],
        "prices": [["product", "unit", "unit_price", "tolerance_percent", "valid_from"], ["A", "roll", 0.1 + 0.2, 2.5, date(2026, 1, 5)]],
        "staff": [["person", "name", "roles"], ["li", "李", "salesperson;finance"]],
        "calendar": [["day", "working", "name"], [date(2027, 2, 5), False, "春节"]],
    }  # fmt: skip
    for kind, rows in tables.items():
        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / f"{kind}.xlsx")
        code, said = imported(capfd, kind, tmp_path / f"{kind}.xlsx")
        assert (code, said["imported"], said["notes"]) == (0, 1, []), kind
    assert str(kept(installed, "prices")[0]["unit_price"]) == "0.30"
    assert kept(installed, "prices")[0]["valid_from"] == date(2026, 1, 5)
    assert kept(installed, "calendar_days")[0]["day"] == date(2027, 2, 5)


def test_whom_a_line_needs_and_who_has_which_trade_come_from_tables(
    installed: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """R150, R131: several trades, product types and regions stand in one cell; a crew that is none names its field."""
    lines, staff = tmp_path / "lines.csv", tmp_path / "staff.csv"
    rows = ("L1,一号,A,800,卷,08:00-12:00,机长1人，操作工：2人", "L2,二号,A,800,卷,08:00-12:00,机长")
    lines.write_text(
        "\n".join(("机台,名称,产品,速度,单位,周一,人手", *(f"{row}" for row in rows))).replace("，", "、")
        + "\n"
    )
    code, said = imported(capfd, "lines", lines)
    assert (code, [(bad["row"], bad["code"], bad["where"]) for bad in said["bad"]]) == (
        3,
        [(3, "malformed", "crew")],
    )
    assert kept(installed, "machine_lines")[0]["crew"] == "机长 1、操作工 2"
    staff.write_text("工号,姓名,工种,区域\nw-1,老马,机长; 操作工,华南;华东\n")
    assert imported(capfd, "staff", staff)[0] == 0
    (row,) = (each for each in kept(installed, "staff") if each["person"] == "w-1")
    assert (row["trades"], row["regions"]) == (["机长", "操作工"], ["华南", "华东"])
