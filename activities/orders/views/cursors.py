"""Cursors: where a page ended, as a text that the caller hands back to have the next one."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Dialect

from activities.store.upsert import as_column
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

_BLANK = ord(" ")
_HALVES = {chr(sign) for sign in range(0xD800, 0xE000)}
_LARGEST = 2**63
"""Whole numbers stand in eight bytes."""
_MOST_PLACES = 20
_BAD_CURSOR = Words("cursor 不是上一页给出的", "this cursor is not one that a page gave")


def cursor_of(place: Sequence[object]) -> str:
    """The cursor of a place in a list: the values it is sorted by, None where the last one shown has none."""
    text = json.dumps([None if value is None else str(value) for value in place])
    return base64.urlsafe_b64encode(text.encode()).decode()


def read_cursor(cursor: str, length: int) -> list[str | None]:
    """The place in a list sorted by so many values. Raises Refusal(malformed) for a text that no page gave."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise bad_cursor() from None
    if not isinstance(place, list) or len(place) != length:
        raise bad_cursor()
    if not all(value is None or _is_plain(value) for value in place):
        raise bad_cursor()
    return place


def _is_plain(value: object) -> bool:
    """Whether it is a text that a database takes: no control signs, no halves of signs."""
    return isinstance(value, str) and all(ord(sign) >= _BLANK and sign not in _HALVES for sign in value)


def place_value(column: Column[Any], value: str | None, dialect: Dialect) -> Any:
    """A value of a place as its column takes it. Raises Refusal(malformed) for one that no row of it can have."""
    try:
        known = as_column(column, value)
        if isinstance(known, Decimal) and known.adjusted() > _MOST_PLACES:
            raise bad_cursor()
        bind = column.type.bind_processor(dialect)
        bound = bind(known) if bind is not None else known
    except (ValueError, TypeError, ArithmeticError):
        raise bad_cursor() from None
    if isinstance(bound, int) and not -_LARGEST <= bound < _LARGEST:
        raise bad_cursor()
    return known


def bad_cursor() -> Refusal:
    """What is said of a cursor that no page gave."""
    return Refusal(Code.MALFORMED, _BAD_CURSOR, where="cursor")
