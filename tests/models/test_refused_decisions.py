"""Decisions that are refused: by which code, at which place, by which rule (by hand; facts: `test_refusals`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.messages.decision_subjects import Subject
from models.messages.reply import Reply
from models.values.vocabulary import Role
from tests.models.life import Life, line


def dated(**detail: Any) -> Reply:
    """Production's answer to an order of a thousand."""
    life = Life().decide(Subject.TECHNICAL, "producible", material_note="足")
    said = {"production_date": "2027-03-02", "quantity": "1000", "finished_date": "2027-03-06", **detail}
    return life.answer(Subject.PRODUCTION_DATE, "dated", **said)


CASES: list[tuple[str, Callable[[], Reply], str]] = [
    ("too little named", lambda: dated(quantity="999.999"), "contradiction @ content.detail.quantity R23"),
    (
        "finished first",
        lambda: dated(finished_date="2027-03-01"),
        "contradiction @ content.detail.finished_date R23",
    ),
    (
        "finished long ago",
        lambda: dated(production_date="2027-02-27", finished_date="2027-02-28"),
        "date_in_past @ content.detail.finished_date R23",
    ),
    (
        "a clause open",
        lambda: dated(clauses_confirmed=False),
        "contradiction @ content.detail.clauses_confirmed R23",
    ),
    (
        "material by word of mouth",
        lambda: Life().answer(Subject.TECHNICAL, "producible"),
        "not_in_writing @ content.detail.material_note R21",
    ),
    (
        "a spoken answer",
        lambda: Life().answer(Subject.TECHNICAL, "producible", note=None, material_note="足"),
        "not_in_writing @ content.note_reference R21",
    ),
    (
        "an unknown outcome",
        lambda: Life().answer(Subject.TECHNICAL, "approve"),
        "unknown_outcome @ content.outcome R21",
    ),
    (
        "another's decision",
        lambda: Life().answer(Subject.APPROVAL, "approve", role=Role.TECHNICAL),
        "wrong_role @ role R28",
    ),
    ("not asked", lambda: Life().answer(Subject.SHIP_DATE, "approve"), "not_asked @ content.subject R25"),
    (
        "an old version",
        lambda: Life().answer(Subject.APPROVAL, "approve", version=7),
        "stale_version @ content.version R28",
    ),
    (
        "decided already",
        lambda: Life().decide(Subject.APPROVAL, "approve").answer(Subject.APPROVAL, "approve", by="x"),
        "already_decided @ content.subject R28",
    ),
    (
        "no line named",
        lambda: Life(lines=[line(1), line(2)]).answer(Subject.TECHNICAL, "producible", material_note="足"),
        "unknown_line @ content.line",
    ),
    (
        "who entered approves",
        lambda: Life(entered_by="sales_supervisor-1").answer(Subject.APPROVAL, "approve"),
        "same_person @ by R28",
    ),
    (
        "who entered the price settles it",
        lambda: Life(listed={"list_price": "4.50"}, entered_by="service_supervisor-1").answer(
            Subject.PRICE, "settled", unit_price="5.00"
        ),
        "same_person @ by R20",
    ),
    (
        "one person for two parties",
        lambda: (
            Life()
            .verified()
            .sheet_out()
            .does(
                "decision",
                role=Role.SALESPERSON,
                by="wu",
                subject="three_party",
                outcome="confirm",
                note_reference="N",
            )
            .answer(Subject.THREE_PARTY, "confirm", role=Role.FINANCE, by="wu")
        ),
        "same_person @ by R37",
    ),
    (
        "promised before it is made",
        lambda: Life().verified().answer(Subject.LATER_PROMISE, "confirm", promised="2027-03-05"),
        "contradiction @ content.detail.promised R24",
    ),
    (
        "shipped before it is promised",
        lambda: (
            Life()
            .verified()
            .answer(Subject.LATER_PROMISE, "confirm", promised="2027-03-08", ship_date="2027-03-07")
        ),
        "contradiction @ content.detail.promised R24",
    ),
    (
        "later than nothing",
        lambda: Life().answer(Subject.LATER_PROMISE, "confirm", promised="2027-03-08"),
        "not_asked @ content.subject R24",
    ),
    (
        "a plan without its date",
        lambda: (
            Life()
            .in_production()
            .does("production_exception", exception="P", reason="x")
            .answer(Subject.EMERGENCY_PLAN, "new_date", customer_answer="好")
        ),
        "contradiction @ content.detail.promised R42",
    ),
    (
        "a plan for yesterday",
        lambda: (
            Life()
            .in_production()
            .does("production_exception", exception="P", reason="x")
            .answer(Subject.EMERGENCY_PLAN, "new_date", customer_answer="好", promised="2027-02-28")
        ),
        "contradiction @ content.detail.promised R42",
    ),
    (
        "more given back than was paid",
        lambda: (
            Life()
            .confirmed()
            .does("cancellation_requested", reason="x")
            .answer(Subject.DEPOSIT_SETTLEMENT, "settled", refunded="1500.00", kept="0.01")
        ),
        "contradiction @ content.detail R84",
    ),
    (
        "an emergency without money",
        lambda: Life().in_warehouse().answer(Subject.EMERGENCY_SHIPMENT, "approve"),
        "not_asked @ content.subject R70",
    ),
    (
        "paid and refused",
        lambda: Life().in_warehouse().paid("3500.00").answer(Subject.FINANCE_RELEASE, "refuse"),
        "contradiction @ content.outcome R52",
    ),
]


@pytest.mark.parametrize(("reply", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_refused_decision_says_what_where_and_by_which_rule(
    reply: Callable[[], Reply], expected: str
) -> None:
    code, _, rest = expected.partition(" @")
    place, _, rule = rest.strip().rpartition(" ")
    if not rule.startswith("R"):
        place, rule = rule, ""
    said = reply()
    assert (said.code, said.where, said.rule) == (code, place, rule), said.en
    assert said.zh
    assert said.en
