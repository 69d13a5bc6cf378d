"""The day that stands on an invoice or a red letter (R162, R163)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from models.facts.fact_envelope import fact_envelope
from models.values.fingerprint import lasting
from models.values.vocabulary import Role
from tests.models.life import Life
from tests.models.test_invoices import ASKED, refused, sheets_sent
from workflows.procedure import check, claim_of


def asked_two_days_ago() -> tuple[Life, date]:
    """An invoice asked for, and today, two days later."""
    life = sheets_sent().does("invoice_requested", **ASKED)
    life.later(days=2)
    return life, life.order.today()


@pytest.mark.parametrize(
    ("days", "code"),
    [(1, "in_future"), (60_000, "in_future"), (-3, "contradiction"), (-3_650, "contradiction")],
)
def test_an_invoice_is_dated_from_its_request_to_today(days: int, code: str) -> None:
    life, today = asked_two_days_ago()
    given = str(today + timedelta(days=days))
    assert refused(life, "invoice_issued", invoice="F-1", issued_on=given) == (code, "content.issued_on")


@pytest.mark.parametrize("days", [0, -1, -2])
def test_an_invoice_may_be_of_a_day_since_it_was_asked_for(days: int) -> None:
    life, today = asked_two_days_ago()
    given = today + timedelta(days=days)
    life.does("invoice_issued", invoice="F-1", issued_on=str(given))
    assert life.order.invoices.invoices[0].issued_on == given


def test_a_red_letter_is_dated_from_its_invoice_to_today() -> None:
    life, today = asked_two_days_ago()
    life.does("invoice_issued", invoice="F-1", issued_on=str(today - timedelta(days=1)))
    red: dict[str, Any] = {"invoice": "F-1", "red_letter": "H-1", "reason": "抬头错"}
    for days, code in ((1, "in_future"), (-2, "contradiction")):
        given = str(today + timedelta(days=days))
        assert refused(life, "invoice_reversed", **red, issued_on=given) == (code, "content.issued_on")
    life.does("invoice_reversed", **red, issued_on=str(today - timedelta(days=1)))


def test_the_number_is_asked_for_by_the_day_that_it_is_now() -> None:
    """R162: an order that heard nothing since yesterday still asks for the number of an invoice of today."""
    life = sheets_sent().does("invoice_requested", **ASKED)
    tomorrow = life.now + timedelta(days=1)
    said = fact_envelope(
        "f", "invoice_issued", {"invoice": "F-1", "issued_on": str(tomorrow.date())},
        by="finance-1", role=Role.FINANCE, happened_at=tomorrow,
    )  # fmt: skip
    claim = claim_of(life.order, check(lasting(said)), tomorrow)
    assert claim is not None
    assert claim.key == "invoice:f-1"
