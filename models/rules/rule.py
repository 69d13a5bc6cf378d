"""What is known of a rule: its title, its full text, its source, what is our own decision, what sets it."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.values.words import Words


@dataclass(frozen=True, slots=True)
class Document:
    """One of the company's procedures. `adds` says what the rules take from it."""

    name: str
    title: str
    adds: Words


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands: the document (`D20`), the place in it as the document counts, and the decisive sentence.

    An empty place means the document as a whole; an empty quote means that it says the same as another one quoted.
    """

    document: str
    place: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `switches` are the settings of `policy.toml` that set it: a setting, or a whole section."""

    name: str
    title: Words
    text: Words
    sources: tuple[Source, ...] = ()
    ours: Words = field(default_factory=lambda: Words("", ""))
    """What we decided because the procedures are silent or read in more than one way; empty: nothing."""
    switches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """The rules of one part of an order's life."""

    title: Words
    rules: tuple[Rule, ...]
