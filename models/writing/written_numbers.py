"""How a number is written where it comes in: `1,200.50`, `１２`, `¥5.00`, `30%`, `1.5万` become plain figures.

One reading for tables, forms, command line, API and webhooks. Only people write `1.5万` (`Manner.TYPED`): a program that
sends it has a fault in it, and is told so. What can be read in two ways is refused and not guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum

from models.values.words import InvalidValue
from models.writing.signs import named

LONGEST = 40
"""Signs; no amount or quantity has more."""
LARGEST_WHOLE = 2**31 - 1
"""The largest whole number that a column of the order database takes."""


class Manner(Enum):
    """How something comes in."""

    TYPED = "typed"
    """By a person: in a table, a form, or on the command line."""
    SENT = "sent"
    """By a program: API, webhook, signal, update."""
    KEPT = "kept"
    """It was taken before, and is read as it stands."""


class Figure(Enum):
    """What a number counts: which signs may stand beside its digits."""

    MONEY = "money"
    QUANTITY = "quantity"
    PERCENT = "percent"
    COUNT = "count"


_WIDE = str.maketrans("０１２３４５６７８９．，－＋％￥﹣−＿（）", "0123456789.,-+%¥--_()")
_PLAIN = re.compile(r"-?(\d+\.?\d*|\.\d+)")
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_MYRIADS = re.compile(r"(-?\d+(?:\.\d+)?)([万亿])")
_TIMES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_BEFORE = re.compile(r"(?:¥|CNY|RMB|人民币)\s*", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?:元整|元|圆|CNY|RMB)", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+")
_NO_NUMBER = frozenset(
    {"nan", "snan", "inf", "infinity", "-nan", "+nan", "-inf", "+inf", "-infinity", "+infinity"}
)
_OTHER_MONEY = re.compile(r"[$€£]|USD|EUR|GBP|HKD|JPY", re.IGNORECASE)
_BEGINS_WITH_DIGITS = re.compile(r"-?[\d,.]+\s*([^\d\s,.].*)")


def plain_number(text: str, figure: Figure, manner: Manner) -> str:
    """The number in plain figures; a text that is written so already, or that is none at all, as it stands.

    Raises InvalidValue for what could be read in two ways, and for what a program takes for a number and no person does.
    """
    said = text.strip()
    if len(said) > LONGEST:
        raise InvalidValue(f"数字最多 {LONGEST} 个字符", f"a number has at most {LONGEST} signs")
    if _PLAIN.fullmatch(said) and said.isascii():
        return text
    written = said.translate(_WIDE)
    _require_our_digits(written)
    written = _without_what_stands_beside(written, figure)
    if _PLAIN.fullmatch(written):
        return written
    if _THOUSANDS.fullmatch(written):
        return written.replace(",", "")
    myriads = _MYRIADS.fullmatch(written)
    if myriads is not None and manner is Manner.TYPED and figure is not Figure.PERCENT:
        return format((Decimal(myriads[1]) * _TIMES[myriads[2]]).normalize(), "f")
    _require_no_other_writing(written, said, figure, manner)
    return text


def _require_our_digits(written: str) -> None:
    foreign = next((sign for sign in written if sign.isdigit() and not sign.isascii()), "")
    if foreign:
        raise InvalidValue(
            f"数字只用 0 到 9，不用 {named(foreign)}", f"digits are 0 to 9, and not {named(foreign)}"
        )


def _without_what_stands_beside(written: str, figure: Figure) -> str:
    if figure is Figure.MONEY:
        minus, rest = ("-", written[1:]) if written.startswith("-") else ("", written)
        before = _BEFORE.match(rest)
        rest = rest[before.end() :] if before else rest
        after = next((found for found in _AFTER.finditer(rest) if found.end() == len(rest)), None)
        return minus + (rest[: after.start()] if after else rest)
    if figure is Figure.PERCENT and written.endswith("%"):
        return written[:-1].rstrip()
    return written


def _require_no_other_writing(written: str, said: str, figure: Figure, manner: Manner) -> None:
    """Raises InvalidValue that says what to write instead; a text that is no number at all is left to the field."""
    bare = written.replace(" ", "")
    if bare.lower() in _NO_NUMBER:
        raise InvalidValue(f"{said} 不是数字", f"{said} is no number")
    if _SCIENTIFIC.fullmatch(bare):
        raise InvalidValue(
            f"不用科学计数法 {said}；请写出全部数字，表格里把该列设为文本",
            f"{said} is in scientific form: write all its digits; in a table make the column text",
        )
    if "_" in bare and _is_number(bare.replace("_", "").removeprefix("+")):
        raise InvalidValue(f"{said} 中不得有下划线", f"{said}: no underscores in a number")
    if bare.startswith("+") and _is_number(bare[1:]):
        raise InvalidValue(f"不写加号：{bare[1:]}", f"without the plus: {bare[1:]}")
    if "," in bare and _is_number(bare.replace(",", "").replace(".", "")):
        raise InvalidValue(
            f"{said} 看不出逗号是千分位还是小数点；请写成 1200.50",
            f"{said} can be read in two ways: is the comma for thousands or for decimals? Write 1200.50",
        )
    if " " in written and _is_number(bare):
        raise InvalidValue(
            f"{said} 中不得有空格；请写成 {bare}", f"{said}: no blanks in a number; write {bare}"
        )
    if _MYRIADS.fullmatch(bare):
        raise InvalidValue(f"{said}：请写出全部数字", f"{said}: write all its digits")
    if bare.startswith("(") and bare.endswith(")") and _is_number(bare[1:-1]):
        raise InvalidValue(f"负数写成 -{bare[1:-1]}", f"write a negative number as -{bare[1:-1]}")
    _require_nothing_beside(written, said, figure)


def _require_nothing_beside(written: str, said: str, figure: Figure) -> None:
    if figure is Figure.MONEY and _OTHER_MONEY.search(written):
        raise InvalidValue(
            f"{said}：只收人民币，只写数字", f"{said}: amounts are in CNY; write the figures alone"
        )
    if figure is not Figure.MONEY and _BEFORE.match(written):
        raise InvalidValue(f"{said} 是金额，不是数量", f"{said} is an amount of money; here stands a number")
    beside = _BEGINS_WITH_DIGITS.fullmatch(written)
    if beside is not None:
        raise InvalidValue(f"只写数字，不写“{beside[1]}”", f"write the figures alone, without “{beside[1]}”")


def _is_number(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None


def require_whole(value: int, least: int = -LARGEST_WHOLE, most: int = LARGEST_WHOLE) -> None:
    """Raises InvalidValue for a whole number outside of these; none is larger than a column takes."""
    if not least <= value <= most:
        raise InvalidValue(f"整数须在 {least} 与 {most} 之间", f"a whole number between {least} and {most}")
