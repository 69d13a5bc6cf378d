"""What an archived order holds, and which orders are due (R165). Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pydantic import BaseModel

from models.values.calendar import end_of


class ArchivePage(BaseModel):
    """Archive the orders that are due on this business day, after this order."""

    day: date
    after: str = ""


class ArchiveProgress(BaseModel):
    """What one page came to. `after` is where to go on; empty: all were looked at."""

    after: str = ""
    archived: int = 0
    failed: int = 0


OF_THE_ORDER = (
    "orders", "order_lines", "open_steps", "decisions", "promises", "lots", "inspections", "releases", "shipments",
    "order_assignments", "late_facts", "ratings",
)  # fmt: skip
"""Tables of `order.json`; those that have no row of the order are left out."""
OF_MONEY = (
    "payments", "payment_receipts", "transfers", "billed_lines", "credit_notes", "invoice_requests", "invoices",
    "case_refunds",
)  # fmt: skip
"""Tables of `money.json`."""
OF_CASES = ("cases", "order_cases", "case_journal", "case_steps", "case_decisions")
"""Tables of each case in `cases/`."""


def archived_before(day: date, days: int) -> datetime:
    """Orders that ended before this moment are due on this business day (UTC)."""
    return end_of(day - timedelta(days=days))
