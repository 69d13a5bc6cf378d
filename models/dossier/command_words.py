"""A value inside a command that is shown: one word of a shell, read back by the command line as the very same text."""

from __future__ import annotations

import json
import shlex

SPELLED = frozenset({"true", "false", "null"})
"""What the command line reads as more than a text; JSON that begins like an object or a list is the other thing."""
_PLAIN = frozenset("@%+=:,./-_")


def one_word(text: str) -> str:
    """As a shell takes it for one word; signs of other scripts need no quotes there."""
    return text if all(map(_is_plain, text)) else shlex.quote(text)


def _is_plain(sign: str) -> bool:
    if sign.isascii():
        return sign.isalnum() or sign in _PLAIN
    return sign.isprintable() and not sign.isspace()


def setting(path: str, value: str) -> str:
    """`--set path=value`, or as JSON where the command line would read that value as more than a text."""
    if value in SPELLED or value[:1] in ("{", "["):
        return f"--json {one_word(json.dumps({path: value}, ensure_ascii=False))}"
    return f"--set {path}={one_word(value)}"
