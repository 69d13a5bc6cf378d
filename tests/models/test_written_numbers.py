"""Numbers as people and programs write them, by hand: what they come to, and what is refused with which words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.values.words import InvalidValue
from models.writing.written_numbers import Figure, Manner, plain_number

MONEY, QUANTITY, PERCENT, COUNT = Figure.MONEY, Figure.QUANTITY, Figure.PERCENT, Figure.COUNT


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("12", "12"),
        ("12.50", "12.50"),
        (".5", ".5"),
        ("-3", "-3"),
        ("0", "0"),
        ("1,200.50", "1200.50"),
        ("1,234,567", "1234567"),
        ("-1,200", "-1200"),
        ("１，２００．５０", "1200.50"),
        ("１２", "12"),
        ("－５", "-5"),
    ],
)
@pytest.mark.parametrize("manner", [Manner.TYPED, Manner.SENT])
@pytest.mark.parametrize("figure", list(Figure))
def test_one_reading_everywhere(written: str, plain: str, manner: Manner, figure: Figure) -> None:
    assert plain_number(written, figure, manner) == plain


@pytest.mark.parametrize(
    "written", ["¥5.00", "￥5.00", "5.00元", "¥ 5.00", "人民币5.00", "CNY 5.00", "５．００元", "5.00 元"]
)
def test_an_amount_may_say_that_it_is_one(written: str) -> None:
    assert plain_number(written, MONEY, Manner.SENT) == "5.00"
    with pytest.raises(InvalidValue):
        plain_number(written, QUANTITY, Manner.TYPED)


def test_a_share_may_say_that_it_is_one() -> None:
    assert plain_number("30%", PERCENT, Manner.TYPED) == "30"
    assert plain_number("２．５％", PERCENT, Manner.SENT) == "2.5"
    with pytest.raises(InvalidValue):
        plain_number("30%", QUANTITY, Manner.TYPED)


@pytest.mark.parametrize(
    ("written", "plain"),
    [("1.5万", "15000"), ("２万", "20000"), ("1.5万元", "15000"), ("¥3万", "30000"), ("1亿", "100000000")],
)
def test_people_count_in_myriads_and_programs_do_not(written: str, plain: str) -> None:
    assert plain_number(written, MONEY, Manner.TYPED) == plain
    with pytest.raises(InvalidValue):
        plain_number(written, MONEY, Manner.SENT)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1_000", "underscores"),
        ("１_０００", "underscores"),
        ("1.200,50", "two ways"),
        ("12,50", "two ways"),
        ("1,20", "two ways"),
        ("0,500", "two ways"),
        ("1,2000", "two ways"),
        ("1，2", "two ways"),
        ("NaN", "no number"),
        ("-Infinity", "no number"),
        ("inf", "no number"),
        ("sNaN", "no number"),
        ("1e5", "scientific"),
        ("2.02701E+14", "scientific"),
        ("１Ｅ５", "figures alone"),
        ("+5", "plus"),
        ("＋5", "plus"),
        ("1 200", "blanks"),
        ("(5.00)", "negative"),
        ("١٢", "U+0661"),
        ("1२", "U+0968"),
        ("𝟙𝟚", "U+1D7D9"),
        ("100卷", "卷"),
        ("9" * 41, "40"),
    ],
)
@pytest.mark.parametrize("manner", [Manner.TYPED, Manner.SENT])
@pytest.mark.parametrize("figure", [MONEY, QUANTITY, COUNT])
def test_what_can_be_read_in_two_ways_or_by_programs_alone_is_told(
    written: str, said: str, manner: Manner, figure: Figure
) -> None:
    with pytest.raises(InvalidValue) as refused:
        plain_number(written, figure, manner)
    assert said in refused.value.words.en


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3))
def test_thousands_and_wide_digits_come_to_the_same(number: Decimal) -> None:
    grouped = f"{number:,f}"
    wide = grouped.translate(str.maketrans("0123456789,.-", "０１２３４５６７８９，．－"))
    for written in (f"{number:f}", grouped, wide):
        assert Decimal(plain_number(written, MONEY, Manner.SENT)) == number


@given(st.text(max_size=12, alphabet="0123456789０１２,._+-eE%万¥元 ٣٤NaInf卷"))
@example("_+0")
@example("+_1_0")
def test_what_passes_is_plain_or_no_number_for_anybody(written: str) -> None:
    try:
        plain = plain_number(written, MONEY, Manner.TYPED)
    except InvalidValue:
        return
    try:
        value = Decimal(plain.strip())
    except ArithmeticError:
        return
    assert value.is_finite()
    assert plain.strip().isascii()
    assert set(plain.strip()) <= set("0123456789.-")
