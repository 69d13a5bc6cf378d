"""What a checkout asks of whoever takes the money: one intent over all orders that are paid at once (R122, R123)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol


class IntentDesk(Protocol):
    """Opens intents. It is called within the transaction of the checkout, and again with the same one after a crash."""

    def __call__(self, connection: object, checkout: str, allocations: Mapping[str, Decimal]) -> str:
        """Open the one intent of a checkout, or find it: by order what is asked for it, in CNY. Its name.

        The same checkout again gives the same intent.
        """
        ...
