"""The fields of what is said, read off its JSON Schema: name, what it takes, what it is without being named."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from books.markdown import code, table

_FORMATS = {"date": "date", "date-time": "moment with offset"}
_LONG = 12
"""A closed set with more members is named and not listed."""


def field_table(model: type[BaseModel], *, without: tuple[str, ...] = ()) -> str:
    """The fields of a model as a table."""
    return table(("field", "takes", "without it"), fields_of(model, without=without))


def fields_of(model: type[BaseModel], *, without: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    """Each field, what it takes, and its default; a dash where it must be given."""
    schema = model.model_json_schema(by_alias=True)
    known, required = schema.get("$defs", {}), schema.get("required", [])
    return [
        (code(name), _shape(part, known), "-" if name in required else _default(part))
        for name, part in schema.get("properties", {}).items()
        if name not in without
    ]


def inline(model: type[BaseModel]) -> str:
    """The fields in one line; those that must be given are bold."""
    return ", ".join(
        f"**{name}** {takes}" if default == "-" else f"{name} {takes}"
        for name, takes, default in fields_of(model)
    )


def _default(part: dict[str, Any]) -> str:
    value = part.get("default")
    return (
        "nothing" if value in (None, "", [], {}) else code(json.dumps(value, ensure_ascii=False).strip('"'))
    )


def _shape(part: dict[str, Any], known: dict[str, Any]) -> str:
    if "$ref" in part:
        return _named(part["$ref"].rpartition("/")[2], known)
    if "anyOf" in part:
        return " or ".join(
            dict.fromkeys(_shape(each, known) for each in part["anyOf"] if each.get("type") != "null")
        )
    if "enum" in part:
        return _listed([str(each) for each in part["enum"] if each is not None])
    if "const" in part:
        return code(str(part["const"]))
    match part.get("type"):
        case "array":
            return f"list of {_shape(part.get('items', {}), known)}"
        case "string":
            return _FORMATS.get(part.get("format", ""), "text")
        case "object":
            return "object"
        case other:
            return {"boolean": "true or false", "integer": "whole number", "number": "number"}.get(
                str(other), "anything"
            )


def _named(name: str, known: dict[str, Any]) -> str:
    part = known.get(name, {})
    if "enum" in part:
        return _listed(part["enum"]) if len(part["enum"]) <= _LONG else f"a {name} (listed below)"
    inner = part.get("properties", {})
    return f"object with {', '.join(code(each) for each in inner)}" if inner else "object"


def _listed(values: list[str]) -> str:
    return " · ".join(code(each) for each in values)
