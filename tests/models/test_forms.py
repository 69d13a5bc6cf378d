"""Forms follow from the commands of steps: what is asked, what is known, what is said."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from pydantic import BaseModel

from models.decisions.subjects import SUBJECTS
from models.dossier.open_steps import COMMANDS
from models.dossier.step_kinds import StepKind
from models.facts.fact_kinds import FACT_KINDS
from models.forms.form_fields import field_of
from models.forms.step_form import (
    UNSPOKEN,
    Choice,
    Known,
    command_of,
    content_of,
    form_of,
    form_of_fact,
    place_in,
    title_of,
)
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import read_content
from models.request.order_request import OrderRequest, RequestLine
from models.values.content import Content
from models.values.field_words import has_words
from models.values.vocabulary import Role, Unit
from tests.models.life import Life


def test_a_payment_is_prefilled_with_what_is_due_and_may_be_another_one() -> None:
    form = form_of("tell 20270301-0001 payment_received --set amount=1500.00 --set reference=…")
    assert form is not None
    assert form.given == {}
    fields = {each.path: each for each in form.fields}
    assert fields["amount"].value == "1500.00"
    assert [each.path for each in form.fields[:2]] == ["amount", "reference"]
    assert fields["method"].kind == "choice"
    assert fields["paid_at"].kind == "moment"
    content = content_of(form, {"amount": "700.00", "reference": "TX-1", "method": "bank", "purpose": ""})
    assert content["amount"] == "700.00"
    read_content(FACT_KINDS["payment_received"].content, content)


def test_what_identifies_is_not_asked() -> None:
    command = "tell 1 inspection_reported --set line=2 --set lot=7 --set passed=10.000 --set checked_with=…"
    form = form_of(command)
    assert form is not None
    assert form.given == {"line": "2", "lot": "7"}
    assert [each.path for each in form.fields if each.in_front] == ["checked_with", "passed"]
    signed = form_of("tell 1 confirmation_returned --set version=3 --set signed_by=…")
    assert signed is not None
    assert [each.path for each in signed.fields if each.in_front] == ["signed_by"]


def test_a_change_names_fields_and_lines() -> None:
    form = form_of_fact("amendment_requested", Known(lines=(1, 3), now={"lines.3.quantity": "20"}))
    fields = {each.path: each for each in form.fields}
    assert fields["changes.lines.3.quantity"].hint == "20"
    assert fields["changes.lines.3.quantity"].words.zh == "第3行数量"
    assert fields["changes.wanted_date"].kind == "date"
    assert fields["changes.delivery_method"].kind == "choice"
    filled = {"reason": "客户改量", "changes.packing": "木箱", "changes.lines.3.quantity": "25"}
    content = content_of(form, filled)
    assert content == {
        "reason": "客户改量", "changes": {"packing": "木箱", "lines": [{"line": 3, "quantity": "25"}]}
    }  # fmt: skip
    read_content(FACT_KINDS["amendment_requested"].content, content)
    assert place_in(form, content, "content.changes.lines.0.quantity") == "changes.lines.3.quantity"
    assert place_in(form, content, "content.reason") == "reason"
    assert place_in(form, content, "by") == ""


def test_the_fields_that_a_question_names_come_first() -> None:
    command = "tell 1 details_completed --set changes.unit_price=…"
    form = form_of(command, Known(lines=(1, 2), named="补全或澄清：收货地址、第2行单价"))
    assert form is not None
    assert [each.path for each in form.fields if each.in_front] == [
        "changes.address",
        "changes.lines.2.unit_price",
    ]


def test_a_part_of_a_shipment_is_said_by_line() -> None:
    form = form_of("tell 1 shipped --set carrier=… --set tracking_number=…", Known(lines=(1, 2)))
    assert form is not None
    content = content_of(form, {"carrier": "德邦", "items.2.quantity": "5"})
    assert content == {"carrier": "德邦", "items": [{"line": 2, "quantity": "5"}]}


def test_more_time_is_given_to_an_open_step_in_business_time() -> None:
    steps = (Choice("decision:approval", "待决定：订单审批", "to be decided: approval"),)
    form = form_of_fact("extension_given", Known(steps=steps))
    assert next(each for each in form.fields if each.path == "step").choices == steps
    content = content_of(form, {"step": "decision:approval", "due": "2027-03-05T18:00", "reason": "客户出差"})
    assert content["due"] == "2027-03-05T18:00:00+08:00"
    read_content(FACT_KINDS["extension_given"].content, content)


def test_a_decision_that_nobody_is_asked_for_has_a_command() -> None:
    form = form_of(command_of(Subject.LATER_PROMISE, "20270301-0001"))
    assert form is not None
    assert form.outcomes == (Outcome.CONFIRM, Outcome.REFUSE)
    assert title_of(form) is Subject.LATER_PROMISE
    assert title_of(form_of_fact("hold_placed")).zh == "暂停订单"


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
        "exception", "field", "outcomes", "question",
        "exception", "field", "outcomes", "release", "product", "request", "invoice",
    )  # fmt: skip
    values = dict.fromkeys(names, "1")
    form = form_of(command.format(**values, subject="approval"))
    assert form is not None, command


@pytest.mark.parametrize("kind", list(FACT_KINDS))
def test_every_fact_has_a_form(kind: str) -> None:
    form = form_of_fact(kind)
    assert form.kind == kind
    needed = {name for name, info in FACT_KINDS[kind].content.model_fields.items() if info.is_required()}
    assert kind in UNSPOKEN or needed <= {each.path.partition(".")[0] for each in form.fields}


def test_every_field_of_every_form_has_words() -> None:
    forms = [form_of_fact(kind) for kind in FACT_KINDS]
    forms += [form for subject in Subject if (form := form_of(command_of(subject, "1"))) is not None]
    names = {each.path.rpartition(".")[2] for form in forms for each in form.fields}
    contents: list[type[Content]] = [FACT_KINDS[kind].content for kind in FACT_KINDS]
    contents += [rule.detail_for(outcome) for rule in SUBJECTS.values() for outcome in rule.outcomes]
    contents += [OrderRequest, RequestLine]
    for content in contents:
        names |= set(content.model_fields)
    assert sorted(name for name in names if not has_words(name)) == []


@pytest.mark.parametrize("command", ["", "show 1", "decide 1 nothing x", "tell 1 nothing", "tell 'x"])
def test_what_is_no_command_of_a_step_has_none(command: str) -> None:
    assert form_of(command) is None


def test_the_forms_of_a_life_move_it_on() -> None:
    life = Life()
    step = next(step for step in life.order.steps.values() if step.kind is StepKind.DECISION)
    form = form_of(step.command(life.order.number))
    assert form is not None
    assert form.outcomes


def test_a_field_that_a_line_lacks_is_asked_for_in_its_line() -> None:
    """R12: the command of the step is one that the order takes."""
    line = {
        "line": 1,
        "product": "TP-80",
        "specification": "",
        "quantity": 10,
        "unit": "roll",
        "unit_price": "5",
    }
    life = Life(lines=[line])
    step = next(step for step in life.order.steps.values() if step.kind is StepKind.DETAILS)
    command = step.command(life.order.number)
    assert "changes.lines.0.specification=" in command
    assert form_of(command) is not None


def test_a_field_is_filled_in_as_its_kind_wants_it() -> None:
    """Long texts in a box, days and moments by their picker, choices in a list, numbers and short texts in a line."""

    class Form(BaseModel):
        words: str = ""
        place: str = ""
        flag: bool = False
        moment: datetime | None = None
        day: date | None = None
        amount: Decimal | None = None
        unit: Unit = Unit.ROLL

    made = {name: field_of(name, info) for name, info in Form.model_fields.items()}
    kinds = {name: field.kind for name, field in made.items() if field is not None}
    assert kinds == {
        "words": "long",
        "place": "text",
        "flag": "yes_no",
        "moment": "moment",
        "day": "date",
        "amount": "number",
        "unit": "choice",
    }


def test_a_shipping_notice_shows_where_the_goods_go_to_be_checked() -> None:
    """R70: prefilled with what the order has, also where blanks and quotes are in it; none of it is settled unseen."""
    life = (
        Life(consignee="仓库 '东'").in_warehouse().paid("3500.00").decide(Subject.FINANCE_RELEASE, "release")
    )
    form = form_of(life.order.steps["shipping_notice:1"].command("7"))
    assert form is not None
    shown = {each.path: (each.value, each.first) for each in form.fields}
    assert shown["address"] == ("深圳市宝安区新安路 12 号", True)
    assert shown["consignee"] == ("仓库 '东'", True)
    assert shown["contact"] == ("王芳", True)
    assert form.given == {"document": "shipping_notice"}
    said = content_of(form, {path: value for path, (value, _) in shown.items()} | {"reference": "FH-1"})
    life.does("document_supplied", role=Role.SERVICE_CLERK, **said)
    assert "shipping_notice:1" not in life.waiting


def test_what_the_door_fills_in_is_asked_of_nobody() -> None:
    form = form_of_fact("inspection_reported")
    assert "on_staff" not in {each.path for each in form.fields}


def test_the_clerks_card_has_a_form_to_confirm_or_to_object() -> None:
    """R43"""
    form = form_of("tell 7 inspection_confirmed --set inspection=1 --set agrees=true")
    assert form is not None
    assert form.given == {"inspection": "1"}
    assert [(each.path, each.kind, each.value) for each in form.fields] == [
        ("agrees", "yes_no", "true"),
        ("words", "long", ""),
    ]
