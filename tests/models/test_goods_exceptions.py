"""Goods that arrive damaged or short, are refused or lost, or do not come back whole (R47, R74, R76, R77)."""

from __future__ import annotations

from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.editions import NEWEST, Edition
from models.values.vocabulary import Ending, PhaseName, Role
from tests.models.life import SIGNER, Life, line, refused
from tests.models.test_bill import money, two_shipments

SUPERVISOR = Role.SERVICE_SUPERVISOR
FREIGHT: dict[str, Any] = {"freight_out": "1.00", "freight_back": "1.00"}


def pieces(quantity: str, number: int = 1) -> list[dict[str, Any]]:
    """So many of one line."""
    return [{"line": number, "quantity": quantity}]


def resolved(life: Life, exception: str, outcome: str, role: Role = SUPERVISOR, **more: Any) -> Life:
    """The exception ends so."""
    return life.does(
        "exception_resolved",
        role=role,
        exception=exception,
        outcome=outcome,
        resolution="已与客户商定",
        **more,
    )


def short() -> Life:
    """A thousand paid and sent, 980 signed for."""
    return Life().arrived().does("delivery_receipt", signed_by=SIGNER, items=pieces("980"))


def damaged() -> Life:
    """A thousand paid and sent, signed for as damaged."""
    return Life().arrived().does("delivery_receipt", signed_by=SIGNER, condition="damaged")


def refused_at_the_door() -> Life:
    """A thousand paid, sent, and not taken."""
    return Life().shipped().does("arrived", condition="refused")


def lost() -> Life:
    """A thousand paid, sent, and lost on the way."""
    return Life().shipped().does("transit_reported", condition="lost", words="整车被盗")


def partly_back(quantity: str = "590") -> Life:
    """Of a thousand, 400 delivered, 600 dead, so many of them back and good."""
    life = two_shipments().later(days=16)
    life.does("goods_returned", shipment="2", items=pieces(quantity), **FREIGHT)
    return life.does("inspection_reported", shipment="2", passed=quantity, checked_with="service_clerk-1")


# --- told, owned, and not settled in silence --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "key", "goods"),
    [
        (short, "short-1", "1:20.000"),
        (damaged, "damaged-1", "1:1000.000"),
        (refused_at_the_door, "refused-1", "1:1000.000"),
        (lost, "transit-1", "1:1000.000"),
        (lambda: Life().shipped().does("arrived", condition="lost"), "lost-1", "1:1000.000"),
        (lambda: Life().shipped().does("arrived", condition="damaged"), "damaged-1", "1:1000.000"),
        (lambda: Life().shipped().does("arrived", condition="short"), "short-1", "1:1000.000"),
        (lambda: Life().shipped().does("transit_reported", condition="refused"), "transit-1", "1:1000.000"),
        (
            lambda: Life().arrived().does("delivery_receipt", signed_by=SIGNER, condition="refused"),
            "refused-1",
            "1:1000.000",
        ),
    ],
)
def test_it_is_an_exception_with_an_owner_and_the_salesperson_hears_of_it(
    made: Any, key: str, goods: str
) -> None:
    """R74, R47: with date and condition; nothing is settled before the outcome is decided."""
    life: Life = made()
    trouble = life.order.troubles[key]
    assert (trouble.rule, trouble.owner, trouble.resolved_at) == ("R74", "service_clerk-1", None)
    step = life.order.steps[f"exception:{key}"]
    assert (step.blocking, step.values["outcomes"]) == (True, "reship/credit/accept/end")
    (entry,) = life.entries(EntryKind.EXCEPTION, key)
    assert (entry.rule, entry.data["goods"]) == ("R74", goods)
    told = [each for each in life.order.unsent if each.paper.value == "exception_notice"]
    assert told
    assert Role.SALESPERSON in told[-1].to
    assert "2027-03-01" in told[-1].en
    life.later(days=40)
    assert life.order.lives
    assert Subject.OVERPAYMENT.value not in life.order.asked


def test_a_receipt_that_counts_everything_settles_as_one_that_counts_nothing() -> None:
    """R78: a line that is named twice adds up."""
    life = Life().arrived()
    life.does("delivery_receipt", signed_by=SIGNER, items=[*pieces("400"), *pieces("600")])
    assert life.order.ending is Ending.SETTLED
    assert money(life) == ("5000.00", "5000.00", "0.00")


@pytest.mark.parametrize("items", [pieces("1000.001"), [*pieces("500"), *pieces("501")], pieces("1", 2)])
def test_more_than_was_sent_is_a_contradiction(items: list[dict[str, Any]]) -> None:
    """R78"""
    life = Life().arrived()
    refused(life.tell("delivery_receipt", role=Role.CUSTOMER, signed_by=SIGNER, items=items), "contradiction")
    assert life.order.shipments[0].delivered_at is None


def test_what_is_short_is_not_billed_and_pieces_that_come_later_add_up() -> None:
    """R45, R74: the exception ends when all of it is there."""
    life = short()
    assert money(life) == ("4900.00", "5000.00", "-100.00")
    life.later(days=1).does("delivery_receipt", signed_by=SIGNER, items=pieces("15"))
    assert money(life) == ("4975.00", "5000.00", "-25.00")
    assert "exception:short-1" in life.waiting
    refused(
        life.tell("delivery_receipt", role=Role.CUSTOMER, signed_by=SIGNER, items=pieces("6")),
        "contradiction",
    )
    life.does("delivery_receipt", signed_by=SIGNER, items=pieces("5"))
    assert money(life) == ("5000.00", "5000.00", "0.00")
    assert life.order.ending is Ending.SETTLED


def test_a_second_receipt_that_counts_fewer_or_tells_of_damage_is_not_swallowed() -> None:
    """R74: the carrier says signed, the customer says what was in it."""
    life = two_shipments().does("delivery_receipt", shipment="1", signed_by=SIGNER, items=pieces("390"))
    assert life.order.troubles["short-1"].resolved_at is None
    assert str(life.order.bill) == "4950.00"
    life.does("delivery_receipt", shipment="1", signed_by=SIGNER, items=pieces("390"))
    assert str(life.order.shipments[0].taken(1)) == "390.000", "the same once more is not more"
    life = two_shipments().does("delivery_receipt", shipment="1", signed_by=SIGNER, condition="damaged")
    assert life.order.troubles["damaged-1"].resolved_at is None
    assert life.order.shipments[0].condition.value == "damaged"


# --- the outcomes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exception", ["short-1", "transit-1", "refused-1"])
def test_an_outcome_is_named_and_is_one_of_them(exception: str) -> None:
    """R74: words alone settle nothing."""
    life = {"short-1": short, "transit-1": lost, "refused-1": refused_at_the_door}[exception]()
    told: dict[str, Any] = {"exception": exception, "resolution": "x"}
    reply = refused(life.tell("exception_resolved", role=SUPERVISOR, **told), "missing_field")
    assert "reship, credit, accept, end" in reply.en
    refused(life.tell("exception_resolved", role=SUPERVISOR, outcome="write_off", **told), "unknown_outcome")
    for outcome in ("reship", "credit", "end"):
        refused(
            life.tell("exception_resolved", role=Role.SERVICE_CLERK, outcome=outcome, **told), "wrong_role"
        )
    refused(
        life.tell("exception_resolved", role=SUPERVISOR, outcome="credit", items=pieces("1001"), **told),
        "contradiction",
    )
    assert life.order.troubles[exception].resolved_at is None


def test_another_exception_has_no_outcome() -> None:
    life = Life().in_production().does("exception_reported", exception="E", words="x", owner="li")
    told: dict[str, Any] = {"exception": "E", "resolution": "x"}
    refused(life.tell("exception_resolved", outcome="credit", **told), "contradiction")
    refused(life.tell("exception_resolved", items=pieces("1"), **told), "contradiction")


@pytest.mark.parametrize("outcome", ["credit", "accept", "end"])
def test_short_goods_are_not_paid(outcome: str) -> None:
    """R45, R74: what the customer has is billed, whatever is agreed about the rest."""
    life = resolved(short(), "short-1", outcome)
    life.decide(Subject.OVERPAYMENT, "refund")
    assert life.order.ending is Ending.SETTLED
    assert money(life) == ("4900.00", "4900.00", "0.00")


def test_of_the_missing_pieces_some_are_credited_and_the_others_stay_missing() -> None:
    life = resolved(short(), "short-1", "credit", items=pieces("8"))
    assert life.order.goods_troubles["short-1"].quantities == {1: 12}
    assert "exception:short-1" in life.waiting
    refused(
        life.tell(
            "exception_resolved",
            role=SUPERVISOR,
            exception="short-1",
            outcome="credit",
            resolution="x",
            items=pieces("13"),
        ),
        "contradiction",
    )
    resolved(life, "short-1", "credit")
    assert str(life.order.bill) == "4900.00"
    assert "exception:short-1" not in life.waiting


def test_missing_pieces_are_made_again_released_sent_and_billed() -> None:
    """R74: re-ship, with a shipment, receipt and 15 days of its own."""
    life = resolved(short(), "short-1", "reship")
    assert life.order.phase is PhaseName.PRODUCTION
    assert life.order.steps["produce:1"].values["quantity"] == "20.000"
    life.made("20", lot="2").passed("20", lot="2")
    assert "decision:tolerance" not in life.waiting
    assert money(life) == ("5000.00", "5000.00", "0.00")
    life.decide(Subject.FINANCE_RELEASE, "release").sent("2").does("arrived", shipment="2")
    assert life.order.shipments[1].quantities == {1: 20}
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER)
    assert life.order.ending is Ending.SETTLED
    assert money(life) == ("5000.00", "5000.00", "0.00")


def test_a_great_part_that_is_made_again_is_no_surplus() -> None:
    """R45: 400 made a second time are not outside the tolerance."""
    life = Life().arrived().does("delivery_receipt", signed_by=SIGNER, items=pieces("600"))
    resolved(life, "short-1", "reship").made("400", lot="2").passed("400", lot="2")
    assert "decision:tolerance:1" not in life.waiting
    assert "decision:finance_release" in life.waiting


def test_damaged_goods_are_credited_by_the_piece() -> None:
    """R74: nobody counted them before, so the outcome does."""
    life = damaged()
    assert money(life) == ("5000.00", "5000.00", "0.00")
    told: dict[str, Any] = {"exception": "damaged-1", "outcome": "credit", "resolution": "x"}
    reply = refused(life.tell("exception_resolved", role=SUPERVISOR, **told), "missing_field")
    assert reply.where == "content.items"
    resolved(life, "damaged-1", "credit", items=pieces("30"))
    assert money(life) == ("4850.00", "5000.00", "-150.00")
    life.decide(Subject.OVERPAYMENT, "credit")
    assert life.order.ending is Ending.SETTLED


@pytest.mark.parametrize("role", [Role.SALESPERSON, Role.SERVICE_CLERK, SUPERVISOR])
def test_damaged_goods_that_the_customer_takes_are_billed(role: Role) -> None:
    life = resolved(damaged(), "damaged-1", "accept", role)
    assert life.order.ending is Ending.SETTLED
    assert money(life) == ("5000.00", "5000.00", "0.00")


def test_damaged_goods_are_made_again_and_only_the_good_ones_are_billed() -> None:
    life = resolved(damaged(), "damaged-1", "reship", items=pieces("50"))
    assert money(life) == ("4750.00", "5000.00", "-250.00")
    life.made("50", lot="2").passed("50", lot="2").decide(Subject.FINANCE_RELEASE, "release").sent("2")
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER)
    assert life.order.ending is Ending.SETTLED
    assert money(life) == ("5000.00", "5000.00", "0.00")


def test_lost_goods_are_waited_for_no_longer_and_made_again() -> None:
    """R74: while it is open nobody waits for an arrival, and the goods cannot die."""
    life = lost()
    assert not [key for key in life.waiting if key.startswith("arrival")]
    resolved(life, "transit-1", "reship")
    assert life.order.steps["produce:1"].values["quantity"] == "1000.000"
    assert not [key for key in life.waiting if key.startswith(("arrival", "collect"))]
    life.made("1000", lot="2").passed("1000", lot="2").decide(Subject.FINANCE_RELEASE, "release").sent("2")
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER)
    assert (life.order.ending, money(life)) == (Ending.SETTLED, ("5000.00", "5000.00", "0.00"))


def test_of_a_lost_shipment_only_some_pieces_are_lost() -> None:
    life = resolved(lost(), "transit-1", "credit", items=pieces("20"))
    assert [key for key in life.waiting if key.startswith("arrival")]
    assert money(life) == ("4900.00", "5000.00", "-100.00")
    life.does("delivery_receipt", signed_by=SIGNER)
    life.decide(Subject.OVERPAYMENT, "refund")
    assert (life.order.ending, str(life.order.bill)) == (Ending.SETTLED, "4900.00")


def test_an_order_whose_goods_were_lost_is_not_dead() -> None:
    """R74, R76: nothing arrived, so nothing was left uncollected."""
    life = resolved(lost(), "transit-1", "credit")
    assert money(life) == ("0.00", "5000.00", "-5000.00")
    life.decide(Subject.OVERPAYMENT, "refund")
    assert (life.order.ending, life.entries(EntryKind.DEAD)) == (Ending.SETTLED, [])


def test_lost_goods_that_turn_up_are_nobodys_question_any_more() -> None:
    life = lost().does("arrived")
    assert "exception:transit-1" not in life.waiting
    assert "collect:1" in life.waiting
    life = resolved(lost(), "transit-1", "credit")
    life.does("delivery_receipt", signed_by=SIGNER, items=pieces("300"))
    assert money(life) == ("1500.00", "5000.00", "-3500.00"), (
        "written off, and the customer has 300 after all"
    )


def test_what_the_carrier_says_on_the_way_answers_no_other_question() -> None:
    """R74, R76: neither pieces that are missing after the receipt, nor those of a recall, nor a refusal."""
    for life, shipment, key in ((short(), "1", "short-1"), (partly_back(), "2", "recall-2")):
        life.does("transit_reported", shipment=shipment).does("arrived", shipment=shipment)
        assert life.order.troubles[key].resolved_at is None
    life = refused_at_the_door().does("arrived")
    assert life.order.troubles["refused-1"].resolved_at is None
    life = lost().does("transit_reported")
    assert life.order.troubles["transit-1"].resolved_at is not None
    life = lost().does("transit_reported", condition="damaged", words="找到,已破损")
    assert not life.order.steps["exception:transit-1"].blocking


def test_refused_goods_come_back_and_what_is_good_goes_out_again() -> None:
    """R74: 950 of a thousand pass and are sent again, 50 are made anew."""
    life = refused_at_the_door()
    assert "collect:1" not in life.waiting
    life.later(days=30)
    assert life.order.shipments[0].dead_at is None, "the 15 days do not run while it is open"
    resolved(life, "refused-1", "reship")
    assert money(life) == ("0.00", "5000.00", "-5000.00")
    assert "recall:1" in life.waiting
    life.does("goods_returned", **FREIGHT)
    life.does(
        "inspection_reported", shipment="1", passed="950", scrapped="50", checked_with="service_clerk-1"
    )
    assert life.order.steps["produce:1"].values["quantity"] == "50.000"
    life.made("50", lot="2").passed("50", lot="2")
    assert money(life) == ("5000.00", "5000.00", "0.00")
    life.decide(Subject.FINANCE_RELEASE, "release").sent("2")
    assert life.order.shipments[1].quantities == {1: 1000}
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER)
    assert (life.order.ending, money(life)) == (Ending.SETTLED, ("5000.00", "5000.00", "0.00"))


@pytest.mark.parametrize("edition", [Edition.CONTRACTS_AND_CREDIT_NOTES, NEWEST])
def test_refused_goods_that_come_back_whole_go_out_again_with_a_release_of_their_own(edition: int) -> None:
    """R74, R52: nothing is made anew; what finance said of the goods that left is no answer for these."""
    life = Life(edition=edition).shipped().does("arrived", condition="refused")
    resolved(life, "refused-1", "reship").does("goods_returned", **FREIGHT)
    life.does("inspection_reported", shipment="1", passed="1000", checked_with="service_clerk-1")
    assert (life.order.phase, life.waiting) == (PhaseName.CLEARANCE, {"decision:finance_release"})
    assert len(life.order.releases) == 1, "the first one's goods left"
    life.decide(Subject.FINANCE_RELEASE, "release").sent("2")
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER)
    assert (life.order.ending, money(life)) == (Ending.SETTLED, ("5000.00", "5000.00", "0.00"))


@pytest.mark.parametrize("outcome", ["credit", "end"])
def test_refused_goods_are_called_back_and_not_paid(outcome: str) -> None:
    life = resolved(refused_at_the_door(), "refused-1", outcome)
    assert str(life.order.bill) == "0.00"
    life.does("goods_returned", **FREIGHT)
    life.does("inspection_reported", shipment="1", passed="1000", checked_with="service_clerk-1")
    life.decide(Subject.OVERPAYMENT, "refund")
    assert (life.order.ending, money(life)) == (Ending.SETTLED, ("0.00", "0.00", "0.00"))


def test_refused_goods_that_the_customer_takes_after_all_go_their_way() -> None:
    life = resolved(refused_at_the_door(), "refused-1", "accept", Role.SALESPERSON)
    assert "collect:1" in life.waiting
    life.does("delivery_receipt", signed_by=SIGNER)
    assert (life.order.ending, money(life)) == (Ending.SETTLED, ("5000.00", "5000.00", "0.00"))


def test_damage_on_the_way_may_end_in_words_for_the_receipt_will_tell() -> None:
    """R74"""
    life = Life().shipped().does("transit_reported", condition="damaged", words="两箱受潮")
    assert not life.order.steps["exception:transit-1"].blocking
    life.does("exception_resolved", exception="transit-1", resolution="已告知客户")
    life.does("arrived").does("delivery_receipt", signed_by=SIGNER)
    assert life.order.ending is Ending.SETTLED
    life = Life().shipped().does("transit_reported", condition="damaged", words="两箱受潮")
    resolved(life, "transit-1", "credit", items=pieces("100"))
    assert money(life) == ("4500.00", "5000.00", "-500.00")


def test_an_order_ends_with_what_the_customer_has() -> None:
    """R74: 400 of a thousand sent, 390 there; the rest is neither made nor sent."""
    life = Life(partial_delivery=True).in_production().made("400", finished=False).passed("400")
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release").sent()
    life.does("delivery_receipt", signed_by=SIGNER, items=pieces("390"))
    resolved(life, "short-1", "end")
    assert not [key for key in life.waiting if key.startswith("produce")]
    assert life.papers("rest_cancelled_notice") == [
        "the rest is cancelled: 已与客户商定 (line 1: 600 not made)"
    ]
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="3050.00")
    assert (life.order.ending, money(life)) == (Ending.SETTLED, ("1950.00", "1950.00", "0.00"))
    refused(life.tell("exception_resolved", exception="short-1", resolution="x"), "order_ended")


def test_it_is_decided_once() -> None:
    life = resolved(lost(), "transit-1", "reship")
    told: dict[str, Any] = {"exception": "transit-1", "outcome": "credit", "resolution": "x"}
    refused(life.tell("exception_resolved", role=SUPERVISOR, **told), "already_decided")


# --- a recall that brings back a part ---------------------------------------------------------------------------------


def test_what_did_not_come_back_is_not_billed_and_has_an_owner() -> None:
    """R76, R47: 600 sent, dead, 590 back."""
    life = partly_back()
    assert money(life) == ("2000.00", "5000.00", "-3000.00")
    trouble = life.order.troubles["recall-2"]
    assert (trouble.rule, trouble.owner) == ("R76", "material_controller-1")
    step = life.order.steps["missing:2"]
    assert (step.blocking, step.values["goods"]) == (True, "1:10.000")
    assert [role.value for role in step.roles] == ["material_controller", "logistics"]
    told = [each for each in life.order.unsent if each.identity.startswith("exception_notice:recall-2")]
    assert Role.MATERIAL_CONTROLLER in told[0].to
    life.later(days=60)
    assert life.order.lives


def test_it_is_written_off_as_lost() -> None:
    life = partly_back()
    told: dict[str, Any] = {"exception": "recall-2", "resolution": "站点丢失,已索赔"}
    refused(life.tell("exception_resolved", role=SUPERVISOR, outcome="credit", **told), "unknown_outcome")
    refused(
        life.tell("exception_resolved", role=Role.MATERIAL_CONTROLLER, outcome="write_off", **told),
        "wrong_role",
    )
    resolved(life, "recall-2", "write_off")
    life.decide(Subject.OVERPAYMENT, "refund")
    assert (life.order.ending, money(life)) == (Ending.SETTLED, ("2000.00", "2000.00", "0.00"))


def test_or_the_rest_comes_back_later() -> None:
    life = partly_back()
    refused(life.tell("goods_returned", shipment="2", items=pieces("10.001"), **FREIGHT), "contradiction")
    life.does("goods_returned", shipment="2", items=[*pieces("4"), *pieces("3")], **FREIGHT)
    assert life.order.steps["missing:2"].values["goods"] == "1:3.000"
    life.does("goods_returned", shipment="2", **FREIGHT)
    assert (life.order.returned(1), str(life.order.shipments[1].freight_out)) == (600, "3.00")
    assert "missing:2" not in life.waiting
    assert "inspect_return:2" in life.waiting
    life.does("inspection_reported", shipment="2", scrapped="10", checked_with="service_clerk-1")
    life.decide(Subject.OVERPAYMENT, "refund")
    assert life.order.ending is Ending.SETTLED


def test_or_the_customer_collects_it_and_pays_for_it() -> None:
    """R77: with parts."""
    life = partly_back()
    refused(
        life.tell("delivery_receipt", role=Role.CUSTOMER, shipment="2", signed_by=SIGNER, items=pieces("11")),
        "contradiction",
    )
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER, items=pieces("6"))
    assert life.order.steps["missing:2"].values["goods"] == "1:4.000"
    assert str(life.order.bill) == "2030.00"
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER, items=pieces("4"))
    assert money(life) == ("2050.00", "5000.00", "-2950.00")
    assert "missing:2" not in life.waiting
    assert life.papers("recall_called_off") == []


def test_a_receipt_without_a_count_is_for_what_is_still_out() -> None:
    life = partly_back().does("delivery_receipt", shipment="2", signed_by=SIGNER)
    assert (life.order.shipments[1].taken(1), str(life.order.bill)) == (10, "2050.00")


def test_a_customer_who_collects_a_part_of_dead_goods_leaves_the_others_to_the_recall() -> None:
    """R77"""
    life = two_shipments().later(days=16)
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER, items=pieces("200"))
    assert "recall:2" in life.waiting
    assert life.papers("recall_called_off") == []
    life.does("goods_returned", shipment="2", **FREIGHT)
    assert (life.order.returned(1), str(life.order.bill)) == (400, "3000.00")


def test_the_first_of_two_contradicting_facts_decides_and_the_bill_follows_it() -> None:
    """R77: collected before it came back, told afterwards."""
    life = two_shipments().later(days=16)
    collected = life.now
    life.later(days=1).does("goods_returned", shipment="2", **FREIGHT)
    assert str(life.order.bill) == "2000.00"
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER, happened=collected)
    assert str(life.order.bill) == "5000.00"
    assert life.order.ending is Ending.SETTLED


def test_a_dead_order_is_not_over_while_goods_of_it_are_missing() -> None:
    """R76, R47: nothing was delivered, 400 of a thousand came back."""
    life = Life().arrived().later(days=16).does("goods_returned", items=pieces("400"), **FREIGHT)
    life.does("inspection_reported", shipment="1", passed="400", checked_with="service_clerk-1")
    assert money(life) == ("0.00", "5000.00", "-5000.00")
    assert "missing:1" in life.waiting
    assert life.order.pending_ending is None
    resolved(life, "recall-1", "write_off")
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="5000.00")
    assert life.order.ending is Ending.DEAD


def test_what_came_back_is_inspected_once() -> None:
    """R76: 400 back; 300 and 100 are looked at, and no piece twice."""
    life = Life().arrived().later(days=16).does("goods_returned", items=pieces("400"), **FREIGHT)
    look: dict[str, Any] = {"shipment": "1", "checked_with": "service_clerk-1"}
    life.does("inspection_reported", passed="250", scrapped="50", **look)
    assert life.order.shipments[0].returned_inspected == {1: 300}
    refused(life.tell("inspection_reported", passed="101", **look), "contradiction")
    life.does("inspection_reported", passed="60", to_rework="40", **look)
    shipment = life.order.shipments[0]
    assert (shipment.returned_inspected, shipment.returned_passed) == ({1: 400}, {1: 310})
    refused(life.tell("inspection_reported", scrapped="0.001", **look), "contradiction")


def test_an_order_of_which_nothing_was_made_is_not_dead() -> None:
    """R76, R84: all that was made is scrapped, and the customer takes it so."""
    life = Life().in_production().made("1000")
    life.does(
        "inspection_reported", line=1, lot="1", passed="0", scrapped="1000", checked_with="service_clerk-1"
    )
    life.decide(Subject.TOLERANCE, "accept", line=1)
    assert life.entries(EntryKind.DEAD) == []
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1500.00")
    assert life.order.ending is Ending.CANCELLED


def test_lines_keep_apart() -> None:
    """R76: of two lines the one came back whole, the other in part."""
    life = Life(lines=[line(1), line(2, quantity="100")])
    life.in_production("1650.00").made().passed().made("100", line=2).passed("100", line=2)
    life.paid("3850.00").decide(Subject.FINANCE_RELEASE, "release").sent().does("arrived").later(days=16)
    life.does("goods_returned", items=[*pieces("1000"), *pieces("98", 2)], **FREIGHT)
    assert life.order.steps["missing:1"].values["goods"] == "2:2.000"
    assert str(life.order.bill) == "0.00"
