"""A step as a short form: what to fill in for the fact or decision that moves the order on.

It follows from the step's own command, so that page and command line can never differ.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, get_args

from pydantic.fields import FieldInfo

from models.content import Content
from models.decisions import SUBJECTS, Outcome, Subject
from models.envelope import DECISION
from models.fact_kinds import FACT_KINDS
from models.field_words import field_words
from models.vocabulary import Term, Words

_BLANK = "…"
_SHOWN_TYPES = (str, int, bool, date)


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `path` is its place in the content; `choices` are the values it takes, where they are few."""

    path: str
    words: Words
    kind: str
    value: str = ""
    required: bool = False
    choices: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What is said by it: a fact, or a decision with its outcomes."""

    kind: str
    subject: str = ""
    line: str = ""
    outcomes: tuple[Outcome, ...] = ()
    fields: tuple[FormField, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    """What the step knows and nobody need fill in."""


def form_of(command: str) -> Form | None:
    """The form of a step's command; None for a step that is moved on in another way."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    if words[:1] == ["decide"] and len(words) > 2:
        return _decision(words)
    kinds = {"tell": words[2:3], "resume": ["hold_released"]}
    kind = next(iter(kinds.get(words[0] if words else "", [])), "")
    return _fact(kind, dict(_set(words))) if kind in FACT_KINDS else None


def form_of_fact(kind: str) -> Form:
    """The form of a fact that no step asks for. KeyError where there is no such fact."""
    return _fact(kind, {})


def _set(words: list[str]) -> Iterator[tuple[str, str]]:
    for name, value in pairwise(words):
        if name == "--set":
            path, _, known = value.partition("=")
            yield path, known


def _fact(kind: str, known: dict[str, str]) -> Form:
    given = {path: value for path, value in known.items() if _BLANK not in path + value}
    asked = {path for path in known if path not in given}
    content = FACT_KINDS[kind].content
    fields = [
        _field(name, name, info, given.get(name, ""))
        for name, info in content.model_fields.items()
        if name not in given and (name in asked or info.is_required() or _is_plain(info))
    ]
    # a place inside a field, such as the one that is missing
    fields += [
        FormField(path, field_words(path.partition(".")[2]), "text", required=True)
        for path in sorted(asked)
        if "." in path and _BLANK not in path
    ]
    shown = sorted((each for each in fields if each is not None), key=lambda each: not each.required)
    return Form(kind, fields=tuple(shown), given=given)


def _decision(words: list[str]) -> Form | None:
    subject = next((each for each in Subject if each.value == words[2]), None)
    if subject is None:
        return None
    rule = SUBJECTS[subject]
    line = next((value for name, value in pairwise(words) if name == "--line"), "")
    details = {rule.detail_for(outcome) for outcome in rule.outcomes}
    found: dict[str, FormField] = {}
    for detail in sorted(details, key=lambda each: each.__name__):
        for name, info in detail.model_fields.items():
            made = _field(f"detail.{name}", name, info, "")
            # what one outcome needs and another has not is not asked of all
            if made is not None:
                found.setdefault(name, made if len(details) == 1 else _optional(made))
    return Form(DECISION, subject.value, line, rule.outcomes, tuple(found.values()))


def _optional(made: FormField) -> FormField:
    return FormField(made.path, made.words, made.kind, made.value, required=False, choices=made.choices)


def _is_plain(info: FieldInfo) -> bool:
    return _plain_type(info) is not None


def _plain_type(info: FieldInfo) -> Any:
    """The type that one field of a form can hold; None for lists and objects."""
    named = [each for each in (get_args(info.annotation) or (info.annotation,)) if each is not type(None)]
    only = named[0] if named else None
    if isinstance(only, type) and (issubclass(only, (*_SHOWN_TYPES, Term)) or only.__name__ == "Decimal"):
        return only
    return None


def _field(path: str, name: str, info: FieldInfo, value: str) -> FormField | None:
    kind, shown = "text", _plain_type(info)
    if shown is None:
        return None
    choices: tuple[Term, ...] = ()
    if issubclass(shown, Term):
        kind, choices = "choice", tuple(shown)
    elif shown is bool:
        kind = "yes_no"
    elif shown is date:
        kind = "date"
    elif shown is not str:
        kind = "number"
    default = info.default if not info.is_required() else None
    known = value or ("" if default is None else _text(default))
    return FormField(path, field_words(name), kind, known, info.is_required(), choices)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.value if isinstance(value, Term) else str(value)


def content_of(form: Form, filled: Mapping[str, str]) -> dict[str, Any]:
    """The content as it was filled in: what was left empty is not said."""
    content: dict[str, Any] = {}
    said = {**form.given, **{each.path: filled.get(each.path, "").strip() for each in form.fields}}
    for path, value in said.items():
        if value == "":
            continue
        target, (*parents, last) = content, path.split(".")
        for parent in parents:
            target = target.setdefault(parent, {})
        target[last] = {"true": True, "false": False}.get(value, value)
    return content


__all__ = ["Content", "Form", "FormField", "content_of", "form_of", "form_of_fact"]
