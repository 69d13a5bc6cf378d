"""What an order asks of the books that orders share, answered with its burst, in its transaction.

Each book has a room of its own and one row here. A question is answered once: what was answered is kept beside it, so
that after a retry, a reset or a lost attempt the same question has the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from activities.credit.credit_book import answer_credit
from activities.stock.stock_book import answer_stock
from activities.store.upsert import insert_into
from models.dossier.records.recording import Burst
from models.dossier.records.shared_books import SharedAnswer, SharedBook, SharedQuestion
from models.tables.registry import table

Answering = Callable[[Connection, str, SharedQuestion], dict[str, Any]]
"""Decides a question of this order and enters what follows from it; what it answers is plain JSON.

It runs inside the recorder's transaction, goes by the question's clock, and leaves the order as the question wants it
whatever it was before: after a reset an order may ask another thing under a key that was answered.
"""
Books = Mapping[SharedBook, Answering]

BOOKS: Books = {SharedBook.STOCK: answer_stock, SharedBook.CREDIT: answer_credit}


def answer_questions(connection: Connection, burst: Burst, books: Books = BOOKS) -> list[SharedAnswer]:
    """The answers to a burst's questions, in the order in which they were asked. KeyError where a book has no row."""
    return [_answer(connection, burst.order, question, books) for question in burst.questions]


def _answer(connection: Connection, order: str, question: SharedQuestion, books: Books) -> SharedAnswer:
    answers = table("shared_answers")
    of_it = (answers.c.order_number == order) & (answers.c.key == question.key)
    known = connection.execute(select(answers).where(of_it)).mappings().first()
    if known is not None and known["asked"] == question.asked:
        return _told(question, known["answered_at"], known["content"])
    content = books[question.book](connection, order, question)
    row = {
        "book": question.book.value,
        "asked": question.asked,
        "content": content,
        "answered_at": question.asked_at,
    }
    entered = insert_into(connection, answers).values(order_number=order, key=question.key, **row)
    connection.execute(entered.on_conflict_do_update(index_elements=["order_number", "key"], set_=row))
    return _told(question, question.asked_at, content)


def _told(question: SharedQuestion, at: datetime, content: dict[str, Any]) -> SharedAnswer:
    return SharedAnswer(
        key=question.key, book=question.book, asked=question.asked, answered_at=at, content=content
    )
