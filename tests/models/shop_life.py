"""Lives of orders of the shop: a stock, a payment provider, and the usual way from the checkout to the receipt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from models.messages.decision_subjects import Subject
from models.order.kinds.shop import pay_until
from models.stock.stock_in_memory import StockInMemory
from models.values.vocabulary import Role
from rehearsal.stand_ins.order_books import OrderBooks
from rehearsal.stand_ins.provider_of_stories import ProviderInMemory
from rehearsal.story import StoryProvider
from tests.models.life import MONDAY, REQUEST
from tests.models.stock_life import StockLife, stock_of

TERMS: dict[str, Any] = {
    "checkout": "co-1",
    "account": "a-1",
    "terms_version": "2027-01",
    "delivery_fee": "16.00",
    "seen_total": "176.00",
}
LINE = {**REQUEST["lines"][0], "quantity": "2", "unit_price": "80.00", "tolerance_percent": None}
WHOLE = "176.00"


class ShopLife(StockLife):
    """An order of the shop: 2 × 80.00 and 16.00 for delivery."""

    def __init__(
        self,
        stock: StockInMemory | None = None,
        placed: datetime = MONDAY,
        number: str = "20270301-0001",
        provider: dict[str, Any] | None = None,
        terms: dict[str, Any] | None = None,
        **changes: Any,
    ) -> None:
        kept = stock or stock_of(TP_80="10")
        self.provider = ProviderInMemory(StoryProvider.model_validate(provider or {}))
        usual = {
            "channel": "website",
            "fulfilment": "shop",
            "lines": [LINE],
            "payment_terms": "prepaid",
            "deposit_percent": None,
            "delivery_method": "courier",
            "entered_by": "a-1",
            "entered_role": "customer",
            "shop": {**TERMS, **(terms or {})},
        }
        self._books = OrderBooks(kept, self.provider)
        super().__init__(kept, placed, number, **{"books": self._books, **usual, **changes})

    @property
    def limit(self) -> datetime:
        """Until when it may be paid."""
        limit = pay_until(self.order)
        assert limit is not None
        return limit

    def pays(
        self,
        amount: str = WHOLE,
        payment: str = "P-1",
        at: datetime | None = None,
        fact_id: str | None = None,
    ) -> Self:
        """The provider tells of money, paid now or at that moment."""
        paid_at = at or self.now
        return self.does(
            "payment_received",
            role=Role.SYSTEM,
            by="shop",
            happened=paid_at,
            fact_id=fact_id or f"test:{payment}:{self.order.number}",
            amount=amount,
            method="online",
            purpose="whole",
            reference=f"test:{payment}",
            paid_at=paid_at.isoformat(),
        )

    def tell_again(self, number: int) -> Self:
        """The same money once more, under the same id and under another one."""
        same = f"test:P-1:{self.order.number}"
        self.tell_payment(same)
        self.tell_payment(f"{same}:{number}")
        return self

    def tell_payment(self, fact_id: str) -> None:
        """Told, whatever the answer is."""
        self.tell(
            "payment_received",
            role=Role.SYSTEM,
            by="shop",
            fact_id=fact_id,
            amount=WHOLE,
            method="online",
            purpose="whole",
            reference="test:P-1",
            paid_at=self.now.isoformat(),
        )

    def accepted(self) -> Self:
        """The merchant accepts it."""
        self.decide(Subject.MERCHANT_ACCEPTANCE, "accept")
        return self

    def received(self) -> Self:
        """Paid, accepted, picked, sent, and with the customer."""
        self.later(hours=1).pays().accepted().picked().sent()
        self.later(days=2)
        self.does("arrived", shipment="1")
        return self.does("delivery_receipt", shipment="1", signed_by="王芳")

    def seconds_after_the_limit(self, seconds: int) -> Self:
        """It becomes so many seconds after the payment limit."""
        self.until(self.limit + timedelta(seconds=seconds))
        return self
