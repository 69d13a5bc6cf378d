"""The names above the columns: which field a name means, and which row of a table holds the names."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from activities.store.imports import CalendarDayRow, CustomerRow, PriceRow, StaffRow
from models.request.order_request import OrderRequest, RequestLine
from models.values.field_words import field_words

_MODELS = (OrderRequest, RequestLine, CustomerRow, PriceRow, StaffRow, CalendarDayRow)
_RECOGNISED = 1000


def field_named(header: str) -> str:
    """The field that a column's name means; the name itself, without signs that nobody sees, where it means none."""
    plain = unicodedata.normalize("NFKC", without_unseen(header)).strip()
    name = "_".join(plain.lower().replace("-", " ").replace("_", " ").split())
    return name if name in _fields() else _by_label().get(plain, plain)


def without_unseen(text: str) -> str:
    """The text without format and control signs: those of no width, marks of direction, a byte order mark inside."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Cc"))


def header_likeness(cells: Sequence[str]) -> int:
    """How much a row looks like the one with the names: above all how many cells name a field."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) < 2:
        return 0
    return sum(_RECOGNISED for cell in filled if field_named(cell) in _fields()) + len(filled)


def names_fields(cells: Sequence[str]) -> int:
    """How many cells of a row name a field."""
    return header_likeness(cells) // _RECOGNISED


@cache
def _fields() -> frozenset[str]:
    return frozenset(name for model in _MODELS for name in model.model_fields)


@cache
def _by_label() -> dict[str, str]:
    """The fields by their Chinese labels."""
    return {field_words(name).zh: name for name in sorted(_fields())}
