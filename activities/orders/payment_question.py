"""Money that is far above what is open is asked back before it is told, where a person types it (R53)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from activities.orders.views.order_views import OrderView
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.receipts import folded
from models.values.vocabulary import Words

OF_AMOUNTS = frozenset({"payment_received", "collection_remitted"})
"""Facts in which somebody types how much came in."""
_MEANT = Words(
    "¥{amount} 远超未付的 ¥{open}（超过 {factor} 倍），是否输错？确认无误请再次提交；多付部分将记为余额",
    "CNY {amount} is more than {factor} times the CNY {open} that are open: is that meant? Confirm it and send it "
    "again; what is too much is shown as credit",
)


def require_meant(view: OrderView, kind: str, content: Mapping[str, Any], factor: Decimal) -> None:
    """Raises Refusal(questioned) for an amount above so many times what the order has open; nothing was told.

    What the order knows already under this reference, or cannot read, is its own to judge.
    """
    try:
        amount = Decimal(str(content.get("amount", "")))
    except InvalidOperation:
        return
    still_open = view.order.open_balance
    if kind not in OF_AMOUNTS or still_open is None or not amount.is_finite():
        return
    reference = folded(str(content.get("reference", "")))
    if any(folded(each.reference) == reference and each.amount == amount for each in view.payments):
        return
    still_open = max(still_open, ZERO)
    if amount > factor * still_open:
        words = _MEANT.filled(amount=amount, open=still_open, factor=factor)
        raise Refusal(Code.QUESTIONED, words, where="content.amount", rule="R53")
