"""What is wrong with a value, in plain words in both languages, from what pydantic says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from models.values.errors import Code, Refusal
from models.values.field_words import field_words
from models.values.words import InvalidValue, Words

_CODES: dict[str, Code] = {
    "unit": Code.WRONG_UNIT,
    "channel": Code.UNKNOWN_CHANNEL,
    "quantity": Code.BAD_QUANTITY,
    "counted": Code.BAD_QUANTITY,
    "unit_price": Code.BAD_MONEY,
    "amount": Code.BAD_MONEY,
    "limit": Code.BAD_MONEY,
    "credit_limit": Code.BAD_MONEY,
    "tax_number": Code.BAD_TAX_NUMBER,
    "customer_class": Code.UNKNOWN_CLASS,
    "fulfilment": Code.NOT_OFFERED,
    "outcome": Code.UNKNOWN_OUTCOME,
}
"""Fields whose mistakes have a code of their own; every other mistake of form is `malformed`."""

_WORDS: dict[str, Words] = {
    "enum": Words("只能是 {expected}", "allowed: {expected}"),
    "literal_error": Words("只能是 {expected}", "allowed: {expected}"),
    "greater_than": Words("须大于 {gt}", "must be greater than {gt}"),
    "greater_than_equal": Words("不得小于 {ge}", "must be at least {ge}"),
    "less_than": Words("须小于 {lt}", "must be less than {lt}"),
    "less_than_equal": Words("不得大于 {le}", "must be at most {le}"),
    "string_type": Words("须是文字", "must be a text"),
    "string_too_short": Words("至少 {min_length} 个字符", "at least {min_length} characters"),
    "string_too_long": Words("最多 {max_length} 个字符", "at most {max_length} characters"),
    "too_short": Words("至少 {min_length} 项", "at least {min_length} entries"),
    "too_long": Words("最多 {max_length} 项", "at most {max_length} entries"),
    "tuple_type": Words("须是列表", "must be a list"),
    "list_type": Words("须是列表", "must be a list"),
    "dict_type": Words("须是一组字段", "must be a set of fields"),
    "model_type": Words("须是一组字段", "must be a set of fields"),
    "model_attributes_type": Words("须是一组字段", "must be a set of fields"),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float"), Words("须是整数", "must be a whole number")
    ),
    **dict.fromkeys(
        ("decimal_type", "decimal_parsing"),
        Words("须是数字，例如 12.50", "must be a number, for example 12.50"),
    ),
    **dict.fromkeys(("bool_type", "bool_parsing"), Words("须是 true 或 false", "must be true or false")),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        Words("须是日期，例如 2027-01-05", "must be a date, for example 2027-01-05"),
    ),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing"),
        Words(
            "须是带时区的时间，例如 2027-01-05T09:30:00+08:00",
            "must be a time with its offset, for example 2027-01-05T09:30:00+08:00",
        ),
    ),
}
_OTHERWISE = Words("填写有误：{said}", "{said}")
_MISSING = Words("缺少必填项 {field}（{where}）{others}", "{field} ({where}) is missing{others}")
_EMPTY = Words("必填", "to be filled in")
_UNKNOWN = Words("没有 {where} 这一项{others}", "there is no field {where}{others}")
_WRONG = Words("{field}（{where}）：{mistake}{others}", "{field} ({where}): {mistake}{others}")
_NAMELESS = Words("{mistake}{others}", "{mistake}{others}")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One value that was not taken: its place, and what is wrong with it; `missing` where there was none."""

    place: tuple[str, ...]
    words: Words
    missing: bool


def mistakes_of(invalid: ValidationError) -> list[Mistake]:
    """All mistakes of a failed reading, each in words that stand at its own field."""
    found = []
    for error in invalid.errors(include_url=False, include_input=False):
        missing = error["type"] == "missing"
        words = _EMPTY if missing else _mistake(error["type"], error["msg"], error.get("ctx", {}))
        found.append(Mistake(tuple(str(part) for part in error["loc"]), words, missing))
    return found


class BadWriting(Refusal):
    """A text is written as none may be that comes in, or can be read in two ways; what was taken before is not asked."""


def mistaken(mistakes: Sequence[Mistake], *, inside: str = "") -> BadWriting:
    """The first of these mistakes as a refusal, the places of the others named with it."""
    places = [".".join((*((inside,) if inside else ()), *mistake.place)) for mistake in mistakes]
    others = list(dict.fromkeys(place for place in places[1:] if place != places[0]))
    name = next((part for part in reversed(mistakes[0].place) if not part.isdecimal()), "")
    words = (_WRONG if places[0] else _NAMELESS).filled(
        where=places[0],
        field=field_words(name),
        mistake=mistakes[0].words,
        others=f" (+{', '.join(others[:3])})" if others else "",
    )
    return BadWriting(_CODES.get(name, Code.MALFORMED), words, where=places[0])


def refusal_of(invalid: ValidationError, *, inside: str = "") -> Refusal:
    """The first mistake of a failed reading as a refusal in plain words, the places of the others named with it."""
    errors = invalid.errors(include_url=False, include_input=False)
    places = [
        ".".join(str(part) for part in (*((inside,) if inside else ()), *error["loc"])) for error in errors
    ]
    first, where = errors[0], places[0]
    name = next((str(part) for part in reversed(first["loc"]) if isinstance(part, str)), "")
    values = {
        "where": where,
        "field": field_words(name),
        "others": f" (+{', '.join(places[1:4])})" if len(places) > 1 else "",
    }
    if first["type"] == "missing":
        return Refusal(Code.MISSING_FIELD, _MISSING.filled(**values), where=where)
    if first["type"] == "extra_forbidden":
        return Refusal(Code.UNKNOWN_FIELD, _UNKNOWN.filled(**values), where=where)
    template = _WRONG if where else _NAMELESS
    words = template.filled(mistake=_mistake(first["type"], first["msg"], first.get("ctx", {})), **values)
    return Refusal(_CODES.get(name, Code.MALFORMED), words, where=where)


def _mistake(kind: str, message: str, context: Mapping[str, Any]) -> Words:
    error = context.get("error")
    if isinstance(error, InvalidValue):
        return error.words
    return _WORDS.get(kind, _OTHERWISE).filled(said=message, **context)
