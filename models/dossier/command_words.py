"""A value inside a command that is shown: one word of a shell, read back by the command line as the very same text."""

from __future__ import annotations

import json
import re
import shlex

_SPELLED = frozenset({"true", "false", "null"})
_PLAIN = re.compile(r"[A-Za-z0-9@%+=:,./_-]*")


def one_word(text: str) -> str:
    """As a shell takes it for one word; signs of other scripts need no quotes there."""
    return text if _PLAIN.fullmatch(text) or all(map(_is_plain, text)) else shlex.quote(text)


def _is_plain(sign: str) -> bool:
    if sign.isascii():
        return _PLAIN.fullmatch(sign) is not None
    return sign.isprintable() and not sign.isspace()


def is_more_than_text(value: str) -> bool:
    """Whether the command line would read a typed value as yes, no, nothing, or as JSON."""
    return value in _SPELLED or value[:1] in ("{", "[")


def setting(path: str, value: str) -> str:
    """`--set path=value`, or as JSON where the command line would read that value as more than a text."""
    if is_more_than_text(value):
        return f"--json {one_word(json.dumps({path: value}, ensure_ascii=False))}"
    return f"--set {path}={one_word(value)}"
