"""What an order of the shop says beside its lines: from which checkout it comes, and on which terms (R65, R122)."""

from __future__ import annotations

from models.values.content import Content, NonNegativeMoney, Reference
from models.values.money import Money


class ShopTerms(Content):
    """What was agreed at the checkout. Amounts in CNY, tax included."""

    checkout: Reference
    """The checkout that it comes from; all orders of one checkout name it."""
    account: Reference
    """Who ordered: an account of the shop."""
    terms_version: Reference
    """The version of the shop's terms that was agreed to."""
    delivery_fee: NonNegativeMoney
    """What delivery costs the customer: a line of the bill of its own (R65)."""
    seen_total: Money
    """What the customer saw that this order comes to, the fee included (R122)."""
