"""What counts as movement, so that an order is not listed as hanging (R19): what people do, not what machines report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.values.vocabulary import Headline, Role
from tests.models.life import MONDAY, Life, refused

DAYS = 15
"""The policy's figure."""
SAID: dict[str, tuple[Role, dict[str, Any]]] = {
    "the fax gateway sent the sheet": (Role.SYSTEM, {"kind": "sheet_sent", "version": 1}),
    "the bank reports the deposit": (
        Role.SYSTEM,
        {"kind": "payment_received", "amount": "500.00", "method": "bank", "reference": "B-1"},
    ),
}
BY_PEOPLE: dict[str, tuple[Role, dict[str, Any]]] = {
    "a clerk sent the sheet": (Role.SERVICE_CLERK, {"kind": "sheet_sent", "version": 1}),
    "the customer has it": (Role.CUSTOMER, {"kind": "sheet_received", "version": 1}),
    "somebody called": (Role.SALESPERSON, {"kind": "contact_logged", "channel": "phone", "words": "还要"}),
}


def _told(role: Role, said: dict[str, Any]) -> Life:
    """Placed and verified on Monday; ten days later this is said."""
    life = Life().verified().later(days=10)
    content = {name: value for name, value in said.items() if name != "kind"}
    life.does(said["kind"], role=role, **content)
    return life


def _hangs_on(life: Life) -> int:
    """How many days after Monday it is listed."""
    for day in range(10, 41):
        life.until(MONDAY + timedelta(days=day))
        if life.order.hanging_since is not None:
            return day
    raise AssertionError("never")


@pytest.mark.parametrize("what", SAID)
def test_what_a_connected_service_reports_does_not_keep_an_order_from_hanging(what: str) -> None:
    assert _hangs_on(_told(*SAID[what])) == DAYS


@pytest.mark.parametrize("what", BY_PEOPLE)
def test_what_a_person_says_does(what: str) -> None:
    assert _hangs_on(_told(*BY_PEOPLE[what])) == 10 + DAYS


def test_a_report_of_a_service_does_not_end_hanging_and_a_refused_word_neither() -> None:
    life = Life().verified().later(days=DAYS)
    assert life.order.headline is Headline.HANGING
    life.does("sheet_sent", role=Role.SYSTEM, version=1)
    refused(life.tell("sheet_received", role=Role.CUSTOMER), "missing_field")
    assert life.order.headline is Headline.HANGING
    life.does("sheet_received", role=Role.CUSTOMER, version=1)
    assert life.order.hanging_since is None


def test_the_same_word_told_twice_is_one_movement() -> None:
    """The second telling is answered as known, ten days later, and moves nothing."""
    life = Life().verified()
    said: dict[str, Any] = {"channel": "phone", "words": "还要", "fact_id": "call/1", "happened": MONDAY}
    life.tell("contact_logged", role=Role.SALESPERSON, **said)
    life.later(days=10).tell("contact_logged", role=Role.SALESPERSON, **said)
    assert _hangs_on(life) == DAYS
