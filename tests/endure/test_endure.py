"""A short run of `make endure`: the kills once, and every order is what the model says. The long one puts stores back, too."""

from __future__ import annotations

import pytest

from tests.endure.faults import Fault, Faults
from tests.endure.run import Asked, Result, endure, lives_of
from tests.endure.ways import COURSES, Way, ways_of


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_order_outlives_whatever_is_killed() -> None:
    killed = (Fault.WORKER_KILLED, Fault.SERVER_KILLED, Fault.DATABASE_KILLED, Fault.GATEWAY_KILLED)
    result = endure(
        Asked(seed=3, orders=1, between_faults=(0.5, 2.0), pace=0.1, faults=killed, restores=False, once=True)
    )
    assert result.wrong == []
    assert result.missing(killed) == []
    assert result.facts > 10


@pytest.mark.endurance
@pytest.mark.timeout(3000)
def test_many_orders_outlive_every_fault_and_a_restored_database() -> None:
    result = endure(Asked(seed=5, orders=40, ways=len(COURSES)))
    assert result.wrong == []
    assert result.missing([fault for fault in Fault if fault is not Fault.DISK_FULL]) == []


def test_a_seed_says_the_same_again() -> None:
    once, again, other = (lives_of(Asked(seed=seed, orders=3)) for seed in (1, 1, 2))
    assert [life.order.head for life in once] == [life.order.head for life in again]
    assert [life.order.head for life in once] != [life.order.head for life in other]


def test_a_seed_draws_the_same_ways_and_each_course_once_before_any_again() -> None:
    assert ways_of(1, 30) == ways_of(1, 30)
    assert ways_of(1, 30) != ways_of(2, 30)
    assert {each.course for each in ways_of(7, len(COURSES))} == set(COURSES)
    assert {each.course.way for each in ways_of(7, len(COURSES))} == set(Way)


def test_a_fault_that_never_happened_is_named() -> None:
    result = Result(1, 1, {}, 1, 1.0, Faults({Fault.WORKER_KILLED: 2}), {}, {})
    assert result.missing((Fault.WORKER_KILLED, Fault.DISK_FULL)) == ["disk full"]
