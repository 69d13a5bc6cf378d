"""What is mostly so, said whole by a button that names it: all of it passed, it was so, it arrived undamaged.

It is no preset: nothing is filled in beforehand, and the button says in its words what it tells. What differs is filled in
and told by the act's own button.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from models.forms.cards.card import Asked
from models.forms.cards.order_seen import OrderSeen
from models.forms.form_fields import Form
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.printed_figures import quantity

WHOLE = "whole"
"""Under this name a button carries what it says."""
_OUTCOME = "outcome"
_MOST_SIGNS = 500


@dataclass(frozen=True, slots=True)
class _Row:
    """The word of the button, the fields that it answers, and the one that holds the quantity."""

    words: Words
    says: Mapping[str, str]
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """A button: its words, and the values that it says, by field."""

    words: Words
    says: Mapping[str, str]

    def as_text(self) -> str:
        """As the button carries it; `answered_whole` reads it."""
        return json.dumps(dict(self.says))


_YES = {"agrees": "true"}
_LEGIBLE = _Row(Words("已收到，清晰", "it is there and legible"), {"legible": "true"})
_FACTS: dict[str, _Row] = {
    "production_reported": _Row(
        Words("全部完工：{quantity}", "all made and finished: {quantity}"), {"finished": "true"}, "made"
    ),
    "inspection_reported": _Row(
        Words("全部合格：{quantity}，标签、包装合格", "all passed: {quantity}, labels and packing good"),
        {"labels_good": "true", "packing_good": "true"},
        "passed",
    ),
    "warehouse_entered": _Row(Words("全部入库：{quantity}", "all of it entered: {quantity}"), {}, "quantity"),
    "hand_over_confirmed": _Row(Words("属实，由我交接", "it is so, I handed it over"), _YES),
    "inspection_confirmed": _Row(Words("属实，我在场", "it is so, I was there"), _YES),
    "sheet_received": _LEGIBLE,
    "shipment_notice_received": _LEGIBLE,
    "picked": _Row(
        Words("全部拣好，质量、标签合格", "all of it picked, quality and labels good"),
        {"quality_good": "true", "labels_good": "true"},
    ),
    "arrived": _Row(Words("已到货，完好", "arrived undamaged"), {"condition": "good"}),
}
_DECISIONS: dict[Subject, _Row] = {
    Subject.PRODUCTION_DATE: _Row(
        Words("按此定交期：全部 {quantity}，条款已确认", "date it so: all {quantity}, clauses confirmed"),
        {_OUTCOME: Outcome.DATED.value, "detail.clauses_confirmed": "true"},
        "detail.quantity",
    )
}
_OTHERWISE = Words(
    "「{field}」填了 {typed}，与按钮所说的 {said} 不同：请清空此栏，或用旁边的按钮",
    "“{field}” holds {typed}, and the button says {said}: empty the field, or press the other button",
)


def whole_answer(form: Form, order: OrderSeen, asked: Asked) -> WholeAnswer | None:
    """What a button may say at once of what this form asks; None where nothing is usual, or its quantity is not known."""
    row = _row_of(form)
    if row is None or not {path for path in (*row.says, row.quantity) if path and path != _OUTCOME} <= _paths(
        form
    ):
        return None
    if not row.quantity:
        return WholeAnswer(row.words, row.says)
    known = _quantity(form, row.quantity, order, asked)
    if known is None or known <= 0:
        return None
    return WholeAnswer(row.words.filled(quantity=quantity(known)), {**row.says, row.quantity: str(known)})


def answered_whole(form: Form, values: Mapping[str, str]) -> dict[str, str]:
    """The values with what such a button said. Raises Refusal (contradiction) where something else was typed, and
    Refusal (malformed) for a button that is none of ours.
    """
    text = values.get(WHOLE, "")
    if not text:
        return dict(values)
    row, says = _row_of(form), _said_by(text)
    allowed = {*row.says, row.quantity} - {""} if row is not None else set()
    if row is None or says.keys() != allowed or any(says[path] != value for path, value in row.says.items()):
        raise Refusal(Code.MALFORMED, Words("表单无效", "this form is not valid"), where=WHOLE)
    for each in form.fields:
        typed = values.get(each.path, "").strip()
        if typed and each.path in says and not _same(typed, says[each.path]):
            words = _OTHERWISE.filled(field=each.words, typed=typed, said=says[each.path])
            raise Refusal(Code.CONTRADICTION, words, where=f"content.{each.path}")
    return {**values, **says}


def _row_of(form: Form) -> _Row | None:
    if form.kind != DECISION:
        return _FACTS.get(form.kind)
    return next((row for subject, row in _DECISIONS.items() if subject.value == form.subject), None)


def _paths(form: Form) -> set[str]:
    """The questions of the form: a step that asks for another part of a fact has no such button."""
    return {each.path for each in form.fields if each.asked}


def _quantity(form: Form, path: str, order: OrderSeen, asked: Asked) -> Decimal | None:
    expected = next((each.expected for each in form.fields if each.path == path), "")
    if expected:
        return _number(expected)
    line = order.line_numbered(asked.about_line)
    if line is None or form.kind == DECISION:
        return line.quantity if line is not None else None
    lots = [each for each in order.lots if each.line == line.line]
    if any(each.rework or each.scrapped for each in lots):
        return None  # how much is to be made again is for who makes it to say
    return line.quantity - sum((each.made for each in lots), Decimal(0))


def _said_by(text: str) -> dict[str, str]:
    try:
        read: Any = json.loads(text) if len(text) <= _MOST_SIGNS else None
    except ValueError:
        read = None
    if not isinstance(read, dict) or not all(isinstance(each, str) for each in read.values()):
        return {}
    return read


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _same(typed: str, said: str) -> bool:
    return typed == said or (
        _number(typed.replace(",", "")) is not None and _number(typed.replace(",", "")) == _number(said)
    )
