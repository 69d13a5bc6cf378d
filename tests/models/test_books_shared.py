"""What the register of quotes and the books of the shop must come to, on the pure model (R104, R122, R123)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.quotes.becoming import Became, Naming, stands, wanted
from models.shop.booked import agrees, asked_at_checkout, back_of, told_of
from models.shop.checkout_money import IntentState
from models.shop.intents import Meaning

QUOTE, ORDER = "Q20270105-0001", "20270105-0001"


@pytest.mark.parametrize(
    ("naming", "quote_lives", "right"),
    [
        (Naming(quote=QUOTE), True, True),
        (Naming(quote=QUOTE), False, True),
        (Naming(quote="Q20270105-0002"), True, False),
        (Naming(waits=True), True, True),
        (Naming(waits=True, awaited="Q20270105-0002"), True, True),  # the number that the quote had before
        (Naming(waits=True, awaited=QUOTE), False, False),
        (Naming(), True, False),
        (None, True, False),
    ],
)
def test_a_quote_belongs_to_the_order_that_comes_from_it_or_waits_while_it_lives(
    naming: Naming | None, quote_lives: bool, right: bool
) -> None:
    assert stands(Became(QUOTE, ORDER, quote_lives, naming)) is right


def test_an_order_that_comes_from_a_quote_or_waits_for_one_that_lives_stands_in_the_register() -> None:
    waits = Naming(waits=True, awaited=QUOTE)
    assert wanted(Naming(quote=QUOTE), awaited_lives=False) == QUOTE
    assert (wanted(waits, awaited_lives=True), wanted(waits, awaited_lives=False)) == (QUOTE, "")
    assert wanted(Naming(waits=True), awaited_lives=False) == "", "its quote is still to be made"


def test_what_a_checkout_asks_at_once_is_that_of_stock_and_samples() -> None:
    """R122: what is made to order is agreed on first, and what costs nothing has no share."""
    parts: list[dict[str, Any]] = [
        {"order": "N-1", "kind": "shop", "total": "176.00"},
        {"order": "N-2", "kind": "make_to_order", "total": "40.00"},
        {"order": "N-3", "kind": "sample", "total": "0.00"},
        {"order": "N-4", "kind": "sample", "total": "8.00"},
    ]
    assert asked_at_checkout({"parts": parts}) == {"N-1": Decimal("176.00"), "N-4": Decimal("8.00")}
    with pytest.raises(KeyError):
        asked_at_checkout({})


@pytest.mark.parametrize(
    ("meaning", "told", "back"),
    [
        (Meaning.PAID_WHOLE, "176.00", "0.00"),
        (Meaning.PAID_SHORT, "176.00", "0.00"),
        (Meaning.PAID_OVER, "176.00", "0.00"),
        (Meaning.PAID_PARTLY_AGAIN, "100.00", "76.00"),
        (Meaning.PAID_AGAIN, "0.00", "176.00"),
        (Meaning.PAID_FOREIGN, "0.00", "0.00"),
        (Meaning.PAID_GONE, "0.00", "0.00"),
    ],
)
def test_what_came_was_told_to_orders_or_goes_back(meaning: Meaning, told: str, back: str) -> None:
    """R123: by what a payment meant when it came, to the fen."""
    amount = Decimal("176.00")
    assert told_of(meaning, amount, Decimal(back)) == Decimal(told)
    assert back_of(meaning, amount, Decimal(told)) == Decimal(back)


def test_an_intent_is_paid_by_what_pays_it_and_stays_so_until_all_went_back() -> None:
    settled = {state for state in IntentState if agrees(state, [Meaning.PAID_SHORT, Meaning.PAID_WHOLE])}
    assert settled == {IntentState.PAID, IntentState.REFUNDED}
    assert {state for state in IntentState if agrees(state, [Meaning.PAID_SHORT])} == {
        IntentState.OPEN, IntentState.CLOSED, IntentState.REFUNDED,
    }  # fmt: skip
    assert not agrees(IntentState.PAID, [])
