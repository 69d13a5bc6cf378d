"""Amounts in capital figures, as a bank reads them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.capital_figures import capital_figures


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "零元整"),
        ("1200.00", "壹仟贰佰元整"),
        ("5000", "伍仟元整"),
        ("500.01", "伍佰元零壹分"),
        ("3500.50", "叁仟伍佰元伍角整"),
        ("10", "壹拾元整"),
        ("105.05", "壹佰零伍元零伍分"),
        ("1005", "壹仟零伍元整"),
        ("10000", "壹万元整"),
        ("10005", "壹万零伍元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("1010000", "壹佰零壹万元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("120000000.99", "壹亿贰仟万元玖角玖分"),
        ("0.50", "伍角整"),
        ("0.05", "伍分"),
        ("-1.00", "负壹元整"),
        ("-0.001", "零元整"),
    ],
)
def test_amounts_as_they_are_written(amount: str, text: str) -> None:
    assert capital_figures(Decimal(amount)) == text


@given(st.integers(0, 10**12 - 1))
def test_no_two_zeros_stand_together_and_none_at_the_end(fen: int) -> None:
    text = capital_figures(Decimal(fen) / 100)
    assert "零零" not in text
    assert not text.endswith("零")
    assert "零万" not in text
    assert fen == 0 or not text.startswith("零")


@given(st.integers(0, 10**12 - 1), st.integers(0, 10**12 - 1))
def test_two_amounts_never_read_the_same(one: int, other: int) -> None:
    same = capital_figures(Decimal(one) / 100) == capital_figures(Decimal(other) / 100)
    assert same is (one == other)
