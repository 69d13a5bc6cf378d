"""What the facts about invoices carry (R162, R163)."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from models.invoices.terms import InvoiceKind
from models.values.content import Content, Line, Name, NonNegativeMoney, PositiveMoney, Reference, Text
from models.values.money import ZERO
from models.values.words import InvalidValue

_TAX_NUMBER = re.compile(r"[0-9A-Z]{15}|[0-9A-HJ-NPQRTUWXY]{18}|[0-9A-Z]{20}")
_BAD_TAX_NUMBER = (
    "税号由 15、18 或 20 位数字和大写字母组成，18 位的不含 I、O、S、V、Z",
    "a tax number has 15, 18 or 20 figures and capital letters; one of 18 has no I, O, S, V or Z",
)


def _tax_number(value: str) -> str:
    written = "".join(value.split()).replace("-", "").upper()
    if written and not _TAX_NUMBER.fullmatch(written):
        raise InvalidValue(*_BAD_TAX_NUMBER)
    return written


TaxNumber = Annotated[Line, AfterValidator(_tax_number)]
"""The number by which the tax office knows a company; empty where there is none."""


class InvoiceRequested(Content):
    """The customer wants an invoice: on which name, under which tax number, of which kind.

    Without `amount` for all that is billed and on no invoice yet.
    """

    title: Name
    tax_number: TaxNumber = ""
    invoice_kind: InvoiceKind = InvoiceKind.PLAIN
    amount: PositiveMoney | None = None


class InvoiceIssued(Content):
    """An invoice was issued under a number of its own. `request` left out: for the first that waits.

    `amount`, where it is given, is what stands on it: another one than is asked for is refused.
    """

    invoice: Reference
    request: int | None = None
    amount: PositiveMoney | None = None
    issued_on: date | None = None
    document: Line = ""
    """The electronic invoice, by its reference."""


class InvoiceReversed(Content):
    """A red-letter invoice 红字发票 takes back an invoice, or a part of it.

    Without `amount` what is on it beyond the bill; where nothing is, all that remains of it.
    """

    invoice: Reference
    """The invoice that is taken back."""
    red_letter: Reference
    """The red letter's own number."""
    amount: PositiveMoney | None = None
    reason: Text
    issued_on: date | None = None
    document: Line = ""


class CreditNoted(Content):
    """An after-sales case took something off the bill of an order that goes on: what, and what is paid back of it.

    `line` 0: it belongs to no line.
    """

    case: Reference
    credit_note: Reference
    line: int = 0
    value: NonNegativeMoney
    paid_back: NonNegativeMoney = ZERO
