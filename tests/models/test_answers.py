"""Acts of their own words, no default outcome, no preset that is an answer, people who are chosen, numbers of the system."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from models.access import Caller, CallerKind
from models.decisions.subjects import SUBJECTS
from models.dossier.open_steps import ALSO_BY, COMMANDS
from models.dossier.step_kinds import StepKind
from models.dossier.step_moves import Move, move_of
from models.facts.fact_kinds import FACT_KINDS
from models.facts.speakers import who_may
from models.forms.act_words import FACT_ACTS, OUTCOME_ACTS, STEP_ACTS, act_of, outcome_act
from models.forms.answers import (
    ANSWERED,
    NUMBERED,
    OUTCOME_ANSWERED,
    PEOPLE,
    SWITCHES,
    require_answers,
    require_outcome,
    require_people,
    system_numbers,
    with_answers,
    with_people,
)
from models.forms.cards.card import Asked
from models.forms.cards.order_seen import OrderSeen
from models.forms.consequences import FACTS_DO, OUTCOMES_DO, SAFE, fact_does, outcome_does, safe_outcome
from models.forms.form_fields import Form, StaffMember
from models.forms.own_parts import OWN_PARTS, own_part
from models.forms.step_form import UNSPOKEN, content_of, form_of, form_of_fact, move_by
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import DECISION
from models.messages.reply import Status
from models.messages.staff_named import NamesStaff
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.settings import ROOT
from tests.models.life import PEOPLE as EVERYBODY
from tests.models.life import Life

MEMBERS = {role: [person] for role, person in EVERYBODY.items()}

STAFF = (
    StaffMember("chen", "陈静", ("service_clerk",)),
    StaffMember("zhao", "赵敏", ("quality",)),
    StaffMember("li", "li", ("salesperson", "service_clerk")),
)
_NEEDED = re.compile(r"(?<!Case)StepKind\.(\w+),\s*\(((?:\s*Role\.\w+,?\s*)+)\)")
"""A phase says what it needs: the kind of the step, then the roles that it waits for."""


def waited_for() -> set[tuple[StepKind, Role]]:
    """Every step and staff role that some phase of the program waits for, as its source says."""
    found = set()
    for folder in ("workflows", "models/handlers"):
        for file in (ROOT / folder).rglob("*.py"):
            for kind, roles in _NEEDED.findall(file.read_text()):
                found |= {(StepKind[kind], Role[role]) for role in re.findall(r"Role\.(\w+)", roles)}
    return {(kind, role) for kind, role in found if role is not Role.CUSTOMER}


def form(kind: str, **told: str | bool | None) -> Form:
    move = Move(fact=kind, says=tuple(told.items()))
    made = form_of(move)
    assert made is not None
    return with_answers(made, frozenset(told))


def decision(subject: Subject) -> Form:
    made = form_of(move_by(subject))
    assert made is not None
    return with_answers(made)


# --- every card has its act ----------------------------------------------------------------------------------------


def test_every_card_in_an_inbox_has_its_act_for_each_role_that_it_waits_for() -> None:
    """Also the clerk's own part of a joint inspection, and of a hand-over (R40, R43)."""
    waiting = waited_for()
    assert len({kind for kind, _ in waiting}) > 30, "the phases are written otherwise now"
    assert set(OWN_PARTS) <= waiting
    for kind, role in sorted(waiting):
        if kind is StepKind.DECISION:
            continue
        step = move_of(COMMANDS[kind], dict.fromkeys(("version", "shipment", "line", "lot", "number"), "1"))
        part = own_part(kind.value, role.value, step, f"{kind.value}:1")
        may = [move for move in (step, part) if move is not None and role in who_may(move.fact)]
        assert may, (kind, role)
        assert form_of(may[0]) is not None, (kind, role)
    for kind, roles in ALSO_BY.items():
        assert set(roles) & set(who_may(move_of(COMMANDS[kind], {}).fact)), kind


@pytest.mark.parametrize("subject", list(Subject))
def test_every_decider_may_give_the_decision_that_the_card_asks_for(subject: Subject) -> None:
    move = move_by(subject)
    assert form_of(move) is not None
    assert set(SUBJECTS[subject].roles) <= set(who_may(move.fact, subject))


def test_a_clerks_word_on_an_inspection_is_kept_until_quality_reports_it() -> None:
    """R43: the clerk's part may be said before the other's, and answers for the inspection that names the clerk."""
    life = (
        Life(members=MEMBERS).confirmed().does("production_signed", version=1, clerk="service_clerk-1").made()
    )
    step = next(each for each in life.order.steps.values() if each.kind is StepKind.INSPECT)
    part = own_part("inspect", "service_clerk", step.move, step.key)
    assert part is not None
    made = form_of(part)
    assert made is not None
    said = content_of(made, {"agrees": "true"})
    reply = life.tell("inspection_confirmed", by="service_clerk-1", role=Role.SERVICE_CLERK, **said)
    assert reply.status is Status.KEPT_EARLY
    life.does("inspection_reported", passed="1000", checked_with="service_clerk-1")
    assert life.order.inspections[0].answered_at is not None
    assert not any(key.startswith("confirm_inspection") for key in life.waiting)


def test_the_clerk_who_is_named_in_a_joint_inspection_answers_on_the_own_card() -> None:
    """R43: it begins empty, as every yes or no."""
    life = (
        Life(members=MEMBERS).confirmed().does("production_signed", version=1, clerk="service_clerk-1").made()
    )
    life.does("inspection_reported", passed="1000", checked_with="service_clerk-1")
    step = next(each for each in life.order.steps.values() if each.kind is StepKind.CONFIRM_INSPECTION)
    made = form_of(step.move)
    assert made is not None
    asked = with_answers(made, frozenset(path for path, _ in step.move.says))
    assert next((each.path, each.preset, each.asked) for each in asked.fields) == ("agrees", "", True)


# --- words of acts -------------------------------------------------------------------------------------------------


def test_every_fact_and_every_outcome_has_its_own_word() -> None:
    assert set(FACT_ACTS) == set(FACT_KINDS) - {DECISION}
    assert set(OUTCOME_ACTS) == {
        (subject, outcome) for subject, rule in SUBJECTS.items() for outcome in rule.outcomes
    }
    assert all(words.zh != "报告" for words in (*FACT_ACTS.values(), *STEP_ACTS.values()))
    assert act_of("payment_received", "confirm_payment").zh == "确认到账"
    assert act_of("production_reported", "produce").zh == "完工登记"
    assert act_of("production_reported").zh == "登记产量"
    assert act_of("document_supplied", "shipping_notice").zh == "开单"
    assert outcome_act("finance_release", Outcome.RELEASE).zh == "放行发货"


def test_what_moves_money_or_cannot_be_undone_says_so_in_one_line() -> None:
    order = OrderSeen("1", date(2027, 3, 1), open_balance=Decimal("6720.00"), paid=Decimal("1680.00"))
    line = outcome_does(order, Asked("decision", "finance_release"), Outcome.RELEASE)
    assert line is not None
    assert "¥6,720.00 unpaid" in line.en
    assert "¥6,720.00 未付" in line.zh
    settled = OrderSeen("1", date(2027, 3, 1), open_balance=Decimal("0.00"))
    paid = outcome_does(settled, Asked("decision", "finance_release"), Outcome.RELEASE)
    assert paid is not None
    assert "paid in full" in paid.en
    for (subject, outcome), line_of in OUTCOMES_DO.items():
        assert outcome in SUBJECTS[subject].outcomes
        for text in (
            line_of(order, Asked("decision", subject.value)).zh,
            line_of(order, Asked("d", subject.value)).en,
        ):
            assert text
            assert "\n" not in text
    for kind in FACTS_DO:
        assert kind in FACT_KINDS
        assert fact_does(order, Asked(kind), kind) is not None
    assert fact_does(order, Asked("contact_logged"), "contact_logged") is None


@pytest.mark.parametrize("subject", list(Subject))
def test_the_safe_outcome_is_the_one_in_colour_where_another_moves_something(subject: Subject) -> None:
    outcomes = SUBJECTS[subject].outcomes
    moving = {outcome for (of, outcome) in OUTCOMES_DO if of is subject}
    safe = safe_outcome(subject.value, outcomes)
    if moving and set(outcomes) - moving:
        assert safe in set(outcomes) - moving, subject
    assert safe is None or safe in outcomes
    assert set(SAFE) <= set(Subject)


# --- no default, no preset -----------------------------------------------------------------------------------------


def test_no_outcome_is_the_default() -> None:
    with pytest.raises(Refusal) as refused:
        require_outcome(decision(Subject.BALANCE_RELEASE), "")
    assert refused.value.code is Code.MISSING_FIELD
    assert "由物流代收" not in refused.value.words.en
    assert require_outcome(decision(Subject.BALANCE_RELEASE), "refuse") is Outcome.REFUSE
    assert require_outcome(form("shipping_read_back"), "") is None


def test_two_clicks_report_nothing_made_and_nothing_finished() -> None:
    """R41: today's preset was 0 of 2,000 and finished."""
    made = form("production_reported", line="1", made=None, finished=True)
    fields = {each.path: each for each in made.fields}
    assert (fields["made"].preset, fields["finished"].preset) == ("", "")
    for filled in ({}, {"made": "2000"}, {"finished": "true"}, {"made": "  ", "finished": "true"}):
        with pytest.raises(Refusal) as refused:
            require_answers(made, filled, None)
        assert refused.value.code is Code.MISSING_FIELD
    require_answers(made, {"made": "0", "finished": "false"}, None)
    # a step that wants a new finish date asks for nothing else
    recheck = form("production_reported", line="1", expected_finish=None)
    require_answers(recheck, {"expected_finish": "2027-03-09"}, None)
    assert content_of(recheck, {"expected_finish": "2027-03-09"}) == {
        "line": "1",
        "expected_finish": "2027-03-09",
    }


def _is_change(path: str) -> bool:
    """An empty field of a change leaves the order as it is."""
    return path.startswith("changes.")


def test_no_yes_or_no_and_no_quantity_of_any_form_has_a_preset() -> None:
    forms = [with_answers(form_of_fact(kind)) for kind in FACT_KINDS if kind not in UNSPOKEN]
    forms += [decision(subject) for subject in Subject]
    for each in forms:
        for field in each.fields:
            if field.kind == "yes_no" or field.path.endswith(
                ("quantity", "made", "passed", "to_rework", "scrapped", "scrap")
            ):
                assert field.preset == "", (each.kind, each.subject, field.path)
            if field.kind == "yes_no" and field.path not in SWITCHES and not _is_change(field.path):
                assert field.asked, (each.kind, each.subject, field.path)


def test_a_quantity_that_the_step_knows_stands_beside_the_field() -> None:
    """R43: it is not the answer."""
    made = form("inspection_reported", line="1", lot="1", passed="2000.000", checked_with=None)
    passed = next(each for each in made.fields if each.path == "passed")
    assert (passed.preset, passed.expected, passed.asked) == ("", "2000.000", True)


def test_answers_are_wanted_of_the_outcome_that_was_chosen() -> None:
    cancel = decision(Subject.CANCELLATION)
    require_answers(cancel, {}, Outcome.REFUSE)
    with pytest.raises(Refusal):
        require_answers(cancel, {}, Outcome.APPROVE)
    require_answers(cancel, {"detail.cost": "0"}, Outcome.APPROVE)


def test_the_tables_name_fields_that_there_are() -> None:
    for kind, paths in ANSWERED.items():
        assert set(paths) <= set(FACT_KINDS[kind].content.model_fields), kind
    for (subject, outcome), paths in OUTCOME_ANSWERED.items():
        detail = SUBJECTS[subject].detail_for(outcome).model_fields
        assert {path.removeprefix("detail.") for path in paths} <= set(detail), subject
    for kind, path in (*PEOPLE, *NUMBERED):
        assert path in FACT_KINDS[kind].content.model_fields


# --- people and numbers --------------------------------------------------------------------------------------------


def test_every_field_that_names_somebody_of_the_staff_is_chosen_from_them() -> None:
    naming = {kind for kind, fact in FACT_KINDS.items() if issubclass(fact.content, NamesStaff)}
    assert naming == {kind for kind, _ in PEOPLE}


def test_people_are_chosen_by_name_and_of_the_right_role() -> None:
    made = with_people(form("inspection_reported", line="1", checked_with=None), STAFF)
    field = next(each for each in made.fields if each.path == "checked_with")
    assert field.kind == "choice"
    assert [(each.value, Words(each.zh, each.en).zh) for each in field.choices] == [
        ("chen", "陈静（chen）"), ("li", "li"),
    ]  # fmt: skip
    require_people(made, {"checked_with": "chen"}, STAFF)
    for person, code in (("nobody", Code.UNKNOWN_PERSON), ("zhao", Code.WRONG_ROLE)):
        with pytest.raises(Refusal) as refused:
            require_people(made, {"checked_with": person}, STAFF)
        assert refused.value.code is code
        assert refused.value.where == "content.checked_with"
        assert "陈静" in refused.value.words.zh
    require_people(made, {"checked_with": "nobody"}, ())
    owner = with_people(form("exception_reported"), STAFF)
    assert len(next(each for each in owner.fields if each.path == "owner").choices) == 3


def test_numbers_that_nobody_typed_are_given_by_the_system_and_a_papers_own_stays() -> None:
    approval = decision(Subject.APPROVAL)
    given = system_numbers(approval, {}, "20270301-0001", "abcdef0123456789")
    assert given == {"note_reference": "QZ-20270301-0001-ABCDEF01"}
    assert system_numbers(approval, {}, "20270301-0001", "abcdef0123456789") == given, (
        "sent twice it is the same number"
    )
    assert system_numbers(approval, {"note_reference": "N-7"}, "20270301-0001", "x") == {}
    trouble = form("exception_reported")
    assert not next(each for each in trouble.fields if each.path == "exception").required
    assert system_numbers(trouble, {}, "1", "a-b")["exception"] == "YC-1-AB"


def test_who_may_do_what_is_not_changed_by_any_of_it() -> None:
    clerk = Caller(name="chen", kind=CallerKind.STAFF, roles=(Role.SERVICE_CLERK,))
    assert clerk.role_for("inspection_confirmed") is Role.SERVICE_CLERK
