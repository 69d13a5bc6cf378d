"""Signs that no text may hold: those that nobody sees, that turn its order about, or that no program agrees on.

Looked for where a text comes in; what was taken before is read as it stands. Which signs they are does not depend on the
Unicode tables of a program, but for signs that are not given out yet.
"""

from __future__ import annotations

import json
import re
import unicodedata

from models.values.words import InvalidValue

_UNSEEN = (
    "\u0000-\u001f\u007f-\u009f"  # control signs, C1 among them
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\u0600-\u0605\u06dd\u070f\u08e2"
    "\ufe00-\ufe0f\U000e0000-\U000e0fff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
_NOBODYS = "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"
"""Half signs, signs for private use, and those that are never given out."""
_FORBIDDEN = re.compile(f"[{_UNSEEN}{_NOBODYS}]|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff]")
_BREAKS = "\n\t"
_JOINER = "\u200d"
_COLOURED = "\ufe0f"
"""Between the parts of one emoji, and after it."""
_DELETE = 0x7F
_WITHOUT_NAME = {
    "\t": "TAB",
    "\n": "NEWLINE",
    "\r": "CARRIAGE RETURN",
    "\x00": "NUL",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}


def named(sign: str) -> str:
    """`U+202E RIGHT-TO-LEFT OVERRIDE`: what a sign is called that cannot be shown."""
    name = unicodedata.name(sign, "") or _WITHOUT_NAME.get(sign, "")
    return f"U+{ord(sign):04X} {name}".rstrip()


def first_forbidden(text: str, *, lines: bool) -> tuple[int, str] | None:
    """Where the first sign stands that a text may not hold, from 1 on, and the sign; None: every one may stand there.

    `lines`: whether the text may have several lines; newline and tab are signs of those alone. What joins or colours the
    parts of an emoji may stand between and after them.
    """
    if text.isascii() and text.isprintable():
        return None
    for found in _FORBIDDEN.finditer(text):
        place, sign = found.start(), found[0]
        if (lines and sign in _BREAKS) or (sign in _JOINER + _COLOURED and _of_an_emoji(text, place)):
            continue
        return place + 1, sign
    if not text.isprintable():
        for place, sign in enumerate(text, start=1):
            if unicodedata.category(sign) == "Cn":
                return place, sign
    return None


def _of_an_emoji(text: str, place: int) -> bool:
    before = text[place - 1 : place]
    after = text[place + 1 : place + 2]
    if text[place] == _COLOURED:
        return _is_picture(before)
    return (_is_picture(before) or before == _COLOURED) and _is_picture(after)


def _is_picture(sign: str) -> bool:
    return sign != "" and unicodedata.category(sign) in ("So", "Sk", "Sm")


def require_signs(text: str, *, lines: bool) -> str:
    """The same text. Raises InvalidValue that names the first sign which it may not hold, and its place."""
    found = first_forbidden(text, lines=lines)
    if found is None:
        return text
    place, sign = found
    if sign in _BREAKS:
        raise InvalidValue(
            f"只能是一行：第 {place} 个字符是 {named(sign)}；请写在一行里",
            f"is one line: sign {place} is {named(sign)}; write it on one line",
        )
    raise InvalidValue(
        f"第 {place} 个字符 {named(sign)} 不得使用；请删去它，再填一次",
        f"sign {place} is {named(sign)}, which no text may hold; leave it out",
    )


def visible(text: str, *, lines: bool = True) -> str:
    """A text with each sign that nobody sees by its number: it steers no terminal and turns no line about.

    `lines`: its own newlines and tabs stay; without, they are signs like the others.
    """
    if text.isascii() and text.isprintable():
        return text
    return _FORBIDDEN.sub(
        lambda found: found[0] if lines and found[0] in _BREAKS else _numbered(found[0]), text
    )


def _numbered(sign: str) -> str:
    # as JSON has it, so that a JSON text stays one
    return json.dumps(sign)[1:-1] if ord(sign) != _DELETE else "\\u007f"


def shown(text: str, most: int = 200) -> str:
    """A text for a log line or a refusal: on one line, no longer than that, and visible."""
    text = visible(text, lines=False)
    return text if len(text) <= most else text[:most] + "…"


FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a formula begins with in a spreadsheet; some programs read the full-width signs as well."""
