"""Money that came in once: how it is proposed to be shared, what may be done with it, what its order makes of a part (R160, R161)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.messages.envelope import read_entered
from models.money.allocating import OwingOrder, ProposedBy, proposed
from models.money.house_receipt import HouseReceipt, ReceivingOrder
from models.money.receipt_terms import PartAsked, PartState, ReceiptRecorded, ReceiptState
from models.order.money.ledger import Ledger
from models.values.errors import Code, Refusal
from models.values.receipts import part_in, part_key
from models.values.vocabulary import PaymentMethod
from models.writing.written_numbers import Manner
from tests.models.life import Life

NOW = datetime(2027, 1, 5, 1, tzinfo=UTC)
ORDERS = {
    "N-1": ReceivingOrder("N-1", "K-1", lives=True),
    "N-2": ReceivingOrder("N-2", "K-1", lives=True),
    "N-3": ReceivingOrder("N-3", "K-1", lives=True),
    "N-9": ReceivingOrder("N-9", "K-1", lives=False),
    "N-8": ReceivingOrder("N-8", "K-2", lives=True),
}


def owing(*dues: str) -> list[OwingOrder]:
    """Orders N-1, N-2 … that owe so much, each a day younger than the one before."""
    return [
        OwingOrder(f"N-{place + 1}", Decimal(due), NOW + timedelta(days=place))
        for place, due in enumerate(dues)
    ]


def receipt(amount: str = "12000.00", method: PaymentMethod = PaymentMethod.BANK) -> HouseReceipt:
    return HouseReceipt(
        number="M-1", customer="K-1", amount=Decimal(amount), method=method, reference="TX-7", paid_at=NOW, by="qian",
        at=NOW, cleared_at=None if method is PaymentMethod.CHEQUE else NOW,
    )  # fmt: skip


def asked(**amounts: str) -> list[PartAsked]:
    return [
        PartAsked(order=name.replace("_", "-"), amount=Decimal(amount)) for name, amount in amounts.items()
    ]


def given_to(found: HouseReceipt, **amounts: str) -> list[str]:
    parts = found.allocate(asked(**amounts), ORDERS, by="qian", at=NOW + timedelta(hours=1))
    return [each.part for each in parts]


# --- what is proposed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "dues", "by", "parts", "rest"),
    [
        ("12000.00", ("3500.00", "6200.00"), "oldest", "N-1 3500.00 N-2 6200.00", "2300.00"),
        ("6200.00", ("3500.00", "6200.00"), "exact", "N-2 6200.00", "0.00"),
        ("9700.00", ("3500.00", "100.00", "6200.00"), "exact_sum", "N-1 3500.00 N-3 6200.00", "0.00"),
        ("300.00", ("100.00", "200.00", "300.00"), "exact", "N-3 300.00", "0.00"),
        ("300.00", ("100.00", "100.00", "100.00", "200.00"), "exact_sum", "N-1 100.00 N-4 200.00", "0.00"),
        ("5000.00", ("3500.00", "6200.00"), "oldest", "N-1 3500.00 N-2 1500.00", "0.00"),
        ("0.01", ("3500.00",), "oldest", "N-1 0.01", "0.00"),
        ("12000.00", (), "balance", "", "12000.00"),
        ("12000.00", ("0.00", "-5.00"), "balance", "", "12000.00"),
    ],
)
def test_the_exact_one_then_the_exact_sum_then_the_oldest(
    amount: str, dues: tuple[str, ...], by: str, parts: str, rest: str
) -> None:
    """R160"""
    found = proposed(Decimal(amount), list(reversed(owing(*dues))))
    assert (found.by.value, str(found.rest)) == (by, rest)
    assert " ".join(f"{each.order} {each.amount}" for each in found.parts) == parts


@settings(max_examples=200)
@given(st.integers(1, 2_000_000), st.lists(st.integers(1, 900_000), max_size=12))
def test_a_proposal_is_never_more_than_came_in_nor_than_is_owed(amount: int, dues: list[int]) -> None:
    """R160"""
    orders = owing(*(str(Decimal(due) / 100) for due in dues))
    found = proposed(Decimal(amount) / 100, orders)
    due = {each.number: each.due for each in orders}
    assert sum((each.amount for each in found.parts), found.rest) == Decimal(amount) / 100
    assert all(0 < each.amount <= due[each.order] for each in found.parts)
    assert len({each.order for each in found.parts}) == len(found.parts)
    if found.by in (ProposedBy.EXACT, ProposedBy.EXACT_SUM):
        assert found.rest == 0


# --- what may be done ------------------------------------------------------------------------------------------------


def test_twelve_thousand_over_two_orders_leaves_a_balance_that_is_moved_later() -> None:
    """R160, R161: 12,000.00 = 3,500.00 + 6,200.00 + 2,300.00; allocated money counts from when it was paid, balance that
    is moved later from the decision."""
    found = receipt()
    assert found.state is ReceiptState.UNALLOCATED
    assert given_to(found, N_1="3500.00", N_2="6200.00") == ["M-1/1", "M-1/2"]
    assert (str(found.given), str(found.rest), found.state) == ("9700.00", "2300.00", ReceiptState.BALANCE)
    later = NOW + timedelta(days=9)
    part = found.move(asked(N_3="2300.00")[0], ORDERS, by="qian", at=later)
    assert (part.paid_at, found.parts[0].paid_at) == (later, NOW)
    assert (str(found.rest), found.state) == ("0.00", ReceiptState.DONE)


@pytest.mark.parametrize(
    ("parts", "code", "where"),
    [
        (asked(N_1="12000.01"), Code.ABOVE_RECEIPT, "parts"),
        (asked(N_1="6000.00", N_2="6000.01"), Code.ABOVE_RECEIPT, "parts"),
        ([*asked(N_1="1.00"), *asked(N_1="1.00")], Code.NAMED_TWICE, "parts.2.order"),
        (asked(N_1="1.00", N_8="1.00"), Code.OTHER_CUSTOMER, "parts.2.order"),
        (asked(N_9="1.00"), Code.ORDER_ENDED, "parts.1.order"),
        (asked(N_7="1.00"), Code.UNKNOWN_ORDER, "parts.1.order"),
    ],
)
def test_what_may_not_be_is_refused_and_changes_nothing(
    parts: list[PartAsked], code: Code, where: str
) -> None:
    """R160"""
    found = receipt()
    before = found.model_dump()
    with pytest.raises(Refusal) as refused:
        found.allocate(parts, ORDERS, by="qian", at=NOW)
    assert (refused.value.code, refused.value.where) == (code, where)
    assert found.model_dump() == before


@pytest.mark.parametrize("amount", ["0", "0.00", "-1.00", "1.001", "abc", "10000000000.00"])
def test_an_amount_is_money(amount: str) -> None:
    """R160"""
    raw = {"customer": "K-1", "amount": amount, "reference": "TX-7"}
    with pytest.raises(Refusal) as refused:
        read_entered(ReceiptRecorded, raw, Manner.TYPED)
    assert "amount" in refused.value.where


def test_it_is_allocated_once_and_then_moved() -> None:
    """R160, R161"""
    found = receipt()
    with pytest.raises(Refusal) as refused:
        found.move(asked(N_1="1.00")[0], ORDERS, by="qian", at=NOW)
    assert refused.value.code is Code.NOT_ASKED
    given_to(found, N_1="3500.00")
    with pytest.raises(Refusal) as refused:
        given_to(found, N_2="1.00")
    assert refused.value.code is Code.ALREADY_DECIDED
    with pytest.raises(Refusal) as refused:
        found.move(asked(N_2="8500.01")[0], ORDERS, by="qian", at=NOW)
    assert (refused.value.code, refused.value.where) == (Code.ABOVE_RECEIPT, "amount")


def test_a_cheque_counts_when_it_has_cleared() -> None:
    """R160"""
    found = receipt("500.00", PaymentMethod.CHEQUE)
    assert (found.state, str(found.rest)) == (ReceiptState.UNCLEARED, "0.00")
    with pytest.raises(Refusal) as refused:
        given_to(found, N_1="500.00")
    assert refused.value.code is Code.NOT_CLEARED
    cleared = NOW + timedelta(days=3)
    found.clear(cleared)
    given_to(found, N_1="500.00")
    assert found.parts[0].paid_at == cleared
    with pytest.raises(Refusal) as refused:
        found.clear(cleared)
    assert refused.value.code is Code.NOT_ASKED


def test_a_receipt_that_bounces_takes_its_parts_and_its_balance() -> None:
    """R53, R160"""
    found = receipt()
    given_to(found, N_1="3500.00", N_2="6200.00")
    fallen = found.fall(NOW, "银行退回")
    assert [each.order for each in fallen] == ["N-1", "N-2"]
    assert (str(found.given), str(found.rest), found.state) == ("0.00", "0.00", ReceiptState.FELL)
    with pytest.raises(Refusal):
        found.refund(Decimal("1.00"))


@pytest.mark.parametrize(
    ("order", "amount", "code"),
    [
        ("N-8", "1.00", Code.OTHER_CUSTOMER),
        ("N-9", "1.00", Code.ORDER_ENDED),
        ("N-7", "1.00", Code.UNKNOWN_ORDER),
        ("N-2", "8500.01", Code.ABOVE_RECEIPT),
    ],
)
def test_told_to_an_order_it_goes_where_it_could_be_allocated(order: str, amount: str, code: Code) -> None:
    """R53, R160, R161: a second telling is no way around whose money it is."""
    found = receipt()
    given_to(found, N_1="3500.00")
    before = found.model_dump()
    wanted = PartAsked(order=order, amount=Decimal(amount))
    with pytest.raises(Refusal) as refused:
        found.give_as_told(wanted, ORDERS, by="qian", at=NOW, act="T-1")
    assert (refused.value.code, found.model_dump()) == (code, before)


def test_told_to_an_order_of_its_customer_it_counts_from_when_it_was_paid() -> None:
    """R53, R160: also where finance had not allocated it; not while a cheque waits."""
    found = receipt()
    part = found.give_as_told(
        asked(N_2="3500.00")[0], ORDERS, by="qian", at=NOW + timedelta(days=3), act="T-1"
    )
    assert (part.paid_at, part.act, str(found.rest)) == (NOW, "T-1", "8500.00")
    with pytest.raises(Refusal) as refused:
        receipt(method=PaymentMethod.CHEQUE).give_as_told(
            asked(N_2="1.00")[0], ORDERS, by="qian", at=NOW, act="T-1"
        )
    assert refused.value.code is Code.NOT_CLEARED


@pytest.mark.parametrize("given", [False, True])
def test_kept_credit_does_not_bounce_and_is_not_struck(given: bool) -> None:
    """R53, R161: no bank brought it, so none takes it back; paid back to the customer it can be."""
    credit = receipt("230.00").model_copy(update={"source": "N-1", "allocated_at": NOW})
    if given:
        credit.move(asked(N_2="200.00")[0], ORDERS, by="qian", at=NOW)
    before = credit.model_dump()
    for act in (lambda: credit.fall(NOW, "退票"), lambda: credit.correct(NOW, "记错")):
        with pytest.raises(Refusal) as refused:
            act()
        assert (refused.value.code, refused.value.where) == (Code.MONEY_BOUND, "receipt")
    assert credit.model_dump() == before
    credit.refund(Decimal("30.00"))
    assert str(credit.rest) == ("0.00" if given else "200.00")


def test_what_orders_have_is_bound() -> None:
    """R160, R161: a part comes back only where its order does not count it; a receipt with parts is not struck."""
    found = receipt()
    given_to(found, N_1="3500.00")
    for refuses in (
        lambda: found.take_back("M-1/1", counts=True),
        lambda: found.correct(NOW, "记错"),
    ):
        with pytest.raises(Refusal) as refused:
            refuses()
        assert refused.value.code is Code.MONEY_BOUND
    assert found.take_back("M-1/1", counts=False).state is PartState.TAKEN_BACK
    assert str(found.rest) == "12000.00"
    with pytest.raises(Refusal) as refused:
        found.take_back("M-1/1", counts=False)
    assert refused.value.code is Code.NOT_ASKED
    found.correct(NOW, "记错客户")
    assert found.state is ReceiptState.CORRECTED


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from(["allocate", "move", "refund", "back", "fall"]), st.integers(1, 1500000))
    )
)
def test_what_came_in_is_given_left_or_paid_back(acts: list[tuple[str, int]]) -> None:
    """R160, R161: at every moment, whatever is done and refused."""
    found = receipt()
    for act, fen in acts:
        amount = Decimal(fen) / 100
        try:
            if act == "allocate":
                found.allocate(asked(N_1=str(amount), N_2="1.00"), ORDERS, by="qian", at=NOW)
            elif act == "move":
                found.move(asked(N_3=str(amount))[0], ORDERS, by="qian", at=NOW)
            elif act == "refund":
                found.refund(amount)
            elif act == "back" and found.parts:
                found.take_back(found.parts[-1].part, counts=False)
            elif act == "fall" and fen % 7 == 0:
                found.fall(NOW, "退回")
        except Refusal:
            pass
        if found.is_there:
            assert found.given + found.rest + found.refunded == found.amount
        assert found.rest >= 0 <= found.given


# --- at the order ----------------------------------------------------------------------------------------------------


def test_a_part_is_the_orders_payment_and_counts_once() -> None:
    """R160: it names its receipt, and is no claim of the bank's reference, which is the house's."""
    life = Life()
    said = {"reference": "TX-7", "amount": "700.00", "receipt_part": "M-1/1"}
    life.does("payment_received", **said)
    life.does("payment_received", **said)
    life.does("payment_received", **{**said, "amount": "800.00", "receipt_part": "M-1/2"})
    ledger: Ledger = life.order.ledger
    assert [(each.voucher, str(each.here)) for each in ledger.payments] == [
        ("TX-7", "700.00"),
        ("TX-7 · 2", "800.00"),
    ]
    assert str(ledger.paid) == "1500.00"
    assert [each.claim(life.order.number) for each in ledger.payments] == [
        "part:M-1/1:700.00",
        "part:M-1/2:800.00",
    ]


def test_the_part_that_bounced_falls_and_no_other() -> None:
    """R53, R160"""
    life = Life()
    for part, amount in (("M-1/1", "700.00"), ("M-2/1", "800.00")):
        life.does("payment_received", reference="TX-7", amount=amount, receipt_part=part)
    life.does("payment_bounced", reference="TX-7", receipt_part="M-1/1")
    assert str(life.order.ledger.paid) == "800.00"


def test_money_that_came_before_the_order_counts_from_its_first_moment() -> None:
    """R160: also when it lies further back than a fact may be told."""
    life = Life()
    life.does(
        "payment_received",
        reference="TX-7",
        amount="700.00",
        receipt_part="M-1/1",
        paid_at="2026-01-05T09:00:00+08:00",
    )
    assert life.order.ledger.payments[0].paid_at == life.order.placed_at


def test_a_cheque_is_not_told_to_an_order() -> None:
    """R160: it would count before the bank has paid it."""
    life = Life()
    reply = life.tell("payment_received", reference="C-1", amount="700.00", method="cheque")
    assert reply.code == Code.NOT_CLEARED.value
    life.does("payment_received", reference="C-1", amount="700.00", method="cheque", receipt_part="M-1/1")
    assert str(life.order.ledger.paid) == "700.00"


def test_the_key_of_a_part_names_part_and_amount() -> None:
    """R160"""
    key = part_key("M20270105-0001/12", Decimal("3500.00"))
    assert (key, part_in(key)) == ("part:M20270105-0001/12:3500.00", "M20270105-0001/12")
