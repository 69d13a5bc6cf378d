"""A button that says at once what is mostly so: in its words, and never beside something else that was typed (R85)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from models.forms.answers import with_answers, with_own_people, with_people
from models.forms.cards.card import Asked
from models.forms.cards.order_seen import LineSeen, LotSeen, OrderSeen
from models.forms.form_fields import Form, StaffMember
from models.forms.known_terms import with_known_terms
from models.forms.step_form import form_of
from models.forms.whole_answers import WHOLE, answered_whole, whole_answer
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

LINE = LineSeen(1, "TP-80", "80", Decimal(1000), Words("卷", "roll"))
ORDER = OrderSeen("20270101-0001", date(2027, 1, 1), lines=(LINE,))
ASKED = Asked("-", line=1)


def form(command: str) -> Form:
    found = form_of(command)
    assert found is not None
    named = frozenset(word.partition("=")[0] for word in command.split())
    return with_answers(found, named)


PRODUCE = "tell 20270101-0001 production_reported --set line=1 --set made=… --set finished=true"
INSPECT = (
    "tell 20270101-0001 inspection_reported --set line=1 --set lot=1 --set passed=95.000 --set checked_with=…"
)
RECHECK = "tell 20270101-0001 production_reported --set line=1 --set expected_finish=…"
DATE = "decide 20270101-0001 production_date --line 1 dated --note …"


def lot(made: int, rework: int = 0) -> OrderSeen:
    seen = LotSeen(1, "1", Decimal(made), Decimal(0), Decimal(rework), Decimal(0), Decimal(0))
    return OrderSeen("20270101-0001", date(2027, 1, 1), lines=(LINE,), lots=(seen,))


def test_the_button_names_the_quantity_that_it_tells() -> None:
    produce, inspect, dated = (whole_answer(form(each), ORDER, ASKED) for each in (PRODUCE, INSPECT, DATE))
    assert produce is not None
    assert inspect is not None
    assert dated is not None
    assert (produce.words.zh, produce.says) == ("全部完工：1,000", {"finished": "true", "made": "1000"})
    assert (inspect.words.zh, inspect.says["passed"]) == ("全部合格：95，标签、包装合格", "95.000")
    assert dated.says["outcome"] == "dated"
    rest = whole_answer(form(PRODUCE), lot(400), ASKED)
    assert rest is not None
    assert rest.says["made"] == "600"


def test_there_is_none_where_what_is_usual_is_not_known() -> None:
    nothing_left, rework = lot(1000), lot(400, rework=15)
    for command, order, asked in (
        (PRODUCE, nothing_left, ASKED),
        (PRODUCE, rework, ASKED),
        (PRODUCE, ORDER, Asked("-", line=7)),
        (RECHECK, ORDER, ASKED),
        ("tell 20270101-0001 payment_received --set amount=5.00 --set reference=…", ORDER, ASKED),
        ("decide 20270101-0001 finance_release release/refuse --note …", ORDER, ASKED),
    ):
        assert whole_answer(form(command), order, asked) is None, command


def test_what_it_says_is_said_and_nothing_else_that_was_typed() -> None:
    inspect = form(INSPECT)
    answer = whole_answer(inspect, ORDER, ASKED)
    assert answer is not None
    sent = {WHOLE: answer.as_text(), "checked_with": "chen", "passed": "95"}
    said = answered_whole(inspect, sent)
    assert (said["passed"], said["labels_good"], said["checked_with"]) == ("95.000", "true", "chen")
    with pytest.raises(Refusal) as refused:
        answered_whole(inspect, {**sent, "passed": "90"})
    assert (refused.value.code, refused.value.where) == (Code.CONTRADICTION, "content.passed")
    assert answered_whole(inspect, {"passed": "90"}) == {"passed": "90"}


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "{}", '{"passed": 1}', '{"passed": "1", "amount": "5"}', "9" * 600, "[" * 499,
     '{"labels_good": "false", "packing_good": "true", "passed": "1"}'],
)  # fmt: skip
def test_a_button_that_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        answered_whole(form(INSPECT), {WHOLE: text})
    assert refused.value.code is Code.MALFORMED


def test_transport_goes_as_the_order_has_it() -> None:
    transport = form("tell 20270101-0001 transport_arranged --set carrier=… --set method=…")
    known = with_known_terms(transport, {"delivery_method": Words("物流货运", "freight")})
    assert {each.path: each.preset for each in known.fields}["method"] == "freight"
    for terms in ({}, {"delivery_method": Words("飞艇", "airship")}):
        assert with_known_terms(transport, terms) == transport


def test_one_whom_the_step_waits_for_is_named_already() -> None:
    staff = [StaffMember(each, each, ("service_clerk",)) for each in ("chen", "lu")]
    inspect = with_people(form(INSPECT), staff)
    named = {
        tuple(people): next(each.preset for each in with_own_people(inspect, people).fields if each.path == "checked_with")
        for people in (("zhi", "chen"), ("zhi",), ("chen", "lu"))
    }  # fmt: skip
    assert named == {("zhi", "chen"): "chen", ("zhi",): "", ("chen", "lu"): ""}
