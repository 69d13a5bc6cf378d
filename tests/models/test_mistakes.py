"""What is said of a value that was not taken: the place and plain words for every kind of mistake, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from models.messages.envelope import read_content
from models.values.content import Content, Line
from models.values.errors import Refusal
from models.values.vocabulary import DeliveryMethod, Term, Unit
from models.values.words import InvalidValue


class Inner(Content):
    """A part of a form."""

    line: int = 1


class Form(BaseModel):
    """One field for each way to be wrong."""

    few: list[int] = Field(default=[], max_length=2)
    some: list[int] = Field(default=[1], min_length=1)
    pair: tuple[int, ...] = ()
    words: str = Field(default="abc", min_length=2, max_length=4)
    above: int = Field(default=1, gt=0, lt=10)
    within: int = Field(default=1, ge=0, le=10)
    named: dict[str, int] = {}
    inner: Inner = Inner()
    day: date = date(2027, 3, 1)
    moment: datetime | None = None
    flag: bool = True
    amount: Decimal = Decimal(1)
    unit: Unit = Unit.ROLL
    kind: Literal["a", "b"] = "a"
    method: DeliveryMethod = DeliveryMethod.COURIER
    why: Annotated[Line, Field(min_length=1, max_length=5)] = "x"
    """Looked at before its length is: pydantic says nothing of characters then."""
    hex: Annotated[str, Field(pattern=r"^[0-9a-f]{4}$")] = "0000"
    number: Annotated[str, Field(pattern=r"^Q\d{8}-\d{4,}$")] = "Q20270105-0001"
    code: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"


@pytest.mark.parametrize(
    ("given", "en", "zh"),
    [
        ({"few": [1, 2, 3]}, "at most 2 entries", "最多 2 项"),
        ({"some": []}, "at least 1 entries", "至少 1 项"),
        ({"few": "x"}, "must be a list", "须是列表"),
        ({"pair": 5}, "must be a list", "须是列表"),
        ({"words": "a"}, "at least 2 characters", "至少 2 个字符"),
        ({"words": "abcde"}, "at most 4 characters", "最多 4 个字符"),
        ({"words": 5}, "must be a text", "须是文字"),
        ({"above": 0}, "must be greater than 0", "须大于 0"),
        ({"above": 10}, "must be less than 10", "须小于 10"),
        ({"within": -1}, "must be at least 0", "不得小于 0"),
        ({"within": 11}, "must be at most 10", "不得大于 10"),
        ({"within": "x"}, "must be a whole number", "须是整数"),
        ({"within": None}, "must be a whole number", "须是整数"),
        ({"within": 1.5}, "must be a whole number", "须是整数"),
        ({"named": 5}, "must be a set of fields", "须是一组字段"),
        ({"inner": 5}, "must be a set of fields", "须是一组字段"),
        ({"day": "soon"}, "must be a date, for example 2027-01-05", "须是日期，例如 2027-01-05"),
        ({"day": []}, "must be a date, for example 2027-01-05", "须是日期，例如 2027-01-05"),
        (
            {"day": "2027-03-01T09:00:00"},
            "must be a date, for example 2027-01-05",
            "须是日期，例如 2027-01-05",
        ),
        ({"moment": "soon"}, "must be a time with its offset", "须是带时区的时间"),
        ({"moment": []}, "must be a time with its offset", "须是带时区的时间"),
        ({"flag": "perhaps"}, "must be true or false", "须是 true 或 false"),
        ({"flag": []}, "must be true or false", "须是 true 或 false"),
        ({"amount": "five"}, "must be a number, for example 12.50", "须是数字，例如 12.50"),
        ({"amount": []}, "must be a number, for example 12.50", "须是数字，例如 12.50"),
        ({"kind": "c"}, "allowed: a, b", "只能是a、b"),
        ({"unit": "bushel"}, "allowed: roll, ", "只能是卷（roll）、"),
        ({"method": "pigeon"}, "allowed: courier, ", "只能是快递（courier）、"),
        ({"why": ""}, "at least 1 characters", "至少 1 个字符"),
        ({"why": "x" * 6}, "at most 5 characters", "最多 5 个字符"),
        (
            {"hex": "x"},
            "not written as it must be: 4 signs, each of 0 to 9 or a to f",
            "须是 4 个字符，只用 0–9 和 a–f",
        ),
        (
            {"number": "x"},
            "not written as it must be: a number such as Q20270105-0042",
            "须是编号，如 Q20270105-0042",
        ),
        ({"code": "x"}, "not written as it must be: it must match ^[A-Z]{3}$", "须符合 ^[A-Z]{3}$"),
    ],
)
def test_every_kind_of_mistake_has_its_words(given: dict[str, Any], en: str, zh: str) -> None:
    (field,) = given
    with pytest.raises(Refusal) as refused:
        read_content(Form, given, inside="content")
    assert refused.value.where == f"content.{field}"
    assert f"(content.{field}): {en}" in refused.value.words.en
    assert zh in refused.value.words.zh


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("unit", "bushel", "wrong_unit"),
        ("channel", "pigeon", "unknown_channel"),
        ("quantity", "x", "bad_quantity"),
        ("unit_price", "x", "bad_money"),
        ("amount", "x", "bad_money"),
        ("customer_class", "Z", "unknown_class"),
        ("fulfilment", "magic", "not_offered"),
        ("outcome", "perhaps", "unknown_outcome"),
        ("anything", "x", "malformed"),
    ],
)
def test_some_fields_have_a_code_of_their_own(field: str, value: str, code: str) -> None:
    kind = type("One", (BaseModel,), {"__annotations__": {field: int}})
    with pytest.raises(Refusal) as refused:
        read_content(kind, {field: value})
    assert (refused.value.code.value, refused.value.where) == (code, field)


def test_the_first_is_told_and_three_others_are_named() -> None:
    wrong = {"few": 1, "some": 1, "pair": 1, "words": 1, "above": "x"}
    with pytest.raises(Refusal) as refused:
        read_content(Form, wrong, inside="content")
    assert refused.value.where == "content.few"
    assert refused.value.words.en.endswith("(+content.some, content.pair, content.words)")


def test_a_value_that_a_field_does_not_take_says_why_also_to_who_reads_logs() -> None:
    mistake = InvalidValue("不行", "not so")
    assert str(mistake) == "not so"
    assert (mistake.words.zh, mistake.words.en) == ("不行", "not so")


def test_no_two_closed_sets_have_the_same_values() -> None:
    """A value that is not among those allowed is answered with the labels of its set, which is found by its values."""

    def below(term: type[Term]) -> Iterator[type[Term]]:
        for each in term.__subclasses__():
            yield each
            yield from below(each)

    sets = [frozenset(member.value for member in term) for term in below(Term)]
    assert len(sets) > 50
    assert [each for each in sets if sets.count(each) > 1] == []
