"""How well what somebody types fits something that has a number and a name: for lists of proposals."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from models.writing.pinyin import full, initials

_Item = TypeVar("_Item")
_FEWEST_LETTERS = 2
"""So many letters of a name in full; one alone fits nearly every name."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number and names as they are compared with what somebody types: worked out once for what is looked through often."""

    number: str
    names: tuple[tuple[str, str, str], ...]
    """Each name by its signs, by the initials of their sounds, by the sounds in full."""


def spelled(number: str, *names: str) -> Spelled:
    """How a number and these names are compared; an empty name is none."""
    return Spelled(_bare(number), tuple((_bare(each), initials(each), full(each)) for each in names if each))


def likeness(typed: str, number: str, *names: str) -> int | None:
    """The smaller the better, 0 for the very number; None where nothing of it fits.

    A number by its beginning or any part; a name by its signs, by the initials of their sounds, or by the sounds in full.
    """
    return likeness_of(_bare(typed), spelled(number, *names))


def likeness_of(wanted: str, known: Spelled) -> int | None:
    """The same for what is spelled already; `wanted` is what was typed, small and plain."""
    if not wanted:
        return None
    if wanted == known.number:
        return 0
    if known.number.startswith(wanted):
        return 1
    ranks = [rank for name in known.names if (rank := _of_name(wanted, *name)) is not None]
    if ranks:
        return min(ranks)
    return 8 if wanted in known.number else None


def _of_name(wanted: str, signs: str, short: str, whole: str) -> int | None:
    if signs.startswith(wanted):
        return 2
    if wanted in signs:
        return 4
    if not (wanted.isascii() and wanted.isalnum()):
        return None
    if short.startswith(wanted):
        return 3
    if len(wanted) < _FEWEST_LETTERS:
        return None
    if whole.startswith(wanted):
        return 5
    return 6 if wanted in short else 7 if wanted in whole else None


def _bare(text: str) -> str:
    """Small, plain, and without blanks and hyphens, which everybody types otherwise."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "-_/")


def most_alike(
    items: Iterable[_Item], typed: str, texts: Callable[[_Item], tuple[str, ...]], most: int
) -> list[_Item]:
    """The items that fit best; `texts` gives number and names of one. Of equal ones the earlier comes first."""
    return most_like(((each, spelled(*texts(each))) for each in items), typed, most)


def most_like(items: Iterable[tuple[_Item, Spelled]], typed: str, most: int) -> list[_Item]:
    """The same among items that are spelled already."""
    wanted = _bare(typed)
    ranked = [(rank, item) for item, known in items if (rank := likeness_of(wanted, known)) is not None]
    return [item for _, item in sorted(ranked, key=lambda each: each[0])[:most]]
