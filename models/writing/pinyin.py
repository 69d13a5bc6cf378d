"""Chinese names as they are typed on a keyboard: in full (`hongfengbaozhuang`) and by their initials (`hfbz`).

Everything that is looked for by pinyin comes here, so that a name is written the same way where it is kept and where it is
sought.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_AS_WRITTEN = "\t"
"""Before what has no sound of its own: letters, figures, other signs."""
_MOST_KNOWN = 20_000
"""Names that are remembered: they are looked up again with every sign that somebody types."""


@lru_cache(maxsize=_MOST_KNOWN)
def initials(text: str) -> str:
    """The first letters of its signs, small, without what lies between: `红枫包装 (B)` is `hfbzb`."""
    return "".join(part[:1] for part in _parts(text))


@lru_cache(maxsize=_MOST_KNOWN)
def full(text: str) -> str:
    """All its letters, small, without tones and without what lies between: `红枫` is `hongfeng`."""
    return "".join(_parts(text))


def _parts(text: str) -> list[str]:
    """The sounds of its signs; letters and figures stay as they are, each by itself."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found: list[str] = []
    for part in lazy_pinyin(plain, style=Style.NORMAL, errors=_AS_WRITTEN.__add__, v_to_u=False):
        found += part[1:] if part.startswith(_AS_WRITTEN) else [part]
    return [kept for part in found if (kept := "".join(sign for sign in part if sign.isalnum()))]
