"""The promise as a picture: days across, the promised date up, every move at its place."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.documents.promise_picture import (
    BOTTOM,
    COLOURS,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Move,
    picture_of,
)
from models.values.vocabulary import PromiseCause

MONDAY = date(2027, 3, 1)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def test_nothing_promised_is_no_picture() -> None:
    assert picture_of([], MONDAY) is None


def test_a_slip_is_a_step_up_at_its_day() -> None:
    moves = [
        Move(day(0), day(6), PromiseCause.FIRST),
        Move(day(2), day(7), PromiseCause.CUSTOMER),
        Move(day(3), day(8), PromiseCause.CUSTOMER),
    ]
    picture = picture_of(moves, day(4))
    assert picture is not None
    assert [point.days for point in picture.points] == [0, 1, 1]
    assert [point.y for point in picture.points] == sorted((p.y for p in picture.points), reverse=True)
    assert (picture.first.x, picture.end) == (LEFT, WIDTH - RIGHT)
    assert picture.current.x == LEFT + (WIDTH - RIGHT - LEFT) * 3 / 4
    assert picture.line.startswith(f"M{LEFT:g} {picture.first.y:g}H")
    assert [cause for cause, _ in picture.causes] == [PromiseCause.FIRST, PromiseCause.CUSTOMER]
    assert [mark.day for mark in picture.across] == [day(n) for n in range(5)]
    assert picture.up[-1].day == day(8)


def test_every_point_stands_where_its_day_is_to_a_tenth() -> None:
    """A week from 64 to 544 across; three promised days from 158 up to 28; by hand."""
    moves = [
        Move(day(0), day(6), PromiseCause.FIRST),
        Move(day(2), day(8), PromiseCause.CUSTOMER),
        Move(day(5), day(9), PromiseCause.MATERIAL),
    ]
    picture = picture_of(moves, day(7))
    assert picture is not None
    assert picture.line == "M64 158H201.1V71.3H406.9V28H544"
    assert [(point.x, point.y, point.colour) for point in picture.points] == [
        (64, 158, "#14624b"), (201.1, 71.3, "#c2521c"), (406.9, 28, "#8a5a2b"),
    ]  # fmt: skip
    assert [(mark.at, mark.day) for mark in picture.up] == [(158, day(6)), (71.3, day(8)), (28, day(9))]
    assert [(mark.at, mark.day) for mark in picture.across][:3] == [
        (64, day(0)),
        (132.6, day(1)),
        (201.1, day(2)),
    ]


def test_a_promise_given_today_lies_in_the_picture() -> None:
    picture = picture_of([Move(MONDAY, day(6), PromiseCause.FIRST)], MONDAY)
    assert picture is not None
    assert picture.first == picture.current
    assert LEFT <= picture.first.x <= WIDTH - RIGHT


def test_every_cause_has_a_colour_of_its_own() -> None:
    assert set(COLOURS) == set(PromiseCause)
    assert len(set(COLOURS.values())) == len(COLOURS)


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 90), st.sampled_from(list(PromiseCause))),
        min_size=1,
        max_size=40,
    ),
    st.integers(0, 60),
)
def test_nothing_lies_outside_and_no_names_touch(
    known: list[tuple[int, int, PromiseCause]], later: int
) -> None:
    known.sort(key=lambda each: each[0])
    picture = picture_of([Move(day(at), day(promised), cause) for at, promised, cause in known], day(later))
    assert picture is not None
    for point in picture.points:
        assert LEFT <= point.x <= picture.end <= WIDTH - RIGHT
        assert TOP <= point.y <= HEIGHT - BOTTOM
    assert all(abs(a.at - b.at) >= 16 for a, b in pairwise(picture.up))
    assert len(picture.across) <= 9
