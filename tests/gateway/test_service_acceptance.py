"""What a customer sees and answers at a service on the own page: how far it is, accepted or not (R87)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from gateway.pages.customers.customer_choices import acceptance_in, trial_in
from gateway.security.customer_links import link_for
from models.customer_links import LinkPurpose
from models.messages.decision_subjects import DecisionContent, Subject
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from runtime.settings import Settings
from tests.gateway.conftest import caller
from tests.gateway.test_customer_asking import rows
from tests.gateway.test_pages import staff
from tests.gateway.test_signing import Clock, Visitor, recorded
from tests.models.life import heard
from tests.models.test_samples import Sample
from tests.models.test_services import Service

__all__ = ["staff"]


@pytest.mark.parametrize("chosen", ["accept", "reject"])
def test_each_answer_is_a_decision_that_the_order_takes(chosen: str) -> None:
    said = acceptance_in({"acceptance": chosen, "words": " 压痕线不准 "})
    content = DecisionContent.model_validate(said)
    assert content.subject is Subject.ACCEPTANCE
    assert content.detail == {"words": "压痕线不准"}
    life = Service().begun().reported(100)
    heard(life.tell("decision", role=Role.CUSTOMER, **said))
    assert (life.order.service.accepted_at is not None) is (chosen == "accept")


@pytest.mark.parametrize(
    ("form", "where"),
    [({}, "acceptance"), ({"acceptance": "burn"}, "acceptance"), ({"acceptance": "reject"}, "words")],
)
def test_nothing_is_answered_for_the_customer_and_a_rejection_says_why(
    form: dict[str, str], where: str
) -> None:
    with pytest.raises(Refusal) as refused:
        acceptance_in(form)
    assert (refused.value.code, refused.value.where) == (Code.MISSING_FIELD, where)


@pytest.fixture(params=["given", "half"])
async def visitor(door: FastAPI, staff: Settings, request: pytest.FixtureRequest) -> AsyncIterator[Visitor]:
    """A customer with the link of a notice, at a service given in whole, or by half. The server is away: what is told is kept."""
    life, clock = Service().begun().reported(40, words="已进场"), Clock()
    if request.param == "given":
        life.reported(100)
    order = recorded(staff, life)
    door.state.door.now = clock
    door.state.door._away_until = float("inf")
    async with caller(door, Accept="text/html") as client:
        found = Visitor(client, staff, order, clock)
        found.comes_by(link_for(staff, order, by="chen", purpose=LinkPurpose.ORDER, now=clock()))
        yield found


@pytest.mark.parametrize("visitor", ["given"], indirect=True)
async def test_a_customer_reads_how_far_it_is_and_accepts_once(visitor: Visitor) -> None:
    """In plain words, without rule numbers and without goods; sent twice it is one answer."""
    page = (await visitor.client.get(visitor.path)).text
    assert "服务已完成，请您验收" in page
    assert "已进场" in page
    assert "100 %" in page
    assert "合格" not in page
    assert "R87" not in page
    for _ in range(2):
        answer = await visitor.client.post(f"{visitor.path}/acceptance", data={"acceptance": "accept"})
        assert answer.headers["location"] == f"{visitor.path}?said=answered"
    (kept,) = [row["envelope"] for row in rows(visitor.settings, "inbox")]
    assert (kept["kind"], kept["role"], kept["content"]["outcome"]) == ("decision", "customer", "accept")


@pytest.mark.parametrize("visitor", ["half"], indirect=True)
async def test_before_all_of_it_was_given_nothing_is_accepted(visitor: Visitor) -> None:
    page = (await visitor.client.get(visitor.path)).text
    assert "请您验收" not in page
    assert "40 %" in page
    early = await visitor.client.post(f"{visitor.path}/acceptance", data={"acceptance": "accept"})
    assert early.status_code == 409
    assert rows(visitor.settings, "inbox") == []


@pytest.mark.parametrize("chosen", ["approve", "change", "refuse"])
def test_each_answer_to_a_trial_is_a_decision_that_the_order_takes(chosen: str) -> None:
    """R130"""
    said = trial_in({"trial": chosen, "words": "再厚一点"})
    life = Sample().dated().received()
    heard(life.tell("decision", role=Role.CUSTOMER, **said))
    assert life.order.sample.round == (2 if chosen == "change" else 1)


@pytest.mark.parametrize(("form", "where"), [({}, "trial"), ({"trial": "change"}, "words")])
def test_a_change_of_a_sample_says_what(form: dict[str, str], where: str) -> None:
    """R130"""
    with pytest.raises(Refusal) as refused:
        trial_in(form)
    assert (refused.value.code, refused.value.where) == (Code.MISSING_FIELD, where)


async def test_a_customer_answers_the_trial_of_a_sample_once(door: FastAPI, staff: Settings) -> None:
    """R130"""
    life, clock = Sample().dated().received(), Clock()
    order = recorded(staff, life)
    door.state.door.now = clock
    door.state.door._away_until = float("inf")
    async with caller(door, Accept="text/html") as client:
        found = Visitor(client, staff, order, clock)
        found.comes_by(link_for(staff, order, by="chen", purpose=LinkPurpose.ORDER, now=clock()))
        assert "样品试用得怎么样" in (await client.get(found.path)).text
        for _ in range(2):
            answer = await client.post(f"{found.path}/trial", data={"trial": "approve"})
            assert answer.headers["location"] == f"{found.path}?said=answered"
        early = await client.post(f"{found.path}/acceptance", data={"acceptance": "accept"})
        assert early.status_code == 409
    (kept,) = [row["envelope"] for row in rows(staff, "inbox")]
    assert (kept["content"]["subject"], kept["content"]["outcome"]) == ("trial", "approve")
