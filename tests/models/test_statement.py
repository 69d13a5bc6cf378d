"""R45, R53, R80: a statement of account adds up, whatever moved it; nothing that fell is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money.house_receipt import HouseReceipt
from models.reports.order_movements import (
    Delivered,
    Moved,
    Movement,
    MovementKind,
    Received,
    RecordedOrder,
    Settled,
    movements_of,
)
from models.reports.receipt_movements import BalanceBack, movements_of_receipts
from models.reports.statement import Statement, accounts_of, set_aside_in, statement_of
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import PaymentMethod, Way

FIRST = date(2027, 3, 1)
PAID_AT = datetime(2027, 3, 2, 1, tzinfo=UTC)
D = Decimal


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def order(number: str = "1", **figures: object) -> RecordedOrder:
    """An order of 100.00 that left as a whole on the fifth day."""
    usual: dict[str, object] = {
        "bill": D("100.00"), "paid": ZERO, "open_balance": D("100.00"), "left": D("100.00"),
        "left_or_here": D("100.00"), "deliveries": (Delivered("1", day(5), D("100.00")),),
    }  # fmt: skip
    return RecordedOrder(number, **{**usual, **figures})  # type: ignore[arg-type]


def told(*orders: RecordedOrder, first: int = 0, last: int = 30) -> Statement:
    movements = [each for known in orders for each in movements_of(known)]
    return statement_of("K-1", "红枫", movements, day(first), day(last))


def kinds(statement: Statement) -> list[str]:
    return [line.movement.kind.value for line in statement.lines]


def test_goods_are_charged_when_they_left_and_money_counts_when_it_was_paid() -> None:
    paid = order(
        paid=D("30.00"), open_balance=D("70.00"), payments=(Received("T-1", D("30.00"), day(1), True),)
    )
    found = told(paid)
    assert kinds(found) == ["paid", "delivered"]
    assert [line.balance for line in found.lines] == [D("-30.00"), D("70.00")]
    assert (found.opening, found.charged, found.received, found.closing) == (
        ZERO, D("100.00"), D("30.00"), D("70.00"),
    )  # fmt: skip


def test_what_closes_a_period_opens_the_next() -> None:
    paid = order(
        paid=D("30.00"), open_balance=D("70.00"), payments=(Received("T-1", D("30.00"), day(1), True),)
    )
    before, after = told(paid, last=4), told(paid, first=5)
    assert before.closing == after.opening == D("-30.00")
    assert kinds(after) == ["delivered"]
    assert told(paid, first=6).lines == ()
    assert told(paid, first=6).opening == told(paid, first=6).closing == D("70.00")


def test_both_days_of_the_period_count() -> None:
    assert kinds(told(order(), first=5, last=5)) == ["delivered"]
    with pytest.raises(Refusal) as refused:
        told(order(), first=6, last=5)
    assert refused.value.code is Code.CONTRADICTION


@pytest.mark.parametrize(("corrected", "kind"), [(False, "bounced"), (True, "corrected")])
def test_what_fell_stays_and_has_its_counterpart_on_its_own_day(corrected: bool, kind: str) -> None:
    fell = Received("T-1", D("30.00"), day(1), True, fell_on=day(7), corrected=corrected)
    again = Received("T-1 · 2", D("30.00"), day(9), True)
    found = told(order(paid=D("30.00"), open_balance=D("70.00"), payments=(fell, again)))
    assert kinds(found) == ["paid", "delivered", kind, "paid"]
    assert found.lines[2].movement.received == D("-30.00")
    assert found.closing == D("70.00")


def test_money_that_does_not_count_moves_nothing() -> None:
    unconfirmed = Received("T-1", D("30.00"), day(1), False)
    assert kinds(told(order(payments=(unconfirmed,)))) == ["delivered"]


def test_money_that_was_moved_between_orders_of_one_customer_changes_no_closing_balance() -> None:
    gave = order(
        "1", paid=D("100.00"), open_balance=ZERO, payments=(Received("T-1", D("130.00"), day(1), True, moved_on=D("30.00")),),
        moved=(Moved("T-1", D("30.00"), day(8), Way.OUT, "2"),),
    )  # fmt: skip
    got = order(
        "2", paid=D("30.00"), open_balance=D("70.00"), payments=(Received("T-1", D("30.00"), day(8), True, moved_in=True),),
        moved=(Moved("T-1", D("30.00"), day(8), Way.IN),),
    )  # fmt: skip
    found = told(gave, got)
    assert found.closing == D("70.00")
    assert kinds(found) == ["paid", "delivered", "delivered", "moved_out", "moved_in"]
    alone = told(gave)
    assert alone.closing == ZERO


def test_what_was_moved_on_falls_there_and_not_here() -> None:
    fell = Received("T-1", D("130.00"), day(1), True, fell_on=day(9), moved_on=D("30.00"))
    gave = order(payments=(fell,), moved=(Moved("T-1", D("30.00"), day(8), Way.OUT, "2"),))
    assert told(gave).closing == D("100.00")
    assert "difference" not in kinds(told(gave))


@pytest.mark.parametrize("corrected", [False, True])
def test_what_the_house_received_is_a_payment_and_stays_one_when_it_falls(corrected: bool) -> None:
    """R45, R160: money for no order counts from the day it came; what fell of it and what went back say so."""
    came = HouseReceipt(
        number="M-1", customer="K-1", amount=D("100.00"), method=PaymentMethod.BANK, reference="TX-7", paid_at=PAID_AT,
        by="qian", at=PAID_AT, cleared_at=PAID_AT,
    )  # fmt: skip
    back = BalanceBack("M-1", day(4), D("40.00"))
    kept = statement_of("K-1", "红枫", movements_of_receipts([came], [back]), day(0), day(30))
    assert [(each.movement.kind.value, each.movement.amount) for each in kept.lines] == [
        ("paid", D("-100.00")), ("refunded", D("40.00")),
    ]  # fmt: skip
    assert (kept.received, kept.closing) == (D("60.00"), D("-60.00"))
    fell = came.model_copy(update={"bounced_at": PAID_AT + timedelta(days=9), "corrected": corrected})
    found = statement_of("K-1", "红枫", movements_of_receipts([fell], []), day(0), day(30))
    assert kinds(found) == ["paid", "corrected" if corrected else "bounced"]
    assert found.closing == ZERO


NOTHING: dict[str, object] = {
    "bill": ZERO, "open_balance": ZERO, "left": ZERO, "left_or_here": ZERO, "deliveries": (),
}  # fmt: skip


@pytest.mark.parametrize("moved", [D("30.00"), D("100.00"), ZERO])
@pytest.mark.parametrize("of_the_same_customer", [True, False])
def test_a_receipt_whose_part_was_moved_on_falls_once(moved: Decimal, of_the_same_customer: bool) -> None:
    """R53, R160: before the order that it was moved to has heard, that part is owed nowhere twice and put aside nowhere."""
    came = HouseReceipt(
        number="M-1", customer="K-1", amount=D("100.00"), method=PaymentMethod.BANK, reference="TX-7", paid_at=PAID_AT,
        by="qian", at=PAID_AT, cleared_at=PAID_AT, bounced_at=PAID_AT + timedelta(days=9),
    )  # fmt: skip
    part = Received("TX-7", D("100.00"), day(1), True, fell_on=day(10), moved_on=moved, of_receipt=True)
    out = (Moved("TX-7", moved, day(8), Way.OUT, "2"),) if moved else ()
    gave = order("1", payments=(part,), moved=out, **NOTHING)
    there = Received("TX-7", moved, day(8), True, moved_in=True)
    before = order("2", payments=(there,), **{**NOTHING, "paid": moved, "open_balance": -moved})
    after = order("2", payments=(replace(there, fell_on=day(11)),), **NOTHING)
    for receiver, paid_there in ((before, moved), (after, ZERO)):
        orders = [gave, receiver] if of_the_same_customer and moved else [gave]
        found = [
            *movements_of_receipts([came], []),
            *(each for known in orders for each in movements_of(known)),
        ]
        closing = statement_of("K-1", "红枫", found, day(0), day(30)).closing
        assert closing == (-paid_there if len(orders) == 2 else ZERO)
        assert set_aside_in(found) == ZERO
        assert MovementKind.DIFFERENCE not in {each.kind for each in found}
        assert [each.number for each in accounts_of(orders)] == (
            ["2"] if len(orders) == 2 and paid_there else []
        )


def test_goods_that_came_back_or_were_taken_off_are_no_longer_owed() -> None:
    back = order(
        bill=D("60.00"), open_balance=D("60.00"), taken_off_on=day(12),
        deliveries=(Delivered("1", day(5), D("100.00"), D("30.00"), day(9)),),
    )  # fmt: skip
    found = told(back)
    assert [(line.movement.day, line.movement.amount) for line in found.lines] == [
        (day(5), D("100.00")), (day(9), D("-30.00")), (day(12), D("-10.00")),
    ]  # fmt: skip
    assert found.closing == D("60.00")


def test_what_lies_here_is_not_charged_yet() -> None:
    part = order(
        bill=D("250.00"), open_balance=D("250.00"), left_or_here=D("250.00"), deliveries=(Delivered("1", day(5), D("100.00")),),
    )  # fmt: skip
    assert told(part).closing == D("100.00")
    (account,) = accounts_of([part])
    assert (account.account, account.to_deliver, account.open_balance) == (
        D("100.00"), D("150.00"), D("250.00"),
    )  # fmt: skip


def test_before_anything_left_only_money_stands_on_the_account() -> None:
    made = order(
        bill=D("250.00"), paid=D("80.00"), open_balance=D("170.00"), left=ZERO, left_or_here=D("250.00"), deliveries=(),
        payments=(Received("T-1", D("80.00"), day(1), True),),
    )  # fmt: skip
    assert told(made).closing == D("-80.00")
    (account,) = accounts_of([made])
    assert (account.account, account.to_deliver) == (D("-80.00"), D("250.00"))


def test_money_back_and_money_kept_for_a_cost() -> None:
    cancelled = order(
        bill=ZERO, paid=D("20.00"), open_balance=ZERO, left=ZERO, left_or_here=ZERO, deliveries=(), claims_nothing=True,
        payments=(Received("T-1", D("80.00"), day(1), True),), ended_on=day(9),
        settled=(Settled(day(9), MovementKind.REFUNDED, D("60.00")), Settled(day(9), MovementKind.COST, D("20.00"))),
    )  # fmt: skip
    found = told(cancelled)
    assert kinds(found) == ["paid", "cost", "refunded"]
    assert found.closing == ZERO
    assert accounts_of([cancelled]) == []


def test_credit_stays_on_the_customers_account_and_leaves_the_orders() -> None:
    more = order(
        paid=D("100.00"), open_balance=ZERO, payments=(Received("T-1", D("130.00"), day(1), True),),
        settled=(Settled(day(9), MovementKind.CREDITED, D("30.00")),),
    )  # fmt: skip
    found = told(more)
    assert kinds(found) == ["paid", "delivered", "credited"]
    assert found.closing == D("-30.00")
    assert set_aside_in(movements_of(more)) == D("30.00")
    assert accounts_of([more]) == []


def test_what_the_record_says_and_nothing_explains_is_named() -> None:
    """A difference is shown, never swallowed."""
    found = told(order(paid=D("10.00"), open_balance=D("90.00")))
    assert kinds(found) == ["delivered", "difference"]
    assert found.closing == D("90.00")
    assert found.totals == ((MovementKind.DELIVERED, D("100.00")), (MovementKind.DIFFERENCE, D("-10.00")))


amounts = st.integers(-(10**7), 10**7).map(lambda fen: D(fen).scaleb(-2))
movements = st.builds(
    Movement, day=st.integers(0, 60).map(day), order=st.sampled_from("123"), kind=st.sampled_from(list(MovementKind)),
    amount=amounts, reference=st.sampled_from(["", "T-1"]),
)  # fmt: skip


@given(st.lists(movements, max_size=30), st.integers(0, 60), st.integers(0, 60))
def test_it_always_adds_up(known: list[Movement], one: int, other: int) -> None:
    first, last = sorted((one, other))
    found = statement_of("K", "N", known, day(first), day(last))
    assert found.opening + found.charged - found.received == found.closing
    assert sum((amount for _, amount in found.totals), found.opening) == found.closing
    assert found.closing == (found.lines[-1].balance if found.lines else found.opening)
    following = statement_of("K", "N", known, day(last + 1), day(100))
    assert following.opening == found.closing
    assert following.closing == sum((each.amount for each in known), ZERO)


def test_a_service_is_charged_when_it_was_accepted() -> None:
    """R87: nothing leaves, and the statement still says what is owed."""
    given = order(deliveries=(), left=ZERO, left_or_here=ZERO, service_on=day(3), paid=D("30.00"), open_balance=D("70.00"),
                  payments=(Received("T-1", D("30.00"), day(1), True),))  # fmt: skip
    found = told(given)
    assert kinds(found) == ["paid", "service"]
    assert (found.charged, found.closing) == (D("100.00"), D("70.00"))
    (account,) = accounts_of([given])
    assert account.to_deliver == ZERO


def test_the_fee_of_a_sample_counts_for_the_order_from_its_day_on() -> None:
    """R130: 120.00 of 1,500.00 were paid with the sample; 1,380.00 are asked."""
    all_of_it = D("1500.00")
    credited = order(
        bill=all_of_it, left=all_of_it, left_or_here=all_of_it, sample_credit=D("120.00"), open_balance=D("1380.00"),
        placed_on=day(1), deliveries=(Delivered("1", day(5), all_of_it),),
    )  # fmt: skip
    found = told(credited)
    assert kinds(found) == ["sample_credit", "delivered"]
    assert found.closing == D("1380.00")
    (account,) = accounts_of([credited])
    assert account.to_deliver == ZERO
