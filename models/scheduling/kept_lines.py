"""A machine line as it is kept and typed: its week as seven texts, `08:00-12:00 13:00-17:00` (R150). Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any

from pydantic import AfterValidator

from models.scheduling.crews import needs_of
from models.scheduling.machine_lines import MachineLine, Shift, Span
from models.values.content import Line
from models.values.vocabulary import Unit, Words
from models.values.words import InvalidValue

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The fields of the week, in its order."""
NOT_LISTED = Words(
    "价目表里没有 {products}：请核对产品编号", "{products}: not on the price list, look at the number"
)
"""A warning: a line may be set up before its products have a price."""
_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*(?:[-~\u2013\u2014\u301c]|至|到)\s*(\d{1,2}):(\d{2})")
_BETWEEN = re.compile(r"[\s,;、/和]*")
_MIDNIGHT = (24, 0)
_LAST_HOUR, _LAST_MINUTE = 23, 59


def shifts_of(text: str) -> tuple[Shift, ...]:
    """The shifts of a day as they are typed; nothing is a day without. `24:00` is midnight.

    Raises InvalidValue for what is no hours. Whether they follow each other is asked of the whole line.
    """
    rest = unicodedata.normalize("NFKC", text).strip()
    found = []
    while rest:
        shift = _SHIFT.match(rest)
        if shift is None:
            raise _no_hours(text)
        begins, ends = (_time(shift[place], shift[place + 1], text, end=place > 1) for place in (1, 3))
        found.append(Shift(begins, ends))
        rest = rest[shift.end() :]
        rest = rest[len(_BETWEEN.match(rest)[0]) :]  # type: ignore[index]
    return tuple(found)


def _time(hour: str, minute: str, text: str, *, end: bool) -> time:
    given = int(hour), int(minute)
    if end and given == _MIDNIGHT:
        return time(0)
    if given[0] > _LAST_HOUR or given[1] > _LAST_MINUTE:
        raise _no_hours(text)
    return time(*given)


def _no_hours(text: str) -> InvalidValue:
    shown = text[:40]
    return InvalidValue(
        f"“{shown}”不是班次；请写成 08:00-12:00 13:00-17:00，不开机留空",
        f"“{shown}” is no shifts; write 08:00-12:00 13:00-17:00, or nothing where the line does not run",
    )


def shifts_text(shifts: tuple[Shift, ...]) -> str:
    """Shifts as they are kept."""
    return " ".join(
        f"{shift.begins:%H:%M}-{'24:00' if shift.till_midnight else format(shift.ends, '%H:%M')}"
        for shift in shifts
    )


def _as_kept(text: str) -> str:
    return shifts_text(shifts_of(text))


ShiftTexts = Annotated[Line, AfterValidator(_as_kept)]
"""The shifts of one day."""


def kept_line(values: Mapping[str, Any], downtimes: tuple[Span, ...] = ()) -> MachineLine:
    """A line of what is kept of it. Raises ValueError for what is none."""
    return MachineLine(
        line=values["line"],
        name=values["name"],
        products=frozenset(values["products"]),
        rate=values["rate"],
        unit=Unit(values["unit"]),
        set_up_hours=values["set_up_hours"],
        week=tuple(shifts_of(values[day]) for day in WEEK),
        downtimes=downtimes,
        needs=needs_of(values.get("crew") or ""),
    )
