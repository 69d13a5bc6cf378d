"""The exact borders of the rules: the last moment that still counts and the first that does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.reports.balance_reminder import OpenBalance, ReminderPolicy, is_due
from models.values.calendar import BUSINESS_ZONE, business_date, end_of
from models.values.vocabulary import Role
from tests.models.life import MONDAY, Life, line
from workflows.procedure import next_deadline

SECOND = timedelta(seconds=1)
CALL: dict[str, Any] = {"channel": "phone", "words": "x"}


def midnight(day: int) -> datetime:
    """The moment at which the day of March 2027 before this one ends: 24:00 of the day before."""
    return datetime(2027, 3, 1, tzinfo=BUSINESS_ZONE) + timedelta(days=day - 1)


# --- when a fact may have happened -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        (datetime(2027, 1, 29, 0, 0, tzinfo=BUSINESS_ZONE), ""),  # the 31st day before the first of March
        (datetime(2027, 1, 28, 23, 59, 59, tzinfo=BUSINESS_ZONE), "too_far_back"),
        (MONDAY + timedelta(minutes=10), ""),
        (MONDAY + timedelta(minutes=10) + SECOND, "in_future"),
    ],
)
def test_a_fact_is_at_most_31_days_old_and_ten_minutes_ahead(happened: datetime, code: str) -> None:
    assert Life().tell("contact_logged", happened=happened, **CALL).code == code


def test_the_days_of_back_dating_are_business_days_of_the_clock() -> None:
    """Half an hour after midnight in Shanghai is the day before in London."""
    life = Life(datetime(2027, 3, 1, 0, 30, tzinfo=BUSINESS_ZONE))
    assert life.tell("contact_logged", happened=datetime(2027, 1, 28, 16, tzinfo=UTC), **CALL).code == ""
    life = Life(datetime(2027, 3, 1, 0, 30, tzinfo=BUSINESS_ZONE))
    reply = life.tell("contact_logged", happened=datetime(2027, 1, 28, 15, 59, 59, tzinfo=UTC), **CALL)
    assert (reply.code, reply.where) == ("too_far_back", "happened_at")


def test_the_company_sets_both_figures() -> None:
    life = Life(policy={"dating": {"back_days": 2, "ahead_minutes": 0}})
    assert life.tell("contact_logged", happened=MONDAY - timedelta(days=2), **CALL).code == ""
    assert life.tell("contact_logged", happened=MONDAY - timedelta(days=3), **CALL).code == "too_far_back"
    assert life.tell("contact_logged", happened=MONDAY + SECOND, **CALL).code == "in_future"


# --- money -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("price", "small"), [("5.00", True), ("5.01", False)])
def test_an_order_of_500_yuan_is_small_and_one_of_501_is_not(price: str, small: bool) -> None:
    """R38: 以下 includes the number."""
    life = Life(lines=[line(1, quantity="100", unit_price=price)]).verified()
    assert ("decision:small_order" in life.waiting) is small


def test_the_limit_of_a_small_order_is_met_in_fen() -> None:
    """R38: 100.001 rolls of 5.00 are 500.005, rounded half up 500.01: one fen too many."""
    life = Life(lines=[line(1, quantity="100.001", unit_price="5.00")]).verified()
    assert str(life.order.total) == "500.01"
    assert "decision:small_order" not in life.waiting


@pytest.mark.parametrize(
    ("paid", "credit", "director"),
    [("2999.99", False, True), ("3000.00", True, False), ("3500.00", False, False)],
)
def test_a_balance_of_500_is_finances_and_one_fen_more_the_directors(
    paid: str, credit: bool, director: bool
) -> None:
    """R61: 5000.00 less the deposit of 1500.00."""
    life = Life().in_warehouse().paid(paid)
    assert ("decision:balance_release" in life.waiting) is director
    reply = life.answer(Subject.FINANCE_RELEASE, "release")
    assert (reply.code, reply.where, reply.rule) == (
        ("contradiction", "content.detail.collection", "R52") if credit else ("", "", "")
    )
    assert bool(life.order.releases) is not (credit or director)


@pytest.mark.parametrize(("paid", "waits"), [("1499.99", True), ("1500.00", False)])
def test_a_deposit_that_lacks_a_fen_is_not_there(paid: str, waits: bool) -> None:
    """R33"""
    life = Life().verified().sheet_out().signed().paid(paid)
    assert ("deposit" in life.waiting) is waits


# --- quantities ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passed", "asked"), [("949.999", True), ("950", False), ("1050", False), ("1050.001", True)]
)
def test_the_tolerance_includes_both_its_ends(passed: str, asked: bool) -> None:
    """R45: five per cent of a thousand."""
    life = Life().in_production().made(passed).passed(passed)
    assert ("decision:tolerance:1" in life.waiting) is asked


# --- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("finish", "asked"), [(10, False), (11, True)])
def test_ten_days_after_the_order_are_within_the_window(finish: int, asked: bool) -> None:
    """R25"""
    assert ("decision:ship_date" in Life().verified(finish).waiting) is asked


def test_fifteen_days_without_movement_are_hanging() -> None:
    """R19: to the second."""
    life = Life()
    life.until(MONDAY + timedelta(days=15) - SECOND)
    assert life.order.hanging_since is None
    life.until(MONDAY + timedelta(days=15))
    assert life.order.hanging_since == MONDAY + timedelta(days=15)


def test_reminders_go_out_when_day_7_12_and_14_begin_and_the_goods_die_when_day_15_ends() -> None:
    """R76: arrived on the first of March; so on the 8th, the 13th, the 15th, and at 24:00 of the 16th."""
    life = Life().arrived()
    for sent, day in enumerate((8, 13, 15), start=1):
        life.until(midnight(day) - SECOND)
        assert len(life.papers("collect_reminder")) == sent - 1
        assert next_deadline(life.order) == midnight(day)
        life.until(midnight(day))
        assert len(life.papers("collect_reminder")) == sent
        assert life.papers("collect_reminder")[-1].startswith(f"arrived {day - 1} days ago")
    life.until(midnight(17) - SECOND)
    assert life.order.shipments[0].dead_at is None
    life.until(midnight(17))
    assert life.order.shipments[0].dead_at == midnight(17)
    assert len(life.papers("collect_reminder")) == 3


@pytest.mark.parametrize(("recorded", "dead"), [(15, 17), (16, 18), (19, 23)])
def test_an_arrival_that_is_told_late_leaves_a_working_day(recorded: int, dead: int) -> None:
    """R76: told on Monday the 15th, Tuesday the 16th, Friday the 19th of an arrival on the first."""
    life = Life().shipped()
    life.until(midnight(recorded) + timedelta(hours=9)).does("arrived", happened=MONDAY)
    life.until(midnight(dead) - SECOND)
    assert life.order.shipments[0].dead_at is None
    life.until(midnight(dead))
    assert life.order.shipments[0].dead_at == midnight(dead)


@pytest.mark.parametrize(
    ("sent", "sent_on", "day", "due"),
    [
        (0, None, 2, False),
        (0, None, 3, True),
        (1, 3, 6, False),
        (1, 3, 7, True),
        (2, 7, 13, False),
        (2, 7, 14, True),
        (3, 14, 20, False),
        (3, 14, 21, True),
        (0, 3, 3, False),
    ],
)
def test_a_balance_is_reminded_of_three_seven_and_fourteen_days_after_it_was_due(
    sent: int, sent_on: int | None, day: int, due: bool
) -> None:
    """R51, R54: then every seven days; nothing twice on one day."""
    first = date(2027, 3, 1)
    balance = OpenBalance(
        order="1",
        customer="K-1",
        customer_name="红枫",
        salesperson="li",
        amount=Decimal("0.01"),
        since=first,
        sent=sent,
        sent_on=first + timedelta(days=sent_on) if sent_on is not None else None,
    )
    assert is_due(balance, first + timedelta(days=day), ReminderPolicy()) is due


# --- the end of the day ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "ends"),
    [
        (24 * 60, datetime(2027, 3, 2, 0, 0, tzinfo=BUSINESS_ZONE)),
        (17 * 60 + 30, datetime(2027, 3, 1, 17, 30, tzinfo=BUSINESS_ZONE)),
    ],
)
def test_a_sheet_that_comes_back_before_the_day_ends_slips_nothing(minutes: int, ends: datetime) -> None:
    """R34: the day ends at 24:00, or when the company says; the next moment is the next day."""
    policy = {"slip": {"end_of_day_minutes": minutes}}
    for back, slipped in (
        (ends - SECOND, 0),
        (ends, 1),
        (ends + timedelta(days=1) - SECOND, 1),
        (ends + timedelta(days=1), 2),
    ):
        life = Life(policy=policy).verified().sheet_out()
        assert next_deadline(life.order) == ends
        life.until(back).signed()
        assert life.promised == life.day(5 + slipped)


def test_a_sheet_that_is_sent_after_the_companys_own_end_of_day_belongs_to_the_next() -> None:
    """R34: sent at 18:00 where the day ends at 17:30, it is free until 17:30 of the next."""
    life = Life(policy={"slip": {"end_of_day_minutes": 17 * 60 + 30}}).verified()
    life.until(MONDAY.replace(hour=18)).sheet_out()
    life.until(MONDAY.replace(hour=17, minute=29, second=59) + timedelta(days=1))
    assert life.promised == life.day(5)
    life.until(MONDAY.replace(hour=17, minute=30) + timedelta(days=1))
    assert life.promised == life.day(6)


def test_the_business_day_of_a_moment_and_the_moment_a_day_ends() -> None:
    """+08:00 without summer time; 24:00 is the next day's 00:00."""
    last = datetime(2027, 3, 1, 15, 59, 59, tzinfo=UTC)
    assert (business_date(last), business_date(last + SECOND)) == (date(2027, 3, 1), date(2027, 3, 2))
    assert end_of(date(2027, 3, 1)) == last + SECOND
    six = 18 * 60
    assert end_of(date(2027, 3, 1), six) == datetime(2027, 3, 1, 10, tzinfo=UTC)
    assert business_date(datetime(2027, 3, 1, 9, 59, 59, tzinfo=UTC), six) == date(2027, 3, 1)
    assert business_date(datetime(2027, 3, 1, 10, tzinfo=UTC), six) == date(2027, 3, 2)
    assert end_of(date(2027, 3, 1)).tzinfo is UTC


def test_an_extension_reaches_beyond_now() -> None:
    """R13: not to this very moment."""
    life = Life(packing="")
    now = life.now.isoformat()
    reply = life.tell("extension_given", role=Role.SERVICE_CLERK, step="details", due=now, reason="x")
    assert (reply.code, reply.where, reply.rule) == ("date_in_past", "content.due", "R13")
    later = (life.now + SECOND).isoformat()
    life.does("extension_given", role=Role.SERVICE_CLERK, step="details", due=later, reason="x")
    assert life.order.steps["details"].due == life.now + SECOND
    life.later(hours=1)
    assert [e.recorded_at for e in life.entries(EntryKind.OVERDUE)] == [MONDAY + SECOND]
