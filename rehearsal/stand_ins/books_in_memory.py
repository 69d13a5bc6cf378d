"""The books that orders share, for players without a database: they answer at once, by the same pure rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from models.dossier.dossier import Dossier
from models.dossier.records.shared_books import SharedAnswer, SharedBook, SharedQuestion
from models.messages.envelope import envelope_json
from models.stock.stock_in_memory import StockInMemory
from models.values.fingerprint import lasting
from models.values.vocabulary import Role

Answering = Callable[[str, SharedQuestion], dict[str, Any]]
"""Decides a question of the case with this number and remembers what follows from it."""
Tell = Callable[[dict[str, Any]], object]
"""Says something to the case that asked."""


class BooksInMemory:
    """What several cases of one story or test share."""

    def __init__(self, books: Mapping[SharedBook, Answering] | None = None) -> None:
        self._books = dict(books or {})

    def answer(self, dossier: Dossier, tell: Tell) -> None:
        """Answer all that the case asks, and what it asks then. KeyError for a book that is not here."""
        while dossier.questions:
            question = min(dossier.questions.values(), key=_asked_in_turn)
            content = self._books[question.book](dossier.number, question)
            if dossier.lives:
                tell(
                    SharedAnswer(
                        key=question.key,
                        book=question.book,
                        asked=question.asked,
                        answered_at=question.asked_at,
                        content=content,
                    ).envelope()
                )
            # As the engine has it: one that was refused, or came after the end, is asked no more.
            dossier.questions.pop(question.key, None)


def told_of_stock(stock: StockInMemory, now: datetime) -> list[tuple[str, dict[str, Any]]]:
    """What orders are to hear of their reservations without asking: number and envelope, each once."""
    told, stock.untold = stock.untold, []
    return [
        (
            each.order,
            envelope_json(
                each.fact_id,
                each.fact,
                lasting(each, leaving_out=("order", "fact", "fact_id")),
                by="system",
                role=Role.SYSTEM,
                happened_at=now,
            ),
        )
        for each in told
    ]


def _asked_in_turn(question: SharedQuestion) -> int:
    return question.sequence
