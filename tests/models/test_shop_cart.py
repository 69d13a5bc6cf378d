"""R121: a cart names what changed; lower prices count, dearer or less is acknowledged; quantities are checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.shop.cart import (
    MOST_LINES,
    CartChange,
    CartLine,
    CartView,
    acknowledged,
    is_forgotten,
    merged,
    put_in,
    shown_cart,
    with_quantity,
)
from models.shop.catalogue import LARGEST_QUANTITY, Offer, SoldAs
from models.values.errors import Code, Refusal
from models.values.vocabulary import Fulfilment, Unit
from tests.models.test_shop_catalogue import BREAKS, offer

FREE = 3


def line(
    product: str = "TP-80", quantity: str = "2", seen: str = "80.00", *, sample: bool = False
) -> CartLine:
    return CartLine(product=product, quantity=Decimal(quantity), seen_price=Decimal(seen), sample=sample)


def view(*lines: CartLine, **offers: Offer) -> CartView:
    sold = {each.product: each for each in offers.values()} or {"TP-80": offer()}
    return shown_cart(1, lines, sold, FREE)


def changes(of: CartView) -> list[tuple[CartChange, ...]]:
    return [each.changes for each in of.lines]


def test_what_is_as_it_was_is_not_named() -> None:
    found = view(line())
    assert changes(found) == [()]
    assert (found.paid_goods, found.weight, found.to_acknowledge) == (
        Decimal("160.00"),
        Decimal("6.4"),
        False,
    )


@pytest.mark.parametrize(
    ("said", "named", "amount", "stops"),
    [
        ({"list_price": Decimal("78.00")}, (CartChange.CHEAPER,), "156.00", False),
        ({"list_price": Decimal("82.00")}, (CartChange.DEARER,), "164.00", True),
        ({"available": Decimal(1)}, (CartChange.LESS,), "160.00", True),
        ({"list_price": Decimal("82.00"), "available": Decimal(0)}, (CartChange.DEARER, CartChange.LESS), "164.00", True),
        ({"shown": False}, (CartChange.GONE,), "0.00", True),
        ({"most": Decimal(1)}, (CartChange.LESS,), "160.00", True),
        ({"sold_as": SoldAs.MADE_TO_ORDER, "available": Decimal(0)}, (), "160.00", False),
    ],
)  # fmt: skip
def test_each_look_names_what_changed(
    said: dict[str, Any], named: tuple[CartChange, ...], amount: str, stops: bool
) -> None:
    found = view(line(), a=offer(**said))
    assert changes(found) == [named]
    assert (found.lines[0].amount, found.to_acknowledge) == (Decimal(amount), stops)
    assert not view(*acknowledged([line()], {"TP-80": offer(**said)}), a=offer(**said)).to_acknowledge


def test_what_is_acknowledged_has_the_price_and_stock_of_now() -> None:
    now = {"TP-80": offer(list_price=Decimal("82.00"), available=Decimal("1.5"))}
    assert acknowledged([line(), line("GONE")], now) == (line(quantity="1", seen="82.00"),)
    assert acknowledged([line()], {"TP-80": offer(available=Decimal(0))}) == ()


def test_another_quantity_acknowledges_no_dearer_price() -> None:
    """Who changes how many has not said yes to what all of them cost now."""
    dearer = offer(list_price=Decimal("82.00"))
    (changed,) = with_quantity([line()], dearer, "TP-80", Decimal(3))
    assert (changed.quantity, changed.seen_price) == (Decimal(3), Decimal("80.00"))
    (same,) = with_quantity([line()], offer(breaks=BREAKS), "TP-80", Decimal(10))
    assert same.seen_price == Decimal("75.00")
    (fewer,) = with_quantity([same], offer(breaks=BREAKS), "TP-80", Decimal(1))
    assert (fewer.seen_price, changes(view(fewer, a=offer(breaks=BREAKS)))) == (Decimal("80.00"), [()])


@pytest.mark.parametrize(
    ("quantity", "said", "code"),
    [
        ("-1", {}, Code.BAD_QUANTITY),
        ("0", {}, Code.BAD_QUANTITY),
        ("1.5", {}, Code.BAD_QUANTITY),
        ("61", {}, Code.NOT_ENOUGH_STOCK),
        ("10000", {}, Code.NOT_ENOUGH_STOCK),
        ("5", {"most": Decimal(4)}, Code.BAD_QUANTITY),
        (str(LARGEST_QUANTITY + 1), {"sold_as": SoldAs.MADE_TO_ORDER}, Code.BAD_QUANTITY),
        ("1", {"shown": False}, Code.UNKNOWN_PRODUCT),
        ("1", {"available": Decimal("0.9")}, Code.NOT_ENOUGH_STOCK),
    ],
)
def test_what_nobody_sells_is_refused(quantity: str, said: dict[str, Any], code: Code) -> None:
    with pytest.raises(Refusal) as refused:
        put_in([], offer(**said), "TP-80", Decimal(quantity))
    assert refused.value.code is code


def test_what_is_put_in_twice_is_added_up_and_a_sample_stands_by_itself() -> None:
    twice = put_in(put_in([], offer(), "TP-80", Decimal(2)), offer(), "TP-80", Decimal(3))
    assert [each.quantity for each in twice] == [Decimal(5)]
    with_sample = put_in(twice, offer(samples=True), "TP-80", Decimal(1), sample=True)
    assert [(each.sample, each.quantity) for each in with_sample] == [(False, Decimal(5)), (True, Decimal(1))]
    with pytest.raises(Refusal, match="no samples"):
        put_in([], offer(), "TP-80", Decimal(1), sample=True)
    assert with_quantity(with_sample, None, "TP-80", Decimal(0)) == (with_sample[1],)
    parts = put_in([], offer(unit=Unit.KILOGRAM), "TP-80", Decimal("1.5"))
    assert parts[0].quantity == Decimal("1.5")


def test_a_cart_has_an_end() -> None:
    full = [line(f"P-{number}") for number in range(MOST_LINES)]
    with pytest.raises(Refusal) as refused:
        put_in(full, offer(), "TP-80", Decimal(1))
    assert refused.value.code is Code.TOO_LARGE
    assert len(merged(full, [line()], {})) == MOST_LINES


def test_a_visitors_cart_is_merged_by_the_larger_quantity_and_the_lower_price() -> None:
    found = merged([line(quantity="2")], [line(quantity="5", seen="79.00"), line("B", "1")], {})
    assert found == (line(quantity="5", seen="79.00"), line("B", "1"))


def test_lines_of_several_kinds_become_several_orders() -> None:
    made = offer("M", sold_as=SoldAs.MADE_TO_ORDER, available=Decimal(0), days=5)
    pre_sold = offer("P", sold_as=SoldAs.PRE_SALE)
    found = view(
        line("M", "10"), line("P", "1"), line("S", "4", sample=True), line(),
        a=offer(), m=made, p=pre_sold, s=offer("S", samples=True, list_price=Decimal("5.00")),
    )  # fmt: skip
    assert found.kinds == (
        Fulfilment.SHOP, Fulfilment.PRE_SALE, Fulfilment.MAKE_TO_ORDER, Fulfilment.SAMPLE,
    )  # fmt: skip
    assert (found.amount(Fulfilment.SAMPLE), found.paid_goods, found.later) == (
        Decimal("20.00"), Decimal("180.00"), Decimal("880.00"),
    )  # fmt: skip
    assert found.weight == Decimal("6.4"), "only what is brought from stock is weighed"


def test_three_sample_pieces_in_all_are_free() -> None:
    sold = {name: offer(name, samples=True) for name in ("A", "B")}
    free = view(line("A", "2", sample=True), line("B", "1", sample=True), **sold)
    paid = view(line("A", "2", sample=True), line("B", "2", sample=True), **sold)
    assert (free.paid_goods, paid.paid_goods) == (Decimal("0.00"), Decimal("320.00"))


def test_a_cart_is_kept_for_ninety_days() -> None:
    put = datetime(2027, 1, 5, tzinfo=UTC)
    assert not is_forgotten(put, put + timedelta(days=90, seconds=-1))
    assert is_forgotten(put, put + timedelta(days=90))
