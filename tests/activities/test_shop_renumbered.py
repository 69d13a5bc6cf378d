"""What a checkout left behind follows its order: to another number, and to the day on which it was paid (R10, R122)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Engine, select, update

from activities.facts.desk_steps import open_desk_steps
from activities.orders.taken_numbers import kept_request, renumber
from activities.shop.checkouts import check_out, ordered_at
from activities.shop.intents import Taken, take_event
from activities.shop.own_orders import expected_of
from activities.store.database import reading, writing
from models.policy import Policy
from models.reports.desk_steps import DeskStepKind
from models.shop.checkout_money import ProviderEvent, ProviderSays
from models.tables.registry import table
from tests.activities.books_agree import books_agree, broken_by_hand
from tests.activities.test_shop import NOW, form, ready, send, shop

__all__ = ["books_agree", "broken_by_hand", "shop"]


def test_another_number_takes_stock_payment_and_confirmation_along(shop: Engine) -> None:
    """A restored backup gave the number of an order that runs on the server: nothing stays behind under it (R10, R122)."""
    shopper, place = ready(shop)
    sent = form(shop, shopper, place)
    out = check_out(shop, shopper, sent, NOW, Policy())
    (start,) = out.starts
    kept = kept_request(shop, start)
    assert kept is not None
    moved = renumber(shop, kept, None, NOW, shown=False).start
    assert moved.number != start.number
    done = ordered_at(shop, shopper, sent.checkout)
    assert done is not None
    assert [part.order for part in done[0].parts] == [moved.number]
    held, asked, told = table("reservations"), table("intent_allocations"), table("outbox")
    with reading(shop) as connection:
        assert [tuple(row) for row in connection.execute(select(held.c.order_number, held.c.quantity))] == [
            (moved.number, Decimal(2))
        ]
        assert connection.scalars(select(asked.c.order_number)).all() == [moved.number]
        ((order, zh),) = connection.execute(select(told.c.order_number, told.c.zh)).all()
    assert (order, moved.number in zh, start.number in zh) == (moved.number, True, False)
    assert open_desk_steps(shop) == [], "nobody was told the number that it had"
    paid = ProviderEvent(
        provider="test", event="e-1", says=ProviderSays.PAID, intent=done[1], payment="p-1", amount=Decimal("176.00"), at=NOW
    )  # fmt: skip
    assert take_event(shop, paid, NOW) is Taken.APPLIED
    inbox = table("inbox")
    with reading(shop) as connection:
        assert connection.scalars(select(inbox.c.order_number)).all() == [moved.number]


def test_who_was_told_the_number_already_hears_of_the_other_one(shop: Engine) -> None:
    shopper, place = ready(shop)
    (start,) = check_out(shop, shopper, form(shop, shopper, place), NOW, Policy()).starts
    with writing(shop) as connection:
        connection.execute(update(table("outbox")).values(routed=True))
    kept = kept_request(shop, start)
    assert kept is not None
    renumber(shop, kept, None, NOW, shown=False)
    assert [step.kind for step in open_desk_steps(shop)] == [DeskStepKind.RENUMBERED]


def test_the_day_that_the_confirmation_named_moves_with_the_payment(
    shop: Engine, broken_by_hand: None
) -> None:
    shopper, place = ready(shop)
    out = send(shop, shopper, form(shop, shopper, place))
    (part,) = out.done.parts
    assert part.expected is not None
    assert expected_of(shop, part.order, NOW) == part.expected
    later = expected_of(shop, part.order, NOW + timedelta(days=1))
    assert later is not None
    assert later > part.expected, "it was paid a working day later"
    assert expected_of(shop, "20270105-0099", NOW) is None
