"""Percentages: exact, 0 to 100, as a string on the wire; where they come in with four decimals at most."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from models.values.money import as_text, exact
from models.values.words import InvalidValue
from models.values.written_numbers import Figure

MOST_DECIMALS = 4

Percent = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(ge=0, le=100),
    PlainSerializer(as_text, return_type=str),
    Figure.PERCENT,
]
"""0 to 100, as a string."""


def has_too_many_decimals(share: Decimal) -> bool:
    """Whether it is finer than what is taken in."""
    return share != share.quantize(Decimal(1).scaleb(-MOST_DECIMALS))


def at_most_four_decimals(share: Decimal) -> Decimal:
    """The same percentage. Raises InvalidValue for one with more decimals than are taken in."""
    if has_too_many_decimals(share):
        raise InvalidValue(
            f"百分数最多 {MOST_DECIMALS} 位小数", f"a percentage has at most {MOST_DECIMALS} decimals"
        )
    return share


StatedPercent = Annotated[Percent, AfterValidator(at_most_four_decimals)]
"""A percentage of a row that is imported. What an order carries is held to this where it comes in, and read as it stands."""
