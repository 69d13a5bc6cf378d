"""Texts from outside as Temporal's UI shows them: it reads Markdown, and they are texts and nothing else.

What would be mark-up, a link, a picture or HTML is written with the full-width sign that looks like it. A backslash would
not do: addresses are made links also where they are escaped.
"""

from __future__ import annotations

import re
from functools import lru_cache

from models.writing.signs import visible

_LOOKS_LIKE = str.maketrans(
    {
        "*": "∗",
        "[": "［",
        "]": "］",
        "<": "＜",
        ">": "＞",
        "`": "ˋ",
        "|": "｜",
        "~": "∼",
        "\\": "＼",
        "@": "＠",
    }
)
_SCHEME = re.compile(r":(?=//)|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)
_WWW = re.compile(r"(?<=www)\.", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#|\w+;)")
_EMPHASIS = re.compile(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_AT_ITS_BEGINNING = re.compile(r"^\s*(?=[#+=-]|\d+[.)])")


_REMEMBERED = 4096
"""Texts whose plain form is remembered: the page of an order is made after each fact, mostly of the same words."""


@lru_cache(_REMEMBERED)
def as_text(said: str) -> str:
    """The text on one line, such that Markdown has nothing to do with it."""
    line = " ".join(part for part in re.split(r"[\r\n\t\v\f\x85\u2028\u2029]+", said) if part)
    line = line.translate(_LOOKS_LIKE)
    for pattern, sign in ((_SCHEME, "："), (_WWW, "．"), (_ENTITY, "＆"), (_EMPHASIS, "＿")):
        line = pattern.sub(sign, line)
    return visible(_AT_ITS_BEGINNING.sub("·", line), lines=False)


@lru_cache(_REMEMBERED)
def as_code(said: str) -> str:
    """The same for what stands between two back ticks, where everything but those is a text already."""
    return visible(" ".join(said.splitlines()).replace("`", " "), lines=False)
