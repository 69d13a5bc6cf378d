"""What somebody had before them when they said something: the version of the order, and the figures that count (R83).

A page always says it, a service or a command where it knows. What is not named was not shown, and is taken as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pydantic import Field

from models.values.content import Content, Text
from models.values.money import Amount


class Seen(Content):
    """The order as it was shown: an act on another version, or on figures that moved since, is refused as stale."""

    version: int | None = Field(default=None, ge=1)
    """The version of the request: 1 as it was placed, one more with each change."""
    bill: Amount | None = None
    open_balance: Amount | None = None
    release: int | None = None
    goods: Text = ""
    """The quantities of the release, by line: `1:400,2:30`."""


def goods_of(quantities: Mapping[int, Decimal]) -> str:
    """Quantities by line as one short text: `1:400,2:30.5`."""
    return ",".join(f"{line}:{_short(quantities[line])}" for line in sorted(quantities))


def _short(quantity: Decimal) -> str:
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
