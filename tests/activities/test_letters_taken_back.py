"""A reminder that is taken back: does its level count, or is the same asked for again (R51)? By the state of each copy."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update

from activities.reminders.reminder_letters import withdraw
from activities.reminders.reminder_pages import ReminderPage, Reminding, reminders_of
from activities.store.database import reading, writing
from models.reports.notice_routes import DeliveryState
from models.tables.registry import table
from models.values.calendar import at
from tests.activities.test_reminding import NOTICE, posted, record
from tests.models.life import MONDAY, Life

_GONE = {DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN}
"""The customer has it, or may have it."""


@pytest.fixture
def number(engine: Engine, tmp_path: Path) -> str:
    """An order whose first reminder was entered and waits to be sent."""
    number = record(engine, tmp_path, Life().in_warehouse())
    day = NOTICE + timedelta(days=3)
    assert Reminding(engine, tmp_path / "no-policy.toml").remind_page(ReminderPage(day=day)).letters == 1
    posted(engine, tmp_path, at(NOTICE + timedelta(days=5), 10))
    assert _states(engine) == ["waiting"]
    return number


def _states(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        deliveries = table("deliveries")
        return list(connection.scalars(select(deliveries.c.state).order_by(deliveries.c.addressee)))


def _take_back(engine: Engine) -> None:
    outbox = table("outbox")
    with writing(engine) as connection:
        letter = (
            connection.execute(select(outbox).where(outbox.c.paper == "balance_reminder")).mappings().one()
        )
        withdraw(connection, letter)


def _another_copy(engine: Engine, state: DeliveryState, *, left: bool = False) -> None:
    """The same letter to somebody else, which has come so far."""
    deliveries = table("deliveries")
    with writing(engine) as connection:
        row = dict(connection.execute(select(deliveries)).mappings().one())
        row |= {
            "addressee": "salesperson",
            "address": "x",
            "state": state.value,
            "sent_at": MONDAY if left else None,
        }
        connection.execute(insert(deliveries).values(row))


@pytest.mark.parametrize("state", list(DeliveryState))
def test_the_level_counts_where_a_copy_has_gone_or_is_being_sent(
    engine: Engine, number: str, state: DeliveryState
) -> None:
    """Also while it is being sent: a customer who has the letter must not get the same level again."""
    _another_copy(engine, state)
    _take_back(engine)
    assert [each.level for each in reminders_of(engine, number)] == ([1] if state in _GONE else [])


def test_the_level_counts_where_a_copy_has_left_whatever_became_of_it(engine: Engine, number: str) -> None:
    """A fax that was cut off: some pages are there."""
    _another_copy(engine, DeliveryState.REJECTED, left=True)
    _take_back(engine)
    assert [each.level for each in reminders_of(engine, number)] == [1]


def test_only_what_waits_is_taken_back(engine: Engine, number: str) -> None:
    _another_copy(engine, DeliveryState.SENDING)
    _take_back(engine)
    assert sorted(_states(engine)) == ["sending", "withdrawn"]


def test_a_letter_of_another_order_counts_as_before(engine: Engine, number: str, tmp_path: Path) -> None:
    other = record(engine, tmp_path, Life().in_warehouse(), number="20270301-0009", customer="K-9")
    day = NOTICE + timedelta(days=3)
    Reminding(engine, tmp_path / "no-policy.toml").remind_page(ReminderPage(day=day))
    outbox, deliveries = table("outbox"), table("deliveries")
    with writing(engine) as connection:
        connection.execute(update(deliveries).values(state=DeliveryState.SENDING.value))
        theirs = outbox.c.content["customer"].as_string() == "K-9"
        letter = (
            connection.execute(select(outbox).where(outbox.c.order_number == other, theirs)).mappings().one()
        )
        withdraw(connection, letter)
    assert reminders_of(engine, other) == []
    assert len(reminders_of(engine, number)) == 1
