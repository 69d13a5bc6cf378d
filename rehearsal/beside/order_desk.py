"""Who makes the orders that cases of stories ask for: an order has a number, and no life; it may be refused at first."""

from __future__ import annotations

from datetime import datetime

from models.dossier.errands import ErrandDone

_REFUSED = {"code": "unknown_customer", "zh": "没有此客户", "en": "there is no such customer"}


class OrderDesk:
    """Where one story's order is made (R104, R144)."""

    def __init__(self, begins: datetime, not_made: int) -> None:
        """`begins`: the day of the order's number; `not_made`: so many times it is refused."""
        self._order, self._refuses = f"{begins:%Y%m%d}-0009", not_made

    def make(self) -> ErrandDone:
        """What comes of it."""
        if self._refuses > 0:
            self._refuses -= 1
            return ErrandDone(kind="order_not_made", content=dict(_REFUSED))
        return ErrandDone(kind="order_made", content={"order": self._order})
