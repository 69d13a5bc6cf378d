"""Goods that turn up after they were made again: surplus, and never more than was ordered (R45, R74, R76, R78)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.vocabulary import Ending, PhaseName
from tests.models.life import SIGNER, Life
from tests.models.stock_life import StockLife
from tests.models.test_bill import money
from tests.models.test_goods_exceptions import FREIGHT, lost, pieces, refused_at_the_door, resolved, short

AS_ORDERED = ("5000.00", "5000.00", "0.00")
CUSTOMER = "decision:tolerance:1"


def looked_at(life: Life, passed: str = "0", scrapped: str = "0") -> Life:
    """What came back of the first shipment is inspected."""
    return life.does(
        "inspection_reported",
        shipment="1",
        passed=passed,
        scrapped=scrapped,
        checked_with="service_clerk-1",
    )


def ten_given_up() -> Life:
    """Of a thousand that were refused 990 are back and good; ten are lost, and to be made anew."""
    life = resolved(refused_at_the_door(), "refused-1", "reship")
    life.does("goods_returned", items=pieces("990"), **FREIGHT)
    return resolved(looked_at(life, passed="990"), "recall-1", "write_off")


def made_anew(life: Life, quantity: str) -> Life:
    """What was given up is made, inspected, and in the warehouse."""
    return life.made(quantity, lot="2").passed(quantity, lot="2")


def sent_again(life: Life) -> Life:
    """All that is ready is released, and leaves."""
    return life.decide(Subject.FINANCE_RELEASE, "release").sent("2")


def ten_back(life: Life) -> Life:
    """The ten turn up, and are back at the factory."""
    return life.does("goods_returned", shipment="1", items=pieces("10"), **FREIGHT)


def has(life: Life) -> str:
    """What the customer has of the line."""
    return str(sum(shipment.taken(1) for shipment in life.order.shipments))


def test_ten_that_turn_up_after_all_was_sent_are_surplus_and_not_asked_of_the_customer() -> None:
    """R74, R76, R45: 990 and ten made anew have left; the ten that were lost are the house's."""
    life = looked_at(ten_back(sent_again(made_anew(ten_given_up(), "10"))), passed="10")
    assert money(life) == AS_ORDERED
    assert "decision:finance_release" not in life.waiting
    assert CUSTOMER in life.waiting, "the surplus has somebody who decides, and is not lost sight of"
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER)
    assert life.order.lives
    life.decide(Subject.TOLERANCE, "return_surplus", line=1)
    assert (life.order.ending, money(life), has(life)) == (Ending.SETTLED, AS_ORDERED, "1000.000")


def test_a_customer_who_takes_the_surplus_gets_and_pays_it() -> None:
    """R45"""
    life = looked_at(ten_back(sent_again(made_anew(ten_given_up(), "10"))), passed="10")
    life.decide(Subject.TOLERANCE, "accept", line=1)
    assert money(life) == ("5050.00", "5000.00", "50.00")
    life.paid("50.00").decide(Subject.FINANCE_RELEASE, "release").sent("3")
    assert life.order.shipments[2].quantities == {1: 10}
    for shipment in ("2", "3"):
        life.does("delivery_receipt", shipment=shipment, signed_by=SIGNER)
    assert (life.order.ending, has(life)) == (Ending.SETTLED, "1010.000")


def test_the_surplus_is_not_released_with_what_still_waits_in_the_warehouse() -> None:
    """R45, R52: the ten turn up before the thousand were released."""
    life = looked_at(ten_back(made_anew(ten_given_up(), "10")), passed="10")
    assert money(life) == AS_ORDERED
    life.decide(Subject.TOLERANCE, "return_surplus", line=1)
    sent_again(life)
    assert life.order.shipments[1].quantities == {1: 1000}


def test_ten_that_turn_up_before_they_are_made_need_not_be_made() -> None:
    """R41, R74: a thousand go out again, and the factory has nothing to make."""
    life = ten_given_up()
    assert life.order.steps["produce:1"].values["quantity"] == "10.000"
    looked_at(ten_back(life), passed="10")
    assert not [key for key in life.waiting if key.startswith(("produce", "decision:tolerance"))]
    sent_again(life)
    assert life.order.shipments[1].quantities == {1: 1000}
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER)
    assert (life.order.ending, money(life)) == (Ending.SETTLED, AS_ORDERED)


def test_of_ten_that_turn_up_those_that_fail_are_not_made_a_second_time() -> None:
    """R74: they were made anew already."""
    life = looked_at(ten_back(made_anew(ten_given_up(), "10")), passed="4", scrapped="6")
    assert not [key for key in life.waiting if key.startswith("produce")]
    assert CUSTOMER in life.waiting, "four are surplus"
    life.decide(Subject.TOLERANCE, "return_surplus", line=1)
    sent_again(life)
    assert life.order.shipments[1].quantities == {1: 1000}
    life = looked_at(ten_back(ten_given_up()), passed="4", scrapped="6")
    assert life.order.steps["produce:1"].values["quantity"] == "6.000"


def test_ten_that_turn_up_and_all_fail_change_nothing() -> None:
    """R74"""
    life = looked_at(ten_back(sent_again(made_anew(ten_given_up(), "10"))), scrapped="10")
    assert CUSTOMER not in life.waiting
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER)
    assert (life.order.ending, money(life)) == (Ending.SETTLED, AS_ORDERED)


def test_the_customer_who_collects_what_was_given_up_gets_so_much_less_again() -> None:
    """R77: ten were made anew, and the customer has the ten that were lost."""
    life = made_anew(ten_given_up(), "10")
    life.does("delivery_receipt", shipment="1", signed_by=SIGNER, items=pieces("10"))
    assert money(life) == AS_ORDERED
    life.decide(Subject.TOLERANCE, "return_surplus", line=1)
    sent_again(life)
    assert life.order.shipments[1].quantities == {1: 990}
    life.does("delivery_receipt", shipment="2", signed_by=SIGNER)
    assert (life.order.ending, money(life), has(life)) == (Ending.SETTLED, AS_ORDERED, "1000.000")


# --- lost on the way, and short ----------------------------------------------------------------------------------------


def all_lost() -> Life:
    """A thousand lost on the way, to be sent again."""
    return resolved(lost(), "transit-1", "reship")


def twenty_short() -> Life:
    """Twenty of a thousand are missing, and to be sent again."""
    return resolved(short(), "short-1", "reship")


def signed(life: Life, shipment: str = "1", quantity: str | None = None) -> Life:
    """The customer signs: for all of it, or for so much."""
    items = pieces(quantity) if quantity else []
    return life.does("delivery_receipt", shipment=shipment, signed_by=SIGNER, items=items)


@pytest.mark.parametrize(("given_up", "quantity"), [(all_lost, "1000"), (twenty_short, "20")])
def test_what_reaches_the_customer_before_it_is_made_is_not_made(
    given_up: Callable[[], Life], quantity: str
) -> None:
    """R74, R78"""
    life = signed(given_up(), quantity=quantity)
    assert (life.order.ending, money(life), has(life)) == (Ending.SETTLED, AS_ORDERED, "1000.000")


@pytest.mark.parametrize(("given_up", "quantity"), [(all_lost, "1000"), (twenty_short, "20")])
@pytest.mark.parametrize("released", [False, True])
def test_what_reaches_the_customer_after_it_is_made_stays_with_the_house(
    given_up: Callable[[], Life], quantity: str, released: bool
) -> None:
    """R74, R61: also where it was released; the customer is asked whether it is wanted (R45)."""
    life = made_anew(given_up(), quantity)
    if released:
        life.decide(Subject.FINANCE_RELEASE, "release")
    signed(life, quantity=quantity)
    assert money(life) == AS_ORDERED
    assert not [release for release in life.order.releases if release.outstanding]
    assert CUSTOMER in life.waiting
    life.decide(Subject.TOLERANCE, "return_surplus", line=1)
    assert (life.order.ending, money(life), has(life)) == (Ending.SETTLED, AS_ORDERED, "1000.000")


@pytest.mark.parametrize(("given_up", "quantity"), [(all_lost, "1000"), (twenty_short, "20")])
def test_the_customer_who_has_both_pays_for_what_was_ordered_unless_the_rest_is_taken(
    given_up: Callable[[], Life], quantity: str
) -> None:
    """R45, R78: the second of both is on its way when the first turns up."""
    life = signed(sent_again(made_anew(given_up(), quantity)), quantity=quantity)
    assert money(life) == AS_ORDERED
    signed(life, shipment="2")
    assert life.order.lives
    assert (money(life), CUSTOMER in life.waiting) == (AS_ORDERED, True)
    life.decide(Subject.TOLERANCE, "accept", line=1)
    assert str(life.order.bill) == ("10000.00" if quantity == "1000" else "5100.00")


def test_it_is_surplus_also_where_the_second_was_signed_for_and_is_not_paid() -> None:
    """R45: the order is settled by money alone, and goes back to the question."""
    life = Life().in_warehouse().decide(Subject.BALANCE_RELEASE, "on_credit")
    life.decide(Subject.FINANCE_RELEASE, "release").sent()
    life.does("transit_reported", condition="lost", words="整车被盗")
    made_anew(resolved(life, "transit-1", "reship"), "1000").decide(Subject.BALANCE_RELEASE, "on_credit")
    signed(sent_again(life), shipment="2")
    assert (life.order.phase, money(life)) == (PhaseName.SETTLEMENT, ("5000.00", "1500.00", "3500.00"))
    signed(life)
    assert money(life) == ("5000.00", "1500.00", "3500.00")
    assert CUSTOMER in life.waiting


def test_what_was_answered_for_the_goods_that_left_is_no_answer_for_those_made_again() -> None:
    """R61, R74: neither the director's word nor that of finance, from the moment on in which they are to be made."""
    life = Life().in_warehouse().decide(Subject.BALANCE_RELEASE, "on_credit")
    life.decide(Subject.FINANCE_RELEASE, "release").sent()
    life.does("transit_reported", condition="lost", words="整车被盗")
    both = (Subject.BALANCE_RELEASE, Subject.FINANCE_RELEASE)
    assert [life.order.outcome(each) for each in both] == ["on_credit", "release"]
    resolved(life, "transit-1", "reship")
    assert [life.order.decision(each) for each in both] == [None, None]
    assert {each.subject for each in life.entries(EntryKind.VOIDED)} >= {each.value for each in both}
    made_anew(life, "1000")
    assert {f"decision:{each.value}" for each in both} <= life.waiting


def test_pieces_that_were_credited_come_first() -> None:
    """R74: of twenty eight were credited and twelve made anew; of twelve that turn up four are more than was ordered."""
    life = resolved(short(), "short-1", "credit", items=pieces("8"))
    made_anew(resolved(life, "short-1", "reship"), "12")
    sent_again(life)
    signed(life, quantity="12")
    assert money(life) == AS_ORDERED
    life.decide(Subject.TOLERANCE, "accept", line=1)
    assert str(life.order.bill) == "5020.00"


def test_what_comes_back_and_is_not_sent_again_takes_nothing_from_what_is_made_anew() -> None:
    """R74, R76: the twenty were found and are the house's; the customer gets the twenty that are made."""
    life = twenty_short().does("goods_returned", shipment="1", items=pieces("20"), **FREIGHT)
    looked_at(life, passed="20")
    assert life.order.steps["produce:1"].values["quantity"] == "20.000"
    sent_again(made_anew(life, "20"))
    signed(life, shipment="2")
    assert (life.order.ending, money(life), has(life)) == (Ending.SETTLED, AS_ORDERED, "1000.000")


def test_found_on_the_way_after_it_was_made_again_has_an_owner_and_calls_nobody_to_collect() -> None:
    """R74, R47: somebody has it brought back, or lets the customer have it."""
    life = made_anew(all_lost(), "1000").does("arrived")
    trouble = life.order.troubles["found-1"]
    assert (trouble.rule, trouble.owner, trouble.resolved_at) == ("R74", "service_clerk-1", None)
    assert life.papers("arrival_notice") == []
    life.does("transit_reported")
    assert len(life.entries(EntryKind.EXCEPTION, "found-1")) == 1
    signed(life)
    assert life.order.troubles["found-1"].resolved_at is not None


def test_a_second_loss_of_what_was_surplus_is_not_made_a_third_time() -> None:
    """R74: the customer has the thousand that turned up."""
    life = signed(sent_again(made_anew(all_lost(), "1000")))
    life.does("transit_reported", shipment="2", condition="lost", words="又被盗")
    resolved(life, "transit-2", "reship")
    assert not [key for key in life.waiting if key.startswith(("produce", "decision:tolerance"))]
    assert money(life) == AS_ORDERED
    assert life.order.ending is Ending.SETTLED


def test_within_the_tolerance_what_was_made_first_stays_billed() -> None:
    """R45: 1008 are within the tolerance; only the ten that turned up are the surplus."""
    life = Life().in_production().made("1008").passed("1008").paid("3540.00")
    life.decide(Subject.FINANCE_RELEASE, "release").sent().does("arrived", condition="refused")
    resolved(life, "refused-1", "reship").does("goods_returned", items=pieces("998"), **FREIGHT)
    resolved(looked_at(life, passed="998"), "recall-1", "write_off")
    looked_at(ten_back(sent_again(made_anew(life, "10"))), passed="10")
    assert str(life.order.bill) == "5040.00"
    assert CUSTOMER in life.waiting


# --- from stock --------------------------------------------------------------------------------------------------------


def lost_from_stock() -> StockLife:
    """A thousand from the shelf, lost on the way, to be sent again."""
    life = StockLife().firm().released().picked().sent()
    life.does("transit_reported", condition="lost", words="整车被盗")
    resolved(life, "transit-1", "reship")
    return life


def test_what_turns_up_before_it_left_again_stays_on_the_shelf() -> None:
    """R74, R110: the book has the second thousand back, and the release falls."""
    life = lost_from_stock().decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.stock.of(1) == 2000
    signed(life)
    assert (life.order.ending, money(life)) == (Ending.SETTLED, AS_ORDERED)
    assert life.stock.items["TP-80"].available == 1000


def test_a_customer_who_has_both_from_stock_pays_once_and_the_clerk_settles_the_rest() -> None:
    """R45, R47: nobody made too much, so nobody is asked by the system; it has an owner."""
    life = lost_from_stock().decide(Subject.FINANCE_RELEASE, "release")
    signed(life.picked().sent("2"))
    assert money(life) == AS_ORDERED
    trouble = life.order.troubles["surplus-1"]
    assert (trouble.rule, trouble.owner, trouble.resolved_at) == ("R45", "service_clerk-1", None)


def test_ten_from_stock_that_turn_up_late_are_not_sent_on_top() -> None:
    """R74, R76, R110: they lie on the shelf for anybody."""
    life = StockLife().firm().released().picked().sent().does("arrived", condition="refused")
    resolved(life, "refused-1", "reship").does("goods_returned", items=pieces("990"), **FREIGHT)
    resolved(looked_at(life, passed="990"), "recall-1", "write_off")
    life.decide(Subject.FINANCE_RELEASE, "release").picked().sent("2")
    assert life.order.shipments[1].quantities == {1: 1000}
    looked_at(ten_back(life), passed="10")
    assert (life.order.stock.of(1), money(life)) == (2000, AS_ORDERED)
    assert "decision:finance_release" not in life.waiting
    signed(life, shipment="2")
    assert life.order.ending is Ending.SETTLED
