"""Re-assignment of an order in the middle (R133), questions that are answered (R140), shipments that are followed (R172)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from models.documents.customer_texts import told_to_customer
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.forms.sentences.journal_sentences import sentence_of
from models.messages.decision_subjects import Subject
from models.messages.reply import Reply
from models.order.projection import rows_of
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Role, Words
from tests.models.life import SIGNER, Life, heard, refused
from workflows.procedure import receive

MEMBERS = {
    "salesperson": ["salesperson-1", "salesperson-2"],
    "service_clerk": ["service_clerk-1", "service_clerk-2"],
    "sales_supervisor": ["sales_supervisor-1"],
}


def life_of_two() -> Life:
    return Life(members=MEMBERS)


def give(
    life: Life,
    role: str,
    person: str,
    *,
    by: str = "sales_supervisor-1",
    said_as: Role = Role.SALES_SUPERVISOR,
) -> Reply:
    """The superior reassigns, now."""
    life.said += 1
    envelope = {
        "fact_id": f"test/{life.said}", "kind": "reassigned", "by": by, "role": said_as.value,
        "happened_at": life.now.isoformat(), "content": {"role": role, "person": person, "reason": "调岗"},
    }  # fmt: skip
    return receive(life.order, envelope, life.now)


def test_the_order_is_the_others_and_limits_run_on() -> None:
    life = life_of_two().verified().sheet_out().later(hours=1)
    before = life.order.steps["sheet_back:1"]
    due, since = before.due, before.since
    life.later(hours=1)
    heard(give(life, "salesperson", "salesperson-2"))
    step = life.order.steps["sheet_back:1"]
    assert (step.people, step.due, step.since) == (("salesperson-2",), due, since)
    assert life.order.staff.person(Role.SALESPERSON) == "salesperson-2"
    (entry,) = life.entries(EntryKind.REASSIGNED)
    assert (entry.by, entry.rule, entry.data["before"], entry.data["after"]) == (
        "sales_supervisor-1", "R133", "salesperson-1", "salesperson-2",
    )  # fmt: skip
    assert sentence_of(entry).en == "salesperson: salesperson-2, no longer salesperson-1"


def test_the_customer_and_both_are_told_who_it_is_now() -> None:
    life = life_of_two().verified()
    heard(give(life, "salesperson", "salesperson-2"))
    (notice,) = [each for each in life.order.unsent if each.paper is Paper.REASSIGNED]
    assert notice.to == (Role.CUSTOMER, Role.SALESPERSON)
    assert set(notice.named) == {"salesperson-1", "salesperson-2"}
    told = told_to_customer(Paper.REASSIGNED, Words(notice.zh, notice.en))
    assert told.en == "your order's salesperson is salesperson-2 now; please turn to them"
    assert "salesperson-1" not in told.zh + told.en


def test_of_what_is_the_houses_own_no_customer_hears() -> None:
    life = Life(members={"quality": ["quality-1", "quality-2"]})
    heard(give(life, "quality", "quality-2"))
    assert [each.to for each in life.order.unsent if each.paper is Paper.REASSIGNED] == [(Role.QUALITY,)]


def test_open_exceptions_and_questions_go_with_it_and_what_comes_is_theirs() -> None:
    life = life_of_two()
    life.does("exception_reported", exception="E-1", words="x", owner="service_clerk-1")
    life.does("exception_reported", exception="E-2", words="x", owner="finance-1")
    life.does("contact_logged", channel="phone", topic="question", words="何时发货")
    heard(give(life, "service_clerk", "service_clerk-2", by="nobody-above"))
    assert (life.order.troubles["E-1"].owner, life.order.troubles["E-2"].owner) == (
        "service_clerk-2",
        "finance-1",
    )
    assert life.order.steps["question:1"].people == ("service_clerk-2",)
    life.verified()
    assert "service_clerk-2" in life.order.steps["send_sheet:1"].people


def test_its_rows_follow() -> None:
    life = life_of_two()
    assert not [row for row in rows_of(life.order) if row.table == "order_assignments"]
    heard(give(life, "salesperson", "salesperson-2"))
    (row,) = [row for row in rows_of(life.order) if row.table == "order_assignments"]
    assert (row.key, row.values["person"]) == (
        {"order_number": life.order.number, "role": "salesperson"}, "salesperson-2",
    )  # fmt: skip
    (head,) = [row for row in rows_of(life.order) if row.table == "orders"]
    assert head.values["salesperson"] == "salesperson-2"


@pytest.mark.parametrize(
    ("role", "person", "by", "code", "where"),
    [
        ("salesperson", "salesperson-2", "sales_supervisor-2", "wrong_role", "by"),
        ("salesperson", "salesperson-1", "sales_supervisor-1", "contradiction", "content.person"),
        ("salesperson", "service_clerk-2", "sales_supervisor-1", "wrong_role", "content.person"),
        ("salesperson", "nobody", "sales_supervisor-1", "unknown_person", "content.person"),
        ("customer", "li", "sales_supervisor-1", "contradiction", "content.role"),
        ("system", "li", "sales_supervisor-1", "contradiction", "content.role"),
        ("chief", "li", "sales_supervisor-1", "malformed", "content.role"),
    ],
)
def test_what_is_refused_changes_nothing(role: str, person: str, by: str, code: str, where: str) -> None:
    """R133: by the superior of who has it, to somebody of the role."""
    life = life_of_two()
    reply = refused(give(life, role, person, by=by), code)
    assert reply.where == where
    assert life.order.staff.person(Role.SALESPERSON) == "salesperson-1"
    assert not life.order.reassigned


def test_it_reaches_an_order_of_an_earlier_edition_too() -> None:
    """A new fact needs no edition."""
    life = Life(members=MEMBERS, edition=1)
    heard(give(life, "salesperson", "salesperson-2"))
    assert life.order.staff.person(Role.SALESPERSON) == "salesperson-2"


# --- questions (R140) ---------------------------------------------------------------------------------------------


def test_a_question_has_an_owner_and_is_answered_in_a_day() -> None:
    life = life_of_two().does("contact_logged", channel="wechat", topic="question", words="能提前两天吗")
    step = life.order.steps["question:1"]
    assert (step.people, step.rule, step.blocking) == (("service_clerk-1",), "R140", False)
    assert step.due == life.now + timedelta(hours=24)
    assert step.words.en == "answer the customer's question: 能提前两天吗"
    assert life.papers("customer_asked") == ["the customer asks: 能提前两天吗"]
    life.later(hours=25)
    assert life.entries(EntryKind.OVERDUE, "question:1")
    life.does("contact_logged", channel="phone", answers=1, words="可以提前一天")
    assert "question:1" not in life.waiting


def test_its_owner_may_be_another_of_the_staff() -> None:
    life = life_of_two()
    life.does("contact_logged", channel="phone", topic="question", words="价格", owner="salesperson-2")
    assert life.order.steps["question:1"].people == ("salesperson-2",)
    reply = life.tell("contact_logged", owner="nobody", channel="phone", topic="question", words="x")
    assert refused(reply, "unknown_person").where == "content.owner"


def test_what_nobody_asked_or_is_answered_is_no_answer() -> None:
    life = life_of_two()
    said: dict[str, Any] = {"channel": "phone", "words": "好"}
    refused(life.tell("contact_logged", answers=1, **said), "contradiction")
    life.does("contact_logged", topic="question", **said).does("contact_logged", answers=1, **said)
    assert refused(life.tell("contact_logged", answers=1, **said), "contradiction").where == "content.answers"


def test_an_order_is_not_settled_while_a_question_is_open() -> None:
    life = Life().arrived().does("contact_logged", channel="phone", topic="question", words="怎么保存")
    life.does("delivery_receipt", signed_by=SIGNER)
    assert life.order.lives
    life.does("contact_logged", channel="phone", answers=1, words="避光")
    assert not life.order.lives


# --- shipments that are followed (R172) ----------------------------------------------------------------------------


def checks(life: Life) -> list[str]:
    return [str(each.check_on) for each in life.order.shipments]


def test_a_shipment_is_followed_three_days_after_it_left() -> None:
    life = Life().shipped()
    assert checks(life) == ["2027-03-04"]
    assert life.order.steps["follow:1"].due == datetime(2027, 3, 5, tzinfo=BUSINESS_ZONE)


def test_or_on_the_day_on_which_it_is_expected_or_that_was_named() -> None:
    life = Life().in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    assert checks(life.sent(expected_arrival="2027-03-09")) == ["2027-03-09"]
    life = Life().in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    assert checks(life.sent(expected_arrival="2027-03-09", check_on="2027-03-05")) == ["2027-03-05"]
    life = Life(policy={"shipment_check": {"days": 5}}).shipped()
    assert checks(life) == ["2027-03-06"]


def test_the_salesperson_hears_date_and_condition() -> None:
    life = Life().shipped().later(days=3)
    life.does("transit_reported", role=Role.SERVICE_CLERK, condition="good", words="已到中转站")
    assert "follow:1" not in life.waiting
    life.later(days=1).does("arrived", place="深圳")
    assert life.papers("shipment_check") == [
        "shipment 1 as checked: 2027-03-04 good 已到中转站",
        "shipment 1 as checked: 2027-03-05 good ",
    ]
    told = [each.to for each in life.order.unsent if each.paper is Paper.SHIPMENT_CHECK]
    assert set(told) == {(Role.SALESPERSON,)}


@pytest.mark.parametrize("edition", [1, 2])
def test_orders_of_earlier_editions_are_followed_where_a_day_was_named(edition: int) -> None:
    life = Life(edition=edition).shipped()
    assert checks(life) == ["None"]
    assert "follow:1" not in life.waiting
    assert not life.papers("shipment_check")
