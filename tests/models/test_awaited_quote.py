"""An order that waits in intake for its quote (R104): accepted its prices are settled; else the salesperson sees to it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from models.messages.decision_subjects import Subject
from models.quotes.order_news import accepted_content
from models.quotes.quoted_order import order_of
from models.request.order_request import AwaitedQuote, OrderRequest
from models.values.vocabulary import PaymentTerms, PhaseName
from tests.models.life import Life, line, request
from tests.models.quote_life import QuoteLife
from tests.models.test_invoices import refused

QUOTE = "Q20270301-0001"
OPEN_PRICE = {**line(1), "unit_price": None}


def waiting(**changes: Any) -> Life:
    return Life(**{"lines": [OPEN_PRICE], "awaits_quote": {}, **changes})


def accepted(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"quote": QUOTE, "version": 2, "digest": "d" * 64, "lines": list(lines), **changes}


def test_it_asks_for_a_quote_and_for_no_price() -> None:
    life = waiting()
    assert life.order.phase is PhaseName.INTAKE
    (step,) = life.order.steps.values()
    assert (step.key, step.due) == ("open_quote:1", life.order.clock + timedelta(hours=24))
    assert step.values["reason_en"]


def test_one_that_names_its_quote_waits_for_that_one() -> None:
    """A day for the answer, and as long as a quote is good for the customer's."""
    life = waiting(awaits_quote={"quote": QUOTE})
    (step,) = life.order.steps.values()
    assert (step.key, step.values["quote"]) == (f"quote:{QUOTE}", QUOTE)
    assert step.due == life.order.clock + timedelta(days=15, hours=24)


def test_accepted_its_prices_are_settled_and_nothing_is_typed_again() -> None:
    life = waiting(listed={"list_price": "5.00"}).does("quote_opened", quote=QUOTE)
    assert list(life.order.steps) == [f"quote:{QUOTE}"]
    life.does("quote_accepted", **accepted({**line(1), "unit_price": "4.0115"}, deposit_percent="40"))
    order = life.order
    assert order.phase is PhaseName.VERIFICATION
    assert order.total == Decimal("4011.50")
    assert order.deposit_percent == 40
    assert order.decision(Subject.PRICE, 1) is None
    assert order.request.quote is not None
    assert (order.request.quote.number, order.request.quote.version) == (QUOTE, 2)
    assert life.tell("quote_accepted", **accepted(line(1))).status.value == "known"


def test_the_price_is_a_question_again_when_it_is_changed() -> None:
    life = waiting().does("quote_accepted", **accepted({**line(1), "unit_price": "4.0115"}))
    life.does(
        "amendment_requested", changes={"lines": [{"line": 1, "unit_price": "3.90"}]}, reason="客户还价"
    )
    assert life.order.decision(Subject.PRICE, 1) is not None


def test_goods_that_only_one_of_both_names() -> None:
    """A line that was not quoted is asked about; one that only the quote has is added under a number of its own."""
    life = waiting(lines=[OPEN_PRICE, {**line(2), "product": "TP-57", "unit_price": None}])
    life.does(
        "quote_accepted", **accepted({**line(2), "unit_price": "4.90"}, {**line(1), "product": "NEW-1"})
    )
    lines = {each.line: (each.product, each.unit_price) for each in life.order.request.lines}
    assert lines == {1: ("TP-80", Decimal("4.90")), 2: ("TP-57", None), 3: ("NEW-1", Decimal("5.00"))}
    assert life.order.phase is PhaseName.INTAKE
    assert list(life.order.steps) == ["details"]


@pytest.mark.parametrize("ending", ["refused", "expired", "withdrawn"])
def test_one_that_came_to_nothing_is_the_salespersons(ending: str) -> None:
    life = waiting(awaits_quote={"quote": QUOTE}).does("quote_over", quote=QUOTE, ending=ending)
    (step,) = life.order.steps.values()
    assert (step.key, [role.value for role in step.roles]) == (f"open_quote:{QUOTE}", ["salesperson"])
    assert any("quote_over" in key for key in life.order.intended)
    life.does("quote_opened", quote="Q20270302-0001")
    assert list(life.order.steps) == ["quote:Q20270302-0001"]


def test_without_a_quote_the_list_counts() -> None:
    life = waiting(listed={"list_price": "5.00"})
    life.does("quote_waived", reason="客户接受目录价")
    assert list(life.order.steps) == ["details"]
    life.does("details_completed", changes={"lines": [{"line": 1, "unit_price": "4.00"}]})
    assert life.order.decision(Subject.PRICE, 1) is not None


def test_a_quote_that_the_customer_has_is_not_passed_over() -> None:
    life = waiting(awaits_quote={"quote": QUOTE})
    assert refused(life, "quote_waived", reason="不等了") == ("contradiction", "kind")
    assert refused(Life(), "quote_waived", reason="不等了") == ("not_asked", "kind")
    assert refused(Life(), "quote_accepted", **accepted(line(1))) == ("not_asked", "kind")


@pytest.mark.parametrize(
    "wrong",
    [
        {"quote": {"number": QUOTE, "version": 1, "digest": "a"}},
        {"fulfilment": "sample"},
        {"awaits_quote": {"quote": "20270301-0001"}},
    ],
)
def test_who_waits_for_no_quote(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OrderRequest.model_validate(request(**{"awaits_quote": {}, **wrong}))


def test_what_is_told_is_what_the_quote_would_become() -> None:
    life = QuoteLife().cost().offer().send()
    life.accept()
    quote = life.quote
    asked = order_of(quote)
    assert asked is not None
    content = accepted_content(asked)
    assert content is not None
    assert (content.quote, content.lines) == (quote.number, asked.lines)
    assert content.payment_terms in {None, *PaymentTerms}
    assert accepted_content(asked.model_copy(update={"quote": None, "awaits_quote": AwaitedQuote()})) is None
