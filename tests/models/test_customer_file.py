"""R15, R17, R31: the customer's file that an order began with, refreshed by a recorded fact."""

from __future__ import annotations

from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.order.paper_contents import content_of
from models.values.vocabulary import PhaseName, Role
from tests.models.life import SIGNER, Life, refused

FILE: dict[str, Any] = {
    "customer": "K-1",
    "name": "红枫包装",
    "customer_class": "B",
    "designated_signers": [SIGNER],
    "verified_by": "service_clerk-1",
}
CONTRACT = {"reference": "HT-1", "payment_terms": "deposit", "deposit_percent": "40"}


def refreshed(life: Life, **changes: Any) -> Life:
    """The file with these fields in place of its own, told by the clerk."""
    return life.does("customer_file_refreshed", file={**FILE, **changes}, reason="客户更名")


def voided(life: Life) -> set[str]:
    """What counts no longer."""
    return {entry.subject for entry in life.entries(EntryKind.VOIDED)}


def test_a_corrected_name_stands_on_the_next_paper_and_voids_nothing() -> None:
    life = refreshed(Life().confirmed(), name="红枫包装制品")
    assert voided(life) == set()
    assert life.order.phase is PhaseName.PRODUCTION
    (content,) = [content_of(life.order, Paper.INSTRUCTION, "1")]
    assert content is not None
    assert content["customer"] == "红枫包装制品"


def test_before_and_after_stand_in_the_journal_with_who_did_it() -> None:
    life = refreshed(Life(), name="红枫包装制品", designated_signers=["李强"])
    (entry,) = life.entries(EntryKind.REFRESHED)
    assert (entry.by, entry.role, entry.rule) == ("service_clerk-1", Role.SERVICE_CLERK, "R17")
    assert {each["field"]: (each["before"], each["after"]) for each in entry.data["changes"]} == {
        "name": ("红枫包装", "红枫包装制品"),
        "designated_signers": ([SIGNER], ["李强"]),
    }


def test_who_may_sign_now_signs_the_next_sheet_that_comes_back() -> None:
    """R31: what came back before stays as it was looked at."""
    life = Life().verified().sheet_out()
    life.does("confirmation_returned", version=1, signed_by="李强")
    assert not life.order.sheets[0].is_clean
    refreshed(life, designated_signers=["李强"])
    assert not life.order.sheets[0].is_clean
    life.does("confirmation_returned", version=1, signed_by="李强")
    assert life.order.sheets[0].is_clean


def test_data_that_were_verified_meanwhile_are_asked_about_no_more() -> None:
    life = Life(customer={"verified_by": ""})
    assert "decision:customer_data" in life.waiting
    refreshed(life)
    assert life.order.phase is PhaseName.VERIFICATION


@pytest.mark.parametrize(
    ("changes", "void"),
    [
        ({"customer_class": "C"}, {"approval", "three_party"}),
        ({"contract": CONTRACT}, {"approval", "contract"}),
    ],
)
def test_class_and_contract_open_what_rests_on_them(changes: dict[str, Any], void: set[str]) -> None:
    """R15, R28, R33: also after production was instructed."""
    life = refreshed(Life().in_production(), **changes)
    assert voided(life) & {"approval", "three_party"} == void & {"approval", "three_party"}
    if "contract" in changes:
        assert "decision:contract" in life.waiting
        life.decide(Subject.CONTRACT, "approve")
    assert "decision:approval" in life.waiting
    life.decide(Subject.APPROVAL, "approve")
    if "customer_class" in changes:
        assert "decision:three_party" in life.waiting
        life.decide(Subject.THREE_PARTY, "confirm")
    assert life.order.phase is PhaseName.PRODUCTION


def test_a_customer_who_is_class_a_no_longer_signs_and_pays_before_production() -> None:
    life = Life(customer={"customer_class": "A"}).verified().sheet_out()
    assert life.order.phase is PhaseName.PRODUCTION
    refreshed(life).decide(Subject.APPROVAL, "approve")
    assert life.order.phase is PhaseName.CONFIRMATION
    assert {"sheet_back:1", "deposit"} <= life.waiting


def test_another_deposit_is_another_sheet() -> None:
    """R33: the contract gives 40 % where the order says nothing."""
    life = refreshed(Life(deposit_percent=None).verified().sheet_out(), contract=CONTRACT)
    assert "sheet:1" in voided(life)
    assert str(life.order.deposit_due) == "2000.00"


def test_what_was_seen_before_the_class_changed_is_stale() -> None:
    life = refreshed(Life(), customer_class="C")
    reply = refused(life.answer(Subject.APPROVAL, "approve", seen={"version": 1}), "stale_version")
    assert "客户等级 B类 → C类" in reply.zh


def test_the_same_file_changes_nothing() -> None:
    life = refreshed(Life().confirmed())
    assert (life.order.request_version, life.entries(EntryKind.REFRESHED)) == (1, [])


def test_the_file_of_another_customer_or_none_is_refused() -> None:
    life = Life()
    refused(life.tell("customer_file_refreshed", file={**FILE, "customer": "K-2"}), "contradiction")
    refused(life.tell("customer_file_refreshed", reason="x"), "missing_field")
    refused(life.tell("customer_file_refreshed", file=FILE, role=Role.FINANCE), "wrong_role")


def test_once_everything_left_nothing_is_opened_again() -> None:
    life = refreshed(Life().shipped(), customer_class="C")
    assert life.order.phase is PhaseName.DELIVERY
