"""After-sales cases: nobody decides, reviews, inspects or pays own work, in cases from edition 11 on (R106, R143)."""

from __future__ import annotations

from typing import Any

import pytest

from models.cases.terms import CaseEnding, CaseStage
from models.messages.decision_subjects import Subject
from models.messages.reply import Reply, Status
from models.values.editions import NEWEST, Edition
from models.values.vocabulary import Role
from tests.models.case_life import CaseLife

BEFORE = int(Edition.BACK_THE_WAY_IT_CAME)
EDITIONS = pytest.mark.parametrize("edition", [BEFORE, NEWEST])
FIRST, SECOND = "service_supervisor-1", "service_supervisor-2"
TWO = {"service_supervisor": [FIRST, SECOND]}


def own(reply: Reply, edition: int) -> None:
    """Refused as own work from the edition on, taken before."""
    if edition == BEFORE:
        assert reply.status is Status.ACCEPTED, reply
    else:
        assert (reply.code, reply.where) == ("same_person", "by"), reply


def objected(**changes: Any) -> CaseLife:
    """Nothing was granted by the first supervisor, and the customer objects."""
    life = CaseLife(**changes).assessed()
    assert life.decide("refuse", words="使用不当").status is Status.ACCEPTED
    return life.tell("case_answered", Role.CUSTOMER, agrees=False, words="不是使用问题")


def review(life: CaseLife, by: str = "", role: Role = Role.SERVICE_SUPERVISOR) -> Reply:
    return life.decide("keep", role, Subject.CASE_REVIEW, by=by, words="检测报告")


@EDITIONS
def test_who_decided_does_not_review(edition: int) -> None:
    life = objected(edition=edition, members=TWO)
    reply = review(life)
    own(reply, edition)
    if edition > BEFORE:
        assert "first decision" in reply.en
        assert life.case.steps["decision:case_review"].people == (SECOND,)
        assert review(life, SECOND).status is Status.ACCEPTED
        assert life.case.ending is CaseEnding.FINAL


def test_where_no_other_supervisor_is_the_director_reviews() -> None:
    """A case never waits for nobody."""
    life = objected(edition=NEWEST)
    step = life.case.steps["decision:case_review"]
    assert (step.roles, step.people) == ((Role.MARKETING_DIRECTOR,), ("marketing_director-1",))
    assert review(life).code == "same_person"
    assert review(life, "somebody").code == "wrong_role"
    assert review(life, role=Role.MARKETING_DIRECTOR).status is Status.ACCEPTED
    assert life.case.stage is CaseStage.CLOSED


def test_or_the_duty_is_set_aside_openly() -> None:
    life = objected(edition=NEWEST)
    aside = {"rule": "R143", "person": FIRST, "reason": "总监出差"}
    life.tell("overridden", Role.SALES_SUPERVISOR, **aside)
    assert life.case.steps["decision:case_review"].roles == (Role.SERVICE_SUPERVISOR,)
    assert review(life).status is Status.ACCEPTED


@EDITIONS
@pytest.mark.parametrize(("who", "says"), [("quality-1", "inspected"), ("finance-1", "carried out")])
def test_who_inspected_or_paid_does_not_review(edition: int, who: str, says: str) -> None:
    life = CaseLife(edition=edition, members=TWO).granted().back().counts()
    life.tell("remedy_done", Role.FINANCE, reference="B-1")
    life.tell("case_answered", Role.CUSTOMER, agrees=False, words="少算了")
    reply = review(life, who)
    own(reply, edition)
    if edition > BEFORE:
        assert says in reply.en


@EDITIONS
def test_the_salesperson_does_not_decide_a_case_about_the_order(edition: int) -> None:
    own(CaseLife(edition=edition).assessed().decide("refuse", words="x", by="salesperson-1"), edition)


@EDITIONS
def test_whose_assessment_another_one_replaced_assessed_it_all_the_same(edition: int) -> None:
    life = CaseLife(edition=edition).tell("case_acknowledged")
    first = life.hear("case_assessed", Role.SERVICE_CLERK, {"words": "照片属实"}, by=FIRST)
    assert first.status is Status.ACCEPTED
    life.tell("case_assessed", words="照片属实，补充")
    own(life.decide("refuse", words="x", by=FIRST), edition)


@EDITIONS
def test_who_agreed_does_not_inspect(edition: int) -> None:
    life = CaseLife(edition=edition).granted()
    life.tell("goods_sent", Role.CUSTOMER).tell("goods_received", Role.WAREHOUSE, quantity="65")
    own(life.hear("case_inspected", Role.QUALITY, {"passed": "65", "failed": "0"}, by=FIRST), edition)
    if edition > BEFORE:
        life.tell("case_inspected", Role.QUALITY, passed="65", failed="0")


LEVELS = [{"what": "refund", "levels": [["service_supervisor"], ["finance"]]}]


@EDITIONS
def test_none_of_those_who_agreed_pays(edition: int) -> None:
    """R106, R143: the supervisor of the first level, not the last one alone."""
    life = CaseLife(edition=edition, policy={"approvals": LEVELS}).assessed()
    life.decide("approve", remedy="refund")
    assert life.decide("approve", Role.FINANCE, remedy="refund", by="finance-2").status is Status.ACCEPTED
    life.back().counts()
    paid = {"reference": "B-1"}
    assert life.hear("remedy_done", Role.FINANCE, paid, by="finance-2").code == "same_person"
    own(life.hear("remedy_done", Role.FINANCE, paid, by=FIRST), edition)
    if edition > BEFORE:
        life.tell("remedy_done", Role.FINANCE, **paid)
        assert life.case.stage is CaseStage.REMEDIED
