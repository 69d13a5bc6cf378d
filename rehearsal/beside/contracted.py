"""What a story's order hears of its contract: `terms: as_ordered` stands for the hash of what the order says by then (R107)."""

from __future__ import annotations

from typing import Any

from models.contracts.order_news import IN_FORCE, OVER
from models.order.kinds.contract import terms_of
from models.order.order import Order

AS_ORDERED = "as_ordered"


def is_told_by_a_contract(envelope: dict[str, Any]) -> bool:
    """Whether a contract tells it to its order: the house says it, and no person."""
    return envelope["kind"] in (IN_FORCE, OVER)


def with_terms_as_ordered(envelope: dict[str, Any], order: Order) -> dict[str, Any]:
    """The hash of the order's own terms, where the story leaves it to be filled in."""
    content = envelope["content"]
    terms = terms_of(order) if content.get("terms") == AS_ORDERED else None
    return envelope if terms is None else {**envelope, "content": {**content, "terms": terms.digest}}
