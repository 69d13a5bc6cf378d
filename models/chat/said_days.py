"""Days as people say them in a chat: `下周三`, `12月5号前`, `月底`, `10天内`. What is no certain day is none."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from models.chat.said_numbers import said_number
from models.chat.scrap import Scrap

_FARTHEST_DAYS = 300
"""A day without its year that would lie further ahead was meant to be in the past, or is a mistake."""
_LONGEST_TERM_DAYS = 180
_BY = r"(?:\s*(?:之前|以前|前|左右|内|之内))?"
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_WEEKDAY = r"(?:周|星期|礼拜)\s*([一二三四五六日天1-7])"
_WHOLE = re.compile(rf"(20\d\d)\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?{_BY}")
_MONTH = re.compile(rf"({_NUMBER})\s*月\s*({_NUMBER})\s*[日号]?{_BY}")
_SHORT = re.compile(rf"(?<![\d.*xX×/-])(\d{{1,2}})[./](\d{{1,2}})\s*(?:[日号]{_BY}|前|之前|以前)")
_OF_MONTH = re.compile(
    r"(?:(下个?月|本月|这个?月)\s*|(?<![\d月./-]))(\d{1,2})\s*[日号](?!线|楼|门|院|库|仓|厂|路|机)(?:\s*(?:之前|以前|前|左右))?"
)
_WEEK = re.compile(rf"(下下|下个?|本|这个?)?{_WEEKDAY}{_BY}")
_NEAR = re.compile(rf"(今天|今日|明天|明日|大后天|后天){_BY}")
_NEAR_DAYS = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_END_OF_MONTH = re.compile(rf"(下个?月|本月|这个?月)?(?:月底|底){_BY}")
_WITHIN = re.compile(
    r"(\d{1,3}|[一二两三四五六七八九十]{1,3}|半)\s*(天|日|周|个?星期|个?月)\s*(?:之内|以内|内|后|之后)"
)
_WEEKDAYS = {
    sign: place
    for place, signs in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7"))
    for sign in signs
}


def take_day(scrap: Scrap, today: date) -> tuple[date, str] | None:
    """The first day that is named, with the words that name it; both are taken out. None where no day is certain."""
    for pattern, read in _READERS:
        for found in pattern.finditer(scrap.left):
            day = read(found, today)
            if day is not None:
                scrap.drop(found.start(), found.end())
                return day, found[0].strip()
    return None


def _number(text: str) -> int:
    value = said_number(text)
    return int(value) if value is not None else 0


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _coming(month: int, day: int, today: date) -> date | None:
    """The next such day; None where it is long gone or far away."""
    for year in (today.year, today.year + 1):
        found = _day(year, month, day)
        if found is not None and found >= today:
            return found if (found - today).days <= _FARTHEST_DAYS else None
    return None


def _whole(found: re.Match[str], today: date) -> date | None:
    return _day(int(found[1]), int(found[2]), int(found[3]))


def _month(found: re.Match[str], today: date) -> date | None:
    return _coming(_number(found[1]), _number(found[2]), today)


def _of_month(found: re.Match[str], today: date) -> date | None:
    wanted, said = int(found[2]), found[1] or ""
    if said.startswith("下"):
        return _in_next_month(today, wanted)
    this = _day(today.year, today.month, wanted)
    if this is not None and this >= today:
        return this
    return None if said else _in_next_month(today, wanted)


def _in_next_month(today: date, wanted: int) -> date | None:
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return _day(first.year, first.month, wanted)


def _week(found: re.Match[str], today: date) -> date | None:
    """`下周三` is the Wednesday of the next week, `周三` the one that comes; one of this week that has passed is none."""
    monday, place, said = today - timedelta(days=today.weekday()), _WEEKDAYS[found[2]], found[1] or ""
    weeks = 2 if said == "下下" else 1 if said.startswith("下") else 0
    day = monday + timedelta(weeks=weeks, days=place)
    if day < today:
        return None if said else day + timedelta(weeks=1)
    return day


def _near(found: re.Match[str], today: date) -> date | None:
    return today + timedelta(days=_NEAR_DAYS[found[1]])


def _end_of_month(found: re.Match[str], today: date) -> date | None:
    first = today.replace(day=1)
    if (found[1] or "").startswith("下"):
        first = (first + timedelta(days=32)).replace(day=1)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _within(found: re.Match[str], today: date) -> date | None:
    unit, half = found[2], found[1] == "半"
    days = 1 if unit in ("天", "日") else 7 if unit.endswith(("周", "星期")) else 30
    count = days // 2 if half else _number(found[1]) * days
    return (
        today + timedelta(days=count)
        if 0 < count <= _LONGEST_TERM_DAYS and not (half and days != 30)
        else None
    )


_READERS = (
    (_WHOLE, _whole),
    (_MONTH, _month),
    (_SHORT, _month),
    (_END_OF_MONTH, _end_of_month),
    (_WITHIN, _within),
    (_NEAR, _near),
    (_WEEK, _week),
    (_OF_MONTH, _of_month),
)
