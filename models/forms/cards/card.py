"""A card: three to six facts, and one sentence why somebody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from models.forms.cards.order_seen import OrderSeen
from models.values.vocabulary import Words

MOST_FACTS = 6
"""More than so many facts nobody weighs at a glance; the rest stands on the order's page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: by which step or fact, about which line, and what of it is known."""

    kind: str
    subject: str = ""
    line: int | None = None
    says: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    def number(self, name: str) -> int | None:
        """A whole number that the step names; None where it names none."""
        text = self.says.get(name, "")
        return int(text) if text.isdecimal() and len(text) < 10 else None

    @property
    def about_line(self) -> int | None:
        """The line that it is about."""
        return self.line if self.line is not None else self.number("line")

    @property
    def release(self) -> int | None:
        """The release that it is about: the key says it."""
        _, _, number = self.key.partition(":")
        return int(number) if number.isdecimal() and len(number) < 10 else None


@dataclass(frozen=True, slots=True)
class CardFact:
    """One fact. `marked`: something in it is not as it should be, and is shown so."""

    words: Words
    value: Words
    marked: bool = False


class FactOf(Protocol):
    """One fact of an order for what is asked; None where nothing is known of it."""

    def __call__(self, order: OrderSeen, asked: Asked) -> CardFact | None: ...


@dataclass(frozen=True, slots=True)
class Either:
    """One fact, and where nothing is known of it the other one in its place."""

    first: FactOf
    other: FactOf

    def __call__(self, order: OrderSeen, asked: Asked) -> CardFact | None:
        """The first that is known."""
        return self.first(order, asked) or self.other(order, asked)


@dataclass(frozen=True, slots=True)
class CardRow:
    """What stands on the card of one kind of step, or of one subject; `compared`: the sheet stands beside the order."""

    why: Words
    facts: tuple[FactOf, ...]
    compared: bool = False

    def tells(self, fact: FactOf) -> bool:
        """Whether this fact may stand on it."""
        return any(
            fact is each or (isinstance(each, Either) and fact in (each.first, each.other))
            for each in self.facts
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """One datum of the sheet that the customer has, beside the order's."""

    words: Words
    sheet: Words
    order: Words

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.sheet != self.order


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown of one thing that is asked."""

    why: Words
    facts: tuple[CardFact, ...] = ()
    compared: tuple[Compared, ...] = ()

    @property
    def differences(self) -> int:
        """How many data of the sheet are not the order's."""
        return sum(each.differs for each in self.compared)
