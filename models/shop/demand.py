"""What customers of the shop wanted, and what became of it (R126): carts, abandoned, conversion by product. Pure.

It is counted from rows that anybody may feed: something was put into a cart, a cart was checked out, an order was placed
and stands. Quantities in the product's unit, instants in UTC.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from models.values.quantity import NOTHING
from models.values.vocabulary import Term

ABANDONED_AFTER = timedelta(days=3)
"""A cart that nobody has touched for so long, and that was not checked out, counts as abandoned (our choice)."""
_TENTH = Decimal("0.1")
_ALL = Decimal(100)


class Wish(Term):
    """How far a customer went with a product."""

    PUT = "put", "加入购物车", "put into a cart"
    CHECKED_OUT = "checked_out", "提交订单", "checked out"
    ORDERED = "ordered", "成交", "ordered"


class DemandRow(NamedTuple):
    """A product in a cart, a checkout or an order. `cart` is the cart or the checkout: what was put in together."""

    wish: Wish
    cart: str
    product: str
    quantity: Decimal
    at: datetime
    """When it was put in, checked out or ordered; of what was put in: when the cart was last touched."""


class ProductDemand(NamedTuple):
    """What was wanted of a product in a time."""

    product: str
    carts: int
    """In how many carts it was put, those that were checked out among them."""
    abandoned: int
    """In how many of those that were left alone the time passed after which they count as abandoned."""
    checked_out: int
    ordered: int
    """In how many orders that stand: cancelled ones are none."""
    quantity: Decimal
    """How much of it those orders have."""
    conversion: Decimal | None
    """Orders of a hundred carts, to one decimal; None where it was in no cart."""


def demand_of(
    rows: Iterable[DemandRow], since: datetime, until: datetime, abandoned_after: timedelta = ABANDONED_AFTER
) -> list[ProductDemand]:
    """By product what was wanted from `since` on, before `until`: the most wanted first.

    What was checked out had been put in: it counts as a cart whether or not the cart is still known. What is abandoned
    counts in the time in which it became so, and so counts once.
    """
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    quantities: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for row in rows:
        counted = found[row.product]
        if row.wish is Wish.PUT and since <= row.at + abandoned_after < until:
            counted["abandoned"].add(row.cart)
        if not since <= row.at < until:
            continue
        if row.wish is not Wish.ORDERED:
            counted["carts"].add(row.cart)
        if row.wish is Wish.CHECKED_OUT:
            counted["checked_out"].add(row.cart)
        if row.wish is Wish.ORDERED:
            counted["ordered"].add(row.cart)
            quantities[row.product] += row.quantity
    made = [
        ProductDemand(
            product, len(counted["carts"]), len(counted["abandoned"]), len(counted["checked_out"]),
            len(counted["ordered"]), quantities[product], share(len(counted["ordered"]), len(counted["carts"])),
        )
        for product, counted in found.items()
        if any(counted.values())
    ]  # fmt: skip
    return sorted(made, key=lambda each: (-each.carts, -each.ordered, each.product))


def share(part: int, whole: int) -> Decimal | None:
    """So many of a hundred, to one decimal; None of nothing."""
    if not whole:
        return None
    return (_ALL * part / whole).quantize(_TENTH, rounding=ROUND_HALF_UP)
