"""Texts in both languages, and values that are refused in both."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Language(StrEnum):
    """The languages in which people are spoken to."""

    ZH = "zh"
    EN = "en"


@runtime_checkable
class Bilingual(Protocol):
    """Whatever reads differently in the two languages: words, terms."""

    zh: str
    en: str


class Words:
    """One text in both languages."""

    __slots__ = ("en", "zh")

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en

    @staticmethod
    def listed(parts: Iterable[Bilingual]) -> Words:
        """Several texts as one enumeration."""
        known = list(parts)
        return Words("、".join(part.zh for part in known), ", ".join(part.en for part in known))

    def in_language(self, language: Language) -> str:
        """The text in the language asked for."""
        return self.zh if language is Language.ZH else self.en

    def filled(self, **values: object) -> Words:
        """The same words with their placeholders filled in; a value that has both languages goes into each."""
        # `getattr` and not `isinstance`: a protocol looks at every attribute anew each time.
        zh = {name: getattr(value, "zh", value) for name, value in values.items()}
        en = {name: getattr(value, "en", value) for name, value in values.items()}
        return Words(self.zh.format(**zh), self.en.format(**en))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and (self.zh, self.en) == (other.zh, other.en)

    def __hash__(self) -> int:
        return hash((self.zh, self.en))

    def __repr__(self) -> str:
        return f"Words({self.zh!r}, {self.en!r})"


class InvalidValue(ValueError):
    """A value that a field does not take, said in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.words = Words(zh, en)
