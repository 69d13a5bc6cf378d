"""The solver finds better turns of a week's goods, the same each time, and leaves booked hours alone (R150, R151)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities.scheduling.week_search import better_turns
from models.scheduling.bookings import Booking, BookingState, Hours
from models.scheduling.machine_lines import Span
from models.scheduling.plan import Plan
from models.scheduling.replanning import better_of, lateness_of
from tests.models.test_machine_lines import BEGIN, PLAIN, at, line
from tests.models.test_replanning import GOODS
from tests.models.test_schedule_plan import DAY, owed, plan


def test_it_puts_the_long_order_last() -> None:
    before = plan(*GOODS)
    found = better_of(before, GOODS, better_turns(before, GOODS))
    assert found.is_better
    assert (lateness_of(before).broken, lateness_of(found.after).broken) == (2, 1)
    assert better_turns(before, GOODS) == better_turns(before, GOODS)


def test_it_uses_a_second_line() -> None:
    """Each of two lines makes one at a time: four goods of a day each, all promised for the second day."""
    goods = [owed(str(number), DAY, 3, 3) for number in range(1, 5)]
    lines = (line("L1"), line("L2"))
    before = plan(*goods, lines=lines)
    found = better_of(before, goods, better_turns(before, goods))
    assert lateness_of(found.after) <= lateness_of(before)
    assert lateness_of(found.after).broken == 0


def test_booked_hours_stay_where_they_are() -> None:
    hours = Hours("L1", Span(at(1, 8), at(1, 17)))
    booking = Booking("9", 1, hours, BookingState.FIRM, BEGIN)
    goods = [*GOODS, owed("9", DAY, 9, 9)]
    before = Plan([line()], PLAIN, BEGIN, 1, [booking]).place_all(goods)
    turns = better_turns(before, goods)
    assert ("9", 1) not in [each.goods for each in turns]
    after = better_of(before, goods, turns).after
    placed = after.placed["9", 1].proposal
    assert placed is not None
    assert placed.begins == at(1, 8)


def test_goods_that_no_line_makes_and_a_single_order_are_left_to_the_rule() -> None:
    goods = (owed("1", DAY, 2, 2), owed("2", DAY, 2, 2, product="XX"))
    assert better_turns(plan(*goods), goods) == []


@pytest.mark.endurance
def test_a_full_week_is_searched_in_seconds() -> None:
    goods = [owed(str(number), "1600", 1 + number % 12, 3 + number % 12) for number in range(1, 61)]
    lines = tuple(line(f"L{number}") for number in range(1, 4))
    before = plan(*goods, lines=lines)
    found = better_of(before, goods, better_turns(before, goods))
    assert lateness_of(found.after) <= lateness_of(before)
    assert max(
        each.proposal.ends for each in found.after.placed.values() if each.proposal
    ) < BEGIN + timedelta(days=60)
