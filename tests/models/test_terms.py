"""Which terms an order may have: guarantees of small orders, contracts on their valid days, deposits (R15, R33, R38, R50)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from models.messages.decision_subjects import Subject
from models.request.order_start import Contract
from models.request.start_limits import require_startable
from models.values.errors import Refusal
from models.values.vocabulary import PaymentTerms, PhaseName
from tests.models.life import Life, line, refused, start

CLERK = "service_clerk-1"
SMALL = [line(1, quantity="100")]


def contract(**changes: Any) -> dict[str, Any]:
    """A customer with an account by contract."""
    return {"contract": {"reference": "HT-1", "payment_terms": "on_account", "account_days": 45, **changes}}


# --- guaranteed (R38) --------------------------------------------------------------------------------------------


def test_an_order_above_five_hundred_is_not_placed_on_a_guarantee() -> None:
    """R38: the limit itself still is small; an open price is looked at when it is known."""
    with pytest.raises(Refusal) as refusal:
        require_startable(start(payment_terms="guaranteed", lines=[line(1, quantity="100.002")]))
    assert (refusal.value.code.value, refusal.value.where, refusal.value.rule) == (
        "not_offered",
        "payment_terms",
        "R38",
    )
    assert "prepaid, deposit, on_account" in refusal.value.words.en
    require_startable(start(payment_terms="guaranteed", lines=SMALL))
    require_startable(start(payment_terms="guaranteed", lines=[line(1, quantity="9999", unit_price=None)]))
    wide = start(payment_terms="guaranteed", policy={"small_order": {"limit": "5000.00"}})
    require_startable(wide)


def test_a_guaranteed_order_that_is_not_small_waits_for_its_terms_and_owes_a_deposit() -> None:
    """R38, R33: as an order that was open already has it."""
    life = Life(payment_terms="guaranteed")
    step = life.order.steps["payment_terms"]
    assert (step.blocking, step.rule, step.kind.value) == (True, "R38", "details")
    assert step.command("7") == "tell 7 details_completed --set changes.payment_terms=…"
    assert life.order.terms is PaymentTerms.DEPOSIT
    assert str(life.order.deposit_due) == "1500.00"
    assert life.order.phase is PhaseName.INTAKE
    refused(life.tell("details_completed", changes={"payment_terms": "guaranteed"}), "not_offered")
    life.does("details_completed", changes={"payment_terms": "deposit"}).verified()
    assert life.order.phase is PhaseName.CONFIRMATION
    assert "payment_terms" not in life.waiting


def test_nobody_amends_an_order_to_a_guarantee_that_it_cannot_have() -> None:
    """R38, R83: unless the same change makes it small."""
    life = Life().confirmed()
    wrong = refused(
        life.tell("amendment_requested", changes={"payment_terms": "guaranteed"}, reason="-"), "not_offered"
    )
    assert wrong.where == "content.changes.payment_terms"
    smaller = {"payment_terms": "guaranteed", "lines": [{"line": 1, "quantity": "100"}]}
    life.does("amendment_requested", changes=smaller, reason="-")
    assert "payment_terms" not in life.waiting


@pytest.mark.parametrize("field", [{"quantity": "101"}, {"unit_price": "5.01"}])
def test_a_guaranteed_order_that_grows_beyond_the_limit_is_asked_for_its_terms_again(
    field: dict[str, Any],
) -> None:
    """R38: the salesperson's choice was about a small order."""
    life = Life(lines=SMALL, payment_terms="guaranteed").verified()
    life.decide(Subject.SMALL_ORDER, "guaranteed", assessment="老客户")
    assert "payment_terms" not in life.waiting
    life.does("amendment_requested", changes={"lines": [{"line": 1, **field}]}, reason="加量")
    assert "payment_terms" in life.waiting
    assert life.order.outcome(Subject.SMALL_ORDER) is None
    if "unit_price" in field:
        life.decide(Subject.PRICE, "settled", unit_price="5.01").decide(Subject.APPROVAL, "approve")
    else:
        life.verified()
    assert life.order.phase is PhaseName.VERIFICATION
    life.does("details_completed", changes={"payment_terms": "deposit"}).decide(Subject.APPROVAL, "approve")
    life.sheet_out(len(life.order.sheets))
    assert "deposit" in life.waiting


def test_a_settled_price_that_makes_it_large_asks_for_the_terms() -> None:
    """R20, R38"""
    life = Life(lines=[line(1, quantity="100", unit_price="4.00")], payment_terms="guaranteed",
                listed={"list_price": "6.00"})  # fmt: skip
    assert "payment_terms" not in life.waiting
    life.decide(Subject.PRICE, "settled", unit_price="6.00")
    assert "payment_terms" in life.waiting


def test_in_the_factory_already_it_is_released_like_any_other() -> None:
    """R60: nothing is asked that could stop nothing any more; the balance is."""
    life = Life(lines=SMALL, payment_terms="guaranteed").verified()
    life.decide(Subject.SMALL_ORDER, "guaranteed", assessment="-").sheet_out().signed()
    life.decide(Subject.THREE_PARTY, "confirm").does("production_signed", version=1, clerk=CLERK)
    life.order.policy = life.order.policy.model_copy(
        update={"small_order": life.order.policy.small_order.model_copy(update={"limit": 400})}
    )
    life.made("100").passed("100")
    assert "payment_terms" not in life.waiting
    assert "balance" in life.waiting
    assert life.order.releases == []


# --- contracts on their valid days (R15, R50) --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "valid"),
    [
        ({}, True),
        ({"valid_until": "2027-03-01"}, True),
        ({"valid_until": "2027-02-28"}, False),
        ({"valid_from": "2027-03-01"}, True),
        ({"valid_from": "2027-03-02"}, False),
        ({"valid_from": "2027-01-01", "valid_until": "2027-12-31"}, True),
    ],
)
@pytest.mark.parametrize("grade", ["A", "B"])
def test_a_contract_counts_from_its_first_to_its_last_day(
    dates: dict[str, Any], valid: bool, grade: str
) -> None:
    """R15: by the business day of the order, for class A too."""
    customer = {"customer_class": grade, **contract(**dates)}
    life = Life(customer=customer, payment_terms="on_account")
    assert ("decision:contract" in life.waiting) is not valid


def test_the_day_is_the_business_day() -> None:
    """R15: half past midnight in Shanghai is the next day, whatever UTC says."""
    midnight = datetime(2027, 3, 1, 16, 0, tzinfo=UTC)
    customer = contract(valid_until="2027-03-01")
    before = Life(midnight - timedelta(minutes=1), customer=customer, payment_terms="on_account")
    after = Life(midnight, customer=customer, payment_terms="on_account")
    assert "decision:contract" not in before.waiting
    assert "decision:contract" in after.waiting


def released_on(day: int, **dates: Any) -> Life:
    """A class A order on account, in the warehouse so many days after it was placed."""
    customer = {"customer_class": "A", **contract(**dates)}
    life = Life(customer=customer, payment_terms="on_account")
    life.verified().sheet_out().signed().does("production_signed", version=1, clerk=CLERK).made()
    return life.later(days=day).passed()


def test_a_contract_that_ran_out_before_the_release_holds_it_up() -> None:
    """R15, R50: the second check; class A that does not meet its contract waits like the others."""
    holds = released_on(2, valid_until="2027-03-03")
    assert holds.order.releases[0].ground == "contract"
    late = released_on(3, valid_until="2027-03-03")
    assert late.order.releases == []
    assert {"balance", "decision:finance_release", "decision:balance_release"} <= late.waiting


def test_the_second_check_looks_at_the_terms_as_they_are_at_the_release() -> None:
    """R15, R50: a delivery that the contract does not give, approved by legal and finance or not."""
    customer = {"customer_class": "A", **contract(delivery_methods=["freight"])}
    life = Life(customer=customer, payment_terms="on_account", delivery_method="courier")
    life.decide(Subject.CONTRACT, "approve").verified().sheet_out().signed()
    life.does("production_signed", version=1, clerk=CLERK).made().passed()
    assert life.order.releases == []
    assert "balance" in life.waiting


@pytest.mark.parametrize(("until", "days"), [("2027-03-02", 45), ("2027-03-01", 30)])
def test_the_due_day_is_the_contracts_only_while_it_counts(until: str, days: int) -> None:
    """R54: by the day of release."""
    life = released_on(1, valid_until=until)
    if not life.order.releases:
        life.decide(Subject.BALANCE_RELEASE, "on_credit").decide(Subject.FINANCE_RELEASE, "release")
    life.sent().does("delivery_receipt", signed_by="王芳")
    assert life.order.steps["account_balance"].due.date() == life.day(days + 1)


def test_a_contract_does_not_begin_after_it_ends() -> None:
    with pytest.raises(ValidationError, match="2027-03-02"):
        Contract.model_validate(contract(valid_from="2027-03-02", valid_until="2027-03-01")["contract"])


# --- the deposit's share (R33) -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "by_contract", "due"),
    [("30", "50", "1500.00"), (None, "50", "2500.00"), (None, None, "1000.00"), ("60", "50", "3000.00")],
)
def test_the_orders_own_share_goes_before_the_contracts_and_that_before_the_policys(
    own: str | None, by_contract: str | None, due: str
) -> None:
    """R33"""
    known = {} if by_contract is None else contract(payment_terms="deposit", deposit_percent=by_contract)
    life = Life(customer=known, deposit_percent=own, policy={"payment": {"deposit_percent": "20"}})
    assert str(life.order.deposit_due) == due


def test_a_contract_that_does_not_count_gives_no_share() -> None:
    """R15, R33"""
    known = contract(payment_terms="deposit", deposit_percent="50", valid_until="2027-02-28")
    life = Life(customer=known, deposit_percent=None)
    assert str(life.order.deposit_due) == "1500.00"
