"""Cursors: where a page ended, as a text that the caller hands back to have the next one."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

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
    if not all(isinstance(value, str | None) for value in place):
        raise bad_cursor()
    return place


def bad_cursor() -> Refusal:
    """What is said of a cursor that no page gave."""
    return Refusal(Code.MALFORMED, _BAD_CURSOR, where="cursor")
