"""Who is named in a joint check exists, is a clerk, is told, and answers or objects; who owns trouble is of the staff (R40, R43, R47)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.messages.reply import Reply
from models.values.vocabulary import Role
from tests.models.life import PEOPLE, Life, refused

CLERK, OTHER = "service_clerk-1", "service_clerk-2"
MEMBERS = {role: [person] for role, person in PEOPLE.items()} | {"service_clerk": [CLERK, OTHER]}


def staffed(**changes: Any) -> Life:
    """An order that knows everybody of the staff."""
    return Life(members=MEMBERS, **changes)


def confirms(life: Life, kind: str, by: str = CLERK, **content: Any) -> Reply:
    """The clerk's answer."""
    return life.tell(kind, by=by, **content)


@pytest.mark.parametrize(
    ("named", "code"), [("nobody", "unknown_person"), ("finance-1", "wrong_role"), (OTHER, "")]
)
@pytest.mark.parametrize("kind", ["production_signed", "inspection_reported"])
def test_who_is_named_is_a_clerk_of_the_house(kind: str, named: str, code: str) -> None:
    """R40, R43: the refusal says who may be named."""
    life = staffed().confirmed()
    content: dict[str, Any] = {"version": 1, "clerk": named}
    if kind == "inspection_reported":
        life.does("production_signed", version=1, clerk=CLERK).made()
        content = {"passed": "1000", "checked_with": named}
    if not code:
        life.does(kind, **content)
        return
    reply = refused(life.tell(kind, **content), code)
    assert (reply.where, reply.rule) == (
        ("content.clerk", "R40") if kind == "production_signed" else ("content.checked_with", "R43")
    )
    assert f"{CLERK}, {OTHER}" in reply.en


def test_an_order_that_knows_only_who_is_in_charge_takes_nobody_else() -> None:
    """R43: as one that began before it knew the staff."""
    life = Life().in_production().made()
    refused(life.tell("inspection_reported", passed="1", checked_with=OTHER), "unknown_person")
    life.does("inspection_reported", passed="1000", checked_with=CLERK)
    assert not any(key.startswith("confirm_") for key in life.waiting)


def test_who_owns_an_exception_or_is_excepted_from_a_duty_is_of_the_staff() -> None:
    """R47"""
    life = staffed()
    owner = refused(life.tell("exception_reported", exception="E", words="-", owner="li"), "unknown_person")
    assert owner.where == "content.owner"
    life.does("exception_reported", exception="E", words="-", owner="warehouse-1")
    person = refused(life.tell("overridden", rule="R20", person="li", reason="-"), "unknown_person")
    assert person.where == "content.person"
    life.does("overridden", rule="R20", person="finance-1", reason="-")


def test_a_duty_set_aside_openly_may_be_one_persons() -> None:
    """R43: then the one person is named as well."""
    life = staffed().in_production().made()
    life.does("overridden", rule="R43", person="quality-1", reason="人手不足")
    life.does("inspection_reported", passed="1000", checked_with="quality-1")


def test_the_named_clerk_is_told_and_owes_an_answer_that_holds_up_nothing() -> None:
    """R43, R13: on the own card, with a limit; then it is overdue."""
    life = staffed().in_production().made()
    life.does("inspection_reported", passed="1000", checked_with=OTHER)
    step = life.order.steps["confirm_inspection:1"]
    assert (step.people, step.roles, step.blocking, step.rule) == (
        (OTHER,),
        (Role.SERVICE_CLERK,),
        False,
        "R43",
    )
    assert step.due == life.now + timedelta(hours=24)
    told = [each for each in life.order.unsent if each.paper == "joint_check_notice"]
    assert [(each.person, each.rule) for each in told] == [("", "R40"), (OTHER, "R43")]
    assert told[1].en == (
        "the joint inspection of line 1 lot 1 names service_clerk-2; please confirm it, or object"
    )
    refused(confirms(life, "inspection_confirmed", CLERK, inspection=1), "wrong_role")
    life.later(hours=25)
    assert step.overdue_at is not None
    life.does("warehouse_entered", quantity="1000")
    assert "decision:finance_release" in life.waiting
    confirms(life, "inspection_confirmed", OTHER)
    assert "confirm_inspection:1" not in life.waiting
    refused(confirms(life, "inspection_confirmed", OTHER, inspection=1), "already_decided")
    assert life.order.troubles == {}


def test_an_objection_says_why_and_is_an_exception() -> None:
    """R43, R47"""
    life = staffed().in_production().made()
    life.does("inspection_reported", passed="1000", checked_with=CLERK)
    wrong = refused(confirms(life, "inspection_confirmed", inspection=1, agrees=False), "missing_field")
    assert wrong.where == "content.words"
    confirms(life, "inspection_confirmed", inspection=1, agrees=False, words="我不在场")
    assert "confirm_inspection:1" not in life.waiting
    trouble = life.order.troubles["objection-inspection-1"]
    assert (trouble.rule, trouble.owner, trouble.resolved_at) == ("R43", "service_supervisor-1", None)
    assert "我不在场" in life.papers("exception_notice")[0]
    life.does("exception_resolved", exception="objection-inspection-1", resolution="复检")
    assert life.order.unresolved == []


def test_the_hand_over_is_confirmed_for_its_version() -> None:
    """R40"""
    life = staffed().confirmed()
    assert confirms(life, "hand_over_confirmed", version=1).status.value == "kept_early"
    life = staffed().in_production()
    assert "confirm_hand_over:1" in life.waiting
    assert confirms(life, "hand_over_confirmed", version=2).status.value == "kept_early"
    confirms(life, "hand_over_confirmed", version=1, agrees=False, words="未经我签字")
    assert "confirm_hand_over:1" not in life.waiting
    assert life.order.troubles["objection-hand-over-1"].rule == "R40"
    refused(confirms(life, "hand_over_confirmed", version=1), "already_decided")


def test_who_signs_again_with_another_clerk_asks_that_one() -> None:
    """R40"""
    life = staffed().in_production()
    confirms(life, "hand_over_confirmed", version=1)
    life.does("production_signed", version=1, clerk=CLERK)
    assert "confirm_hand_over:1" not in life.waiting
    life.does("production_signed", version=1, clerk=OTHER)
    assert life.order.steps["confirm_hand_over:1"].people == (OTHER,)


def test_goods_that_came_back_are_inspected_with_a_clerk_as_well() -> None:
    """R76, R43"""
    life = staffed().arrived().later(days=17)
    life.does("goods_returned", freight_out="1.00", freight_back="1.00")
    refused(
        life.tell("inspection_reported", shipment="1", passed="1", checked_with="nobody"), "unknown_person"
    )
    life.does("inspection_reported", shipment="1", passed="500", checked_with=OTHER)
    assert life.order.steps["confirm_inspection:2"].people == (OTHER,)
