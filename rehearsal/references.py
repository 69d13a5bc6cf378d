"""References and request ids of a story are its own: a receipt counts once in the company, and stories are played side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NAMED = ("reference", "right_reference")
_OF_MONEY = frozenset(
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
"""Facts that name a payment by its reference."""
_OF_INVOICES = frozenset({"invoice_issued", "invoice_reversed"})
"""Facts that name an invoice by its number, which the house has once (R162)."""
_NUMBERS = ("invoice", "red_letter")
_KEYS = ("confirm_payment", "clear_cash", "told_twice", "money_moves", "payment_notice", "payment_fell")
"""Steps and notices whose keys end with a reference."""


def of_story(story: str, name: str) -> str:
    """A reference or request id as the story's own; one that is already stays as it is."""
    name = name.strip()
    return name if not name or name.startswith(f"{story}/") else f"{story}/{name}"


def key_of_story(story: str, key: str) -> str:
    """The key of a step or a paper with the story's own reference in it; any other key as it is."""
    kind, colon, reference = key.partition(":")
    return f"{kind}:{of_story(story, reference)}" if colon and kind in _KEYS else key


def with_own_references(story: str, kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What a fact says, with the story's own references in the place of those that the story names."""
    said = dict(content)
    if kind in _OF_MONEY:
        said |= {name: of_story(story, said[name]) for name in _NAMED if isinstance(said.get(name), str)}
    if kind in _OF_INVOICES:
        said |= {name: of_story(story, said[name]) for name in _NUMBERS if isinstance(said.get(name), str)}
    if isinstance(said.get("step"), str):
        said["step"] = key_of_story(story, said["step"])
    return said
