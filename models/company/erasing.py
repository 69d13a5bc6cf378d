"""What becomes of a customer's data once nobody must keep them any longer (our choice; money papers are kept ten years). Pure.

What stays names nobody: an order's number, its dates, goods, quantities and sums, promises with their causes, lots, numbers
that must never be used twice; and of its journal the chain of hashes with what kind of thing happened when, so that the
order's head can still be reached from its first entry. Everything else goes, archives and papers too.
"""

from __future__ import annotations

from calendar import isleap
from datetime import date

from pydantic import BaseModel

ERASED = "（已清除）"
"""What stands where a customer's name stood."""
GONE_WITH_ITS_CASE = (
    "case_steps", "case_decisions", "case_journal", "cost_rows", "offers", "signatures", "contract_drafts", "contracts",
    "quotes", "case_refunds", "order_cases",
)  # fmt: skip
"""Tables whose rows go by the number of a quote, a contract, an after-sales case of the customer."""
GONE_WITH_ITS_ORDER = (
    "account_settlements", "act_files", "archives", "credit_commitments", "credit_notes", "decisions", "deliveries",
    "desk_steps", "held_acts", "inbox", "intent_refunds", "invoice_requests", "invoices", "journal", "late_facts", "open_steps",
    "outbox", "payment_receipts", "payments", "ratings", "releases", "reminders", "shared_answers",
    "step_handovers", "transfers", "webhook_deliveries", "webhook_events",
)  # fmt: skip
"""Tables whose rows go by the number of an order of the customer."""
GONE_WITH_THE_CUSTOMER = ("own_prices", "customer_phones", "credit_limits", "case_requests", "requests")
"""Tables whose rows go by the customer."""
GONE_OTHERWISE = (
    "link_days", "link_uses", "signing_codes", "customer_links", "receipt_acts", "receipt_parts", "house_receipts", "cart_lines",
    "carts", "account_members", "addresses", "checkouts", "accounts", "provider_events", "customer_codes", "customer_sessions",
    "company_changes", "reminder_pauses", "cases", "sandbox_orders", "found_right",
)  # fmt: skip
"""Tables whose rows go by something else that is the customer's: a link, a receipt, an account, a payment; the number of
an order or another case alike."""
WITHOUT_NAMES = ("customers", "orders", "promises", "shipments", "acts")
"""Tables whose rows stay and lose what names somebody."""
KEPT = (
    "bank_receipts", "billed_lines", "inspections", "intent_allocations", "intent_payments", "intent_shares", "intents",
    "invoice_numbers", "line_bookings", "lots", "order_assignments", "order_case_numbers", "order_lines", "order_words",
    "order_words_due", "quoted_orders", "reservations", "sample_credits", "shipped_amounts", "stock_acts", "stock_movements",
    "erased_journal", "erasures",
)  # fmt: skip
"""Tables whose rows stay as they are: numbers, goods, quantities, sums. The words by which orders are found are made anew."""
OF_NOBODY = (
    "answers", "api_keys", "calendar_days", "case_day_numbers", "daily_reports", "day_numbers", "desk_introductions",
    "kept_figures", "kept_forms", "kept_views", "login_tries", "logins", "machine_downtimes", "machine_lines", "presale_batches",
    "prices", "product_pictures", "products", "provider_differences", "recovery_codes", "report_runs", "sessions", "staff",
    "staff_absences", "stock_items", "webhook_endpoints", "webhook_positions", "webhooks",
)  # fmt: skip
"""Tables of the house itself. `answers` and `webhooks` hold messages of other systems, not by customer."""


class ErasurePlan(BaseModel):
    """What an erasure takes away: rows by table, orders, papers and archives as files of the store."""

    customer: str
    last: date | None
    """The day (+08:00) of the last thing that must be kept; None: nothing ever was."""
    erasable_from: date | None
    orders: int
    cases: int
    rows: dict[str, int]
    files: int
    done: bool = False


def erasable_from(last: date, years: int) -> date:
    """The first business day on which what ended on `last` need not be kept any longer: the day after the years are full."""
    year = last.year + years
    if (last.month, last.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return date.fromordinal(last.replace(year=year).toordinal() + 1)
