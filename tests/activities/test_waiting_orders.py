"""An order that waits for its quote, in the order database: which for which, once, and heard of when the quote ends (R104)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from activities.orders.requests import open_request
from activities.quotes.quote_requests import open_quote
from activities.quotes.quoted_lines import order_made_of
from activities.quotes.waiting_orders import note_renumbered, waiting_order
from activities.store.database import reading, writing
from models.policy import Policy
from models.quotes.quote import Quote
from models.quotes.quote_request import QuoteRequest
from models.request.order_request import OrderRequest
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.quotes.for_orders import enquiry_of
from tests.activities.books_agree import books_agree, broken_by_hand
from tests.activities.conftest import NOW, order_request
from tests.activities.test_case_recorder import Sender
from workflows.quoting import begin, receive

__all__ = ["books_agree", "broken_by_hand"]
POLICY = Policy()


def asked(request_id: str = "wait/1", **awaited: str) -> OrderRequest:
    """The usual order, without a price, that waits for a quote."""
    usual = order_request()
    lines = [{**line.model_dump(mode="json"), "unit_price": None} for line in usual.lines]
    said = {**usual.model_dump(mode="json"), "request_id": request_id, "lines": lines}
    return OrderRequest.model_validate({**said, "awaits_quote": awaited})


def enquiry(request: OrderRequest, number: str = "", **changes: Any) -> QuoteRequest:
    said = enquiry_of(number or "20270105-0001", request)
    if not number:
        del said["for_order"]
    return QuoteRequest.model_validate({**said, "request_id": "q/1", "entered_by": "s-7", **changes})


def quote_for(engine: Engine, request: OrderRequest, number: str, request_id: str = "q/1") -> Quote:
    start, _ = open_quote(engine, enquiry(request, number, request_id=request_id), NOW, POLICY)
    return begin(start, NOW)


def withdrawn(quote: Quote) -> Quote:
    envelope = {
        "fact_id": "q/w", "kind": "withdrawn", "by": "s-7", "role": Role.SALESPERSON.value,
        "happened_at": NOW.isoformat(), "content": {"reason": "另行报价"},
    }  # fmt: skip
    receive(quote, envelope, NOW)
    assert not quote.lives
    return quote


def told(engine: Engine) -> list[tuple[str, str, Any]]:
    inbox = table("inbox")
    with reading(engine) as connection:
        rows = connection.execute(select(inbox.c.order_number, inbox.c.envelope).order_by(inbox.c.number))
        return [(row.order_number, row.envelope["kind"], row.envelope["content"]) for row in rows]


def code_of(act: Callable[[], object]) -> tuple[Code, str]:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code, caught.value.where


@pytest.mark.postgresql
def test_a_quote_is_made_for_the_order_once_and_its_end_is_told(company: Engine) -> None:
    request = asked()
    order = open_request(company, request, NOW, POLICY)[0].number
    quote = quote_for(company, request, order)
    assert waiting_order(company, quote.number) == order
    assert told(company) == [(order, "quote_opened", {"quote": quote.number})]
    again = code_of(lambda: quote_for(company, request, order, "q/2"))
    assert again == (Code.REQUEST_CONFLICT, "for_order")
    sender = Sender(company, withdrawn(quote))
    sender.send()
    assert told(company)[1:] == [(order, "quote_over", {"quote": quote.number, "ending": "withdrawn"})]
    assert waiting_order(company, quote.number) is None
    assert quote_for(company, request, order, "q/2").number != quote.number


@pytest.mark.postgresql
def test_an_order_names_a_quote_that_is_open_and_nobody_elses(company: Engine, broken_by_hand: None) -> None:
    quote = begin(open_quote(company, enquiry(asked()), NOW, POLICY)[0], NOW)
    order = open_request(company, asked(quote=quote.number), NOW, POLICY)[0].number
    assert waiting_order(company, quote.number) == order
    second = code_of(lambda: open_request(company, asked("wait/2", quote=quote.number), NOW, POLICY))
    assert second == (Code.REQUEST_CONFLICT, "awaits_quote.quote")
    none = code_of(lambda: open_request(company, asked("wait/3", quote="Q20270101-9999"), NOW, POLICY))
    assert none == (Code.CONTRADICTION, "awaits_quote.quote")
    with writing(company) as connection:
        connection.execute(table("quoted_orders").delete())
    Sender(company, withdrawn(quote)).send()
    over = code_of(lambda: open_request(company, asked("wait/4", quote=quote.number), NOW, POLICY))
    assert over == (Code.TOO_LATE, "awaits_quote.quote")
    assert told(company) == []


def test_no_quote_is_made_for_an_order_that_waits_for_none(company: Engine) -> None:
    order = open_request(company, order_request(), NOW, POLICY)[0].number
    assert code_of(lambda: quote_for(company, asked(), order)) == (Code.CONTRADICTION, "for_order")
    assert code_of(lambda: quote_for(company, asked(), "20270105-0099"))[0] is Code.UNKNOWN_ORDER


def test_once_the_order_has_ended_the_quote_becomes_one_of_its_own(company: Engine) -> None:
    request = asked()
    order = open_request(company, request, NOW, POLICY)[0].number
    quote = quote_for(company, request, order)
    orders = table("orders")
    with writing(company) as connection:
        connection.execute(update(orders).where(orders.c.number == order).values(ended_at=NOW))
    assert waiting_order(company, quote.number) is None
    assert order_made_of(company, quote.number) is None


def test_a_quote_with_another_number_is_the_same_quote(company: Engine, broken_by_hand: None) -> None:
    request = asked()
    order = open_request(company, request, NOW, POLICY)[0].number
    quote = quote_for(company, request, order)
    with writing(company) as connection:
        note_renumbered(connection, quote.number, "Q20270105-0007", NOW)
    assert waiting_order(company, "Q20270105-0007") == order
    assert told(company)[1:] == [(order, "quote_opened", {"quote": "Q20270105-0007"})]
