"""Forms follow from the commands of steps: what is asked, what is known, what is said."""

from __future__ import annotations

import pytest

from models.decisions import SUBJECTS, Outcome, Subject
from models.envelope import read_content
from models.fact_kinds import FACT_KINDS
from models.forms import content_of, form_of, form_of_fact
from models.steps import COMMANDS, StepKind
from tests.models.life import Life


def test_a_payment_is_prefilled_with_what_is_due() -> None:
    form = form_of("tell 20270301-0001 payment_received --set amount=1500.00 --set reference=…")
    assert form is not None
    assert form.given == {"amount": "1500.00"}
    assert next(each.path for each in form.fields) == "reference"
    assert next(each for each in form.fields if each.path == "method").kind == "choice"
    content = content_of(form, {"reference": "TX-1", "method": "bank", "purpose": ""})
    assert content["amount"] == "1500.00"
    read_content(FACT_KINDS["payment_received"].content, content)


def test_a_decision_offers_its_outcomes_and_asks_for_its_detail() -> None:
    form = form_of("decide 20270301-0001 production_date --line 2 dated --note …")
    assert form is not None
    assert (form.subject, form.line, form.outcomes) == ("production_date", "2", (Outcome.DATED,))
    kinds = {each.path: each.kind for each in form.fields}
    assert kinds["detail.finished_date"] == "date"
    assert kinds["detail.clauses_confirmed"] == "yes_no"
    filled = {"detail.finished_date": "2027-03-06", "detail.clauses_confirmed": "true"}
    assert content_of(form, filled) == {"detail": {"finished_date": "2027-03-06", "clauses_confirmed": True}}


@pytest.mark.parametrize("subject", list(Subject))
def test_every_decision_has_a_form(subject: Subject) -> None:
    form = form_of(f"decide 1 {subject.value} {'/'.join(SUBJECTS[subject].outcomes)} --note …")
    assert form is not None
    assert form.outcomes == SUBJECTS[subject].outcomes


@pytest.mark.parametrize("kind", [kind for kind in StepKind if kind in COMMANDS])
def test_every_step_that_has_a_command_has_a_form(kind: StepKind) -> None:
    command = COMMANDS[kind]
    names = (
        "order", "version", "amount", "line", "lot", "reference", "quantity", "shipment", "document", "number",
        "exception", "field", "outcomes",
    )  # fmt: skip
    values = dict.fromkeys(names, "1")
    form = form_of(command.format(**values, subject="approval"))
    assert form is not None, command


@pytest.mark.parametrize("kind", list(FACT_KINDS))
def test_every_fact_has_a_form(kind: str) -> None:
    assert form_of_fact(kind).kind == kind


@pytest.mark.parametrize("command", ["", "show 1", "decide 1 nothing x", "tell 1 nothing", "tell 'x"])
def test_what_is_no_command_of_a_step_has_none(command: str) -> None:
    assert form_of(command) is None


def test_the_forms_of_a_life_move_it_on() -> None:
    life = Life()
    step = next(step for step in life.order.steps.values() if step.kind is StepKind.DECISION)
    form = form_of(step.command(life.order.number))
    assert form is not None
    assert form.outcomes
