"""In which tables of the order database the cases of a kind are recorded."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column

from models.tables.registry import table

PROJECTED = (
    "order_lines",
    "open_steps",
    "decisions",
    "promises",
    "payments",
    "payment_receipts",
    "transfers",
    "lots",
    "inspections",
    "releases",
    "shipments",
    "invoice_requests",
    "invoices",
    "credit_notes",
    "billed_lines",
)
"""Tables whose rows are an order as it is now; a new epoch fills them anew."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the cases of a kind stand in the order database: orders have tables of their own, all other cases share some."""

    heads: str
    """One row for each case: how far it is recorded, and what it is now."""
    journal: str
    number: str
    """The column of the case's number, in the journal and in `projected`."""
    projected: tuple[str, ...]
    """Tables whose rows are the case as it is now; a new epoch fills them anew."""

    def of(self, name: str) -> Column[str]:
        """The column of the number in one of these tables."""
        return table(name).c[self.number]


ORDERS = Shelf("orders", "journal", "order_number", PROJECTED)
CASES = Shelf(
    "cases",
    "case_journal",
    "case_number",
    (
        "case_steps",
        "case_decisions",
        "quotes",
        "offers",
        "cost_rows",
        "order_cases",
        "contracts",
        "contract_drafts",
        "signatures",
    ),
)
"""Quotes, after-sales cases, and whatever else is a case of its own and no order."""
