"""What the end of the day would move is what it then moves: the same rule, lived ahead by a copy (R34)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from models.values.vocabulary import PromiseCause
from tests.models.life import MONDAY, Life, start
from workflows.foresight import Slip, order_if_placed, slip_tonight
from workflows.rebuilding import rebuilt


def ahead(life: Life) -> Slip | None:
    return slip_tonight(life.order.model_copy(deep=True), life.now)


def next_day(life: Life) -> Life:
    return life.until(life.now + timedelta(days=1))


@pytest.mark.parametrize("days", [0, 1, 2, 5])
def test_tonight_is_told_as_it_then_happens(days: int) -> None:
    life = Life().verified().sheet_out().later(days=days)
    before, told = life.promised, ahead(life)
    assert life.promised == before, "asking moves nothing"
    next_day(life)
    assert told is not None
    assert (told.before, told.after) == (before, life.promised)
    assert told.cause is PromiseCause.CUSTOMER
    assert told.ship_date == life.order.promise.ship_date


def test_a_deposit_that_is_not_there_slips_by_its_own_cause() -> None:
    told = ahead(Life().verified().sheet_out().signed())
    assert told is not None
    assert told.cause is PromiseCause.DEPOSIT


@pytest.mark.parametrize(
    "life",
    [
        Life(),
        Life().verified(),
        Life().verified().sheet_out().signed().paid("1500.00"),
        Life().in_production(),
        Life(customer={"customer_class": "A"}).verified().sheet_out(),
    ],
)
def test_who_does_not_slip_is_not_told_of(life: Life) -> None:
    assert ahead(life) is None


def test_an_order_lived_from_its_journal_slips_alike() -> None:
    """As the calendar asks: from the start and the journal, without the server."""
    life = Life().verified().sheet_out().later(days=1)
    again = rebuilt(start(life.placed), life.order.unsaved, lambda key: False)
    assert slip_tonight(again.order, life.now) == ahead(life)


def test_an_order_if_it_were_placed_has_its_figures_and_first_steps() -> None:
    order = order_if_placed(start(MONDAY))
    assert order.deposit_due == Decimal("1500.00")
    assert order.steps
