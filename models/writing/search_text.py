"""Texts as they are searched: what one looks for and what is looked through are written the same way."""

from __future__ import annotations

import unicodedata

MOST_PARTS = 8
"""More words than these are not looked for one by one; what follows belongs to the last of them."""


def searched(text: str) -> str:
    """The text without what nobody tells apart: wide and narrow signs, large and small letters, blanks around and in rows."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def parts_of(query: str) -> tuple[str, ...]:
    """What is looked for: every part, parted by blanks, must be found. No sign in it means anything but itself."""
    return tuple(searched(query).split(" ", MOST_PARTS - 1)) if searched(query) else ()


def grams(text: str) -> set[str]:
    """Every sign and every two signs in a row: whatever stands in the text, all of its own are among them."""
    signs = set(text)
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return {each for each in signs | pairs if "\n" not in each}


def asked_grams(part: str) -> set[str]:
    """What a text must have that the part stands in."""
    return {part[at : at + 2] for at in range(len(part) - 1)} or {part}
