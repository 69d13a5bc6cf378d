"""The invoices of an order as the order database has them, and what is billed of it now (R162, R164)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, func, select

from models.invoices.billed import less_credited
from models.invoices.invoice_book import Invoice, InvoiceBook, InvoiceRequest
from models.invoices.terms import TaxedAs
from models.order.kinds.kind import KINDS
from models.policy import InvoicePolicy
from models.request.order_start import OrderStart
from models.tables.registry import table
from models.values.money import ZERO

_Kept = TypeVar("_Kept", Invoice, InvoiceRequest)
NO_LINE = 0
"""What is billed and belongs to no line."""


def book_of(connection: Connection, order: str) -> InvoiceBook:
    """Requests and invoices of an order, in the order in which they came."""
    requests, invoices = table("invoice_requests"), table("invoices")
    asked = select(requests).where(requests.c.order_number == order).order_by(requests.c.number)
    issued = select(invoices).where(invoices.c.order_number == order).order_by(invoices.c.place)
    return InvoiceBook(
        requests=[_read(InvoiceRequest, row) for row in connection.execute(asked).mappings()],
        invoices=[_read(Invoice, row) for row in connection.execute(issued).mappings()],
    )


def _read(model: type[_Kept], row: RowMapping) -> _Kept:
    return model.model_validate({name: row[name] for name in model.model_fields})


def billed_of(connection: Connection, order: str) -> dict[int, Decimal]:
    """What is billed of an order by line, less what after-sales cases took off, in CNY.

    An order of before credit notes has no lines of it: all that it was billed belongs to none. Its bill is less already
    by what the order itself heard of its cases.
    """
    lines, orders, notes = table("billed_lines"), table("orders"), table("credit_notes")
    query = select(lines.c.line, lines.c.amount).where(lines.c.order_number == order)
    billed: dict[int, Decimal] = {row.line: row.amount for row in connection.execute(query)}
    if not billed:
        bill: Decimal | None = connection.scalar(select(orders.c.bill).where(orders.c.number == order))
        of_cases = select(func.sum(notes.c.amount)).where(
            notes.c.order_number == order, notes.c.case_number != ""
        )
        heard: Decimal | None = connection.scalar(of_cases)
        billed = {NO_LINE: (bill or ZERO) + (heard or ZERO)}
    return less_credited(billed, case_credits(connection, order))


def case_credits(connection: Connection, order: str) -> Mapping[int, Decimal]:
    """What after-sales cases took off the bill, by line (R142)."""
    refunds = table("case_refunds")
    query = (
        select(refunds.c.line, func.sum(refunds.c.value).label("value"))
        .where(refunds.c.order_number == order, refunds.c.credited.is_(True))
        .group_by(refunds.c.line)
    )
    return {row.line or NO_LINE: row.value for row in connection.execute(query)}


def percent_of(begun: Mapping[str, Any]) -> Decimal:
    """The rate of the tax by what an order began with, in per cent (R162)."""
    start = OrderStart.model_validate(begun)
    policy: InvoicePolicy = start.policy.invoice
    taxed_as = KINDS[start.request.fulfilment].taxed_as
    return policy.services_percent if taxed_as is TaxedAs.SERVICES else policy.tax_percent
