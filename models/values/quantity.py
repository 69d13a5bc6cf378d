"""Quantities: three decimals and a unit; the tolerance either side; conversions that need no product data."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from models.values.money import as_text, exact
from models.values.vocabulary import Unit
from models.values.words import InvalidValue
from models.writing.written_numbers import Figure

THOUSANDTH = Decimal("0.001")
NOTHING = Decimal("0.000")
LARGEST = Decimal("999999999.999")
_DECIMALS = 3
_LONGEST = 20
"""Digits before the point up to which a quantity is written with its thousandths."""

SHEETS_PER_REAM = Decimal(500)
CONVERSIONS: dict[tuple[Unit, Unit], Decimal] = {
    (Unit.TONNE, Unit.KILOGRAM): Decimal(1000),
    (Unit.REAM, Unit.SHEET): SHEETS_PER_REAM,
}


def _at_most_three_decimals(value: Decimal) -> Decimal:
    if not value.is_finite() or value < 0 or value > LARGEST:
        raise InvalidValue(f"数量须在 0 与 {LARGEST} 之间", f"a quantity lies between 0 and {LARGEST}")
    if value != value.quantize(THOUSANDTH):
        raise InvalidValue("数量最多三位小数", "a quantity has at most three decimals")
    return value.quantize(THOUSANDTH)


def _with_its_thousandths(value: Decimal) -> Decimal:
    # padded and never cut: what stands there is shown
    exponent = value.as_tuple().exponent
    short = isinstance(exponent, int) and exponent > -_DECIMALS and value.adjusted() < _LONGEST
    return value.quantize(THOUSANDTH) if short else value


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise InvalidValue("数量须大于零", "a quantity is greater than zero")
    return value


Quantity = Annotated[
    Decimal,
    BeforeValidator(exact),
    AfterValidator(_at_most_three_decimals),
    PlainSerializer(as_text, return_type=str),
    Figure.QUANTITY,
]
"""Zero or more, at most three decimals."""

Measured = Annotated[
    Decimal,
    BeforeValidator(exact),
    AfterValidator(_with_its_thousandths),
    PlainSerializer(as_text, return_type=str),
    Figure.QUANTITY,
]
"""A quantity that was taken in or worked out before: it is read as it stands, and no limit hides it."""

PositiveQuantity = Annotated[Quantity, AfterValidator(_positive)]
"""More than zero, at most three decimals."""


def converted(quantity: Decimal, unit: Unit, into: Unit) -> Decimal | None:
    """The quantity in another unit, or None where no fixed conversion exists (a roll has no fixed length)."""
    if unit is into:
        return quantity
    factor = CONVERSIONS.get((unit, into))
    if factor is not None:
        return (quantity * factor).quantize(THOUSANDTH)
    factor = CONVERSIONS.get((into, unit))
    if factor is not None:
        return (quantity / factor).quantize(THOUSANDTH, rounding=ROUND_HALF_UP)
    return None


@lru_cache(1024)
def tolerated(ordered: Decimal, tolerance_percent: Decimal) -> tuple[Decimal, Decimal]:
    """The least and the most that still counts as what was ordered: plus or minus, both ends included (R45)."""
    margin = (ordered * tolerance_percent / 100).quantize(THOUSANDTH, rounding=ROUND_HALF_UP)
    return ordered - margin, ordered + margin
