"""The stock book as orders ask it: decided with their burst, in its transaction (R110 to R112)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from activities.stock.held_shelves import held_shelves
from models.dossier.records.shared_books import SharedQuestion
from models.stock.answers import answer, products_of
from models.stock.stock_questions import StockQuestion
from models.values.fingerprint import lasting


def answer_stock(connection: Connection, order: str, question: SharedQuestion) -> dict[str, Any]:
    """What the order is answered; what follows from it is entered with it."""
    asked = StockQuestion.model_validate(question.content)
    with held_shelves(
        connection, products_of(asked), question.asked_at, order=order, presale=asked.presale
    ) as shelves:
        reply = answer(shelves, order, asked, question.asked_at)
    return lasting(reply)
