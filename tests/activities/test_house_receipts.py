"""Receipts of the house on both databases: counted once, shared among orders, their halves never lost nor doubled (R160, R161)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update

from activities.company.statements import account_of
from activities.facts.desk_steps import open_desk_steps
from activities.money.house_receipts import (
    Teller,
    allocate,
    bounce_receipt,
    clear_cheque,
    correct_receipt,
    move_balance,
    record_receipt,
    refund_balance,
    take_part_back,
)
from activities.money.owing_orders import owing_orders
from activities.money.receipt_store import balance_of, mend_parts, receipts_where
from activities.money.transfers_asked import require_transferable
from activities.store.database import reading, writing
from activities.store.upsert import insert_into
from models.money.allocating import proposed
from models.money.house_receipt import HouseReceipt
from models.money.receipt_terms import (
    AllocationAsked,
    BalanceMoved,
    BalanceRefunded,
    PartAsked,
    ReasonSaid,
    ReceiptRecorded,
    ReceiptState,
)
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import PaymentMethod
from tests.activities.test_receipts import Recorded
from tests.models.life import MONDAY

PAID = MONDAY.astimezone(UTC) + timedelta(hours=1)
"""An hour after the orders of these tests were placed."""


class Finance:
    """The finance desk: each act under an id of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.acts = engine, 0
        with writing(engine) as connection:
            for customer in ("K-0", "K-1", "K-2"):
                row: dict[str, Any] = {
                    "customer": customer,
                    "name": customer,
                    "designated_signers": [],
                }
                connection.execute(
                    insert_into(connection, table("customers")).values(row).on_conflict_do_nothing()
                )

    def teller(self, act: str = "") -> Teller:
        self.acts += 1
        return Teller("qian", PAID + timedelta(hours=12), act or f"qian/{self.acts}")

    def came(
        self,
        amount: str,
        reference: str = "TX-7",
        *,
        customer: str = "",
        bank: str = "",
        method: PaymentMethod = PaymentMethod.BANK,
        act: str = "",
    ) -> HouseReceipt:
        said = ReceiptRecorded(
            customer=customer or self.customer(), amount=Decimal(amount), reference=reference, bank=bank, method=method,
            paid_at=PAID,
        )  # fmt: skip
        return record_receipt(self.engine, said, self.teller(act))

    def customer(self) -> str:
        with reading(self.engine) as connection:
            return (
                connection.scalar(select(table("orders").c.customer).where(table("orders").c.customer != ""))
                or "K-0"
            )

    def shares(self, found: HouseReceipt, act: str = "", **amounts: str) -> HouseReceipt:
        parts = tuple(
            PartAsked(order=name.replace("_", "-"), amount=Decimal(amount))
            for name, amount in amounts.items()
        )
        return allocate(self.engine, found.number, AllocationAsked(parts=parts), self.teller(act))

    def moves(self, found: HouseReceipt, order: str, amount: str, act: str = "") -> HouseReceipt:
        said = BalanceMoved(order=order, amount=Decimal(amount), reason="客户要求")
        return move_balance(self.engine, found.number, said, self.teller(act))

    def balance(self) -> str:
        with reading(self.engine) as connection:
            return str(balance_of(connection, self.customer()))

    def one(self, number: str) -> HouseReceipt:
        with reading(self.engine) as connection:
            return receipts_where(connection, table("house_receipts").c.number == number)[0]


def code_of(act: Callable[[], object]) -> Code | None:
    """The code with which it was refused; None where it was not."""
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return None


def orders(engine: Engine, count: int) -> list[Recorded]:
    """So many orders of one customer, a day later than they were placed."""
    found = [Recorded(engine, f"N-{number + 1}") for number in range(count)]
    for each in found:
        each.life.later(days=1)
    return found


def hears_of_parts(*each: Recorded) -> list[list[str]]:
    """What waits for them is told to them, as their workflows do it: the part is asked for first."""
    return [_hears(one) for one in each]


def _hears(order: Recorded) -> list[str]:
    from activities.facts import pending_facts
    from models.dossier.records.recording import Claim
    from models.handlers.money.transfers import receipt_to_claim
    from models.messages.envelope import read_content
    from models.messages.money_contents import PaymentReceived

    for kept in pending_facts.waiting(order.engine):
        if kept.order_number == order.life.order.number and kept.envelope.kind == "payment_received":
            content = read_content(PaymentReceived, kept.envelope.content, inside="content")
            key = receipt_to_claim(order.life.order, kept.envelope, content, order.life.now)
            if key is not None:
                claims = order.save(Claim(key=key, fact_id=kept.envelope.fact_id)).elsewhere
                order.life.order.ledger.claimed_elsewhere |= set(claims)
    return order.hears()


def test_twelve_thousand_over_two_orders_and_the_rest_moved_to_a_third(engine: Engine) -> None:
    """R160, R161: 12,000.00 = 3,500.00 + 6,200.00 + 2,300.00; each fact is told once, whoever tells it again."""
    first, second, third = orders(engine, 3)
    finance = Finance(engine)
    found = finance.came("12000.00")
    assert finance.balance() == "12000.00"
    done = finance.shares(found, N_1="3500.00", N_2="6200.00")
    assert (str(done.rest), finance.balance()) == ("2300.00", "2300.00")
    assert hears_of_parts(first, second) == [["payment_received accepted"]] * 2
    assert (first.paid_in, second.paid_in) == ("3500.00", "6200.00")
    finance.moves(found, "N-3", "2300.00")
    assert hears_of_parts(third) == [["payment_received accepted"]]
    assert (third.paid_in, finance.balance()) == ("2300.00", "0.00")
    assert first.life.order.ledger.payments[0].paid_at < third.life.order.ledger.payments[0].paid_at
    assert hears_of_parts(first, second, third) == [[], [], []]
    assert open_desk_steps(engine) == []


def test_told_for_a_third_order_it_is_a_step_of_finance_and_counts_nothing(engine: Engine) -> None:
    """R53, R160: the order learns no number; what finance gives it then comes out of the receipt, once."""
    first, third = orders(engine, 2)
    finance = Finance(engine)
    found = finance.came("12000.00")
    finance.shares(found, N_1="3500.00")
    hears_of_parts(first)
    assert not third.paid("12000.00", "TX-7")
    assert third.paid_in == "0.00"
    assert "N-1" not in third.life.order.model_dump_json()
    third.does("second_telling_settled", reference="TX-7", outcome="split", amount="8000.00")
    third.save()
    assert hears_of_parts(third) == [["payment_received accepted"]]
    assert (third.paid_in, finance.balance()) == ("8000.00", "500.00")
    assert third.life.order.ledger.told_twice == []
    assert open_desk_steps(engine) == []


def test_less_is_left_than_an_order_was_told_of(engine: Engine) -> None:
    """R160: finance has a step at the desk, and the order gets nothing."""
    _, third = orders(engine, 2)
    finance = Finance(engine)
    finance.shares(finance.came("12000.00"), N_1="3500.00")
    third.paid("12000.00", "TX-7")
    third.does("second_telling_settled", reference="TX-7", outcome="move")
    third.save()
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.about["amount"], step.about["rest"]) == (
        DeskStepKind.RECEIPT_SHORT,
        "12000.00",
        "8500.00",
    )
    assert (hears_of_parts(third), third.paid_in) == ([[]], "0.00")


def test_it_counts_once_in_the_house_however_it_is_written(engine: Engine) -> None:
    """R53, R160: recorded again, or told to an order before."""
    (first,) = orders(engine, 1)
    finance = Finance(engine)
    finance.came("12000.00", "TX-7")
    for reference in ("tx-7", " TX-7 ", "\uff34\uff38-7"):
        with pytest.raises(Refusal) as refused:
            finance.came("12000.00", reference)
        assert (refused.value.code, refused.value.where) == (Code.RECEIPT_KNOWN, "reference")
    assert first.paid("1500.00", "TX-8")
    with pytest.raises(Refusal) as refused:
        finance.came("1500.00", "tx-8")
    assert refused.value.code is Code.RECEIPT_KNOWN
    assert finance.balance() == "12000.00"


def test_two_banks_may_use_one_reference(engine: Engine) -> None:
    """R160: by bank and reference; told apart only where both banks are named."""
    finance = Finance(engine)
    finance.came("1.00", "001", bank="工行")
    finance.came("2.00", "001", bank="ICBC")
    for bank in ("工行", "icbc", ""):
        with pytest.raises(Refusal):
            finance.came("1.00", "001", bank=bank)
    finance.came("3.00", "002")
    with pytest.raises(Refusal):
        finance.came("3.00", "002", bank="工行")


def test_of_ten_at_once_one_is_recorded(engine: Engine) -> None:
    """R160: on SQLite and on PostgreSQL; no number and no act of the others stays."""
    finance = Finance(engine)
    gate = threading.Barrier(10)

    def at_once(place: int) -> Code | None:
        gate.wait()
        return code_of(lambda: finance.came("12000.00", "TX-7", act=f"qian/once-{place}"))

    with ThreadPoolExecutor(10) as pool:
        answers = Counter(pool.map(at_once, range(10)))
    assert answers == {None: 1, Code.RECEIPT_KNOWN: 9}
    with reading(engine) as connection:
        assert len(receipts_where(connection)) == 1


def test_of_ten_at_once_the_balance_goes_to_one(engine: Engine) -> None:
    """R161: the last 2,300.00 are given once."""
    orders(engine, 10)
    finance = Finance(engine)
    found = finance.shares(finance.came("2300.00"))
    gate = threading.Barrier(10)

    def at_once(place: int) -> Code | None:
        gate.wait()
        return code_of(lambda: finance.moves(found, f"N-{place + 1}", "2300.00", act=f"qian/move-{place}"))

    with ThreadPoolExecutor(10) as pool:
        answers = Counter(pool.map(at_once, range(10)))
    assert answers == {None: 1, Code.ABOVE_RECEIPT: 9}
    assert (finance.balance(), str(finance.one(found.number).given)) == ("0.00", "2300.00")


def test_an_act_sent_again_is_the_same_act(engine: Engine) -> None:
    """R160: and the same id with other words is refused."""
    (first,) = orders(engine, 1)
    finance = Finance(engine)
    found = finance.came("12000.00", act="qian/a")
    assert finance.came("12000.00", act="qian/a").number == found.number
    finance.shares(found, act="qian/b", N_1="3500.00")
    assert len(finance.shares(found, act="qian/b", N_1="3500.00").parts) == 1
    finance.moves(found, "N-1", "100.00", act="qian/c")
    assert len(finance.moves(found, "N-1", "100.00", act="qian/c").parts) == 2
    with pytest.raises(Refusal) as refused:
        finance.moves(found, "N-1", "200.00", act="qian/c")
    assert refused.value.code is Code.FACT_CONFLICT
    hears_of_parts(first)
    assert (first.paid_in, finance.balance()) == ("3600.00", "8400.00")


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ({"N_1": "12000.01"}, Code.ABOVE_RECEIPT),
        ({"N_1": "1.00", "N_7": "1.00"}, Code.UNKNOWN_ORDER),
        ({"N_1": "1.00", "N_2": "1.00"}, Code.ORDER_ENDED),
        ({"N_1": "1.00", "N_3": "1.00"}, Code.OTHER_CUSTOMER),
    ],
)
def test_what_is_refused_changes_nothing(engine: Engine, amounts: dict[str, str], code: Code) -> None:
    """R160: no part, no fact, no act."""
    orders(engine, 3)
    rows = table("orders")
    with writing(engine) as connection:
        connection.execute(update(rows).where(rows.c.number == "N-2").values(ending="settled", ended_at=PAID))
        connection.execute(update(rows).where(rows.c.number == "N-3").values(customer="K-2"))
    finance = Finance(engine)
    with reading(engine) as connection:
        customer = connection.scalar(select(rows.c.customer).where(rows.c.number == "N-1"))
    found = finance.came("12000.00", customer=str(customer))
    with pytest.raises(Refusal) as refused:
        finance.shares(found, **amounts)
    assert refused.value.code is code
    assert finance.one(found.number).state is ReceiptState.UNALLOCATED
    with reading(engine) as connection:
        assert connection.execute(select(table("inbox"))).all() == []
        assert len(connection.execute(select(table("receipt_acts"))).all()) == 1


def test_a_receipt_that_bounces_is_told_to_every_order_that_has_some(engine: Engine) -> None:
    """R53, R160: also when one of the orders says so; its reference may come again."""
    first, second = orders(engine, 2)
    finance = Finance(engine)
    found = finance.shares(finance.came("12000.00"), N_1="3500.00", N_2="6200.00")
    hears_of_parts(first, second)
    for each in (first, second):
        each.life.later(days=1)
    first.does("payment_bounced", reference="TX-7", receipt_part=f"{found.number}/1")
    assert hears_of_parts(first, second) == [[], ["payment_bounced accepted"]]
    assert (first.paid_in, second.paid_in, finance.balance()) == ("0.00", "0.00", "0.00")
    assert finance.one(found.number).state is ReceiptState.FELL
    again = finance.came("12000.00")
    bounce_receipt(engine, again.number, ReasonSaid(reason="退票"), finance.teller())
    assert finance.balance() == "0.00"


def test_a_part_corrected_at_its_order_is_balance_again(engine: Engine) -> None:
    """R160"""
    first, _ = orders(engine, 2)
    finance = Finance(engine)
    found = finance.shares(finance.came("12000.00"), N_1="3500.00")
    hears_of_parts(first)
    first.does("payment_corrected", reference="TX-7", reason="分错订单")
    assert (first.paid_in, finance.balance()) == ("0.00", "12000.00")
    finance.moves(found, "N-2", "3500.00")
    assert finance.balance() == "8500.00"


def test_a_part_told_to_the_wrong_order_goes_on_and_keeps_its_time(engine: Engine) -> None:
    """R161: by a correction; both orders are worked out anew, the receipt stays whole."""
    first, second = orders(engine, 2)
    finance = Finance(engine)
    finance.shares(finance.came("3500.00"), N_1="3500.00")
    hears_of_parts(first)
    paid_at = first.life.order.ledger.payments[0].paid_at
    first.life.later(days=2)
    first.does(
        "money_transferred_out",
        reference="TX-7",
        to="N-2",
        amount="3500.00",
        wrong_order=True,
        reason="分错订单",
    )
    second.life.later(days=3)
    assert hears_of_parts(second) == [["money_transferred_in accepted"]]
    assert (first.paid_in, second.paid_in) == ("0.00", "3500.00")
    assert second.life.order.ledger.payments[0].paid_at == paid_at


def test_a_part_that_nobody_gave_counts_nothing(engine: Engine) -> None:
    """R160: naming a part makes no money."""
    first, second = orders(engine, 2)
    finance = Finance(engine)
    finance.shares(finance.came("3500.00"), N_1="3500.00")
    from models.dossier.records.recording import Claim

    with reading(engine) as connection:
        number = receipts_where(connection)[0].number
    for key in (f"part:{number}/1:3500.00", "part:M20260101-0009/1:1.00"):
        assert second.save(Claim(key=key, fact_id="f")).elsewhere == [key]
    assert first.save(Claim(key=f"part:{number}/1:3500.01", fact_id="f")).elsewhere != []
    assert first.save(Claim(key=f"part:{number}/1:3500.00", fact_id="f")).elsewhere == []


def test_a_cheque_is_given_to_orders_once_it_has_cleared(engine: Engine) -> None:
    """R160: it counts from then."""
    (first,) = orders(engine, 1)
    finance = Finance(engine)
    found = finance.came("500.00", "C-1", method=PaymentMethod.CHEQUE)
    assert finance.balance() == "0.00"
    with pytest.raises(Refusal) as refused:
        finance.shares(found, N_1="500.00")
    assert refused.value.code is Code.NOT_CLEARED
    clear_cheque(engine, found.number, finance.teller())
    finance.shares(found, N_1="500.00")
    assert hears_of_parts(first) == [["payment_received accepted"]]
    assert first.paid_in == "500.00"


def test_balance_is_paid_back_and_a_wrong_record_is_struck(engine: Engine) -> None:
    """R160"""
    finance = Finance(engine)
    found = finance.shares(finance.came("500.00", customer="K-0"))
    refund_balance(
        engine, found.number, BalanceRefunded(amount=Decimal("200.00"), reason="客户要求"), finance.teller()
    )
    assert str(finance.one(found.number).rest) == "300.00"
    with pytest.raises(Refusal) as refused:
        correct_receipt(engine, found.number, ReasonSaid(reason="记错"), finance.teller())
    assert refused.value.code is Code.MONEY_BOUND
    other = finance.came("500.00", "TX-8", customer="K-0")
    correct_receipt(engine, other.number, ReasonSaid(reason="记错客户"), finance.teller())
    assert finance.came("500.00", "TX-8", customer="K-2").customer == "K-2"


def test_a_part_whose_order_ended_first_comes_back_and_no_other(engine: Engine) -> None:
    """R160"""
    first, second = orders(engine, 2)
    finance = Finance(engine)
    found = finance.shares(finance.came("1000.00"), N_1="400.00", N_2="500.00")
    part = ReasonSaid(reason="订单已终结", part=f"{found.number}/1")
    with pytest.raises(Refusal) as refused:
        take_part_back(engine, found.number, part, finance.teller())
    assert refused.value.code is Code.MONEY_BOUND
    first.does("cancellation_requested", reason="不要了")
    assert not first.life.order.lives
    take_part_back(engine, found.number, part, finance.teller())
    hears_of_parts(second)
    with pytest.raises(Refusal):
        take_part_back(
            engine, found.number, ReasonSaid(reason="订单已终结", part=f"{found.number}/2"), finance.teller()
        )
    assert finance.balance() == "500.00"


def test_a_half_that_a_backup_lost_is_told_again_and_counts_once(engine: Engine) -> None:
    """R161"""
    first, second = orders(engine, 2)
    finance = Finance(engine)
    finance.shares(finance.came("1000.00"), N_1="400.00", N_2="500.00")
    hears_of_parts(first)
    with writing(engine) as connection:
        connection.execute(delete(table("inbox")))
        assert [each.order for each in mend_parts(connection)] == ["N-2"]
        assert mend_parts(connection) == []
    assert hears_of_parts(first, second) == [[], ["payment_received accepted"]]
    assert (first.paid_in, second.paid_in) == ("400.00", "500.00")


def test_what_orders_owe_is_proposed(engine: Engine) -> None:
    """R160: the deposit that is missing before what is open."""
    first, _ = orders(engine, 2)
    with reading(engine) as connection:
        owed = owing_orders(connection, first.life.order.customer.customer)
    assert [each.number for each in owed] == ["N-1", "N-2"]
    found = proposed(owed[0].due + owed[1].due, owed)
    assert (found.by.value, str(found.rest)) == ("exact_sum", "0.00")


def test_the_statement_has_the_receipt_once_and_the_balance_beside_it(engine: Engine) -> None:
    """R160: money counts on the account from the day on which it came, whichever order gets it when."""
    first, second = orders(engine, 2)
    finance = Finance(engine)
    found = finance.shares(finance.came("12000.00"), N_1="3500.00")
    hears_of_parts(first)
    day = PAID.date()
    account = account_of(engine, finance.customer(), day, day)
    assert (str(account.statement.received), str(account.set_aside)) == ("12000.00", "8500.00")
    assert str(account.today) == "-12000.00"
    assert [each.number for each in account.receipts] == [found.number]
    finance.moves(found, "N-2", "6200.00")
    hears_of_parts(second)
    refund_balance(
        engine, found.number, BalanceRefunded(amount=Decimal("300.00"), reason="客户要求"), finance.teller()
    )
    account = account_of(engine, finance.customer(), day, day + timedelta(days=1))
    assert (str(account.statement.received), str(account.set_aside)) == ("11700.00", "2000.00")
    assert str(account.today) == "-11700.00"
    for each in (first, second):
        each.life.later(days=1)
    bounce_receipt(engine, found.number, ReasonSaid(reason="退票"), finance.teller())
    hears_of_parts(first, second)
    account = account_of(engine, finance.customer(), day, day + timedelta(days=9))
    assert (str(account.statement.received), str(account.set_aside)) == ("-300.00", "-300.00")
    assert (str(account.today), finance.balance()) == ("300.00", "0.00")


def test_what_an_order_was_paid_too_much_is_balance_that_can_move(engine: Engine) -> None:
    """R53, R161: kept as credit at the order, given to another one by finance, once, from the decision on."""
    first, second = orders(engine, 2)
    finance = Finance(engine)
    first.life.order.ledger.credited = Decimal("230.00")
    first.save()
    first.does("contact_logged", channel="phone", words="来电")
    assert finance.balance() == "230.00"
    pot = finance.one("VN-1")
    finance.moves(pot, "N-2", "230.00")
    assert hears_of_parts(second) == [["payment_received accepted"]]
    assert (second.paid_in, finance.balance()) == ("230.00", "0.00")


def test_a_surplus_stays_with_its_customer_and_goes_to_a_living_order(engine: Engine) -> None:
    """R161: only what was told to the wrong order may be another customer's; looked at before it is told."""
    orders(engine, 4)
    rows = table("orders")
    with writing(engine) as connection:
        connection.execute(update(rows).where(rows.c.number == "N-2").values(ending="settled", ended_at=PAID))
        connection.execute(update(rows).where(rows.c.number == "N-3").values(customer="K-2"))

    def asked(to: str, *, wrong_order: bool = False) -> Code | None:
        return code_of(lambda: require_transferable(engine, "N-1", to, wrong_order=wrong_order))

    assert asked("N-4") is None
    assert asked("N-2") is Code.ORDER_ENDED
    assert asked("N-3") is Code.OTHER_CUSTOMER
    assert asked("N-3", wrong_order=True) is None
    assert asked("N-9") is Code.UNKNOWN_ORDER
    assert asked("N-2", wrong_order=True) is Code.ORDER_ENDED
