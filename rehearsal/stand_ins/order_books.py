"""All the books that orders share, for players without a database."""

from __future__ import annotations

from models.dossier.dossier import Dossier
from models.dossier.records.shared_books import SharedBook
from models.order.order import Order
from models.stock.stock_in_memory import StockInMemory
from rehearsal.stand_ins.books_in_memory import BooksInMemory, Tell
from rehearsal.stand_ins.credit_in_memory import CreditInMemory


class OrderBooks(BooksInMemory):
    """The books of a story or a test; an order takes part from the first look at it on."""

    def __init__(self, stock: StockInMemory | None = None) -> None:
        self._credit = CreditInMemory()
        kept = stock if stock is not None else StockInMemory()
        super().__init__(
            {
                SharedBook.CREDIT: self._credit,
                SharedBook.STOCK: lambda number, question: kept.answer(
                    number, question.content, question.asked_at
                ),
            }
        )

    def answer(self, dossier: Dossier, tell: Tell) -> None:
        """Answer all that the order asks, and what it asks then."""
        if isinstance(dossier, Order):
            self._credit.join(dossier)
        super().answer(dossier, tell)
