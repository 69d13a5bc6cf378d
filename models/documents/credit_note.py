"""What stands on a credit note 贷项通知单: plain data for its template, of an order's as of an after-sales case's (R164)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from models.invoices.terms import CreditNoteGround
from models.values.vocabulary import Unit
from models.writing.printed_figures import amount, both, figures, price, quantity


def credit_note(
    note: str,
    order: str,
    ground: CreditNoteGround,
    lines: Iterable[dict[str, Any]],
    *,
    total: Decimal,
    bill_before: Decimal | None = None,
    bill_after: Decimal | None = None,
) -> dict[str, Any]:
    """The content beside what every paper of the case says; amounts in CNY with tax.

    A case does not know the bill of its order.
    """
    return {
        "note": note,
        "order": order,
        "ground": both(ground),
        "lines": list(lines),
        "total": amount(total),
        "bill_before": amount(bill_before) if bill_before is not None else None,
        "bill_after": amount(bill_after) if bill_after is not None else None,
    }


def credited_line(
    line: int,
    product: str,
    specification: str,
    unit: Unit,
    *,
    quantities: tuple[Decimal, Decimal],
    prices: tuple[Decimal, Decimal],
    total: Decimal,
) -> dict[str, Any]:
    """One line: quantity and unit price before and after, and by how much less it is billed."""
    return {
        "line": str(line),
        "product": product,
        "specification": specification,
        "unit": both(unit),
        "quantity_before": quantity(quantities[0]),
        "quantity_after": quantity(quantities[1]),
        "price_before": price(prices[0]),
        "price_after": price(prices[1]),
        "amount": figures(total),
    }


def note_number(of: str, place: int) -> str:
    """The number of a credit note: the so-many-th one of an order, or of an after-sales case."""
    return f"CN-{of}-{place}"
