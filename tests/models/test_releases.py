"""A release is an answer about figures: when it falls, what falls with it, what stays (R52, R53, R60, R61, R70, R83, R84)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.order.goods import Release, Withdrawal
from models.order.projection import rows_of
from models.values.vocabulary import Ending, PhaseName, Role
from tests.models.life import Life, line, refused


def released(paid: str = "3500.00", **changes: Any) -> Life:
    """Paid and released, the shipping notice issued, the goods still here."""
    life = Life(**changes).in_warehouse().paid(paid, "TX-B").decide(Subject.FINANCE_RELEASE, "release")
    return noticed(life)


def noticed(life: Life, **content: Any) -> Life:
    """The clerk issues the shipping notice."""
    request = life.order.request
    names = {"address": request.address, "consignee": request.consignee, "contact": request.contact}
    content = {"document": "shipping_notice", "reference": "FH", **names, **content}
    return life.does("document_supplied", role=Role.SERVICE_CLERK, **content)


def amended(life: Life, **changes: Any) -> Life:
    """An amendment to which production agrees."""
    life.does("amendment_requested", changes=changes, reason="客户要求")
    if Subject.DROPPED_GOODS.value in life.order.asked:  # goods are made that nobody wants any more
        life.decide(Subject.DROPPED_GOODS, "approve")
    return life.decide(Subject.AMENDMENT, "approve")


def dearer(life: Life) -> Life:
    """5.00 becomes 8.00, and everybody agrees to everything."""
    amended(life, lines=[{"line": 1, "unit_price": "8.00"}])
    life.decide(Subject.PRICE, "settled", unit_price="8.00", line=1).decide(Subject.APPROVAL, "approve")
    life.sheet_out(2).signed(2).decide(Subject.THREE_PARTY, "confirm")
    return life.does("production_signed", version=2, clerk="service_clerk-1")


def the_last(life: Life) -> Release:
    """The release that was taken back last."""
    return life.order.withdrawn[-1]


def told(life: Life, paper: Paper) -> list[tuple[set[str], str, str]]:
    """Who heard of a paper, and in which words."""
    return [
        ({r.value for r in each.to}, each.zh, each.en) for each in life.order.unsent if each.paper is paper
    ]


# --- what it says -----------------------------------------------------------------------------------------------------


def test_a_release_states_the_figures_that_it_was_granted_on() -> None:
    """R52: bill, open balance, version and quantities; so do its paper and its row."""
    life = Life().in_warehouse().paid("3100.00")
    life.decide(Subject.FINANCE_RELEASE, "release", collection="on_credit")
    (release,) = life.order.releases
    assert (str(release.bill), str(release.balance), str(release.paid)) == ("5000.00", "400.00", "4600.00")
    assert release.quantities == {1: 1000}
    (notice,) = [each for each in life.order.unsent if each.paper is Paper.SHIPPING]
    assert notice.content is not None
    granted = notice.content["granted_on"]
    assert (granted["version"], granted["bill"]["figures"], granted["open"]["figures"]) == (
        "1",
        "5,000.00",
        "400.00",
    )
    (row,) = [row.values for row in rows_of(life.order) if row.table == "releases"]
    assert (row["bill"], row["balance"], row["version"]) == ("5000.00", "400.00", 1)


def test_paid_too_much_the_bill_is_still_the_bill() -> None:
    life = Life().in_warehouse().paid("3600.00").decide(Subject.FINANCE_RELEASE, "release")
    assert (str(life.order.releases[0].bill), str(life.order.releases[0].balance)) == ("5000.00", "0.00")


# --- it falls when the open balance rises --------------------------------------------------------------------------------


def test_a_release_does_not_survive_a_price_rise() -> None:
    """R60, R61, R83: 5,000 paid and released, then 8,000 are owed: balance notice, director, finance, anew."""
    life = dearer(released())
    assert life.order.releases == []
    assert str(life.order.open_balance) == "3000.00"
    assert {"balance", "decision:balance_release", "decision:finance_release"} <= life.waiting
    assert life.order.phase is PhaseName.CLEARANCE
    assert not any(step.startswith(("shipping_notice", "transport", "ship:")) for step in life.waiting)
    assert "balance notice: CNY 3000.00 is due" in life.papers("balance_notice")
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases == []
    life.decide(Subject.BALANCE_RELEASE, "on_credit")
    (release,) = life.order.releases
    assert (release.ground, str(release.balance), str(release.bill)) == ("director", "3000.00", "8000.00")


def test_goods_that_leave_after_a_price_rise_left_without_release() -> None:
    """R61: they are gone all the same; the 3,000 are asked for, and the order can end."""
    life = dearer(released()).does("shipped", carrier="德邦物流")
    (liability,) = life.entries(EntryKind.LIABILITY)
    assert liability.data["faults"] == ["withdrawn"]
    assert liability.data["open_balance"] == "3000.00"
    assert life.order.steps["balance"].blocking is False
    life.does("exception_resolved", exception="shipment-1-without-right", resolution="追款")
    life.does("delivery_receipt", signed_by="王芳")
    assert "account_balance" in life.waiting
    life.paid("3000.00")
    assert life.order.ending is Ending.SETTLED


def bounced(life: Life) -> Life:
    """What was paid is not there."""
    return life.does("payment_bounced", reference="TX-B")


def more_came(life: Life) -> Life:
    """The rest of the goods enters the warehouse: more is owed than when the first lot was released."""
    return life.made("600", lot="2").passed("600", lot="2")


def first_lot() -> Life:
    """400 of 1000 are paid and released, and still here."""
    life = Life(partial_delivery=True).in_production().made("400", finished=False).passed("400")
    return noticed(life.paid("500.00", "TX-B").decide(Subject.FINANCE_RELEASE, "release"))


def a_surplus(life: Life) -> Life:
    """A hundred more than ordered."""
    return life.made("100", lot="2").passed("100", lot="2")


RISES: dict[str, tuple[Callable[[], Life], Callable[[Life], Life], str, str]] = {
    "a payment bounced": (released, bounced, "R53", "3500.00"),
    "more goods": (first_lot, more_came, "R61", "3000.00"),
    "a surplus": (lambda: released(partial_delivery=True), a_surplus, "R61", "500.00"),
}


@pytest.mark.parametrize("name", sorted(RISES))
def test_it_falls_when_the_open_balance_rises_for_whatever_reason(name: str) -> None:
    """R52, R53, R61: with its notice, its reason on record, and everybody told who acts on it."""
    before, happens, rule, balance = RISES[name]
    life = happens(before())
    assert life.order.releases == []
    assert the_last(life).withdrawal is Withdrawal.BALANCE
    (entry,) = life.entries(EntryKind.VOIDED, "release:")
    assert (entry.rule, entry.data["because"], entry.data["balance"]) == (rule, "balance", balance)
    (notice,) = told(life, Paper.RELEASE_WITHDRAWN)
    assert notice[0] == {"finance", "service_clerk", "salesperson", "material_controller", "shipper"}
    assert notice[2].endswith(f"the open balance rose from CNY 0.00 to CNY {balance}")
    assert "balance" in life.waiting
    (row,) = [row.values for row in rows_of(life.order) if row.table == "releases"]
    assert row["withdrawal"] == "balance"


def test_the_same_figures_again_are_a_new_question() -> None:
    """R52: what was answered before it fell is not an answer for the next release."""
    life = bounced(released()).paid("3500.00", "TX-C")
    assert "decision:finance_release" in life.waiting
    noticed_before = life.now
    life.later(hours=1).decide(Subject.FINANCE_RELEASE, "release")
    (release,) = life.order.releases
    assert release.notice_at is None
    assert "shipping_notice:1" in life.waiting
    stale = life.tell(
        "document_supplied",
        role=Role.SERVICE_CLERK,
        document="shipping_notice",
        reference="FH",
        happened=noticed_before,
    )
    refused(stale, "contradiction")
    noticed(life)
    assert [
        each.content["release"] for each in life.order.unsent if each.paper is Paper.SHIPPING and each.content
    ] == ["1", "1/2"]
    assert len(told(life, Paper.DELIVERY_NOTE)) == 2


def test_also_while_the_sheet_is_with_the_customer_a_bounce_takes_the_answer_back() -> None:
    """R52: the same figures when the order comes back to clearance are a new question all the same."""
    life = bounced(amended(released(), address="别处")).paid("3500.00", "TX-C")
    life.sheet_out(2).signed(2).decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=2, clerk="service_clerk-1")
    assert life.order.releases == []
    assert "decision:finance_release" in life.waiting


@pytest.mark.parametrize("paid", ["1000.00", "3000.00"])
def test_it_stands_while_no_more_is_open_than_it_was_granted_on(paid: str) -> None:
    """R61: the director agreed to 3,500; less is open, then again as much."""
    life = Life().in_warehouse().decide(Subject.BALANCE_RELEASE, "on_credit")
    life.decide(Subject.FINANCE_RELEASE, "release").paid(paid, "TX-B")
    assert bounced(life).order.releases[0].balance == life.order.open_balance
    assert life.order.withdrawn == []


def test_what_rests_on_a_contract_stands_whatever_is_open() -> None:
    """R50: class A, on account."""
    life = Life(customer={"customer_class": "A"}, payment_terms="on_account").verified().sheet_out()
    life.paid("5000.00", "TX-B").does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    assert bounced(life).order.withdrawn == []
    assert len(life.order.releases) == 1


def test_what_has_left_stays_as_it_left() -> None:
    """R61: only the rest of a release is taken back."""
    life = (
        released().does("transport_arranged", carrier="德邦物流", method="freight").does("shipping_read_back")
    )
    life.does("shipped", carrier="德邦物流", items=[{"line": 1, "quantity": "400"}])
    bounced(life)
    (release,) = life.order.releases
    assert (release.quantities, release.outstanding) == ({1: 400}, {})
    assert the_last(life).outstanding == {1: 600}
    assert not life.entries(EntryKind.LIABILITY)
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    assert [(r.number, r.quantities) for r in life.order.releases] == [(1, {1: 400}), (2, {1: 600})]


# --- it falls with the version, and with the order -------------------------------------------------------------------------

COUNTING: dict[str, dict[str, Any]] = {
    "packing": {"packing": "散装"},
    "payment_terms": {"payment_terms": "prepaid"},
    "delivery_method": {"delivery_method": "courier"},
    "freight_terms": {"freight_terms": "buyer_pays"},
    "cheaper": {"lines": [{"line": 1, "unit_price": "4.00"}]},
    "less": {"lines": [{"line": 1, "quantity": "900"}]},
    "tolerance": {"lines": [{"line": 1, "tolerance_percent": "6"}]},
    "special_requirements": {"special_requirements": "防潮"},
    "with an address": {"address": "别处", "packing": "散装"},
}


@pytest.mark.parametrize("name", sorted(COUNTING))
def test_it_falls_when_the_version_is_amended_in_what_counts(name: str) -> None:
    """R83: also where the balance does not rise."""
    life = amended(released(), **COUNTING[name])
    assert life.order.releases == []
    assert (the_last(life).withdrawal, the_last(life).version) == (Withdrawal.VERSION, 1)
    assert life.order.decision(Subject.FINANCE_RELEASE) is None
    assert told(life, Paper.RELEASE_WITHDRAWN)[0][1].endswith("订单已变更为第2版")


def test_an_answer_that_waits_for_the_other_falls_with_the_version_too() -> None:
    """R61: the director agreed, finance has not yet; then the goods are packed in another way."""
    life = Life().in_warehouse().decide(Subject.BALANCE_RELEASE, "on_credit")
    assert amended(life, packing="散装").order.decision(Subject.BALANCE_RELEASE) is None


@pytest.mark.parametrize("field", ["contact", "phone", "fax", "address", "consignee"])
def test_whom_to_call_and_where_to_send_it_makes_the_notice_anew_and_no_release(field: str) -> None:
    """R70: the release stands; its notice and delivery note are checked, made and read back again."""
    life = (
        released().does("transport_arranged", carrier="德邦物流", method="freight").does("shipping_read_back")
    )
    amended(life, **{field: "别的"})
    (release,) = life.order.releases
    assert (release.notice_at, release.notice_reference, release.read_back_by) == (None, "", "")
    assert (release.carrier, release.version) == ("德邦物流", 1)
    assert life.order.withdrawn == []
    (notice,) = [each.content for each in life.order.unsent if each.identity == "shipping_notice:1/2"]
    assert notice is not None
    assert notice[field] == "别的"
    life.sheet_out(2).signed(2).decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=2, clerk="service_clerk-1")
    assert "shipping_notice:1" in life.waiting
    noticed(life).does("shipping_read_back").does("shipped", carrier="德邦物流")
    assert not life.entries(EntryKind.LIABILITY)
    assert [each.identity for each in life.order.unsent if each.paper is Paper.DELIVERY_NOTE] == [
        "delivery_note:1",
        "delivery_note:1/2",
    ]


def test_it_falls_when_the_cancellation_is_granted() -> None:
    """R84"""
    life = released().does("cancellation_requested", reason="不要了")
    assert len(life.order.releases) == 1
    life.decide(Subject.CANCELLATION, "approve", cost="0.00")
    assert life.order.releases == []
    assert the_last(life).withdrawal is Withdrawal.CANCELLED


# --- what is released: quantities -------------------------------------------------------------------------------------------


def test_a_surplus_that_goes_back_is_not_released() -> None:
    """R45: 1,100 of 1,000 were made; the customer gives the surplus back."""
    life = Life().in_production().made("1100").passed("1100")
    life.decide(Subject.TOLERANCE, "return_surplus", line=1).paid("3500.00").decide(
        Subject.FINANCE_RELEASE, "release"
    )
    assert life.order.releases[0].quantities == {1: 1000}
    life.sent().does("delivery_receipt", signed_by="王芳")
    assert life.order.shipments[0].quantities == {1: 1000}
    assert life.order.ending is Ending.SETTLED


@pytest.mark.parametrize(("outcome", "quantity"), [("accept", 1100), ("return_surplus", 1000)])
def test_in_parts_a_surplus_waits_for_the_customers_word(outcome: str, quantity: int) -> None:
    """R45: what was ordered may go before."""
    life = Life(partial_delivery=True).in_production().paid("4000.00").made("1100").passed("1100")
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases[0].quantities == {1: 1000}
    life.decide(Subject.TOLERANCE, outcome, line=1)
    if outcome == "accept":
        life.decide(Subject.FINANCE_RELEASE, "release")
    assert sum(release.quantities[1] for release in life.order.releases) == quantity


def test_within_the_tolerance_everything_goes() -> None:
    """R45"""
    life = Life(partial_delivery=True).in_production().paid("4000.00").made("1050").passed("1050")
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases[0].quantities == {1: 1050}


def test_an_emergency_plan_of_partial_delivery_releases_what_is_here_and_later_the_rest() -> None:
    """R42, R52"""
    life = Life().in_production().made("400", finished=False).passed("400").paid("3500.00")
    assert life.order.releases == []
    life.does("production_exception", exception="E", reason="停电")
    life.decide(Subject.EMERGENCY_PLAN, "partial_delivery", customer_answer="同意")
    life.decide(Subject.APPROVAL, "approve").sheet_out(2).signed(2).decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=2, clerk="service_clerk-1")
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases[0].quantities == {1: 400}
    life.sent().made("600", lot="2").passed("600", lot="2").decide(Subject.FINANCE_RELEASE, "release")
    assert [release.quantities for release in life.order.releases] == [{1: 400}, {1: 600}]
    life.sent("2")
    assert not life.entries(EntryKind.LIABILITY)


def test_a_plan_to_cancel_takes_the_release_back() -> None:
    """R42, R84"""
    life = Life(partial_delivery=True).in_production().made("400", finished=False).passed("400")
    life.paid("500.00").decide(Subject.FINANCE_RELEASE, "release")
    life.does("production_exception", exception="E", reason="停电")
    life.decide(Subject.EMERGENCY_PLAN, "cancel", customer_answer="同意")
    assert life.order.releases == []


def test_two_lines_fall_and_are_released_together() -> None:
    life = Life(lines=[line(1, quantity="100"), line(2, quantity="100")], partial_delivery=True)
    life.in_production("300.00").made("100").passed("100").paid("200.00").decide(
        Subject.FINANCE_RELEASE, "release"
    )
    assert life.order.releases[0].quantities == {1: 100}
    life.made("100", line=2).passed("100", line=2)
    assert life.order.releases == []
    life.paid("500.00").decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases[0].quantities == {1: 100, 2: 100}
