"""Goods that left: it is taken whatever was wrong, every fault is named, and the order can still end.

R42, R43, R45, R51, R61, R62, R64, R70, R71, R84, by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.values.money import ZERO
from models.values.vocabulary import Collection, Ending, Role
from tests.models.life import SIGNER, Life, line, refused

AGENT = "德邦物流"


def released(**changes: Any) -> Life:
    """Paid in full and released."""
    return Life(**changes).in_warehouse().paid("3500.00", "TX-B").decide(Subject.FINANCE_RELEASE, "release")


def noticed(life: Life, **content: Any) -> Life:
    """The clerk issues the shipping notice."""
    request = life.order.request
    names = {"address": request.address, "consignee": request.consignee, "contact": request.contact}
    content = {"document": "shipping_notice", "reference": "FH", **names, **content}
    return life.does("document_supplied", role=Role.SERVICE_CLERK, **content)


def arranged(life: Life, carrier: str = AGENT) -> Life:
    """Transport is arranged."""
    return life.does("transport_arranged", carrier=carrier, method="freight")


def ready() -> Life:
    """Everything is done but the shipping."""
    return arranged(noticed(released())).does("shipping_read_back")


def first_lot(quantity: str = "300") -> Life:
    """Of goods that may go in parts a first lot is released, the rest is in the warehouse and not paid."""
    life = Life(partial_delivery=True).in_production().made("1000").passed(quantity)
    life.decide(Subject.FINANCE_RELEASE, "release")
    noticed(life)
    return arranged(life).does("shipping_read_back")


def collecting() -> Life:
    """400 are open, and the carrier collects them."""
    life = Life().in_warehouse().paid("3100.00")
    life.decide(Subject.FINANCE_RELEASE, "release", collection="carrier_collects")
    return arranged(noticed(life)).does("shipping_read_back")


def cancelled(life: Life) -> Life:
    """The sales supervisor granted the cancellation."""
    life.does("cancellation_requested", reason="不要了")
    return life.decide(Subject.CANCELLATION, "approve", cost="0.00")


def faults(life: Life) -> list[str]:
    """What the journal says was wrong with the last shipment."""
    entries = life.entries(EntryKind.LIABILITY)
    return list(entries[-1].data["faults"]) if entries else []


WRONG: dict[str, tuple[Callable[[], Life], dict[str, Any], list[str], str]] = {
    "never released": (lambda: Life().in_warehouse(), {}, ["no_release"], "R61"),
    "a release that there never was": (lambda: Life().in_warehouse(), {"release": 7}, ["no_release"], "R61"),
    "taken back": (
        lambda: ready().does("payment_bounced", reference="TX-B"),
        {"release": 1},
        ["withdrawn"],
        "R61",
    ),
    "cancelled": (lambda: cancelled(ready()), {}, ["withdrawn", "cancelled"], "R61"),
    "on hold": (lambda: ready().does("hold_placed", reason="查账"), {}, ["on_hold"], "R47"),
    "on hold, and not paid any more": (
        lambda: ready().does("hold_placed", reason="查账").does("payment_bounced", reference="TX-B"),
        {},
        ["withdrawn", "on_hold"],
        "R61",
    ),
    "without notice": (lambda: arranged(released()), {}, ["no_notice"], "R70"),
    "not read back": (lambda: arranged(noticed(released())), {}, ["not_read_back"], "R71"),
    "without transport": (
        lambda: noticed(released()).does("shipping_read_back"),
        {},
        ["no_transport"],
        "R64",
    ),
    "a carrier that may not collect": (
        collecting,
        {"carrier": "随便物流"},
        ["carrier_may_not_collect"],
        "R62",
    ),
    "everything at once": (
        lambda: released().does("hold_placed", reason="查账"),
        {},
        ["on_hold", "no_notice", "no_transport"],
        "R47",
    ),
    "made and never inspected": (
        lambda: Life().in_production().made(),
        {"items": [{"line": 1, "quantity": "1000"}]},
        ["no_release", "uninspected"],
        "R61",
    ),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_it_happened_and_whoever_is_liable_is_on_record_with_all_that_was_wrong(name: str) -> None:
    """R61: salesperson, merchandiser, material controller; and an exception that somebody owns."""
    before, content, expected, rule = WRONG[name]
    life = before()
    life.does("shipped", **{"carrier": AGENT, **content})
    assert len(life.order.shipments) == 1
    (liability,) = life.entries(EntryKind.LIABILITY)
    assert liability.data["faults"] == expected
    assert liability.data["liable"] == {
        "salesperson": "salesperson-1",
        "merchandiser": "merchandiser-1",
        "material_controller": "material_controller-1",
    }
    trouble = life.order.troubles["shipment-1-without-right"]
    assert (trouble.rule, trouble.owner, trouble.resolved_at) == (rule, "service_supervisor-1", None)
    (notice,) = [each for each in life.order.unsent if each.paper is Paper.EXCEPTION]
    assert {Role.SERVICE_SUPERVISOR, Role.SALESPERSON, Role.MERCHANDISER, Role.MATERIAL_CONTROLLER} <= set(
        notice.to
    )
    assert Role.CUSTOMER not in notice.to
    assert all(fault in liability.data["en"] for fault in notice.en.removeprefix("exception: ").split("; "))


def test_everything_in_order_leaves_without_a_word() -> None:
    for life in (ready(), collecting(), first_lot()):
        life.does("shipped", carrier=AGENT)
        assert life.entries(EntryKind.LIABILITY) == []
        assert "shipment-1-without-right" not in life.order.troubles


def test_what_is_beyond_the_release_left_without_one_line_by_line() -> None:
    """R61: of 1,000 shipped on a release of 300 the other 700 left without."""
    thousand = [{"line": 1, "quantity": "1000"}]
    paid = Life(partial_delivery=True).in_production().paid("3500.00").made("1000").passed("300")
    noticed(paid.decide(Subject.FINANCE_RELEASE, "release"))
    arranged(paid).does("shipping_read_back").passed("700")
    assert [release.quantities for release in paid.order.releases] == [{1: 300}]
    paid.does("shipped", carrier=AGENT, release=1, items=thousand)
    assert faults(paid) == ["beyond_release"]
    assert "decision:finance_release" not in paid.waiting, "nothing is left to be released"
    life = first_lot("300")
    life.does("shipped", carrier=AGENT, release=1, items=thousand)
    assert faults(life) == ["beyond_release", "uninspected"]
    assert life.entries(EntryKind.LIABILITY)[0].data["beyond"] == {"1": "700.000"}
    assert life.order.releases[0].shipped == {1: 300}
    assert life.order.left_unreleased(1) == 700


def test_of_two_lines_only_the_one_beyond_is_named() -> None:
    """R61"""
    life = Life(lines=[line(1, quantity="100"), line(2, quantity="100")], partial_delivery=True)
    life.in_production("300.00").made("100").passed("100").paid("200.00").decide(
        Subject.FINANCE_RELEASE, "release"
    )
    arranged(noticed(life)).does("shipping_read_back").made("100", line=2)
    life.does("shipped", carrier=AGENT, items=[{"line": 1, "quantity": "100"}, {"line": 2, "quantity": "40"}])
    assert life.entries(EntryKind.LIABILITY)[0].data["beyond"] == {"2": "40.000"}
    assert life.order.here(2) == 60


def test_what_left_while_the_release_stood_is_right_also_when_it_is_told_later() -> None:
    """R53, R61: it left at noon, the payment bounced at two, the shipper tells it at four."""
    life = ready()
    noon = life.later(hours=3).now
    life.later(hours=2).does("payment_bounced", reference="TX-B").later(hours=2)
    life.tell("shipped", carrier=AGENT, happened=noon)
    assert len(life.order.shipments) == 1
    assert life.entries(EntryKind.LIABILITY) == []
    assert "decision:finance_release" not in life.waiting, "it is gone: nothing is released again"
    assert "balance" in life.waiting


def test_told_after_it_was_released_anew_it_is_not_shipped_twice() -> None:
    life = ready()
    noon = life.later(hours=3).now
    life.later(hours=2).does("payment_bounced", reference="TX-B").paid("3500.00", "TX-C").later(hours=1)
    life.decide(Subject.FINANCE_RELEASE, "release").later(hours=1)
    life.tell("shipped", carrier=AGENT, happened=noon)
    assert life.order.releases[0].outstanding == {}
    assert life.entries(EntryKind.LIABILITY) == []
    assert not any(step.startswith("ship") for step in life.waiting)


def test_one_release_after_the_other_covers_what_left_at_once() -> None:
    """R52: line by line by what stands, whichever release the shipper names."""
    life = (
        Life(partial_delivery=True).in_production().paid("3500.00").made("400", finished=False).passed("400")
    )
    noticed(life.decide(Subject.FINANCE_RELEASE, "release"))
    arranged(life).does("shipping_read_back").made("600", lot="2").passed("600", lot="2")
    noticed(life.decide(Subject.FINANCE_RELEASE, "release"))
    life.does("transport_arranged", release=2, carrier=AGENT, method="freight").does(
        "shipping_read_back", release=2
    )
    life.does("shipped", carrier=AGENT, release=2, items=[{"line": 1, "quantity": "1000"}])
    assert life.entries(EntryKind.LIABILITY) == []
    assert [release.outstanding for release in life.order.releases] == [{}, {}]


def test_more_than_was_ever_made_is_a_contradiction() -> None:
    life = Life().in_production().made("400", finished=False).passed("400")
    refused(life.tell("shipped", carrier=AGENT, items=[{"line": 1, "quantity": "400.001"}]), "contradiction")
    refused(life.tell("shipped", carrier=AGENT, items=[{"line": 2, "quantity": "1"}]), "contradiction")
    early = Life().in_production()
    assert early.tell("shipped", carrier=AGENT).status is Status.KEPT_EARLY


def test_a_line_named_twice_adds_up() -> None:
    """In one shipment, one notice, one return."""
    twice = [{"line": 1, "quantity": "400"}, {"line": 1, "quantity": "600"}]
    life = noticed(released(), items=twice)
    arranged(life).does("shipping_read_back").does("shipped", carrier=AGENT, items=twice)
    assert life.order.shipments[0].quantities == {1: 1000}
    life.does("arrived").later(days=17).does(
        "goods_returned", items=twice, freight_out="1.00", freight_back="1.00"
    )
    assert life.order.shipments[0].returned == {1: 1000}
    too_many = [{"line": 1, "quantity": "500"}, {"line": 1, "quantity": "500.001"}]
    refused(released().tell("shipped", carrier=AGENT, items=too_many), "contradiction")
    too_large = [{"line": 1, "quantity": "999999999"}, {"line": 1, "quantity": "999999999"}]
    refused(released().tell("shipped", carrier=AGENT, items=too_large), "malformed")


# --- afterwards ---------------------------------------------------------------------------------------------------------------


def lived_on(life: Life) -> Life:
    """The exception is resolved, the customer signs."""
    life.does("exception_resolved", exception="shipment-1-without-right", resolution="已处理")
    return life.does("delivery_receipt", signed_by=SIGNER)


def test_the_money_for_goods_that_are_gone_is_asked_for() -> None:
    """R51, R61: a balance notice and a step that is reminded of, and then the order ends."""
    life = Life().in_warehouse().does("shipped", carrier=AGENT)
    assert "balance notice: CNY 3500.00 is due" in life.papers("balance_notice")
    assert life.order.steps["balance"].blocking is False
    assert "decision:finance_release" not in life.waiting
    lived_on(life.later(days=2))
    account = life.order.steps["account_balance"]
    assert account.overdue_at is not None, "nobody gave the customer time"
    life.paid("3500.00")
    assert life.order.ending is Ending.SETTLED


def test_goods_that_left_uninspected_are_billed_and_nobody_is_to_inspect_them() -> None:
    """R45, R61"""
    life = (
        Life()
        .in_production()
        .made("1000")
        .does("shipped", carrier=AGENT, items=[{"line": 1, "quantity": "1000"}])
    )
    assert (str(life.order.bill), str(life.order.open_balance)) == ("5000.00", "3500.00")
    assert not any(step.startswith(("inspect", "enter")) for step in life.waiting)
    lived_on(life).paid("3500.00")
    assert life.order.ending is Ending.SETTLED


def test_what_is_told_later_of_goods_that_had_passed_is_still_taken() -> None:
    life = (
        Life()
        .in_production()
        .made("1000")
        .does("shipped", carrier=AGENT, items=[{"line": 1, "quantity": "1000"}])
    )
    life.passed()
    lot = life.order.lots["1/1"]
    assert (lot.passed, lot.entered, lot.left_early) == (1000, 1000, 0)
    assert str(life.order.bill) == "5000.00"
    refused(life.tell("inspection_reported", passed="1", checked_with="service_clerk-1"), "contradiction")


def test_the_rest_of_an_order_is_released_as_if_nothing_had_been() -> None:
    """R61: 400 left without; the other 600 are paid with them, released, and shipped once."""
    life = Life().in_warehouse().does("shipped", carrier=AGENT, items=[{"line": 1, "quantity": "400"}])
    assert {"balance", "decision:balance_release", "decision:finance_release"} <= life.waiting
    assert life.order.steps["balance"].blocking is True
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases[0].quantities == {1: 600}
    life.sent("2").does("delivery_receipt", shipment="2", signed_by=SIGNER)
    lived_on(life)
    assert life.order.ending is Ending.SETTLED
    assert life.order.shipped(1) == 1000


def test_goods_of_a_cancelled_order_go_their_way_to_receipt_and_settlement() -> None:
    """R84: it was to end without goods, and they are with the customer."""
    life = cancelled(Life().in_warehouse())
    assert "decision:deposit_settlement" in life.waiting
    life.does("shipped", carrier=AGENT)
    assert faults(life) == ["no_release", "cancelled"]
    assert "decision:deposit_settlement" not in life.waiting
    lived_on(life)
    assert life.order.lives
    life.paid("3500.00")
    assert life.order.ending is Ending.SETTLED


def test_of_a_cancelled_order_nothing_more_is_made() -> None:
    """R45, R84: the customer takes the 400 that left."""
    life = cancelled(Life().in_production().made("400", finished=False).passed("400"))
    life.does("shipped", carrier=AGENT)
    assert "produce" not in life.waiting
    life.decide(Subject.TOLERANCE, "accept", line=1)
    lived_on(life).paid("500.00")
    assert life.order.ending is Ending.SETTLED


def test_on_hold_nothing_passes_in_silence_and_the_order_goes_on_afterwards() -> None:
    """Judged by the time at which it left."""
    life = ready()
    before = life.later(hours=1).now
    life.later(hours=1).does("hold_placed", reason="查账").later(hours=1)
    assert life.tell("shipped", carrier=AGENT, happened=before).status is Status.ACCEPTED
    assert life.entries(EntryKind.LIABILITY) == []
    after = ready().does("hold_placed", reason="查账").later(hours=1)
    on_hold = after.now
    after.later(hours=1).does("hold_released").later(hours=1)
    after.tell("shipped", carrier=AGENT, happened=on_hold)
    assert faults(after) == ["on_hold"]


@pytest.mark.parametrize("rule", ["R61", "R70", "R*"])
def test_a_duty_that_was_set_aside_lets_no_goods_pass(rule: str) -> None:
    """`overridden` sets a separation of duties aside, and nothing else."""
    life = Life().in_warehouse().does("overridden", rule=rule, person="shipper-1", reason="急")
    life.does("shipped", carrier=AGENT)
    assert faults(life) == ["no_release"]


# --- what carriers collect -----------------------------------------------------------------------------------------------------


def two_lots(carrier: str = AGENT) -> Life:
    """980 of 1,000 left with 300 to collect; 20 more are released with 400 open in all."""
    life = Life(partial_delivery=True, deposit_percent="92").in_production("4600.00")
    life.made("980", finished=False).passed("980")
    life.decide(Subject.FINANCE_RELEASE, "release", collection="carrier_collects").sent("1", carrier)
    return life.made("20", lot="2").passed("20", lot="2")


def second(life: Life, carrier: str = AGENT) -> str:
    """The second lot leaves; what its carrier is to demand."""
    collection = "carrier_collects" if life.order.open_balance > 0 else "none"
    life.decide(Subject.FINANCE_RELEASE, "release", collection=collection).sent("2", carrier)
    return str(life.order.shipments[1].to_collect)


def test_two_carriers_together_demand_what_is_owed() -> None:
    """R62: 300, then 100 where 400 are owed in all; also where the second is another agent."""
    assert str(two_lots().order.shipments[0].to_collect) == "300.00"
    for carrier in (AGENT, "顺丰快运"):
        life = two_lots()
        assert second(life, carrier) == "100.00"
        assert life.order.to_be_remitted == life.order.open_balance


def test_the_shipping_notice_says_what_is_still_to_be_collected() -> None:
    """R62, R70"""
    life = two_lots()
    second(life)
    notices = [each.content for each in life.order.unsent if each.paper is Paper.SHIPPING and each.content]
    assert [notice["balance"]["figures"] for notice in notices] == ["300.00", "100.00"]


@pytest.mark.parametrize(
    ("happens", "demanded", "first"),
    [
        (lambda life: life.does("collection_remitted", amount="200.00", reference="R-1"), "100.00", "300.00"),
        (lambda life: life.does("collection_remitted", amount="300.00", reference="R-1"), "100.00", "300.00"),
        (lambda life: life.paid("300.00"), "0.00", "100.00"),
        (lambda life: life.paid("150.00"), "0.00", "250.00"),
        (lambda life: life.paid("50.00"), "50.00", "300.00"),
    ],
)
def test_what_was_remitted_or_paid_directly_is_not_demanded_again(
    happens: Callable[[Life], Life], demanded: str, first: str
) -> None:
    """R62: a demand is never below zero, and all together never above what is owed."""
    life = happens(two_lots())
    assert second(life) == demanded
    assert str(life.order.shipments[0].to_collect) == first
    assert life.order.to_be_remitted <= max(life.order.open_balance, ZERO)


def test_money_that_came_directly_lowers_what_a_carrier_on_its_way_demands() -> None:
    """R62: and carrier, finance, salesperson and customer are told."""
    life = two_lots()
    second(life)
    life.paid("150.00")
    assert [str(shipment.to_collect) for shipment in life.order.shipments] == ["250.00", "0.00"]
    lowered = [each for each in life.order.unsent if each.paper is Paper.COLLECTION_LOWERED]
    assert [each.en for each in lowered] == [
        "of shipment 2 the carrier collects CNY 0.00 and no longer 100.00",
        "of shipment 1 the carrier collects CNY 250.00 and no longer 300.00",
    ]
    assert {Role.LOGISTICS, Role.CUSTOMER, Role.FINANCE} <= set(lowered[0].to)


@pytest.mark.parametrize(
    ("happens", "first"),
    [
        (lambda life: life.does("delivery_receipt", shipment="2", signed_by=SIGNER), "150.00"),
        (
            lambda life: life.does("collection_remitted", shipment="2", amount="100.00", reference="R-2"),
            "150.00",
        ),
        (lambda life: life.paid("100.00"), "150.00"),
        (lambda life: life.does("delivery_receipt", shipment="1", signed_by=SIGNER), "300.00"),
    ],
)
def test_money_lowers_the_demands_before_one_that_is_no_longer_to_be_lowered(
    happens: Callable[[Life], Life], first: str
) -> None:
    """R62: the last lot is with the customer, remitted, or demands nothing any more: the first one demands less."""
    life = two_lots()
    second(life)
    happens(life).paid("150.00")
    assert str(life.order.shipments[0].to_collect) == first


def test_goods_that_came_back_are_not_collected_for() -> None:
    """R62, R76: the first lot was never collected; its money is not owed, nor does it count against the second."""
    life = two_lots().does("arrived").later(days=17)
    life.does("goods_returned", freight_out="1.00", freight_back="1.00")
    assert life.order.to_be_remitted == 0
    assert life.order.shipments[0].collection is Collection.CARRIER
