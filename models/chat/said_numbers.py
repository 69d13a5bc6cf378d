"""Numbers as people say them in a chat: `1,000`, `1.5万`, `一千二`, `两百`, `三成`, `5块8`."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {sign: value for value, signs in enumerate(("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
           for sign in signs}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIAD = 10_000
_SPOKEN = "零〇一壹二两贰三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万"
NUMBER = rf"(?:\d[\d,，]*(?:\.\d+)?\s*[百千万]?|[{_SPOKEN}]+)"
"""A number in figures or in words; `said_number` reads it."""
_FIGURES = re.compile(r"(\d{1,3}(?:[,，]\d{3})+|\d+)(\.\d+)?\s*([百千万]?)")
_TIMES = {"": 1, "百": 100, "千": 1000, "万": _MYRIAD}


def said_number(text: str) -> Decimal | None:
    """The number; None for what is none or can be read in two ways (`1,20`)."""
    said = text.strip()
    figures = _FIGURES.fullmatch(said)
    if figures is not None:
        whole = Decimal(figures[1].replace(",", "").replace("，", "") + (figures[2] or ""))
        return plain_decimal(whole * _TIMES[figures[3]])
    if said and all(sign in _SPOKEN for sign in said):
        value = _in_words(said)
        return Decimal(value) if value is not None else None
    return None


def plain_decimal(value: Decimal) -> Decimal:
    """The same value without noughts that say nothing, and never in scientific form."""
    return Decimal(format(value.normalize(), "f"))


def _in_words(said: str) -> int | None:
    if all(sign in _DIGITS for sign in said):
        return int("".join(str(_DIGITS[sign]) for sign in said))
    before, myriad, after = said.partition("万")
    if myriad:
        many = _below_a_myriad(before) if before else None
        short = _DIGITS.get(after, 0) * 1000 if len(after) == 1 else None
        rest = short if short is not None else _below_a_myriad(after) if after else 0
        return None if many is None or rest is None else many * _MYRIAD + rest
    return _below_a_myriad(said)


def _below_a_myriad(said: str) -> int | None:
    """`一千二百`, `一千二` (1,200), `一百零五`, `十二`; None where it is none."""
    total, digit, last = 0, 0, 0
    for place, sign in enumerate(said):
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            if digit == 0:
                last = 0
        elif sign in _TENS:
            times = _TENS[sign]
            total += (digit if digit or place else 1) * times
            digit, last = 0, times
        else:
            return None
    # "一千二" is twelve hundred: what stands last and alone counts the next lower power
    return total + digit * (last // 10 if last > 10 else 1)
