"""Bad input at the command line: a stable code, a paragraph in the person's language, an exit code, no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

import starter
from commands.orders.envelopes import content_of, role_of
from commands.orders.schema import names, schema_of
from models.cases.case_request import CaseRequest
from models.quotes.quote_request import QuoteRequest
from models.request.order_request import OrderRequest
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.files.order_files import orders_in
from runtime.files.records import read_records

NOBODY_LISTENS = "127.0.0.1:1"


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DINGDAN_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("TEMPORAL_ADDRESS", NOBODY_LISTENS)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (["tell", "X", "nonsense", "--by", "li"], "unknown_fact", 3),
        (["tell", "X", "sheet_sent", "--set", "version=1"], "missing_field", 3),
        (
            ["tell", "X", "sheet_sent", "--by", "li", "--set", "colour=red", "--set", "version=1"],
            "unknown_field",
            3,
        ),
        (
            ["tell", "X", "payment_received", "--by", "q", "--set", "amount=1.234", "--set", "reference=r"],
            "bad_money",
            3,
        ),
        (["tell", "X", "shipped", "--by", "l", "--set", "carrier"], "malformed", 3),
        (["tell", "X", "shipped", "--by", "l", "--at", "yesterday"], "malformed", 3),
        (["tell", "X", "sheet_sent", "--by", "l", "--set", "version=1", "--role", "king"], "wrong_role", 6),
        (["tell", "X", "sheet_sent", "--by", "l", "--set", "version=1"], "server_unavailable", 8),
        (["decide", "X", "weather", "approve", "--by", "l"], "unknown_subject", 3),
        (["decide", "X", "price", "approve", "--by", "l"], "unknown_outcome", 3),
        (["show", "20270105-0001"], "not_set_up", 10),
        (["list"], "not_set_up", 10),
        (["waiting", "king"], "wrong_role", 6),
        (["schema", "weather"], "unknown_fact", 3),
        (["rehearse", "nothing.yaml"], "malformed_file", 3),
        (["place", "nothing.json"], "malformed_file", 3),
        (["setup"], "server_unavailable", 8),
    ],
)
def test_refusals_have_code_and_exit_code(
    arguments: list[str], code: str, exit_code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert starter.run(arguments) == exit_code
    said = capfd.readouterr()
    assert code in said.err
    assert "Traceback" not in said.err


COUNT = ["stock", "count"]


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["stokc"], "没有命令 stokc；可用：import、place、", "there is no command stokc; there are: import, place, "),
        (["stock", "cuont"], "没有命令 cuont；可用：", "there is no command cuont; there are: "),
        (
            [*COUNT, "XH-1", "-1"],
            "以 - 开头的值写在 -- 之后：starter.py stock count … -- -1。选项可用：--reason、--sure、",
            "a value that begins with - stands behind --: starter.py stock count … -- -1. Options are: --reason, --sure, ",
        ),
        ([*COUNT, "XH-1", "1", "--why", "x"], "没有选项 --why；可用：--reason、", "there is no option --why; there are: --reason, "),
        (COUNT, "缺少 PRODUCT；写法：starter.py stock count", "PRODUCT is missing; write starter.py stock count"),
        ([*COUNT, "XH-1", "1"], "缺少 --reason", "--reason is missing"),
        ([*COUNT, "XH-1", "1", "--reason"], "选项 --reason 后面要写值", "option --reason needs a value behind it"),
        ([*COUNT, "XH-1", "1", "2", "--reason", "x"], "多出来的：2；", "too much: 2; "),
        (["list", "--most", "x"], "--most 须为不小于 0 的整数，不是“x”", "--most is a whole number, at least 0, and not “x”"),
        (["list", "--most", "-1"], "--most 须为不小于 0 的整数，不是“-1”", "--most is a whole number, at least 0, and not “-1”"),
        (["list", "--days", "0"], "--days 须为 1 至 3650 的整数，不是“0”", "--days is a whole number from 1 to 3650, and not “0”"),
        (["--language", "fr", "list"], "--language 只能是：zh、en", "--language is one of: zh, en"),
    ],
)  # fmt: skip
def test_wrong_usage_exits_with_two_and_says_what_is_allowed(
    arguments: list[str], zh: str, en: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, text in (("zh", zh), ("en", en)):
        monkeypatch.setenv("DINGDAN_LANGUAGE", language)
        assert starter.run(arguments) == 2
        said = capfd.readouterr()
        assert text in said.err
        assert "Usage" not in said.err


def test_roles_to_type_stand_beside_what_they_are_called() -> None:
    with pytest.raises(Refusal) as found:
        role_of("boss", Role.SYSTEM)
    assert "没有角色 boss。角色有：customer（客户）、" in found.value.words.zh
    assert "there is no role boss; there are: customer (customer), " in found.value.words.en
    assert role_of("客服员", Role.SYSTEM) is role_of("service_clerk", Role.SYSTEM) is Role.SERVICE_CLERK


def test_wrong_usage_is_json_for_programs(capfd: pytest.CaptureFixture[str]) -> None:
    assert starter.run([*COUNT, "XH-1", "1", "--json"]) == 2
    error = json.loads(capfd.readouterr().out)["error"]
    assert (error["code"], error["where"]) == ("unknown_field", "stock count")


def test_no_arguments_are_the_help_and_no_mistake(capfd: pytest.CaptureFixture[str]) -> None:
    starter.run(["stock"])
    said = capfd.readouterr()
    assert "--help" in said.out + said.err


def test_a_database_that_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DINGDAN_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'orders.db'}")
    assert starter.run(["list"]) == 9


def test_json_for_programs(capfd: pytest.CaptureFixture[str]) -> None:
    assert starter.run(["show", "X", "--json"]) == 10
    assert json.loads(capfd.readouterr().out)["error"]["code"] == "not_set_up"


def test_every_schema_is_there() -> None:
    assert len(names()) > 50
    assert all(schema_of(name)["$schema"] for name in names())


@pytest.mark.parametrize("name", ["quote", "case", "contract", "offer_made", "goods_received", "drafted"])
def test_what_begins_a_quote_a_case_or_a_contract_has_its_schema_too(name: str) -> None:
    """With their facts: what is told is read by the same models."""
    assert name in names()
    assert schema_of(name)["properties"]


@pytest.mark.parametrize(
    ("arguments", "content", "name"),
    [(["case", "open"], CaseRequest, "case"), (["quote", "make"], QuoteRequest, "quote"), (["place"], OrderRequest, "order")],
)  # fmt: skip
def test_the_help_names_every_field_of_the_file(
    arguments: list[str], content: type[Content], name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert starter.run([*arguments, "--help"]) == 0
    said = capfd.readouterr().out
    for field, about in content.model_fields.items():
        assert f"\n    {field}{'* ' if about.is_required() else ' '}" in said, field
    assert f"starter.py schema {name}" in said
    assert "cause* 原因类别 · cause = unwanted, defect, " in said or name != "case"


def test_content_from_paths() -> None:
    content = content_of(
        '{"reason": "x"}', ["changes.lines.0.line=1", "changes.lines.0.quantity=12", "fine=false"]
    )
    assert content == {"reason": "x", "changes": {"lines": [{"line": "1", "quantity": "12"}]}, "fine": False}
    with pytest.raises(Refusal) as refused:
        content_of(None, ["a=1", "a.b=2"])
    assert refused.value.code is Code.MALFORMED


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', "[1]", "{"])
def test_content_that_is_no_object_or_says_a_thing_twice_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        content_of(text, [])
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED, "--json")


def test_rows_with_one_request_id_are_one_order(tmp_path: Path) -> None:
    table = tmp_path / "orders.csv"
    table.write_bytes(
        "request_id,customer,product,quantity\nR1,K,A,1\nR1,K,B,2\nR2,客户,A,3\n".encode("gb18030")
    )
    first, second = orders_in(read_records(table))
    assert [line["product"] for line in first.values["lines"]] == ["A", "B"]
    assert second.values["customer"] == "客户"
    assert second.row == 4


def test_rows_of_two_customers_with_one_request_id_are_two_orders(tmp_path: Path) -> None:
    """R10: each customer numbers the own orders; a row that names no customer goes on with the order before it."""
    table = tmp_path / "orders.csv"
    table.write_text(
        "request_id,customer,product,quantity\nPO-1,K1,A,1\nPO-1,K2,B,2\nPO-1,,C,3\nPO-1,K1,D,4\nPO-2,,E,5\nPO-2,K3,F,6\n"
    )
    orders = orders_in(read_records(table))
    found = [
        (each.values.get("customer"), [line["product"] for line in each.values["lines"]]) for each in orders
    ]
    assert found == [("K1", ["A", "D"]), ("K2", ["B", "C"]), ("K3", ["E", "F"])]


def test_spreadsheets_keep_numbers_exact(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["product", "unit_price", "quantity"])
    sheet.append(["TP-80", 0.1, 1000])
    book.save(tmp_path / "prices.xlsx")
    (record,) = read_records(tmp_path / "prices.xlsx")
    assert record.values == {"product": "TP-80", "unit_price": "0.1", "quantity": "1000"}


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", "{"), ("a.yaml", "a: ["), ("a.xlsx", "x"), ("a.txt", "")]
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(Refusal) as refused:
        read_records(tmp_path / name)
    assert refused.value.code is Code.MALFORMED_FILE
