"""What is drawn of figures: lengths of bars and places of columns in whole units of an SVG, made on the server. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 520, 150
"""The drawing's own units; a page stretches it to its width."""
_FOOT = 22


def parts_of_hundred(values: Sequence[Decimal | int]) -> list[int]:
    """How long a bar is for each value, the longest 100; one that is not nothing is at least 1 long."""
    largest = max((Decimal(value) for value in values), default=Decimal(0))
    if largest <= 0:
        return [0] * len(values)
    return [max(1, round(Decimal(value) * 100 / largest)) if value > 0 else 0 for value in values]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: from where it stands, and the text below it."""

    x: int
    y: int
    width: int
    height: int
    label: str


def columns(
    shares: Sequence[Decimal | None], labels: Sequence[str], *, of: int = 1, at: int = 0
) -> list[Column]:
    """Columns for shares between 0 and 1, side by side; None has no height. The `at`-th of so many in each place."""
    if not shares:
        return []
    place = WIDTH // len(shares)
    width = max(2, place * 3 // 4 // of)
    tall = HEIGHT - _FOOT
    found = []
    for number, (share, label) in enumerate(zip(shares, labels, strict=True)):
        height = int(tall * share) if share is not None else 0
        x = number * place + place // 8 + at * width
        found.append(Column(x, tall - height, width - 1, height, label))
    return found
