"""All the books that orders share, for players without a database."""

from __future__ import annotations

from models.dossier.dossier import Dossier
from models.dossier.shared_books import SharedBook
from models.order.order import Order
from rehearsal.books_in_memory import BooksInMemory, Tell
from rehearsal.credit_in_memory import CreditInMemory


class OrderBooks(BooksInMemory):
    """The books of a story or a test; an order takes part from the first look at it on."""

    def __init__(self) -> None:
        self._credit = CreditInMemory()
        super().__init__({SharedBook.CREDIT: self._credit})

    def answer(self, dossier: Dossier, tell: Tell) -> None:
        """Answer all that the order asks, and what it asks then."""
        if isinstance(dossier, Order):
            self._credit.join(dossier)
        super().answer(dossier, tell)
