"""What a deputy may answer: the absent colleague's steps, in the roles of the step, and nothing else (R13)."""

from __future__ import annotations

import pytest

from models.access import Caller, CallerKind
from models.messages.decision_subjects import Subject
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role

CHEN = Caller(
    name="chen",
    kind=CallerKind.STAFF,
    roles=(Role.SERVICE_CLERK,),
    represents={"fang": (Role.FINANCE, Role.MARKETING_DIRECTOR)},
    covers=(Role.MARKETING_DIRECTOR,),
)


def test_a_step_that_names_who_is_absent_lends_its_role_and_no_other() -> None:
    asked = CHEN.asked_as(["finance"], ["fang"])
    assert (asked.roles, asked.acts_for) == ((Role.SERVICE_CLERK, Role.FINANCE), "fang")
    assert asked.author == "chen"
    assert asked.role_for("decision", subject=Subject.FINANCE_RELEASE) is Role.FINANCE
    with pytest.raises(Refusal) as refused:
        asked.role_for("decision", subject=Subject.BALANCE_RELEASE)
    assert refused.value.code is Code.WRONG_ROLE


@pytest.mark.parametrize(
    ("roles", "people"),
    [
        (["finance"], ["fu"]),  # another one's
        (["finance"], []),  # nobody's, and somebody of finance is there
        (["production"], ["fang"]),  # not a role of theirs
        (["finance"], ["fang", "chen"]),  # who is named themselves answers for themselves
    ],
)
def test_nothing_is_lent_elsewhere(roles: list[str], people: list[str]) -> None:
    assert CHEN.asked_as(roles, people).roles == CHEN.roles


def test_a_step_that_names_nobody_lends_what_nobody_has_who_is_there() -> None:
    asked = CHEN.asked_as(["marketing_director"], [])
    assert (asked.roles, asked.acts_for) == ((Role.SERVICE_CLERK, Role.MARKETING_DIRECTOR), "fang")
    assert CHEN.desk_roles == (Role.SERVICE_CLERK, Role.MARKETING_DIRECTOR)


def test_a_deputy_of_the_same_role_is_named_though_nothing_is_lent() -> None:
    fu = Caller(name="fu", kind=CallerKind.STAFF, roles=(Role.FINANCE,), represents={"fang": (Role.FINANCE,)})
    asked = fu.asked_as(["finance"], ["fang"])
    assert (asked.roles, asked.acts_for) == ((Role.FINANCE,), "fang")
    assert fu.asked_as(["finance"], ["fu"]).acts_for == ""


def test_of_two_absent_people_that_one_represents_one_part_alone_is_lent() -> None:
    """A decision of two roles is never one person's through deputies."""
    both = Caller(
        name="chen", kind=CallerKind.STAFF, roles=(Role.SERVICE_CLERK,),
        represents={"zhao": (Role.MARKETING_DIRECTOR,), "wu": (Role.SERVICE_SUPERVISOR,)},
    )  # fmt: skip
    asked = both.asked_as(["service_supervisor", "marketing_director"], ["wu", "zhao"])
    assert set(asked.roles) - set(both.roles) == {Role.SERVICE_SUPERVISOR}


def test_a_salespersons_deputy_sees_their_orders() -> None:
    li = Caller(
        name="li", kind=CallerKind.STAFF, roles=(Role.SALESPERSON,), represents={"lu": (Role.SALESPERSON,)}
    )
    assert li.sees("1", "K2", "lu")
    assert not li.sees("1", "K3", "wang")
