"""What falls due happens at its own moment, once, however long nobody looked (R13, R19, R34, R76)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from models.dossier.journal import EntryKind
from models.values.vocabulary import PromiseCause, Role
from tests.models.life import MONDAY, Life
from workflows.procedure import advance, next_deadline

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = MONDAY.replace(hour=0)


def happened(life: Life, *kinds: EntryKind) -> list[tuple[datetime, str, str]]:
    """The entries of these kinds: when, what, about what."""
    return [(e.recorded_at, e.kind.value, e.subject) for e in life.order.unsaved if e.kind in kinds]


def test_a_month_of_silence_is_told_as_it_passed() -> None:
    """R13, R19: overdue after a day, the superior told a day later, hanging after fifteen."""
    life = Life(packing="").later(days=30)
    assert happened(life, EntryKind.OVERDUE, EntryKind.ESCALATED, EntryKind.HANGING) == [
        (MONDAY + DAY, "overdue", "details"),
        (MONDAY + 2 * DAY, "escalated", "details"),
        (MONDAY + 15 * DAY, "hanging", "hanging"),
        (MONDAY + 16 * DAY, "overdue", "decision:hanging"),
        (MONDAY + 17 * DAY, "escalated", "decision:hanging"),
    ]
    assert life.order.clock == life.now
    assert next_deadline(life.order) is None


def test_the_superior_of_the_owner_is_told() -> None:
    """R13: the salesperson's, who owes the details."""
    life = Life(packing="").later(days=2)
    (entry,) = life.entries(EntryKind.ESCALATED)
    assert (entry.data["told"], entry.rule) == (["sales_supervisor-1"], "R13")
    (overdue,) = life.entries(EntryKind.OVERDUE)
    assert (overdue.rule, overdue.data["due"]) == ("R12", (MONDAY + DAY).isoformat())


def test_every_slipped_day_is_told_at_its_midnight() -> None:
    """R34; signature and the three parties' word have a day, the deposit has three (R13)."""
    life = Life().verified().sheet_out().later(days=3)
    assert happened(life, EntryKind.PROMISE, EntryKind.OVERDUE)[1:] == [
        (MIDNIGHT + DAY, "promise", "promise:2"),
        (MONDAY + DAY, "overdue", "sheet_back:1"),
        (MONDAY + DAY, "overdue", "decision:three_party"),
        (MIDNIGHT + 2 * DAY, "promise", "promise:3"),
        (MIDNIGHT + 3 * DAY, "promise", "promise:4"),
        (MONDAY + 3 * DAY, "overdue", "deposit"),
    ]
    moves = life.order.promise.history[1:]
    assert [(move.happened_at, move.cause, move.days) for move in moves] == [
        (MIDNIGHT + n * DAY, PromiseCause.CUSTOMER, 1) for n in (1, 2, 3)
    ]


def test_reminders_death_and_the_limit_of_the_recall_come_one_after_the_other() -> None:
    """R76: fifteen days, then three days to bring the goods back, then the superior."""
    life = Life().arrived().later(days=40)
    kinds = (EntryKind.DEAD, EntryKind.OVERDUE, EntryKind.ESCALATED)
    assert [each for each in happened(life, *kinds) if each[2] != "notice_legible:1"] == [
        (MIDNIGHT + 16 * DAY, "dead", "shipment:1"),
        (MIDNIGHT + 16 * DAY, "overdue", "collect:1"),
        (MIDNIGHT + 19 * DAY, "overdue", "recall:1"),
        (MIDNIGHT + 20 * DAY, "escalated", "recall:1"),
    ]
    reminded = life.entries(EntryKind.INTENTION, "collect_reminder")
    assert [(e.recorded_at, e.subject) for e in reminded] == [
        (MIDNIGHT + 7 * DAY, "collect_reminder:1:7"),
        (MIDNIGHT + 12 * DAY, "collect_reminder:1:12"),
        (MIDNIGHT + 14 * DAY, "collect_reminder:1:14"),
    ]


@pytest.mark.parametrize("looks", [1, 7, 30, 24 * 30])
def test_who_looks_often_and_who_looks_once_see_the_same(looks: int) -> None:
    once, often = (Life(packing="") for _ in range(2))
    once.later(days=30)
    for look in range(1, looks + 1):
        often.until(MONDAY + 30 * DAY * look / looks)
    assert often.order.unsaved == once.order.unsaved
    assert often.order.head == once.order.head


def test_the_nearest_of_all_deadlines_is_the_next() -> None:
    """A sheet out at nine: the day ends at 24:00; the legible copy and the signature are due at nine tomorrow."""
    life = Life().verified().sheet_out()
    assert next_deadline(life.order) == MIDNIGHT + DAY
    life.signed()
    assert next_deadline(life.order) == MIDNIGHT + DAY, "the deposit slips as well"
    life.paid("1500.00")
    assert next_deadline(life.order) == MONDAY + DAY, "the three parties have a day"


def test_what_is_due_this_very_moment_happens_now_and_what_is_due_later_does_not() -> None:
    life = Life(packing="")
    advance(life.order, MONDAY + DAY - timedelta(microseconds=1))
    assert life.order.steps["details"].overdue_at is None
    advance(life.order, MONDAY + DAY)
    assert life.order.steps["details"].overdue_at == MONDAY + DAY


def test_a_clock_that_goes_back_moves_nothing_back() -> None:
    life = Life(packing="").later(days=1)
    advance(life.order, MONDAY)
    assert life.order.clock == MONDAY + DAY
    life.now = MONDAY
    life.does("contact_logged", channel="phone", words="x")
    assert life.order.unsaved[-1].recorded_at == MONDAY + DAY
    assert life.order.unsaved[-1].happened_at == MONDAY


def test_nothing_is_due_while_the_company_stands_still_but_what_the_customer_owes() -> None:
    """A hold stops the company's limits; the days of who must collect run on."""
    life = Life().in_production()
    life.does("hold_placed", reason="展会")
    assert next_deadline(life.order) is None
    life = Life().arrived()
    life.does("hold_placed", reason="展会")
    assert next_deadline(life.order) == MIDNIGHT + 7 * DAY


def test_an_order_that_has_ended_waits_for_nothing() -> None:
    life = Life().does("cancellation_requested", reason="x")
    assert next_deadline(life.order) is None
    assert life.order.ended_at == MONDAY


def test_a_limit_that_was_extended_is_overdue_once_more() -> None:
    """R13: and the superior hears of it again."""
    life = Life(packing="").later(days=3)
    due = life.now + HOUR
    life.does("extension_given", role=Role.SERVICE_CLERK, step="details", due=due.isoformat(), reason="x")
    life.later(days=3)
    assert happened(life, EntryKind.OVERDUE, EntryKind.ESCALATED) == [
        (MONDAY + DAY, "overdue", "details"),
        (MONDAY + 2 * DAY, "escalated", "details"),
        (MONDAY + 3 * DAY + HOUR, "overdue", "details"),
        (MONDAY + 4 * DAY + HOUR, "escalated", "details"),
    ]
