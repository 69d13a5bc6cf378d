"""The building blocks of everything that is said to an order: strict content, texts, references, instants."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from models.values.money import ZERO, Money, UnitPrice
from models.values.words import InvalidValue
from models.writing.written_dates import FIRST_YEAR, LAST_YEAR

LONGEST_TEXT = 4000
_WITHOUT_A_YEAR = frozenset({str, int, bool, type(None), Decimal})
"""Types that most values are of; within a workflow `isinstance` is the sandbox's and dear."""


class Content(BaseModel):
    """Something said once and never changed: unknown fields are refused, blanks around texts are dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @field_validator("*", mode="after")
    @classmethod
    def _in_our_time(cls, value: Any) -> Any:
        # A calendar counts on from any day, and must not run out of days.
        if (
            type(value) not in _WITHOUT_A_YEAR
            and isinstance(value, date)
            and not FIRST_YEAR <= value.year <= LAST_YEAR
        ):
            raise InvalidValue(
                f"年份须在 {FIRST_YEAR} 到 {LAST_YEAR} 之间",
                f"the year lies between {FIRST_YEAR} and {LAST_YEAR}",
            )
        return value


MOST_ALIKE = 256
"""So much is kept for those who read it again. A company has one policy at a time, and a few people in each part."""
_alike: dict[tuple[type[Content], str], Content] = {}


class Alike(Content):
    """What is the same in very many cases: read twice in a message, it is one object.

    A worker holds thousands of open orders, and nearly all of them began with the same policy, staff and calendar. As
    none of it ever changes, nobody can tell the one from the other.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _read_once(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if info.mode != "json" or not isinstance(value, dict):
            return handler(value)
        key = (cls, json.dumps(value, sort_keys=True))
        known = _alike.get(key)
        if isinstance(known, cls):
            return known
        read = handler(value)
        if len(_alike) >= MOST_ALIKE:
            _alike.clear()
        _alike[key] = read
        return read


def in_order(values: frozenset[Any]) -> list[Any]:
    """A set as a sorted list: in memory its order differs from process to process, and a replay must write the same."""
    return sorted(values)


def _printable(value: str) -> str:
    # No database column takes NUL, and no printed sheet any other control character.
    if value.isprintable():
        return value
    if any((ord(sign) < 32 and sign not in "\n\t") or 0xD800 <= ord(sign) <= 0xDFFF for sign in value):
        raise InvalidValue("文字中不得有控制字符", "a text holds no control characters")
    return value


def _aware(value: datetime) -> datetime:
    if value.utcoffset() is None:
        raise InvalidValue(
            "时间须带时区，例如 2027-01-05T09:30:00+08:00",
            "write the time with its offset, for example 2027-01-05T09:30:00+08:00",
        )
    return value


def _not_negative(value: Decimal) -> Decimal:
    if value < ZERO:
        raise InvalidValue("金额不得为负", "an amount is not negative")
    return value


def _more_than_nothing(value: Decimal) -> Decimal:
    if value <= ZERO:
        raise InvalidValue("金额须大于零", "an amount is greater than zero")
    return value


@dataclass(frozen=True, slots=True)
class Writing:
    """What a text may hold where it comes in (`models.writing.entry`). `lines`: several lines; `on_paper`: it is printed,
    so that a font must have each of its signs."""

    lines: bool
    on_paper: bool


@dataclass(frozen=True, slots=True)
class Within:
    """Between which whole numbers one lies where it comes in; what was taken before is read as it stands."""

    least: int
    most: int


MOST_DAYS = 36_500
"""A hundred years: no calendar ends within them."""
IN_DAYS = Within(0, MOST_DAYS)
ON_ONE_LINE = Writing(lines=False, on_paper=True)
Text = Annotated[
    str,
    StringConstraints(max_length=LONGEST_TEXT),
    AfterValidator(_printable),
    Writing(lines=True, on_paper=False),
]
"""What somebody says, in several lines if need be. No paper carries it, or the paper names what it cannot show."""
Line = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), AfterValidator(_printable), ON_ONE_LINE]
"""A text on one line; it may be empty."""
Paragraph = Annotated[
    str,
    StringConstraints(max_length=LONGEST_TEXT),
    AfterValidator(_printable),
    Writing(lines=True, on_paper=True),
]
"""A text of several lines that is printed."""
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=120), AfterValidator(_printable), ON_ONE_LINE
]
Reference = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable), ON_ONE_LINE
]
Instant = Annotated[datetime, AfterValidator(_aware)]
"""A moment with its offset from UTC."""
NonNegativeMoney = Annotated[Money, AfterValidator(_not_negative)]
PositiveMoney = Annotated[Money, AfterValidator(_more_than_nothing)]
NonNegativePrice = Annotated[UnitPrice, AfterValidator(_not_negative)]
PositivePrice = Annotated[UnitPrice, AfterValidator(_more_than_nothing)]
