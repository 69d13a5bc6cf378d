"""A quote lives: enquiry, costs, offers, approval by margin, validity, acceptance, the order that it becomes (R29, R102 to R106)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.order.order import Order
from models.quotes.offer import digest_of_offer
from models.quotes.quote import QuoteEnding, QuoteStage
from models.quotes.quoted_order import order_of
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Code
from models.values.vocabulary import Role
from tests.models.quote_life import MONDAY, QuoteLife, costing, sheet

DAY_15_ENDS = datetime(2027, 3, 17, 0, 0, tzinfo=BUSINESS_ZONE)
"""Sent on March 1: valid to March 16, 23:59:59."""


def offered(**changes: Any) -> QuoteLife:
    return QuoteLife(**changes).cost().offer().send()


# --- R102, R105: costs and prices --------------------------------------------------------------------------------------


def test_the_proposed_price_of_the_example_needs_nobody() -> None:
    """R105: 28,400.00 for 10,000 rolls: 4.0115, 40,115.00 with tax."""
    life = QuoteLife().cost().offer()
    price = life.version(1).prices[0]
    assert (price.cost, price.unit_price, price.amount) == (
        Decimal("28400.00"),
        Decimal("4.0115"),
        Decimal("40115.00"),
    )
    assert life.quote.decision(Subject.QUOTE_APPROVAL) is None
    assert life.waits_for == ["send:1"]


@pytest.mark.parametrize(
    ("price", "margin", "roles"),
    [
        ("4.0114", "20.00 %", (Role.SALES_SUPERVISOR,)),
        ("3.95", "18.75 %", (Role.SALES_SUPERVISOR,)),
        ("3.5658", "10.00 %", (Role.SALES_SUPERVISOR,)),
        ("3.5657", "10.00 %", (Role.MARKETING_DIRECTOR,)),
        ("3.50", "8.31 %", (Role.MARKETING_DIRECTOR,)),
        ("3.00", "-6.97 %", (Role.MARKETING_DIRECTOR,)),
    ],
)
def test_below_target_the_supervisor_below_the_floor_the_director(
    price: str, margin: str, roles: tuple[Role, ...]
) -> None:
    """R105: compared exactly, whatever the shown share looks like."""
    life = QuoteLife().cost().offer(price)
    step = life.quote.steps["decision:quote_approval"]
    asked = life.quote.decision(Subject.QUOTE_APPROVAL)
    assert step.roles == roles
    assert asked is not None
    assert asked.about_words["margin"] == margin
    assert life.decide("approve", roles[0]).status is Status.ACCEPTED
    assert life.waits_for == ["send:1"]


def test_the_worst_of_several_quantities_counts() -> None:
    """R105: the customer may take any of them."""
    life = QuoteLife(lines=[{"line": 1, "product": "TP-80", "unit": "roll", "quantities": ["1000", "10000"]}])
    life.cost(sheet(quantity="1000", rows=costing("4000.00")), sheet())
    life.tell(
        "offer_made",
        prices=[{"line": 1, "quantity": "1000"}, {"line": 1, "quantity": "10000", "unit_price": "3.50"}],
    )
    assert life.quote.steps["decision:quote_approval"].roles == (Role.MARKETING_DIRECTOR,)


def test_an_offer_without_costs_is_refused() -> None:
    """R102: nothing is offered of which nobody knows the cost."""
    reply = QuoteLife().hear("offer_made", Role.SALESPERSON, {})
    assert (reply.code, reply.where) == (Code.MISSING_FIELD, "content.prices.0")


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        ({"line": 2}, Code.UNKNOWN_LINE, "content.prices.0"),
        ({"quantity": "9999"}, Code.UNKNOWN_LINE, "content.prices.0"),
        ({"unit_price": "3.1234567"}, Code.MALFORMED, "content.prices.0.unit_price"),
        ({"unit_price": "0"}, Code.MALFORMED, "content.prices.0.unit_price"),
        ({"unit_price": "9999999.99"}, Code.BAD_MONEY, "content.prices.0.unit_price"),
    ],
)
def test_a_bad_price_is_refused_and_changes_nothing(content: dict[str, str], code: Code, where: str) -> None:
    """R20, R102: where, and what would be right."""
    life = QuoteLife().cost()
    reply = life.hear(
        "offer_made", Role.SALESPERSON, {"prices": [{"line": 1, "quantity": "10000", **content}]}
    )
    assert reply.status is Status.REFUSED
    assert reply.where == where
    assert reply.code in (code, Code.BAD_MONEY)
    assert life.quote.offers == []


def test_new_costs_ask_for_the_approval_anew() -> None:
    """R102, R105: what rests on a figure falls with it; a version that was sent keeps its own."""
    life = QuoteLife().cost().offer("3.95")
    assert life.decide("approve", Role.SALES_SUPERVISOR).status is Status.ACCEPTED
    life.cost(sheet(rows=costing("33000.00")))
    assert life.quote.steps["decision:quote_approval"].roles == (Role.MARKETING_DIRECTOR,)
    assert [entry.subject for entry in life.entries(EntryKind.VOIDED)] == ["quote_approval"]
    life.decide("approve", Role.MARKETING_DIRECTOR)
    life.send().cost(sheet(rows=costing("50000.00")))
    assert life.version(1).prices[0].cost == Decimal("33000.00")
    assert life.quote.stage is QuoteStage.OFFERED


# --- R106: approvals ---------------------------------------------------------------------------------------------------


def test_nobody_approves_own_work() -> None:
    """R106: neither who made the offer, nor who told the costs, nor the quote's salesperson."""
    life = QuoteLife().tell("cost_sheet_made", Role.FINANCE, sheets=[sheet()]).offer("3.95")
    for person in ("salesperson-1", "finance-1"):
        reply = life.decide("approve", Role.SALES_SUPERVISOR, by=person)
        assert (reply.code, reply.rule) == (Code.SAME_PERSON, "R106")
    assert life.decide("approve", Role.SALES_SUPERVISOR).status is Status.ACCEPTED


def test_who_made_the_offer_is_not_who_approves_it() -> None:
    """R106: also where it is nobody who looks after the customer."""
    life = QuoteLife().cost()
    price = {"line": 1, "quantity": "10000", "unit_price": "3.95"}
    life.hear("offer_made", Role.SALESPERSON, {"prices": [price]}, by="zhou")
    assert life.decide("approve", Role.SALES_SUPERVISOR, by="zhou").code == Code.SAME_PERSON
    life.hear("overridden", Role.MARKETING_DIRECTOR, {"rule": "R106", "person": "zhou", "reason": "独自值班"})
    assert life.decide("approve", Role.SALES_SUPERVISOR, by="zhou").status is Status.ACCEPTED


def test_sent_back_with_the_reason_and_all_levels_anew() -> None:
    """R106: the new version goes through everybody again, also where it is the same."""
    life = QuoteLife().cost().offer("3.95")
    assert life.decide("send_back", Role.SALES_SUPERVISOR).code == Code.MISSING_FIELD
    assert life.decide("send_back", Role.SALES_SUPERVISOR, detail={"words": "太低"}).status is Status.ACCEPTED
    assert life.waits_for == ["offer"]
    assert "offer_sent_back:1" in life.papers
    assert life.hear("offer_sent", Role.SALESPERSON, {"version": 1}).code == Code.STALE_VERSION
    life.offer("3.95")
    assert life.waits_for == ["decision:quote_approval"]
    assert life.hear("offer_sent", Role.SALESPERSON, {"version": 2}).code == Code.NOT_ASKED


def test_levels_follow_one_another_and_nobody_answers_twice() -> None:
    """R106: rows of the matrix are united with the margin's own; a level is asked when the one before has answered."""
    rows = [
        {"what": "quote", "amount_above": "30000", "levels": [["finance"], ["marketing_director"]]},
        {"what": "quote", "customer_class": "B", "levels": [["technical"]]},
        {"what": "order", "levels": [["legal"]]},
    ]
    life = QuoteLife(policy={"approvals": rows})
    life.tell("cost_sheet_made", Role.PURCHASING, sheets=[sheet()]).offer("3.95")
    asked = ("sales_supervisor", "finance", "technical")
    assert life.quote.steps["decision:quote_approval"].roles == asked
    assert life.decide("approve", Role.MARKETING_DIRECTOR).code == Code.WRONG_ROLE
    assert life.decide("approve", Role.FINANCE, by="anna").status is Status.ACCEPTED
    assert life.decide("approve", Role.FINANCE).code == Code.ALREADY_DECIDED
    assert life.decide("approve", Role.TECHNICAL, by="anna").code == Code.SAME_PERSON
    assert life.decide("approve", Role.TECHNICAL).status is Status.ACCEPTED
    assert life.decide("approve", Role.SALES_SUPERVISOR).status is Status.ACCEPTED
    assert life.quote.steps["decision:quote_approval"].roles == (Role.MARKETING_DIRECTOR,)
    assert life.decide("approve", Role.MARKETING_DIRECTOR).status is Status.ACCEPTED
    assert life.waits_for == ["send:1"]


# --- R103: versions and validity ---------------------------------------------------------------------------------------


def test_reminded_three_days_before_and_expired_by_itself() -> None:
    """R103: valid to 23:59:59 of the fifteenth day after sending; then expired without anybody doing anything."""
    life = offered()
    assert life.version(1).valid_until == DAY_15_ENDS
    life.until(datetime(2027, 3, 13, 8, 59, tzinfo=BUSINESS_ZONE))
    assert "offer_reminder:1" not in life.papers
    life.until(datetime(2027, 3, 13, 9, 0, tzinfo=BUSINESS_ZONE))
    assert "offer_reminder:1" in life.papers
    life.until(DAY_15_ENDS - timedelta(seconds=1))
    assert life.quote.stage is QuoteStage.OFFERED
    life.until(DAY_15_ENDS)
    assert life.quote.stage is QuoteStage.EXPIRED
    assert "offer_expired:1" in life.papers
    assert not life.entries(EntryKind.OVERDUE)


def test_an_expired_quote_ends_by_itself() -> None:
    """R104: thirty days later, where nobody honours, requotes or withdraws."""
    life = offered().until(DAY_15_ENDS + timedelta(days=30))
    assert life.quote.ending is QuoteEnding.EXPIRED
    assert life.quote.steps == {}


def test_a_sent_version_never_changes_and_a_newer_one_voids_it() -> None:
    """R103: whoever takes the older one afterwards hears which is the newest; what happened before counts."""
    life = offered()
    first = life.version(1).model_copy(deep=True)
    life.later(hours=1).offer("4.20")
    assert life.quote.standing == first, "a version that was not sent voids nothing"
    life.send().later(hours=1)
    assert life.version(1).prices == first.prices
    assert life.version(1).digest == first.digest
    reply = life.accept(1)
    assert (reply.code, reply.where, reply.rule) == (Code.STALE_VERSION, "content.version", "R104")
    assert life.accept(1, happened=MONDAY + timedelta(minutes=30)).status is Status.ACCEPTED


def test_counter_offers_are_versions_of_their_own() -> None:
    """R103: three rounds, every version kept; version 2 is the customer's, accepting 1 then is too late."""
    life = offered().later(hours=1)
    life.tell(
        "counter_offered",
        Role.CUSTOMER,
        version=1,
        prices=[{"line": 1, "quantity": "10000", "unit_price": "3.80"}],
    )
    assert (life.quote.stage, life.waits_for) == (QuoteStage.COUNTERED, ["offer"])
    assert "counter_offer:2" in life.papers
    assert life.accept(1).code == Code.STALE_VERSION
    assert (
        life.hear("offer_accepted", Role.CUSTOMER, {"version": 2, "digest": life.version(2).digest}).code
        == Code.CONTRADICTION
    )
    life.offer("3.95")
    life.decide("approve", Role.SALES_SUPERVISOR)
    life.send()
    assert [offer.version for offer in life.quote.offers] == [1, 2, 3]
    assert life.accept(3).status is Status.ACCEPTED


def test_the_delivery_date_is_negotiated_like_a_price() -> None:
    """R103, R104, D18: countered alone, part of the hash, and what the order that comes of it wants."""
    agreed, wished = "2027-04-02", "2027-03-26"
    life = QuoteLife().cost().offer(delivery_date=agreed).send().later(hours=1)
    assert f"{life.version(1).delivery_date}" == agreed
    life.tell("counter_offered", Role.CUSTOMER, version=1, delivery_date=wished)
    countered = life.version(2)
    assert (f"{countered.delivery_date}", countered.prices[0].unit_price) == (
        wished,
        life.version(1).prices[0].unit_price,
    )
    life.offer(delivery_date=wished).send()
    assert life.accept(3).status is Status.ACCEPTED
    request = order_of(life.quote)
    assert request is not None
    assert f"{request.wanted_date}" == wished
    assert digest_of_offer("Q", countered) != digest_of_offer(
        "Q", countered.model_copy(update={"delivery_date": None})
    )


def test_a_counter_offer_of_prices_alone_keeps_the_delivery_date() -> None:
    """R103: what is not named stays as it was offered."""
    life = QuoteLife().cost().offer(delivery_date="2027-04-02").send().later(hours=1)
    price = {"line": 1, "quantity": "10000", "unit_price": "3.80"}
    life.tell("counter_offered", Role.CUSTOMER, version=1, prices=[price])
    assert f"{life.version(2).delivery_date}" == "2027-04-02"


@pytest.mark.parametrize(
    ("kind", "content", "code", "where"),
    [
        ("offer_made", {"delivery_date": "2027-02-28"}, Code.DATE_IN_PAST, "content.delivery_date"),
        ("offer_made", {"delivery_date": "0027-03-05"}, Code.MALFORMED, "content.delivery_date"),
        ("counter_offered", {"version": 1, "delivery_date": "2027-02-28"}, Code.DATE_IN_PAST, "content.delivery_date"),
        ("counter_offered", {"version": 1}, Code.MALFORMED, "content"),
    ],
)  # fmt: skip
def test_a_delivery_date_that_cannot_be_is_refused(
    kind: str, content: dict[str, Any], code: Code, where: str
) -> None:
    life = offered()
    before = life.quote.model_copy(deep=True).offers
    role = Role.CUSTOMER if kind == "counter_offered" else Role.SALESPERSON
    reply = life.hear(kind, role, content)
    assert (reply.code, reply.where) == (code, where)
    assert life.quote.offers == before


def test_twenty_versions_at_most() -> None:
    """R103: a negotiation has an end."""
    life = QuoteLife().cost()
    for _ in range(20):
        life.offer()
    assert life.hear("offer_made", Role.SALESPERSON, {}).code == Code.TOO_LARGE


# --- R104: enquiries, acceptance, the order ----------------------------------------------------------------------------


def test_an_enquiry_is_owed_an_answer_in_a_day() -> None:
    """R104: 24 hours from the enquiry, not from the costing; then it is overdue and told to the superior."""
    life = QuoteLife()
    assert life.quote.steps["offer"].due == MONDAY + timedelta(hours=24)
    life.later(hours=20).cost().offer()
    assert life.quote.steps["send:1"].due == MONDAY + timedelta(hours=24)
    life.later(hours=5)
    assert [entry.subject for entry in life.entries(EntryKind.OVERDUE)] == ["send:1"]


def test_accepted_in_the_last_second_it_becomes_the_order() -> None:
    """R103, R104: 23:59:59 of day 15 is in time, and nothing is typed again."""
    life = offered().until(DAY_15_ENDS - timedelta(seconds=1))
    assert life.accept().status is Status.ACCEPTED
    request = order_of(life.quote)
    assert request is not None
    assert request.quote is not None
    line = request.lines[0]
    assert (line.product, line.quantity, line.unit_price) == ("TP-80", Decimal(10000), Decimal("4.0115"))
    assert request.total == Decimal("40115.00")
    assert (request.consignee, request.packing, request.deposit_percent) == ("王芳", "50 卷一箱", Decimal(30))
    assert (request.quote.number, request.quote.version) == ("Q20270301-0001", 1)
    assert life.waits_for == ["order"]
    life.tell("order_made", Role.SYSTEM, order="20270316-0001")
    assert (life.quote.ending, life.quote.order) == (QuoteEnding.ORDERED, "20270316-0001")


def test_a_second_later_it_is_expired_and_honoured() -> None:
    """R104: the sales supervisor honours; then it is the order at the old price."""
    life = offered().until(DAY_15_ENDS)
    assert life.accept().status is Status.ACCEPTED
    assert (life.quote.stage, life.quote.accepted) == (QuoteStage.LATE, None)
    assert life.waits_for == ["decision:late_acceptance"]
    assert order_of(life.quote) is None
    reply = life.decide("honour", Role.SALES_SUPERVISOR, Subject.LATE_ACCEPTANCE)
    assert reply.status is Status.ACCEPTED
    assert life.quote.accepted is not None
    assert life.quote.accepted.late
    request = order_of(life.quote)
    assert request is not None
    assert request.lines[0].unit_price == Decimal("4.0115")


def test_a_late_acceptance_is_requoted() -> None:
    """R104: a new version, which is valid again."""
    life = offered().until(DAY_15_ENDS + timedelta(hours=9))
    life.accept()
    assert life.decide("requote", Role.SALES_SUPERVISOR, Subject.LATE_ACCEPTANCE).status is Status.ACCEPTED
    assert life.waits_for == ["offer"]
    life.offer("4.20").send()
    assert life.quote.stage is QuoteStage.OFFERED
    assert life.accept(2).status is Status.ACCEPTED


def test_the_time_at_which_it_happened_counts() -> None:
    """R103: signed on the last evening, told two days later: in time."""
    life = offered().until(DAY_15_ENDS + timedelta(days=2))
    assert life.quote.stage is QuoteStage.EXPIRED
    assert life.accept(happened=DAY_15_ENDS - timedelta(hours=3)).status is Status.ACCEPTED
    assert life.quote.stage is QuoteStage.ACCEPTED


def test_accepted_twice_is_known_and_one_order() -> None:
    """R104: however often it is sent."""
    life = offered().later(hours=1)
    assert life.accept().status is Status.ACCEPTED
    first, before = order_of(life.quote), life.quote.sequence
    assert [life.accept().status for _ in range(3)] == [Status.KNOWN] * 3
    assert (order_of(life.quote), life.quote.sequence) == (first, before)


def test_accepted_again_when_the_quote_has_become_its_order_is_known() -> None:
    """R104: whether its case has ended already makes no other answer; another version or hash is too late."""
    life = offered().later(hours=1)
    life.accept()
    became = life.hear("order_made", Role.SYSTEM, {"order": "20261126-0007"})
    assert became.status is Status.ACCEPTED
    assert not life.quote.lives
    before = life.quote.sequence
    assert [life.accept().status for _ in range(2)] == [Status.KNOWN] * 2
    assert life.quote.sequence == before
    other = life.hear("offer_accepted", Role.CUSTOMER, {"version": 1, "digest": "0" * 12})
    assert other.code == Code.ORDER_ENDED
    refused = life.hear("offer_refused", Role.CUSTOMER, {"version": 1})
    assert refused.code == Code.ORDER_ENDED


def test_told_early_late_or_wrongly() -> None:
    """R104: an acceptance names version and hash; on paper who signed it and its reference."""
    life = QuoteLife().cost().offer()
    early = {"version": 1, "digest": "0" * 12}
    assert (
        life.hear("offer_accepted", Role.CUSTOMER, {"version": 7, "digest": "0" * 12}).code
        == Code.CONTRADICTION
    )
    assert life.hear("offer_accepted", Role.CUSTOMER, early).status is Status.KEPT_EARLY
    life.send()
    assert life.quote.accepted is None, "the hash that was named is not that of what was sent"
    good = {"version": 1, "digest": life.version(1).short_digest}
    assert life.hear("offer_accepted", Role.SALESPERSON, good).code == Code.NOT_IN_WRITING
    signed = {**good, "signed_by": "王芳", "document": "FAX-77"}
    assert life.hear("offer_accepted", Role.SALESPERSON, signed).status is Status.ACCEPTED


def test_of_several_quantities_the_customer_names_one() -> None:
    """R104: as offered, and no other."""
    life = QuoteLife(lines=[{"line": 1, "product": "TP-80", "unit": "roll", "quantities": ["1000", "10000"]}])
    life.cost(sheet(quantity="1000", rows=costing("4000.00")), sheet()).tell("offer_made").send()
    assert life.accept().code == Code.MISSING_FIELD
    assert life.accept(quantities=[{"line": 1, "quantity": "500"}]).code == Code.UNKNOWN_LINE
    assert life.accept(quantities=[{"line": 1, "quantity": "1000"}]).status is Status.ACCEPTED
    request = order_of(life.quote)
    assert request is not None
    assert request.lines[0].quantity == Decimal(1000)


def test_refused_and_withdrawn_end_it() -> None:
    """R103: the customer declines, or we withdraw; nothing changes after that."""
    life = offered()
    life.tell("offer_refused", Role.CUSTOMER, version=1, reason="太贵")
    assert life.quote.ending is QuoteEnding.REFUSED
    other = offered().tell("withdrawn", reason="原料涨价")
    assert other.quote.ending is QuoteEnding.WITHDRAWN
    assert "quote_withdrawn:1" in other.papers
    assert other.accept().code == Code.ORDER_ENDED


def test_what_keeps_the_order_back_is_somebodys_step() -> None:
    """R104: shown, mended, and tried once more; not while nothing keeps it back."""
    life = offered()
    life.accept()
    reply = life.hear("order_wanted", Role.SALESPERSON, {})
    assert (reply.code, reply.where, reply.rule) == (Code.NOT_ASKED, "kind", "R104")
    life.tell("order_not_made", Role.SYSTEM, code="unknown_customer", zh="没有客户", en="no such customer")
    assert life.quote.steps["order:0"].words.en.endswith("no such customer")
    life.tell("order_wanted")
    assert (life.quote.order_tries, life.waits_for) == (1, ["order"])


def test_another_enquiry_drops_the_draft() -> None:
    """R104: goods that changed are priced anew; what the customer has already stands as it is."""
    life = offered().offer("4.20")
    life.tell(
        "enquiry_changed",
        Role.CUSTOMER,
        lines=[{"line": 1, "product": "TP-57", "unit": "roll", "quantities": ["500"]}],
    )
    assert life.quote.draft is None
    assert life.waits_for == ["answer:1", "offer"]
    assert life.accept(1).status is Status.ACCEPTED
    request = order_of(life.quote)
    assert request is not None
    assert request.lines[0].product == "TP-80"


def test_the_order_asks_nothing_about_a_settled_price() -> None:
    """R20, R104: the quoted price is no question, another one is."""
    from models.messages.decision_subjects import Subject as Asked
    from tests.models.life import Life, line, request

    quoted = {
        "product": "TP-80",
        "specification": "80mm×80m",
        "unit": "roll",
        "quantity": "1000",
        "unit_price": "4.0115",
    }

    def placed(unit_price: str, quantity: str = "1000") -> Order:
        return Life(
            lines=[line(1, unit_price=unit_price, quantity=quantity)],
            listed={"list_price": "5.00", "quoted": quoted},
        ).order

    assert placed("4.0115").decision(Asked.PRICE, 1) is None
    assert placed("4.0115", "1200").decision(Asked.PRICE, 1) is None
    assert placed("4.0115", "999").decision(Asked.PRICE, 1) is not None
    assert placed("4.0114").decision(Asked.PRICE, 1) is not None
    assert request()
