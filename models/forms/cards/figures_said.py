"""Figures and days on a card, as people read them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Words
from models.writing.printed_figures import figures, price, quantity

_WEEKDAYS = (
    ("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"), ("周五", "Fri"), ("周六", "Sat"), ("周日", "Sun"),
)  # fmt: skip


def plain(text: str) -> Words:
    """The same text in both languages."""
    return Words(text, text)


def money(amount: Decimal) -> Words:
    """An amount: `¥6,720.00`; below nothing `-¥6,720.00`."""
    return plain(money_text(amount))


def money_text(amount: Decimal) -> str:
    """The same as one text, to stand in a sentence."""
    return f"{'-' if amount < 0 else ''}¥{figures(abs(amount))}" if amount.is_finite() else "?"


def unit_price(amount: Decimal) -> Words:
    """A unit price with all its decimals: `¥0.0385`."""
    return plain(f"¥{price(amount)}" if amount.is_finite() else "?")


def counted(amount: Decimal, unit: Words | None) -> Words:
    """A quantity with its unit: `1,000 卷`."""
    text = quantity(amount) if amount.is_finite() else "?"
    return plain(text) if unit is None else Words(f"{text} {unit.zh}", f"{text} {unit.en}")


def day(value: date) -> Words:
    """A day with its weekday: `12-02 周三`."""
    zh, en = _WEEKDAYS[value.weekday()]
    return Words(f"{value:%m-%d} {zh}", f"{en} {value:%m-%d}")


def moment(value: datetime) -> Words:
    """A moment by business time: `12-02 17:25`."""
    return plain(value.astimezone(BUSINESS_ZONE).strftime("%m-%d %H:%M"))


def listed(parts: list[Words]) -> Words:
    """Several values behind each other."""
    return Words("；".join(each.zh for each in parts), "; ".join(each.en for each in parts))
