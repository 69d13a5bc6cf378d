"""The signs that the papers' font has: a sign that no font has is said when it is entered, not when the paper must go out.

The signs of ordinary Chinese texts are known by heart; only another one makes the font be read, once a process.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from models.facts.fact_kinds import printed_in
from models.facts.known_facts import KNOWN_FACTS
from models.messages.envelope import Envelope
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from models.writing.entry import printed_texts

_FONT_PACKAGE = "manimgx-fonts-cjk"
SURELY = "\n\t\u0020-\u007e\u00a0-\u00ac\u00ae-\u00ff\u3000-\u303f\u3400-\u4db5\u4e00-\u9fef\uff01-\uff5e\uffe0-\uffe5"
"""Signs that the font has, as ranges of a regular expression."""
_ORDINARY = re.compile(f"[{SURELY}]*")
_NO_SIGN = Words(
    "字体中没有这些字，印不出来：{signs}。请改用别的写法",
    "no font has these signs, and they cannot be printed: {signs}; write them differently",
)


def font_file() -> Path:
    """The font of all papers."""
    files = importlib.metadata.distribution(_FONT_PACKAGE).files or []
    return next(Path(str(file.locate())) for file in files if file.name.endswith(".ttc"))


@cache
def font_signs() -> frozenset[int]:
    """Every sign that the font can show. Takes a second the first time."""
    from fontTools.ttLib import TTCollection

    with TTCollection(font_file(), lazy=True) as collection:
        return frozenset(sign for font in collection for sign in font.getBestCmap())


def missing_signs(text: str) -> str:
    """The signs of a text that no font has, with their numbers; empty: every one can be shown."""
    if _ORDINARY.fullmatch(text):
        return ""
    missing = sorted({sign for sign in text if ord(sign) > 126 and ord(sign) not in font_signs()})
    return "、".join(f"{sign}(U+{ord(sign):04X})" for sign in missing)


def require_printable(content: BaseModel) -> None:
    """Raises Refusal(malformed) that names the first field which a paper carries and no font can show, and its signs."""
    _require(printed_texts(content))


def require_printable_fact(envelope: Envelope) -> None:
    """The same for what an envelope carries."""
    _require(printed_in(envelope, KNOWN_FACTS))


def _require(texts: Iterable[tuple[str, str]]) -> None:
    for place, text in texts:
        if missing := missing_signs(text):
            raise Refusal(Code.MALFORMED, _NO_SIGN.filled(signs=missing), where=place)
