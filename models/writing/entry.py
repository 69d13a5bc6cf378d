"""How what comes in becomes plain values, by the types of the fields that it is for: one way for every door.

A table, a form, a command, a call of the API, a webhook and a signal bring texts. Each is brought here into the one
writing that the contents are read from: plain figures, `2026-01-05`, the names of terms; and each text is held to the
signs that it may have. What was taken before is read by the contents themselves, as it stands (`Manner.KEPT`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Protocol, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from models.values.content import Within, Writing
from models.values.errors import Code
from models.values.field_errors import BadWriting, Mistake, mistaken
from models.values.vocabulary import Term
from models.values.words import InvalidValue
from models.writing.signs import require_signs, shown
from models.writing.spoken_terms import plain_term
from models.writing.written_dates import plain_day, plain_moment, plain_yes_or_no
from models.writing.written_numbers import LARGEST_WHOLE, Figure, Manner, plain_number, require_whole

_AROUND = " \t\r\n\u00a0\u3000"
"""What is dropped at both ends of a text."""
_APART = re.compile(r"[;；\n]")
_ANY_TEXT = Writing(lines=True, on_paper=False)
_NO_DAY = InvalidValue("不是日期；请写成 2027-01-05", "is no date; write it as 2027-01-05")
_NO_MOMENT = InvalidValue(
    "不是时间；请写成 2027-01-05T09:30:00+08:00", "is no time; write it as 2027-01-05T09:30:00+08:00"
)
_ANY_WHOLE = Within(-LARGEST_WHOLE, LARGEST_WHOLE)


@dataclass(slots=True)
class _Look:
    """One look at what came in: how it came, and what was found wrong so far."""

    manner: Manner
    mistakes: list[Mistake] = field(default_factory=list)

    def read(self, place: tuple[str, ...], value: Any, reading: Callable[[], Any]) -> Any:
        try:
            return reading()
        except InvalidValue as invalid:
            self.mistakes.append(Mistake(place, invalid.words, missing=False))
            return value


class _Reader(Protocol):
    """Brings one value into the one writing; what is wrong with it goes to the look."""

    def __call__(self, raw: Any, place: tuple[str, ...], look: _Look, /) -> Any: ...


def plain_of(model: type[BaseModel], raw: Any, manner: Manner) -> tuple[Any, list[Mistake]]:
    """What came in, in the one writing; and what of it is not taken, each with its place and in words.

    What is no value of its field at all stays as it is: the model refuses it.
    """
    if manner is Manner.KEPT:
        return raw, []
    look = _Look(manner)
    return _reader(model)(raw, (), look), look.mistakes


def plain(model: type[BaseModel], raw: Any, manner: Manner, *, inside: str = "") -> Any:
    """What came in, in the one writing. Raises BadWriting that names the first field that is not taken, and why."""
    found, mistakes = plain_of(model, raw, manner)
    if mistakes:
        raise mistaken(mistakes, inside=inside)
    return found


def require_text(text: str, where: str, *, lines: bool = False) -> str:
    """The same text. Raises BadWriting(malformed) for a sign that none may hold; `where` is what it is called."""
    try:
        return require_signs(text, lines=lines)
    except InvalidValue as invalid:
        raise BadWriting(Code.MALFORMED, invalid.words, where=shown(where, 60)) from None


def printed_texts(content: BaseModel, inside: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a content that stand on papers, each with its place: a font must have every sign of them."""
    for name, info in type(content).model_fields.items():
        place = f"{inside}.{name}" if inside else name
        yield from _printed(getattr(content, name), info.annotation, tuple(info.metadata), place)


def _printed(value: Any, annotation: Any, marks: tuple[Any, ...], place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        yield from printed_texts(value, place)
    elif isinstance(value, str):
        kind, marks = _unwrapped(annotation, marks)
        if kind is str and _marked(marks, Writing, _ANY_TEXT).on_paper:
            yield place, value
    elif isinstance(value, tuple):
        kind, _ = _unwrapped(annotation, marks)
        inner = get_args(kind)[0] if get_args(kind) else Any
        for at, each in enumerate(value):
            yield from _printed(each, inner, (), f"{place}.{at}")


# --- by type ---------------------------------------------------------------------------------------------------------


def _unwrapped(annotation: Any, marks: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """The type itself, and all that is marked on it: without the None that it may be."""
    while True:
        origin, inside = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            annotation, marks = inside[0], (*inside[1:], *marks)
        elif (
            origin in (Union, UnionType)
            and len(some := [each for each in inside if each is not type(None)]) == 1
        ):
            annotation = some[0]
        else:
            return annotation, marks


Mark = TypeVar("Mark")


def _marked(marks: tuple[Any, ...], kind: type[Mark], otherwise: Mark) -> Mark:
    return next((mark for mark in reversed(marks) if isinstance(mark, kind)), otherwise)


@cache
def _reader(model: type[BaseModel]) -> _Reader:
    """How one model is read, worked out once: a reader a field."""
    readers = {
        name: _reader_of(info.annotation, tuple(info.metadata)) for name, info in model.model_fields.items()
    }

    def read(raw: Any, place: tuple[str, ...], look: _Look) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        return {
            name: readers[name](value, (*place, name), look)
            if name in readers
            else _unknown(value, (*place, _name(name, place, look)), look)
            for name, value in raw.items()
        }

    return read


def _name(name: Any, place: tuple[str, ...], look: _Look) -> str:
    said = shown(str(name))
    if isinstance(name, str):
        look.read((*place, said), None, lambda: require_signs(name, lines=False))
    return said


def _reader_of(annotation: Any, marks: tuple[Any, ...]) -> _Reader:
    kind, marks = _unwrapped(annotation, marks)
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (tuple, frozenset, list):
        return _list_reader(_reader_of(inside[0], ()), _unwrapped(inside[0], ())[0])
    if not isinstance(kind, type) or origin is not None:
        return _unknown
    if issubclass(kind, BaseModel):
        return _reader(kind)
    return _plain_reader(kind, marks)


def _plain_reader(kind: type, marks: tuple[Any, ...]) -> _Reader:
    if issubclass(kind, Term):
        return _value_reader(lambda text, manner: _term(text, kind, manner))
    if issubclass(kind, str):
        return _text_reader(_marked(marks, Writing, _ANY_TEXT))
    if issubclass(kind, Decimal):
        figure = _marked(marks, Figure, Figure.COUNT)
        return _value_reader(lambda text, manner: plain_number(text, figure, manner))
    by_type: tuple[tuple[type, _Reader], ...] = (
        (bool, _value_reader(plain_yes_or_no)),
        (int, _whole_reader(_marked(marks, Within, _ANY_WHOLE))),
        (datetime, _value_reader(plain_moment, _NO_MOMENT)),
        (date, _value_reader(plain_day, _NO_DAY)),
    )
    return next((reader for each, reader in by_type if issubclass(kind, each)), _unknown)


def _value_reader(reading: Callable[[str, Manner], Any], no_number: InvalidValue | None = None) -> _Reader:
    """`no_number`: what is said of a JSON number, where a number would be taken for something else."""

    def read(raw: Any, place: tuple[str, ...], look: _Look) -> Any:
        if isinstance(raw, str):
            said = _sound(raw, place, look, lines=False)
            return look.read(place, raw, lambda: reading(said, look.manner))
        if no_number is not None and isinstance(raw, int | float):
            look.mistakes.append(Mistake(place, no_number.words, missing=False))
        return raw

    return read


def _sound(raw: str, place: tuple[str, ...], look: _Look, *, lines: bool) -> str:
    """The text without what stands around it, held to its signs."""
    text = raw.strip(_AROUND)
    if text.isascii() and text.isprintable():
        return text
    before = len(look.mistakes)
    look.read(place, raw, lambda: require_signs(text, lines=lines))
    return "" if len(look.mistakes) > before else text


def _text_reader(writing: Writing) -> _Reader:
    def read(raw: Any, place: tuple[str, ...], look: _Look) -> Any:
        if not isinstance(raw, str) or (raw.isascii() and raw.isprintable()):
            return raw
        text = raw.replace("\r\n", "\n").replace("\r", "\n") if "\r" in raw else raw
        _sound(text, place, look, lines=writing.lines)
        return text

    return read


def _list_reader(each: _Reader, kind: Any) -> _Reader:
    of_words = isinstance(kind, type) and issubclass(kind, str)

    def read(raw: Any, place: tuple[str, ...], look: _Look) -> Any:
        if of_words and isinstance(raw, str) and look.manner is Manner.TYPED:
            raw = [part.strip(_AROUND) for part in _APART.split(raw) if part.strip(_AROUND)]
        if not isinstance(raw, list | tuple):
            return raw
        return [each(part, (*place, str(at)), look) for at, part in enumerate(raw)]

    return read


def _whole_reader(within: Within) -> _Reader:
    def reading(raw: Any, look: _Look) -> Any:
        found = plain_number(raw.strip(_AROUND), Figure.COUNT, look.manner) if isinstance(raw, str) else raw
        if isinstance(found, int) and not isinstance(found, bool):
            require_whole(found, within.least, within.most)
        elif isinstance(found, str) and found.removeprefix("-").isdecimal():
            require_whole(int(found), within.least, within.most)
        return found

    def read(raw: Any, place: tuple[str, ...], look: _Look) -> Any:
        return look.read(place, raw, lambda: reading(raw, look))

    return read


def _term(text: str, terms: type[Term], manner: Manner) -> str:
    return plain_term(text, terms) if manner is Manner.TYPED else text


def _unknown(raw: Any, place: tuple[str, ...], look: _Look) -> Any:
    """What no field names: its texts are held to their signs all the same."""
    if isinstance(raw, str):
        return _TEXT(raw, place, look)
    if isinstance(raw, Mapping):
        return {
            name: _unknown(value, (*place, _name(name, place, look)), look) for name, value in raw.items()
        }
    if isinstance(raw, list | tuple):
        return [_unknown(part, (*place, str(at)), look) for at, part in enumerate(raw)]
    return raw


_TEXT = _text_reader(_ANY_TEXT)

__all__ = ["Manner", "plain", "plain_of", "printed_texts", "require_text"]
