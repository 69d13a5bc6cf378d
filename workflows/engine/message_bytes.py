"""How a message's bytes become what `procedure.receive` judges. Nothing that arrives may stop an order.

Whatever cannot be read becomes a text that says so; the procedure refuses it as malformed and keeps it.
"""

from __future__ import annotations

import json
import math

from models.values.fingerprint import canonical

ENCRYPTED = b"binary/encrypted"
KEY_ID = "encryption-key-id"
"""How an encrypted payload is marked: its encoding, and where the id of its key stands."""
LARGEST_MESSAGE = 200_000
"""Bytes. Far above any envelope; one message must not fill an order's journal."""
_SHOWN = 300

Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None


class ClosedMessage(RuntimeError):
    """A message is encrypted and this worker has no keys. It fails the task, which is tried again: nothing is wrong with the
    message, and refusing it would lose it."""


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number without end")
    return value


def _constant(text: str) -> float:
    raise ValueError(f"{text} is no number")


def read_bytes(data: bytes, encoding: str) -> Json:
    """The JSON in a message, or a text that names what is wrong with it."""
    if encoding == "binary/null":
        return "no content"
    if encoding != "json/plain":
        return f"unreadable encoding {encoding[:60]!r}"
    if len(data) > LARGEST_MESSAGE:
        return f"{len(data)} bytes are too large, {LARGEST_MESSAGE} at most"
    try:
        value: Json = json.loads(data, parse_float=_number, parse_constant=_constant)
        text = canonical(value)
        text.encode()
    except (ValueError, RecursionError):
        return f"unreadable: {data[:_SHOWN]!a}"
    # No database column takes NUL; a lone surrogate has failed above.
    if "\\u0000" in text:
        return f"holds NUL: {text[:_SHOWN]!a}"
    return value


def named(value: Json, signal: str) -> Json:
    """What came under a signal's name. The name counts as the kind where the envelope gives none.

    An envelope of another kind than the signal is refused as a fact nobody knows, with both names.
    """
    if not isinstance(value, dict):
        shown = value if isinstance(value, str) else ascii(value)[:_SHOWN]
        return f"signal {signal[:120]!r}: {shown}"
    kind = value.get("kind", signal)
    if kind != signal:
        kind = f"{str(kind)[:50]} in signal {signal[:50]}"
    return {**value, "kind": kind}
