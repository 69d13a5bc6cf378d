"""A piece of a message while it is read: what was understood is taken out of it, and the rest is what was not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

TAKEN = "\ue000"
"""Stands where something was taken out, so that what is left stays where it was; a sign that is in no text."""
_APART = re.compile(
    rf"[{TAKEN}\s,，.。;；:：!！?？、~～()（）\[\]【】\"“”'‘’*#+=|/—]+|(?<![0-9A-Za-z])-+|-+(?![0-9A-Za-z])"
)
_WORD = re.compile(r"[0-9A-Za-z\u3400-\u9fff]")


class Scrap:
    """One line of a message."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._left = list(text)

    @property
    def left(self) -> str:
        """What nobody has taken yet."""
        return "".join(self._left)

    def take(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Every place that fits, taken out one by one."""
        for found in list(pattern.finditer(self.left)):
            self.drop(found.start(), found.end())
            yield found

    def take_first(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first place that fits, taken out."""
        found = pattern.search(self.left)
        if found is not None:
            self.drop(found.start(), found.end())
        return found

    def drop(self, start: int, end: int) -> None:
        """Take out what stands between these places."""
        self._left[start:end] = TAKEN * (end - start)

    def restore(self, start: int, words: str) -> None:
        """Put back what was taken out and then not understood after all."""
        self._left[start : start + len(words)] = words

    def take_all(self) -> None:
        """Nothing of it is left."""
        self.drop(0, len(self._left))

    def rest(self) -> tuple[str, ...]:
        """The words that are left, each as it was written."""
        parts = (part.strip() for part in _APART.split(self.left))
        return tuple(part for part in parts if _WORD.search(part))


def folded(text: str) -> str:
    """Full-width letters and figures as plain ones, line by line; nothing else is another."""
    wide = {
        ord(sign): unicodedata.normalize("NFKC", sign) for sign in set(text) if "\uff01" <= sign <= "\uff5e"
    }
    wide.pop(ord("，"), None)
    return text.translate(wide).replace("\r\n", "\n").replace("\u3000", " ").replace(TAKEN, " ")
