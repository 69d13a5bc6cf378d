"""Days, amounts, prices, quantities and texts as they are printed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from models.values.calendar import BUSINESS_ZONE
from models.values.capital_figures import capital_figures
from models.values.money import as_unit_price
from models.values.quantity import THOUSANDTH
from models.values.words import Bilingual, Words

_OF_MONEY, _OF_QUANTITIES = 2, 3
"""How many decimals amounts have, and quantities at most."""
Both = dict[str, str]
"""One text in both languages, as a template takes it."""


def both(value: Bilingual | None) -> Both:
    """The text in both languages; nothing in both where there is none."""
    return {"zh": value.zh, "en": value.en} if value is not None else {"zh": "", "en": ""}


def day(value: date | None) -> str:
    """A business date."""
    return value.isoformat() if value is not None else ""


def moment(value: datetime) -> str:
    """A moment in business time, to the minute."""
    return value.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")


_WEEKDAYS = (
    Words("周一", "Mon"),
    Words("周二", "Tue"),
    Words("周三", "Wed"),
    Words("周四", "Thu"),
    Words("周五", "Fri"),
    Words("周六", "Sat"),
    Words("周日", "Sun"),
)
_UNTIL = Words("{day} 止", "until the end of {day}")


def short_moment(value: datetime) -> str:
    """A moment in business time without its year: `12-02 17:25`."""
    return value.astimezone(BUSINESS_ZONE).strftime("%m-%d %H:%M")


def day_of_the_week(value: date) -> Words:
    """A day with its weekday: `12-02 周三`."""
    name = _WEEKDAYS[value.weekday()]
    return Words(f"{value:%m-%d} {name.zh}", f"{name.en} {value:%m-%d}")


def deadline(value: datetime) -> Words:
    """A deadline: one at the end of a day names that day, `12-02 止`, and not midnight of the next."""
    local = value.astimezone(BUSINESS_ZONE)
    if (local.hour, local.minute) == (0, 0):
        return _UNTIL.filled(day=f"{local - timedelta(days=1):%m-%d}")
    text = short_moment(value)
    return Words(text, text)


def end_of_day_or_moment(value: datetime) -> Words:
    """When something happened: what a day brought with its end names that day, `12-02 周三`, and not midnight of the next."""
    local = value.astimezone(BUSINESS_ZONE)
    if (local.hour, local.minute) == (0, 0):
        return day_of_the_week(local.date() - timedelta(days=1))
    text = short_moment(value)
    return Words(text, text)


def figures(value: Decimal) -> str:
    """An amount with its thousands set apart."""
    return f"{value:,.2f}"


def price(value: Decimal) -> str:
    """A unit price with all its decimals, two at least: 5.00 and 0.0385."""
    return f"{as_unit_price(value):,f}"


def figure(value: Decimal) -> str:
    """A number as people write it: by its decimals it is an amount (two), a unit price (finer than any quantity), or a
    quantity."""
    if not value.is_finite():
        return str(value)
    decimals = -int(value.as_tuple().exponent)
    if decimals == _OF_MONEY:
        return figures(value)
    return price(value) if decimals > _OF_QUANTITIES else quantity(value)


def amount(value: Decimal) -> dict[str, str]:
    """An amount in figures and in Chinese capital figures."""
    return {"figures": figures(value), "capitals": capital_figures(value)}


def quantity(value: Decimal) -> str:
    """A quantity without the decimals that say nothing: 1,000 and 12.5."""
    text = f"{value.quantize(THOUSANDTH):,f}"
    return text.rstrip("0").rstrip(".")


def percent(value: Decimal) -> str:
    """A share of a hundred: 30%, 2.5%."""
    return f"{value.normalize():f}%"
