"""R31: a signature by a link is proved by a code, or a clerk looks at it; a name that was typed is neither."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from models.messages.link_signature import CodeChannel, LinkSignature
from models.order.sheet import Fault
from models.values.vocabulary import Role
from tests.models.life import SIGNER, Life, refused
from workflows.engine.operator_page import details

CUSTOMER = "customer:K-B1"
PAPER = "ab" * 32


def proof(life: Life, **said: Any) -> dict[str, Any]:
    """What the page says of a signature that is given now, an hour after the paper was opened."""
    return {
        "document_sha256": PAPER,
        "opened_at": (life.now - timedelta(hours=1)).isoformat(),
        "opened_from": "203.0.113.7",
        "signed_at": life.now.isoformat(),
        "signed_from": "203.0.113.8",
        "signer": SIGNER,
        "link": "0123456789abcdef",
        **said,
    }


def signed(life: Life, name: str = SIGNER, **said: Any) -> Life:
    """The customer signs on the page."""
    return life.does(
        "confirmation_returned", version=1, signed_by=name, document="link/a", role=Role.CUSTOMER, by=CUSTOMER,
        link_signature=proof(life, signer=name, **said),
    )  # fmt: skip


def test_a_name_that_was_typed_waits_for_a_clerk_who_looks() -> None:
    life = signed(Life().verified().sheet_out())
    assert {"sheet_back:1", "verify_signature:link/a"} <= life.waiting
    assert life.order.steps["verify_signature:link/a"].roles == (Role.SERVICE_CLERK,)
    sheet = life.order.sheets[0]
    assert not sheet.is_clean
    assert sheet.link_signatures["link/a"].document_sha256 == PAPER
    life.later(hours=30)
    life.does(
        "confirmation_returned", version=1, signed_by=SIGNER, document="link/a", role=Role.SERVICE_CLERK
    )
    assert not {"sheet_back:1", "verify_signature:link/a"} & life.waiting
    assert sheet.clean_at == sheet.link_signatures["link/a"].signed_at, (
        "R34: the day on which it was signed counts"
    )


def test_a_clerk_who_does_not_know_the_signature_sends_it_back() -> None:
    life = signed(Life().verified().sheet_out(), "路人")
    assert "verify_signature:link/a" in life.waiting
    assert life.papers("sheet_again") == [], "whether the name is right is nobody's to learn by trying"
    life.does("confirmation_returned", version=1, signed_by="", document="link/a", role=Role.SERVICE_CLERK)
    assert "verify_signature:link/a" not in life.waiting
    assert "sheet_back:1" in life.waiting
    assert life.papers("sheet_again")


def test_a_code_proves_the_signer() -> None:
    life = signed(
        Life().verified().sheet_out(), code_channel="email", code_sent_to="wa…@example.com", drawing_sha256="cd" * 32
    )  # fmt: skip
    assert not {"sheet_back:1", "verify_signature:link/a"} & life.waiting
    sheet = life.order.sheets[0]
    assert sheet.is_clean
    assert sheet.returns[0].document == "link/a"
    kept = sheet.link_signatures["link/a"]
    assert (kept.code_channel, kept.code_sent_to) == (CodeChannel.EMAIL, "wa…@example.com")
    entry = next(each for each in life.order.unsaved if each.subject == "confirmation_returned")
    assert entry.data["content"]["link_signature"]["document_sha256"] == PAPER


def test_a_code_makes_nobody_a_designated_signer() -> None:
    life = signed(Life().verified().sheet_out(), "路人", code_channel="phone", code_sent_to="13…78")
    assert life.order.sheets[0].returns[0].faults == [Fault.WRONG_SIGNER]
    assert "sheet_back:1" in life.waiting


def test_an_amended_sheet_is_not_signed_by_what_was_for_the_first() -> None:
    life = Life().verified().sheet_out().does("amendment_requested", changes={"phone": "1"}, reason="x")
    said: dict[str, Any] = {
        "version": 1,
        "signed_by": SIGNER,
        "document": "link/a",
        "link_signature": proof(life),
    }
    refused(life.tell("confirmation_returned", **said, role=Role.CUSTOMER, by=CUSTOMER), "stale_version")


@pytest.mark.parametrize(
    ("by", "role"),
    [("key:portal", Role.CUSTOMER), ("service_clerk-1", Role.SERVICE_CLERK), ("key:e-sign", Role.SYSTEM)],
)
def test_only_the_page_tells_of_a_signature_by_a_link(by: str, role: Role) -> None:
    life = Life().verified().sheet_out()
    said: dict[str, Any] = {
        "version": 1,
        "signed_by": SIGNER,
        "document": "link/a",
        "link_signature": proof(life),
    }
    refused(life.tell("confirmation_returned", **said, role=role, by=by), "wrong_role")
    assert life.order.sheets[0].link_signatures == {}


@pytest.mark.parametrize("change", [{"signed_by": "李四"}, {"document": ""}])
def test_what_is_kept_is_of_the_name_that_was_typed(change: dict[str, str]) -> None:
    life = Life().verified().sheet_out()
    said: dict[str, Any] = {
        "version": 1,
        "signed_by": SIGNER,
        "document": "link/a",
        "link_signature": proof(life),
        **change,
    }
    refused(life.tell("confirmation_returned", **said, role=Role.CUSTOMER, by=CUSTOMER), "contradiction")


@pytest.mark.parametrize(
    "change",
    [
        {"document_sha256": "ab" * 8},
        {"document_sha256": ""},
        {"opened_at": None},
        {"opened_at": "2099-01-01T00:00:00+08:00"},
        {"signed_at": "2027-03-01T09:00:00"},
        {"signer": ""},
        {"code_channel": "email"},
        {"code_sent_to": "wa…@example.com"},
        {"drawing_sha256": "cd"},
    ],
)
def test_a_proof_that_proves_nothing_is_refused(change: dict[str, Any]) -> None:
    """The whole hash, opened before it was signed, by somebody, and a code with where it went."""
    LinkSignature.model_validate(proof(Life()))
    with pytest.raises(ValidationError):
        LinkSignature.model_validate(proof(Life(), **change))


def test_the_operator_sees_who_signed_what() -> None:
    life = Life().verified().sheet_out()
    assert PAPER not in details(life.order, None)
    page = details(signed(life).order, None)
    assert page.count(PAPER) == 2, "in both languages"
    assert SIGNER in page
    assert "203.0.113.8" in page
