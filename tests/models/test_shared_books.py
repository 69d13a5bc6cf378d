"""What several cases share is asked of a book: once for each key, answered by a fact, and never by the case itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.dossier.records.shared_books import BookAnswer, SharedAnswer, SharedBook, SharedQuestion
from models.messages.reply import Reply, Status
from models.values.errors import TooEarly
from rehearsal.stand_ins.books_in_memory import BooksInMemory
from tests.workflows.quote_case import FROM_STOCK, QUOTES, Quote, QuoteEnding, begin
from tests.workflows.test_quote import quote_start, said
from workflows import case

RESERVE = "reserve:5.00"


def quote_from_stock() -> Quote:
    start = quote_start().model_copy(update={"goods": FROM_STOCK})
    return begin(start, start.placed_at)


def tell(quote: Quote, message: dict[str, Any]) -> Reply:
    return case.receive(QUOTES, quote, message, quote.clock + timedelta(minutes=1))


def priced(price: str = "5.00") -> Quote:
    quote = quote_from_stock()
    tell(quote, said("price_named", "salesperson", price=price))
    return quote


def answer_of(question: SharedQuestion, reserved: str = "10") -> SharedAnswer:
    return SharedAnswer(
        key=question.key,
        book=question.book,
        asked=question.asked,
        answered_at=question.asked_at,
        content={"reserved": reserved},
    )


def test_a_key_is_asked_once_whether_it_is_open_or_answered() -> None:
    quote = priced()
    assert list(quote.questions) == [RESERVE]
    entries = [each for each in quote.unsaved if each.kind is EntryKind.BOOK_ASKED]
    assert [(each.subject, each.data["book"]) for each in entries] == [(RESERVE, "stock")]
    quote.ask_book(SharedBook.STOCK, RESERVE, {"pieces": 99}, "Q1")
    assert quote.questions[RESERVE].content == {"pieces": 10, "price": "5.00"}
    reply = tell(quote, answer_of(quote.questions[RESERVE]).envelope())
    assert (reply.status, quote.reserved, quote.questions) == (Status.ACCEPTED, "10", {})
    quote.ask_book(SharedBook.STOCK, RESERVE, {"pieces": 99}, "Q1")
    assert quote.questions == {}


def test_an_answer_told_again_is_known_and_counts_once() -> None:
    quote = priced()
    envelope = answer_of(quote.questions[RESERVE]).envelope()
    assert envelope["fact_id"].startswith(f"temporal/stock_answered-{RESERVE}-")
    assert [tell(quote, envelope).status for _ in range(2)] == [Status.ACCEPTED, Status.KNOWN]


def test_the_answer_to_another_question_under_the_same_key_changes_nothing() -> None:
    """A run that was set back asks another thing; what the earlier one was answered is not its answer."""
    quote = priced()
    other = quote.questions[RESERVE].model_copy(update={"content": {"pieces": 11, "price": "5.00"}})
    assert tell(quote, answer_of(other, "11").envelope()).status is Status.ACCEPTED
    assert (quote.reserved, list(quote.questions)) == ("", [RESERVE])
    assert tell(quote, answer_of(quote.questions[RESERVE]).envelope()).status is Status.ACCEPTED
    assert quote.reserved == "10"


def test_an_answer_that_is_told_before_the_question_waits_for_it() -> None:
    """A case that is told its life again may not have come to it."""
    asked = priced().questions[RESERVE]
    quote = quote_from_stock()
    with pytest.raises(TooEarly):
        quote.take_answer(BookAnswer(question=RESERVE, asked=asked.asked))
    assert tell(quote, answer_of(asked).envelope()).status is Status.KEPT_EARLY
    tell(quote, said("price_named", "salesperson", price="5.00"))
    assert (quote.reserved, quote.questions) == ("10", {})


def test_what_is_open_survives_being_carried() -> None:
    quote = priced()
    carried = Quote.model_validate_json(quote.model_dump_json())
    assert carried.questions == quote.questions
    assert carried.asked_of_books == {RESERVE}
    assert carried.questions[RESERVE].asked == quote.questions[RESERVE].asked


def test_books_in_memory_answer_in_turn_and_what_is_asked_then() -> None:
    heard: list[str] = []

    def pieces(number: str, question: SharedQuestion) -> dict[str, Any]:
        heard.append(question.key)
        return {"reserved": str(question.content["pieces"])}

    books, quote = BooksInMemory({SharedBook.STOCK: pieces}), priced()
    quote.ask_book(SharedBook.STOCK, "another", {"pieces": 7}, "Q1")
    books.answer(quote, lambda envelope: tell(quote, envelope))
    assert (heard, quote.reserved, quote.questions) == ([RESERVE, "another"], "7", {})


def test_a_case_that_has_ended_is_answered_and_hears_nothing() -> None:
    """What is given back at the end is asked of the book by a case that hears no facts any more."""
    books = BooksInMemory({SharedBook.STOCK: lambda number, question: {"reserved": "0"}})
    quote = priced()
    tell(quote, said("cancellation_requested", "salesperson", reason="x"))
    assert quote.ending is QuoteEnding.WITHDRAWN
    before = quote.sequence
    books.answer(quote, lambda envelope: tell(quote, envelope))
    assert (quote.questions, quote.sequence, quote.reserved) == ({}, before, "")
