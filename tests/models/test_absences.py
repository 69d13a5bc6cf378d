"""Who acts for whom while somebody is away (R13)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.absences import Absence, StandIns, stand_ins

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
