"""R39: money of the shop that comes after its order has ended goes back by itself, once, and its customer is told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Engine, select

from activities.facts.late_facts import keep_late_fact, late_facts
from activities.shop.intents import take_event
from activities.shop.refunding import pay_back_due
from activities.store.database import reading
from models.messages.envelope import Envelope
from models.tables.registry import table
from tests.activities.books_agree import books_agree
from tests.activities.test_intents import NOW, A, B, Provider, asked, column, errands, opened, provider, said

__all__ = ["books_agree", "errands", "provider"]
LATER = NOW + timedelta(days=3)


def facts(engine: Engine) -> dict[str, Envelope]:
    """What is to be told to each order."""
    inbox = table("inbox")
    with reading(engine) as connection:
        rows = connection.execute(select(inbox.c.order_number, inbox.c.envelope)).all()
    return {row.order_number: Envelope.model_validate(row.envelope) for row in rows}


def back(engine: Engine, there: Provider) -> int:
    return pay_back_due(engine, lambda name: there, lambda name: "http://localhost/told", LATER)


def test_what_comes_after_the_end_goes_back_once(engine: Engine, provider: Provider) -> None:
    """Order A has ended; B of the same checkout goes on, and keeps its part of the same payment."""
    intent = opened(engine)
    take_event(engine, said(intent), NOW)
    fact = facts(engine)[A]
    assert keep_late_fact(engine, A, fact, LATER)
    assert not keep_late_fact(engine, A, fact, LATER), "told again"
    assert column(engine, "intent_refunds", "order_number", "amount", "state") == [
        (A, Decimal("100.00"), "wanted")
    ]
    assert asked(engine) == [], "nobody need see to it"
    assert [each.order_number for each in late_facts(engine)] == [A], "and it is shown"
    assert (back(engine, provider), back(engine, provider)) == (1, 0)
    assert [(each.payment, str(each.amount)) for each in provider.refunds.values()] == [("pay-1", "100.00")]
    assert column(engine, "intent_refunds", "order_number", "state") == [(A, "done")]
    outbox = table("outbox")
    with reading(engine) as connection:
        told = connection.execute(
            select(outbox.c.order_number, outbox.c.paper, outbox.c.roles, outbox.c.zh)
        ).all()
    assert [tuple(each)[:3] for each in told] == [(A, "refunded", ["customer"])]
    assert "100.00" in told[0].zh
    assert facts(engine)[B].content["amount"] == "76.00"


def test_other_money_for_an_order_that_has_ended_is_seen_to_by_somebody(engine: Engine) -> None:
    """A transfer, and an online payment that no provider has: finance is asked, and nothing goes back by itself."""
    intent = opened(engine)
    take_event(engine, said(intent), NOW)
    fact = facts(engine)[A]
    for number, changes in enumerate(
        ({"method": "transfer"}, {"reference": "test:pay-other"}, {"reference": "nonsense"})
    ):
        other = fact.model_copy(update={"fact_id": f"o/{number}", "content": fact.content | changes})
        assert keep_late_fact(engine, A, other, LATER)
    assert column(engine, "intent_refunds", "amount") == []
    assert asked(engine) == ["late_fact"] * 3
