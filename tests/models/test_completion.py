"""Completed 已完成: the customer's word, the customer's signature, or seven days of silence (R81)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.order.order import Order
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Ending, Headline, Role
from tests.models.life import SIGNER, Life, heard

END_OF_DAY_7 = datetime(2027, 3, 9, 0, 0, tzinfo=BUSINESS_ZONE)
"""Placed on Monday 1 March and received that day: its seventh day after is Monday 8 March."""


def by_carrier(**changes: Any) -> Life:
    """Arrived, and received by the carrier's word alone."""
    life = Life(**changes).arrived()
    return life.does("delivery_receipt", role=Role.LOGISTICS, signed_by=SIGNER)


def completed(life: Life) -> tuple[Headline, list[str]]:
    return life.order.headline, [entry.data["how"] for entry in life.entries(EntryKind.COMPLETED)]


def test_the_customers_signature_completes_and_the_order_is_settled() -> None:
    life = Life().arrived().does("delivery_receipt", signed_by=SIGNER)
    assert completed(life) == (Headline.SETTLED, ["signed"])


def test_a_receipt_that_the_clerk_shows_is_signed_too() -> None:
    life = Life().arrived()
    life.does("delivery_receipt", role=Role.SERVICE_CLERK, signed_by=SIGNER, document="HD-1")
    assert life.order.ending is Ending.SETTLED


def test_with_the_carriers_receipt_silence_completes_when_day_seven_ends() -> None:
    life = by_carrier()
    assert completed(life) == (Headline.DELIVERED, [])
    step = life.order.steps["completion"]
    assert (step.due, step.rule, step.overdue_at) == (END_OF_DAY_7, "R81", None)
    life.until(datetime(2027, 3, 8, 23, 59, 59, tzinfo=BUSINESS_ZONE))
    assert completed(life) == (Headline.DELIVERED, [])
    life.until(END_OF_DAY_7)
    assert completed(life) == (Headline.SETTLED, ["silence"])
    assert life.entries(EntryKind.COMPLETED)[0].recorded_at == END_OF_DAY_7
    assert not life.entries(EntryKind.OVERDUE, "completion"), "silence is an answer"


def test_the_customers_word_comes_before_the_seventh_day() -> None:
    life = by_carrier().later(days=2).does("receipt_confirmed", words="很好")
    assert completed(life) == (Headline.SETTLED, ["confirmed"])


def test_a_signature_that_follows_the_carriers_word_completes() -> None:
    life = by_carrier().later(days=1)
    life.does("delivery_receipt", role=Role.CUSTOMER, signed_by=SIGNER)
    assert completed(life) == (Headline.SETTLED, ["signed"])


def test_an_open_case_stops_the_clock() -> None:
    """R81: the days on which one was open do not count, told twice or not; day nine."""
    life = by_carrier().later(days=3)
    life.does("after_sales_opened", case="C1")
    life.later(days=30)
    assert life.order.headline is Headline.DELIVERED
    assert not life.entries(EntryKind.OVERDUE, "completion")
    life = by_carrier().later(days=3)
    life.does("after_sales_opened", case="C1")
    life.later(days=2).does("after_sales_closed", case="C1")
    assert life.tell("after_sales_closed", case="C1").status is Status.KNOWN
    assert life.tell("after_sales_opened", case="C1").status is Status.KNOWN
    assert life.order.steps["completion"].due == datetime(2027, 3, 11, tzinfo=BUSINESS_ZONE)
    life.later(days=4)
    assert life.order.lives
    life.later(days=1)
    assert completed(life) == (Headline.SETTLED, ["silence"])


def test_of_two_cases_both_must_have_ended_and_the_customers_word_needs_neither() -> None:
    life = by_carrier()
    for case in ("C1", "C2"):
        life.does("after_sales_opened", case=case)
    life.later(days=1).does("after_sales_closed", case="C2")
    assert life.later(days=20).order.lives
    assert life.tell("after_sales_closed", case="C3").status is Status.KEPT_EARLY
    life.does("receipt_confirmed")
    assert completed(life) == (Headline.SETTLED, ["confirmed"])
    assert life.tell("after_sales_opened", case="C9").status is Status.KNOWN, (
        "an order that has ended has no clock"
    )


def test_an_open_exception_stops_the_clock() -> None:
    """Two days on which it was open do not count: day nine."""
    life = by_carrier().later(days=3)
    life.does("exception_reported", exception="E-1", words="客户说有色差", owner="service_clerk-1")
    life.later(days=30)
    assert life.order.headline is Headline.DELIVERED
    life = by_carrier().later(days=3)
    life.does("exception_reported", exception="E-1", words="客户说有色差", owner="service_clerk-1")
    life.later(days=2).does("exception_resolved", exception="E-1", resolution="已说明")
    assert life.order.steps["completion"].due == datetime(2027, 3, 11, tzinfo=BUSINESS_ZONE)
    life.later(days=4)
    assert life.order.lives
    life.later(days=1)
    assert completed(life) == (Headline.SETTLED, ["silence"])


def test_completed_and_not_paid_reads_completed_and_ends_when_it_is() -> None:
    contract = {"reference": "HT-1", "payment_terms": "on_account", "account_days": 30}
    life = Life(
        customer={"customer_class": "A", "contract": contract},
        payment_terms="on_account",
        deposit_percent=None,
    )
    life.verified().does("sheet_sent", version=1)
    life.does("production_signed", version=1, clerk="service_clerk-1").made().passed().sent().does("arrived")
    life.does("delivery_receipt", role=Role.LOGISTICS, signed_by=SIGNER)
    assert life.waiting >= {"completion", "account_balance"}
    life.later(days=8)
    assert completed(life) == (Headline.COMPLETED, ["silence"])
    assert life.tell("receipt_confirmed").status.value == "known"
    life.signed().paid("5000.00")
    assert life.order.ending is Ending.SETTLED


def test_paid_before_it_is_completed_it_waits() -> None:
    life = by_carrier()
    assert life.order.open_balance == 0
    assert life.waiting >= {"completion"}


def test_every_shipment_must_be_completed() -> None:
    """One confirmed, one silent: the later of both."""
    life = Life(partial_delivery=True).in_production()
    for lot, part in (("1", "400"), ("2", "600")):
        life.made(part, lot=lot, finished=lot == "2").passed(part, lot=lot)
    life.paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    life.sent(shipment="1", items=[{"line": 1, "quantity": "400"}]).does(
        "shipped",
        shipment="2",
        carrier="德邦物流",
        tracking_number="DB-2",
        items=[{"line": 1, "quantity": "600"}],
    )
    for shipment in ("1", "2"):
        life.does("arrived", shipment=shipment, place="深圳")
        life.does("delivery_receipt", role=Role.LOGISTICS, shipment=shipment, signed_by=SIGNER)
    life.does("receipt_confirmed", shipment="1")
    assert life.order.headline is Headline.DELIVERED
    life.does("receipt_confirmed", shipment="2")
    assert completed(life) == (Headline.SETTLED, ["confirmed"])


def test_the_switches() -> None:
    """Where a signature completes nothing the days count from it; another number of days."""
    life = Life(policy={"completion": {"signed_receipt": False, "days": 2}}).arrived()
    life.does("delivery_receipt", signed_by=SIGNER)
    assert life.order.steps["completion"].due == datetime(2027, 3, 4, tzinfo=BUSINESS_ZONE)
    life.later(days=3)
    assert completed(life) == (Headline.SETTLED, ["silence"])


def test_after_the_end_a_confirmed_receipt_is_known_already() -> None:
    life = by_carrier().later(days=9)
    assert life.order.ending is Ending.SETTLED
    before = life.order.sequence
    assert life.tell("receipt_confirmed").status.value == "known"
    assert life.order.sequence == before


def test_told_late_of_a_receipt_that_is_long_over_completes_at_once() -> None:
    life = Life().arrived().later(days=10)
    first = datetime(2027, 3, 2, 9, tzinfo=BUSINESS_ZONE)
    life.does("delivery_receipt", role=Role.LOGISTICS, signed_by=SIGNER, happened=first)
    assert completed(life) == (Headline.SETTLED, ["silence"])


@pytest.mark.parametrize("edition", [1, 2, 3])
def test_orders_of_earlier_editions_end_as_they_did(edition: int) -> None:
    life = Life(edition=edition).arrived()
    heard(life.tell("delivery_receipt", role=Role.LOGISTICS, signed_by=SIGNER))
    order: Order = life.order
    assert (order.ending, order.completed_at) == (Ending.SETTLED, None)
    assert not life.entries(EntryKind.COMPLETED)
