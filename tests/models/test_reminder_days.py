"""On which day one is reminded, who is freed from a duty, and what counts as movement: borders, by hand (R13, R19, R51, R54, R76)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.values.calendar import BUSINESS_ZONE, ONE_DAY
from models.values.vocabulary import Role
from tests.models.life import MONDAY, Life, heard, refused

A_MOMENT = timedelta(microseconds=1)
CONTRACT = {"reference": "HT-1", "payment_terms": "on_account", "account_days": 30}


def midnight(life: Life, day: int) -> datetime:
    """The first moment of the business day so many days after the order."""
    return datetime.combine(life.day(day), time(), BUSINESS_ZONE)


# --- to collect (R76) ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [(1,), (7, 12, 14), (3, 5), (14,)])
def test_one_is_reminded_to_collect_when_so_many_days_are_full(days: tuple[int, ...]) -> None:
    """R76: seven days after the arrival is the first moment of the seventh day, not a moment before and not a day later."""
    life = Life(policy={"dead_order": {"reminder_days": list(days)}}).arrived()
    for sent, day in enumerate(days):
        assert len(life.until(midnight(life, day) - A_MOMENT).papers("collect_reminder")) == sent
        assert len(life.until(midnight(life, day)).papers("collect_reminder")) == sent + 1
    assert life.papers("collect_reminder")[-1] == (
        f"arrived {days[-1]} days ago; uncollected goods are recalled after 15 days"
    )


def test_an_arrival_told_late_is_reminded_of_from_the_day_on_which_it_was() -> None:
    """R76: by the real day of the arrival."""
    life = Life().shipped()
    life.later(days=5).does("arrived", shipment="1", happened=MONDAY + 2 * ONE_DAY)
    assert life.papers("collect_reminder") == []
    assert len(life.until(midnight(life, 9)).papers("collect_reminder")) == 1


# --- on account (R54) ---------------------------------------------------------------------------------------------


def on_account(*delivered_on: int, **contract: Any) -> Life:
    """Class A: one shipment a part, each signed for so many days after the order."""
    customer = {"customer_class": "A", "contract": {**CONTRACT, **contract}}
    life = Life(payment_terms="on_account", partial_delivery=True, customer=customer)
    life.verified().sheet_out().signed().does("production_signed", version=1, clerk="service_clerk-1")
    part = str(1000 // len(delivered_on))
    for number in range(1, len(delivered_on) + 1):
        last = number == len(delivered_on)
        life.made(part, lot=str(number), finished=last).passed(part, lot=str(number)).sent(str(number))
    for number, day in sorted(enumerate(delivered_on, start=1), key=lambda each: each[1]):
        life.until(MONDAY + day * ONE_DAY).does("delivery_receipt", shipment=str(number), signed_by="王芳")
    return life


@pytest.mark.parametrize("days", [0, 1, 30, 45])
def test_an_account_is_due_so_many_days_after_the_delivery_by_contract(days: int) -> None:
    """R54: the last moment of that day; overdue the moment after and not before."""
    life = on_account(3, account_days=days)
    step = life.order.steps["account_balance"]
    assert step.due == midnight(life, 3 + days + 1)
    life.until(step.due - A_MOMENT)
    assert life.entries(EntryKind.OVERDUE, "account_balance") == []
    life.until(step.due)
    assert len(life.entries(EntryKind.OVERDUE, "account_balance")) == 1


@pytest.mark.parametrize("delivered_on", [(3, 9), (9, 3)])
def test_an_account_counts_from_the_day_on_which_all_is_delivered(delivered_on: tuple[int, int]) -> None:
    """R54: whichever of the shipments was the last to be signed for."""
    life = on_account(*delivered_on)
    assert life.order.steps["account_balance"].due == midnight(life, 9 + 30 + 1)


def test_an_extension_of_a_day_that_follows_from_something_holds() -> None:
    """R13, R54: the customer was told the new day; the step does not fall back to the old one at the next look."""
    life = on_account(3)
    due = midnight(life, 60)
    life.does(
        "extension_given", role=Role.SERVICE_CLERK, step="account_balance", due=due.isoformat(), reason="协商"
    )
    life.does("contact_logged", channel="phone", words="已告知")
    assert life.order.steps["account_balance"].due == due
    life.until(due - A_MOMENT)
    assert life.entries(EntryKind.OVERDUE, "account_balance") == []
    assert len(life.until(due).entries(EntryKind.OVERDUE, "account_balance")) == 1


# --- movement (R19) -----------------------------------------------------------------------------------------------


def test_what_the_system_says_is_no_movement() -> None:
    """R19: a bank or a calendar that speaks every few days keeps no order from hanging."""
    life = Life(packing="")
    for day in range(1, 15):
        life.until(MONDAY + day * ONE_DAY)
        life.does("payment_received", role=Role.SYSTEM, by="bank", amount="1.00", reference=f"T-{day}")
    assert life.order.hanging_since is None
    assert life.until(MONDAY + 15 * ONE_DAY).order.hanging_since == MONDAY + 15 * ONE_DAY


def test_what_a_person_says_is_movement() -> None:
    """R19: fifteen days from the last word of a person, to the moment."""
    life = Life(packing="").later(days=14).does("contact_logged", channel="phone", words="催资料")
    assert life.until(MONDAY + 29 * ONE_DAY - A_MOMENT).order.hanging_since is None
    assert life.until(MONDAY + 29 * ONE_DAY).order.hanging_since is not None


def test_what_was_refused_is_no_movement() -> None:
    """R19: an order hangs although somebody tries the same wrong thing every day."""
    life = Life(packing="")
    for day in range(1, 15):
        life.until(MONDAY + day * ONE_DAY)
        refused(life.tell("shipped", role=Role.SHIPPER, carrier=""), "malformed")
    assert life.until(MONDAY + 15 * ONE_DAY).order.hanging_since is not None


# --- overrides ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["R28", "R*"])
def test_an_override_frees_the_person_that_it_names_and_nobody_else(rule: str) -> None:
    """A separation of duties set aside for one is not set aside for the next."""
    life = Life(entered_by="sales_supervisor-1", entered_role="sales_supervisor")
    life.does(
        "overridden", role=Role.MARKETING_DIRECTOR, rule=rule, person="sales_supervisor-2", reason="休假"
    )
    refused(life.answer(Subject.APPROVAL, "approve", by="sales_supervisor-1"), "same_person")
    life.does(
        "overridden", role=Role.MARKETING_DIRECTOR, rule="R99", person="sales_supervisor-1", reason="休假"
    )
    refused(life.answer(Subject.APPROVAL, "approve", by="sales_supervisor-1"), "same_person")
    life.does(
        "overridden", role=Role.MARKETING_DIRECTOR, rule=rule, person="sales_supervisor-1", reason="休假"
    )
    life.decide(Subject.APPROVAL, "approve")


def test_an_override_of_dating_frees_the_person_that_it_names_and_nobody_else() -> None:
    life = Life().later(days=40)
    life.does(
        "overridden", role=Role.MARKETING_DIRECTOR, rule="dating", person="service_clerk-1", reason="补录"
    )
    old: dict[str, Any] = {"channel": "phone", "words": "补录", "happened": MONDAY}
    refused(life.tell("contact_logged", role=Role.SALESPERSON, **old), "too_far_back")
    life.does("contact_logged", role=Role.SERVICE_CLERK, **old)


# --- two who agree on a later day (R24) ---------------------------------------------------------------------------


@pytest.mark.parametrize(("clerk", "salesperson"), [(8, 11), (11, 8), (9, 9)])
def test_of_two_later_promises_the_later_one_is_told_to_the_customer(clerk: int, salesperson: int) -> None:
    """R24: a day that both can keep."""
    life = Life().verified(finish=5)
    for role, day in ((Role.SERVICE_CLERK, clerk), (Role.SALESPERSON, salesperson)):
        said = life.answer(
            Subject.LATER_PROMISE, "confirm", role=role, promised=life.day(day).isoformat(),
            ship_date=life.day(day + 1).isoformat(),
        )  # fmt: skip
        heard(said)
    assert life.promised == life.day(max(clerk, salesperson))
    assert life.order.promise.ship_date == life.day(max(clerk, salesperson) + 1)
