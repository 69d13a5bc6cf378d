"""Money, quantities, tolerance: exact, rounded in one place, refused when they cannot be meant."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.messages.envelope import read_content
from models.messages.goods_contents import InspectionReported
from models.messages.money_contents import PaymentReceived
from models.policy import DeadOrderPolicy
from models.request.order_request import OrderRequest, RequestLine
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of_model
from models.values.money import line_amount, rounded, rounded_price, share_of
from models.values.quantity import converted, tolerated
from models.values.vocabulary import Unit
from models.writing.printed_figures import price
from tests.models.life import line, request


@pytest.mark.parametrize(
    ("exact", "fen"), [("0.005", "0.01"), ("0.004", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01")]
)
def test_money_is_rounded_half_up(exact: str, fen: str) -> None:
    assert rounded(Decimal(exact)) == Decimal(fen)


@given(st.lists(st.tuples(st.integers(1, 999_999), st.integers(0, 99_999)), min_size=1, max_size=9))
def test_the_total_is_the_sum_of_rounded_lines(parts: list[tuple[int, int]]) -> None:
    lines = [
        line(n, quantity=str(Decimal(thousandths) / 1000), unit_price=str(Decimal(fen) / 100))
        for n, (thousandths, fen) in enumerate(parts, start=1)
    ]
    order = OrderRequest.model_validate(request(lines=lines))
    expected = sum(rounded(Decimal(thousandths) / 1000 * fen / 100) for thousandths, fen in parts)
    assert order.total == expected


def test_a_line_without_price_costs_nothing_yet() -> None:
    assert RequestLine.model_validate(line(1, unit_price=None)).amount == 0


def test_a_share_is_rounded_half_up() -> None:
    assert share_of(Decimal("333.35"), Decimal("0.3")) == Decimal("100.01")
    assert line_amount(Decimal("3"), Decimal("1.11")) == Decimal("3.33")


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        ("12345", "0.0385", "475.28"),
        ("130", "0.0385", "5.01"),
        ("4115", "0.0385", "158.43"),
        ("65", "0.0385", "2.50"),
        ("0.001", "4.999999", "0.00"),
        ("0.001", "5", "0.01"),
        ("999999999.999", "0.000001", "1000.00"),
        ("1234567.891", "123.456789", "152415787.63"),
    ],
)
def test_a_line_is_quantity_times_price_rounded_once(quantity: str, price: str, amount: str) -> None:
    """R20: the price is not rounded before: 12,345 sheets at 0.0385 are 475.28 and not 493.80."""
    asked = RequestLine.model_validate(line(1, quantity=quantity, unit_price=price))
    assert str(asked.amount) == str(line_amount(Decimal(quantity), Decimal(price))) == amount


@pytest.mark.parametrize(
    ("given", "written"),
    [("5", "5.00"), ("5.0", "5.00"), ("5.000000", "5.00"), ("0", "0.00"), ("0.0385", "0.0385"), ("0.038500", "0.0385"),
     ("1.10", "1.10"), ("1.100", "1.10"), ("100", "100.00"), ("1E+2", "100.00"), ("0.000001", "0.000001"),
     ("9999999999.99", "9999999999.99")],
)  # fmt: skip
def test_a_unit_price_is_written_one_way(given: str, written: str) -> None:
    """R20: two decimals at least and no noughts behind them, so that every hash made before holds."""
    asked = RequestLine.model_validate(line(1, unit_price=given))
    assert asked.model_dump(mode="json")["unit_price"] == str(asked.unit_price) == written
    same = RequestLine.model_validate(line(1, unit_price=written))
    assert digest_of_model(asked) == digest_of_model(same)
    assert price(Decimal(given)) == f"{Decimal(written):,f}"


def test_a_price_worked_out_has_six_decimals_half_up() -> None:
    assert str(rounded_price(Decimal("19.25") * Decimal("0.002"))) == "0.0385"
    assert str(rounded_price(Decimal("0.0000005"))) == "0.000001"
    assert str(rounded_price(Decimal("0.00000049"))) == "0.00"


@pytest.mark.parametrize(
    ("changes", "code", "zh"),
    [
        ({"unit_price": "0.0000001"}, Code.BAD_MONEY, "六位小数"),
        ({"unit_price": "5.1234567"}, Code.BAD_MONEY, "六位小数"),
        ({"unit_price": "-1"}, Code.BAD_MONEY, "不得为负"),
        ({"unit_price": 5.5}, Code.BAD_MONEY, "文字"),
        ({"unit_price": "1e12"}, Code.BAD_MONEY, "之内"),
        ({"unit_price": "NaN"}, Code.BAD_MONEY, "单价"),
        ({"unit_price": "five"}, Code.BAD_MONEY, "数字"),
        ({"quantity": "0"}, Code.BAD_QUANTITY, "大于零"),
        ({"quantity": "-3"}, Code.BAD_QUANTITY, "之间"),
        ({"quantity": "1.0001"}, Code.BAD_QUANTITY, "三位小数"),
        ({"quantity": True}, Code.BAD_QUANTITY, "文字"),
        ({"unit": "bushel"}, Code.WRONG_UNIT, "只能是"),
        ({"line": 0}, Code.MALFORMED, "不得小于 1"),
        ({"line": "x"}, Code.MALFORMED, "整数"),
        ({"product": ""}, Code.MALFORMED, "至少 1"),
        ({"colour": "red"}, Code.UNKNOWN_FIELD, "没有"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_in_both_languages(
    changes: dict[str, Any], code: Code, zh: str
) -> None:
    with pytest.raises(Refusal) as refused:
        read_content(OrderRequest, request(lines=[line(1, **changes)]))
    assert refused.value.code is code
    assert zh in refused.value.words.zh
    assert "lines.0" in refused.value.where
    assert refused.value.words.en.isascii() or "±" in refused.value.words.en


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"channel": "pigeon"}, Code.UNKNOWN_CHANNEL),
        ({"fulfilment": "by_magic"}, Code.NOT_OFFERED),
        ({"wanted_date": "soon"}, Code.MALFORMED),
        ({"read_back": "perhaps"}, Code.MALFORMED),
        ({"lines": []}, Code.MALFORMED),
        ({"lines": "many"}, Code.MALFORMED),
        ({"lines": [line(1), line(1)]}, Code.MALFORMED),
        ({"phone": "1\x00"}, Code.MALFORMED),
        ({"phone": 5}, Code.MALFORMED),
    ],
)
def test_an_order_that_cannot_be_meant_is_refused(changes: dict[str, Any], code: Code) -> None:
    with pytest.raises(Refusal) as refused:
        read_content(OrderRequest, request(**changes))
    assert refused.value.code is code


def test_all_wrong_places_are_named_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        read_content(OrderRequest, {"request_id": "a"})
    assert refused.value.code is Code.MISSING_FIELD
    assert "(+customer, lines, entered_by)" in refused.value.words.en


def test_what_is_not_an_object_is_said() -> None:
    raws: tuple[Any, ...] = (None, [], "text")
    for raw in raws:
        with pytest.raises(Refusal) as refused:
            read_content(OrderRequest, raw, inside="order")
        assert refused.value.where == "order"
        assert "一组字段" in refused.value.words.zh


def test_nested_too_deeply_is_said() -> None:
    deep: dict[str, Any] = {}
    inner = deep
    for _ in range(100_000):
        inner["words"] = inner = {}
    with pytest.raises(Refusal):
        read_content(OrderRequest, request(words=deep))


def test_an_amount_that_is_paid_is_more_than_nothing() -> None:
    with pytest.raises(Refusal) as refused:
        read_content(PaymentReceived, {"amount": "0", "reference": "TX"})
    assert refused.value.code is Code.BAD_MONEY
    assert "大于零" in refused.value.words.zh


def test_an_inspection_judges_something() -> None:
    with pytest.raises(Refusal) as refused:
        read_content(InspectionReported, {"checked_with": "clerk"})
    assert "合格 passed" in refused.value.words.zh


def test_reminder_days_ascend() -> None:
    for days in ([7, 3], [-1], [3, 3]):
        with pytest.raises(Refusal) as refused:
            read_content(DeadOrderPolicy, {"reminder_days": days})
        assert "递增" in refused.value.words.zh


def test_fixed_conversions_work_both_ways_and_others_do_not_exist() -> None:
    assert converted(Decimal("1.5"), Unit.TONNE, Unit.KILOGRAM) == 1500
    assert converted(Decimal("1500"), Unit.KILOGRAM, Unit.TONNE) == Decimal("1.5")
    assert converted(Decimal("2"), Unit.REAM, Unit.SHEET) == 1000
    assert converted(Decimal("7"), Unit.ROLL, Unit.ROLL) == 7
    assert converted(Decimal("7"), Unit.ROLL, Unit.KILOGRAM) is None


def test_a_tolerance_reaches_both_ways() -> None:
    """R45: five per cent of 1000 is 950 to 1050, both included."""
    assert tolerated(Decimal(1000), Decimal(5)) == (Decimal(950), Decimal(1050))
    assert tolerated(Decimal(1000), Decimal(0)) == (Decimal(1000), Decimal(1000))
