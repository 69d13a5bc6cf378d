"""What a line costs, what is asked for it, and what is left: exact, on fractions (R102, R105).

Prices are with tax, costs without. The margin is a share of the net price.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil

from pydantic import Field, model_validator

from models.values.content import Content, Line, Name, NonNegativePrice
from models.values.money import ZERO, as_unit_price, line_amount
from models.values.quantity import PositiveQuantity
from models.values.vocabulary import Term
from models.values.words import InvalidValue

_ALL = 100
_SHOWN = Decimal("0.01")
MOST_ROWS = 40


class CostKind(Term):
    """What is paid for (R102)."""

    MATERIAL = "material", "材料", "material"
    PROCESS = "process", "工序", "process"
    LABOUR = "labour", "人工", "labour"
    OTHER = "other", "其他", "other"


class CostBasis(Term):
    """Where the rate of a row comes from (R102)."""

    PURCHASE = "purchase", "采购价", "purchase"
    STANDARD = "standard", "标准", "standard"
    ESTIMATE = "estimate", "估算", "estimate"


class CostRow(Content):
    """One row of a cost sheet: so much of something at a rate, and where the rate comes from."""

    kind: CostKind
    what: Name
    quantity: PositiveQuantity
    measure: Line = ""
    """In what the quantity is counted: kg, hours, cartons."""
    rate: NonNegativePrice
    """CNY for one of it, without tax, up to six decimals."""
    basis: CostBasis
    purchased_on: date | None = None
    """When it was last bought at this rate."""

    @model_validator(mode="after")
    def _purchase_has_a_date(self) -> CostRow:
        if (self.basis is CostBasis.PURCHASE) is (self.purchased_on is None):
            raise InvalidValue(
                "依据为采购价时须写采购日期，其他依据不写",
                "a purchase is given with its date, and no other basis is",
            )
        return self

    @property
    def amount(self) -> Decimal:
        """Quantity × rate, rounded to the fen."""
        return line_amount(self.quantity, self.rate)


class CostSheet(Content):
    """What one line costs at one quantity (R102)."""

    line: int
    quantity: PositiveQuantity
    """The quantity break that it is worked out for."""
    rows: tuple[CostRow, ...] = Field(min_length=1, max_length=MOST_ROWS)

    @property
    def cost(self) -> Decimal:
        """The sum of its rows, without tax."""
        return cost_of(self.rows)


def cost_of(rows: Sequence[CostRow]) -> Decimal:
    """The sum of rows, each rounded to the fen."""
    return sum((row.amount for row in rows), ZERO)


def proposed_price(cost: Decimal, quantity: Decimal, margin: Decimal, tax: Decimal, decimals: int) -> Decimal:
    """R105: cost ÷ (1 − margin) × (1 + tax) ÷ quantity, rounded up to so many decimals. Percentages; margin below 100.

    28,400.00 for 10,000 at 20 % and 13 % tax: 4.0115.
    """
    gross = Fraction(cost) * (_ALL + Fraction(tax)) / (_ALL - Fraction(margin))
    smallest = 10**decimals
    return as_unit_price(Decimal(ceil(gross / Fraction(quantity) * smallest)).scaleb(-decimals))


def keeps(margin: Decimal, unit_price: Decimal, quantity: Decimal, cost: Decimal, tax: Decimal) -> bool:
    """R105: whether this margin is kept, compared exactly: gross × (1 − margin) ≥ cost × (1 + tax).

    Gross is quantity × price before it is rounded to the fen, so that the proposed price always keeps it.
    """
    gross = Fraction(unit_price) * Fraction(quantity)
    return gross * (_ALL - Fraction(margin)) >= Fraction(cost) * (_ALL + Fraction(tax))


def margin_of(unit_price: Decimal, quantity: Decimal, cost: Decimal, tax: Decimal) -> Fraction | None:
    """What is left as a share of the net price, in per cent; below zero at a loss, None where nothing is asked."""
    net = Fraction(unit_price) * Fraction(quantity) * _ALL / (_ALL + Fraction(tax))
    return (net - Fraction(cost)) / net * _ALL if net > 0 else None


def shown_percent(share: Fraction | None) -> Decimal | None:
    """A percentage as people read it: two decimals, half up. Nothing is decided by it."""
    if share is None:
        return None
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(_SHOWN, rounding=ROUND_HALF_UP)
