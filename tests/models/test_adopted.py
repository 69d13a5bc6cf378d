"""An order moves to another policy or a newer edition of the rules: told by an operator, and only to what there is."""

from __future__ import annotations

from typing import Any

import pytest

from models.facts.fact_kinds import FACT_KINDS
from models.policy import Policy
from models.values.editions import NEWEST, Edition
from models.values.vocabulary import Role
from tests.models.life import Life, refused

NEWER = Policy.model_validate({"version": "2027-spring", "hanging": {"days": 3}})


def adopt(life: Life, role: Role = Role.OPERATOR, **content: Any) -> Any:
    """Told with this content."""
    return life.tell("adopted", role=role, reason="新政策", **content)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_nobody_but_an_operator_moves_an_order(role: Role) -> None:
    life = Life()
    refused(adopt(life, role, edition=NEWEST), "wrong_role")
    assert (life.order.edition, life.order.policy) == (Life().order.edition, Policy())


def test_an_operator_decides_nothing_else() -> None:
    assert {kind for kind, fact in FACT_KINDS.items() if Role.OPERATOR in fact.roles} == {
        "adopted",
        "corrected",
    }


@pytest.mark.parametrize("edition", [NEWEST + 1, 99])
def test_an_edition_that_this_program_does_not_know_is_refused(edition: int) -> None:
    life = Life()
    reply = refused(adopt(life, edition=edition), "unknown_edition")
    assert reply.where == "content.edition"
    assert ", ".join(str(each.value) for each in Edition) in reply.en
    refused(adopt(life, edition=0), "malformed")


def test_an_order_goes_to_newer_rules_and_never_back() -> None:
    life = Life()
    life.order.edition = Edition.FIRST
    assert not life.order.follows(Edition.ONE_LETTER_FOR_ALL_PRICES)
    life.does("adopted", edition=2, reason="新规则")
    assert life.order.follows(Edition.ONE_LETTER_FOR_ALL_PRICES)
    reply = refused(adopt(life, edition=1), "contradiction")
    assert (reply.where, life.order.edition) == ("content.edition", 2)
    life.does("adopted", edition=2, reason="再说一次")


def test_a_policy_comes_with_its_content_under_its_own_version() -> None:
    life = Life()
    refused(adopt(life, policy_version="2027-spring"), "unknown_policy")
    content = NEWER.model_dump(mode="json")
    refused(adopt(life, policy_version="2028", policy=content), "unknown_policy")
    assert life.order.policy == Policy()
    life.does("adopted", policy_version="2027-spring", policy=content, reason="新政策")
    assert life.order.policy == NEWER
    assert life.later(days=4).order.hanging_since is not None
    fact = next(entry for entry in life.order.unsaved if entry.subject == "adopted" and entry.kind == "fact")
    assert fact.data["content"]["policy_version"] == "2027-spring"


def test_what_is_refused_changes_neither() -> None:
    """A known policy beside an unknown edition is refused as a whole."""
    life = Life()
    content = NEWER.model_dump(mode="json")
    refused(adopt(life, policy=content, edition=99), "unknown_edition")
    assert life.order.policy == Policy()
