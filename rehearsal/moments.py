"""Moments and days of a story, told relative to its start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from models.values.calendar import BUSINESS_ZONE, ONE_DAY, business_date
from models.values.words import InvalidValue

_PARTS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_OFFSET = re.compile(r"^\s*(?:\d+\s*[dhms]\s*)+$")
_PART = re.compile(r"(\d+)\s*([dhms])")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_DAY_TEXT = re.compile(r"(\d{4}-\d{2}-\d{2}|day([+-]\d+)?|\{day([+-]\d+)?\})?")
_DAY = re.compile(r"\{day(?:([+-]\d+))?\}")


def read_offset(value: object) -> timedelta:
    """`1d 2h 30m` as a span of time. Raises ValueError for anything else."""
    if isinstance(value, timedelta):
        return value
    text = str(value)
    if not _OFFSET.match(text):
        raise ValueError("write a span like 1d 2h 30m (d, h, m, s)")
    return timedelta(**_sum_parts(text))


def _sum_parts(text: str) -> dict[str, int]:
    parts: dict[str, int] = {}
    for number, unit in _PART.findall(text):
        parts[_PARTS[unit]] = parts.get(_PARTS[unit], 0) + int(number)
    return parts


def shown_offset(span: timedelta) -> str:
    """A span as a story writes it."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{n}{unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s")) if n]
    return " ".join(parts) or "0m"


Offset = Annotated[
    timedelta,
    BeforeValidator(
        read_offset, json_schema_input_type=Annotated[str, Field(pattern=r"^\s*(\d+\s*[dhms]\s*)+$")]
    ),
    PlainSerializer(shown_offset, return_type=str),
]
"""A span of time after the story's start: `1d 2h 30m`."""


def _day_text(value: str) -> str:
    if not _DAY_TEXT.fullmatch(value):
        raise InvalidValue("请写日期或 day+5", "write a date, or a day by the start: day+5")
    return value


DayText = Annotated[
    str, AfterValidator(_day_text), WithJsonSchema({"type": "string", "pattern": f"^{_DAY_TEXT.pattern}$"})
]
"""A date, or a day by the start: `day+5`. An empty text: there is none."""


def start_moment(now: datetime, weekday: int | None, day: date | None, clock: time) -> datetime:
    """When a story starts: on the date it names, or on its weekday, at least a day from now.

    Raises ValueError for a date that has passed: a running order's clock only goes forward.
    """
    earliest = business_date(now) + ONE_DAY
    if day is None:
        day = earliest
        while weekday is not None and day.weekday() != weekday:
            day += ONE_DAY
    elif day < earliest:
        raise ValueError(f"a story starts on a future date; {day.isoformat()} is not after today")
    return datetime.combine(day, clock, BUSINESS_ZONE)


def filled(value: Any, values: Mapping[str, Any], start: datetime) -> Any:
    """Content with its placeholders filled in: `{name}` from `values`, `{day+3}` and `{day-3}` as dates by the start.

    A text that is one placeholder and nothing else takes over the value with its type. A value may hold placeholders
    of its own, though never its own name. Raises KeyError for a name nobody gave.
    """
    if isinstance(value, Mapping):
        return {key: filled(each, values, start) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [filled(each, values, start) for each in value]
    if not isinstance(value, str) or "{" not in value:
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    if whole and whole[1] != "day":
        return _value_of(whole[1], values, start)
    named = _PLACEHOLDER.sub(lambda m: m[0] if m[1] == "day" else str(_value_of(m[1], values, start)), value)
    return with_days(named, start)


def with_days(text: str, start: datetime) -> str:
    """A text with each `{day+3}` in it as a date by the start."""
    return _DAY.sub(lambda m: day_after(start, int(m[1] or 0)).isoformat(), text)


def _value_of(name: str, values: Mapping[str, Any], start: datetime) -> Any:
    others = {each: value for each, value in values.items() if each != name}
    return filled(values[name], others, start)


def day_after(start: datetime, days: int) -> date:
    """The business date so many days after the start; a negative number: before it."""
    return business_date(start) + days * ONE_DAY
