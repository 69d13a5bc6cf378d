"""What is wrong with a value, in plain words in both languages, from what pydantic says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from models.values.errors import Code, Refusal
from models.values.field_words import field_words
from models.values.vocabulary import Term
from models.values.words import InvalidValue, Words

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

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
    "enum": Words("只能是{allowed}", "allowed: {allowed}"),
    "literal_error": Words("只能是{allowed}", "allowed: {allowed}"),
    "string_pattern_mismatch": Words("写法不对：{form}", "not written as it must be: {form}"),
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
_OF_TEXTS = {"too_short": "string_too_short", "too_long": "string_too_long"}
"""What pydantic says of the length of anything that is checked first; of a text it is said in characters."""
_QUOTED = re.compile(r"'([^']*)'")
_HEX = re.compile(r"\^\[0-9a-f\]\{(\d+)\}\$")
_NUMBERED = re.compile(r"\^([A-Z]?)\\d\{8\}-")
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
    for error in invalid.errors(include_url=False):
        place = tuple(str(part) for part in error["loc"])
        found.append(Mistake(place, words_of(error), error["type"] == "missing"))
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
    errors = invalid.errors(include_url=False)
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
    words = template.filled(mistake=_mistake(first), **values)
    return Refusal(_CODES.get(name, Code.MALFORMED), words, where=where)


def words_of(said: ErrorDetails) -> Words:
    """What is wrong with one value, in words that stand at its own field."""
    return _EMPTY if said["type"] == "missing" else _mistake(said)


def _mistake(said: ErrorDetails) -> Words:
    context = said.get("ctx", {})
    error = context.get("error")
    if isinstance(error, InvalidValue):
        return error.words
    kind = said["type"]
    if isinstance(said["input"], str):
        kind = _OF_TEXTS.get(kind, kind)
    filled = {"allowed": _allowed(context.get("expected", "")), "form": _form(context.get("pattern", ""))}
    return _WORDS.get(kind, _OTHERWISE).filled(said=said["msg"], **filled, **context)


def _allowed(expected: str) -> Words:
    """The values that pydantic lists, as people know them: a term by its label, with the value as programs write it."""
    values = _QUOTED.findall(expected)
    if not values:
        return Words(expected, expected)
    known = {member.value: member for member in _term_of(frozenset(values))}
    return Words.listed(_labelled(value, known.get(value)) for value in values)


def _labelled(value: str, member: Term | None) -> Words:
    if member is None:
        return Words(value, value)
    return Words(f"{member.zh}（{value}）", value if member.en == value else f"{member.en} ({value})")


def _term_of(values: frozenset[str]) -> Iterable[Term]:
    """The closed set with exactly these values; no two have the same. Nothing where it is no term."""
    found: list[type[Term]] = [Term]
    while found:
        term = found.pop()
        if values == {member.value for member in term}:
            return term
        found.extend(term.__subclasses__())
    return ()


def _form(pattern: str) -> Words:
    """A form that is asked for, as people can follow it; of others the pattern itself."""
    if found := _HEX.fullmatch(pattern):
        return Words(
            f"须是 {found[1]} 个字符，只用 0–9 和 a–f", f"{found[1]} signs, each of 0 to 9 or a to f"
        )
    if found := _NUMBERED.match(pattern):
        return Words(f"须是编号，如 {found[1]}20270105-0042", f"a number such as {found[1]}20270105-0042")
    return Words(f"须符合 {pattern}", f"it must match {pattern}")
