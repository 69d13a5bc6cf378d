"""An order that needs a contract: nothing is produced or released before one says what the order says (R15, R107)."""

from __future__ import annotations

from typing import Any

import pytest

from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.order.goods import Withdrawal
from models.order.kinds.contract import terms_of, wants_contract
from models.values.vocabulary import PhaseName, Role
from tests.models.life import Life, line

ALWAYS: dict[str, Any] = {"contract": {"required": "always"}}
QUOTE = {"number": "Q20270215-0001", "version": 2}
FRAME = {"reference": "HT-2027-001", "payment_terms": "deposit"}


def in_force(life: Life, version: int = 1, contract: str = "H20270301-0001-1", **changes: Any) -> None:
    """The contract tells the order that it is signed, on the terms that the order has now."""
    terms = terms_of(life.order)
    assert terms is not None
    content = {
        "contract": contract,
        "version": version,
        "digest": "d" * 64,
        "terms": terms.digest,
        "since": life.now.isoformat(),
        "valid_until": "2027-12-31",
        **changes,
    }
    reply = life.tell("contract_in_force", role=Role.SYSTEM, by="dingdan", **content)
    assert reply.status is Status.ACCEPTED, reply


def contract_steps(life: Life) -> set[str]:
    """The open steps about a contract."""
    return {key for key in life.waiting if key.startswith("contract:")}


# --- who needs one -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "customer", "changes", "wanted"),
    [
        ({}, {}, {}, False),
        ({}, {}, {"payment_terms": "on_account", "deposit_percent": None}, True),
        ({}, {"customer_class": "A"}, {"payment_terms": "on_account", "deposit_percent": None}, False),
        (
            {"contract": {"required": "always"}},
            {"customer_class": "A"},
            {"payment_terms": "on_account", "deposit_percent": None},
            True,
        ),
        (
            {},
            {"contract": {"reference": "HT-1", "payment_terms": "on_account"}},
            {"payment_terms": "on_account", "deposit_percent": None},
            False,
        ),
        (
            {},
            {"contract": {"reference": "HT-1", "payment_terms": "on_account", "valid_until": "2027-02-28"}},
            {"payment_terms": "on_account", "deposit_percent": None},
            True,
        ),
        (ALWAYS, {}, {}, True),
        (ALWAYS, {"contract": FRAME}, {}, False),
        (ALWAYS, {"contract": {**FRAME, "deposit_percent": "50"}}, {}, True),
        (
            {"contract": {"required": "never"}},
            {},
            {"payment_terms": "on_account", "deposit_percent": None},
            False,
        ),
        ({"contract": {"required": "never", "amount_above": "5000.00"}}, {}, {}, False),
        ({"contract": {"required": "never", "amount_above": "4999.99"}}, {}, {}, True),
        ({"contract": {"required": "never", "terms": ["deposit"]}}, {}, {}, True),
        ({"contract": {"required": "never", "terms": ["prepaid"]}}, {}, {}, False),
        ({"contract": {"required": "never", "customers": ["K-1"]}}, {}, {}, True),
        ({"contract": {"required": "never", "customers": ["K-2"]}}, {}, {}, False),
    ],
)
def test_which_orders_need_one(
    policy: dict[str, Any], customer: dict[str, Any], changes: dict[str, Any], wanted: bool
) -> None:
    """R107: from a quote or on account, by amount, terms and customer; not where a frame contract covers the terms."""
    life = Life(policy=policy, customer=customer, **changes)
    assert wants_contract(life.order) is wanted


def test_earlier_editions_need_none() -> None:
    """R107 binds the fourth edition."""
    assert not wants_contract(Life(policy=ALWAYS, edition=3).order)


# --- before production -------------------------------------------------------------------------------------------------


def test_production_waits_for_it() -> None:
    """R107: sheet and deposit are there, and still nothing goes to the factory; then it goes by itself."""
    life = Life(policy=ALWAYS).confirmed()
    assert life.order.phase is PhaseName.CONFIRMATION
    assert life.waiting == {"contract:1"}
    assert life.order.steps["contract:1"].roles == (Role.SALESPERSON,)
    assert life.papers("contract_wanted")
    assert life.order.instruction is None
    in_force(life)
    assert life.order.phase is not PhaseName.CONFIRMATION
    assert life.order.instruction is not None
    assert not contract_steps(life)


def test_class_a_waits_as_well() -> None:
    """R107: class A is not held up by sheet or deposit, but by the contract."""
    life = Life(policy=ALWAYS, customer={"customer_class": "A"}).verified().sheet_out()
    assert "contract:1" in life.waiting
    assert life.order.instruction is None
    in_force(life)
    assert life.order.instruction is not None


def test_a_contract_on_other_terms_does_not_count() -> None:
    """R107: the step says that a supplement is needed."""
    life = Life(policy=ALWAYS).confirmed()
    in_force(life, terms="0" * 64)
    assert life.waiting == {"contract:1"}
    assert "补充" in life.order.steps["contract:1"].words.zh
    in_force(life, version=2)
    assert not contract_steps(life)


def test_signed_before_the_sheet_is_back() -> None:
    """R107: the contract may come first."""
    life = Life(policy=ALWAYS).verified()
    in_force(life)
    assert not contract_steps(life)
    life.sheet_out().signed().paid("1500.00").decide(Subject.THREE_PARTY, "confirm")
    assert life.order.instruction is not None


def test_a_next_day_slip_changes_no_clause() -> None:
    """R34, R107: the promise moves with the sheet; the contract says so itself."""
    life = Life(policy=ALWAYS).verified().sheet_out()
    in_force(life)
    before = life.promised
    life.later(days=3)
    assert life.promised != before
    assert not contract_steps(life)


# --- changed after signing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": [{"line": 1, "unit_price": "4.80"}]},
        {"lines": [{"line": 1, "quantity": "1200"}]},
        {"special_requirements": "不得有接头"},
        {"deposit_percent": "40"},
    ],
)
def test_changed_after_signing_it_is_signed_anew_before_production(changes: dict[str, Any]) -> None:
    """R83, R107: acceptance story 5."""
    life = Life(policy=ALWAYS).verified().sheet_out()
    in_force(life)
    life.does("amendment_requested", role=Role.SALESPERSON, changes=changes, reason="客户要求")
    for _ in range(3):
        for subject in (Subject.PRICE, Subject.TECHNICAL):
            if life.order.decision(subject, 1) is not None and life.order.outcome(subject, 1) is None:
                detail = (
                    {"material_note": "原纸充足"} if subject is Subject.TECHNICAL else {"unit_price": "4.80"}
                )
                outcome = "producible" if subject is Subject.TECHNICAL else "settled"
                life.decide(subject, outcome, line=1, **detail)
        if "decision:production_date:1" in life.waiting:
            life.decide(
                Subject.PRODUCTION_DATE, "dated", line=1, production_date=life.day(1).isoformat(),
                quantity=str(life.order.request.lines[0].quantity), finished_date=life.day(5).isoformat(),
            )  # fmt: skip
        if "decision:approval" in life.waiting:
            life.decide(Subject.APPROVAL, "approve")
    assert life.order.sheet is not None
    assert life.order.sheet.version == 2
    assert contract_steps(life) == {"contract:2"}
    in_force(life, version=2)
    assert not contract_steps(life)


def test_told_again_or_an_older_version_is_known() -> None:
    """R107: what is told twice changes nothing."""
    life = Life(policy=ALWAYS).verified()
    in_force(life, version=2)
    again = life.tell(
        "contract_in_force", role=Role.SYSTEM, by="dingdan", contract="H20270301-0001-1", version=1, digest="d" * 64,
        terms="0" * 64, since=life.now.isoformat(), valid_until="2027-12-31",
    )  # fmt: skip
    assert again.status is Status.KNOWN
    assert not contract_steps(life)


# --- over, and before release ------------------------------------------------------------------------------------------


def test_terminated_before_production_it_is_needed_anew() -> None:
    """R107: another contract, with a number of its own, opens the gate again."""
    life = Life(policy=ALWAYS).verified()
    in_force(life)
    over: dict[str, Any] = {"contract": "H20270301-0001-1", "ending": "terminated", "reason": "协商解除"}
    life.does("contract_over", role=Role.SYSTEM, by="dingdan", **over)
    assert contract_steps(life) == {"contract:1"}
    assert life.papers("contract_lost")
    assert life.tell("contract_over", role=Role.SYSTEM, by="dingdan", **over).status is Status.KNOWN
    in_force(life, contract="H20270301-0001-2")
    assert not contract_steps(life)


def test_nothing_is_released_without_one() -> None:
    """R107: what is paid for stays here as long as no contract counts; then finance is asked and it goes."""
    life = Life(policy=ALWAYS).verified().sheet_out().signed().paid("1500.00")
    life.decide(Subject.THREE_PARTY, "confirm")
    in_force(life)
    life.does("production_signed", version=1, clerk="service_clerk-1")
    over: dict[str, Any] = {"contract": "H20270301-0001-1", "ending": "expired"}
    life.does("contract_over", role=Role.SYSTEM, by="dingdan", **over)
    assert contract_steps(life) == {"contract:1"}
    assert not life.order.steps["contract:1"].blocking
    life.made().passed().paid("3500.00")
    assert life.order.steps["contract:1"].blocking
    assert life.order.decision(Subject.FINANCE_RELEASE) is None
    in_force(life, contract="H20270301-0001-2")
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases


def test_a_release_falls_with_its_contract() -> None:
    """R107: what rests on the contract falls with it, while the goods are here."""
    life = Life(policy=ALWAYS).verified()
    in_force(life)
    life.sheet_out().signed().paid("5000.00").decide(Subject.THREE_PARTY, "confirm")
    life.does("production_signed", version=1, clerk="service_clerk-1").made().passed()
    life.decide(Subject.FINANCE_RELEASE, "release")
    assert life.order.releases
    over: dict[str, Any] = {"contract": "H20270301-0001-1", "ending": "terminated"}
    life.does("contract_over", role=Role.SYSTEM, by="dingdan", **over)
    assert not life.order.releases
    assert life.order.withdrawn[-1].withdrawal is Withdrawal.CONTRACT


# --- what it says ------------------------------------------------------------------------------------------------------


def test_what_the_contract_repeats_of_the_order() -> None:
    """R107: price, quality, delivery date, terms; nothing before the date is promised."""
    life = Life(policy=ALWAYS, lines=[line(1), line(2, product="NCR-3", unit_price="80.00", quantity="10")])
    assert terms_of(life.order) is None
    life.verified()
    terms = terms_of(life.order)
    assert terms is not None
    assert [each.product for each in terms.lines] == ["TP-80", "NCR-3"]
    assert str(terms.total) == "5800.00"
    assert terms.delivery_date == life.day(5)
    assert str(terms.deposit_percent) == "30"


def test_what_the_journal_says() -> None:
    """R107: the rule stands beside what was waited for."""
    life = Life(policy=ALWAYS).verified()
    waits = [entry for entry in life.entries(EntryKind.WAITING) if entry.subject == "contract:1"]
    assert [entry.rule for entry in waits] == ["R107"]
