"""Who is told what, by which rule and in which words: each paper and notice once, by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.decisions import Subject
from models.journal import EntryKind
from models.vocabulary import Role
from tests.models.life import MONDAY, SIGNER, Life, line

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
        "the goods have arrived; please pay and collect",
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
