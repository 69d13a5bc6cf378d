"""The ways of ordering beside plain orders made to order: which of them a run lives, and how each goes; the seed says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from rehearsal.payment_provider.app import PayFault
from tests.endure.faults import Fault


class Way(StrEnum):
    """What is lived from its first word to its end."""

    FROM_STOCK = "order from stock"
    SHOP = "order of the shop"
    QUOTE = "quote that becomes an order"
    CASE = "after-sales case of an order from stock"
    CONTRACT = "contract for a quoted order"


@dataclass(frozen=True, slots=True)
class Course:
    """One way, and what is special about it."""

    way: Way
    story: str = ""
    """Of a quote: the story whose words are said."""
    pays: PayFault = PayFault.NONE
    """Of the shop: what goes wrong at the payment provider."""
    refused: bool = False
    """Of the shop: the merchant refuses it after it was paid. Of a case: the customer withdraws it."""

    @property
    def fault(self) -> Fault | None:
        """What it counts as."""
        return _OF_PAYING.get(self.pays)


_OF_PAYING = {
    PayFault.TWICE: Fault.PAYMENT_REPEATED,
    PayFault.LOST: Fault.PAYMENT_UNTOLD,
    PayFault.PAID_TWICE: Fault.PAID_TWICE,
}
COURSES = (
    Course(Way.SHOP, pays=PayFault.TWICE),
    Course(Way.QUOTE, story="at-target"),
    Course(Way.CASE),
    Course(Way.CONTRACT, story="at-target"),
    Course(Way.SHOP, pays=PayFault.LOST),
    Course(Way.FROM_STOCK),
    Course(Way.SHOP, refused=True),
    Course(Way.CASE, refused=True),
    Course(Way.SHOP, pays=PayFault.PAID_TWICE),
    Course(Way.QUOTE, story="sent-back"),
    Course(Way.SHOP),
)
"""Every course there is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One course of a run, by its name."""

    name: str
    course: Course
    pieces: int
    """How many of what is in stock it takes."""


def ways_of(seed: int, count: int) -> list[Wanted]:
    """So many, drawn by the seed: each course once before any comes again."""
    chance = Random(f"{seed}/ways")
    drawn: list[Course] = []
    while len(drawn) < count:
        drawn += chance.sample(COURSES, len(COURSES))
    return [
        Wanted(f"way-{place:03}", course, chance.randint(1, 9))
        for place, course in enumerate(drawn[:count], start=1)
    ]


def stock_for(wanted: Sequence[Wanted]) -> int:
    """So many pieces of each product that no order waits, and few enough that a piece promised twice would be seen: what
    all of them take together."""
    return sum(each.pieces for each in wanted)
