"""How well what somebody types fits something that has a number and a name: for lists of proposals."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeVar

from models.writing.pinyin import full, initials

_Item = TypeVar("_Item")
_FEWEST_LETTERS = 2
"""So many letters of a name in full; one alone fits nearly every name."""


def likeness(typed: str, number: str, *names: str) -> int | None:
    """The smaller the better, 0 for the very number; None where nothing of it fits.

    A number by its beginning or any part; a name by its signs, by the initials of their sounds, or by the sounds in full.
    """
    wanted = _bare(typed)
    if not wanted:
        return None
    code = _bare(number)
    if wanted == code:
        return 0
    if code.startswith(wanted):
        return 1
    ranks = [rank for name in names if name and (rank := _of_name(wanted, name)) is not None]
    if ranks:
        return min(ranks)
    return 8 if wanted in code else None


def _of_name(wanted: str, name: str) -> int | None:
    signs = _bare(name)
    if signs.startswith(wanted):
        return 2
    if wanted in signs:
        return 4
    if not (wanted.isascii() and wanted.isalnum()):
        return None
    short = initials(name)
    if short.startswith(wanted):
        return 3
    if len(wanted) < _FEWEST_LETTERS:
        return None
    if full(name).startswith(wanted):
        return 5
    return 6 if wanted in short else 7 if wanted in full(name) else None


def _bare(text: str) -> str:
    """Small, plain, and without blanks and hyphens, which everybody types otherwise."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "-_/")


def most_alike(
    items: Iterable[_Item], typed: str, texts: Callable[[_Item], tuple[str, ...]], most: int
) -> list[_Item]:
    """The items that fit best; `texts` gives number and names of one. Of equal ones the earlier comes first."""
    ranked = [(rank, item) for item in items if (rank := likeness(typed, *texts(item))) is not None]
    return [item for _, item in sorted(ranked, key=lambda each: each[0])[:most]]
