"""Demand of the shop by product: carts, abandoned, conversion (R126)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from models.shop.demand import DemandRow, Wish, demand_of, share

SINCE = datetime(2027, 3, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=7)
TUESDAY, SATURDAY = SINCE + timedelta(days=1), SINCE + timedelta(days=5)


def row(
    wish: Wish, cart: str, product: str = "TP-80", at: datetime = TUESDAY, quantity: str = "10"
) -> DemandRow:
    return DemandRow(wish, cart, product, Decimal(quantity), at)


def test_a_product_is_counted_once_for_each_cart() -> None:
    """R126: two carts still open, one checked out and bought, one checked out and cancelled."""
    rows = [
        row(Wish.PUT, "a"), row(Wish.PUT, "a"), row(Wish.PUT, "b", at=SATURDAY), row(Wish.CHECKED_OUT, "o1"),
        row(Wish.ORDERED, "o1", quantity="7.5"), row(Wish.CHECKED_OUT, "o2"),
    ]  # fmt: skip
    (found,) = demand_of(rows, SINCE, UNTIL)
    assert (found.carts, found.abandoned, found.checked_out, found.ordered) == (4, 1, 2, 1)
    assert (found.quantity, found.conversion) == (Decimal("7.5"), Decimal("25.0"))


def test_what_is_left_alone_is_abandoned_in_the_week_in_which_it_becomes_so_and_once() -> None:
    left = [row(Wish.PUT, "b", at=SATURDAY)]
    (this_week,) = demand_of(left, SINCE, UNTIL)
    (next_week,) = demand_of(left, UNTIL, UNTIL + timedelta(days=7))
    assert (this_week.carts, this_week.abandoned) == (1, 0)
    assert (next_week.carts, next_week.abandoned, next_week.conversion) == (0, 1, None)
    assert demand_of(left, UNTIL + timedelta(days=7), UNTIL + timedelta(days=14)) == []


def test_the_most_wanted_comes_first() -> None:
    rows = [
        row(Wish.PUT, "a", "P-1"),
        row(Wish.PUT, "a", "P-2"),
        row(Wish.PUT, "b", "P-2"),
        row(Wish.PUT, "c", "P-0"),
    ]
    assert [each.product for each in demand_of(rows, SINCE, UNTIL)] == ["P-2", "P-0", "P-1"]


def test_the_first_moment_counts_and_the_last_does_not() -> None:
    assert [each.carts for each in demand_of([row(Wish.PUT, "a", at=SINCE)], SINCE, UNTIL)] == [1]
    assert [each.carts for each in demand_of([row(Wish.PUT, "a", at=UNTIL)], SINCE, UNTIL)] == []


def test_a_share_is_of_a_hundred_and_exact() -> None:
    assert (share(1, 3), share(2, 3), share(0, 3), share(1, 0)) == (
        Decimal("33.3"), Decimal("66.7"), Decimal("0.0"), None,
    )  # fmt: skip
