"""What delivery costs in the shop, and by when it comes (R65): the fee is a line of the bill. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

from models.values.errors import Code, Refusal
from models.values.money import ZERO, rounded
from models.values.vocabulary import DeliveryMethod, Words

METHODS = (DeliveryMethod.COURIER, DeliveryMethod.PICK_UP)
"""The ways by which the shop delivers."""
ACCEPTED_IN, READY_IN, COURIER_TAKES = 1, 2, 3
"""Working days: the merchant accepts (R124), the goods are ready or leave (R125), the courier is on the way (our choice)."""
_NO_SUCH_WAY = Words(
    "网店只有快递和自提两种交货方式", "the shop delivers by courier, or the goods are picked up"
)


class DeliveryTerms(Protocol):
    """The figures of the fee (`[shop.delivery]` of the policy): CNY and kilograms."""

    @property
    def courier_fee(self) -> Decimal:
        """Up to `courier_weight`."""
        ...

    @property
    def courier_weight(self) -> Decimal:
        """Kilograms that the fee covers."""
        ...

    @property
    def courier_step_fee(self) -> Decimal:
        """For each begun step above it."""
        ...

    @property
    def courier_step(self) -> Decimal:
        """Kilograms of a step."""
        ...

    @property
    def free_from(self) -> Decimal | None:
        """Goods of this amount and more are brought for nothing; None: none are."""
        ...


def delivery_method(text: str) -> DeliveryMethod:
    """The way that was chosen. Raises Refusal(malformed) for another than the shop has."""
    found = next((each for each in METHODS if each.value == text), None)
    if found is None:
        raise Refusal(Code.MALFORMED, _NO_SUCH_WAY, where="method", rule="R65")
    return found


def delivery_fee(goods: Decimal, weight: Decimal, method: DeliveryMethod, terms: DeliveryTerms) -> Decimal:
    """What bringing goods of this amount (CNY) and weight (kg) costs; nothing where none are brought.

    2 × 80.00 of 6.4 kg: 12.00 and twice 2.00 for the 1.4 kg above five. Raises Refusal(malformed) for another way.
    """
    delivery_method(method.value)
    is_free = terms.free_from is not None and goods >= terms.free_from
    if method is DeliveryMethod.PICK_UP or goods <= 0 or is_free:
        return ZERO
    above = max(weight - terms.courier_weight, Decimal(0))
    steps = (above / terms.courier_step).to_integral_value(rounding=ROUND_CEILING)
    return rounded(terms.courier_fee + steps * terms.courier_step_fee)


def expected_day(
    today: date,
    method: DeliveryMethod,
    ahead: Callable[[date, int], date],
    *,
    making: int = 0,
    there_on: date | None = None,
) -> date:
    """The day on which goods are expected to be at the customer's, or ready to be picked up.

    `ahead` counts working days; `making` are those that making takes, `there_on` is when a pre-sale comes.
    """
    begins = max(today, there_on) if there_on is not None else today
    days = ACCEPTED_IN + READY_IN + making
    return ahead(begins, days + (COURIER_TAKES if method is DeliveryMethod.COURIER else 0))
