"""Shipping, delivery, the dead order and its recall (R38, R64, R65, R70 to R72, R74 to R78)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Ending, Headline, PhaseName, Role
from tests.models.life import MONDAY, SIGNER, Life, line, refused


def released() -> Life:
    """Paid in full and released."""
    return Life().in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")


def guaranteed() -> Life:
    """A small order on the salesperson's guarantee, on its way."""
    life = Life(lines=[line(1, quantity="100")]).verified()
    life.decide(Subject.SMALL_ORDER, "guaranteed", assessment="老客户").sheet_out().signed()
    life.decide(Subject.THREE_PARTY, "confirm").does("production_signed", version=1, clerk="service_clerk-1")
    life.made("100").passed("100").does("contact_logged", channel="phone", topic="freight_agent", words="-")
    return life.sent()


def notice(life: Life, **content: Any) -> dict[str, Any]:
    """The shipping notice as a fact."""
    return {**life.notice(), **content}


def test_nothing_leaves_without_the_shipping_notice() -> None:
    """R70: for which everything is checked once more."""
    life = released()
    assert life.waiting >= {"shipping_notice:1", "transport:1"}
    clerk = Role.SERVICE_CLERK
    refused(life.tell("document_supplied", role=clerk, **notice(life, address="别处")), "contradiction")
    for field in ("address", "consignee", "contact"):
        missing = refused(
            life.tell("document_supplied", role=clerk, **notice(life, **{field: ""})), "missing_field"
        )
        assert (missing.where, missing.rule) == (f"content.{field}", "R70")
    other = life.tell("document_supplied", role=Role.SALESPERSON, **notice(life))
    assert refused(other, "wrong_role").rule == "R70"
    assert life.order.releases[0].notice_at is None
    wrong = [{"line": 1, "quantity": "999"}]
    refused(life.tell("document_supplied", role=clerk, **notice(life, items=wrong)), "contradiction")
    right = [{"line": 1, "quantity": "400"}, {"line": 1, "quantity": "600"}]
    life.does("document_supplied", role=clerk, **notice(life, items=right, release=1))
    assert life.papers("delivery_note") == ["delivery note for release 1"]
    assert "shipping_notice:1" not in life.waiting


def test_a_signed_sheet_is_no_owed_paper() -> None:
    sheet: dict[str, Any] = {"document": "confirmation_sheet", "reference": "S-1"}
    refused(Life().tell("document_supplied", role=Role.SERVICE_CLERK, **sheet), "contradiction")
    early = Life().tell("document_supplied", role=Role.SERVICE_CLERK, **notice(Life()))
    assert early.status.value == "kept_early"


def test_transport_then_the_instructions_read_back_then_it_ships() -> None:
    """R64, R71, R72"""
    life = released()
    assert life.tell("shipping_read_back").status.value == "kept_early"
    life.does("document_supplied", role=Role.SERVICE_CLERK, **notice(life))
    assert life.order.releases[0].read_back_by == "shipper-1"
    life.does("transport_arranged", carrier="德邦物流", method="freight", planned_for="2027-03-07")
    assert "ship:1" in life.waiting
    life.does("shipped", carrier="德邦物流", tracking_number="DB-1", expected_arrival="2027-03-09")
    assert life.papers("shipment_notice") == ["shipment notice: 德邦物流 DB-1, expected 2027-03-09"]
    assert "notice_legible:1" in life.waiting
    life.does("shipment_notice_received", legible=False)
    assert "notice_legible:1" in life.waiting
    life.does("shipment_notice_received")
    assert "notice_legible:1" not in life.waiting
    refused(life.tell("shipped", carrier="德邦物流"), "contradiction")


def test_pick_up_needs_no_transport() -> None:
    """R65"""
    life = Life(delivery_method="pick_up").in_warehouse().paid("3500.00")
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert "transport:1" not in life.waiting


def test_in_an_emergency_the_supervisor_lets_it_go_without_the_paper_and_it_is_owed() -> None:
    """R70: never without payment clearance."""
    unpaid = Life().in_warehouse()
    refused(unpaid.answer(Subject.EMERGENCY_SHIPMENT, "approve"), "not_asked")
    life = released().decide(Subject.EMERGENCY_SHIPMENT, "approve")
    assert "notice_owed:1" in life.waiting
    life.does("transport_arranged", carrier="德邦物流", method="freight").does("shipping_read_back")
    life.does("shipped", carrier="德邦物流").does("delivery_receipt", signed_by=SIGNER)
    assert life.order.lives
    assert not life.entries(EntryKind.LIABILITY)
    life.does("document_supplied", role=Role.SERVICE_CLERK, **notice(life))
    assert life.order.ending is Ending.SETTLED


def test_goods_that_left_all_the_same_are_an_exception_with_those_liable() -> None:
    """R61: without release; R70: without notice."""
    for life, rule in ((Life().in_warehouse(), "R61"), (released(), "R70")):
        life.does("shipped", carrier="德邦物流")
        entry = life.entries(EntryKind.LIABILITY)[0]
        assert entry.data["liable"] == {
            "salesperson": "salesperson-1",
            "merchandiser": "merchandiser-1",
            "material_controller": "material_controller-1",
        }
        trouble = life.order.troubles["shipment-1-without-right"]
        assert (trouble.rule, trouble.owner) == (rule, "service_supervisor-1")


def test_only_goods_that_are_there_can_leave() -> None:
    assert Life().tell("shipped", carrier="x").status.value == "kept_early"
    many = [{"line": 1, "quantity": "1001"}]
    refused(released().tell("shipped", carrier="x", items=many), "contradiction")
    part = released().does("shipped", carrier="x", items=[{"line": 1, "quantity": "400"}])
    assert part.order.releases[0].outstanding == {1: 600}
    part.does("shipped", shipment="2", release=1, carrier="x")
    assert part.order.shipments[1].quantities == {1: 600}
    refused(part.tell("shipped", shipment="3", carrier="x"), "contradiction")


@pytest.mark.parametrize(
    "fact", ["arrived", "transit_reported", "shipment_notice_received", "recall_reported"]
)
def test_what_was_never_sent_cannot_travel(fact: str) -> None:
    """Refused while nothing is on its way to being sent; kept until it can be used once goods are released."""
    refused(Life().tell(fact), "contradiction")
    assert released().tell(fact).status.value == "kept_early"


def test_a_receipt_for_goods_that_were_never_sent_is_refused() -> None:
    refused(Life().tell("delivery_receipt", signed_by=SIGNER), "contradiction")


def test_the_clerk_follows_the_shipment_on_the_planned_day() -> None:
    """R74: delay and damage are told to the customer and get an owner."""
    life = released()
    life.does("document_supplied", role=Role.SERVICE_CLERK, **notice(life))
    life.does("transport_arranged", carrier="德邦物流", method="freight").does("shipping_read_back")
    life.does("shipped", carrier="德邦物流", expected_arrival="2027-03-05", check_on="2027-03-04")
    assert life.order.steps["follow:1"].due.astimezone(BUSINESS_ZONE).date().isoformat() == "2027-03-05"
    life.does("transit_reported", condition="delayed", words="大雪", expected_arrival="2027-03-08")
    assert life.papers("transit_notice") == ["in transit: delayed 大雪"]
    assert life.order.troubles["transit-1"].owner == "service_clerk-1"
    assert "follow:1" not in life.waiting
    assert "arrival:1:2027-03-08" in life.waiting
    life.does("transit_reported", condition="good")
    assert life.order.shipments[0].expected_arrival is not None


def test_an_arrival_that_misses_its_terms_is_an_exception() -> None:
    """R72: told at once, owned until it is resolved, once for each date."""
    life = Life(wanted_date="2027-03-10").in_warehouse().paid("3500.00")
    life.decide(Subject.FINANCE_RELEASE, "release").sent(expected_arrival="2027-03-10")
    assert life.order.unresolved == []
    life.does("transit_reported", expected_arrival="2027-03-12")
    assert life.papers("exception_notice") == ["exception: expected on 2027-03-12, wanted by 2027-03-10"]
    assert "exception:late-1:2027-03-12" in life.waiting
    life.does("exception_resolved", exception="late-1:2027-03-12", resolution="客户同意")
    life.does("transit_reported", expected_arrival="2027-03-12")
    assert life.order.unresolved == []


def test_arrived_the_customer_is_told_to_collect() -> None:
    """R75: all is paid."""
    life = Life().arrived()
    assert life.order.headline is Headline.ARRIVED
    assert life.papers("arrival_notice") == ["the goods have arrived; please collect"]
    first = life.order.shipments[0].arrived_at
    life.later(days=1).does("arrived")
    assert life.order.shipments[0].arrived_at == first


def test_signed_for_is_delivered_and_settled() -> None:
    """R78"""
    life = Life().arrived().does("delivery_receipt", signed_by=SIGNER)
    assert (life.order.ending, life.order.headline) == (Ending.SETTLED, Headline.SETTLED)
    assert life.papers("service_begins")


def test_a_receipt_alone_says_that_it_arrived() -> None:
    life = Life().shipped().does("delivery_receipt", signed_by=SIGNER)
    assert life.order.shipments[0].arrived_at == life.now


@pytest.mark.parametrize(
    ("kind", "content", "rule"),
    [("arrived", {}, "R74"), ("delivery_receipt", {"signed_by": SIGNER}, "R78")],
)
def test_the_clerk_names_the_paper_of_an_arrival_or_a_receipt(
    kind: str, content: dict[str, Any], rule: str
) -> None:
    """R74, R78: the clerk follows the shipment and collects the signed receipt, and has it in writing."""
    life = Life().shipped()
    reply = refused(life.tell(kind, role=Role.SERVICE_CLERK, **content), "not_in_writing")
    assert (reply.where, reply.rule) == ("content.document", rule)
    assert life.order.shipments[0].arrived_at is None
    life.does(kind, role=Role.SERVICE_CLERK, document="DB-1", **content)
    assert life.order.shipments[0].arrived_at == life.now


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        ("arrived", "warehouse salesperson shipper"),
        ("delivery_receipt", "warehouse salesperson shipper"),
        ("recall_reported", "service_clerk customer salesperson"),
        ("goods_returned", "service_clerk finance"),
        ("receipt_confirmed", "service_clerk logistics"),
    ],
)
def test_others_do_not_speak_for_the_carrier_or_the_customer(kind: str, roles: str) -> None:
    """R74 to R78"""
    content: dict[str, Any] = {
        "delivery_receipt": {"signed_by": SIGNER},
        "goods_returned": {"freight_out": "1.00", "freight_back": "1.00"},
    }.get(kind, {})
    life = Life().arrived().later(days=16)
    for role in roles.split():
        refused(life.tell(kind, role=Role(role), **content), "wrong_role")


def test_a_second_receipt_changes_nothing() -> None:
    life = Life(partial_delivery=True).in_production().made("400", finished=False).passed("400")
    life.paid("500.00").decide(Subject.FINANCE_RELEASE, "release").sent()
    assert life.tell("receipt_confirmed", role=Role.CUSTOMER).status.value == "kept_early"
    life.does("delivery_receipt", signed_by=SIGNER).does("delivery_receipt", signed_by="刘强")
    assert life.order.shipments[0].signed_by == SIGNER
    assert life.order.receipt_confirmed


def test_uncollected_for_fifteen_days_it_is_dead_and_recalled() -> None:
    """R76: reminders go out before."""
    life = guaranteed().does("arrived")
    limit = MONDAY.replace(hour=0) + timedelta(days=16)
    life.until(limit - timedelta(minutes=1))
    assert life.order.shipments[0].dead_at is None
    assert [text.split(";")[0] for text in life.papers("collect_reminder")] == [
        "arrived 7 days ago",
        "arrived 12 days ago",
        "arrived 14 days ago",
    ]
    life.until(limit)
    assert life.order.shipments[0].dead_at == limit
    assert life.order.headline is Headline.BEING_RECALLED
    assert life.papers("recall_notice") == ["dead order, being recalled; freight carried by salesperson-1"]


def test_reminders_and_the_fifteen_days_count_from_the_arrival_however_long_the_way_was() -> None:
    """R76: six days on the way are none of them."""
    life = guaranteed().later(days=6).does("arrived")
    arrived = MONDAY.replace(hour=0) + timedelta(days=6)
    for day, reminders in ((7, 0), (8, 1), (12, 1), (13, 2), (14, 2), (15, 3)):
        life.until(arrived + timedelta(days=day - 1, hours=12))
        assert len(life.papers("collect_reminder")) == reminders, f"noon of day {day}"
    life.until(arrived + timedelta(days=16))
    assert life.order.shipments[0].dead_at == arrived + timedelta(days=16)


def test_it_is_not_dead_before_a_working_day_after_the_arrival_was_recorded() -> None:
    """An arrival reported weeks late kills nothing at once."""
    life = Life().shipped()
    arrived = life.now
    friday = MONDAY + timedelta(days=25)
    life.until(friday).does("arrived", happened=arrived)
    life.until(friday + timedelta(days=3))
    assert life.order.shipments[0].dead_at is None
    life.until((friday + timedelta(days=4)).replace(hour=0))
    assert life.order.shipments[0].dead_at is not None


def test_goods_come_back_are_inspected_and_the_order_is_dead() -> None:
    """R76: freight both ways on the guarantor."""
    life = guaranteed().does("arrived")
    assert life.tell("goods_returned", freight_out="1", freight_back="1").status.value == "kept_early"
    life.order.early.clear()
    told = life.later(days=16).tell("recall_reported", words="已通知德邦")
    assert told.status.value == "accepted", "who names no shipment speaks of the first"
    life.later(days=3)
    back: dict[str, Any] = {"freight_out": "60.00", "freight_back": "65.50"}
    many = [{"line": 1, "quantity": "101"}]
    refused(life.tell("goods_returned", items=many, **back), "contradiction")
    inspection: dict[str, Any] = {"shipment": "1", "passed": "100", "checked_with": "service_clerk-1"}
    life.does("goods_returned", **back)
    entry = life.entries(EntryKind.LIABILITY, "freight")[0]
    assert (entry.data["liable"], entry.data["amount"]) == ("salesperson-1", "125.50")
    assert "inspect_return:1" in life.waiting
    refused(
        life.tell("inspection_reported", **{**inspection, "passed": "90", "scrapped": "11"}), "contradiction"
    )
    life.does("inspection_reported", **{**inspection, "passed": "60"})
    assert life.order.lives
    life.does("inspection_reported", **{**inspection, "passed": "40"})
    assert (life.order.ending, life.order.headline) == (Ending.DEAD, Headline.DEAD)
    assert life.order.open_balance == 0


def test_without_a_guarantor_the_company_pays_and_money_is_settled() -> None:
    """R76"""
    life = Life().arrived().later(days=16)
    assert life.papers("recall_notice") == ["dead order, being recalled; freight carried by the company"]
    life.does("goods_returned", freight_out="1.00", freight_back="1.00")
    life.does("inspection_reported", shipment="1", passed="1000", checked_with="service_clerk-1")
    assert life.waiting == {"decision:deposit_settlement"}
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="4800.00", kept="200.00")
    assert life.order.ending is Ending.DEAD


def test_only_guaranteed_orders_die_by_the_switch() -> None:
    """R76, switch"""
    life = Life(policy={"dead_order": {"guaranteed_only": True}}).arrived().later(days=30)
    assert life.order.shipments[0].dead_at is None
    assert life.order.phase is PhaseName.DELIVERY


def test_who_collects_during_the_recall_still_gets_the_goods() -> None:
    """R77: what came first decides, and both are kept."""
    life = Life().arrived().later(days=16)
    life.does("delivery_receipt", signed_by=SIGNER)
    assert life.papers("recall_called_off")
    assert life.order.ending is Ending.SETTLED
    life = guaranteed().does("arrived").later(days=17)
    collected = life.now
    life.later(days=1).does("goods_returned", freight_out="1.00", freight_back="1.00")
    refused(life.tell("delivery_receipt", signed_by=SIGNER), "contradiction")
    life.does("delivery_receipt", signed_by=SIGNER, happened=collected)
    assert life.order.shipments[0].delivered_at == collected


def test_goods_that_were_collected_do_not_come_back() -> None:
    """R77"""
    life = Life().arrived().paid("100.00").later(days=16).does("delivery_receipt", signed_by=SIGNER)
    assert life.order.lives
    reply = life.tell("goods_returned", freight_out="1.00", freight_back="1.00")
    refused(reply, "contradiction")


def test_a_recall_that_is_inspected_before_it_is_back_waits() -> None:
    life = guaranteed().does("arrived")
    early = life.tell("inspection_reported", shipment="1", passed="1", checked_with="service_clerk-1")
    assert early.status.value == "kept_early"


def test_a_prepaid_small_order_ships_within_three_days_of_the_payment() -> None:
    """R38a"""
    life = Life(lines=[line(1, quantity="100")]).verified()
    life.decide(Subject.SMALL_ORDER, "prepaid", assessment="新客户").sheet_out().signed().paid("500.00")
    life.decide(Subject.THREE_PARTY, "confirm").does("production_signed", version=1, clerk="service_clerk-1")
    life.made("100").passed("100").decide(Subject.FINANCE_RELEASE, "release")
    life.does("document_supplied", role=Role.SERVICE_CLERK, **notice(life))
    life.does("transport_arranged", carrier="德邦物流", method="freight").does("shipping_read_back")
    assert life.order.steps["ship:1"].due == MONDAY.replace(hour=0) + timedelta(days=4)


@pytest.mark.parametrize("stops", [True, False])
def test_a_hold_that_stops_the_customers_clocks_stops_the_fifteen_days(stops: bool) -> None:
    """R76: they go on where they stood; on any other hold they run."""
    life = Life().arrived().later(days=1)
    life.does("hold_placed", reason="纠纷", customer_clocks_stop=stops).later(days=20)
    shipment = life.order.shipments[0]
    assert (shipment.dead_at is None) is stops
    assert (life.papers("collect_reminder") == []) is stops
    if stops:
        life.does("hold_released").later(days=13)
        assert shipment.dead_at is None
        life.later(days=3)
        assert shipment.dead_at is not None


def test_what_the_carrier_counts_otherwise_is_an_exception_at_once() -> None:
    """R63: by line, a line that it did not count at all too; the same count is none, and no count says nothing."""
    life = released()
    life.sent(items=[{"line": 1, "quantity": "1000"}], carrier_counted=[{"line": 1, "quantity": "950"}])
    trouble = life.order.troubles["count-1"]
    assert trouble.rule == "R63"
    assert "950" in trouble.words
    assert life.order.shipped(1) == Decimal(1000)
    for counted in ([{"line": 1, "quantity": "400"}, {"line": 1, "quantity": "600"}], []):
        same = released()
        same.sent(items=[{"line": 1, "quantity": "1000"}], carrier_counted=counted)
        assert "count-1" not in same.order.troubles
