"""What a form is made of: its fields, made from the content that they fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from models.messages.decision_subjects import Outcome
from models.values.field_words import field_words
from models.values.vocabulary import Term, Words

_SHOWN_TYPES = (str, int, bool, date, Decimal, Term)
_LONG = frozenset(
    {"words", "special_requirements", "reason", "resolution", "remarks", "reasons", "material_note"}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values, where they are no closed set."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `path` is its place in the content; `choices` are the values it takes, where they are few.

    `first` is what is asked for now: it is shown before the rest. `hint` is what stands there today. `source` names
    the list of what is known, from which one may choose. `asked` is a question: only the person answers it. `unset`
    begins empty, too, and may stay so. `numbered` gets a number of the system's where it is left empty.
    """

    path: str
    words: Words
    kind: str
    value: str = ""
    required: bool = False
    choices: tuple[Term | Choice, ...] = ()
    first: bool = False
    hint: str = ""
    source: str = ""
    asked: bool = False
    unset: bool = False
    numbered: bool = False

    @property
    def preset(self) -> str:
        """What stands in the field when the page is made: never the answer to a question."""
        return "" if self.asked or self.unset else self.value

    @property
    def expected(self) -> str:
        """What the step knows of a figure that a person is to answer, to stand beside the field."""
        return self.value if self.asked and self.kind == "number" and self.value not in ("0", "0.000") else ""

    @property
    def in_front(self) -> bool:
        """Whether it is to be seen at once."""
        return self.required or self.first


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
    carried: str = ""
    """What the page showed, which goes along with what is said (`models.forms.shown`)."""
    says: str = ""
    """What it is made of, as text, where that is not what moves the step on."""
    once: str = ""
    """The same on every page that shows the same of the same step: sent from two of them it is one act."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody of the staff who may be chosen in a form."""

    person: str
    name: str
    roles: tuple[str, ...]

    @property
    def choice(self) -> Choice:
        """As a field offers it: by name, with the id where two might be called the same."""
        shown = self.person if self.name in ("", self.person) else f"{self.name}（{self.person}）"
        return Choice(self.person, shown, shown)


def plain_type(info: FieldInfo) -> Any:
    """The type that one field of a form can hold; None for lists and objects."""
    only = _bare(info.annotation)
    return only if isinstance(only, type) and issubclass(only, _SHOWN_TYPES) else None


def _bare(annotation: Any) -> Any:
    """The type itself: without its conditions, and without the None that it may be."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _bare(inside[0])
    if origin in (Union, UnionType):
        return _bare(next(each for each in inside if each is not type(None)))
    return annotation


def holds_names(info: FieldInfo) -> bool:
    """Whether the field is a list of plain texts."""
    inside = get_args(info.annotation)
    return bool(inside) and inside[-1] is Ellipsis and not _is_model(inside[0])


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def is_counted(info: FieldInfo) -> bool:
    """An amount, a quantity or a yes and no: a step knows what is usual, and the person may know better."""
    shown = plain_type(info)
    return shown is Decimal or shown is bool


def field_of(path: str, info: FieldInfo, value: str = "", place: str = "") -> FormField | None:
    """The field of a form for one field of content; None where one field cannot hold it."""
    words = field_words(place or path.rpartition(".")[2])
    if holds_names(info):
        return FormField(path, words, "names", value)
    shown = plain_type(info)
    if shown is None:
        return None
    kind = _kind_of(shown, path.rpartition(".")[2])
    choices = tuple(shown) if kind == "choice" else ()
    default = None if info.is_required() else info.default
    known = value or ("" if default is None else _text(default))
    return FormField(path, words, kind, known, info.is_required(), choices)


def _kind_of(shown: type, name: str) -> str:
    if issubclass(shown, Term):
        return "choice"
    if issubclass(shown, str):
        return "long" if name in _LONG else "text"
    kinds = {bool: "yes_no", datetime: "moment", date: "date"}
    return kinds.get(shown, "number")


def optional(made: FormField) -> FormField:
    """The same field, which may be left empty and then says nothing."""
    return replace(made, required=False)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.value if isinstance(value, Term) else str(value)
