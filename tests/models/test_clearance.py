"""Nothing leaves before the money is settled, and who says so (R50 to R54, R60 to R62)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.vocabulary import Collection, Headline, PhaseName
from tests.models.life import Life, line, refused


def owing(balance: str) -> Life:
    """An order in the warehouse with this much still to pay."""
    return Life().in_warehouse().paid(str(Decimal("3500.00") - Decimal(balance)), "TX-B")


def test_the_balance_notice_is_due_from_what_passed() -> None:
    """R50, R51, R45"""
    life = Life().in_warehouse("980")
    assert life.papers("finished_notice") == ["goods are in the warehouse; please tell the customer"]
    assert life.papers("balance_notice") == ["balance notice: CNY 3400.00 is due"]
    assert life.order.headline is Headline.AWAITING_BALANCE
    life.paid("400.00")
    assert life.papers("balance_notice")[-1] == "balance notice: CNY 3000.00 is due"


def test_finance_signs_the_release_of_goods_that_are_paid() -> None:
    """R52, R60"""
    life = Life().in_warehouse().paid("3500.00")
    assert life.order.phase is PhaseName.CLEARANCE
    refused(life.answer(Subject.FINANCE_RELEASE, "refuse"), "contradiction")
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert (life.order.releases[0].ground, life.order.releases[0].granted_by) == ("paid", "finance-1")
    assert life.entries(EntryKind.RELEASED)[0].rule == "R52"
    assert life.papers("shipping_notice") == ["shipping notice for release 1"]


@pytest.mark.parametrize(("balance", "director"), [("500.00", False), ("500.01", True)])
def test_a_balance_above_five_hundred_is_the_directors(balance: str, director: bool) -> None:
    """R61: the number itself is not above."""
    life = owing(balance)
    assert str(life.order.open_balance) == balance
    assert ("decision:balance_release" in life.waiting) is director


def test_a_small_balance_ships_on_credit_or_is_collected_and_finance_says_which() -> None:
    """R52, R61"""
    life = owing("500.00")
    refused(life.answer(Subject.FINANCE_RELEASE, "release"), "contradiction")
    life.decide(Subject.FINANCE_RELEASE, "release", collection="carrier_collects")
    assert life.order.releases[0].collection is Collection.CARRIER
    assert life.order.releases[0].ground == "finance"


def test_finance_may_refuse_and_is_asked_again_when_the_balance_changes() -> None:
    """R52"""
    life = owing("500.00").decide(Subject.FINANCE_RELEASE, "refuse")
    assert life.order.releases == []
    assert "balance" in life.waiting
    life.paid("100.00")
    assert "decision:finance_release" in life.waiting


@pytest.mark.parametrize(
    ("outcome", "collection"), [("on_credit", Collection.ON_CREDIT), ("carrier_collects", Collection.CARRIER)]
)
def test_the_directors_answer_says_whether_it_ships_on_credit_or_is_collected(
    outcome: str, collection: Collection
) -> None:
    """R61, R62"""
    life = owing("500.01").decide(Subject.BALANCE_RELEASE, outcome)
    assert life.order.releases == []
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert (life.order.releases[0].ground, life.order.releases[0].collection) == ("director", collection)
    assert life.order.releases[0].granted_by == "finance-1"


def test_without_the_director_there_is_no_release() -> None:
    """R61"""
    life = owing("500.01").decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases == []
    life.decide(Subject.BALANCE_RELEASE, "refuse")
    assert life.order.releases == []
    assert "balance" in life.waiting


def test_the_director_is_asked_again_when_the_balance_changes() -> None:
    """R61"""
    life = owing("500.01").decide(Subject.BALANCE_RELEASE, "refuse")
    life.does("payment_bounced", reference="TX-B")
    asked = life.order.decision(Subject.BALANCE_RELEASE)
    assert asked is not None
    assert (asked.version, asked.outcome) == (3, None)
    refused(life.answer(Subject.BALANCE_RELEASE, "on_credit", version=2), "stale_version")
    life.paid("3000.00")
    assert life.order.decision(Subject.BALANCE_RELEASE) is None


def test_class_a_that_meets_its_contract_ships() -> None:
    """R50: one that does not waits like the others."""
    customer = {"customer_class": "A"}
    life = Life(customer=customer, payment_terms="on_account").verified().sheet_out()
    life.does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    assert life.order.releases[0].ground == "contract"
    assert life.order.releases[0].collection is Collection.ON_CREDIT
    waits = Life(customer=customer).verified().sheet_out()
    waits.does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    assert waits.order.releases == []
    assert "balance" in waits.waiting
    paid = Life(customer=customer, payment_terms="on_account").verified().sheet_out().paid("5000.00")
    paid.does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    assert paid.order.releases[0].collection is Collection.NONE


def test_a_guaranteed_small_order_ships_and_the_carrier_collects() -> None:
    """R38b; who guaranteed approves no release"""
    life = Life(lines=[line(1, quantity="100")]).verified()
    life.decide(Subject.SMALL_ORDER, "guaranteed", assessment="老客户").sheet_out().signed()
    life.decide(Subject.THREE_PARTY, "confirm").does("production_signed", version=1, clerk="service_clerk-1")
    life.made("100").passed("100")
    release = life.order.releases[0]
    assert (release.ground, release.granted_by, release.collection) == (
        "guarantee",
        "salesperson-1",
        Collection.CARRIER,
    )


def test_who_guarantees_does_not_approve_the_release() -> None:
    """Also where more passed than the guarantee covers."""
    life = Life(lines=[line(1, quantity="100", tolerance_percent="50")]).verified()
    life.decide(Subject.SMALL_ORDER, "guaranteed", assessment="老客户").sheet_out().signed()
    life.decide(Subject.THREE_PARTY, "confirm").does("production_signed", version=1, clerk="service_clerk-1")
    life.made("110").passed("110")
    assert life.order.releases == []
    refused(life.answer(Subject.BALANCE_RELEASE, "on_credit", by="salesperson-1"), "same_person")
    life.decide(Subject.BALANCE_RELEASE, "on_credit").decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases[0].ground == "director"


def test_money_collected_by_the_carrier_is_followed_until_it_is_remitted() -> None:
    """R62: by the designated agent, which the salesperson explains to the customer."""
    life = owing("500.01").decide(Subject.BALANCE_RELEASE, "carrier_collects")
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert "explain_agent" in life.waiting
    refused(life.tell("transport_arranged", carrier="随便物流", method="freight"), "contradiction")
    life.does("contact_logged", channel="phone", topic="freight_agent", words="已说明")
    life.sent().does("arrived").does("delivery_receipt", signed_by="王芳")
    assert life.order.shipments[0].to_collect == life.order.open_balance
    assert "remittance:1" in life.waiting
    life.does("collection_remitted", amount="300.00", reference="R-1")
    life.does("collection_remitted", amount="300.00", reference="R-1")
    assert str(life.order.open_balance) == "200.01"
    life.does("collection_remitted", amount="200.01", reference="R-2")
    assert not life.order.lives
    other = Life().shipped()
    refused(other.tell("collection_remitted", amount="1.00", reference="R"), "contradiction")


def test_on_account_is_due_by_contract_after_delivery() -> None:
    """R54"""
    for days, contract in (
        (45, {"contract": {"reference": "HT", "payment_terms": "on_account", "account_days": 45}}),
        (30, {}),
    ):
        life = (
            Life(customer={"customer_class": "A", **contract}, payment_terms="on_account")
            .verified()
            .sheet_out()
            .signed()
        )
        life.does("production_signed", version=1, clerk="service_clerk-1").made().passed().sent()
        life.does("delivery_receipt", signed_by="王芳")
        step = life.order.steps["account_balance"]
        assert step.due.date() == life.day(days)
        life.paid("5000.00")
        assert not life.order.lives


def test_everything_is_made_before_the_first_lot_leaves_unless_parts_are_taken() -> None:
    life = Life().in_production().made("400", finished=False).passed("400")
    assert "decision:finance_release" not in life.waiting
    assert life.order.phase is PhaseName.PRODUCTION
    assert life.order.releases == []


@pytest.mark.parametrize(("edition", "asked"), [(6, True), (5, False)])
def test_two_lots_alike_are_two_releases(edition: int, asked: bool) -> None:
    """R52: finance's word about the first lets the second go no more."""
    life = Life(edition=edition, partial_delivery=True).in_production().paid("3500.00")
    life.made("500", lot="a", finished=False).passed("500", lot="a").decide(
        Subject.FINANCE_RELEASE, "release"
    )
    life.sent("1").made("500", lot="b").passed("500", lot="b")
    assert ("decision:finance_release" in life.waiting) is asked
    assert len(life.order.releases) == (1 if asked else 2)
