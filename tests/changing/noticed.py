"""Whether the code as it is now, with what a test put into it, is noticed by open orders."""

from __future__ import annotations

from collections.abc import Sequence

from tests.changing.open_orders import OpenOrder, TakenOver, live_on, open_orders, taken_over

FEW = (
    "intake: phone-order-incomplete",
    "verification: price-difference",
    "confirmation: amended-after-confirmation",
    "production: held-five-days",
    "shipping: carrier-collects",
    "settlement: class-a",
)
"""Enough where each kind of change is tried: an order in a late phase has been through all that come before."""


def some() -> tuple[OpenOrder, ...]:
    """A few open orders."""
    return tuple(order for order in open_orders() if str(order) in FEW)


async def all_taken_over(orders: Sequence[OpenOrder] = ()) -> list[tuple[OpenOrder, TakenOver]]:
    """These open orders, or a few, with the code as it is now."""
    return [(order, await taken_over(order)) for order in orders or some()]


async def nobody_notices(orders: Sequence[OpenOrder] = ()) -> None:
    """Every open order is what it was, and lives to the end that it had."""
    for order, taken in await all_taken_over(orders):
        assert taken.is_as_before(order), f"{order}: {taken}"
        if order.afterwards:
            assert live_on(order, taken) == order.recorded.ending, str(order)


async def noticed(orders: Sequence[OpenOrder] = ()) -> dict[str, TakenOver]:
    """The open orders that are no longer what they were."""
    return {
        str(order): taken for order, taken in await all_taken_over(orders) if not taken.is_as_before(order)
    }
