"""All the books that orders share, and the payment provider of the shop, for players without a database."""

from __future__ import annotations

from models.dossier.dossier import Dossier
from models.dossier.records.shared_books import SharedBook
from models.order.order import Order
from models.stock.stock_in_memory import StockInMemory
from rehearsal.stand_ins.books_in_memory import BooksInMemory, Tell
from rehearsal.stand_ins.credit_in_memory import CreditInMemory
from rehearsal.stand_ins.provider_of_stories import ProviderInMemory


class OrderBooks(BooksInMemory):
    """The books of a story or a test; an order takes part from the first look at it on."""

    def __init__(self, stock: StockInMemory | None = None, provider: ProviderInMemory | None = None) -> None:
        self._credit = CreditInMemory()
        self._provider = provider if provider is not None else ProviderInMemory()
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
        """Answer all that the order asks, and do what it wants done, and what it asks then."""

        def tell_and_answer(envelope: dict[str, object]) -> None:
            tell(envelope)
            self._answer_books(dossier, tell)

        self._answer_books(dossier, tell)
        self._provider.answer(dossier, tell_and_answer)

    def _answer_books(self, dossier: Dossier, tell: Tell) -> None:
        if isinstance(dossier, Order):
            self._credit.join(dossier)
        super().answer(dossier, tell)
