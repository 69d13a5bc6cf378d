"""A new order as a form: its fields in groups, its lines one by one, and the request that was filled in (R11)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from models.access import PLACES, Caller
from models.forms.form_fields import FormField, field_of
from models.forms.step_form import said_by
from models.request.order_request import WANTED, OrderRequest, RequestLine
from models.values.money import as_text
from models.values.vocabulary import Fulfilment, Term, Words

MOST_LINES = 50
"""More than anybody types; a longer order comes as a file."""
_LINE = re.compile(r"lines\.(\d{1,3})\.")
_SOURCES = {"customer": "customers", "product": "products"}
_LINE_FIELDS = ("product", "specification", "quantity", "unit", "unit_price", "tolerance_percent")


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    words: Words
    fields: tuple[FormField, ...]


def _group(zh: str, en: str, *names: str) -> Group:
    return Group(Words(zh, en), tuple(_field(name, name) for name in names))


def _field(path: str, name: str) -> FormField:
    content = RequestLine if path != name else OrderRequest
    made = field_of(path, content.model_fields[name])
    if made is None:
        raise ValueError(f"{name} is no field of a form")
    offered = tuple(choice for choice in made.choices if choice is not Fulfilment.SHOP)
    return replace(made, source=_SOURCES.get(name, ""), choices=offered)


BEFORE = (
    _group(
        "客户与来单",
        "Customer",
        "channel",
        "customer",
        "customer_order_number",
        "contact",
        "phone",
        "fax",
        "consignee",
        "address",
    ),
)
AFTER = (
    _group("付款与交货", "Payment and delivery", "fulfilment", "payment_terms", "deposit_percent", "delivery_method", "freight_terms",
           "wanted_date", "partial_delivery", "sample"),
    _group("包装与要求", "Packing and requirements", "packing", "label", "checkpoints", "special_requirements"),
    _group("客户信息备忘录", "Customer memo", "words", "in_writing", "read_back"),
)  # fmt: skip


def line_fields(place: int) -> tuple[FormField, ...]:
    """The fields of one line; the first is 0."""
    return tuple(_field(f"lines.{place}.{name}", name) for name in _LINE_FIELDS)


def lines_in(filled: Mapping[str, str]) -> int:
    """How many lines the form has: at least one, at most `MOST_LINES`."""
    places = [int(found[1]) for name in filled if (found := _LINE.match(name))]
    return min(max(places, default=0) + 1, MOST_LINES)


def without_line(filled: Mapping[str, str], gone: int) -> dict[str, str]:
    """The same form without one of its lines; those behind it move up."""
    kept: dict[str, str] = {}
    for name, value in filled.items():
        found = _LINE.match(name)
        place = int(found[1]) if found else -1
        if place != gone:
            kept[_LINE.sub(f"lines.{place - 1}.", name) if place > gone else name] = value
    return kept


def request_in(filled: Mapping[str, str], caller: Caller) -> dict[str, Any]:
    """The request as it was filled in by this person; what was left empty is not said."""
    values: dict[str, Any] = {"request_id": filled.get("request_id", ""), "entered_by": caller.author}
    role = next((role for role in caller.roles if role in PLACES), None)
    if role is not None:
        values["entered_role"] = role.value
    for group in (*BEFORE, *AFTER):
        values |= _filled(group.fields, filled)
    if filled.get("awaits_quote") == "yes":
        number = filled.get("awaited_quote", "").strip()
        values["awaits_quote"] = {"quote": number} if number else {}
    values["unclear"] = [name for name in WANTED if filled.get(f"unclear.{name}") == "yes"]
    values["lines"] = [
        {"line": place + 1, **_filled(line_fields(place), filled)} for place in range(lines_in(filled))
    ]
    return values


def _filled(fields: tuple[FormField, ...], filled: Mapping[str, str]) -> dict[str, Any]:
    said = {each: filled.get(each.path, "").strip() for each in fields}
    return {each.path.rpartition(".")[2]: said_by(each, value) for each, value in said.items() if value}


_NOT_AGAIN = frozenset({"wanted_date", "customer_order_number", "words", "read_back", "in_writing"})
"""What is said of one order alone, and never of the next."""


def filled_as(request: OrderRequest) -> dict[str, str]:
    """The form as it was filled in for an order like this; what belongs to that one alone is left empty.

    A form holds `MOST_LINES` lines; of a longer order the first ones.
    """
    filled: dict[str, str] = {}
    for group in (*BEFORE, *AFTER):
        for each in group.fields:
            if each.path not in _NOT_AGAIN:
                filled |= _written(each.path, getattr(request, each.path))
    for place, line in enumerate(request.lines[:MOST_LINES]):
        for name in _LINE_FIELDS:
            filled |= _written(f"lines.{place}.{name}", getattr(line, name))
    return filled


def filled_by_sample(filled: Mapping[str, str], number: str) -> dict[str, str]:
    """The form of the order that is made by an approved sample: its goods, no quantity and price of its own, its number (R130)."""
    kept = {
        path: value
        for path, value in filled.items()
        if path != "fulfilment" and path.rpartition(".")[2] not in ("quantity", "unit_price")
    }
    return {**kept, "sample": number}


def _written(path: str, value: object) -> dict[str, str]:
    """A value as it is typed; nothing where there is none."""
    if value in (None, "", (), False):
        return {}
    if isinstance(value, Decimal):
        price = path.endswith("unit_price")
        return {path: as_text(value) if price else as_text(value.normalize())}
    if isinstance(value, tuple):
        return {path: ";".join(str(each) for each in value)}
    return {path: "true" if value is True else str(value.value if isinstance(value, Term) else value)}


def is_goods(path: str) -> bool:
    """Whether this is a field of a line."""
    return _LINE.match(path) is not None
