"""Who is told what, by which rule and in which words: each paper and notice once, by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.reports.balance_reminder import OpenBalance, ReminderPolicy, letters
from models.values.vocabulary import Role
from tests.models.life import MONDAY, SIGNER, Life, heard, line

BOTH = "customer salesperson"


def guaranteed() -> Life:
    """A small order that the salesperson stands for."""
    life = Life(lines=[line(1, quantity="100")]).verified()
    return life.decide(Subject.SMALL_ORDER, "guaranteed", assessment="老客户")


def released() -> Life:
    """Paid in full and released."""
    return Life().in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")


def dead() -> Life:
    """Not collected for fifteen days."""
    return Life().arrived().later(days=16)


def extended() -> Life:
    """A day more for the details."""
    due = MONDAY.replace(day=4).isoformat()
    return Life(packing="").does(
        "extension_given", role=Role.SERVICE_CLERK, step="details", due=due, reason="出差"
    )


CASES: list[tuple[str, Callable[[], Life], str, str, str]] = [
    ("receipt", Life, "R10", BOTH, "order 20270301-0001 was taken in"),
    ("waiting_time", Life, "R13", BOTH, "the confirmation sheet takes up to 56 hours"),
    (
        "question",
        lambda: Life(packing="", consignee=""),
        "R12",
        "salesperson service_clerk",
        "please complete or clarify: consignee, packing",
    ),
    (
        "price_difference",
        lambda: Life(listed={"list_price": "4.50"}),
        "R20",
        "salesperson service_supervisor marketing_director",
        "line 1: price 5.00 differs from 4.50",
    ),
    (
        "apology",
        lambda: Life().decide(Subject.TECHNICAL, "not_producible", alternatives="TP-79"),
        "R22",
        "salesperson customer",
        "line 1 cannot be made, with apologies; offered: TP-79",
    ),
    (
        "confirmation_sheet",
        lambda: Life().verified(),
        "R30",
        BOTH,
        "confirmation sheet version 1, total CNY 5000.00, promised 2027-03-06",
    ),
    (
        "sheet_again",
        lambda: Life().verified().sheet_out().does("confirmation_returned", version=1, signed_by=""),
        "R31",
        BOTH,
        "sheet version 1 came back faulty: not signed; please return it again",
    ),
    (
        "new_promise",
        lambda: Life().verified().sheet_out().later(days=1),
        "R34",
        BOTH,
        "the promised date moves from 2027-03-06 to 2027-03-07 (customer's sheet not back)",
    ),
    (
        "guarantee",
        guaranteed,
        "R38",
        "marketing_director",
        "salesperson-1 guarantees the shipment; for the director's information",
    ),
    (
        "production_instruction",
        lambda: Life().confirmed(),
        "R40",
        "production technical service_clerk",
        "production instruction version 1, due 2027-03-06",
    ),
    (
        "exception_notice",
        lambda: Life().in_production().does("production_exception", exception="P", reason="停电"),
        "R42",
        "service_clerk salesperson service_supervisor marketing_director",
        "exception: 停电",
    ),
    (
        "finished_notice",
        lambda: Life().in_warehouse(),
        "R50",
        "salesperson",
        "goods are in the warehouse; please tell the customer",
    ),
    ("balance_notice", lambda: Life().in_warehouse(), "R51", BOTH, "balance notice: CNY 3500.00 is due"),
    ("payment_notice", lambda: Life().paid("7.00"), "R53", "salesperson", "payment of CNY 7.00 is confirmed"),
    ("shipping_notice", released, "R70", "service_clerk shipper", "shipping notice for release 1"),
    ("delivery_note", lambda: Life().shipped(), "R71", "shipper", "delivery note for release 1"),
    (
        "shipment_notice",
        lambda: Life().shipped(),
        "R72",
        BOTH,
        "shipment notice: 德邦物流 DB-1, expected -",
    ),
    (
        "transit_notice",
        lambda: Life().shipped().does("transit_reported", condition="damaged", words="箱破"),
        "R74",
        BOTH,
        "in transit: damaged 箱破",
    ),
    (
        "arrival_notice",
        lambda: Life().arrived(),
        "R75",
        BOTH,
        "the goods have arrived; please collect",
    ),
    (
        "collect_reminder",
        lambda: Life().arrived().later(days=7),
        "R76",
        BOTH,
        "arrived 7 days ago; uncollected goods are recalled after 15 days",
    ),
    (
        "recall_notice",
        dead,
        "R76",
        "logistics salesperson customer",
        "dead order, being recalled; freight carried by the company",
    ),
    (
        "recall_called_off",
        lambda: dead().does("delivery_receipt", signed_by=SIGNER),
        "R77",
        "logistics salesperson",
        "the customer collected; the recall is called off",
    ),
    (
        "service_begins",
        lambda: Life().arrived().does("delivery_receipt", signed_by=SIGNER),
        "R78",
        BOTH,
        "delivered; product-use service begins",
    ),
    (
        "overdue_notice",
        lambda: Life(packing="").later(days=1),
        "R13",
        "salesperson service_clerk",
        "overdue: complete or clarify: packing",
    ),
    (
        "extension_notice",
        extended,
        "R13",
        "customer",
        "the time limit is extended to 2027-03-04 09:00: 出差",
    ),
    (
        "hanging_notice",
        lambda: Life().later(days=15),
        "R19",
        "salesperson",
        "hanging order: nothing for 15 days",
    ),
    (
        "cancellation_notice",
        lambda: Life().does("cancellation_requested", reason="不要了"),
        "R84",
        "customer salesperson production",
        "the order is cancelled: 不要了",
    ),
]


@pytest.mark.parametrize(("paper", "life", "rule", "roles", "words"), CASES, ids=[case[0] for case in CASES])
def test_who_is_told_what(paper: str, life: Callable[[], Life], rule: str, roles: str, words: str) -> None:
    due = [each for each in life().order.unsent if each.paper.value == paper]
    assert len(due) == 1
    assert [role.value for role in due[0].to] == roles.split()
    assert (due[0].rule, due[0].en) == (rule, words)
    assert due[0].zh
    assert due[0].identity.startswith(f"{paper}:")


def test_what_is_due_stands_in_the_journal_as_well_once() -> None:
    """With the same words, the same people and the number of its entry."""
    life = Life().arrived().later(days=7)
    entries = {entry.subject: entry for entry in life.entries(EntryKind.INTENTION)}
    assert list(entries) == [each.identity for each in life.order.unsent]
    for each in life.order.unsent:
        entry = entries[each.identity]
        assert entry.data["to"] == [role.value for role in each.to]
        assert (entry.sequence, entry.rule, entry.recorded_at) == (each.sequence, each.rule, each.created_at)
        assert (entry.data["zh"], entry.data["en"]) == (each.zh, each.en)


def test_each_version_and_each_day_is_told_and_none_twice() -> None:
    life = Life().verified().sheet_out().later(days=2)
    change: dict[str, Any] = {"lines": [{"line": 1, "quantity": "1200"}]}
    life.does("amendment_requested", changes=change, reason="x").verified(9)
    identities = [each.identity for each in life.order.unsent]
    assert len(identities) == len(set(identities))
    assert [each for each in identities if each.startswith("confirmation_sheet")] == [
        "confirmation_sheet:1",
        "confirmation_sheet:2",
    ]
    assert [each for each in identities if each.startswith("new_promise")] == [
        "new_promise:2",
        "new_promise:3",
        "new_promise:4",
    ]


def test_a_guarantor_is_named_by_id_and_read_by_name() -> None:
    """R38: who hears of it reads the person's name; the journal keeps the id."""
    (notice,) = [each for each in guaranteed().order.unsent if each.paper.value == "guarantee"]
    assert notice.named == ("salesperson-1",)


def test_a_later_promise_is_told_in_the_words_of_the_last_who_agreed() -> None:
    """R24: clerk and salesperson agree; the later of their dates counts."""
    life = Life().verified()
    for role, promised, words in (
        (Role.SERVICE_CLERK, "2027-03-08", "客户不急"),
        (Role.SALESPERSON, "2027-03-09", "已谈妥"),
    ):
        heard(life.answer(Subject.LATER_PROMISE, "confirm", role=role, promised=promised, words=words))
    change = life.order.promise.history[-1]
    assert (str(change.promised_to), str(change.production_due_to), str(change.ship_date_to)) == (
        "2027-03-09",
        "2027-03-06",
        "2027-03-09",
    )
    assert (change.reason, change.by, change.cause.value) == ("已谈妥", "salesperson-1", "later_agreed")


def test_each_level_of_the_reminders_tells_more_people() -> None:
    """R51: customer and salesperson, then finance, then the supervisor as well."""
    assert [(level.day, [role.value for role in level.told]) for level in ReminderPolicy().levels] == [
        (3, ["customer", "salesperson"]),
        (7, ["customer", "salesperson", "finance"]),
        (14, ["customer", "salesperson", "finance", "sales_supervisor"]),
    ]


def test_what_stands_on_a_reminder() -> None:
    """R51: everything that is open, the letter's own level and the sum in capitals."""
    balance = OpenBalance(
        order="20270301-0001",
        customer="K-1",
        customer_name="红枫包装",
        salesperson="li",
        amount=Decimal("1234.50"),
        since=date(2027, 3, 1),
    )
    (letter,) = letters([balance], date(2027, 3, 4), ReminderPolicy())
    assert letter.content() == {
        "number": "20270301-0001",
        "made_at": "2027-03-04",
        "customer": "红枫包装",
        "salesperson": "li",
        "level": {"zh": "余款提醒", "en": "reminder"},
        "urgency": "1",
        "total": {"figures": "1,234.50", "capitals": "壹仟贰佰叁拾肆元伍角整"},
        "balances": [
            {"order": "20270301-0001", "since": "2027-03-01", "amount": "1,234.50", "broken": False}
        ],
    }


def test_the_balance_notice_names_bill_payment_and_rest() -> None:
    """R45, R51: from what passed, payable within a week."""
    (notice,) = [
        each for each in Life().in_warehouse("980").order.unsent if each.paper.value == "balance_notice"
    ]
    assert notice.content is not None
    figures = {name: notice.content[name]["figures"] for name in ("bill", "paid", "balance")}
    assert figures == {"bill": "4,900.00", "paid": "1,500.00", "balance": "3,400.00"}
    assert notice.content["pay_by"] == "2027-03-08"
