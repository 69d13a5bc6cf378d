"""Whose step it is when something that was said counts for nothing: money is finance's, goods the material controller's too."""

from __future__ import annotations

from collections.abc import Iterable

from models.facts.fact_kinds import FACT_KINDS
from models.facts.known_facts import KNOWN_FACTS
from models.messages.envelope import DECISION
from models.values.vocabulary import Role

OF_MONEY = frozenset(
    {
        "payment_received",
        "payment_bounced",
        "payment_corrected",
        "cash_cleared",
        "collection_remitted",
        "second_telling_settled",
        "money_transferred_out",
        "money_transferred_in",
    }
)
"""Facts that finance is asked about too: money for which an order has no use is still somebody's money."""
_OF_CASES = frozenset({"credit_noted"})
"""What an after-sales case took off the bill: where the order does not take it, money was promised that nobody counts (R164)."""
OF_GOODS = frozenset(
    {
        "production_reported",
        "production_exception",
        "inspection_reported",
        "inspection_confirmed",
        "warehouse_entered",
        "transport_arranged",
        "shipping_read_back",
        "shipped",
        "transit_reported",
        "arrived",
        "delivery_receipt",
        "receipt_confirmed",
        "recall_reported",
        "goods_returned",
        "picked",
        "purchase_ordered",
    }
)
"""Facts about goods and where they are: the material controller is asked about them too."""
OF_SIGNATURES = frozenset(
    {
        "confirmation_returned",
        "sheet_scanned",
        "document_supplied",
        "production_signed",
        "hand_over_confirmed",
        DECISION,
    }
)
"""What somebody signed for."""


def is_somebodys(kind: str) -> bool:
    """Whether somebody must look at what was refused of this kind: money, goods, signatures, and whatever nobody could read."""
    return kind in OF_MONEY | OF_GOODS | OF_SIGNATURES or kind not in FACT_KINDS


def asked_about(kinds: Iterable[str]) -> tuple[Role, ...]:
    """Who is asked about a fact of one of these kinds; finance too about one of which nobody knows the kind."""
    each = set(kinds)
    if each & (OF_MONEY | _OF_CASES) or not each <= set(KNOWN_FACTS):
        return (Role.FINANCE, Role.SERVICE_CLERK)
    if each & OF_GOODS:
        return (Role.SERVICE_CLERK, Role.MATERIAL_CONTROLLER)
    return (Role.SERVICE_CLERK,)
