"""Money: CNY with two decimals, `Decimal` on the wire as a string, rounded half up, per line, here and nowhere else.

A unit price is finer: up to six decimals, since a sheet of paper costs 0.0385 (R20). What comes in is held to the
limits (`Money`, `UnitPrice`); what was taken in once is read back as it is (`Amount`, `Price`), whatever it comes to.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from models.values.words import InvalidValue
from models.writing.written_numbers import Figure

CURRENCY = "CNY"
FEN = Decimal("0.01")
MILLIONTH = Decimal("0.000001")
ZERO = Decimal("0.00")
LARGEST = Decimal("9999999999.99")
_FEWEST_DECIMALS = 2
_LONGEST = 20
"""Digits before the point up to which an amount is written with its fen."""


def exact(value: object) -> object:
    """Refuse what is not exact: before a decimal is read."""
    # A JSON number has already lost its exactness; binary floats never enter as money or quantity.
    if isinstance(value, bool | float):
        raise InvalidValue(
            '数字须写成文字，例如 "12.50"', 'write the number as a string, for example "12.50"'
        )
    return value


def _at_most_two_decimals(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) > LARGEST:
        raise InvalidValue(f"金额须在 ±{LARGEST} 之内", f"an amount lies within ±{LARGEST}")
    if value != value.quantize(FEN):
        raise InvalidValue("金额最多两位小数", "money has at most two decimals")
    return value.quantize(FEN)


def as_unit_price(value: Decimal) -> Decimal:
    """The same price as prices are written: two decimals at least, beyond them no trailing noughts. So 5.00 stays 5.00."""
    if not value.is_finite():
        return value
    price = value if value else ZERO
    decimals = -int(price.normalize().as_tuple().exponent)
    return price.quantize(FEN if decimals <= _FEWEST_DECIMALS else Decimal(1).scaleb(-decimals))


def _at_most_six_decimals(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) > LARGEST:
        raise InvalidValue(f"单价须在 ±{LARGEST} 之内", f"a unit price lies within ±{LARGEST}")
    if value != value.quantize(MILLIONTH):
        raise InvalidValue("单价最多六位小数", "a unit price has at most six decimals")
    return as_unit_price(value)


def _with_its_fen(value: Decimal) -> Decimal:
    # padded and never cut: what stands there is shown
    exponent = value.as_tuple().exponent
    short = isinstance(exponent, int) and exponent > -_FEWEST_DECIMALS and value.adjusted() < _LONGEST
    return value.quantize(FEN) if short else value


def as_text(value: Decimal) -> str:
    """A decimal on the wire: never with an exponent."""
    return format(value, "f")


Money = Annotated[
    Decimal,
    BeforeValidator(exact),
    AfterValidator(_at_most_two_decimals),
    PlainSerializer(as_text, return_type=str),
    Figure.MONEY,
]
"""An amount in CNY, two decimals; may be negative only where a field says so."""

UnitPrice = Annotated[
    Decimal,
    Field(description="CNY for one unit, up to six decimals"),
    BeforeValidator(exact),
    AfterValidator(_at_most_six_decimals),
    PlainSerializer(as_text, return_type=str),
    Figure.MONEY,
]
"""A price in CNY for one unit, up to six decimals; as text two at least, and no further trailing noughts (R20)."""

Amount = Annotated[
    Decimal,
    BeforeValidator(exact),
    AfterValidator(_with_its_fen),
    PlainSerializer(as_text, return_type=str),
    Figure.MONEY,
]
"""An amount in CNY that was taken in or worked out before: it is read as it stands, and no limit hides it."""

Price = Annotated[Decimal, BeforeValidator(exact), PlainSerializer(as_text, return_type=str), Figure.MONEY]
"""A unit price that was taken in before: read as it stands."""


def rounded_price(value: Decimal) -> Decimal:
    """A price that was worked out, in its six decimals, half up: 19.25 a ream is 0.0385 a sheet."""
    return as_unit_price(value.quantize(MILLIONTH, rounding=ROUND_HALF_UP))


def rounded(value: Decimal) -> Decimal:
    """The amount in fen, half up: 0.005 becomes 0.01. The one place where money is rounded."""
    return value.quantize(FEN, rounding=ROUND_HALF_UP)


def line_amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """What one line costs, tax included: quantity × price, rounded once, half up, to the fen (R20)."""
    return rounded(quantity * unit_price)


def share_of(amount: Decimal, share: Decimal) -> Decimal:
    """A share (0.30 for 30 %) of an amount, rounded half up."""
    return rounded(amount * share)
