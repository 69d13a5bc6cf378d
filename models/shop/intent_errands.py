"""What an order of the shop asks of the payment provider, and what comes back (R39, R123)."""

from __future__ import annotations

from models.values.content import Content, PositiveMoney, Reference, Text

CLOSE_INTENT_ACTIVITY = "close_intent"
REFUND_INTENT_ACTIVITY = "refund_intent"


class IntentQuestion(Content):
    """Whether the order was paid by now; its open intent is closed where not. The key makes it once."""

    order: Reference
    key: Reference


class RefundWanted(Content):
    """Money of an order that goes back the way it came, in CNY. The key makes it once."""

    order: Reference
    amount: PositiveMoney
    key: Reference
    reason: Text = ""
