"""Money, quantities, days and times as people read them, on every page the same way; business time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from models.messages.decision_subjects import Outcome
from models.values.field_words import field_words
from models.values.money import as_unit_price, rounded
from models.values.vocabulary import Role, Term, Words
from models.values.words import Bilingual
from models.writing.printed_figures import (
    day_of_the_week,
    deadline,
    end_of_day_or_moment,
    figure,
    short_moment,
)

NONE = "-"
"""Stands where there is nothing to show."""
_NOTHING = Words(NONE, NONE)


def quantity_text(quantity: Decimal | None) -> str:
    """A quantity with its thousands apart and without the noughts that say nothing: `1,000`, `2.5`; `-` for none."""
    if quantity is None:
        return NONE
    return f"{quantity.normalize():,f}" if quantity.is_finite() else str(quantity)


def amount_text(amount: Decimal | None) -> str:
    """An amount with its thousands apart and two decimals: `¥6,720.00`; `-` where there is none."""
    if amount is None:
        return NONE
    if not amount.is_finite():
        return str(amount)
    value = rounded(amount)
    return f"{'-' if value < 0 else ''}¥{abs(value):,.2f}"


def price_text(price: Decimal | None) -> str:
    """A unit price with all its decimals, two at least: `¥5.00`, `¥0.0385`; `-` where there is none."""
    if price is None:
        return NONE
    return f"¥{as_unit_price(price):,f}" if price.is_finite() else str(price)


def moment_text(value: datetime | None) -> str:
    """A moment by business time, month to minute: `12-02 17:25`."""
    return short_moment(value) if value is not None else NONE


def day_words(day: date | None) -> Words:
    """A day with its weekday: `12-02 周三`."""
    return day_of_the_week(day) if day is not None else _NOTHING


def deadline_words(value: datetime | None) -> Words:
    """A deadline: one at the end of a day names that day, `12-02 止`, and not midnight of the next."""
    return deadline(value) if value is not None else _NOTHING


def happened_words(value: datetime | None) -> Words:
    """When something happened: what a day brought with its end names that day, and not midnight of the next."""
    return end_of_day_or_moment(value) if value is not None else _NOTHING


def outcome_words(value: str) -> Words:
    """An answer by its label: `不同意`, `refused`."""
    return _labels(Outcome, value)


def asked_words(name: str, value: str) -> Words:
    """One figure of those that an answer rests on, as people read it; the case that asks keeps it as a text."""
    show = _ASKED.get(name)
    try:
        return show(value) if show is not None else Words(value, value)
    except (ArithmeticError, ValueError):  # as it was asked, where it is none
        return Words(value, value)


def _labels(terms: type[Term], text: str) -> Words:
    """The text with every value of the closed set by its label: `上级主管 → 营销总监`."""
    zh: Mapping[str, str] = {each.value: each.zh for each in terms}
    en: Mapping[str, str] = {each.value: each.en for each in terms}
    return Words(_replaced(text, zh), _replaced(text, en))


def _replaced(text: str, labels: Mapping[str, str]) -> str:
    return re.sub("[a-z_]+", lambda found: labels.get(found[0], found[0]), text)


def _same(show: Callable[[str], str]) -> Callable[[str], Words]:
    return lambda value: Words(show(value), show(value))


_NUMBER = re.compile(r"\d+\.\d+")
_AMOUNT = _same(lambda value: amount_text(Decimal(value)))
_MOMENT = _same(lambda value: moment_text(datetime.fromisoformat(value)) if "T" in value else value)
_ASKED: Mapping[str, Callable[[str], Words]] = {
    "at_stake": _AMOUNT,
    "offer_amount": _AMOUNT,
    "amount": _AMOUNT,
    "quantity": _same(lambda value: quantity_text(Decimal(value))),
    "prices": _same(lambda value: _NUMBER.sub(lambda found: figure(Decimal(found[0])), value)),
    "accepted_at": _MOMENT,
    "valid_until": _MOMENT,
    "levels": lambda value: _labels(Role, value),
}
"""How a figure is shown, by its name; every other text stands as it is."""
_PLACE = r"[a-z_]+(?:\.[A-Za-z0-9_-]+)+|[a-z]+_[a-z_]+"
_IN_BRACKETS = re.compile(rf" ?[(（](?:{_PLACE})[)）]")
_OTHERS = re.compile(r" ?[(（]\+([^)）]*)[)）]")
_BARE = re.compile(rf"(?<![\w./@:-])(?:content|detail|changes|lines)\.(?:{_PLACE}|[a-z0-9_]+)(?![\w/])")


def refusal_words(words: Bilingual) -> Words:
    """Why something was refused, for people: fields by what they are called, and no paths of them."""
    return Words(_without_paths(words.zh, "zh"), _without_paths(words.en, "en"))


def _without_paths(text: str, language: str) -> str:
    """The text as `words` have it; what stands in brackets behind a field's own name is its path and is left out."""
    others = "（另有：{}）" if language == "zh" else " (and: {})"

    def listed(found: re.Match[str]) -> str:
        fields = [_called(place.strip(), language) for place in found[1].split(",")]
        return others.format("、".join(fields) if language == "zh" else ", ".join(fields))

    text = _OTHERS.sub(listed, text)
    text = _IN_BRACKETS.sub(lambda found: "" if "." in found[0] else found[0], text)
    return _BARE.sub(lambda found: _called(found[0], language), text)


def _called(place: str, language: str) -> str:
    """The field at this place by what people call it."""
    parts = place.split(".")
    names = [part for part in parts if not part.isdecimal()]
    words = field_words(names[-1] if names else place)
    numbers = [part for part in parts if part.isdecimal()]
    if numbers and "lines" in parts:
        line = int(numbers[0]) + 1
        return f"第{line}行{words.zh}" if language == "zh" else f"line {line}: {words.en}"
    return words.zh if language == "zh" else words.en
