"""The tax in an amount: prices are with tax, and each line is rounded once (R162, R163)."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from models.values.money import Amount, rounded

_WHOLE = Decimal(100)


class TaxedLine(BaseModel):
    """What of one line stands on an invoice, in CNY; of a red letter all three are below zero."""

    model_config = ConfigDict(frozen=True)

    line: int
    amount: Amount
    """With tax."""
    net: Amount
    tax: Amount
    percent: Amount
    """The rate of the tax, in per cent."""


def net_of(amount: Decimal, percent: Decimal) -> Decimal:
    """What an amount is without its tax: 475.28 at 13 per cent is 420.60."""
    return rounded(amount * _WHOLE / (_WHOLE + percent))


def taxed(line: int, amount: Decimal, percent: Decimal) -> TaxedLine:
    """R162: net = round(amount ÷ 1.13), the tax is the rest: 475.28 = 420.60 + 54.68."""
    net = net_of(amount, percent)
    return TaxedLine(line=line, amount=amount, net=net, tax=amount - net, percent=percent)


def taken_back(line: int, before: Decimal, amount: Decimal, percent: Decimal) -> TaxedLine:
    """R163: so much is taken off a line of which `before` remained: the net is net before less net after.

    Of 475.28 77.00 is taken back: −77.00 = −68.14 − 8.86.
    """
    net = net_of(before, percent) - net_of(before - amount, percent)
    return TaxedLine(line=line, amount=-amount, net=-net, tax=-(amount - net), percent=percent)
