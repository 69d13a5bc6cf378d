"""How a spreadsheet program shows a number: as a percentage, with leading noughts, with so many decimals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

BUILT_IN = {
    "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "5": "#,##0", "6": "#,##0", "7": "#,##0.00", "8": "#,##0.00",
    "9": "0%", "10": "0.00%", "11": "0.00E+00", "37": "#,##0", "38": "#,##0", "39": "#,##0.00", "40": "#,##0.00",
    "41": "#,##0", "42": "#,##0", "43": "#,##0.00", "44": "#,##0.00", "48": "##0.0E+0",
}  # fmt: skip
"""The formats that a file names by number alone; the others are dates, fractions or text."""
MOST_DIGITS = 15
"""A spreadsheet program keeps no more digits of a number; what stands behind them is noughts or noise."""
_MEANT_FOR_THE_EYE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_FIGURES = re.compile(r"[0#?,]+(?:\.([0#?]*))?")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What of a format matters: `decimals` is None where the number is shown with as many as it has."""

    decimals: int | None = None
    percent: bool = False
    leading: int = 0
    """So many figures at least stand before the point: 5 for 00000."""
    weekday: bool = False
    """It shows the day of the week of a date."""

    @property
    def matters(self) -> bool:
        """Whether a number is shown otherwise than it is kept."""
        return self != NumberFormat()


@lru_cache(maxsize=4_096)
def number_format(code: str) -> NumberFormat:
    """What a format code says of positive numbers."""
    plain = _MEANT_FOR_THE_EYE.sub("", code).partition(";")[0].strip()
    if plain in ("aaa", "aaaa"):
        return NumberFormat(weekday=True)
    found = _FIGURES.search(plain)
    if (
        found is None
        or re.search(r"[eEyYmMdDhHsS/@]", plain)
        or found[0].split(".")[0].endswith(",")
        or "!" in plain
    ):
        return NumberFormat()
    figures = found[0].split(".")[0]
    leading = len(figures) if set(figures) == {"0"} and len(figures) > 1 else 0
    return NumberFormat(len(found[1] or ""), "%" in plain, leading)


def exact_text(value: float) -> str:
    """A number with the digits that a spreadsheet program keeps: a sum of 0.1 and 0.2 is 0.3 there."""
    return plain_figures(Decimal(f"{value:.{MOST_DIGITS}g}"))


def plain_figures(value: Decimal) -> str:
    """A decimal without exponent and without trailing noughts."""
    return format(value.normalize(), "f") if value else "0"


def shown(value: float, how: NumberFormat, *, calculated: bool) -> str:
    """A number as it is shown. One that was typed keeps all its digits; one that was calculated has those that one sees."""
    number = Decimal(f"{value:.{MOST_DIGITS}g}")
    if how.percent:
        number *= 100
    if calculated and how.decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-how.decimals), ROUND_HALF_UP)
    text = plain_figures(number)
    if how.leading and number >= 0:
        whole, point, rest = text.partition(".")
        text = whole.zfill(how.leading) + point + rest
    return f"{text}%" if how.percent else text
