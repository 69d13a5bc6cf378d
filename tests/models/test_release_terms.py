"""At release the terms of classes B and C are compared with the frame contract once more, delivery too (R15, D20.13)."""

from __future__ import annotations

from typing import Any

import pytest

from models.messages.decision_subjects import Subject
from tests.models.life import Life, refused

CONTRACT: dict[str, Any] = {
    "reference": "HT-1",
    "payment_terms": "deposit",
    "deposit_percent": "30",
    "delivery_methods": ["freight"],
}


def paid(*, edition: int = 6, **contract: Any) -> Life:
    """Passed goods in the warehouse on the third day, and everything is paid."""
    known = {"contract": {**CONTRACT, **contract}}
    life = Life(customer=known, edition=edition).in_production().later(days=2)
    return life.made().passed().paid("3500.00")


def test_terms_as_the_contract_has_them_ask_nothing() -> None:
    life = paid()
    assert "decision:release_terms" not in life.waiting
    assert "decision:finance_release" in life.waiting


@pytest.mark.parametrize("terms", ["deposit", "prepaid"])
def test_another_way_of_delivery_holds_the_goods_until_legal_and_finance_agree(terms: str) -> None:
    known = {"contract": {**CONTRACT, "delivery_methods": ["courier"], "valid_from": "2027-03-02"}}
    life = Life(customer=known, payment_terms=terms, deposit_percent=None)
    life = life.in_production("5000.00" if terms == "prepaid" else "1500.00").later(days=2).made().passed()
    if terms == "deposit":
        life.paid("3500.00")
    assert "decision:release_terms" in life.waiting
    assert "decision:finance_release" not in life.waiting
    refused(life.answer(Subject.RELEASE_TERMS, "approve", by="salesperson-1"), "same_person")
    life.decide(Subject.RELEASE_TERMS, "approve")
    assert "decision:finance_release" in life.waiting


def test_an_account_that_ran_out_is_asked_about() -> None:
    contract = {
        **CONTRACT,
        "payment_terms": "on_account",
        "deposit_percent": None,
        "valid_until": "2027-03-01",
    }
    life = Life(
        customer={"contract": contract}, policy={"contract": {"required": "never"}}, payment_terms="on_account", deposit_percent=None
    )  # fmt: skip
    life.in_production("0").later(days=2).made().passed()
    assert "decision:release_terms" in life.waiting


def test_refused_the_order_is_amended_first() -> None:
    known = {"contract": {**CONTRACT, "delivery_methods": ["courier"], "valid_from": "2027-03-02"}}
    life = Life(customer=known).in_production().later(days=2).made().passed().paid("3500.00")
    assert life.answer(Subject.RELEASE_TERMS, "refuse").status.value == "accepted"
    (step,) = [step for step in life.order.steps.values() if step.key == "terms_refused"]
    assert "delivery method" in step.words.en
    life.does("amendment_requested", changes={"delivery_method": "courier"}, reason="按合同")
    life.decide(Subject.AMENDMENT, "approve")
    assert "terms_refused" not in life.waiting


@pytest.mark.parametrize(("edition", "asked"), [(5, False), (6, True)])
def test_an_order_of_before_is_not_held_up(edition: int, asked: bool) -> None:
    life = paid(edition=edition, delivery_methods=["courier"], valid_from="2027-03-02")
    assert ("decision:release_terms" in life.waiting) is asked


def test_the_switch_of_deviations_is_one() -> None:
    known = {"contract": {**CONTRACT, "delivery_methods": ["courier"], "valid_from": "2027-03-02"}}
    life = Life(customer=known, policy={"approval": {"contract_deviation": False}})
    life.in_production().later(days=2).made().passed().paid("3500.00")
    assert "decision:finance_release" in life.waiting
