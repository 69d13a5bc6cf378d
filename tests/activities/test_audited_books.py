"""Books that orders share are compared with what orders, quotes, checkouts and payments say: each planted fault is named (R47)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update

from activities.audit.quoted_orders import WrongQuotedOrder, write_quoted_orders, wrong_quoted_orders
from activities.audit.rows_compared import differences_of_rows, write_rows
from activities.audit.shop_intents import wrong_intents
from activities.audit.shop_ledgers import WrongLedger, tell_untold, wrong_ledgers
from activities.audit.stored_orders import stored_order
from activities.facts import pending_facts
from activities.orders.requests import open_request
from activities.quotes.quote_requests import open_quote
from activities.quotes.quoted_lines import note_order
from activities.shop.checkouts import check_out
from activities.shop.intents import take_event
from activities.store.database import reading, writing
from models.policy import Policy
from models.reports.store_audit import Difference
from models.request.order_request import OrderRequest, QuotedBy
from models.tables.registry import table
from models.values.vocabulary import Role
from tests.activities.conftest import NOW, order_request
from tests.activities.test_credit_book import CUSTOMER, Lived, limited
from tests.activities.test_intents import NOW as PAID_AT
from tests.activities.test_intents import A, B, errands, opened, provider, said
from tests.activities.test_shop import form, ready, shop
from tests.activities.test_waiting_orders import asked, enquiry, quote_for
from tests.models.life import MONDAY

__all__ = ["errands", "limited", "provider", "shop"]
pytestmark = pytest.mark.postgresql
POLICY = Policy()
MISSING, CHANGED, TOO_MANY = Difference.ROW_MISSING, Difference.ROW_CHANGED, Difference.ROW_TOO_MANY


def by_hand(engine: Engine, *statements: Any) -> None:
    with writing(engine) as connection:
        for each in statements:
            assert connection.execute(each).rowcount


# --- what the credit book bound --------------------------------------------------------------------------------------


def credit_found(engine: Engine, lived: Lived) -> list[tuple[Difference, str, str, str]]:
    order = lived.life.order
    return [
        (each.difference, each.where, each.database, each.workflow)
        for each in differences_of_rows(stored_order(engine, order.number), order, lived.rows)
        if "credit" in each.where or "exposure" in each.where
    ]


def test_what_the_credit_book_bound_is_what_the_order_heard(limited: Engine) -> None:
    """R109: let through, held, let through later, cancelled: in none of it book and order differ."""
    first, second = Lived(limited, "N-1").verified(), Lived(limited, "N-2").verified()
    assert (first.held, second.held) == (False, True)
    for each in (first, second):
        assert credit_found(limited, each) == []
    first.does("cancellation_requested", reason="不要了")
    second.does("credit_review_requested", role=Role.SALESPERSON)
    for each in (first, second):
        assert credit_found(limited, each) == []
    bound = table("credit_commitments")
    with reading(limited) as connection:
        assert set(connection.scalars(select(bound.c.order_number))) == {"N-1", "N-2"}


@pytest.mark.parametrize(
    ("number", "hand", "difference"),
    [
        (
            "N-1",
            lambda bound: update(bound).values(amount=Decimal("1.00")),
            (CHANGED, "credit_commitments: amount", "1.00", "10000.00"),
        ),
        ("N-1", delete, (MISSING, "credit_commitments", "", "10000.00")),
        (
            "N-2",
            lambda bound: insert(bound).values(
                order_number="N-2", customer=CUSTOMER, amount=Decimal("5.00"), question=1, committed_at=NOW
            ),
            (TOO_MANY, "credit_commitments", "5.00", ""),
        ),
        (
            "N-1",
            lambda _: update(table("orders")).where(table("orders").c.number == "N-1").values(exposure=Decimal("7.00")),
            (CHANGED, "orders|: exposure", "7.00", "10000.00"),
        ),
    ],
)  # fmt: skip
def test_a_commitment_that_a_hand_made_another_is_named_and_put_right(
    limited: Engine, number: str, hand: Callable[[Any], Any], difference: tuple[Difference, str, str, str]
) -> None:
    lives = {each: Lived(limited, each).verified() for each in ("N-1", "N-2")}
    by_hand(limited, hand(table("credit_commitments")))
    found = credit_found(limited, lives[number])
    assert found == [difference]
    assert write_rows(limited, stored_order(limited, number), lives[number].life.order)
    assert [credit_found(limited, each) for each in lives.values()] == [[], []]


# --- which quote became which order ----------------------------------------------------------------------------------


def of_quote(quote: str, request_id: str = "of/1") -> OrderRequest:
    by = QuotedBy(number=quote, version=1, digest="d")
    return order_request().model_copy(update={"quote": by, "request_id": request_id})


def became(engine: Engine) -> tuple[str, str]:
    """A quote that has become an order and says so; both numbers."""
    quote = open_quote(engine, enquiry(asked()), NOW, POLICY)[0].number
    order = open_request(engine, order_request(), NOW, POLICY)[0].number
    requests, quotes, cases = table("requests"), table("quotes"), table("cases")
    with writing(engine) as connection:
        start = connection.scalar(select(requests.c.start).where(requests.c.number == order))
        start = {**(start or {}), "request": of_quote(quote).model_dump(mode="json")}
        connection.execute(update(requests).where(requests.c.number == order).values(start=start))
        note_order(connection, of_quote(quote), order, NOW)
    assert wrong_quoted_orders(engine) == [], "the quote has not heard of it yet"
    row = {"case_number": quote, "goods": [], "version": 1, "order_number": order}
    by_hand(
        engine,
        insert(quotes).values(row),
        update(cases).where(cases.c.number == quote).values(ending="ordered", ended_at=NOW),
    )
    assert wrong_quoted_orders(engine) == []
    return quote, order


def waits(engine: Engine) -> tuple[str, str]:
    request = asked("wait/9")
    order = open_request(engine, request, NOW, POLICY)[0].number
    quote = quote_for(engine, request, order, "q/9").number
    return quote, order


def test_a_quote_that_an_order_waits_for_or_that_became_one_is_no_difference(company: Engine) -> None:
    """R104: from the first moment on which the order waits until the quote has said what it became."""
    became(company)
    waits(company)
    assert wrong_quoted_orders(company) == []


def test_a_row_of_the_register_that_is_gone_comes_back(company: Engine) -> None:
    """Both that of a quote that says so, and, by what its request says, that of an order that waits."""
    quote, order = became(company)
    named = open_quote(company, enquiry(asked(), request_id="q/2"), NOW, POLICY)[0].number
    waiting = open_request(company, asked("wait/2", quote=named), NOW, POLICY)[0].number
    by_hand(company, delete(table("quoted_orders")))
    wrong = wrong_quoted_orders(company)
    assert wrong == [
        WrongQuotedOrder(quote, MISSING, says=order),
        WrongQuotedOrder(named, MISSING, says=waiting),
    ]
    assert write_quoted_orders(company, wrong, NOW) == []
    assert wrong_quoted_orders(company) == []


def test_a_row_of_the_register_with_another_order_is_put_right(company: Engine) -> None:
    quote, order = became(company)
    by_hand(company, update(table("quoted_orders")).values(order_number="20270105-0099"))
    wrong = wrong_quoted_orders(company)
    assert wrong == [WrongQuotedOrder(quote, CHANGED, "20270105-0099", order)]
    assert write_quoted_orders(company, wrong, NOW) == []
    assert wrong_quoted_orders(company) == []


def test_a_row_of_the_register_too_many_goes_where_both_sides_are_known(company: Engine) -> None:
    """A quote that lives with an order that never named it, and one of which nobody knows anything, which stays."""
    became(company)
    other = open_quote(company, enquiry(asked(), request_id="q/3"), NOW, POLICY)[0].number
    bare = open_request(company, order_request().model_copy(update={"request_id": "bare"}), NOW, POLICY)[
        0
    ].number
    made = table("quoted_orders")
    rows = [
        {"quote_number": other, "order_number": bare, "made_at": NOW},
        {"quote_number": "Q20200101-0001", "order_number": "20200101-0001", "made_at": NOW},
    ]
    by_hand(company, insert(made).values(rows))
    wrong = wrong_quoted_orders(company)
    assert [(each.quote, each.difference, each.has, each.is_known) for each in wrong] == [
        ("Q20200101-0001", TOO_MANY, "20200101-0001", False),
        (other, TOO_MANY, bare, True),
    ]
    assert write_quoted_orders(company, wrong, NOW) == wrong[:1]


def test_a_row_of_a_quote_that_ended_otherwise_is_one_too_many(company: Engine) -> None:
    quote, order = waits(company)
    cases = table("cases")
    by_hand(company, update(cases).where(cases.c.number == quote).values(ending="withdrawn", ended_at=NOW))
    assert wrong_quoted_orders(company) == [WrongQuotedOrder(quote, TOO_MANY, order)]


def test_a_request_that_nobody_can_read_hides_no_other_row(company: Engine) -> None:
    quote, order = became(company)
    bad = open_request(company, order_request().model_copy(update={"request_id": "bad"}), NOW, POLICY)[
        0
    ].number
    by_hand(company, delete(table("quoted_orders")))
    if company.dialect.name == "sqlite":  # PostgreSQL keeps no JSON that is none
        by_hand(company, text(f"update requests set start = '{{no' where number = '{bad}'"))
    assert wrong_quoted_orders(company) == [WrongQuotedOrder(quote, MISSING, says=order)]


# --- money of the shop -----------------------------------------------------------------------------------------------


def intents_found(engine: Engine) -> list[tuple[Difference, str, str, str]]:
    return [(each.difference, each.where, each.database, each.workflow) for each in wrong_intents(engine)]


def checked_out(engine: Engine) -> tuple[str, str]:
    """A checkout of 176.00 that is paid; its order and its intent."""
    shopper, place = ready(engine)
    out = check_out(engine, shopper, form(engine, shopper, place), NOW, POLICY)
    take_event(engine, said(out.intent, "pay-1", "176.00"), PAID_AT)
    assert (wrong_intents(engine), wrong_ledgers(engine)) == ([], [])
    return out.starts[0].number, out.intent


def test_an_allocation_that_a_hand_made_another_is_named(shop: Engine) -> None:
    order, intent = checked_out(shop)
    rows, at = table("intent_allocations"), f"intent_allocations|{intent}|{order}"
    total = f"intents|{intent}: total"
    by_hand(shop, update(rows).values(amount=Decimal("170.00")))
    assert intents_found(shop) == [
        (Difference.SHOP_ASKED, total, "176.00", "170.00"),
        (CHANGED, f"{at}: amount", "170.00", "176.00"),
    ]
    by_hand(shop, delete(rows))
    assert intents_found(shop) == [
        (Difference.SHOP_ASKED, total, "176.00", "0.00"),
        (MISSING, at, "", "176.00"),
    ]
    both = [
        {"intent": intent, "order_number": each, "place": place, "amount": Decimal(amount)}
        for place, (each, amount) in enumerate(((order, "176.00"), ("20270105-0099", "1.00")))
    ]
    by_hand(shop, insert(rows).values(both))
    assert intents_found(shop) == [
        (Difference.SHOP_ASKED, total, "176.00", "177.00"),
        (TOO_MANY, f"intent_allocations|{intent}|20270105-0099", "1.00", ""),
    ]


def test_an_intent_that_is_gone_or_another_is_named(shop: Engine) -> None:
    _, intent = checked_out(shop)
    intents, checkouts = table("intents"), table("checkouts")
    by_hand(shop, update(intents).values(state="open"))
    assert intents_found(shop) == [(CHANGED, f"intents|{intent}: state", "open", "paid_whole")]
    by_hand(shop, update(intents).values(state="paid", checkout="b" * 32))
    assert intents_found(shop) == [(CHANGED, f"intents|{intent}: checkout", "b" * 32, "a" * 32)]
    by_hand(shop, update(intents).values(checkout="a" * 32), update(checkouts).values(total=Decimal("1.00")))
    assert intents_found(shop) == [(Difference.SHOP_ASKED, f"checkouts|{'a' * 32}: total", "1.00", "176.00")]
    by_hand(shop, update(checkouts).values(total=Decimal("176.00"), intent="P0-1"))
    assert intents_found(shop) == [(MISSING, "intents|P0-1", "", "a" * 32)]


def test_a_payment_that_is_not_what_was_told_or_goes_back_is_named(engine: Engine) -> None:
    intent = opened(engine)
    take_event(engine, said(intent), PAID_AT)
    take_event(engine, said(intent, "pay-2", "176.00"), PAID_AT)
    assert (intents_found(engine), wrong_ledgers(engine)) == ([], [])
    payments, shares, back = table("intent_payments"), table("intent_shares"), table("intent_refunds")
    by_hand(
        engine,
        update(payments).where(payments.c.payment == "pay-1").values(amount=Decimal("200.00")),
        delete(back),
    )
    assert intents_found(engine) == [
        (Difference.SHOP_MONEY, "intent_payments|test|pay-1: intent_shares", "176.00", "200.00"),
        (Difference.SHOP_MONEY, "intent_payments|test|pay-2: intent_refunds", "0.00", "176.00"),
    ]
    by_hand(engine, update(payments).values(amount=Decimal("176.00"), meaning="paid_whole"), delete(shares))
    assert [each[3] for each in intents_found(engine)] == ["176.00", "176.00"]


def test_an_intent_that_nobody_can_read_hides_no_other(engine: Engine) -> None:
    first, second = opened(engine), opened(engine, "co-2", {A: Decimal("5.00")})
    by_hand(engine, update(table("intents")).values(total=Decimal("9.00")))
    if engine.dialect.name == "sqlite":
        by_hand(
            engine, text(f"update intents set opened_at = 'never', total = 'much' where number = '{first}'")
        )
    assert {each[1] for each in intents_found(engine)} == {
        f"intents|{each}: total" for each in (first, second)
    }


def test_a_share_that_the_ledger_has_otherwise_or_not_is_named(limited: Engine) -> None:
    """What waits to be told is on its way; what the order has taken and recorded past must be in its ledger."""
    lives = {number: Lived(limited, number) for number in (A, B)}
    take_event(limited, said(opened(limited), at=MONDAY), MONDAY)
    assert wrong_ledgers(limited) == []
    for kept in pending_facts.waiting(limited):
        lived, envelope = lives[kept.order_number], kept.envelope
        lived.life.tell(
            envelope.kind, by="system", role=Role.SYSTEM, fact_id=envelope.fact_id, **envelope.content
        )
        answer = {"status": "accepted", "sequence": lived.life.order.sequence}
        pending_facts.mark_told(limited, kept.number, answer, PAID_AT)
        assert wrong_ledgers(limited) == [], "told, and not recorded yet"
        lived.save()
    assert wrong_ledgers(limited) == []
    ledger = table("payments")
    by_hand(limited, update(ledger).where(ledger.c.order_number == A).values(amount=Decimal("1.00")))
    by_hand(limited, delete(ledger).where(ledger.c.order_number == B))
    wrong = wrong_ledgers(limited)
    assert wrong == [
        WrongLedger(A, "test:pay-1", "1.00", "100.00"),
        WrongLedger(B, "test:pay-1", "", "76.00"),
    ]
    assert tell_untold(limited, wrong, PAID_AT) == wrong, "both know it: nothing is told anew"
    for lived in lives.values():
        assert write_rows(limited, stored_order(limited, lived.life.order.number), lived.life.order)
    assert wrong_ledgers(limited) == []
    shares = table("intent_shares")
    by_hand(limited, delete(shares).where(shares.c.order_number == B))
    assert wrong_ledgers(limited) == [WrongLedger(B, "test:pay-1", "76.00", "")]


def test_what_nobody_told_an_open_order_is_told_and_an_ended_one_is_left(limited: Engine) -> None:
    lives = [Lived(limited, number) for number in (A, B)]
    lives[1].does("cancellation_requested", reason="不要了")
    assert not lives[1].life.order.lives
    take_event(limited, said(opened(limited)), PAID_AT)
    by_hand(limited, delete(table("inbox")))
    wrong = wrong_ledgers(limited)
    assert wrong == [
        WrongLedger(A, "test:pay-1", "", "100.00", never_told=True),
        WrongLedger(B, "test:pay-1", "", "76.00"),
    ]
    assert tell_untold(limited, wrong, PAID_AT) == wrong[1:]
    assert [each.order_number for each in pending_facts.waiting(limited)] == [A]
