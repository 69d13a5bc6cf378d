"""What each shipment adds to the bill of its order, for tables of what was shipped (R45, R73). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from models.order.money.bill import this_bill
from models.values.money import ZERO
from models.values.quantity import NOTHING


@dataclass(frozen=True, slots=True)
class Left:
    """One shipment: what left by line, less what came back of it."""

    shipment: str
    quantities: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Priced:
    """One line: its unit price, and the most that is billed of it where a surplus is returned (R45)."""

    unit_price: Decimal
    at_most: Decimal | None = None

    def billed(self, quantity: Decimal) -> Decimal:
        """What of so much of the line is billed."""
        return quantity if self.at_most is None else min(quantity, self.at_most)


def amounts_of(shipments: Iterable[Left], lines: Mapping[int, Priced]) -> dict[str, Decimal]:
    """The amount of each shipment, in CNY; `shipments` in the order in which they left.

    By line: all so far, rounded once, less what was billed before. So all shipments together are the bill, to the fen.
    """
    gone: dict[int, Decimal] = dict.fromkeys(lines, NOTHING)
    found: dict[str, Decimal] = {}
    for shipment in shipments:
        added = ZERO
        for line, priced in lines.items():
            upto = gone[line] + shipment.quantities.get(line, NOTHING)
            before = priced.billed(gone[line])
            added += this_bill(priced.unit_price, before, priced.billed(upto) - before)
            gone[line] = upto
        found[shipment.shipment] = added
    return found
