"""What a shipment is worth in the tables of a week: all together are the bill, to the fen (R73, R100, R115)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reports.shipped_amounts import Left, Priced, amounts_of
from models.values.money import line_amount


def left(*quantities: str) -> list[Left]:
    """Shipments of line 1."""
    return [Left(str(n), {1: Decimal(quantity)}) for n, quantity in enumerate(quantities, start=1)]


@pytest.mark.parametrize(
    ("price", "quantities", "amounts"),
    [
        ("0.0385", ("4115", "4115", "4115"), ["158.43", "158.43", "158.42"]),
        ("0.0385", ("65", "65"), ["2.50", "2.51"]),
        ("5.00", ("400", "600"), ["2000.00", "3000.00"]),
        ("5.00", ("0", "1000"), ["0.00", "5000.00"]),
    ],
)
def test_each_shipment_is_what_it_adds(price: str, quantities: tuple[str, ...], amounts: list[str]) -> None:
    found = amounts_of(left(*quantities), {1: Priced(Decimal(price))})
    assert [str(amount) for amount in found.values()] == amounts


def test_lines_are_added_up_and_what_is_not_in_it_adds_nothing() -> None:
    goods = [
        Left("A", {1: Decimal(10), 2: Decimal(3)}),
        Left("B", {2: Decimal(1)}),
        Left("C", {9: Decimal(1)}),
    ]
    lines = {1: Priced(Decimal("5.00")), 2: Priced(Decimal("0.335"))}
    assert amounts_of(goods, lines) == {"A": Decimal("51.01"), "B": Decimal("0.33"), "C": Decimal("0.00")}


def test_a_surplus_that_is_returned_is_not_billed() -> None:
    """R45: 1,000 are billed, whichever shipment the rest is in."""
    found = amounts_of(left("900", "150", "10"), {1: Priced(Decimal("5.00"), Decimal(1000))})
    assert [str(amount) for amount in found.values()] == ["4500.00", "500.00", "0.00"]


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=20), st.integers(0, 10_000_000))
def test_all_shipments_together_are_the_bill(thousandths: list[int], millionths: int) -> None:
    price = Decimal(millionths) / 1_000_000
    found = amounts_of(left(*(str(Decimal(n) / 1000) for n in thousandths)), {1: Priced(price)})
    assert sum(found.values()) == line_amount(Decimal(sum(thousandths)) / 1000, price)
