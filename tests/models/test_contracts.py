"""Contracts without any engine: drafted, approved, signed by both sides, changed, ended (R106, R107)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.contracts.contract import OrderContract
from models.contracts.terms import ContractEnding, ContractStage
from models.dossier.journal import EntryKind
from models.messages.authors import key_author
from models.messages.reply import Reply, Status
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Role
from tests.models.contract_life import MONDAY, ContractLife, terms

APPROVE_ALONE = {"approvals": [{"what": "contract", "levels": [["legal"]]}]}


def refused(reply: Reply, code: str, where: str = "") -> None:
    """It was refused with this code, at this place, and with words in both languages."""
    assert (reply.status, reply.code) == (Status.REFUSED, code), reply
    assert not where or reply.where == where
    assert reply.zh
    assert reply.en


# --- approved ----------------------------------------------------------------------------------------------------------


def test_legal_and_finance_are_asked_side_by_side() -> None:
    """R106, R107: both, each by another person; then its signing is to be arranged and the customer may read it."""
    life = ContractLife()
    step = life.contract.steps["decision:contract_approval"]
    assert step.roles == (Role.LEGAL, Role.FINANCE)
    assert life.contract.stage is ContractStage.IN_APPROVAL
    assert life.decision(Role.FINANCE, "approve").status is Status.ACCEPTED
    assert life.contract.steps["decision:contract_approval"].roles == (Role.LEGAL,)
    assert "contract" not in life.papers()
    refused(life.decision(Role.LEGAL, "approve", by="finance-1"), "same_person", "by")
    assert life.decision(Role.LEGAL, "approve").status is Status.ACCEPTED
    assert life.contract.stage is ContractStage.TO_ARRANGE
    assert "contract" in life.papers()


def test_nobody_approves_what_they_drafted() -> None:
    """R106."""
    life = ContractLife(entered_by="legal-1", entered_role="legal")
    refused(life.decision(Role.LEGAL, "approve"), "same_person", "by")
    assert life.decision(Role.LEGAL, "approve", by="legal-2").status is Status.ACCEPTED


@pytest.mark.parametrize(
    ("drafter", "seller", "said"),
    [
        ("salesperson-1", "finance-1", "finance-1 is the salesperson of the order and may not approve its contract"),
        ("finance-1", "salesperson-1", "finance-1 may not both draft a contract and approve it"),
    ],
)  # fmt: skip
def test_who_may_not_approve_hears_what_keeps_them_from_it(drafter: str, seller: str, said: str) -> None:
    """R106: the drafter and the salesperson are two persons, and each is told what is true of them."""
    life = ContractLife(entered_by=drafter, people={"salesperson": seller})
    reply = life.decision(Role.FINANCE, "approve", by="finance-1")
    refused(reply, "same_person", "by")
    assert said in reply.en


def test_a_spoken_approval_does_not_count() -> None:
    """R28: in writing."""
    life = ContractLife()
    content = {"subject": "contract_approval", "outcome": "approve"}
    refused(life.say("decision", Role.LEGAL, content), "not_in_writing", "content.note_reference")


def test_sent_back_with_the_reason_and_the_new_version_goes_through_all() -> None:
    """R106: without a reason it is refused; the drafter owes another version, which everybody approves anew."""
    life = ContractLife()
    assert life.decision(Role.FINANCE, "approve").status is Status.ACCEPTED
    refused(life.decision(Role.LEGAL, "send_back"), "missing_field", "content.detail.words")
    assert life.decision(Role.LEGAL, "send_back", "违约责任不清").status is Status.ACCEPTED
    assert life.contract.stage is ContractStage.TO_DRAFT
    assert list(life.contract.steps) == ["draft:2"]
    assert "违约责任不清" in life.contract.steps["draft:2"].words.zh
    assert "contract_sent_back" in life.papers()
    life.tell("drafted", Role.SALESPERSON, words="逾期交货按日万分之五")
    assert life.contract.steps["decision:contract_approval"].roles == (Role.LEGAL, Role.FINANCE)
    assert life.approved().contract.stage is ContractStage.TO_ARRANGE
    assert life.contract.newest.version == 2


def test_another_draft_voids_what_was_approved() -> None:
    """R106: an approval is for its version; the older one is signed by nobody any more."""
    life = ContractLife().approved().arranged()
    old = life.contract.newest
    life.tell("drafted", Role.SALESPERSON, terms=terms(unit_price="3.9500"))
    assert life.contract.stage is ContractStage.IN_APPROVAL
    content = {"version": 1, "digest": old.digest, "signed_by": "王芳"}
    refused(life.say("contract_signed", Role.CUSTOMER, content), "stale_version", "content.version")


@pytest.mark.parametrize(
    ("policy", "roles"),
    [
        ({"approvals": [{"what": "contract", "amount_above": "40115.00", "levels": [["legal"]]}]}, None),
        ({"approvals": [{"what": "contract", "amount_above": "40114.99", "levels": [["legal"]]}]}, ["legal"]),
        ({"approvals": [{"what": "contract", "terms": "deposit", "levels": [["finance"]]}]}, ["finance"]),
        ({"approvals": [{"what": "contract", "terms": "on_account", "levels": [["finance"]]}]}, None),
        ({"approvals": [{"what": "contract", "customer_class": "B", "levels": [["legal"]]}]}, ["legal"]),
        ({"approvals": [{"what": "contract", "customer": "K-X", "levels": [["legal"]]}]}, None),
        ({"approvals": [{"what": "quote", "levels": [["legal"]]}]}, None),
    ],
)
def test_who_is_asked_is_a_table_of_the_policy(policy: dict[str, Any], roles: list[str] | None) -> None:
    """R106: above is strict; where no row fits nobody is asked and it goes on by itself."""
    life = ContractLife(policy=policy)
    step = life.contract.steps.get("decision:contract_approval")
    assert (list(step.roles) if step is not None else None) == roles
    if roles is None:
        assert life.contract.stage is ContractStage.TO_ARRANGE


def test_level_after_level() -> None:
    """R106: the second level is asked when the first has answered."""
    life = ContractLife(policy={"approvals": [{"what": "contract", "levels": [["legal"], ["finance"]]}]})
    refused(life.decision(Role.FINANCE, "approve"), "wrong_role", "role")
    assert life.decision(Role.LEGAL, "approve").status is Status.ACCEPTED
    assert life.decision(Role.FINANCE, "approve").status is Status.ACCEPTED
    assert life.contract.stage is ContractStage.TO_ARRANGE


# --- signed ------------------------------------------------------------------------------------------------------------


def test_in_force_from_the_later_signature() -> None:
    """R107: both sides sign one version; the order is told at once; copies are kept with the hash."""
    life = ContractLife().approved().arranged()
    assert {"signing_arranged"} <= life.papers()
    assert set(life.contract.steps) == {"sign_company:1", "sign_customer:1"}
    first = life.now
    assert life.sign(Role.MARKETING_DIRECTOR, document="HT-COPY-1").status is Status.ACCEPTED
    assert life.contract.stage is ContractStage.PARTLY_SIGNED
    assert life.heard == []
    life.later(hours=5)
    assert life.sign(Role.CUSTOMER).status is Status.ACCEPTED
    draft = life.contract.in_force
    assert draft is not None
    assert draft.in_force_from == first + timedelta(hours=5)
    assert life.contract.stage is ContractStage.IN_FORCE
    assert life.heard == [("in_force:1", "contract_in_force")]
    assert "contract_in_force" in life.papers()
    paper = next(each for each in life.contract.unsent if each.paper.value == "contract_in_force")
    assert paper.content is not None
    assert paper.content["content_hash"] == draft.digest
    assert paper.content["ours"]["document"] == "HT-COPY-1"
    assert paper.content["theirs"]["by"] == "王芳"


def test_the_later_signature_counts_also_where_it_is_told_first() -> None:
    """R107: what happened counts, not when it was told."""
    life = ContractLife().approved().arranged()
    signed_at = life.now + timedelta(hours=3)
    life.later(hours=4)
    draft = life.contract.newest
    content = {"version": 1, "digest": draft.digest, "signed_by": "王芳"}
    assert life.say("contract_signed", Role.CUSTOMER, content, at=signed_at).status is Status.ACCEPTED
    earlier = signed_at - timedelta(hours=1)
    named = {"version": 1, "digest": draft.short_digest}
    assert life.say("contract_signed", Role.MARKETING_DIRECTOR, named, at=earlier).status is Status.ACCEPTED
    assert life.contract.in_force is not None
    assert life.contract.in_force.in_force_from == signed_at


def test_signed_twice_is_known() -> None:
    """R107: also after it came into force, and with another fact id."""
    life = ContractLife().approved().arranged()
    assert life.sign(Role.CUSTOMER).status is Status.ACCEPTED
    assert life.sign(Role.CUSTOMER).status is Status.KNOWN
    assert life.sign(Role.MARKETING_DIRECTOR).status is Status.ACCEPTED
    assert life.sign(Role.CUSTOMER).status is Status.KNOWN
    assert life.sign(Role.MARKETING_DIRECTOR).status is Status.KNOWN
    assert len(life.contract.newest.signatures) == 2


def test_who_signs_is_a_designated_person() -> None:
    """R31, R107: the refusal names who may."""
    life = ContractLife().approved().arranged()
    reply = life.sign(Role.CUSTOMER, signed_by="路人甲")
    refused(reply, "contradiction", "content.signed_by")
    assert "王芳" in reply.zh
    assert "刘强" in reply.en
    refused(life.sign(Role.CUSTOMER, signed_by=""), "missing_field", "content.signed_by")
    assert life.sign(Role.CUSTOMER, signed_by="刘强").status is Status.ACCEPTED
    assert (
        ContractLife(signers=[]).approved().sign(Role.CUSTOMER, signed_by="任何人").status is Status.ACCEPTED
    )


def test_a_paper_that_is_handed_in_names_signer_and_reference() -> None:
    """R107: the salesperson brings what the customer signed."""
    life = ContractLife().approved().arranged()
    refused(life.sign(Role.SALESPERSON), "not_in_writing", "content.document")
    refused(life.sign(Role.SALESPERSON, signed_by="", document="X"), "not_in_writing", "content.signed_by")
    assert life.sign(Role.SALESPERSON, document="file/0123456789abcdef").status is Status.ACCEPTED
    assert life.contract.newest.signatures[0].side == "customer"


def test_what_is_not_approved_is_not_signed() -> None:
    """R107; nor is it arranged or declined."""
    life = ContractLife()
    refused(life.sign(Role.CUSTOMER), "not_asked", "content.version")
    refused(life.sign(Role.MARKETING_DIRECTOR), "not_asked", "content.version")
    arranged = {"version": 1, "place": "会议室", "at": MONDAY.isoformat()}
    refused(life.say("signing_arranged", Role.SALESPERSON, arranged), "not_asked", "content.version")
    refused(life.say("contract_declined", Role.CUSTOMER, {"version": 1}), "not_asked", "content.version")
    life.approved()
    early = life.now - timedelta(hours=1)
    content = {"version": 1, "digest": life.contract.newest.digest, "signed_by": "王芳"}
    refused(life.say("contract_signed", Role.CUSTOMER, content, at=early), "contradiction", "happened_at")


def test_another_hash_or_version_is_refused() -> None:
    """R107: who signs names what was read."""
    life = ContractLife().approved()
    refused(life.sign(Role.CUSTOMER, digest="0" * 12), "stale_version", "content.digest")
    refused(life.sign(Role.CUSTOMER, version=2), "contradiction", "content.version")
    assert life.contract.newest.signatures == []


def test_signing_is_arranged_anew() -> None:
    """R107: another place or hour; the same again is known."""
    life = ContractLife().approved().arranged()
    signing = life.contract.newest.signing
    assert signing is not None
    again: dict[str, Any] = {"version": 1, "place": signing.place, "at": signing.at.isoformat()}
    assert life.say("signing_arranged", Role.LEGAL, again).status is Status.KNOWN
    life.tell("signing_arranged", Role.SALESPERSON, **{**again, "place": "客户处"})
    told = [each for each in life.contract.intended if each.startswith("signing_arranged:")]
    assert len(told) == 2


def test_the_customer_declines() -> None:
    """R107: the version falls, another one is owed."""
    life = ContractLife().approved().arranged()
    life.tell("contract_declined", Role.CUSTOMER, version=1, reason="交期太长")
    assert life.contract.stage is ContractStage.TO_DRAFT
    assert "交期太长" in life.contract.steps["draft:2"].words.zh
    refused(life.sign(Role.CUSTOMER), "stale_version", "content.version")
    life.tell("drafted", Role.SALESPERSON, terms=terms(delivery_date="2027-03-12"))
    assert life.in_force().contract.stage is ContractStage.IN_FORCE


# --- changed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"terms": terms(unit_price="3.9500")},
        {"terms": terms(delivery_date="2027-03-20")},
        {"terms": terms(quantity="12000")},
        {"terms": terms(special_requirements="不得有接头")},
        {"quality": "企业标准 Q/HG 2"},
        {"words": "补充条款"},
        {"valid_until": "2027-12-31"},
    ],
)
def test_a_changed_clause_is_approved_and_signed_anew(changed: dict[str, Any]) -> None:
    """R107: until then the old version is in force; the order is told of the new one."""
    life = ContractLife().in_force()
    life.tell("drafted", Role.SALESPERSON, reason="客户要求", **changed)
    assert life.contract.stage is ContractStage.CHANGING
    assert life.contract.newest.supplement
    assert life.contract.in_force is life.contract.drafts[0]
    refused(life.sign(Role.CUSTOMER), "not_asked")
    life.in_force()
    assert life.contract.stage is ContractStage.IN_FORCE
    assert life.contract.in_force is life.contract.drafts[1]
    assert [key for key, _ in life.heard] == ["in_force:1", "in_force:2"]
    assert life.contract.drafts[0].superseded_at == life.contract.drafts[1].in_force_from


def test_a_supplement_that_is_declined_leaves_the_contract_as_it_was() -> None:
    """R107."""
    life = ContractLife().in_force()
    life.tell("drafted", Role.SALESPERSON, terms=terms(unit_price="4.5000")).approved()
    life.tell("contract_declined", Role.CUSTOMER, version=2, reason="不同意涨价")
    assert life.contract.stage is ContractStage.IN_FORCE
    assert life.contract.steps == {}
    life.tell("drafted", Role.SALESPERSON, terms=terms(unit_price="4.2000"))
    assert life.contract.newest.version == 3
    assert life.decision(Role.LEGAL, "send_back", "再议").status is Status.ACCEPTED
    assert list(life.contract.steps) == ["draft:4"]


def test_a_draft_that_changes_nothing_is_refused() -> None:
    """R107."""
    life = ContractLife()
    refused(life.say("drafted", Role.SALESPERSON, {"reason": "x"}), "contradiction", "content")
    life.in_force()
    refused(life.say("drafted", Role.SALESPERSON, {"terms": terms()}), "contradiction", "content")
    assert len(life.contract.drafts) == 1


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        ({"terms": terms(unit_price="1.1234567")}, "bad_money", ""),
        (
            {"terms": terms(quantity="999999999", unit_price="9999999999.99")},
            "bad_money",
            "content.terms.lines",
        ),
        ({"valid_until": "2027-02-28"}, "date_in_past", "content.valid_until"),
        ({"valid_until": "2027-03-14"}, "contradiction", "content.valid_until"),
        ({"terms": {**terms(), "lines": []}}, "malformed", ""),
        ({"colour": "red"}, "unknown_field", ""),
    ],
)
def test_bad_drafts(content: dict[str, Any], code: str, where: str) -> None:
    """R100, R107: nothing is changed."""
    life = ContractLife()
    reply = life.say("drafted", Role.SALESPERSON, content)
    assert reply.status is Status.REFUSED
    assert reply.code == code, reply
    assert not where or reply.where == where
    assert len(life.contract.drafts) == 1


def test_at_most_twenty_versions() -> None:
    """R107."""
    life = ContractLife()
    for number in range(19):
        life.tell("drafted", Role.SALESPERSON, words=f"条款 {number}")
    refused(life.say("drafted", Role.SALESPERSON, {"words": "再"}), "too_large", "kind")


# --- ended -------------------------------------------------------------------------------------------------------------


def test_reminded_thirty_days_before_then_it_runs_out() -> None:
    """R107: 180 days after the delivery date, reminded at 9:00; the order hears that it counts no more."""
    life = ContractLife().in_force()
    life.until(datetime(2027, 8, 12, 8, 59, tzinfo=BUSINESS_ZONE))
    assert "contract_expires" not in life.papers()
    life.until(datetime(2027, 8, 12, 9, 0, tzinfo=BUSINESS_ZONE))
    assert "contract_expires" in life.papers()
    life.until(datetime(2027, 9, 11, 23, 59, 59, tzinfo=BUSINESS_ZONE))
    assert life.contract.lives
    life.until(datetime(2027, 9, 12, 0, 0, tzinfo=BUSINESS_ZONE))
    assert life.contract.ending is ContractEnding.EXPIRED
    assert life.heard[-1] == ("over", "contract_over")
    assert "contract_ended" in life.papers()


def test_nobody_is_reminded_of_an_order_that_has_ended() -> None:
    """R107: it ends with its order, without a word."""
    life = ContractLife().in_force()
    life.order_lives = False
    life.until(datetime(2027, 8, 12, 9, 0, tzinfo=BUSINESS_ZONE))
    assert life.contract.ending is ContractEnding.ORDER_ENDED
    assert not {"contract_expires", "contract_ended"} & life.papers()


def test_a_renewed_contract_is_reminded_of_again() -> None:
    """R107: by a supplement with a later last day."""
    life = ContractLife().in_force()
    life.until(datetime(2027, 8, 20, 9, 0, tzinfo=BUSINESS_ZONE))
    life.tell("drafted", Role.SALESPERSON, valid_until="2028-09-11").in_force()
    life.until(datetime(2028, 8, 12, 9, 0, tzinfo=BUSINESS_ZONE))
    assert len([each for each in life.contract.intended if each.startswith("contract_expires:")]) == 2


def test_terminated() -> None:
    """R107: before it is in force the salesperson may, without a paper; the order heard of nothing."""
    life = ContractLife().approved()
    life.tell("terminated", Role.SALESPERSON, reason="客户改向他处订货")
    assert life.contract.ending is ContractEnding.TERMINATED
    assert life.heard == []


def test_terminated_while_in_force() -> None:
    """R107: by legal or the director, in writing; the order is told."""
    life = ContractLife().in_force()
    refused(life.say("terminated", Role.SALESPERSON, {"reason": "x"}), "wrong_role", "role")
    refused(life.say("terminated", Role.LEGAL, {"reason": "x"}), "not_in_writing", "content.document")
    life.tell("terminated", Role.LEGAL, reason="双方协商解除", document="JC-1")
    assert life.contract.ending is ContractEnding.TERMINATED
    assert life.heard[-1] == ("over", "contract_over")
    refused(life.say("drafted", Role.SALESPERSON, {"words": "x"}), "order_ended")


def test_what_nobody_signs_lapses() -> None:
    """R107: sixty days after the last draft."""
    life = ContractLife().approved().arranged()
    life.later(days=30).tell("drafted", Role.SALESPERSON, words="新条款")
    until = life.now + timedelta(days=60)
    life.until(until - timedelta(seconds=1))
    assert life.contract.lives
    life.until(until)
    assert life.contract.ending is ContractEnding.LAPSED


def test_a_cancel_in_the_engine_ends_only_what_is_not_in_force() -> None:
    """R107."""
    life = ContractLife()
    life.say("cancellation_requested", Role.SYSTEM, {"reason": "Temporal"}, by="dingdan")
    assert life.contract.ending is ContractEnding.TERMINATED
    other = ContractLife().in_force()
    reply = other.say("cancellation_requested", Role.SYSTEM, {"reason": "Temporal"}, by="dingdan")
    refused(reply, "not_in_writing")


def test_the_journal_names_the_rule_and_the_hash() -> None:
    """R107: who, when, which hash; the chain holds."""
    life = ContractLife().in_force()
    assert life.entries(EntryKind.PLACED)[0].data["digest"] == life.contract.drafts[0].digest
    assert {entry.rule for entry in life.contract.unsaved} >= {"R107"}
    carried = OrderContract.model_validate(life.contract.model_dump(mode="json"))
    assert carried.in_force is not None
    assert carried.in_force.in_force_from == life.contract.in_force.in_force_from  # type: ignore[union-attr]
    assert carried.clock.astimezone(UTC) == life.contract.clock.astimezone(UTC)


def test_only_the_customers_page_tells_of_a_signature_by_a_link() -> None:
    """R31, R107: nobody hands in a proof that the page did not make, nor one of another name."""
    life = ContractLife().approved().arranged()
    proof = {
        "document_sha256": "a" * 64, "opened_at": life.now.isoformat(), "signed_at": life.now.isoformat(), "signer": "王芳",
        "link": "L-1", "code_channel": "phone", "code_sent_to": "138****0000",
    }  # fmt: skip
    draft = life.contract.newest
    content = {
        "version": 1,
        "digest": draft.digest,
        "signed_by": "王芳",
        "document": "D-1",
        "link_signature": proof,
    }
    for role, by in ((Role.SALESPERSON, ""), (Role.CUSTOMER, key_author("portal"))):
        refused(life.say("contract_signed", role, content, by), "wrong_role", "content.link_signature")
    other = content | {"link_signature": proof | {"signer": "李四"}}
    refused(life.say("contract_signed", Role.CUSTOMER, other), "contradiction", "content.signed_by")
    assert draft.signatures == []
    assert life.say("contract_signed", Role.CUSTOMER, content).status is Status.ACCEPTED


def test_a_customers_own_system_names_the_paper() -> None:
    life = ContractLife().approved().arranged()
    content = {"version": 1, "digest": life.contract.newest.digest, "signed_by": "王芳"}
    refused(
        life.say("contract_signed", Role.CUSTOMER, content, key_author("portal")),
        "not_in_writing",
        "content.document",
    )
    named = content | {"document": "SCAN-1"}
    assert life.say("contract_signed", Role.CUSTOMER, named, key_author("portal")).status is Status.ACCEPTED
