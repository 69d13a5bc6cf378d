"""Generated demand 模拟需求: made-to-order orders of the example company, placed in working hours over some days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from models.messages.envelope import read_content
from models.policy import Policy
from models.values.calendar import Calendar, at
from models.values.vocabulary import CustomerClass
from rehearsal.script import Script, script_of
from rehearsal.simulation.chances import Chances
from rehearsal.story import Company, Story

OPENS, CLOSES = 9, 17
"""Hours of business time in which orders are placed."""
_CUSTOMERS = (("K-A1", 2), ("K-B1", 5), ("K-C1", 3))
_TERMS = {
    CustomerClass.A: (("on_account", 7), ("deposit", 3)),
    CustomerClass.B: (("deposit", 8), ("prepaid", 2)),
    CustomerClass.C: (("deposit", 5), ("prepaid", 5)),
}
_GOODS = (("TP-80", "5.00"), ("TP-57", "2.50"), ("NCR-3", "80.00"))
_ROLLS = ((80, 1), (200, 2), (1000, 4), (2500, 3), (8000, 1))
"""Quantities and how often: the smallest are orders of 500 yuan or less (R38)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One order that will be placed, and the draws of everything that happens to it."""

    name: str
    script: Script
    chances: Chances

    def under(self, policy: Policy) -> Wanted:
        """The same order where another policy is in force."""
        return replace(self, script=replace(self.script, policy=policy))


def demand_of(company: Company, orders: int, days: int, seed: int, begins: date) -> Iterator[Wanted]:
    """So many orders, placed on the working days among so many days from the first one on; by their moments."""
    chances, calendar = Chances(str(seed)), Calendar()
    working = [
        day
        for day in (begins + timedelta(days=after) for after in range(days))
        if calendar.is_working_day(day)
    ]
    moments = sorted(_moment(chances.of(f"order-{number}"), working) for number in range(1, orders + 1))
    for number, moment in enumerate(moments, start=1):
        name = f"order-{number:05}"
        own = chances.of(name)
        yield Wanted(name, _script(name, company, own, moment), own)


def _moment(chances: Chances, working: list[date]) -> datetime:
    day = working[chances.whole("day", 0, len(working) - 1)]
    return at(day, chances.whole("hour", OPENS, CLOSES - 1), chances.whole("minute", 0, 59))


def _script(name: str, company: Company, chances: Chances, moment: datetime) -> Script:
    customer = chances.one_of("customer", _CUSTOMERS)
    file = company.customer(customer)
    grade = file.customer_class if file is not None else CustomerClass.C
    product, price = chances.one_of("product", [(each, 1) for each in _GOODS])
    quantity = Decimal(chances.one_of("quantity", _ROLLS))
    if product == "NCR-3":
        quantity = max(Decimal(5), quantity / 20)
    goods = next(each for each in company.prices if each.product == product)
    order = {
        "customer": customer,
        "payment_terms": chances.one_of("terms", _TERMS[grade]),
        "lines": [
            {
                "line": 1, "product": product, "specification": goods.specification, "unit": goods.unit.value,
                "quantity": format(quantity.quantize(Decimal(1)), "f"), "unit_price": price, "tolerance_percent": "5",
            }
        ],
        "words": f"{name}",
    }  # fmt: skip
    story = read_content(
        Story,
        {
            "name": name,
            "title": {"zh": f"模拟订单 {name}", "en": f"simulated order {name}"},
            "order": order,
            "expect": [{"after": "0m"}],
        },
    )
    return replace(script_of(story, company, moment, begins=moment), moves=())
