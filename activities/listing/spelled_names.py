"""Chinese names as they are typed by their sounds: initials (`hfzy`) and whole (`hongfengzhiye`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from models.writing.search_text import searched

_MOST_SIGNS = 200
"""Longer names are spelled as far as this."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a name may be typed. A sign with several sounds has several initials; the whole spelling has the one of its word."""

    initials: tuple[frozenset[str], ...]
    whole: str

    def begins_with(self, typed: str) -> bool:
        """Whether these are initials of signs that follow each other in the name."""
        places = range(len(self.initials) - len(typed) + 1)
        return any(all(sign in self.initials[at + step] for step, sign in enumerate(typed)) for at in places)


def _each(signs: str) -> Any:
    """Signs that are not Chinese, each for itself."""
    return list(signs)


@lru_cache(maxsize=50_000)
def spelling_of(name: str) -> Spelling:
    """The spelling of a name; signs that are not Chinese stand for themselves."""
    from pypinyin import Style, lazy_pinyin, pinyin

    plain = searched(name)[:_MOST_SIGNS].replace(" ", "")
    sounds = pinyin(plain, style=Style.NORMAL, heteronym=True, errors=_each, v_to_u=False)
    return Spelling(
        tuple(frozenset(sound[:1] for sound in each if sound) for each in sounds),
        "".join(lazy_pinyin(plain, v_to_u=False)),
    )


@lru_cache(maxsize=50_000)
def initials_of(name: str) -> str:
    """The initials of a name, each sign by the sound that it has in its word."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(searched(name).replace(" ", ""), style=Style.FIRST_LETTER, errors=_each))


_plain = lru_cache(maxsize=100_000)(searched)


def has_code(part: str, code: str) -> bool:
    """Whether a code has this part."""
    return part in _plain(code)


def fits(part: str, name: str) -> bool:
    """Whether the name has this part, as it is written or by its sounds."""
    if part in _plain(name):
        return True
    if not (part.isascii() and part.isalnum()) or name.isascii():
        return False
    spelled = spelling_of(name)
    return spelled.begins_with(part) or part in spelled.whole
