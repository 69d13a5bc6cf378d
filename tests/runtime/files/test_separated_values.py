"""CSV files as spreadsheet programs write them: whichever encoding, separator or title they have, none becomes nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.values.errors import Refusal
from runtime.files.records import Reading, read_file

HEADER = "customer,name,customer_class\n"
PEOPLE = "K1,深圳市红枫纸业有限公司,B\nK2,广州白云包装印刷厂,C\n"
TRADITIONAL = "K1,香港紅楓紙業有限公司,B\nK2,臺灣永豐餘造紙,C\n"


def read(folder: Path, content: bytes | str) -> Reading:
    file = folder / "c.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(file)


def refused(folder: Path, content: bytes | str) -> str:
    with pytest.raises(Refusal) as found:
        read(folder, content)
    return found.value.words.en


def names(reading: Reading) -> list[str]:
    return [record.values["name"] for record in reading.records]


def notes(reading: Reading) -> list[str]:
    return [words.en for words in reading.notes]


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (PEOPLE, "utf-8", []),
        (PEOPLE, "utf-8-sig", []),
        (PEOPLE, "utf-16", ["read as UTF-16"]),
        (PEOPLE, "gb18030", ["read as GB18030 (GBK)"]),
        (PEOPLE, "gbk", ["read as GB18030 (GBK)"]),
        (PEOPLE + "K3,王喆,B\nK4,赟𠮷,C\n", "gb18030", ["read as GB18030 (GBK)"]),
        ("K1,臺灣紅楓貿易有限公司,B\n", "gb18030", ["read as GB18030 (GBK)"]),
        ("K1,客户,B\n", "gb18030", ["read as GB18030 (GBK)"]),
        (TRADITIONAL, "big5", ["read as Big5"]),
        ("K1,臺灣許功蓋,B\n", "cp950", ["read as Big5"]),
    ],
)
def test_the_encoding_is_found_and_said(tmp_path: Path, text: str, encoding: str, said: list[str]) -> None:
    found = read(tmp_path, (HEADER + text).encode(encoding))
    assert names(found) == [line.split(",")[1] for line in text.splitlines()]
    assert notes(found) == said


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_read_by_its_mark_alone(tmp_path: Path, mark: bytes) -> None:
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert names(read(tmp_path, mark + (HEADER + PEOPLE).encode(encoding)))[0] == "深圳市红枫纸业有限公司"
    assert "UTF-16 without its mark" in refused(tmp_path, (HEADER + PEOPLE).encode(encoding))
    assert "its mark says UTF-16" in refused(tmp_path, mark + b"abc")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (PEOPLE.encode("gb18030"), "K3,杭州西湖打印纸,A\n".encode()),
        (PEOPLE.encode(), "K3,杭州西湖打印纸,A\n".encode("gb18030")),
        (PEOPLE.encode("gb18030"), "K3,香港紅楓紙業有限公司,B\n".encode("big5")),
        (TRADITIONAL.encode("big5"), "K3,深圳市宝安区新安路,B\n".encode("gb18030")),
        (PEOPLE.encode("gb18030"), "K3,杭州".encode("gb18030") + "西湖打印纸,A\n".encode()),
        (PEOPLE.encode("gb18030"), "K3,杭州西湖,".encode("gb18030") + "王芳\n".encode()),
    ],
)
def test_two_encodings_in_one_file_are_refused(tmp_path: Path, first: bytes, second: bytes) -> None:
    said = refused(tmp_path, HEADER.encode() + first + second)
    assert "CSV UTF-8" in said
    assert "mixes" in said or "another encoding" in said


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("K1,株式会社東京製紙,B\n", "shift_jis"), ("K1,カタカナ,B\n", "shift_jis"), ("K1,Müller Straße,B\n", "cp1252"),
        ("K1,Привет мир,B\n", "cp1251"), ("K1,café crème,B\n", "cp1252"),
    ],
)  # fmt: skip
def test_another_encoding_is_no_chinese(tmp_path: Path, text: str, encoding: str) -> None:
    assert "CSV UTF-8" in refused(tmp_path, (HEADER + text).encode(encoding))


def test_what_may_be_either_is_asked(tmp_path: Path) -> None:
    assert "may be GB18030 or Big5" in refused(tmp_path, (HEADER + "K1,單價,B\n").encode("big5"))


def test_characters_that_were_lost_before_are_refused(tmp_path: Path) -> None:
    assert "line 3 holds the sign \ufffd" in refused(tmp_path, HEADER + "K1,红枫,B\nK2,深\ufffd圳,B\n")


@pytest.mark.parametrize(("sign", "called"), [(";", "semicolons"), ("\t", "tabs")])
def test_the_separator_is_found(tmp_path: Path, sign: str, called: str) -> None:
    text = (
        HEADER.replace("customer_class", "designated_signers").replace(",", sign)
        + f"K1{sign}红枫{sign}王芳,刘强\n"
    )
    found = read(tmp_path, text)
    assert found.records[0].values == {"customer": "K1", "name": "红枫", "designated_signers": "王芳,刘强"}
    assert notes(found) == [f"cells are separated by {called}"]
    named = read(tmp_path, f"sep={sign}\n" + text)
    assert named.records[0].values == found.records[0].values
    assert named.records[0].row == 3


def test_semicolons_inside_cells_are_no_separators(tmp_path: Path) -> None:
    found = read(tmp_path, "customer,name,designated_signers\nK1,红枫,王芳;刘强;周;吴;郑;王;冯;陈\n")
    assert found.records[0].values["designated_signers"].count(";") == 7
    assert notes(found) == []


def test_titles_blank_rows_and_quoted_line_breaks(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "客户名单,,\n,,\n制表:陈,日期,2027-01-05\n\n"
        + HEADER
        + '\nK1,"红\n枫",B\n,,\n" ", ,\nK2,"a,""b""",A\n',
    )
    assert [(record.row, record.values["name"]) for record in found.records] == [(7, "红\n枫"), (10, 'a,"b"')]
    assert notes(found) == ["the header is row 5; the rows above it were not read"]


def test_names_of_columns_are_cleaned_of_what_nobody_sees(tmp_path: Path) -> None:
    found = read(tmp_path, "cus\u200btomer,\ufeff\u00a0Name ,Customer Class\nK1,红枫,B\n")
    assert found.records[0].values == {"customer": "K1", "name": "红枫", "customer_class": "B"}
    assert notes(found) == ["the names of the columns A, B hold signs that nobody sees; they were left out"]


@pytest.mark.parametrize(
    "header",
    ["customer,name,name", "customer,name,na\u200bme", "客户编号,name,customer", "customer,name, NAME"],
)
def test_a_column_twice_is_refused(tmp_path: Path, header: str) -> None:
    assert "are both" in refused(tmp_path, header + "\nK1,a,b\n")


def test_cells_under_no_name_are_refused_by_row(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "K1,红枫,B,\nK2,白云,C,备注\nK3,西湖,A\n")
    assert [record.trouble is not None for record in found.records] == [False, True, False]
    assert found.records[1].trouble is not None
    assert "the column D has no name and holds something: 备注" in found.records[1].trouble.words.en


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "no header row"), ("\n \n,,\n", "no header row"), (HEADER + 'K1,"红枫\n', "line 2"), (HEADER + "K1,\x00,B\n", "UTF-16"),
     (HEADER + "x,\n" * 50_001, "at most 50000 rows"), ("a" + ",a" * 300 + "\n", "200 columns")],
)  # fmt: skip
def test_what_is_no_table_is_refused(tmp_path: Path, content: str, said: str) -> None:
    assert said in refused(tmp_path, content)


def test_lists_with_invisible_keys_are_refused_and_do_not_become_two(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "G1\u200b,深圳,B\nG1\u200e,深圳,C\nG1,深圳,A\n")
    assert [record.trouble is not None for record in found.records] == [True, True, False]
