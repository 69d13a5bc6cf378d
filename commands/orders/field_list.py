"""What a file holds that a command reads, field by field, for the help of the command: from the model that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from types import UnionType
from typing import Any, Union, get_args, get_origin

from models.values.content import Content
from models.values.field_words import field_words
from models.values.vocabulary import Term


def help_with_fields(about: str | None, content: type[Content], name: str) -> str:
    """The help of a command with the fields of what it reads; `name` is what `schema` calls it.

    A field with `*` must be given; of a closed set the values stand behind it.
    """
    lines = [_line(content, place) for place in content.model_fields]
    # \b: the library keeps the lines of such a paragraph as they are
    listed = "\n".join(("\b", "文件里的字段（* 必填） · fields of a file, * must be given:", *lines))
    return f"{cleandoc(about or '')}\n\n{listed}\n\n完整格式 · the whole of it: starter.py schema {name}"


def _line(content: type[Content], name: str) -> str:
    field = content.model_fields[name]
    words = field_words(name)
    called = f" {words.zh} · {words.en}" if words.zh != name else ""
    values = ", ".join(value for term in _terms(field.annotation) for value in term)
    star = "*" if field.is_required() else ""
    return f"  {name}{star}{called}{f' = {values}' if values else ''}"


def _terms(annotation: Any) -> Iterator[type[Term]]:
    """The closed sets that a field may be of; those within its parts are told by the schema."""
    if get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            yield from _terms(each)
    elif isinstance(annotation, type) and issubclass(annotation, Term):
        yield annotation
