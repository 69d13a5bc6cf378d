"""R83: what an amendment voids, field by field, written from the rules and never from the code's own table.

A field voids the checks whose question it is part of: price compares number, specification and unit price with the
list (R20); technical asks whether it can be made, for the special requirements too (R21, R22); production confirms
every clause that concerns it, and names the date (R23); the ship date counts against the window (R25); the contract
speaks of terms and delivery (R15); the supervisor approves what is sold and on which terms (R28); the way of a small
order follows from its total (R38). Whom to call and where to send it (contact, phone, fax, address, consignee) is
nobody's check: it voids the signature only.
"""

from __future__ import annotations

from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.handlers.amendments import VOIDED_BY
from models.messages.decision_subjects import Subject
from models.request.order_request import LineChange, RequestChange
from models.values.vocabulary import PhaseName, Role
from rehearsal.timeline import timeline
from tests.models.life import Life, line

NEW: dict[str, Any] = {
    "contact": "刘强",
    "phone": "1",
    "fax": "2",
    "address": "别处",
    "consignee": "刘强",
    "payment_terms": "prepaid",
    "deposit_percent": "50",
    "packing": "散装",
    "label": "新标签",
    "special_requirements": "防潮",
    "wanted_date": "2027-03-20",
    "delivery_method": "courier",
    "freight_terms": "buyer_pays",
    "partial_delivery": True,
    "customer_order_number": "PO-1001",
    "added_lines": [{"product": "TP-80", "quantity": "5", "unit": "roll", "unit_price": "5.00"}],
    "dropped_lines": [2],
    "lines.product": "TP-81",
    "lines.specification": "80mm×90m",
    "lines.quantity": "90",
    "lines.unit": "carton",
    "lines.unit_price": "4.80",
    "lines.tolerance_percent": "8",
}
SIGNATURE_ONLY = ("contact", "phone", "fax", "address", "consignee", "customer_order_number")
GOODS = {"price", "technical", "production_date", "approval", "small_order", "ship_date", "service_date"}
VOIDS: dict[str, set[str]] = {
    **{field: set() for field in SIGNATURE_ONLY},
    "payment_terms": {"contract", "approval", "small_order"},
    "deposit_percent": {"contract", "approval"},
    "delivery_method": {"contract"},
    "freight_terms": {"approval"},
    "partial_delivery": {"approval"},
    "added_lines": {"approval", "small_order", "service_date"},
    "dropped_lines": {"approval", "small_order", "service_date"},
    "packing": {"production_date"},
    "label": {"production_date"},
    "special_requirements": {"technical", "production_date", "service_date"},
    "wanted_date": {"production_date", "ship_date", "service_date"},
    "lines.product": GOODS | {"old_recipe"},
    "lines.specification": GOODS | {"old_recipe"},
    "lines.unit": GOODS | {"old_recipe"},
    "lines.quantity": GOODS,
    "lines.unit_price": {"price", "approval", "small_order"},
    "lines.tolerance_percent": {"production_date", "tolerance"},
}
"""Beside sheet and signature, which every field voids, and the three parties' word about that sheet (R37)."""
NO_CHECK_OF_THE_SUPERVISOR = [field for field, checks in VOIDS.items() if "approval" not in checks]


def change_of(field: str) -> dict[str, Any]:
    """The amendment that changes this one field."""
    if field.startswith("lines."):
        return {"lines": [{"line": 1, field.removeprefix("lines."): NEW[field]}]}
    return {field: NEW[field]}


def everything_decided() -> Life:
    """A small order whose every check was asked for and given: contract, price, recipe, late ship date, way."""
    life = Life(
        customer={
            "contract": {
                "reference": "HT-1",
                "payment_terms": "deposit",
                "deposit_percent": "40",
                "delivery_methods": ["freight", "courier"],
            }
        },
        listed={"list_price": "4.50"},
        lines=[line(1, quantity="100")],
    )
    life.decide(Subject.CONTRACT, "approve").decide(Subject.PRICE, "settled", unit_price="5.00")
    life.decide(Subject.TECHNICAL, "not_producible").decide(Subject.OLD_RECIPE, "insist")
    life.verified(finish=12).decide(Subject.SHIP_DATE, "approve")
    life.decide(Subject.SMALL_ORDER, "deposit", assessment="老客户").sheet_out().signed()
    return life.decide(Subject.THREE_PARTY, "confirm")


def voided_by(life: Life, field: str) -> set[str]:
    """The checks that the amendment of one field made void."""
    before = len(life.order.unsaved)
    life.does("amendment_requested", changes=change_of(field), reason="客户要求")
    since = [entry for entry in life.order.unsaved[before:] if entry.kind is EntryKind.VOIDED]
    return {entry.subject.split(":")[0] for entry in since}


def test_every_field_that_can_change_is_in_the_table_of_the_rules_and_of_the_code() -> None:
    fields = {name for name in RequestChange.model_fields if name != "lines"}
    fields |= {f"lines.{name}" for name in LineChange.model_fields if name != "line"}
    assert fields == set(VOIDS) == set(NEW) == set(VOIDED_BY)


def test_the_order_that_is_amended_here_had_every_check() -> None:
    life = everything_decided()
    decided = {key.split(":")[0] for key, asked in life.order.asked.items() if asked.outcome is not None}
    asked_at_the_end = {"tolerance", "service_date"}  # the second of services alone
    assert decided == set().union(*VOIDS.values()) - asked_at_the_end | {"three_party"}


OF_ONE_LINE = sorted(set(VOIDS) - {"dropped_lines"})
"""Of what is dropped `test_changed_lines` speaks: an order keeps a line."""


@pytest.mark.parametrize("field", OF_ONE_LINE)
def test_an_amendment_voids_what_rested_on_the_field_and_nothing_else(field: str) -> None:
    """R83; of the approval the next test speaks."""
    life = everything_decided()
    expected = VOIDS[field] - {"tolerance", "service_date"} | {"sheet", "three_party"}
    assert voided_by(life, field) - {"approval"} == expected - {"approval"}
    assert life.order.sheets[0].voided_at == life.now


@pytest.mark.parametrize("field", OF_ONE_LINE)
def test_the_supervisor_is_asked_again_only_about_what_is_sold_and_on_which_terms(field: str) -> None:
    """R28, R83"""
    assert ("approval" in voided_by(everything_decided(), field)) is ("approval" in VOIDS[field])


def test_the_customers_word_about_the_quantity_is_void_when_the_tolerance_changes() -> None:
    """R45, R83: asked when the goods are made, and of the line that changed alone."""
    life = Life(lines=[line(1), line(2)]).confirmed("3000.00")
    life.does("production_signed", version=1, clerk="service_clerk-1")
    for number in (1, 2):
        life.made("900", line=number).passed("900", line=number)
        life.decide(Subject.TOLERANCE, "accept", line=number)
    life.does("amendment_requested", changes=change_of("lines.tolerance_percent"), reason="放宽")
    life.decide(Subject.AMENDMENT, "approve")
    keys = {entry.subject for entry in life.entries(EntryKind.VOIDED)}
    assert {"tolerance:1", "production_date:1"} <= keys
    assert not {"tolerance:2", "production_date:2", "technical:1", "technical:2"} & keys


def test_each_field_voids_what_rested_on_it_in_the_lines_in_which_it_changed() -> None:
    """R83: the packing concerns production of every line, a quantity the own line, a price nobody of production."""
    life = Life(lines=[line(1), line(2), line(3)]).confirmed("4500.00")
    lines = [{"line": 1, "quantity": "900"}, {"line": 2, "unit_price": "5.10"}]
    life.does("amendment_requested", changes={"lines": lines}, reason="x")
    keys = {entry.subject for entry in life.entries(EntryKind.VOIDED)}
    assert keys == {"technical:1", "production_date:1", "approval", "sheet:1", "three_party"}
    packed = Life(lines=[line(1), line(2)]).confirmed("3000.00")
    changes = {"packing": "散装", "lines": [{"line": 1, "unit_price": "5.10"}]}
    packed.does("amendment_requested", changes=changes, reason="x")
    keys = {entry.subject for entry in packed.entries(EntryKind.VOIDED)}
    assert {"production_date:1", "production_date:2"} <= keys


def test_terms_that_the_contract_does_not_give_are_asked_about_again() -> None:
    """R15, R83: an amended order is looked at from its beginning, and the journal says where it is."""
    life = Life().confirmed()
    before = len(life.order.unsaved)
    life.does("amendment_requested", changes={"payment_terms": "on_account"}, reason="客户要求账期")
    assert (life.order.phase, "decision:contract" in life.waiting) == (PhaseName.INTAKE, True)
    life.decide(Subject.CONTRACT, "approve").decide(Subject.APPROVAL, "approve")
    since = [entry.subject for entry in life.order.unsaved[before:] if entry.kind is EntryKind.PHASE]
    assert since == ["verification", "confirmation"]


def test_people_read_that_an_amended_order_went_back() -> None:
    """R83: the journal names phases that are entered; that a void sheet means verification the timeline says."""
    life = Life().confirmed().does("amendment_requested", changes={"freight_terms": "buyer_pays"}, reason="x")
    assert life.order.phase is PhaseName.VERIFICATION
    (words,) = [
        each.words
        for each in timeline(life.order.unsaved)
        if "确认书第1版" in each.words.zh and "失效" in each.words.zh
    ]
    assert ("回到审核" in words.zh, "back in verification" in words.en) == (True, True)


def test_a_plan_of_partial_delivery_is_a_change_like_any_other() -> None:
    """R42, R83: the order may be delivered in parts now; the supervisor approves it, and the customer signs it."""
    life = Life().in_production()
    life.does("production_exception", exception="EX-1", cause="material", reason="缺原纸", line=1)
    life.decide(Subject.EMERGENCY_PLAN, "partial_delivery", customer_answer="同意分批")
    assert life.order.request.partial_delivery
    assert life.order.request_version == 2
    assert "decision:approval" in life.waiting
    life.decide(Subject.APPROVAL, "approve").sheet_out(2).signed(2).decide(Subject.THREE_PARTY, "confirm")
    assert life.order.phase is PhaseName.PRODUCTION


def test_what_the_sheet_says_is_confirmed_again_and_the_order_is_back_in_verification() -> None:
    life = everything_decided()
    life.does("amendment_requested", changes=change_of("lines.quantity"), reason="减量")
    assert life.order.phase is PhaseName.VERIFICATION
    assert (life.order.sheet, str(life.order.total)) == (None, "450.00")
    assert [e.rule for e in life.entries(EntryKind.VOIDED, "sheet")] == ["R83"]


@pytest.mark.parametrize("field", SIGNATURE_ONLY)
def test_once_it_began_production_is_asked_whatever_the_field(field: str) -> None:
    """R83: after production began it must agree first."""
    life = Life().in_production()
    life.does("amendment_requested", role=Role.CUSTOMER, changes=change_of(field), reason="x")
    assert "decision:amendment" in life.waiting
    assert life.order.sheet is not None
