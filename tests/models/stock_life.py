"""Lives of orders from stock: a stock of their own, and the usual way from the order to the receipt."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from models.messages.decision_subjects import Subject
from models.stock.shelves import Movement, StockItem
from models.stock.stock_in_memory import StockInMemory
from models.stock.stock_words import StockMove
from models.values.vocabulary import Unit
from rehearsal.pure import answer
from rehearsal.stand_ins.books_in_memory import told_of_stock
from rehearsal.stand_ins.order_books import OrderBooks
from tests.models.life import MONDAY, Life, heard
from workflows.procedure import receive


def stock_of(**on_hand: str) -> StockInMemory:
    """A stock with so many rolls of each product; `_` in a name stands for `-`."""
    return StockInMemory.of(
        StockItem(product=name.replace("_", "-"), unit=Unit.ROLL, on_hand=Decimal(quantity))
        for name, quantity in on_hand.items()
    )


class StockLife(Life):
    """An order from stock."""

    def __init__(
        self,
        stock: StockInMemory | None = None,
        placed: datetime = MONDAY,
        number: str = "20270301-0001",
        **changes: Any,
    ) -> None:
        self.stock = stock or stock_of(TP_80="2000")
        books = changes.pop("books", None) or OrderBooks(self.stock)
        super().__init__(placed, books, number=number, **{"fulfilment": "from_stock", **changes})

    def approved(self) -> Self:
        """The supervisor agrees."""
        self.decide(Subject.APPROVAL, "approve")
        return self

    def agreed(self) -> Self:
        """The customer confirms by mail."""
        version = self.order.sheets[-1].version
        self.does("confirmation_returned", version=version, signed_by="王芳")
        return self

    def firm(self, deposit: str = "1500.00") -> Self:
        """Approved, confirmed, paid what is due first."""
        self.approved().agreed()
        if Decimal(deposit) > 0:
            self.paid(deposit)
        return self

    def released(self, balance: str = "3500.00") -> Self:
        """Paid in full and released."""
        if Decimal(balance) > 0:
            self.paid(balance)
        self.decide(Subject.FINANCE_RELEASE, "release")
        return self

    def picked(self, **content: Any) -> Self:
        """The warehouse picked it."""
        return self.does("picked", **content)

    def comes(self, quantity: str, product: str = "TP-80", kind: StockMove = StockMove.PURCHASE) -> Self:
        """Goods come (or are fewer, below zero), and orders hear of it."""
        movement = Movement(product=product, kind=kind, quantity=Decimal(quantity), at=self.now)
        self.stock.change(lambda shelves: shelves.move(movement))
        return self.hears()

    def hears(self) -> Self:
        """What waits to be told to this order is told; what is another's stays."""
        waiting = self.stock.untold
        self.stock.untold = [each for each in waiting if each.order == self.order.number]
        others = [each for each in waiting if each.order != self.order.number]
        for _, envelope in told_of_stock(self.stock, self.now):
            heard(receive(self.order, envelope, self.now))
            answer(self.order, self.books)
        self.stock.untold = others
        return self

    @property
    def figures(self) -> tuple[str, str, str]:
        """On hand, reserved and available of the usual product."""
        item = self.stock.items["TP-80"]
        return tuple(format(each.normalize(), "f") for each in (item.on_hand, item.reserved, item.available))  # type: ignore[return-value]
