"""What an operator puts right by hand: from a closed list, within what happened since, with who agreed, and both figures kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.handlers.corrections import CORRECTIONS
from models.messages.corrections import Correction
from models.messages.decision_subjects import Subject
from models.messages.reply import Reply
from models.values.vocabulary import Role
from tests.models.life import Life, refused

MADE: dict[str, Any] = {"what": "lot_made", "line": 1, "agreed_by": "production-1"}
ENTERED: dict[str, Any] = {"what": "lot_entered", "line": 1, "agreed_by": "warehouse-1"}


def put_right(life: Life, role: Role = Role.OPERATOR, **content: Any) -> Reply:
    return life.tell("corrected", role=role, **{"reason": "录错了", **content})


def quantities(was: str, now: str) -> dict[str, Any]:
    return {"quantity_was": was, "quantity_now": now}


def over_reported() -> Life:
    """1900 were reported, 1000 were made, passed and entered."""
    return Life().in_production().made("1900").passed("1000")


def test_the_list_is_closed_and_each_has_its_rule() -> None:
    assert [each.value for each in Correction] == [
        "lot_made", "lot_entered", "lot_place", "tracking_number", "early_fact"
    ]  # fmt: skip
    assert list(CORRECTIONS) == list(Correction)
    life = over_reported()
    refused(put_right(life, **{**MADE, "what": "price"}, **quantities("1900", "1000")), "malformed")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_nobody_but_an_operator_puts_right(role: Role) -> None:
    life = over_reported()
    refused(put_right(life, role, **MADE, **quantities("1900", "1000")), "wrong_role")


def test_what_was_reported_too_high_becomes_less_and_the_order_goes_on() -> None:
    life = over_reported()
    assert any(key.startswith("inspect") for key in life.waiting)
    assert put_right(life, **MADE, **quantities("1900", "1000")).status.value == "accepted"
    lot = life.order.lot(1)
    assert lot is not None
    assert (lot.made, lot.uninspected) == (Decimal(1000), Decimal(0))
    assert not any(key.startswith("inspect") for key in life.waiting)
    (entry,) = life.entries(EntryKind.FACT, "corrected")
    said = entry.data["content"]
    assert (said["quantity_was"], said["quantity_now"]) == ("1900.000", "1000.000")
    assert (entry.by, entry.role, said["agreed_by"], said["reason"]) == (
        "operator-1", Role.OPERATOR, "production-1", "录错了"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now", "where"),
    [
        ("1900", "999.999", "content.quantity_now"),  # 1000 passed
        ("1900", "1900", "content.quantity_now"),
        ("1900", "1901", "content.quantity_now"),  # more is reported by production
        ("1899", "1000", "content.quantity_was"),
    ],
)
def test_a_quantity_is_held_to_what_happened_since(was: str, now: str, where: str) -> None:
    life = over_reported()
    reply = refused(put_right(life, **MADE, **quantities(was, now)), "contradiction")
    assert reply.where == where
    assert life.order.lots["1/1"].made == Decimal(1900)


def test_rework_counts_as_there() -> None:
    life = Life().in_production().made("1000")
    life.does(
        "inspection_reported",
        line=1,
        passed="600",
        to_rework="300",
        scrapped="50",
        checked_with="service_clerk-1",
    )
    refused(put_right(life, **MADE, **quantities("1000", "949")), "contradiction")
    assert put_right(life, **MADE, **quantities("1000", "950")).status.value == "accepted"


def test_of_a_finished_line_something_was_made() -> None:
    life = Life().in_production().made("5")
    refused(put_right(life, **MADE, **quantities("5", "0")), "contradiction")
    life = Life().in_production().made("5", finished=False)
    assert put_right(life, **MADE, **quantities("5", "0")).status.value == "accepted"


def test_what_left_was_entered() -> None:
    life = Life().shipped()
    reply = refused(put_right(life, **ENTERED, **quantities("1000", "999")), "contradiction")
    assert reply.where == "content.quantity_now"
    life = Life().in_warehouse()
    assert put_right(life, **ENTERED, **quantities("1000", "600")).status.value == "accepted"
    assert life.order.lots["1/1"].not_entered == Decimal(400)


def test_a_release_of_more_than_is_there_is_taken_back() -> None:
    """R61: what rests on a figure falls with it."""
    life = Life().in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases
    put_right(life, **ENTERED, **quantities("1000", "600"))
    assert [each.withdrawal for each in life.order.withdrawn] != []


def test_a_place_and_a_tracking_number() -> None:
    life = Life().shipped()
    place: dict[str, Any] = {"what": "lot_place", "line": 1, "agreed_by": "warehouse-1"}
    assert put_right(life, **place, now="B-12").status.value == "accepted"
    refused(put_right(life, **place, was="A-1", now="C-1"), "contradiction")
    assert life.order.lots["1/1"].place == "B-12"
    number: dict[str, Any] = {"what": "tracking_number", "agreed_by": "shipper-1"}
    unknown = refused(put_right(life, **number, shipment="2", was="DB-1", now="DB-2"), "contradiction")
    other = refused(put_right(life, **number, shipment="1", was="DB-7", now="DB-2"), "contradiction")
    no_lot = refused(put_right(life, **{**place, "line": 9}, now="C-1"), "contradiction")
    assert (unknown.where, other.where, no_lot.where) == ("content.shipment", "content.was", "content.lot")
    assert put_right(life, **number, shipment="1", was="DB-1", now="DB-2").status.value == "accepted"
    assert life.order.shipments[0].tracking_number == "DB-2"


def test_a_fact_that_waits_and_should_not_is_dropped_for_good() -> None:
    life = Life().verified()
    early = life.tell("production_signed", version=1, clerk="service_clerk-1")
    assert early.status.value == "kept_early"
    (kept,) = life.order.early
    dropped: dict[str, Any] = {
        "what": "early_fact",
        "fact": kept.fact_id,
        "told_by": kept.by,
        "agreed_by": "production-1",
    }
    refused(put_right(life, **dropped, fact_kind="shipped"), "contradiction")
    refused(
        put_right(life, **{**dropped, "told_by": "quality-1"}, fact_kind="production_signed"), "contradiction"
    )
    assert put_right(life, **dropped, fact_kind="production_signed").status.value == "accepted"
    assert life.order.early == []
    refused(put_right(life, **dropped, fact_kind="production_signed"), "contradiction")
    life.sheet_out().signed().paid("1500.00")
    assert life.order.instruction is None or life.order.instruction.signed_at is None


@pytest.mark.parametrize(
    "content",
    [
        {"what": "lot_made", "agreed_by": "production-1", "quantity_was": "1900", "quantity_now": "1000"},
        {"what": "lot_made", "line": 1, "agreed_by": "production-1", "quantity_now": "1000"},
        {**MADE, "quantity_was": "1900", "quantity_now": "1000", "now": "B-1"},
        {**MADE, "quantity_was": "1900", "quantity_now": "-1"},
        {"what": "lot_place", "line": 1, "agreed_by": "warehouse-1"},
        {"what": "tracking_number", "agreed_by": "shipper-1", "now": "X"},
        {"what": "early_fact", "agreed_by": "production-1", "fact": "x"},
        {**MADE, **quantities("1900", "1000"), "reason": " "},
        {"what": "lot_made", "line": 1, **quantities("1900", "1000")},
    ],
)
def test_what_is_missing_or_does_not_belong_there_is_said(content: dict[str, Any]) -> None:
    life = over_reported()
    reply = put_right(life, **content)
    assert reply.status.value == "refused"
    assert reply.where.startswith("content")
    assert life.order.lots["1/1"].made == Decimal(1900)


def test_an_operator_does_not_agree_with_oneself_and_needs_whose_figure_it_is() -> None:
    life = over_reported()
    refused(
        put_right(life, **{**MADE, "agreed_by": "operator-1"}, **quantities("1900", "1000")), "same_person"
    )
    refused(
        put_right(life, **{**MADE, "agreed_by": "salesperson-1"}, **quantities("1900", "1000")), "wrong_role"
    )
    refused(
        put_right(life, **{**MADE, "agreed_by": "stranger"}, **quantities("1900", "1000")), "unknown_person"
    )
    refused(
        put_right(life, what="lot_made", line=1, lot="9", agreed_by="production-1", **quantities("1", "0")),
        "contradiction",
    )
