"""How a day, a moment, a yes and a no are written where they come in: `2026/1/5`, `2026年1月5日`, `是`."""

from __future__ import annotations

import re
from datetime import date, timedelta

from models.values.words import InvalidValue
from models.writing.signs import shown
from models.writing.written_numbers import Manner

FIRST_YEAR, LAST_YEAR = 2000, 2199
_WIDE = str.maketrans("０１２３４５６７８９／－．：", "0123456789/-.:")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?", re.ASCII)
_PARTED = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*([-/.月])\s*(\d{1,2})\s*([日号]?)", re.ASCII)
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_AT_MIDNIGHT = re.compile(r"(.+?)[T ]+0{1,2}:00(:00(\.0+)?)?")
_SERIAL = re.compile(r"(\d{5})(\.0+)?", re.ASCII)
_FIGURES = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?")
_DAY_OR_MONTH = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*(\d{4}|\d{2})", re.ASCII)
_DAY_AND_TIME = re.compile(r"(.+?[\d日号])(?:\s+|T)\s*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?(.*)")
_BEFORE_THE_FIRST = date(1899, 12, 30)
"""Day 0 of spreadsheet programs, for every day since March 1900."""

YES = frozenset({"是", "有", "对", "√", "✓"})
NO = frozenset({"否", "无", "不", "没有", "×", "✗"})


def plain_day(text: str, manner: Manner) -> str:
    """The day as `2026-01-05`; a text that is no day at all as it stands.

    People also write `2026/1/5`, `2026.1.5`, `2026年1月5日` and `20260105`, and a table holds the serial number of a
    spreadsheet program (46027) where a day is meant. Raises InvalidValue for a number that is no such day (`1798761600`),
    and for a day that can be read in two ways (`5/1/2026`).
    """
    said = text.strip().translate(_WIDE)
    if _ISO.fullmatch(said) and manner is Manner.SENT:
        return said
    if manner is Manner.TYPED:
        found = _typed_day(said)
        if found is not None:
            return found
    if _FIGURES.fullmatch(said):
        raise InvalidValue(
            f"{shown(text, 40)} 不是日期；请写成 2027-01-05",
            f"{shown(text, 40)} is no date; write it as 2027-01-05",
        )
    if _DAY_OR_MONTH.fullmatch(said):
        raise InvalidValue(
            f"{text} 看不出哪个是年、月、日；请写成 2027-01-05",
            f"{text} can be read in two ways; write the date as 2027-01-05",
        )
    return text


def _typed_day(said: str) -> str | None:
    midnight = _AT_MIDNIGHT.fullmatch(said)
    said = midnight[1] if midnight is not None else said
    parted, eight, serial = _PARTED.fullmatch(said), _EIGHT.fullmatch(said), _SERIAL.fullmatch(said)
    if parted is not None:
        if (parted[2], parted[4]) not in (("-", "-"), ("/", "/"), (".", "."), ("年", "月")):
            return None
        return _day(said, parted[1], parted[3], parted[5])
    if eight is not None and FIRST_YEAR <= int(eight[1]) <= LAST_YEAR:
        return _day(said, eight[1], eight[2], eight[3])
    if serial is not None:
        meant = _BEFORE_THE_FIRST + timedelta(days=int(serial[1]))
        return meant.isoformat() if FIRST_YEAR <= meant.year <= LAST_YEAR else None
    return None


def _day(said: str, year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise InvalidValue(f"没有 {said} 这一天", f"there is no day {said}") from None


def plain_moment(text: str, manner: Manner) -> str:
    """The moment as `2026-01-05T09:30`, with whatever offset it had; a text that is no moment at all as it stands.

    Raises InvalidValue for a number (`1798761600`): seconds since 1970 are nobody's date here.
    """
    said = text.strip().translate(_WIDE)
    if _FIGURES.fullmatch(said):
        raise InvalidValue(
            f"{shown(text, 40)} 不是时间；请写成 2027-01-05T09:30:00+08:00",
            f"{shown(text, 40)} is no time; write it as 2027-01-05T09:30:00+08:00",
        )
    if manner is not Manner.TYPED or _ISO.fullmatch(said):
        return said
    parts = _DAY_AND_TIME.fullmatch(said)
    day = _typed_day(parts[1].strip()) if parts is not None else None
    if parts is None or day is None:
        return text
    seconds = f":{parts[4]}" if parts[4] else ""
    return f"{day}T{int(parts[2]):02}:{parts[3]}{seconds}{parts[5].strip()}"


def plain_yes_or_no(text: str, manner: Manner) -> object:
    """A yes or a no that a person wrote in Chinese; anything else as it stands."""
    if manner is Manner.TYPED and text.strip() in YES | NO:
        return text.strip() in YES
    return text
