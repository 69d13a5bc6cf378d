"""What each event of a payment provider does to an intent: every cell of the table, written by hand from R123."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.shop.checkout_money import (
    Allocation,
    Checkout,
    Intent,
    IntentState,
    Payment,
    ProviderEvent,
    ProviderSays,
    Refund,
    RefundState,
)
from models.shop.intents import TABLE, Effect, Meaning, change_of, refunds_of
from models.shop.shares import Share, shares_of
from models.values.receipts import order_key
from models.values.vocabulary import PaymentMethod

NOW = datetime(2027, 1, 5, 1, 30, tzinfo=UTC)
A, B = "20270105-0001", "20270105-0002"

CELLS = """
made               open open              paid paid              closed closed            refunded refunded
paid_whole         open paid+tell+settled paid paid+tell+settled closed paid+tell+settled refunded paid+tell+settled
paid_short         open open+tell+ask     paid paid+tell+ask     closed closed+tell+ask   refunded refunded+tell+ask
paid_over          open paid+tell+ask     paid paid+tell+ask     closed paid+tell+ask     refunded paid+tell+ask
paid_partly_again  open paid+tell+back+settled paid paid+tell+back+settled closed paid+tell+back+settled refunded paid+tell+back+settled
paid_again         open closed+back       paid paid+back         closed closed+back       refunded refunded+back
paid_known         open open              paid paid              closed closed            refunded refunded
paid_otherwise     open open+ask          paid paid+ask          closed closed+ask        refunded refunded+ask
paid_foreign       open open+ask          paid paid+ask          closed closed+ask        refunded refunded+ask
paid_gone          open refunded          paid paid              closed refunded          refunded refunded
failed             open open              paid paid              closed closed            refunded refunded
closed             open closed            paid paid              closed closed            refunded refunded
part_back          open open              paid paid              closed closed            refunded refunded
all_back           open refunded          paid refunded          closed refunded          refunded refunded
part_back_unasked  open open+ask          paid paid+ask          closed closed+ask        refunded refunded+ask
all_back_unasked   open refunded+ask      paid refunded+ask      closed refunded+ask      refunded refunded+ask
back_known         open open              paid paid              closed closed            refunded refunded
back_early         open open+ask          paid paid+ask          closed closed+ask        refunded refunded+ask
back_failed        open open+ask          paid paid+ask          closed closed+ask        refunded refunded+ask
"""
WORDS = {
    "tell": Effect.TELL_ORDERS,
    "back": Effect.PAY_BACK,
    "ask": Effect.ASK_FINANCE,
    "settled": Effect.ANSWERED,
}


def test_every_cell_of_the_table() -> None:
    """R123: "paid" after a refund and "expired" after paid change nothing; a second success goes back by itself."""
    wanted: dict[tuple[IntentState, Meaning], tuple[IntentState, set[Effect]]] = {}
    for row in CELLS.strip().splitlines():
        meaning, *cells = row.split()
        for before, cell in zip(cells[::2], cells[1::2], strict=True):
            state, *effects = cell.split("+")
            key = (IntentState(before), Meaning(meaning))
            wanted[key] = (IntentState(state), {WORDS[each] for each in effects})
    assert {key: (row.state, set(row.effects)) for key, row in TABLE.items()} == wanted
    assert len(wanted) == len(IntentState) * len(Meaning)


def an_intent(turn: int = 1, state: IntentState = IntentState.OPEN, **amounts: str) -> Intent:
    asked = {A: "100.00", B: "76.00"} | {each.replace("_", "-"): amount for each, amount in amounts.items()}
    return Intent(
        f"P-{turn}",
        "co-1",
        tuple(Allocation(order, Decimal(amount)) for order, amount in asked.items() if amount),
        state,
        "test",
    )


def said(
    amount: str = "176.00",
    payment: str = "pay-1",
    says: ProviderSays = ProviderSays.PAID,
    turn: int = 1,
    **more: object,
) -> ProviderEvent:
    values = {
        "provider": "test", "event": "e", "says": says, "intent": f"P-{turn}", "payment": payment, "amount": amount, "at": NOW,
    }  # fmt: skip
    return ProviderEvent.model_validate(values | more)


def paid(amount: str, a: str, b: str, payment: str = "pay-1", turn: int = 1) -> Payment:
    shares = tuple(Share(order, Decimal(each)) for order, each in ((A, a), (B, b)) if Decimal(each))
    return Payment(payment, f"P-{turn}", Decimal(amount), NOW, shares, provider="test")


OPEN = Checkout((an_intent(),))
PAID = Checkout((an_intent(state=IntentState.PAID),), (paid("176.00", "100.00", "76.00"),))
SHORT = Checkout((an_intent(),), (paid("100.00", "56.82", "43.18"),))


def shown(checkout: Checkout, event: ProviderEvent) -> tuple[str, str, dict[str, str], str]:
    change = change_of(checkout, event)
    told = {share.order: str(share.amount) for share in change.shares}
    return change.meaning.value, change.state.value, told, str(change.pay_back)


def test_176_paid_is_176_told() -> None:
    assert shown(OPEN, said()) == ("paid_whole", "paid", {A: "100.00", B: "76.00"}, "0.00")


def test_the_same_payment_again_changes_nothing() -> None:
    assert shown(PAID, said()) == ("paid_known", "paid", {}, "0.00")


def test_the_same_payment_with_another_amount_is_asked_about() -> None:
    assert shown(PAID, said("175.00")) == ("paid_otherwise", "paid", {}, "0.00")


def test_a_second_success_goes_back_whole() -> None:
    """Story 14: a second intent is paid: 176.00 back."""
    assert shown(PAID, said(payment="pay-2")) == ("paid_again", "paid", {}, "176.00")
    two = Checkout((*PAID.intents, an_intent(2)), PAID.payments)
    assert shown(two, said(payment="pay-2", turn=2)) == ("paid_again", "closed", {}, "176.00")


def test_another_amount_is_booked_as_it_is() -> None:
    """Less: in proportion and to the fen. More: the surplus goes to the first order."""
    assert shown(OPEN, said("100.00")) == ("paid_short", "open", {A: "56.82", B: "43.18"}, "0.00")
    assert shown(OPEN, said("0.01")) == ("paid_short", "open", {A: "0.01"}, "0.00")
    assert shown(OPEN, said("180.00")) == ("paid_over", "paid", {A: "104.00", B: "76.00"}, "0.00")


def test_it_is_paid_when_the_sum_is_covered() -> None:
    assert shown(SHORT, said("76.00", "pay-2")) == ("paid_whole", "paid", {A: "43.18", B: "32.82"}, "0.00")
    assert shown(SHORT, said("75.99", "pay-2"))[:2] == ("paid_short", "open")


def test_the_whole_sum_after_a_part_of_it_goes_back_for_that_part() -> None:
    found = shown(SHORT, said("176.00", "pay-2"))
    assert found == ("paid_partly_again", "paid", {A: "43.18", B: "32.82"}, "100.00")


def test_money_for_a_closed_intent_is_told_and_the_orders_decide() -> None:
    closed = Checkout((an_intent(state=IntentState.CLOSED),))
    assert shown(closed, said()) == ("paid_whole", "paid", {A: "100.00", B: "76.00"}, "0.00")


def test_an_order_that_another_intent_paid_gets_nothing_twice() -> None:
    """A was withdrawn, B paid by the next intent; then the first is paid all the same: A decides, B's part goes back."""
    first, following = an_intent(state=IntentState.CLOSED), an_intent(2, IntentState.PAID, **{A: ""})
    known = Checkout((first, following), (paid("76.00", "0", "76.00", "pay-2", 2),))
    assert shown(known, said()) == ("paid_partly_again", "paid", {A: "100.00"}, "76.00")


def test_expired_after_paid_and_paid_after_refund_change_nothing() -> None:
    assert shown(PAID, said(says=ProviderSays.CLOSED, payment=""))[:3] == ("closed", "paid", {})
    gone = Refund("R-1", "pay-1", Decimal("176.00"), A, RefundState.DONE, provider="test")
    back = Checkout((an_intent(state=IntentState.REFUNDED),), PAID.payments, (gone,))
    assert shown(back, said()) == ("paid_known", "refunded", {}, "0.00")
    early = Checkout(
        (an_intent(),), (), (Refund("R-1", "pay-1", Decimal("176.00"), "", RefundState.DONE, False, "test"),)
    )
    assert shown(early, said()) == ("paid_gone", "refunded", {}, "0.00")


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "0.00"}, {"amount": "-1.00"}, {"amount": "1.001"}, {"amount": 1.5}, {"payment": ""}, {"currency": "yuan"},
        {"payment": "p" * 101}, {"payment": "a\x00b"}, {"intent": ""}, {"at": "2027-01-05T09:30:00"}, {"says": "rich"},
        {"says": "refunded"}, {"says": "refund_failed"}, {"extra": "x"},
    ],
)  # fmt: skip
def test_an_event_that_says_too_little_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        said(**wrong)


def test_another_currency_is_not_booked() -> None:
    assert shown(OPEN, said(currency="USD")) == ("paid_foreign", "open", {}, "0.00")


def test_what_went_back() -> None:
    """All of it by our wish: refunded. A part: it stays paid. What nobody here asked for is finance's."""
    wanted = Refund("R-1", "pay-1", Decimal("176.00"), A, RefundState.ASKED, provider="test")
    known = Checkout(PAID.intents, PAID.payments, (wanted,))
    back: dict[str, Any] = {"says": ProviderSays.REFUNDED, "refund": "R-1"}
    assert shown(known, said(**back))[:2] == ("all_back", "refunded")
    part = Refund("R-2", "pay-1", Decimal("76.00"), A, RefundState.ASKED, provider="test")
    both = Checkout(PAID.intents, PAID.payments, (part,))
    assert shown(both, said("76.00", says=ProviderSays.REFUNDED, refund="R-2"))[:2] == ("part_back", "paid")
    assert shown(known, said(says=ProviderSays.REFUND_FAILED, refund="R-1"))[:2] == ("back_failed", "paid")
    assert shown(PAID, said(**back))[:2] == ("all_back_unasked", "refunded")
    assert shown(PAID, said("1.00", **back))[:2] == ("part_back_unasked", "paid")
    assert shown(OPEN, said(**back))[:2] == ("back_early", "open")
    done = Checkout(
        PAID.intents,
        PAID.payments,
        (Refund("R-1", "pay-1", Decimal("1.00"), A, RefundState.DONE, provider="test"),),
    )
    assert shown(done, said("1.00", **back))[:2] == ("back_known", "paid")


def test_an_order_is_covered_by_what_was_paid_and_not_paid_back() -> None:
    assert PAID.is_covered(A)
    assert not SHORT.is_covered(A)
    assert not OPEN.is_covered("20270105-0009")
    back = Refund("R-1", "pay-1", Decimal("100.00"), A, provider="test")
    assert not Checkout(PAID.intents, PAID.payments, (back,)).is_covered(A)


def test_money_goes_back_from_the_oldest_payment_first_and_never_more_than_it_had() -> None:
    later = Payment(
        "pay-2",
        "P-1",
        Decimal("76.00"),
        NOW + timedelta(minutes=1),
        (Share(A, Decimal("43.18")),),
        provider="test",
    )
    known = Checkout(SHORT.intents, (later, *SHORT.payments))
    plan = refunds_of(known, A, Decimal("100.00"), "k")
    assert [(each.key, each.payment, str(each.amount)) for each in plan] == [
        ("k", "pay-1", "56.82"),
        ("k-2", "pay-2", "43.18"),
    ]
    less = Checkout(known.intents, known.payments, plan[:1])
    assert [str(each.amount) for each in refunds_of(less, A, Decimal("100.00"), "m")] == ["43.18"]
    assert refunds_of(OPEN, A, Decimal("1.00"), "k") == ()


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=6))
def test_no_fen_is_lost_or_made(part: int, wanted: list[int]) -> None:
    amounts = {str(number): Decimal(each).scaleb(-2) for number, each in enumerate(wanted)}
    total = sum(amounts.values(), Decimal(0))
    amount = min(Decimal(part).scaleb(-2), total)
    shares = shares_of(amount, amounts)
    assert sum(shares.values(), Decimal(0)) == (amount if total else 0)
    assert all(0 <= shares[order] <= amounts[order] for order in amounts)


def test_more_than_all_want_is_no_share() -> None:
    with pytest.raises(ValueError, match="more than"):
        shares_of(Decimal("1.01"), {A: Decimal("1.00")})


def test_one_payment_counts_for_each_order_of_its_checkout() -> None:
    """R53 counts a reference once in the company; shares of one payment of the shop are not the same money."""
    keys = {order_key("test:pay-1", PaymentMethod.ONLINE, "system", order) for order in (A, B)}
    assert len(keys) == 2
    assert {order_key("TX-7", PaymentMethod.BANK, "bank", order) for order in (A, B)} == {"bank:tx-7"}
