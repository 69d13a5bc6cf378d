"""What is billed and what is open, worked out by hand (R45, R53, R76, R84)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.order.money.bill import bill_of_shipment, this_bill
from models.values.money import line_amount
from models.values.vocabulary import Ending, Role
from tests.models.life import SIGNER, Life, line


def money(life: Life) -> tuple[str, str, str]:
    """Bill, paid, open."""
    return str(life.order.bill), str(life.order.ledger.paid), str(life.order.open_balance)


def two_shipments() -> Life:
    """A thousand rolls at 5.00, all paid: 400 sent and signed for, 600 sent and arrived."""
    life = (
        Life(partial_delivery=True)
        .in_production()
        .made("400", finished=False, lot="A")
        .passed("400", lot="A")
    )
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release").sent("1")
    life.does("arrived", shipment="1").does("delivery_receipt", shipment="1", signed_by=SIGNER)
    life.made("600", lot="B").passed("600", lot="B").decide(Subject.FINANCE_RELEASE, "release").sent("2")
    return life.does("arrived", shipment="2")


def test_before_goods_are_there_the_order_counts_and_then_what_passed() -> None:
    """R45"""
    life = Life().in_production()
    assert money(life) == ("0.00", "1500.00", "3500.00")
    life.made("980")
    assert money(life) == ("0.00", "1500.00", "3500.00")
    life.does("inspection_reported", passed="980", checked_with="service_clerk-1")
    assert money(life) == ("0.00", "1500.00", "3500.00")
    life.does("warehouse_entered", quantity="980")
    assert money(life) == ("4900.00", "1500.00", "3400.00")


def test_lines_are_rounded_one_by_one() -> None:
    """3.335 rolls of 1.11 are 3.70185, and twice that is 7.40 and not 7.41."""
    life = Life(lines=[line(n, quantity="3.335", unit_price="1.11") for n in (1, 2)])
    assert str(life.order.total) == "7.40"
    # half of a fen goes up: 0.5 of 0.01
    assert str(Life(lines=[line(1, quantity="0.5", unit_price="0.01")]).order.total) == "0.01"


def test_the_deposit_is_a_share_of_the_order_rounded_to_the_fen() -> None:
    """R33: 30 % of 1000.05 is 300.015."""
    life = Life(lines=[line(1, quantity="1", unit_price="1000.05")]).verified().sheet_out().signed()
    assert life.order.steps["deposit"].values["amount"] == "300.02"


@pytest.mark.parametrize(
    ("outcome", "bill", "balance"),
    [("accept", "5500.00", "4000.00"), ("return_surplus", "5000.00", "3500.00")],
)
def test_the_surplus_is_billed_when_the_customer_takes_it(outcome: str, bill: str, balance: str) -> None:
    """R45: 1100 of 1000 passed, five per cent were agreed."""
    life = Life().in_warehouse("1100").decide(Subject.TOLERANCE, outcome)
    assert money(life) == (bill, "1500.00", balance)


def test_a_surplus_that_goes_back_makes_no_more_of_what_is_short() -> None:
    """R45: of two lines only the one whose surplus was returned is billed as ordered."""
    life = Life(
        lines=[line(1), line(2)],
        customer={"customer_class": "A"},
        policy={"payment": {"tolerance_percent": "0"}},
    )
    life.verified().sheet_out().does("production_signed", version=1, clerk="service_clerk-1")
    life.made("1100", line=1).passed("1100", line=1).decide(Subject.TOLERANCE, "return_surplus", line=1)
    life.made("900", line=2).passed("900", line=2).decide(Subject.TOLERANCE, "accept", line=2)
    assert str(life.order.bill) == "9500.00"


def test_after_a_recall_the_bill_is_for_what_stayed_with_the_customer() -> None:
    """R76: 400 of 1000 rolls were collected; 600 came back and are not billed."""
    life = two_shipments()
    assert money(life) == ("5000.00", "5000.00", "0.00")
    life.later(days=16)
    assert money(life) == ("5000.00", "5000.00", "0.00"), "dead, and not back yet"
    life.does("goods_returned", shipment="2", freight_out="60.00", freight_back="65.50")
    assert money(life) == ("2000.00", "5000.00", "-3000.00")
    life.does("inspection_reported", shipment="2", passed="600", checked_with="service_clerk-1")
    assert money(life) == ("2000.00", "5000.00", "-3000.00"), "good or bad, it is back"
    life.decide(Subject.OVERPAYMENT, "refund", refunded="3000.00")
    assert life.order.ending is Ending.SETTLED
    ended = life.entries(EntryKind.ENDED)[0]
    assert (ended.subject, ended.data) == ("settled", {"bill": "2000.00", "paid": "2000.00"})
    assert money(life) == ("2000.00", "2000.00", "0.00")


def test_what_came_back_is_counted_by_line() -> None:
    """R76: of the 600 only 450 came back."""
    life = two_shipments().later(days=16)
    items: list[dict[str, Any]] = [{"line": 1, "quantity": "450"}]
    life.does("goods_returned", shipment="2", items=items, freight_out="1.00", freight_back="1.00")
    assert str(life.order.returned(1)) == "450.000"


def test_goods_lost_on_a_recall_are_not_billed() -> None:
    """R45, R76: billed is what the customer has."""
    life = two_shipments().later(days=16)
    items: list[dict[str, Any]] = [{"line": 1, "quantity": "450"}]
    life.does("goods_returned", shipment="2", items=items, freight_out="1.00", freight_back="1.00")
    assert str(life.order.bill) == "2000.00"


def test_a_dead_order_claims_nothing_and_what_was_paid_is_settled() -> None:
    """R76, R84"""
    life = Life().arrived().later(days=16)
    life.does("goods_returned", freight_out="1.00", freight_back="1.00")
    assert money(life) == ("0.00", "5000.00", "-5000.00")
    life.does("inspection_reported", shipment="1", passed="1000", checked_with="service_clerk-1")
    life.decide(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="4800.00", kept="200.00")
    assert money(life) == ("0.00", "200.00", "0.00")
    ended = life.entries(EntryKind.ENDED)[0]
    assert (ended.subject, ended.data) == ("dead", {"bill": "0.00", "paid": "200.00"})


@pytest.mark.parametrize(
    ("outcome", "paid", "credited", "refunded"),
    [("credit", "5000.00", "250.00", "0.00"), ("refund", "5000.00", "0.00", "250.00")],
)
def test_what_was_paid_too_much_is_credited_or_refunded(
    outcome: str, paid: str, credited: str, refunded: str
) -> None:
    """R53"""
    life = Life().arrived().paid("250.00").does("delivery_receipt", signed_by=SIGNER)
    assert money(life) == ("5000.00", "5250.00", "-250.00")
    life.decide(Subject.OVERPAYMENT, outcome)
    ledger = life.order.ledger
    assert (str(ledger.paid), str(ledger.credited), str(ledger.refunded)) == (paid, credited, refunded)
    assert str(ledger.received) == "5250.00"
    assert life.order.ending is Ending.SETTLED


def test_what_the_carrier_collects_is_what_is_open_when_the_goods_leave() -> None:
    """R62: 5000.00 less 4600.00 paid; remitted in two parts."""
    life = Life().in_warehouse().paid("3100.00")
    life.decide(Subject.FINANCE_RELEASE, "release", collection="carrier_collects")
    life.does("contact_logged", channel="phone", topic="freight_agent", words="x").sent()
    shipment = life.order.shipments[0]
    assert str(shipment.to_collect) == "400.00"
    life.does("delivery_receipt", signed_by=SIGNER)
    assert life.order.steps["remittance:1"].values["amount"] == "400.00"
    life.does("collection_remitted", amount="150.00", reference="DS-1")
    assert life.order.steps["remittance:1"].values["amount"] == "250.00"
    life.does("collection_remitted", amount="150.00", reference="DS-1")
    assert money(life) == ("5000.00", "4750.00", "250.00"), "the same voucher is the same money"
    life.does("collection_remitted", amount="250.00", reference="DS-2")
    assert life.order.ending is Ending.SETTLED


@pytest.mark.parametrize(
    ("paid", "collection"), [("4999.50", "on_credit"), ("4999.99", "on_credit"), ("5000.00", "none")]
)
def test_class_a_ships_on_credit_while_a_fen_is_open(paid: str, collection: str) -> None:
    """R50: by its contract."""
    life = (
        Life(customer={"customer_class": "A"}, payment_terms="on_account").verified().sheet_out().paid(paid)
    )
    life.does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    (release,) = life.order.releases
    assert (release.ground, release.collection.value, release.granted_by) == ("contract", collection, "")


def test_a_guarantee_releases_and_the_carrier_collects() -> None:
    """R38b: on the salesperson's word, without finance."""
    life = Life(lines=[line(1, quantity="100")]).verified()
    life.decide(Subject.SMALL_ORDER, "guaranteed", assessment="老客户").sheet_out().signed()
    life.decide(Subject.THREE_PARTY, "confirm").does("production_signed", version=1, clerk="service_clerk-1")
    life.made("100").passed("100")
    (release,) = life.order.releases
    assert (release.ground, release.collection.value) == ("guarantee", "carrier_collects")
    assert (release.granted_by, str(release.balance), str(release.paid)) == (
        "salesperson-1",
        "500.00",
        "0.00",
    )
    (entry,) = life.entries(EntryKind.RELEASED)
    assert entry.data == {
        "ground": "guarantee",
        "balance": "500.00",
        "collection": "carrier_collects",
        "goods": "1:100.000",
    }


def test_what_is_to_be_settled_names_what_was_paid_and_what_it_cost() -> None:
    """R84: free before production."""
    life = Life().confirmed().does("cancellation_requested", reason="x")
    asked = life.order.asked["deposit_settlement"]
    assert asked.about_words == {"paid": "1500.00", "cost": "0.00"}
    life = Life().in_production().does("cancellation_requested", reason="x")
    life.answer(Subject.CANCELLATION, "approve", cost="400.00")
    assert life.order.asked["deposit_settlement"].about_words == {"paid": "1500.00", "cost": "400.00"}


@pytest.mark.parametrize(
    "owed",
    [
        {
            "kind": "payment_received",
            "role": Role.SYSTEM,
            "by": "bank",
            "amount": "1.00",
            "reference": "TX-LATE",
        },
        {"kind": "exception_reported", "exception": "E", "words": "x", "owner": "li"},
    ],
    ids=["a payment that finance has not confirmed", "an exception nobody resolved"],
)
def test_an_order_is_not_settled_while_something_is_owed(owed: dict[str, Any]) -> None:
    """R53, R47: delivered and paid, and not at its end."""
    life = Life().arrived().does(**owed).does("delivery_receipt", signed_by=SIGNER)
    assert (life.order.lives, life.order.headline.value) == (True, "completed")


def test_nor_while_a_paper_is_owed() -> None:
    """R12, R32: the written order, the sheet of a class A customer."""
    spoken = (
        Life(channel="salesperson", in_writing=False).arrived().does("delivery_receipt", signed_by=SIGNER)
    )
    assert spoken.order.lives
    spoken.does("document_supplied", document="written_order", reference="W-1")
    assert spoken.order.ending is Ending.SETTLED
    life = (
        Life(customer={"customer_class": "A"}, payment_terms="on_account")
        .verified()
        .sheet_out()
        .paid("5000.00")
    )
    life.does("production_signed", version=1, clerk="service_clerk-1").made().passed().sent()
    life.does("delivery_receipt", signed_by=SIGNER)
    assert life.order.lives
    life.signed()
    assert life.order.ending is Ending.SETTLED


def test_a_plan_is_about_the_exceptions_that_are_open() -> None:
    """R42"""
    life = Life().in_production()
    for name in ("P-1", "P-2"):
        life.does("production_exception", exception=name, reason="停电")
    assert life.order.asked["emergency_plan"].about_words == {"exceptions": "['P-1', 'P-2']"}


def test_the_sheet_that_is_printed_names_its_version_and_content() -> None:
    """R30: the picture that comes back is matched by them."""
    life = Life().verified()
    (sheet,) = [each for each in life.order.unsent if each.paper.value == "confirmation_sheet"]
    assert sheet.content is not None
    assert (sheet.content["version"], sheet.content["content_hash"]) == (
        "1",
        life.order.sheets[0].content_hash,
    )


@pytest.mark.parametrize(
    ("price", "shipments", "bills"),
    [
        ("0.0385", ("4115", "4115", "4115"), ("158.43", "158.43", "158.42")),
        ("2.50", ("60", "40"), ("150.00", "100.00")),
        ("0.005", ("1", "1", "1"), ("0.01", "0.00", "0.01")),
        ("1.11", ("3.335", "3.335"), ("3.70", "3.70")),
    ],
)
def test_a_line_is_rounded_once_over_all_that_was_billed_of_it(
    price: str, shipments: tuple[str, ...], bills: tuple[str, ...]
) -> None:
    """R45: this bill = round(price x total so far) - billed before."""
    so_far, billed = Decimal(0), []
    for sent in shipments:
        billed.append(str(this_bill(Decimal(price), so_far, Decimal(sent))))
        so_far += Decimal(sent)
    assert tuple(billed) == bills
    assert sum(map(Decimal, billed)) == line_amount(so_far, Decimal(price))


def test_the_bills_of_the_shipments_are_the_bill() -> None:
    """R45: each says on its notice what it adds; no part of a fen is lost between them."""
    life = Life(lines=[line(1, quantity="12345", unit="sheet", unit_price="0.0385")], partial_delivery=True)
    life.verified().decide(Subject.SMALL_ORDER, "prepaid", assessment="x").sheet_out().signed().paid("475.28")
    life.decide(Subject.THREE_PARTY, "confirm").does("production_signed", version=1, clerk="service_clerk-1")
    for lot in ("1", "2", "3"):
        life.made("4115", lot=lot, finished=lot == "3").passed("4115", lot=lot)
        if "decision:finance_release" in life.waiting:
            life.decide(Subject.FINANCE_RELEASE, "release")
        life.sent(lot)
    bills = [bill_of_shipment(life.order, shipment) for shipment in life.order.shipments]
    assert [str(each) for each in bills] == ["158.43", "158.43", "158.42"]
    assert sum(bills) == life.order.bill
    notices = [each for each in life.order.unsent if each.paper.value == "shipment_notice"]
    assert [each.content["this_bill"]["figures"] for each in notices if each.content] == [
        "158.43",
        "158.43",
        "158.42",
    ]
    for lot in ("1", "2", "3"):
        life.does("arrived", shipment=lot)
        assert f"collect:{lot}" in life.waiting, "each with its own 15 days"
        life.does("delivery_receipt", shipment=lot, signed_by=SIGNER)
    assert (life.order.ending, money(life)) == (Ending.SETTLED, ("475.28", "475.28", "0.00"))


def test_who_has_paid_for_what_arrived_is_not_asked_to_pay() -> None:
    """R75: 400 of a thousand are paid and sent; what lies in the warehouse is not what is to be collected."""
    life = (
        Life(partial_delivery=True)
        .in_production()
        .made("400", finished=False, lot="A")
        .passed("400", lot="A")
    )
    life.paid("500.00").decide(Subject.FINANCE_RELEASE, "release").sent("1")
    life.made("600", lot="B").passed("600", lot="B").does("arrived", shipment="1")
    assert str(life.order.open_balance) == "3000.00"
    assert life.papers("arrival_notice") == ["the goods have arrived; please collect"]


def test_who_has_not_is() -> None:
    """R75"""
    life = Life().in_warehouse().paid("3100.00")
    life.decide(Subject.FINANCE_RELEASE, "release", collection="carrier_collects")
    life.does("contact_logged", channel="phone", topic="freight_agent", words="x").sent().does("arrived")
    (told,) = [each for each in life.order.unsent if each.paper.value == "arrival_notice"]
    assert (told.en, told.zh) == ("the goods have arrived; please pay and collect", "货已到，请付款提货")
