"""Lives of pre-sale orders: a stock with a batch, and what purchasing and quality do with it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from models.stock import batch_acts
from models.stock.shelves import Shelves, StockItem
from models.stock.stock_in_memory import StockInMemory
from models.stock.stock_words import BatchPayment
from models.values.vocabulary import Unit
from tests.models.life import MONDAY
from tests.models.stock_life import StockLife

BATCH = "PS-80"
COMES = date(2027, 3, 15)
"""The day that the batch is agreed for; lives begin on Monday, 1 March 2027."""


def batch_stock(
    quantity: str = "2000",
    payment: BatchPayment = BatchPayment.DEPOSIT,
    expected: date = COMES,
    *,
    batch: str = BATCH,
    stock: StockInMemory | None = None,
) -> StockInMemory:
    """A stock with nothing on hand of the usual product, and a batch of it that is offered."""
    made = stock or StockInMemory.of([StockItem(product="TP-80", name="热敏纸", unit=Unit.ROLL)])
    said = batch_acts.NewBatch(
        batch=batch, product="TP-80", quantity=Decimal(quantity), expected=expected, payment=payment
    )
    made.items[batch] = batch_acts.offered(said, made.items["TP-80"], MONDAY.date())
    made.change(lambda shelves: batch_acts.offer(shelves, batch, "buyer", MONDAY))
    return made


class PresaleLife(StockLife):
    """An order of a batch."""

    def __init__(
        self,
        stock: StockInMemory | None = None,
        placed: datetime = MONDAY,
        number: str = "20270301-0001",
        **changes: Any,
    ) -> None:
        super().__init__(stock or batch_stock(), placed, number, **{"fulfilment": "pre_sale", **changes})

    def change(self, act: Any) -> Self:
        """Something is done with the batch, and the order hears of it."""
        self.stock.change(act)
        return self.hears()

    def passes(self, quantity: str, scrapped: str = "0", batch: str = BATCH) -> Self:
        """So many come from purchasing and pass; the scrapped do not."""
        came = Decimal(quantity) + Decimal(scrapped)

        def act(shelves: Shelves) -> None:
            batch_acts.receive(shelves, batch_acts.BatchReceived(batch=batch, quantity=came))
            batch_acts.inspect(
                shelves,
                batch_acts.BatchJudged(
                    batch=batch, passed=Decimal(quantity), scrapped=Decimal(scrapped), reason="验收"
                ),
            )

        return self.change(act)

    def completed(self, batch: str = BATCH) -> Self:
        """Nothing more comes."""
        said = batch_acts.BatchCompleted(batch=batch, sure=True)
        return self.change(lambda shelves: batch_acts.complete(shelves, said, "buyer", self.now))

    def dated(self, day: str, batch: str = BATCH) -> Self:
        """Purchasing names another day."""
        content = {"product": "TP-80", "quantity": 1, "expected": day, "reference": batch}
        said = batch_acts.BatchDated(batch=batch, expected=date.fromisoformat(day), reason="船期")
        waiting: list[str] = []
        self.stock.change(
            lambda shelves: waiting.extend(batch_acts.date_anew(shelves, said, self.now.date()))
        )
        return self.does("purchase_ordered", **content) if self.order.number in waiting else self

    @property
    def figures(self) -> tuple[str, str, str]:
        """Of the batch: offered and not left, sold, and there."""
        item = self.stock.items[BATCH]
        assert item.batch is not None
        parts = (item.on_hand, item.reserved, item.batch.there)
        return tuple(format(each.normalize(), "f") for each in parts)  # type: ignore[return-value]
