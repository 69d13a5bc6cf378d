"""Exceptions of persons and of the system beside each other: nobody's takes the place of another (R42, R47)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from models.dossier.exceptions import open_exception, stores_diverged
from models.dossier.incidents import Trouble
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.order.order import Order
from models.values.vocabulary import Ending, Role
from tests.models.life import Life, heard, refused
from tests.models.test_properties import done, first
from workflows.procedure import proceed

REPORTED: dict[str, dict[str, Any]] = {
    "exception_reported": {"words": "客户投诉", "owner": "service_clerk-1"},
    "production_exception": {"reason": "机器故障", "cause": "production"},
}
RULES = {"exception_reported": "R47", "production_exception": "R42"}


@dataclass(frozen=True, slots=True)
class Found:
    """An exception that the system finds by itself."""

    key: str
    rule: str
    before: Callable[[], Life]
    finds: Callable[[Life], object]


def _stores_diverge(life: Life) -> None:
    stores_diverged(life.order, 1, 5, "ab")
    proceed(life.order)


FOUND = [
    Found(
        "objection-1",
        "R37",
        lambda: Life().verified().sheet_out().signed().paid("1500.00"),
        lambda life: heard(life.answer(Subject.THREE_PARTY, "object", role=Role.FINANCE, words="账期不符")),
    ),
    Found(
        "checkpoint-1",
        "R46",
        lambda: Life(checkpoints=["首件"]).in_production(),
        lambda life: life.does("checkpoint_reported", checkpoint=1, fine=False, words="色差"),
    ),
    Found(
        "late-1:2027-04-01",
        "R72",
        lambda: Life(wanted_date="2027-03-20").shipped(),
        lambda life: life.does("transit_reported", shipment="1", expected_arrival="2027-04-01"),
    ),
    Found(
        "transit-1",
        "R74",
        lambda: Life().shipped(),
        lambda life: life.does("transit_reported", shipment="1", condition="damaged", words="外箱破损"),
    ),
    Found(
        "shipment-1-without-right",
        "R61",
        lambda: Life().in_warehouse(),
        lambda life: life.does("shipped", shipment="1", carrier="德邦物流"),
    ),
    Found("stores-diverged-1", "R47", lambda: Life().confirmed(), _stores_diverge),
]
each_found = pytest.mark.parametrize("found", FOUND, ids=lambda found: found.key)
each_fact = pytest.mark.parametrize("kind", REPORTED)


def report(life: Life, kind: str, key: str, **other: Any) -> Any:
    """A person's exception under this id."""
    return life.tell(kind, exception=key, **{**REPORTED[kind], **other})


def troubles(order: Order) -> dict[str, Trouble]:
    """What is kept of exceptions, to be compared."""
    return {key: trouble.model_copy() for key, trouble in order.troubles.items()}


def lived_to_the_end(life: Life) -> Ending | None:
    """Whatever is waited for is done, one after the other, until the order ends."""
    for _ in range(120):
        if not life.order.lives:
            break
        sequence = life.order.sequence
        for step in list(life.order.steps.values()):
            kind, content, role = done(life.order, step, first)
            life.tell(kind, role=role, **content)
        if life.order.sequence == sequence:
            life.later(days=1)
    return life.order.ending


@each_fact
@each_found
def test_an_id_of_the_system_that_stands_is_refused_to_a_person(found: Found, kind: str) -> None:
    life = found.before()
    found.finds(life)
    before, waiting = troubles(life.order), life.waiting
    assert life.order.troubles[found.key].rule == found.rule
    reply = refused(report(life, kind, found.key), "contradiction")
    assert reply.where == "content.exception"
    assert found.key in reply.en
    assert (troubles(life.order), life.waiting) == (before, waiting)
    assert lived_to_the_end(life) is Ending.SETTLED
    assert life.order.unresolved == []


@each_fact
@each_found
def test_an_id_that_a_person_had_first_stays_theirs_and_the_system_keeps_its_own_beside_it(
    found: Found, kind: str
) -> None:
    life = found.before()
    heard(report(life, kind, found.key))
    theirs = troubles(life.order)[found.key]
    assert theirs.rule == RULES[kind]
    found.finds(life)
    assert life.order.troubles[found.key] == theirs
    own = [trouble for trouble in life.order.troubles.values() if trouble.key != found.key]
    assert [(trouble.key, trouble.rule) for trouble in own] == [(f"{found.key}/{found.rule}", found.rule)]
    assert f"exception:{found.key}/{found.rule}" in life.waiting
    assert lived_to_the_end(life) is Ending.SETTLED
    assert life.order.unresolved == []
    assert len(life.order.troubles) == 2


@each_fact
def test_a_known_id_with_other_content_is_refused_and_the_same_again_changes_nothing(kind: str) -> None:
    life = Life().in_production()
    heard(report(life, kind, "x-1"))
    before, waiting, unsent = troubles(life.order), life.waiting, len(life.order.unsent)
    again = report(life, kind, "x-1")
    assert again.status is Status.ACCEPTED
    assert (troubles(life.order), life.waiting, len(life.order.unsent)) == (before, waiting, unsent)
    other = {"words": "别的"} if kind == "exception_reported" else {"reason": "别的"}
    refused(report(life, kind, "x-1", **other), "contradiction")
    others = next(each for each in REPORTED if each != kind)
    refused(report(life, others, "x-1"), "contradiction")
    assert troubles(life.order) == before


def test_what_a_person_reported_and_is_resolved_is_not_opened_again_by_the_same_report() -> None:
    life = Life().in_production()
    heard(report(life, "exception_reported", "x-1"))
    life.does("exception_resolved", exception="x-1", resolution="已答复")
    heard(report(life, "exception_reported", "x-1"))
    assert life.order.unresolved == []
    assert life.order.troubles["x-1"].resolution == "已答复"


def test_what_the_system_finds_again_is_open_again() -> None:
    life = Life().shipped().does("transit_reported", shipment="1", condition="damaged", words="外箱破损")
    life.does("exception_resolved", exception="transit-1", resolution="已换箱")
    assert "exception:transit-1" not in life.waiting
    life.does("transit_reported", shipment="1", condition="lost", words="找不到")
    assert "exception:transit-1" in life.waiting
    assert life.order.troubles["transit-1"].words == "找不到"
    assert life.order.troubles["transit-1"].resolution == ""


def test_goods_that_come_late_are_told_to_the_customer_though_a_person_used_the_id() -> None:
    life = Life(wanted_date="2027-03-20").shipped()
    heard(report(life, "production_exception", "late-1:2027-04-01"))
    before = len(life.papers("exception_notice"))
    for _ in range(2):
        life.does("transit_reported", shipment="1", expected_arrival="2027-04-01")
    told = life.papers("exception_notice")[before:]
    assert told == ["exception: expected on 2027-04-01, wanted by 2027-03-20"]


SYSTEM_KEYS = [each.key for each in FOUND]
IDS = st.one_of(
    st.sampled_from(SYSTEM_KEYS),
    st.sampled_from([f"{each.key}/{each.rule}" for each in FOUND]),
    st.builds("{}-{}".format, st.sampled_from(["checkpoint", "transit", "objection"]), st.integers(1, 3)),
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    acts=st.lists(
        st.tuples(
            IDS, st.sampled_from([*REPORTED, "resolved", *(each.rule for each in FOUND)]), st.booleans()
        ),
        min_size=1,
        max_size=25,
    )
)
def test_whatever_ids_persons_use_every_exception_keeps_its_own_words(
    acts: list[tuple[str, str, bool]],
) -> None:
    """Persons and the system open exceptions under ids of one name space: none is lost, none becomes another's."""
    life = Life().confirmed()
    order = life.order
    said: dict[str, tuple[str, str]] = {}
    for number, (key, act, other) in enumerate(acts):
        if act in REPORTED:
            words = "甲" if other else "乙"
            content = {"words" if act == "exception_reported" else "reason": words}
            reply = report(life, act, key, **content)
            mine = (RULES[act], words)
            assert (reply.status is Status.ACCEPTED) is (said.get(key, mine) == mine)
            said.setdefault(key, mine)
        elif act == "resolved":
            life.tell("exception_resolved", exception=key, resolution="已处理")
        elif act != "R47":
            found = open_exception(order, key, f"系统 {number}", "somebody", act, order.clock)
            assert said.get(found.key, (act, ""))[0] == act
            assert found.resolved_at is None
            said[found.key] = (act, f"系统 {number}")
            proceed(order)
        assert {each.key: (each.rule, each.words) for each in order.troubles.values()} == said
