"""A week planned anew: what turns come to, which plan is better, what a proposal rests on (R150)."""

from __future__ import annotations

import pytest

from models.scheduling.plan import Plan, Turn
from models.scheduling.replanning import (
    Lateness,
    better_of,
    lateness_of,
    read_turn,
    require_the_same,
    rests_on,
    written,
)
from models.values.errors import Code, Refusal
from tests.models.test_machine_lines import BEGIN, PLAIN, line
from tests.models.test_schedule_plan import DAY, owed, plan

TWO_DAYS = "12000"
"""Fifteen hours and the set-up."""
GOODS = (owed("1", TWO_DAYS, 2, 3), owed("2", DAY, 3, 3), owed("3", DAY, 4, 4))
"""By their days the long one first: then both others break their promise. After them it breaks its own alone."""


def turns(*orders: str) -> list[Turn]:
    return [Turn((order, 1), "L1") for order in orders]


def test_the_long_order_last_breaks_one_promise_in_place_of_two() -> None:
    before = plan(*GOODS)
    assert (lateness_of(before).broken, lateness_of(before).days) == (2, 2)
    found = better_of(before, GOODS, turns("2", "3", "1"))
    assert found.is_better
    assert lateness_of(found.after).broken == 1
    assert [each.owed.order for each in found.kept] == ["2", "3"]
    assert next((each.owed.order, each.endangers) for each in found.moved) == ("1", True)


def test_turns_that_are_no_better_are_none() -> None:
    before = plan(*GOODS)
    for same in (turns("1", "2", "3"), []):
        found = better_of(before, GOODS, same)
        assert (found.is_better, found.turns, found.after) == (False, (), before)


def test_goods_without_a_turn_go_by_their_day_and_a_turn_of_no_goods_is_nothing() -> None:
    found = better_of(plan(*GOODS), GOODS, turns("2", "9"))
    assert {each.owed.order for each in found.after.placed.values()} == {"1", "2", "3"}


def test_broken_promises_count_before_days_and_days_before_early_ends() -> None:
    assert Lateness(0, 1, 9, 99) < Lateness(0, 2, 2, 1)
    assert Lateness(0, 1, 2, 99) < Lateness(0, 1, 3, 1)
    assert Lateness(0, 1, 2, 5) < Lateness(0, 1, 2, 6)
    assert Lateness(0, 9, 9, 9) < Lateness(1, 0, 0, 0)


def test_a_proposal_rests_on_goods_lines_and_hours() -> None:
    before = plan(*GOODS)
    digest = rests_on(before, GOODS)
    assert rests_on(plan(*reversed(GOODS)), [*reversed(GOODS)]) == digest
    require_the_same(before, GOODS, digest)
    others = ((before, GOODS[:2]), (Plan([line(), line("L2")], PLAIN, BEGIN, 1).place_all(GOODS), GOODS))
    for other, goods in others:
        with pytest.raises(Refusal) as refused:
            require_the_same(other, goods, digest)
        assert refused.value.code is Code.STALE_VERSION


def test_a_turn_is_read_as_it_is_written() -> None:
    turn = Turn(("20270301-0001", 2), "L|1")
    assert read_turn(written(turn)) == turn


@pytest.mark.parametrize("text", ["", "1", "1|x|L1", "1|2|", "|1|L1", "1|٣|L1", "1|" + "9" * 12 + "|L1"])
def test_what_is_no_turn_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_turn(text)
    assert (refused.value.code, refused.value.where) == (Code.MALFORMED, "turn")
