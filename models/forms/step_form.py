"""A step as a short form: what to fill in for the fact or decision that moves the order on.

It follows from what moves the step on (`models.dossier.step_moves`), as its command does; so page and command line can
never differ, and no value is ever taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, get_args

from pydantic.fields import FieldInfo

from models.decisions.subjects import SUBJECTS
from models.dossier.step_moves import BLANK, Move, move_in
from models.facts.fact_kinds import FACT_KINDS
from models.forms.form_fields import Choice, Form, FormField, StaffMember, field_of, is_counted, optional
from models.messages.decision_subjects import Subject
from models.messages.envelope import DECISION
from models.messages.goods_contents import DESTINATION, Item
from models.request.order_request import LineChange, NewLine, RequestChange
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Words
from models.values.words import Bilingual
from models.writing.written_dates import plain_moment
from models.writing.written_numbers import Manner

_CHANGES = "changes"
_FILLED_IN = frozenset({"on_staff", "receipt_part", "transfer"})
"""What the door says and nobody types."""
_COUNTED = "carrier_counted"
"""Beside `items` in one form: its labels say whose count it is."""
_BY_LINE = ("lines", "items", "added_lines", _COUNTED)
"""Lists that a form fills in line by line."""
UNSPOKEN = frozenset(
    {
        DECISION,
        "calendar_refreshed",
        "adopted",
        "corrected",
        "money_transferred_in",
        "stock_answered",
        "stock_allotted",
        "stock_fell_short",
        "stock_ready",
        "credit_answered",
        "after_sales_opened",
        "after_sales_closed",
        "contract_in_force",
        "contract_over",
        "quote_opened",
        "quote_accepted",
        "quote_over",
        "credit_noted",
        "intent_closed",
        "refund_answered",
    }
)
"""Facts that nobody reports from a page: a decision has forms of its own, the others are the system's."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the order when a form is made: its lines, the values of today, its open steps.

    `named` are the words of the step: a field of the order that they name is asked for first. `staff` are the people who
    may be named.
    """

    lines: Sequence[int] = (1,)
    now: Mapping[str, str] = field(default_factory=dict)
    steps: Sequence[Choice] = ()
    named: str = ""
    gone: Sequence[int] = ()
    """Numbers of lines that were dropped: they are not used again."""
    staff: Sequence[StaffMember] = ()


_NOTHING_KNOWN = Known()


def form_of(move: Move | str | None, known: Known = _NOTHING_KNOWN) -> Form | None:
    """The form of what moves a step on, or of a command of before; None for a step that is moved on in another way."""
    if isinstance(move, str):
        move = move_in(move)
    if move is None:
        return None
    if move.fact == DECISION:
        return _decision(move) if move.subject else None
    told = {path: _as_typed(value) for path, value in move.says}
    return _fact(move.fact, told, known) if move.fact in FACT_KINDS else None


def _as_typed(value: str | bool | None) -> str | None:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def form_of_fact(kind: str, known: Known = _NOTHING_KNOWN) -> Form:
    """The form of a fact that no step asks for. KeyError where there is no such fact."""
    return _fact(kind, {}, known)


def move_by(subject: Subject) -> Move:
    """A decision that nobody is asked for, and that may be given while it makes sense."""
    return Move(fact=DECISION, subject=subject.value, outcomes="/".join(SUBJECTS[subject].outcomes))


def command_of(subject: Subject, order: str) -> str:
    """The command of such a decision."""
    return move_by(subject).command(order)


def _fact(kind: str, told: dict[str, str | None], known: Known) -> Form:
    content = FACT_KINDS[kind].content.model_fields
    settled = {path: value for path, value in told.items() if value is not None and BLANK not in path}
    given = {
        path: value
        for path, value in settled.items()
        if path in content and path not in DESTINATION and not is_counted(content[path])
    }
    fields: list[FormField] = []
    for name, info in content.items():
        if name not in given and name not in _FILLED_IN:
            fields += _fields(name, info, told, known)
    return Form(kind, fields=tuple(_in_order(fields)), given=given)


def _in_order(fields: list[FormField]) -> list[FormField]:
    return sorted(fields, key=lambda each: (not each.required, not each.in_front))


def _fields(name: str, info: FieldInfo, told: dict[str, str | None], known: Known) -> list[FormField]:
    """The fields of a form for one field of the content: of a change and of a list by line there are several."""
    if info.annotation is RequestChange:
        return list(_changes(told, known))
    if Item in get_args(info.annotation):
        quantity = Item.model_fields["quantity"]
        counted = name if name == _COUNTED else "lines"
        made = [
            field_of(f"{name}.{line}.quantity", quantity, "", f"{counted}.{line}.quantity")
            for line in known.lines
        ]
        return [optional(each) for each in made if each is not None]
    one = field_of(name, info, told.get(name) or "")
    if one is None:
        return []
    if one.kind == "text" and "\n" in one.value:
        one = replace(one, kind="long")  # a field of one line would drop the ends of lines
    if name == "step" and known.steps:
        one = replace(one, kind="choice", choices=tuple(known.steps))
    return [replace(one, first=name in told)]


def _changes(told: dict[str, str | None], known: Known) -> Iterator[FormField]:
    """R83: each field of the order that may be another one, and each of every line; empty leaves it as it is."""
    asked = {path.rpartition(".")[2] for path in told}
    for name, info in RequestChange.model_fields.items():
        if name not in ("lines", "added_lines"):
            yield from _change(f"{_CHANGES}.{name}", name, info, asked, known)
    for line in known.lines:
        for name, info in LineChange.model_fields.items():
            if name != "line":
                yield from _change(
                    f"{_CHANGES}.lines.{line}.{name}", f"lines.{line}.{name}", info, asked, known
                )
    if not asked:
        yield from _new_line(known)


def _new_line(known: Known) -> Iterator[FormField]:
    """R83: one line more, under the next number; empty adds none."""
    number = max((*known.lines, *known.gone)) + 1
    for name, info in NewLine.model_fields.items():
        if name != "line":
            made = field_of(f"{_CHANGES}.added_lines.{number}.{name}", info, "", f"lines.{number}.{name}")
            if made is not None:
                words = Words(f"增加{made.words.zh}", f"added {made.words.en}")
                yield replace(optional(made), words=words)


def _change(path: str, place: str, info: FieldInfo, asked: set[str], known: Known) -> Iterator[FormField]:
    made = field_of(path, info, "", place)
    if made is not None:
        named = made.words.zh in known.named or (not known.named and place.rpartition(".")[2] in asked)
        yield replace(made, first=named, hint=known.now.get(place, ""))


def _decision(move: Move) -> Form | None:
    subject = next((each for each in Subject if each.value == move.subject), None)
    if subject is None:
        return None
    rule = SUBJECTS[subject]
    line = move.line if move.line.isdecimal() else ""
    details = {rule.detail_for(outcome) for outcome in rule.outcomes}
    found: dict[str, FormField] = {}
    for detail in sorted(details, key=lambda each: each.__name__):
        for name, info in detail.model_fields.items():
            made = field_of(f"detail.{name}", info)
            # what one outcome needs and another has not is not asked of all
            if made is not None:
                found.setdefault(name, made if len(details) == 1 else replace(optional(made), first=True))
    return Form(DECISION, subject.value, line, rule.outcomes, tuple(_in_order(list(found.values()))))


def content_of(form: Form, filled: Mapping[str, str]) -> dict[str, Any]:
    """The content as it was filled in: what was left empty is not said."""
    content: dict[str, Any] = {}
    for path, value in form.given.items():
        _put(content, path, value)
    for each in form.fields:
        value = filled.get(each.path, "").strip()
        if value:
            _put(content, each.path, said_by(each, value))
    return {name: _by_line(name, value) for name, value in content.items()}


def said_by(each: FormField, value: str) -> Any:
    """What was typed, as the content takes it."""
    if each.kind == "names":
        return [name.strip() for name in value.replace(";", ";").split(";") if name.strip()]
    if each.kind == "moment":
        return _with_offset(value)
    if each.kind == "yes_no":
        return {"true": True, "false": False}.get(value, value)
    # a browser sends the end of a line as two signs
    return value.replace("\r\n", "\n")


def _with_offset(value: str) -> str:
    """Business time, where no offset was typed; what is no time is refused by whoever reads it."""
    try:
        moment = datetime.fromisoformat(plain_moment(value, Manner.TYPED))
    except ValueError:
        return value  # what is wrong with it is said by whoever reads it
    return (moment if moment.tzinfo else moment.replace(tzinfo=BUSINESS_ZONE)).isoformat()


def _put(content: dict[str, Any], path: str, value: Any) -> None:
    target, (*parents, last) = content, path.split(".")
    for parent in parents:
        target = target.setdefault(parent, {})
    target[last] = value


def _by_line(name: str, value: Any) -> Any:
    """`lines.2.quantity` is the quantity of line 2, in a list of lines."""
    if not isinstance(value, dict):
        return value
    if name in _BY_LINE:
        return [{"line": int(line), **fields} for line, fields in value.items()]
    return {inner: _by_line(inner, fields) for inner, fields in value.items()}


def place_in(form: Form, content: Mapping[str, Any], where: str) -> str:
    """The field of the form at which something is wrong; empty where it is none of them.

    A refusal counts the lines of a list from nought, a form names them.
    """
    parts = where.removeprefix("content.").split(".")
    target: Any = content
    for at, part in enumerate(parts):
        if isinstance(target, list) and part.isdecimal() and int(part) < len(target):
            target = target[int(part)]
            parts[at] = str(target.get("line", part)) if isinstance(target, dict) else part
        else:
            target = target.get(part) if isinstance(target, dict) else None
    place = ".".join(parts)
    return next((each.path for each in form.fields if each.path == place), "")


def title_of(form: Form) -> Bilingual:
    """What is said by the form, in words."""
    subject = next((each for each in Subject if each.value == form.subject), None)
    return subject if subject is not None else FACT_KINDS[form.kind].words


__all__ = [
    "UNSPOKEN", "Choice", "Form", "FormField", "Known", "command_of", "content_of", "form_of", "form_of_fact",
    "move_by", "place_in", "said_by", "title_of",
]  # fmt: skip
