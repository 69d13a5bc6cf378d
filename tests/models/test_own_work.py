"""Own work (R106): who sold or entered an order judges nothing about it, in orders from edition 11 on; and nobody waits for ever."""

from __future__ import annotations

from typing import Any

import pytest

from models.decisions.duties import check_duties
from models.decisions.subjects import SUBJECTS
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.order import own_work
from models.order.duties import barred_from, keeps_apart
from models.order.projection import watched_rows
from models.values.editions import NEWEST, Edition
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from tests.models.life import Life, refused
from tests.models.test_credit import limited
from tests.models.test_samples import Sample

BEFORE = int(Edition.BACK_THE_WAY_IT_CAME)
TWO = {"sales_supervisor": ["sales_supervisor-1", "sales_supervisor-2"]}
SELLER = "salesperson-1"
JUDGED = (
    "another_round", "balance_release", "cancellation", "deposit_settlement", "dropped_goods", "emergency_shipment",
    "failed_refund", "finance_release", "hanging", "overpayment", "price", "ship_date",
)  # fmt: skip
"""What judges an order that somebody sold, or frees its goods and money: written down here by the rules (R25, R61, R106, R130, …)."""
OF_CHANGES = ("balance_release", "deposit_settlement", "finance_release", "overpayment", "ship_date")


def test_every_subject_is_barred_or_says_why_not() -> None:
    tables = [
        own_work.ALWAYS_APART | set(own_work.NOT_BY_ITS_SELLER),
        own_work.BESIDE_ORDERS,
        set(own_work.NO_OWN_WORK) - own_work.ALWAYS_APART,
    ]
    assert sorted(each for table in tables for each in table) == sorted(Subject)
    assert sorted(own_work.NOT_BY_ITS_SELLER) == list(JUDGED)
    assert sorted(own_work.NOT_BY_WHO_CHANGED_IT) == list(OF_CHANGES)
    # no role of a barred subject is the salesperson's or the customer's own: others can always decide
    for subject in own_work.NOT_BY_ITS_SELLER:
        assert not {Role.SALESPERSON, Role.CUSTOMER} & set(SUBJECTS[subject].roles)


@pytest.mark.parametrize("subject", [Subject(each) for each in JUDGED])
@pytest.mark.parametrize(("by", "did"), [(SELLER, "salesperson of an order"), ("he", "enter")])
def test_who_sold_or_entered_an_order_does_not_decide_it(subject: Subject, by: str, did: str) -> None:
    life = Life(entered_by="he")
    with pytest.raises(Refusal) as found:
        check_duties(life.order, subject, by)
    assert (found.value.code, found.value.where, found.value.rule) == (
        Code.SAME_PERSON,
        "by",
        subject.rule,
    )
    assert by in found.value.words.zh
    assert did in found.value.words.en
    assert by in barred_from(life.order, subject)
    check_duties(life.order, subject, "another")


@pytest.mark.parametrize("subject", [Subject(each) for each in JUDGED])
def test_an_order_of_before_the_edition_is_decided_as_it_was(subject: Subject) -> None:
    life = Life(edition=BEFORE)
    check_duties(life.order, subject, SELLER)
    assert SELLER not in barred_from(life.order, subject)
    assert keeps_apart(life.order, subject) is (subject in own_work.ALWAYS_APART)


@pytest.mark.parametrize("subject", [Subject(each) for each in OF_CHANGES])
def test_who_changed_an_order_does_not_decide_what_came_of_it(subject: Subject) -> None:
    life = Life()
    change = {"changes": {"lines": [{"line": 1, "quantity": "1500"}]}, "reason": "客户加量"}
    life.does("amendment_requested", role=Role.SERVICE_CLERK, by="he", **change)
    with pytest.raises(Refusal, match="change an order"):
        check_duties(life.order, subject, "he")


# --- lives -------------------------------------------------------------------------------------------------------------


def beyond_the_window(**changes: Any) -> Life:
    """Production names a day beyond the ten."""
    life = Life(**changes)
    life.decide(Subject.TECHNICAL, "producible", line=1, material_note="原纸充足")
    dates = {"production_date": life.day(1).isoformat(), "finished_date": life.day(12).isoformat()}
    life.decide(Subject.PRODUCTION_DATE, "dated", line=1, quantity="1000", **dates)
    assert "decision:ship_date" in life.waiting
    return life


@pytest.mark.parametrize("edition", [BEFORE, NEWEST])
def test_the_ship_date_beyond_the_window(edition: int) -> None:
    """R25, R106."""
    life = beyond_the_window(edition=edition)
    own = life.answer(Subject.SHIP_DATE, "approve", by=SELLER)
    if edition == BEFORE:
        assert own.status is Status.ACCEPTED
        return
    refused(own, "same_person")
    assert life.answer(Subject.SHIP_DATE, "approve").status is Status.ACCEPTED


def test_a_step_names_another_of_the_role_where_who_is_in_charge_is_barred() -> None:
    """R106, R133: the desk of the one who may; a colleague's word or a change of staff puts it right."""
    own: dict[str, Any] = {"entered_by": "sales_supervisor-1"}
    assert beyond_the_window(members=TWO).order.steps["decision:ship_date"].people == ("sales_supervisor-1",)
    life = beyond_the_window(**own, members=TWO)
    assert life.order.steps["decision:ship_date"].people == ("sales_supervisor-2",)
    before = beyond_the_window(**own, members=TWO, edition=BEFORE)
    assert before.order.steps["decision:ship_date"].people == ("sales_supervisor-1",)


def test_where_nobody_else_has_the_role_the_duty_is_set_aside_by_a_colleague() -> None:
    """R106: the order does not stand still for ever."""
    life = beyond_the_window(entered_by="sales_supervisor-1")
    assert life.order.steps["decision:ship_date"].people == ("sales_supervisor-1",)
    refused(life.answer(Subject.SHIP_DATE, "approve"), "same_person")
    aside: dict[str, Any] = {"rule": "R25", "person": "sales_supervisor-1", "reason": "只有一位主管"}
    refused(life.tell("overridden", role=Role.SALES_SUPERVISOR, **aside), "same_person")
    life.does("overridden", role=Role.MARKETING_DIRECTOR, **aside)
    assert life.answer(Subject.SHIP_DATE, "approve").status is Status.ACCEPTED


@pytest.mark.parametrize(("edition", "barred"), [(BEFORE, None), (NEWEST, (SELLER, "service_clerk-1"))])
def test_the_row_of_a_step_says_whom_it_bars(edition: int, barred: tuple[str, ...] | None) -> None:
    """R133: nobody acts for an absent colleague in what they may not do themselves."""
    life = beyond_the_window(edition=edition)
    row = next(each for each in watched_rows(life.order) if dict(each.key).get("key") == "decision:ship_date")
    assert row.values().get("barred") == barred


def owing(**changes: Any) -> Life:
    """Everything is made, and 3,500.00 are open."""
    life = Life(**changes).in_production().made().passed()
    life.answer(Subject.FINANCE_RELEASE, "release", collection="on_credit")
    assert "decision:balance_release" in life.waiting
    return life


@pytest.mark.parametrize("edition", [BEFORE, NEWEST])
def test_the_release_of_a_balance(edition: int) -> None:
    """R61, R106."""
    own = owing(edition=edition).answer(Subject.BALANCE_RELEASE, "on_credit", by=SELLER)
    assert (own.status is Status.ACCEPTED) is (edition == BEFORE)
    if edition > BEFORE:
        refused(own, "same_person")
        assert owing().answer(Subject.BALANCE_RELEASE, "on_credit").status is Status.ACCEPTED


@pytest.mark.parametrize("edition", [BEFORE, NEWEST])
def test_another_round_of_samples(edition: int) -> None:
    """R130, R106."""
    life = Sample(edition=edition, policy={"sample": {"rounds": 1}}).dated().received()
    life.decide(Subject.TRIAL, "change", words="再厚一点")
    own = life.answer(Subject.ANOTHER_ROUND, "approve", by=SELLER)
    assert (own.status is Status.ACCEPTED) is (edition == BEFORE)
    if edition > BEFORE:
        refused(own, "same_person")
        assert life.answer(Subject.ANOTHER_ROUND, "approve").status is Status.ACCEPTED


def test_who_may_not_approve_an_emergency_does_not_have_it_asked_either() -> None:
    """R70, R106: a refused word leaves nothing behind."""
    life = owing()
    life.answer(Subject.BALANCE_RELEASE, "on_credit")
    refused(life.answer(Subject.EMERGENCY_SHIPMENT, "approve", by=SELLER), "same_person")
    assert life.order.decision(Subject.EMERGENCY_SHIPMENT) is None
    assert life.answer(Subject.EMERGENCY_SHIPMENT, "approve").status is Status.ACCEPTED


@pytest.mark.parametrize("edition", [BEFORE, NEWEST])
@pytest.mark.parametrize("by", [SELLER, "service_clerk-1"])
def test_nobody_assesses_a_customer_to_whom_they_sell(edition: int, by: str) -> None:
    """R108, R106: neither the order's salesperson nor who entered it; finance does."""
    life = limited("1.00", edition=edition)
    said = life.tell("credit_assessed", by=by, limit="50000.00", reason="年审")
    if edition == BEFORE:
        assert said.status is Status.ACCEPTED
        return
    refused(said, "same_person")
    assert said.where == "by"
    assert life.order.credit.assessment is None
    assert life.tell("credit_assessed", limit="50000.00", reason="年审").status is Status.ACCEPTED
