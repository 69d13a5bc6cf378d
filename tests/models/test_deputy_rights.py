"""What a deputy may answer: the absent colleague's steps, in the roles of the step, and nothing else (R13)."""

from __future__ import annotations

import pytest

from models.access import Caller, CallerKind, NextInLine
from models.dossier.journal import EntryKind
from models.forms.sentences.journal_sentences import sentence_of
from models.messages.decision_subjects import Subject
from models.messages.reply import Status
from models.order.duties import barred_from
from models.order.projection import rows_of
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role
from tests.models.life import Life, heard
from workflows.procedure import receive

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


def test_who_did_the_other_half_is_lent_nothing_and_the_next_in_line_is() -> None:
    """R133: whom the separation of duties bars is passed over."""
    barred = CHEN.asked_as(["finance"], ["fang"], ["chen"])
    assert (barred.roles, barred.acts_for) == (CHEN.roles, "")
    after = NextInLine(before=("chen",), roles=(Role.FINANCE,))
    boss = Caller(name="boss", kind=CallerKind.STAFF, roles=(Role.LEGAL,), next_for={"fang": after})
    assert boss.asked_as(["finance"], ["fang"]).roles == boss.roles
    asked = boss.asked_as(["finance"], ["fang"], ["chen", "somebody"])
    assert (asked.roles, asked.acts_for) == ((Role.LEGAL, Role.FINANCE), "fang")
    assert boss.asked_as(["finance"], ["fang"], ["chen", "boss"]).roles == boss.roles


def test_the_row_of_a_decision_names_whom_duties_bar() -> None:
    """R133: the salesperson asks for the approval, the clerk entered it; set aside openly it bars nobody."""
    life = Life()
    rows = {row.key["key"]: row.values for row in rows_of(life.order) if row.table == "open_steps"}
    assert rows["decision:approval"]["barred"] == ["salesperson-1", "service_clerk-1"]
    assert all("barred" not in values for key, values in rows.items() if key != "decision:approval")
    life.does(
        "overridden", role=Role.MARKETING_DIRECTOR, rule="R28", person="salesperson-1", reason="只有一人在"
    )
    assert barred_from(life.order, Subject.APPROVAL) == ("service_clerk-1",)


def test_both_names_are_kept_in_the_journal() -> None:
    """R133: who said it, and for which absent colleague; a rebuilt order has heard the same."""
    life = Life()
    asked = {"subject": "technical", "line": 1, "outcome": "producible", "note_reference": "N-1"}
    said = {
        "fact_id": "door/1", "kind": "decision", "by": "tech-2", "role": "technical", "in_stead_of": "technical-1",
        "happened_at": life.now.isoformat(), "content": {**asked, "detail": {"material_note": "原纸充足"}},
    }  # fmt: skip
    heard(receive(life.order, said, life.now))
    for kind in (EntryKind.FACT, EntryKind.DECIDED):
        (entry,) = life.entries(kind)
        assert (entry.by, entry.data["in_stead_of"]) == ("tech-2", "technical-1")
        assert sentence_of(entry, {"technical-1": "林涛"}).zh.endswith("（代 林涛）")
    assert receive(life.order, said, life.now).status is Status.KNOWN
    other = {**said, "in_stead_of": ""}
    assert receive(life.order, other, life.now).code == "fact_conflict"
