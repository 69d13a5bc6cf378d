"""The invoice book by itself: what is left to be invoiced, whose turn it is, and what a red letter takes back (R162, R163)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from models.invoices.contents import InvoiceIssued, InvoiceRequested, InvoiceReversed
from models.invoices.invoice_book import Invoice, InvoiceBook, InvoiceRequest
from models.values.errors import Code, Refusal

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
TODAY = date(2027, 3, 1)
BILLED = {1: Decimal("300.00"), 2: Decimal("200.00")}
THIRTEEN = Decimal(13)


def asked(
    book: InvoiceBook, amount: str | None = None, billed: dict[int, Decimal] = BILLED
) -> InvoiceRequest:
    content = InvoiceRequested.model_validate({"title": "红枫", "invoice_kind": "plain", "amount": amount})
    return book.request(content, billed, by="s-1", at=NOW)


def issued(book: InvoiceBook, number: str, billed: dict[int, Decimal] = BILLED) -> Invoice:
    content = InvoiceIssued.model_validate({"invoice": number})
    return book.issue(content, billed, THIRTEEN, by="q-1", at=NOW, today=TODAY)


def taken_back(
    book: InvoiceBook, number: str, billed: dict[int, Decimal], amount: str | None = None
) -> Invoice:
    content = InvoiceReversed.model_validate(
        {"invoice": number, "red_letter": f"红{number}", "reason": "开错", "amount": amount}
    )
    return book.reverse(content, billed, by="q-1", at=NOW, today=TODAY)


def by_line(invoice: Invoice) -> dict[int, str]:
    return {line.line: str(line.amount) for line in invoice.lines}


def test_what_stands_on_an_invoice_is_not_invoiced_again() -> None:
    """R162: of 500.00 the first invoice takes 350.00, line by line; 150.00 of the second line are left."""
    book = InvoiceBook()
    asked(book, "350.00")
    first = issued(book, "F-1")
    assert by_line(first) == {1: "300.00", 2: "50.00"}
    assert book.requests[0].invoice == "F-1"
    assert not book.waiting
    assert book.available(BILLED) == {2: Decimal("150.00")}
    with pytest.raises(Refusal) as refused:
        asked(book, "150.01")
    assert (refused.value.code, refused.value.where) == (Code.ABOVE_BILLED, "content.amount")
    asked(book, "150.00")
    assert by_line(issued(book, "F-2")) == {2: "150.00"}
    with pytest.raises(Refusal) as refused:
        asked(book)
    assert (refused.value.code, refused.value.where) == (Code.ABOVE_BILLED, "content.amount")


def test_the_first_request_takes_first() -> None:
    """R162: two wait; what the second may have is what the first leaves."""
    book = InvoiceBook()
    asked(book, "250.00")
    asked(book)
    assert book.asked(BILLED) == {
        1: {1: Decimal("250.00")},
        2: {1: Decimal("50.00"), 2: Decimal("200.00")},
    }
    assert issued(book, "F-1").request == 1


def test_an_invoice_whose_bill_fell_to_nothing_meanwhile_is_not_issued() -> None:
    """R162: the refusal names the amount."""
    book = InvoiceBook()
    asked(book)
    with pytest.raises(Refusal) as refused:
        issued(book, "F-1", billed={})
    assert (refused.value.code, refused.value.where) == (Code.ABOVE_BILLED, "content.amount")
    assert not book.invoices


def test_a_red_letter_takes_back_first_what_is_not_billed_any_more() -> None:
    """R163: 500.00 invoiced, line 2 is billed with 120.00 now; of 100.00 taken back 80.00 are of line 2, the rest of line 1."""
    book = InvoiceBook()
    asked(book)
    issued(book, "F-1")
    now = {1: Decimal("300.00"), 2: Decimal("120.00")}
    assert book.beyond_the_bill(now) == {"F-1": {2: Decimal("80.00")}}
    assert by_line(taken_back(book, "F-1", now, "100.00")) == {1: "-20.00", 2: "-80.00"}
    assert book.remaining("F-1") == {1: Decimal("280.00"), 2: Decimal("120.00")}
    assert book.beyond_the_bill(now) == {}
    more = InvoiceReversed(invoice="F-1", red_letter="红F-1b", reason="开错", amount=Decimal("400.01"))
    with pytest.raises(Refusal) as refused:
        book.reverse(more, now, by="q-1", at=NOW, today=TODAY)
    assert (refused.value.code, refused.value.where) == (Code.ABOVE_INVOICED, "content.amount")


def test_the_last_invoice_gives_first() -> None:
    """R163: two invoices of one line, and half of both is billed no more."""
    book, line = InvoiceBook(), {1: Decimal("300.00")}
    asked(book, "200.00", line)
    issued(book, "F-1", line)
    asked(book, None, line)
    issued(book, "F-2", line)
    now = {1: Decimal("150.00")}
    assert book.beyond_the_bill(now) == {"F-2": {1: Decimal("100.00")}, "F-1": {1: Decimal("50.00")}}
    assert by_line(taken_back(book, "F-2", now)) == {1: "-100.00"}
    assert book.remaining("F-2") == {}
    assert book.beyond_the_bill(now) == {"F-1": {1: Decimal("50.00")}}


def test_the_rest_of_an_invoice_goes_by_line() -> None:
    """R163: 80.00 of line 2 fell; the whole is taken back, each line with what is left of it."""
    book = InvoiceBook()
    asked(book)
    issued(book, "F-1")
    now = {1: Decimal("300.00"), 2: Decimal("120.00")}
    assert by_line(taken_back(book, "F-1", now, "500.00")) == {1: "-300.00", 2: "-200.00"}
