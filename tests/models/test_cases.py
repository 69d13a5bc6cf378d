"""After-sales cases without any engine: windows, clocks, who decides, goods back, refunds, the customer's word (R142 to R144)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.cases.case_request import CaseGoods
from models.cases.returns import needs_admission, refund_of, require_open_window
from models.cases.terms import CaseEnding, CaseStage, Cause
from models.dossier.journal import EntryKind
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.policy import AfterwardsPolicy
from models.values.calendar import BUSINESS_ZONE
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from tests.models.case_life import GOODS, MONDAY, CaseLife

POLICY = AfterwardsPolicy()
DAY = datetime(2027, 3, 1, 10, 0, tzinfo=BUSINESS_ZONE)


def goods(**changes: Any) -> CaseGoods:
    return CaseGoods.model_validate({**GOODS, "received_at": DAY.isoformat(), **changes})


# --- R142: windows and figures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "kept", "back", "value"),
    [
        ("0.0385", "130", "65", "2.51"),
        ("0.0385", "65", "65", "2.50"),
        ("0.0385", "12345", "2000", "77.00"),
        ("5.00", "1000", "1", "5.00"),
        ("0.001", "4", "1", "0.00"),
    ],
)
def test_a_refund_is_what_the_line_costs_less(price: str, kept: str, back: str, value: str) -> None:
    """R142: rounded before and after, so that parts come to the whole."""
    figures = refund_of(Decimal(price), Decimal(kept), Decimal(back), Decimal("999.00"))
    assert figures.value == Decimal(value)
    assert figures.payable == Decimal(value)


@pytest.mark.parametrize(
    ("money", "paid"), [("1.00", "1.00"), ("0.00", "0.00"), ("-3.00", "0.00"), ("2.51", "2.51")]
)
def test_never_above_the_money_received(money: str, paid: str) -> None:
    """R142."""
    assert refund_of(Decimal("0.0385"), Decimal(130), Decimal(65), Decimal(money)).payable == Decimal(paid)


def test_without_a_reason_only_stock_goods_of_the_shop() -> None:
    """R142: made to order never; the refusal says what is possible."""
    with pytest.raises(Refusal) as refused:
        require_open_window(goods(), Cause.UNWANTED, POLICY, DAY + timedelta(days=1))
    assert (refused.value.code, refused.value.where) == (Code.NOT_RETURNABLE, "cause")
    assert "质量问题" in refused.value.words.zh
    require_open_window(goods(), Cause.DEFECT, POLICY, DAY + timedelta(days=1))
    require_open_window(goods(from_shop=True), Cause.UNWANTED, POLICY, DAY + timedelta(days=1))


def test_seven_days_end_with_the_seventh_day() -> None:
    """R142: the day of receipt does not count; the seventh day does, to its end."""
    last = datetime(2027, 3, 8, 23, 59, 59, tzinfo=BUSINESS_ZONE)
    require_open_window(goods(from_shop=True), Cause.UNWANTED, POLICY, last)
    with pytest.raises(Refusal) as refused:
        require_open_window(goods(from_shop=True), Cause.UNWANTED, POLICY, last + timedelta(seconds=1))
    assert refused.value.code is Code.TOO_LATE
    assert "2027-03-08" in refused.value.words.en


def test_a_defect_after_thirty_days_needs_the_supervisor() -> None:
    """R142: 30 days; later it is admitted or not."""
    last = datetime(2027, 3, 31, 23, 59, 59, tzinfo=BUSINESS_ZONE)
    assert not needs_admission(goods(), POLICY, last)
    assert needs_admission(goods(), POLICY, last + timedelta(seconds=1))
    life = CaseLife(goods={"received_at": "2027-01-20T10:00:00+08:00"}).tell("case_acknowledged")
    assert life.waits_for == ["assess", "decision:case_admission"]
    assert life.decide("approve", subject=Subject.CASE_ADMISSION, by="service_clerk-1").code == "same_person"
    assert life.decide("approve", subject=Subject.CASE_ADMISSION).status is Status.ACCEPTED
    life.tell("case_assessed", words="属实")
    assert life.waits_for == ["decision:case_decision"]


def test_a_late_defect_that_is_not_admitted_is_answered() -> None:
    """R142, R143: with the reason; the customer may object once."""
    life = CaseLife(goods={"received_at": "2027-01-20T10:00:00+08:00"}).tell("case_acknowledged")
    assert life.decide("refuse", subject=Subject.CASE_ADMISSION).code == "missing_field"
    assert life.decide("refuse", subject=Subject.CASE_ADMISSION, words="已超期").status is Status.ACCEPTED
    assert life.case.stage is CaseStage.REMEDIED
    assert "case_refused" in life.papers


@pytest.mark.parametrize("cause", ["service", "late", "low_rating"])
def test_what_is_not_the_goods_fault_has_no_such_window(cause: str) -> None:
    """R142: the 30 days are for defects."""
    life = CaseLife(type="complaint", cause=cause, goods={"received_at": "2026-11-20T10:00:00+08:00"})
    assert not life.case.is_late_defect


# --- R143: clocks, and who decides -------------------------------------------------------------------------------------


def test_opened_told_and_taken_up_within_a_day() -> None:
    """R143: 24 hours, then overdue; the owner's superior hears of it."""
    life = CaseLife()
    (placed,) = life.entries(EntryKind.PLACED)
    assert (placed.by, placed.role, placed.happened_at) == ("customer:K-1", Role.CUSTOMER, MONDAY)
    assert (placed.rule, placed.data["request"]["words"]) == ("R143", "纸张受潮")
    assert life.papers == ["case_opened"]
    step = life.case.steps["acknowledge"]
    assert (step.due, step.people) == (MONDAY + timedelta(hours=24), ("service_clerk-1",))
    life.later(hours=24)
    assert [entry.subject for entry in life.entries(EntryKind.OVERDUE)] == ["acknowledge"]
    assert life.case.stage is CaseStage.OPENED


def test_three_working_days_to_decide() -> None:
    """R143: opened on a Friday it is decided by Wednesday."""
    friday = datetime(2027, 3, 5, 15, 0, tzinfo=BUSINESS_ZONE)
    life = CaseLife(friday).assessed()
    due = life.case.steps["decision:case_decision"].due
    assert due == datetime(2027, 3, 11, 0, 0, tzinfo=BUSINESS_ZONE)


@pytest.mark.parametrize(
    ("quantity", "price", "role"),
    [
        ("100", "5.00", "service_supervisor"),
        ("100", "5.0001", "marketing_director"),
        ("1", "500.00", "service_supervisor"),
        ("1", "500.01", "marketing_director"),
    ],
)
def test_up_to_500_the_supervisor_above_it_the_director(quantity: str, price: str, role: str) -> None:
    """R143: above is strict."""
    life = CaseLife(quantity=quantity, goods={"unit_price": price, "received": "1000"}).assessed()
    assert [each.value for each in life.case.steps["decision:case_decision"].roles] == [role]
    other = Role.MARKETING_DIRECTOR if role == "service_supervisor" else Role.SERVICE_SUPERVISOR
    assert life.decide("approve", other, remedy="refund").code == "wrong_role"
    assert life.decide("approve", Role(role), remedy="refund").status is Status.ACCEPTED


def test_an_amount_above_the_limit_is_the_directors_too() -> None:
    """R143: also where the goods come to less, or there are none."""
    life = CaseLife(type="complaint", cause="late", line=None, quantity=None, goods=None).assessed()
    refused = life.decide("approve", remedy="refund", amount="500.01")
    assert refused.code == "wrong_role"
    assert (
        life.decide("approve", Role.MARKETING_DIRECTOR, remedy="refund", amount="500.01").status
        is Status.ACCEPTED
    )


def test_the_owner_never_decides_nor_who_entered_or_assessed_it() -> None:
    """R143: whatever roles the person has."""
    life = CaseLife(entered_by="wang", entered_role="salesperson").tell("case_acknowledged")
    life.hear("case_assessed", Role.QUALITY, {"words": "属实"}, by="qian")
    for person in ("service_clerk-1", "wang", "qian"):
        assert life.decide("approve", by=person, remedy="refund").code == "same_person"
    assert life.decide("approve", by="zhao", remedy="refund").status is Status.ACCEPTED


def test_the_matrix_asks_for_more() -> None:
    """R106, R143: a row for refunds is united with the rule."""
    row = {"what": "refund", "amount_above": "100.00", "levels": [["service_supervisor"], ["finance"]]}
    life = CaseLife(
        quantity="100", goods={"unit_price": "2.00", "received": "100"}, policy={"approvals": [row]}
    ).assessed()
    assert life.decide("approve", Role.FINANCE, remedy="refund").code == "wrong_role"
    assert life.decide("approve", remedy="refund").status is Status.ACCEPTED
    assert life.case.stage is CaseStage.ASSESSED
    assert life.decide("approve", Role.FINANCE, remedy="refund").status is Status.ACCEPTED
    assert life.case.stage is CaseStage.GOODS_AWAITED


def test_what_cannot_be_granted_is_refused() -> None:
    """R142, R143: an amount beside goods, none without, goods back of which nobody spoke, a spoken answer."""
    life = CaseLife().assessed()
    assert life.decide("approve", remedy="refund", amount="3.00").code == "contradiction"
    assert life.decide("approve").code == "missing_field"
    assert life.decide("approve", remedy="money").code == "malformed"
    spoken = {"subject": "case_decision", "outcome": "approve", "detail": {"remedy": "refund"}}
    assert life.hear("decision", Role.SERVICE_SUPERVISOR, spoken).code == "not_in_writing"
    bare = CaseLife(type="complaint", cause="service", line=None, quantity=None, goods=None).assessed()
    assert bare.decide("approve", remedy="refund").code == "missing_field"
    assert bare.decide("approve", remedy="repair", goods_back=True).code == "contradiction"
    assert bare.decide("approve", remedy="answer").status is Status.ACCEPTED
    assert bare.waits_for == ["remedy:0"]


def test_nothing_is_decided_before_it_is_asked() -> None:
    """R143."""
    life = CaseLife()
    assert life.decide("approve", remedy="refund").code == "not_asked"
    assert life.hear("case_assessed", Role.SERVICE_CLERK, {"words": "x"}).status is Status.KEPT_EARLY
    life.tell("case_acknowledged")
    assert life.waits_for == ["decision:case_decision"]


# --- goods back, and the money -----------------------------------------------------------------------------------------


def test_a_return_from_the_first_word_to_the_money() -> None:
    """R142, R143: 65 of 130 sheets: 2.51, paid by finance with its receipt; seven days of silence agree."""
    life = CaseLife().granted()
    assert life.case.stage is CaseStage.GOODS_AWAITED
    assert life.case.held == 65
    assert life.case.steps["send"].due == MONDAY + timedelta(days=15)
    life.back()
    assert life.waits_for == ["count:0"]
    early = life.hear("remedy_done", Role.FINANCE, {"reference": "B-1"})
    assert early.status is Status.KEPT_EARLY
    life = CaseLife().granted().back().counts()
    step = life.case.steps["remedy:0"]
    assert "2.51" in step.words.zh
    assert step.roles == (Role.FINANCE,)
    assert life.hear("remedy_done", Role.SERVICE_CLERK, {"reference": "B-1"}).code == "wrong_role"
    assert life.hear("remedy_done", Role.FINANCE, {}).code == "missing_field"
    assert (
        life.hear("remedy_done", Role.FINANCE, {"reference": "B", "amount": "2.50"}).code == "contradiction"
    )
    decided = life.hear("remedy_done", Role.FINANCE, {"reference": "B"}, by="service_supervisor-1")
    assert decided.code == "same_person"
    life.tell("remedy_done", Role.FINANCE, reference="B-1", amount="2.51")
    assert life.case.stage is CaseStage.REMEDIED
    life.later(days=7, hours=-1)
    assert life.case.lives
    life.later(hours=1)
    assert life.case.ending is CaseEnding.SILENT
    assert life.case.held == 65


def test_only_what_passed_counts() -> None:
    """R142: of 65 that came back 40 passed; the rest is free again."""
    life = CaseLife().granted().back(passed="40", failed="25").counts()
    assert life.case.held == 40
    assert life.case.counted[0].kept_after == 90
    assert life.case.returned_value == Decimal("1.54")


def test_nothing_passed_is_an_answer() -> None:
    """R142, R143: no money, and the clerk says why."""
    life = CaseLife().granted().back(passed="0", failed="65")
    assert life.waits_for == ["remedy:0"]
    assert life.hear("remedy_done", Role.FINANCE, {"reference": "B-1"}).code == "wrong_role"
    assert life.hear("remedy_done", Role.SERVICE_CLERK, {}).code == "missing_field"
    life.tell("remedy_done", words="退回货物已使用")
    assert life.case.held == 0


@pytest.mark.parametrize(
    ("kind", "role", "content", "code"),
    [
        ("goods_received", Role.WAREHOUSE, {"quantity": "66"}, "more_than_received"),
        ("goods_received", Role.WAREHOUSE, {"quantity": "0"}, "bad_quantity"),
        ("goods_received", Role.CUSTOMER, {"quantity": "65"}, "wrong_role"),
        ("goods_received", Role.WAREHOUSE, {"quantity": "6.5555"}, "bad_quantity"),
    ],
)
def test_more_never_comes_back_than_was_to(kind: str, role: Role, content: dict[str, Any], code: str) -> None:
    """R142: each a code, nothing changed."""
    life = CaseLife().granted()
    assert life.hear(kind, role, content).code == code
    assert life.case.came_back is None


def test_an_inspection_comes_to_what_was_received() -> None:
    """R142."""
    life = CaseLife().granted().tell("goods_received", Role.WAREHOUSE, quantity="60")
    assert life.case.steps["inspect"].due == datetime(2027, 3, 4, 0, 0, tzinfo=BUSINESS_ZONE)
    assert life.hear("case_inspected", Role.QUALITY, {"passed": "60", "failed": "1"}).code == "contradiction"
    life.tell("case_inspected", Role.QUALITY, passed="50", failed="10")


def test_goods_that_are_not_sent() -> None:
    """R143: reminded, closed after 15 days, the quantity free."""
    life = CaseLife().granted().later(days=12)
    assert "case_goods_reminder" in life.papers
    assert life.case.held == 65
    life.later(days=3)
    assert life.case.ending is CaseEnding.NOT_SENT
    assert life.case.held == 0
    assert "case_unsent" in life.papers
    assert not life.case.steps


def test_a_repair_gives_the_goods_back() -> None:
    """R143: production repairs, the quantity may come back again later."""
    life = CaseLife(type="repair").granted("repair").back()
    assert life.case.steps["remedy:0"].roles == (Role.PRODUCTION,)
    life.tell("remedy_done", Role.PRODUCTION, reference="SF-2").tell(
        "case_answered", Role.CUSTOMER, agrees=True
    )
    assert life.case.ending is CaseEnding.AGREED
    assert life.case.held == 0


def test_a_credit_is_no_money() -> None:
    """R142: bound by no money received."""
    life = CaseLife().granted("credit").back().counts(money="0.00")
    assert (
        life.hear("remedy_done", Role.FINANCE, {"reference": "C-1", "amount": "0.00"}).code == "contradiction"
    )
    life.tell("remedy_done", Role.FINANCE, reference="C-1", amount="2.51")


def test_a_case_may_be_withdrawn_until_the_goods_are_here() -> None:
    """R143."""
    life = CaseLife().granted().tell("case_withdrawn", Role.CUSTOMER)
    assert (life.case.ending, life.case.held) == (CaseEnding.WITHDRAWN, 0)
    late = CaseLife().granted().tell("goods_received", Role.WAREHOUSE, quantity="65")
    assert late.hear("case_withdrawn", Role.CUSTOMER, {}).code == "not_asked"


def test_evidence_is_kept_once() -> None:
    """R143: by its reference."""
    life = CaseLife(evidence=["file/0123456789abcdef"])
    life.tell("evidence_added", Role.CUSTOMER, document="file/0123456789abcde0", words="外箱")
    known = life.hear("evidence_added", Role.SERVICE_CLERK, {"document": "file/0123456789abcdef"})
    assert known.status is Status.KNOWN
    assert len(life.case.evidence) == 2
    for n in range(18):
        life.tell("evidence_added", Role.CUSTOMER, document=f"file/{n:016x}")
    assert (
        life.hear("evidence_added", Role.CUSTOMER, {"document": "file/ffffffffffffffff"}).code == "too_large"
    )
    assert life.hear("evidence_added", Role.CUSTOMER, {"document": "../etc/passwd"}).code == "malformed"


# --- the customer's word -----------------------------------------------------------------------------------------------


def refused() -> CaseLife:
    life = CaseLife().assessed()
    assert life.decide("refuse", words="使用不当").status is Status.ACCEPTED
    return life


def test_objected_once_then_the_supervisor() -> None:
    """R143: with the reason; the second objection is refused."""
    life = refused()
    assert life.hear("case_answered", Role.CUSTOMER, {"agrees": False}).code == "missing_field"
    life.tell("case_answered", Role.CUSTOMER, agrees=False, words="不是使用问题")
    assert life.waits_for == ["decision:case_review"]
    assert life.hear("case_answered", Role.CUSTOMER, {"agrees": True}).code == "already_decided"
    assert life.decide("keep", subject=Subject.CASE_REVIEW).code == "missing_field"
    assert life.decide("keep", subject=Subject.CASE_REVIEW, words="检测报告").status is Status.ACCEPTED
    assert life.case.ending is CaseEnding.FINAL
    assert life.case.held == 0


def test_a_review_may_grant_it_after_all() -> None:
    """R143: then it goes its way and ends without another objection."""
    life = refused().tell("case_answered", Role.CUSTOMER, agrees=False, words="x")
    assert life.decide("approve", subject=Subject.CASE_REVIEW, remedy="refund").status is Status.ACCEPTED
    assert life.case.stage is CaseStage.GOODS_AWAITED
    life.back().counts().tell("remedy_done", Role.FINANCE, reference="B-1")
    assert life.case.ending is CaseEnding.FINAL


def test_more_after_a_first_remedy() -> None:
    """R142, R143: the goods were counted already; a second sum needs its amount."""
    life = CaseLife().granted().back().counts().tell("remedy_done", Role.FINANCE, reference="B-1")
    life.tell("case_answered", Role.CUSTOMER, agrees=False, words="运费呢")
    assert life.decide("approve", subject=Subject.CASE_REVIEW, remedy="refund").code == "missing_field"
    granted = life.decide("approve", subject=Subject.CASE_REVIEW, remedy="refund", amount="12.00")
    assert granted.status is Status.ACCEPTED
    life.counts()
    assert "12.00" in life.case.steps["remedy:1"].words.en
    life.tell("remedy_done", Role.FINANCE, reference="B-2", amount="12.00")
    assert life.case.ending is CaseEnding.FINAL
    assert life.case.held == 65


def test_agreed_is_closed() -> None:
    """R143."""
    life = CaseLife().granted().back().counts().tell("remedy_done", Role.FINANCE, reference="B-1")
    life.tell("case_answered", Role.CUSTOMER, agrees=True)
    assert life.case.ending is CaseEnding.AGREED
    assert life.hear("evidence_added", Role.CUSTOMER, {"document": "x"}).code == "order_ended"


# --- R144 --------------------------------------------------------------------------------------------------------------


def test_an_exchange_is_replaced_after_the_inspection() -> None:
    """R144: at the old price, what passed; no difference, nothing for finance."""
    life = CaseLife(type="exchange").granted("reship").back(passed="60", failed="5")
    assert life.waits_for == ["count:0", "replace"]
    life.counts().tell("order_made", Role.SYSTEM, order="20270303-0001")
    assert life.case.replaced == 60
    assert life.case.difference == Decimal("2.31") - life.case.returned_value
    again = (
        CaseLife(type="exchange", quantity="100", goods={"unit_price": "1.00"}).granted("reship").back("100")
    )
    again.counts().tell("order_made", Role.SYSTEM, order="20270303-0001")
    assert again.case.stage is CaseStage.REMEDIED
    assert again.case.difference == 0


def test_on_our_fault_it_is_replaced_at_once() -> None:
    """R144: before the goods are back; what then does not pass is a difference for finance."""
    life = CaseLife(type="exchange", cause="wrong_goods").granted("reship", our_fault=True)
    assert life.waits_for == ["replace", "send"]
    life.tell("order_made", Role.SYSTEM, order="20270301-0009")
    assert life.waits_for == ["send"]
    life.back(passed="65").counts(kept_before="65")
    assert life.case.difference == 0
    short = CaseLife(type="exchange", cause="wrong_goods", quantity="100", goods={"unit_price": "2.00"})
    short.granted("reship", our_fault=True).tell("order_made", Role.SYSTEM, order="20270301-0009")
    short.back("100", passed="90", failed="10").counts()
    assert short.case.difference == Decimal("20.00")
    assert "20.00" in short.case.steps["remedy:0"].words.zh
    assert "exchange_difference" in short.papers
    assert short.hear("remedy_done", Role.WAREHOUSE, {"reference": "T-1"}).code == "wrong_role"
    short.tell("remedy_done", Role.FINANCE, reference="T-1")
    assert short.case.stage is CaseStage.REMEDIED


def test_replaced_on_our_fault_and_the_goods_never_came() -> None:
    """R143, R144: it is not simply closed: finance settles what left."""
    life = CaseLife(type="exchange", cause="wrong_goods").granted("reship", our_fault=True)
    life.tell("order_made", Role.SYSTEM, order="20270301-0009").later(days=15)
    assert life.case.lives
    assert life.case.difference == Decimal("2.50")
    assert life.waits_for == ["remedy:0"]


def test_a_replacement_that_cannot_be_entered_is_somebodys_step() -> None:
    """R144."""
    life = CaseLife(type="exchange").granted("reship").back().counts()
    life.tell(
        "order_not_made", Role.SYSTEM, code="unknown_customer", zh="没有这个客户", en="no such customer"
    )
    assert life.waits_for == ["replace:0"]
    life.tell("order_wanted", reason="已建档")
    assert life.waits_for == ["replace"]


def test_a_cancel_from_the_engines_own_pages_withdraws_it() -> None:
    """R143."""
    life = CaseLife().tell("cancellation_requested", Role.SYSTEM, reason="x")
    assert life.case.ending is CaseEnding.WITHDRAWN
