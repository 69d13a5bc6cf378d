"""The company's procedures sentence by sentence: what each demands, by which rules, who carries it out, lives and shows it.

Written by hand in `books/procedures/`, a file for each document. A sentence that demands what another one demands says so
(`same_as`). What rests on a rule that is not built yet waits; which rules these are stands in one list
(`books/procedures/waiting.toml`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from books.places import places_in_code
from models.rules.table import RULES
from runtime.settings import ROOT

FOLDER = ROOT / "books" / "procedures"
WAITING_FILE = FOLDER / "waiting.toml"

RuleName = Annotated[str, Field(pattern=r"^R\d{2,3}$")]
Text = Annotated[str, Field(min_length=1)]


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Carried(_Written):
    """What of a sentence rests on these rules, and where that is carried out, lived and seen."""

    rules: tuple[RuleName, ...] = ()
    code: tuple[Text, ...] = ()
    """A module that names one of the rules, or `file:word` where it is no rule's place."""
    stories: tuple[Text, ...] = ()
    """Names below `stories/`, without `.yaml`."""
    tests: tuple[Text, ...] = ()
    """In place of stories, where a story makes no sense; `why_no_story` says why."""
    why_no_story: str = ""
    seen: tuple[Text, ...] = ()
    """What a person sees of it: `kind name`, with a kind of `books.seen`."""
    lacks: str = ""
    """What the sentence demands and the product does not do, though the rule is built; empty: nothing that we know of."""


class Sentence(Carried):
    """One demanding sentence, in the words of the document; `…` stands for what is left out."""

    says: Text
    same_as: str = ""
    """Another sentence that demands the same; then nothing else is said here."""
    also: tuple[Carried, ...] = ()
    """The same for what of it rests on other rules, of which some may still wait."""

    @model_validator(mode="after")
    def _says_one_or_the_other(self) -> Sentence:
        own = [name for name in Carried.model_fields if getattr(self, name)]
        if self.same_as and (own or self.also):
            raise ValueError(f"same as {self.same_as}, and yet it says {', '.join(own) or 'also'}")
        if not self.same_as and not all(part.rules for part in self.own_parts):
            raise ValueError("no rule is named")
        return self

    @property
    def own_parts(self) -> tuple[Carried, ...]:
        """Itself, and what it says beside."""
        return (self, *self.also)


class Waits(_Written):
    """A rule that is not built, or not the whole of it."""

    what: Text = Field(alias="for")
    until: str = ""
    """`file:word` by which one sees that the rest of it has come; empty: that a module names the rule."""


Sentences = dict[str, Sentence]


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def waiting() -> dict[str, Waits]:
    """Rule -> what it waits for."""
    return TypeAdapter(dict[RuleName, Waits]).validate_python(_read(WAITING_FILE))


@cache
def documents() -> dict[str, Sentences]:
    """Document -> its sentences, each in the order of the document."""
    files = {f"D{int(file.stem[1:])}": file for file in FOLDER.glob("d[0-9][0-9].toml")}
    read = TypeAdapter(Sentences)
    return {name: read.validate_python(_read(files[name])) for name in sorted(files, key=_number)}


def _number(document: str) -> int:
    return int(document[1:])


@cache
def sentences() -> Sentences:
    """Every sentence by its place: `D20.9.3` is step 9 (3) of the twentieth document."""
    return {place: sentence for each in documents().values() for place, sentence in each.items()}


def parts_of(sentence: Sentence) -> tuple[Carried, ...]:
    """What carries it: its own, or that of the sentence which demands the same."""
    return sentences()[sentence.same_as].own_parts if sentence.same_as else sentence.own_parts


def waits(part: Carried) -> bool:
    """Whether it rests on a rule of the list."""
    return any(rule in waiting() for rule in part.rules)


def is_built(rule: str) -> bool:
    """Whether the rule stands in the table and a module names it; or, of one that is built in part, whether the rest has come."""
    listed = waiting().get(rule)
    if listed is not None and listed.until:
        return stands(listed.until)
    return rule in RULES and rule in places_in_code()


def stands(place: str) -> bool:
    """Whether there is this file; of `file:word`, whether the word stands in it."""
    name, _, word = place.partition(":")
    file = ROOT / name
    return file.is_file() and word in file.read_text(encoding="utf-8")


def rules_of(sentence: Sentence) -> Iterator[str]:
    """Every rule on which it rests."""
    return (rule for part in parts_of(sentence) for rule in part.rules)
