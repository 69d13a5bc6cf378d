"""Money: CNY with two decimals, `Decimal` on the wire as a string, rounded half up, per line, here and nowhere else."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from models.values.words import InvalidValue

CURRENCY = "CNY"
FEN = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST = Decimal("9999999999.99")


def exact(value: object) -> object:
    """Refuse what is not exact: before a decimal is read."""
    # A JSON number has already lost its exactness; binary floats never enter as money or quantity.
    if isinstance(value, bool | float):
        raise InvalidValue('数字须写成文字,例如 "12.50"', 'write the number as a string, for example "12.50"')
    return value


def _at_most_two_decimals(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) > LARGEST:
        raise InvalidValue(f"金额须在 ±{LARGEST} 之内", f"an amount lies within ±{LARGEST}")
    if value != value.quantize(FEN):
        raise InvalidValue("金额最多两位小数", "money has at most two decimals")
    return value.quantize(FEN)


def as_text(value: Decimal) -> str:
    """A decimal on the wire: never with an exponent."""
    return format(value, "f")


Money = Annotated[
    Decimal,
    BeforeValidator(exact),
    AfterValidator(_at_most_two_decimals),
    PlainSerializer(as_text, return_type=str),
]
"""An amount in CNY, two decimals; may be negative only where a field says so."""


def rounded(value: Decimal) -> Decimal:
    """The amount in fen, half up: 0.005 becomes 0.01. The one place where money is rounded."""
    return value.quantize(FEN, rounding=ROUND_HALF_UP)


def line_amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """What one line costs, tax included, rounded per line."""
    return rounded(quantity * unit_price)


def share_of(amount: Decimal, share: Decimal) -> Decimal:
    """A share (0.30 for 30 %) of an amount, rounded half up."""
    return rounded(amount * share)
