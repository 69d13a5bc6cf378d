"""Where money of receipts does not go: to another customer, away with kept credit, behind an id, off a list (R53, R160, R161)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, select

from activities.audit.lost_halves import lost_halves
from activities.company.statements import account_of
from activities.facts.desk_steps import open_desk_steps
from activities.money.house_receipts import bounce_receipt, correct_receipt
from activities.money.receipt_lists import ReceiptsShown, count_receipts, count_waiting, find_receipts
from activities.money.receipt_store import balance_of, keep_receipt
from activities.money.transfers_asked import require_own_id
from activities.store.database import reading, writing
from models.messages.money_contents import MoneyTransferredOut
from models.money.house_receipt import HouseReceipt
from models.money.receipt_terms import ReasonSaid, ReceiptState
from models.reports.desk_steps import DeskStepKind
from models.tables.registry import table
from models.values.errors import Code
from models.values.vocabulary import Ending, PaymentMethod, Role
from tests.activities.test_house_receipts import PAID, Finance, code_of, hears_of_parts, orders


def test_told_to_an_order_of_another_customer_it_is_not_given(engine: Engine) -> None:
    """R161: K-2's order gets nothing of K-1's receipt; corrected and recorded for K-2 it does."""
    (other,) = orders(engine, 1)
    other.life.order.customer = other.life.order.customer.model_copy(update={"customer": "K-2"})
    other.save()
    finance = Finance(engine)
    found = finance.came("12000.00", customer="K-1")
    other.paid("3500.00", "TX-7")
    other.does("second_telling_settled", reference="TX-7", outcome="move")
    other.save()
    (step,) = open_desk_steps(engine)
    assert (step.kind, step.roles, step.rule) == (DeskStepKind.RECEIPT_NOT_GIVEN, (Role.FINANCE,), "R161")
    assert "K-1" in step.zh
    assert (hears_of_parts(other), other.paid_in) == ([[]], "0.00")
    with reading(engine) as connection:
        assert connection.execute(select(table("receipt_parts"))).all() == []
        assert str(balance_of(connection, "K-1")) == "12000.00"
    correct_receipt(engine, found.number, ReasonSaid(reason="记错客户"), finance.teller())
    finance.shares(finance.came("12000.00", customer="K-2"), N_1="3500.00")
    assert (hears_of_parts(other), other.paid_in) == ([["payment_received accepted"]], "3500.00")


def test_told_to_an_order_that_then_ended_it_is_not_given(engine: Engine) -> None:
    """R160: its telling and its end may come in one burst."""
    (first,) = orders(engine, 1)
    finance = Finance(engine)
    finance.came("12000.00")
    first.paid("3500.00", "TX-7")
    first.life.does("second_telling_settled", reference="TX-7", outcome="move")
    first.life.order.ending = Ending.CLOSED_HANGING
    first.save()
    assert [step.kind for step in open_desk_steps(engine)] == [DeskStepKind.RECEIPT_NOT_GIVEN]
    assert finance.balance() == "12000.00"


def test_a_receipt_that_bounces_after_a_part_was_moved_on_is_owed_once(engine: Engine) -> None:
    """R53, R160: 3,000.00 of it went from one order to another; the statement and the balance agree before that one
    hears of it and after."""
    first, second = orders(engine, 2)
    finance = Finance(engine)
    found = finance.shares(finance.came("10000.00"), N_1="10000.00")
    hears_of_parts(first)
    for each in (first, second):
        each.life.later(days=1)
    said = {"to": "N-2", "amount": "3000.00", "wrong_order": True, "reason": "分错订单"}
    first.does("money_transferred_out", reference="TX-7", **said)
    hears_of_parts(second)
    for each in (first, second):
        each.life.later(days=1)
    bounce_receipt(engine, found.number, ReasonSaid(reason="退票"), finance.teller())
    assert hears_of_parts(first) == [["payment_bounced accepted"]]

    def stands() -> tuple[str, str, str]:
        account = account_of(engine, finance.customer(), PAID.date(), PAID.date() + timedelta(days=9))
        assert account.statement.closing == account.today
        return str(account.statement.closing), str(account.set_aside), finance.balance()

    assert stands() == ("-3000.00", "0.00", "0.00")
    second.does("payment_bounced", reference="TX-7")
    assert stands() == ("0.00", "0.00", "0.00")
    assert (first.paid_in, second.paid_in) == ("0.00", "0.00")


def test_kept_credit_that_an_order_says_bounced_is_balance_again(engine: Engine) -> None:
    """R53, R161: and by itself it neither bounces nor is struck; what another order has of it stays there."""
    first, second, third = orders(engine, 3)
    finance = Finance(engine)
    first.life.order.ledger.credited = Decimal("230.00")
    first.save()
    first.does("contact_logged", channel="phone", words="来电")
    pot = finance.one("VN-1")
    for act in (bounce_receipt, correct_receipt):
        said = ReasonSaid(reason="退票")
        assert code_of(partial(act, engine, pot.number, said, finance.teller())) is Code.MONEY_BOUND
    finance.moves(pot, "N-2", "200.00")
    finance.moves(pot, "N-3", "20.00")
    hears_of_parts(second, third)
    second.life.later(days=1)
    second.does("payment_bounced", reference="N-1", receipt_part="VN-1/1")
    assert (second.paid_in, third.paid_in, finance.balance()) == ("0.00", "20.00", "210.00")
    assert hears_of_parts(third) == [[]]
    assert finance.one(pot.number).state is ReceiptState.BALANCE


def test_an_order_with_kept_credit_is_recorded_without_a_search(engine: Engine) -> None:
    """R161: each of its bursts asks for the credit that is known, by the number of the receipt."""
    (first,) = orders(engine, 1)
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM house_receipts" in statement or statement.startswith("UPDATE house_receipts"):
            asked.append(" ".join(statement.partition("WHERE")[2].split()))

    event.listen(engine, "before_cursor_execute", note)
    for credited in ("230.00", "230.00", "260.00"):
        first.life.order.ledger.credited = Decimal(credited)
        first.does("contact_logged", channel="phone", words="来电")
        first.rows = {}
    event.remove(engine, "before_cursor_execute", note)
    assert str(Finance(engine).one("VN-1").amount) == "260.00"
    assert len(asked) >= 3
    assert all(each.startswith("house_receipts.number = ") for each in asked), asked


def test_of_more_than_a_list_shows_the_oldest_wait_first(engine: Engine) -> None:
    """R160: whoever works through it meets each receipt; lists of others show the newest."""
    finance = Finance(engine)
    said = {
        "customer": "K-0",
        "customer_name": "红枫",
        "method": PaymentMethod.BANK,
        "by": "qian",
        "at": PAID,
    }
    with writing(engine) as connection:
        for day in range(101):
            at = PAID + timedelta(days=day)
            keep_receipt(
                connection,
                HouseReceipt.model_validate(
                    said | {"number": f"M-{day:03}", "amount": "1.00", "reference": f"TX-{day}", "paid_at": at, "cleared_at": at}
                ),
            )  # fmt: skip
    waiting, every = ReceiptsShown.WAITING, ReceiptsShown.ALL
    found = [each.number for each in find_receipts(engine, show=waiting)]
    assert (found[0], found[-1], len(found)) == ("M-000", "M-099", 100)
    newest = [each.number for each in find_receipts(engine, show=every)]
    assert (newest[0], newest[-1], len(newest)) == ("M-100", "M-001", 100)
    assert [each.number for each in find_receipts(engine, "K-0", waiting, most=2)] == ["M-000", "M-001"]
    finance.shares(finance.one("M-000"))
    assert next(each.number for each in find_receipts(engine, show=waiting)) == "M-001"
    assert (count_receipts(engine, show=waiting), count_receipts(engine), count_waiting(engine)) == (
        100,
        101,
        100,
    )
    assert (count_receipts(engine, "TX-7"), count_receipts(engine, "TX-X")) == (1, 0)


def test_a_half_of_another_order_under_the_same_name_hides_no_lost_one(engine: Engine) -> None:
    """R53, R161: an id that was used twice before it was refused: who was not told is found, and told."""
    first, second, third, fourth = orders(engine, 4)
    for giver, reference, to in ((first, "TX-7", "N-3"), (second, "TX-8", "N-4")):
        giver.paid("1500.00", reference)
        said = {"wrong_order": True, "reason": "记错", "transfer": "T-1"}
        giver.does("money_transferred_out", reference=reference, to=to, **said)
    assert third.hears() == ["money_transferred_in accepted"]
    inbox = table("inbox")
    with writing(engine) as connection:
        connection.execute(delete(inbox).where(inbox.c.order_number == "N-4"))
    assert lost_halves(engine, mend=False) == [("T-1", "N-4")]
    assert lost_halves(engine, mend=True) == [("T-1", "N-4")]
    assert lost_halves(engine, mend=False) == []
    assert fourth.hears() == ["money_transferred_in accepted"]
    assert (third.paid_in, fourth.paid_in) == ("1500.00", "1500.00")


@pytest.mark.parametrize(
    ("fact_id", "said", "code"),
    [
        ("qian/1", {"to": "N-2", "transfer": "T1"}, Code.CONTRADICTION),
        ("transfer/T1/out", {"to": "N-2", "transfer": "T1"}, Code.CONTRADICTION),
        ("qian/1", {"transfer": "T1"}, Code.NOT_ASKED),
        ("transfer/T2/out", {"transfer": "T1"}, Code.NOT_ASKED),
        ("transfer/T1/out", {"transfer": "T1"}, None),
        ("qian/1", {"to": "N-2"}, None),
    ],
)
def test_the_id_of_a_transfer_is_the_houses_own_word(
    fact_id: str, said: dict[str, str], code: Code | None
) -> None:
    """R161: told by a person it could hide where the money went."""
    content = MoneyTransferredOut.model_validate({"reference": "TX-7", "reason": "客户要求", **said})
    assert code_of(lambda: require_own_id(fact_id, content)) is code
