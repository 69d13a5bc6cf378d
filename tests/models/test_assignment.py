"""Who gets a new order: the closest cover, the least load, the longest without one, the id (R14, R131)."""

from __future__ import annotations

from datetime import UTC, datetime

from models.assignment import Candidate, Fit, in_charge

MORNING = datetime(2027, 1, 5, 1, tzinfo=UTC)
NOON = datetime(2027, 1, 5, 4, tzinfo=UTC)


def covers(person: str, types: str = "", regions: str = "", load: int = 0) -> Candidate:
    return Candidate(person, frozenset(types.split()), frozenset(regions.split()), load)


def test_the_closest_cover_comes_first_whatever_its_load() -> None:
    """R131: type and region, then type, then region, then anyone."""
    both = covers("d-both", "thermal", "north", 9)
    of_type, of_region, anyone = (
        covers("c-type", "thermal", "", 7),
        covers("b-region", "", "north", 5),
        covers("a-any"),
    )
    everybody = [both, of_type, of_region, anyone]
    for left, expected in enumerate(("d-both", "c-type", "b-region", "a-any")):
        assert in_charge(everybody[left:], {"thermal"}, "north") == expected
    assert in_charge(everybody, {"thermal"}, "south") == "c-type"
    assert in_charge(everybody, {"carbonless"}, "north") == "b-region"
    assert in_charge(everybody, {"carbonless"}, "south") == "a-any"
    assert in_charge(everybody, (), "") == "a-any"


def test_an_order_of_two_types_is_of_who_covers_both() -> None:
    one, two = covers("one", "thermal"), covers("two", "thermal carbonless", "", 8)
    assert in_charge([one, two], {"thermal", "carbonless"}, "") == "two"
    assert one.fit({"thermal", "carbonless"}, "") is None
    assert two.fit({"thermal"}, "") is Fit.PRODUCT_TYPE


def test_the_least_open_orders_then_the_longest_without_one_then_the_id() -> None:
    busy, idle = Candidate("a", open_orders=2), Candidate("b", open_orders=1, last_assigned=NOON)
    assert in_charge([busy, idle], (), "") == "b"
    longest = Candidate("c", open_orders=1, last_assigned=MORNING)
    assert in_charge([busy, idle, longest], (), "") == "c"
    never = Candidate("d", open_orders=1)
    assert in_charge([idle, longest, never], (), "") == "d"
    assert in_charge([Candidate("z"), Candidate("y")], (), "") == "y"


def test_who_is_away_gets_none_while_somebody_is_there() -> None:
    """R131, R133: the closest of those who are there; where all are away, theirs all the same."""
    close, anyone = covers("close", "thermal"), covers("anyone", "", "", 40)
    assert in_charge([close, anyone], {"thermal"}, "", absent={"close"}) == "anyone"
    assert in_charge([close, anyone], {"thermal"}, "", absent={"close", "anyone"}) == "close"


def test_nobody_covers_it_so_all_of_the_role_are_asked() -> None:
    far, near = covers("far", "carbonless", "", 3), covers("near", "copy", "", 1)
    assert in_charge([far, near], {"thermal"}, "north") == "near"
    assert in_charge([], {"thermal"}, "north") == ""
