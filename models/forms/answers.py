"""What a person must answer, and what a page never answers for them: a preset is no answer.

A yes or no, a quantity and the condition of goods begin empty; what the step knows of them stands beside the field. Who
leaves one empty has not answered. What is a switch and no question may stay empty and means no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.forms.form_fields import Form, FormField, StaffMember
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import DECISION
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

SWITCHES = frozenset(
    {
        "customer_clocks_stop",
        "wrong_order",
        "detail.recipe_changed",
        "nothing_there",
        "detail.only_what_is_missing",
        "prepaid_only",
        "detail.our_fault",
        "detail.goods_back",
    }
)
"""Yes-or-no fields that nobody is asked: left empty they say no."""
_MEANS_MONEY = frozenset({"detail.collection", "detail.cost_for"})
ANSWERED: dict[str, tuple[str, ...]] = {
    "production_reported": ("made", "finished"),
    "inspection_reported": ("passed", "labels_good", "packing_good"),
    "warehouse_entered": ("quantity",),
    "sheet_received": ("legible",),
    "confirmation_returned": ("legible", "requirements_clear"),
    "checkpoint_reported": ("fine",),
    "inspection_confirmed": ("agrees",),
    "hand_over_confirmed": ("agrees",),
    "shipment_notice_received": ("legible",),
    "picked": ("quality_good", "labels_good"),
    "service_reported": ("percent",),
    "transit_reported": ("condition",),
    "arrived": ("condition",),
    "delivery_receipt": ("condition",),
}
"""Per fact the fields that a person answers, though the fact itself would do without."""
OUTCOME_ANSWERED: dict[tuple[Subject, Outcome], tuple[str, ...]] = {
    (Subject.PRODUCTION_DATE, Outcome.DATED): ("detail.quantity", "detail.clauses_confirmed"),
    (Subject.CANCELLATION, Outcome.APPROVE): ("detail.cost",),
    (Subject.DEPOSIT_SETTLEMENT, Outcome.SETTLED): ("detail.refunded", "detail.kept"),
}
"""The same for what an outcome says."""
ONLY_IF_ASKED: dict[str, str] = {"production_reported": "made"}
"""A step may want another part of the fact, as a new finish date does: then this is not answered unless the step names it."""
PEOPLE: dict[tuple[str, str], Role | None] = {
    ("production_signed", "clerk"): Role.SERVICE_CLERK,
    ("inspection_reported", "checked_with"): Role.SERVICE_CLERK,
    ("exception_reported", "owner"): None,
    ("overridden", "person"): None,
    ("reassigned", "person"): None,
    ("corrected", "agreed_by"): None,
    ("contact_logged", "owner"): None,
    ("picked", "checked_with"): None,
}
"""Fields that name somebody of the staff, and in which role; None: anybody."""
NUMBERED: dict[tuple[str, str], str] = {
    ("exception_reported", "exception"): "YC",
    ("production_exception", "exception"): "YC",
    ("document_supplied", "reference"): "DJ",
}
"""Numbers that nobody need make up: left empty, the system gives one that begins so."""
NOTE = "note_reference"
_NOTE_BEGINS = "QZ"
_MOST_NAMED = 10
_NOBODY = Words("员工中没有 {person}；可选：{may}", "{person} is not on the staff; it may be: {may}")
_OTHER_ROLE = Words("{person} 不是该岗位的人；可选：{may}", "{person} has another role; it may be: {may}")
_MISSING = Words("请回答「{field}」：没有填写就不算回答", "answer “{field}”: what is left empty is no answer")
_NO_OUTCOME = Words("请选择决定：{may}", "choose what you decide: {may}")


def answered_by(form: Form, named: frozenset[str]) -> tuple[str, ...]:
    """The fields that this form wants answered. `named` are those that its step names."""
    if form.kind == DECISION:
        outcomes = [rule for (subject, _), rule in OUTCOME_ANSWERED.items() if subject.value == form.subject]
        return tuple(path for paths in outcomes for path in paths)
    only = ONLY_IF_ASKED.get(form.kind)
    if only is not None and named and only not in named:
        return ()
    return ANSWERED.get(form.kind, ())


def with_answers(form: Form, named: frozenset[str] = frozenset()) -> Form:
    """The form with its questions marked: they begin empty, and what is known of them stands beside them."""
    wanted = answered_by(form, named)
    made = (_asked(each, each.path in wanted) for each in form.fields)
    of_numbers = (_may_be_empty(form.kind, each) for each in made)
    fields = sorted(of_numbers, key=lambda each: (not each.required, not each.in_front))
    return replace(form, fields=tuple(fields))


def _asked(field: FormField, answered: bool) -> FormField:
    """A question has no preset; a figure that is none of them but means nothing when it is nought begins empty too."""
    if answered:
        return replace(field, asked=True, first=True)
    return replace(field, unset=_says_nothing(field))


def _says_nothing(field: FormField) -> bool:
    """A yes or no, a nought, and what becomes of money: as a preset each would say something that nobody said."""
    if field.kind == "number":
        return field.value in ("0", "0.00", "0.000")
    return field.kind == "yes_no" or field.path in _MEANS_MONEY


def _may_be_empty(kind: str, field: FormField) -> FormField:
    numbered = (kind, field.path) in NUMBERED
    return replace(field, required=False, first=True, numbered=True) if numbered else field


def require_outcome(form: Form, outcome: str) -> Outcome | None:
    """The outcome that was chosen; None for a fact. Raises Refusal(missing_field) where none was: there is no default."""
    if form.kind != DECISION:
        return None
    chosen = next((each for each in form.outcomes if each.value == outcome), None)
    if chosen is None and not outcome:
        words = _NO_OUTCOME.filled(may=Words.listed(form.outcomes))
        raise Refusal(Code.MISSING_FIELD, words, where="content.outcome")
    return chosen


def require_answers(form: Form, filled: Mapping[str, str], outcome: Outcome | None) -> None:
    """Raises Refusal(missing_field) for a question that was left empty; a preset is no answer."""
    subject = next((each for each in Subject if each.value == form.subject), None)
    for each in form.fields:
        if not each.asked or filled.get(each.path, "").strip():
            continue
        if subject is not None and outcome is not None and not _of_outcome(subject, outcome, each.path):
            continue
        raise Refusal(Code.MISSING_FIELD, _MISSING.filled(field=each.words), where=f"content.{each.path}")


def _of_outcome(subject: Subject, outcome: Outcome, path: str) -> bool:
    return path in OUTCOME_ANSWERED.get((subject, outcome), ())


def system_numbers(form: Form, filled: Mapping[str, str], order: str, once: str) -> dict[str, str]:
    """The numbers that were left to the system: the same form sent twice has the same ones.

    The log-in is the signature of a decision, and its number says that nobody typed it; a paper's own may be typed.
    """
    given: dict[str, str] = {}
    if form.kind == DECISION and not filled.get(NOTE, "").strip():
        given[NOTE] = _number(_NOTE_BEGINS, order, once)
    for each in form.fields:
        begins = NUMBERED.get((form.kind, each.path))
        if begins is not None and not filled.get(each.path, "").strip():
            given[each.path] = _number(begins, order, once)
    return given


def _number(begins: str, order: str, once: str) -> str:
    kept = "".join(sign for sign in once if sign.isalnum())[:8].upper()
    return f"{begins}-{order}-{kept}"


def people_fields(kind: str) -> dict[str, Role | None]:
    """Which fields of this fact name somebody of the staff, and in which role."""
    return {path: role for (of, path), role in PEOPLE.items() if of == kind}


def with_people(form: Form, staff: Sequence[StaffMember]) -> Form:
    """The form with people to be chosen, by name and of the right role; as it is where no staff are known."""
    wanted = people_fields(form.kind)
    if not staff or not wanted:
        return form
    fields = []
    for each in form.fields:
        if each.path in wanted:
            fitting = tuple(member.choice for member in _fitting(staff, wanted[each.path]))
            each = replace(each, kind="choice", choices=fitting)  # noqa: PLW2901 - the same field, with its choices
        fields.append(each)
    return replace(form, fields=tuple(fields))


def with_own_people(form: Form, people: Sequence[str]) -> Form:
    """The form with the one whom the step waits for anyway where it names somebody of that role; another may be chosen."""
    wanted, fields = people_fields(form.kind), []
    for each in form.fields:
        own = {choice.value for choice in each.choices} & set(people) if wanted.get(each.path) else set()
        fields.append(replace(each, value=own.pop()) if len(own) == 1 else each)
    return replace(form, fields=tuple(fields))


def _fitting(staff: Sequence[StaffMember], role: Role | None) -> list[StaffMember]:
    return [each for each in staff if role is None or role.value in each.roles]


def require_people(form: Form, filled: Mapping[str, str], staff: Sequence[StaffMember]) -> None:
    """Raises Refusal for who is named and is not on the staff (unknown_person), or in another role (wrong_role)."""
    if not staff:
        return
    for path, role in people_fields(form.kind).items():
        person = filled.get(path, "").strip()
        fitting = _fitting(staff, role)
        if not person or any(each.person == person for each in fitting):
            continue
        known = any(each.person == person for each in staff)
        may = ", ".join(each.name or each.person for each in fitting[:_MOST_NAMED])
        words = (_OTHER_ROLE if known else _NOBODY).filled(person=person, may=may)
        raise Refusal(Code.WRONG_ROLE if known else Code.UNKNOWN_PERSON, words, where=f"content.{path}")
