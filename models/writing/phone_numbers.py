"""Telephone numbers as spreadsheets spoil them: one that lost its leading nought is asked about, never refused."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from models.values.words import Words

PHONES = ("phone", "fax")
"""Fields that hold one."""
_DIGITS = re.compile(r"\d+", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_SERVICE = re.compile(r"[48]00\d{7}", re.ASCII)
_WITHOUT_NOUGHT = re.compile(r"10\d{8}|2\d{9}|[3-9]\d{9,10}", re.ASCII)
"""An area code without its nought, and the number in it: 10 and 2x have eight digits behind them, others seven or eight."""
_SHORT_MOBILE = re.compile(r"1[3-9]\d{8}", re.ASCII)
_LOST_NOUGHT = Words(
    "{number} 像是丢了开头的 0（0{number}？）；表格里请把该列设为文本",
    "{number} seems to have lost its leading 0 (0{number}?); in a table make the column text",
)
_LOST_DIGIT = Words("手机号 {number} 少一位", "the mobile number {number} is one digit short")


def phone_doubt(number: str) -> Words | None:
    """What is odd about a telephone number; None for one that can be called."""
    text = number.strip()
    if not _DIGITS.fullmatch(text) or _MOBILE.fullmatch(text) or _SERVICE.fullmatch(text):
        return None
    if _WITHOUT_NOUGHT.fullmatch(text):
        return _LOST_NOUGHT.filled(number=text)
    return _LOST_DIGIT.filled(number=text) if _SHORT_MOBILE.fullmatch(text) else None


def doubts_json(content: BaseModel) -> dict[str, Any]:
    """The same for programs: `look_at` by field, in both languages; nothing where nothing is odd."""
    doubts = phone_doubts(content)
    return (
        {"look_at": {name: {"zh": each.zh, "en": each.en} for name, each in doubts.items()}} if doubts else {}
    )


def phone_doubts(content: BaseModel) -> dict[str, Words]:
    """What is odd about the telephone numbers of a content, by their fields."""
    numbers = ((name, getattr(content, name, None)) for name in PHONES)
    found = ((name, phone_doubt(number)) for name, number in numbers if isinstance(number, str))
    return {name: doubt for name, doubt in found if doubt is not None}
