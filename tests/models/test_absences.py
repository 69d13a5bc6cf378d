"""Who acts for whom while somebody is away (R13)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.absences import Absence, StandIns, circle_of, stand_ins

MONDAY, TUESDAY, SUNDAY = date(2027, 3, 1), date(2027, 3, 2), date(2027, 3, 7)
NOON = datetime(2027, 3, 1, 4, tzinfo=UTC)


def away(*people: str, **deputies: str) -> dict[str, Absence]:
    return {each: Absence(person=each, first_day=MONDAY, deputy=deputies.get(each, "")) for each in people}


def test_who_is_there_acts_themselves() -> None:
    assert StandIns(deputies={"li": "wu"}).acting_for("li") == "li"
    assert StandIns(deputies={"li": "wu"}).stands_in_for("wu") == ()


def test_the_deputy_of_the_staff_list_acts() -> None:
    ins = StandIns(away("li"), {"li": "wu"}, {"li": "qian"})
    assert ins.acting_for("li") == "wu"
    assert ins.stands_in_for("wu") == ("li",)
    assert ins.stands_in_for("qian") == ()


def test_the_deputy_named_with_the_absence_comes_before_the_lists() -> None:
    ins = StandIns(away("li", li="zhao"), {"li": "wu"})
    assert ins.acting_for("li") == "zhao"


def test_a_deputy_who_is_away_too_passes_it_on() -> None:
    ins = StandIns(away("li", "wu"), {"li": "wu", "wu": "zhao"}, {"li": "qian"})
    assert ins.acting_for("li") == "zhao"
    assert ins.stands_in_for("zhao") == ("li", "wu")


def test_after_three_deputies_it_is_the_superiors() -> None:
    deputies = {"a": "b", "b": "c", "c": "d", "d": "e"}
    assert StandIns(away("a", "b", "c"), deputies, {"a": "boss"}).acting_for("a") == "d"
    assert StandIns(away("a", "b", "c", "d"), deputies, {"a": "boss"}).acting_for("a") == "boss"


@pytest.mark.parametrize("deputies", [{"a": "b", "b": "a"}, {"a": "a"}, {}])
def test_in_a_circle_or_without_deputy_it_is_the_superiors(deputies: dict[str, str]) -> None:
    assert StandIns(away("a", "b"), deputies, {"a": "boss"}).acting_for("a") == "boss"


def test_a_superior_who_is_away_leaves_it_to_the_one_above() -> None:
    ins = StandIns(away("a", "boss"), {}, {"a": "boss", "boss": "director"})
    assert ins.acting_for("a") == "director"


@pytest.mark.parametrize("superiors", [{}, {"a": ""}, {"a": "a"}, {"a": "b", "b": "a"}])
def test_where_nobody_is_left_it_is_nobodys_in_particular(superiors: dict[str, str]) -> None:
    assert StandIns(away("a", "b"), {}, superiors).acting_for("a") == ""


def test_who_is_barred_by_separated_duties_is_passed_over() -> None:
    ins = StandIns(away("a"), {"a": "b", "b": "c"}, {"a": "boss"})
    assert ins.acting_for("a", barred={"b"}) == "c"
    assert ins.acting_for("a", barred={"b", "c"}) == "boss"
    assert ins.acting_for("a", barred={"b", "c", "boss"}) == ""


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        (datetime(2027, 2, 28, 15, 59, tzinfo=UTC), False),
        (datetime(2027, 2, 28, 16, 0, tzinfo=UTC), True),  # Monday begins in Shanghai
        (datetime(2027, 3, 2, 15, 59, tzinfo=UTC), True),
        (datetime(2027, 3, 2, 16, 0, tzinfo=UTC), False),
    ],
)
def test_days_are_business_days_and_both_ends_count(moment: datetime, counts: bool) -> None:
    told = [Absence(person="li", first_day=MONDAY, last_day=TUESDAY)]
    ins = stand_ins(told, moment, deputies={"li": "wu"}, superiors={})
    assert ins.is_absent("li") is counts
    assert ins.acting_for("li") == ("wu" if counts else "li")


def test_an_absence_without_last_day_counts_until_it_is_ended() -> None:
    told = [Absence(person="li", first_day=MONDAY)]
    later = datetime(2028, 1, 1, tzinfo=UTC)
    assert stand_ins(told, later, deputies={}, superiors={}).is_absent("li")


@pytest.mark.parametrize(
    ("first", "last", "meets"),
    [(MONDAY, MONDAY, True), (MONDAY, None, True), (date(2027, 2, 1), MONDAY, True), (date(2027, 3, 4), SUNDAY, False)],
)  # fmt: skip
def test_absences_meet_on_a_shared_day(first: date, last: date | None, meets: bool) -> None:
    told = Absence(person="li", first_day=MONDAY, last_day=date(2027, 3, 3))
    other = Absence(person="li", first_day=first, last_day=last)
    assert told.meets(other) is meets
    assert other.meets(told) is meets
    assert not told.meets(other.model_copy(update={"person": "wu"}))


def test_whom_the_separation_of_duties_bars_is_passed_over_for_the_next_in_line() -> None:
    """R133: deputy, their deputy, then the superior; a chain of three at most."""
    ins = StandIns(away("li"), {"li": "wu", "wu": "zhao"}, {"li": "qian"})
    assert ins.line_for("li") == ("wu", "zhao", "qian")
    assert ins.acting_for("li", {"wu"}) == "zhao"
    assert ins.acting_for("li", {"wu", "zhao"}) == "qian"
    assert ins.acting_for("li", {"wu", "zhao", "qian"}) == ""
    assert ins.next_for("zhao") == {"li": ("wu",)}
    assert ins.next_for("qian") == {"li": ("wu", "zhao")}
    assert ins.next_for("wu") == {}, "first in line"


def test_a_superior_who_is_a_deputy_too_stands_in_line_once() -> None:
    ins = StandIns(away("li"), {"li": "qian"}, {"li": "qian", "qian": "director"})
    assert ins.line_for("li") == ("qian", "director")


def told(person: str, deputy: str, first: int = 1, last: int | None = 7) -> Absence:
    last_day = date(2027, 3, last) if last else None
    return Absence(person=person, deputy=deputy, first_day=date(2027, 3, first), last_day=last_day)


@pytest.mark.parametrize(
    ("others", "deputies", "circle"),
    [
        ([told("b", "a")], {}, ("a", "b", "a")),
        ([told("b", "c"), told("c", "a")], {}, ("a", "b", "c", "a")),
        ([told("b", "")], {"b": "a"}, ("a", "b", "a")),
        ([told("b", "a", 8, 9)], {}, ()),  # not on the same days
        ([told("b", "a", 7, None)], {}, ("a", "b", "a")),  # one day is enough
        ([told("b", "c", 1, 2), told("c", "a", 3, 7)], {}, ()),  # no day on which all three are away
        ([told("b", "c", 1, 3), told("c", "a", 3, 7)], {}, ("a", "b", "c", "a")),
        ([told("b", "c"), told("c", "b")], {}, ()),  # a circle of others is not this one's
        ([], {"b": "a"}, ()),
    ],
)
def test_a_circle_of_deputies_is_found_before_it_counts(
    others: list[Absence], deputies: dict[str, str], circle: tuple[str, ...]
) -> None:
    """R133: absences in a circle are refused where they come in."""
    assert circle_of(told("a", "b"), others, deputies) == circle
