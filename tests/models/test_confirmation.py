"""Sheet, signature, deposit, small orders, three parties: what opens the way to the factory (R30 to R38)."""

from __future__ import annotations

from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.order.sheet import Fault
from models.values.vocabulary import Headline, PhaseName, Role, SmallOrderWay
from tests.models.life import SIGNER, Life, line, refused

SMALL = [line(1, quantity="100")]


def test_the_sheet_is_made_checked_and_sent() -> None:
    """R30: the clerk sends it; the customer says that the copy can be read."""
    life = Life().verified()
    assert life.order.headline is Headline.APPROVED
    assert life.order.steps["send_sheet:1"].roles == (Role.SERVICE_CLERK,)
    assert life.papers("confirmation_sheet") == [
        "confirmation sheet version 1, total CNY 5000.00, promised 2027-03-06"
    ]
    life.does("sheet_sent", version=1)
    assert "sheet_legible:1" in life.waiting
    life.does("sheet_received", version=1, role=Role.CUSTOMER)
    assert "sheet_legible:1" not in life.waiting


def test_or_the_merchandiser_posts_it() -> None:
    """R30, switch."""
    life = Life(policy={"sheet_route": "merchandiser_posts"}).verified()
    assert life.order.steps["send_sheet:1"].roles == (Role.MERCHANDISER,)


def test_the_same_content_has_the_same_hash_however_it_is_written() -> None:
    """500 and 500.00 are one."""
    hashes = {
        sheet.content_hash
        for price, quantity in (("5", "1000"), ("5.00", "1000.000"))
        for sheet in Life(lines=[line(1, unit_price=price, quantity=quantity)]).verified().order.sheets
    }
    assert len(hashes) == 1


@pytest.mark.parametrize(
    ("returned", "faults"),
    [
        ({"legible": False, "signed_by": SIGNER}, [Fault.ILLEGIBLE]),
        ({"signed_by": ""}, [Fault.UNSIGNED]),
        ({"signed_by": "路人"}, [Fault.WRONG_SIGNER]),
        ({"signed_by": SIGNER, "requirements_clear": False}, [Fault.UNCLEAR]),
        ({"legible": False, "requirements_clear": False}, [Fault.ILLEGIBLE, Fault.UNSIGNED, Fault.UNCLEAR]),
    ],
)
def test_a_faulty_sheet_goes_back_until_it_is_clean(returned: dict[str, Any], faults: list[Fault]) -> None:
    """R31"""
    life = Life().verified().sheet_out()
    life.does("confirmation_returned", version=1, **returned)
    sheet = life.order.sheet
    assert sheet is not None
    assert sheet.returns[0].faults == faults
    assert "sheet_back:1" in life.waiting
    assert faults[0].en in life.papers("sheet_again")[0]
    life.signed()
    assert "sheet_back:1" not in life.waiting


def test_a_scanned_sheet_waits_for_the_clerk_who_looks_at_the_signature() -> None:
    """R31: recognised by its code, clean only when a person says so."""
    life = Life().verified()
    refused(life.tell("sheet_scanned", version=2, document="scan-0"), "stale_version")
    life.order.early.clear()
    life.sheet_out()
    known = life.order.sheets[0].content_hash[:16]
    refused(life.tell("sheet_scanned", version=1, content_hash="ab" * 8, document="scan-1"), "stale_version")
    life.does("sheet_scanned", version=1, content_hash=known, document="scan-1")
    life.does("sheet_scanned", version=1, content_hash=known, document="scan-1")
    assert {"sheet_back:1", "verify_signature:scan-1"} <= life.waiting
    life.does(
        "confirmation_returned", version=1, signed_by="路人", document="scan-1", role=Role.SERVICE_CLERK
    )
    assert "verify_signature:scan-1" not in life.waiting
    assert "sheet_back:1" in life.waiting
    life.does("sheet_scanned", version=1, content_hash=known, document="scan-2")
    life.does(
        "confirmation_returned", version=1, signed_by=SIGNER, document="scan-2", role=Role.SERVICE_CLERK
    )
    assert not {"sheet_back:1", "verify_signature:scan-2"} & life.waiting
    life.does("amendment_requested", changes={"phone": "1"}, reason="x")
    refused(life.tell("sheet_scanned", version=1, content_hash=known, document="scan-3"), "stale_version")


def test_an_illegible_copy_told_of_after_a_clean_return_changes_nothing() -> None:
    """R30, R31: what came back signed was legible; before it, it is sent again and slips nothing (R34)."""
    life = Life().verified().sheet_out().signed()
    sheet = life.order.sheets[0].model_copy(deep=True)
    life.does("sheet_received", version=1, legible=False, role=Role.CUSTOMER)
    assert life.order.sheets[0] == sheet
    assert "send_sheet:1" not in life.waiting
    life.does("confirmation_returned", version=1, legible=False, signed_by=SIGNER)
    assert life.order.sheets[0].is_clean
    assert life.papers("sheet_again") == []
    again = Life().verified().sheet_out().does("sheet_received", version=1, legible=False, role=Role.CUSTOMER)
    assert "send_sheet:1" in again.waiting


def test_a_salesperson_hands_the_signed_sheet_in_or_the_clerk_looks_at_it() -> None:
    """R31: a word that it is signed does not count before that."""
    said: dict[str, Any] = {"version": 1, "signed_by": SIGNER, "role": Role.SALESPERSON}
    life = Life().verified().sheet_out().does("confirmation_returned", **said)
    assert {"sheet_back:1", "verify_signature:salesperson-1-1"} <= life.waiting
    assert life.order.steps["verify_signature:salesperson-1-1"].roles == (Role.SERVICE_CLERK,)
    life.does("confirmation_returned", **said)
    assert sum(key.startswith("verify_signature") for key in life.waiting) == 1
    life.does(
        "confirmation_returned",
        version=1,
        signed_by=SIGNER,
        document="salesperson-1-1",
        role=Role.SERVICE_CLERK,
    )
    assert not {"sheet_back:1", "verify_signature:salesperson-1-1"} & life.waiting
    handed_in = Life().verified().sheet_out().does("confirmation_returned", **said, document="XS-0031")
    assert "sheet_back:1" not in handed_in.waiting
    faulty = Life().verified().sheet_out().does("confirmation_returned", **{**said, "signed_by": ""})
    assert not any(key.startswith("verify_signature") for key in faulty.waiting)
    assert faulty.papers("sheet_again")


def test_without_designated_persons_any_signature_counts() -> None:
    """R31"""
    life = Life(customer={"designated_signers": []}).verified().sheet_out()
    life.does("confirmation_returned", version=1, signed_by="路人")
    assert "sheet_back:1" not in life.waiting


def test_a_sheet_of_another_version_is_stale_or_early() -> None:
    """R31: a signature belongs to a version."""
    life = Life().verified()
    assert life.tell("sheet_received", version=1, role=Role.CUSTOMER).status.value == "kept_early"
    assert life.tell("confirmation_returned", version=2, signed_by=SIGNER).status.value == "kept_early"
    life.does("sheet_sent", version=1)
    assert life.order.early[0].content["version"] == 2
    life.does("amendment_requested", changes={"phone": "1"}, reason="换号")
    refused(life.tell("confirmation_returned", version=1, signed_by=SIGNER), "stale_version")


def test_a_clean_return_that_was_earlier_moves_the_day_back_and_implies_the_sending() -> None:
    """R34: what happened first counts."""
    life = Life().verified().later(hours=4)
    earlier = life.now
    life.later(hours=4).signed()
    sheet = life.order.sheets[0]
    assert sheet.sent_at == life.now
    life.later(hours=1).does("confirmation_returned", version=1, signed_by=SIGNER, happened=earlier)
    assert sheet.clean_at == earlier
    life.does("confirmation_returned", version=1, signed_by=SIGNER)
    assert sheet.clean_at == earlier


@pytest.mark.parametrize("grade", ["B", "C"])
def test_b_and_c_wait_for_sheet_and_deposit(grade: str) -> None:
    """R33, R36"""
    life = Life(customer={"customer_class": grade}).verified().sheet_out()
    assert {"sheet_back:1", "deposit"} <= life.waiting
    life.signed().decide(Subject.THREE_PARTY, "confirm")
    assert (life.order.phase, life.order.headline) == (PhaseName.CONFIRMATION, Headline.AWAITING_DEPOSIT)
    assert life.tell("production_signed", version=1, clerk="service_clerk-1").status.value == "kept_early"
    life.paid("1500.00")
    assert life.order.phase is PhaseName.PRODUCTION
    assert life.order.instruction is not None
    assert life.order.instruction.signed_at is not None


def test_class_a_does_not_slip_where_the_three_parties_confirm_it_too() -> None:
    """R34, R37: it waits for them with its sheet out and not back, and its promise stays."""
    life = Life(customer={"customer_class": "A"}, policy={"three_party": {"classes": ["A", "B", "C"]}})
    life.verified().sheet_out().later(days=3)
    assert life.order.phase is PhaseName.CONFIRMATION
    assert (life.promised, life.causes) == (life.day(5), ["first"])
    life.decide(Subject.THREE_PARTY, "confirm")
    assert (life.order.phase, life.promised) == (PhaseName.PRODUCTION, life.day(5))


def test_class_a_is_not_held_up_and_still_owes_the_sheet() -> None:
    """R32"""
    life = Life(customer={"customer_class": "A"}).verified().sheet_out()
    assert life.order.phase is PhaseName.PRODUCTION
    assert "sheet_owed:1" in life.waiting
    life.signed()
    assert "sheet_owed:1" not in life.waiting


@pytest.mark.parametrize(
    ("terms", "contract", "due"),
    [
        ({"deposit_percent": "30"}, None, "1500.00"),
        ({"deposit_percent": "33.33"}, None, "1666.50"),
        ({"deposit_percent": None}, None, "1500.00"),
        ({"deposit_percent": None}, "45", "2250.00"),
        ({"payment_terms": "prepaid"}, None, "5000.00"),
    ],
)
def test_the_deposit_is_a_share_by_the_terms(terms: dict[str, Any], contract: str | None, due: str) -> None:
    """R33"""
    agreed = {"reference": "HT", "payment_terms": "deposit", "deposit_percent": contract}
    life = Life(customer={"contract": agreed} if contract else {}, **terms)
    assert str(life.order.deposit_due) == due
    assert str(Life(payment_terms="on_account").order.deposit_due) == "0.00"


def test_a_prepaid_order_waits_for_all_of_it() -> None:
    life = Life(payment_terms="prepaid").verified().sheet_out().signed()
    assert life.order.headline is Headline.AWAITING_PAYMENT


def test_three_different_persons_confirm() -> None:
    """R37"""
    life = Life().verified().sheet_out()
    life.answer(Subject.THREE_PARTY, "confirm", role=Role.SALESPERSON)
    refused(life.answer(Subject.THREE_PARTY, "confirm", role=Role.FINANCE, by="salesperson-1"), "same_person")
    refused(life.answer(Subject.THREE_PARTY, "confirm", role=Role.SALESPERSON, by="other"), "already_decided")
    life.answer(Subject.THREE_PARTY, "confirm", role=Role.MATERIAL_CONTROLLER)
    life.answer(Subject.THREE_PARTY, "confirm", role=Role.FINANCE)
    assert "decision:three_party" not in life.waiting
    assert "decision:three_party" not in Life(customer={"customer_class": "A"}).verified().sheet_out().waiting


def test_an_objection_is_resolved_and_asked_anew() -> None:
    """R37, R47"""
    life = Life().verified().sheet_out().signed().paid("1500.00")
    life.answer(Subject.THREE_PARTY, "object", role=Role.MATERIAL_CONTROLLER)
    assert "exception:objection-1" in life.waiting
    assert life.order.phase is PhaseName.CONFIRMATION
    life.does("exception_resolved", exception="objection-1", resolution="原纸周三到")
    assert "decision:three_party" in life.waiting
    life.decide(Subject.THREE_PARTY, "confirm")
    assert life.order.phase is PhaseName.PRODUCTION


@pytest.mark.parametrize(("price", "small"), [("5.00", True), ("5.01", False)])
def test_five_hundred_yuan_is_small_and_a_cent_more_is_not(price: str, small: bool) -> None:
    """R38: "以下" includes the number."""
    life = Life(lines=[line(1, quantity="100", unit_price=price)]).verified()
    assert ("decision:small_order" in life.waiting) is small


def test_a_small_order_goes_the_way_the_salesperson_chooses() -> None:
    """R38, with the assessment kept; the director knows of a guarantee before shipment."""
    life = Life(lines=SMALL).verified()
    assert "send_sheet:1" not in life.waiting
    refused(life.answer(Subject.SMALL_ORDER, "guaranteed"), "missing_field")
    life.decide(Subject.SMALL_ORDER, "guaranteed", assessment="老客户")
    assert life.order.small_way is SmallOrderWay.GUARANTEED
    assert str(life.order.deposit_due) == "0.00"
    assert life.papers("guarantee") == [
        "salesperson-1 guarantees the shipment; for the director's information"
    ]


@pytest.mark.parametrize(("way", "due"), [("prepaid", "500.00"), ("deposit", "150.00")])
def test_a_small_order_pays_before_by_its_way(way: str, due: str) -> None:
    """R38"""
    life = Life(lines=SMALL).verified().decide(Subject.SMALL_ORDER, way, assessment="新客户")
    assert str(life.order.deposit_due) == due


def test_an_order_that_grows_is_small_no_longer() -> None:
    """R38: by the order total at the last confirmed version."""
    life = Life(lines=SMALL).verified().decide(Subject.SMALL_ORDER, "guaranteed", assessment="老客户")
    life.does("amendment_requested", changes={"lines": [{"line": 1, "quantity": "101"}]}, reason="加量")
    assert life.order.small_way is None
    assert life.order.decision(Subject.SMALL_ORDER) is None
    assert life.entries(EntryKind.VOIDED, "small_order")


def test_on_account_needs_no_way() -> None:
    life = Life(lines=SMALL, payment_terms="on_account", customer={"customer_class": "A"}).verified()
    assert "decision:small_order" not in life.waiting
