"""Costs, proposed prices and margins, exact whatever the figures (R102, R105)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.quotes.costing import CostRow, cost_of, keeps, margin_of, proposed_price, shown_percent
from tests.models.quote_life import ROWS

AMOUNTS = st.decimals("0.01", "9999999.99", places=2)
QUANTITIES = st.decimals("0.001", "999999.999", places=3)
MARGINS = st.decimals("0", "99.9999", places=4)
TAXES = st.decimals("0", "100", places=2)


def test_the_rows_of_the_example_come_to_28400() -> None:
    """R102: 24,514.00 + 2,520.00 + 896.00 + 470.00."""
    rows = [CostRow.model_validate(row) for row in ROWS]
    assert [row.amount for row in rows] == [
        Decimal("24514.00"),
        Decimal("2520.00"),
        Decimal("896.00"),
        Decimal("470.00"),
    ]
    assert cost_of(rows) == Decimal("28400.00")


def test_a_row_is_rounded_to_the_fen_on_its_own() -> None:
    """R102: 130 × 0.0385 = 5.005, half up."""
    row = {"kind": "material", "what": "纸", "quantity": "130", "rate": "0.0385", "basis": "standard"}
    assert CostRow.model_validate(row).amount == Decimal("5.01")


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": "0.1234567"},
        {"rate": "-1"},
        {"quantity": "0"},
        {"quantity": "1.2345"},
        {"basis": "purchase"},
        {"basis": "standard", "purchased_on": "2027-01-05"},
        {"kind": "profit"},
        {"what": ""},
    ],
)
def test_a_bad_row_is_refused(wrong: dict[str, str]) -> None:
    """R102: a seventh decimal, a purchase without its date, a kind that nobody knows."""
    row = {"kind": "material", "what": "纸", "quantity": "1", "rate": "1", "basis": "standard"}
    CostRow.model_validate(row)
    with pytest.raises(ValidationError):
        CostRow.model_validate({**row, **wrong})


@pytest.mark.parametrize(
    ("cost", "quantity", "decimals", "price"),
    [
        ("28400.00", "10000", 4, "4.0115"),
        ("28400.00", "10000", 2, "4.02"),
        ("28400.00", "3", 4, "13371.6667"),
        ("8.00", "1", 4, "11.30"),
        ("0.01", "999999.999", 6, "0.000001"),
    ],
)
def test_the_proposed_price_is_rounded_up(cost: str, quantity: str, decimals: int, price: str) -> None:
    """R105: 28,400.00 ÷ 0.80 × 1.13 ÷ 10,000 = 4.0115 exactly; whatever is left over is rounded up."""
    found = proposed_price(Decimal(cost), Decimal(quantity), Decimal(20), Decimal(13), decimals)
    assert str(found) == price


@given(AMOUNTS, QUANTITIES, MARGINS, TAXES, st.integers(2, 6))
def test_the_proposed_price_keeps_the_margin_and_the_next_lower_one_does_not(
    cost: Decimal, quantity: Decimal, margin: Decimal, tax: Decimal, decimals: int
) -> None:
    """R105: so at the proposed price nobody is asked, and it is the lowest such price."""
    price = proposed_price(cost, quantity, margin, tax, decimals)
    assert keeps(margin, price, quantity, cost, tax)
    assert not keeps(margin, price - Decimal(1).scaleb(-decimals), quantity, cost, tax)
    share = margin_of(price, quantity, cost, tax)
    assert share is not None
    assert share >= Fraction(margin)


def test_what_is_shown_of_a_margin() -> None:
    """R105: 18.75 % and 8.31 %, half up; a loss is below zero, nothing asked leaves no share."""
    cost, quantity, tax = Decimal("28400.00"), Decimal(10000), Decimal(13)
    shown = [
        str(shown_percent(margin_of(Decimal(price), quantity, cost, tax)))
        for price in ("3.95", "3.50", "3.00")
    ]
    assert shown == ["18.75", "8.31", "-6.97"]
    assert margin_of(Decimal(0), quantity, cost, tax) is None
    assert shown_percent(None) is None
