"""What makes the stories of one kind of case different from those of another; everything else about playing them is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from models.dossier.dossier import Dossier
from models.dossier.errands import ErrandDone
from models.dossier.journal import JournalEntry
from models.dossier.papers_due import Paper
from models.values.vocabulary import Role, Term
from rehearsal.story import Answer, Title
from workflows.engine.carried_case import CarriedCase
from workflows.engine.durable_kind import DurableKind

D = TypeVar("D", bound=Dossier)
S = TypeVar("S", bound="Script")

Look = tuple[str, object, object]
"""What was looked at, what was expected of it, what was found."""
Outside = Mapping[str, Callable[[Any], ErrandDone]]
"""By the name of its activity: what comes of an errand, however often it is asked. Each is an activity itself."""


class Move(Protocol):
    """Something that is said, or looked at, at a moment (UTC)."""

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def envelope(self) -> dict[str, Any] | None:
        """What is said; None: only looked."""
        ...

    @property
    def answer(self) -> Answer | None:
        """What is to be answered; None: anything but a refusal."""
        ...

    @property
    def expected(self) -> Expected | None:
        """What must be true; None: nothing is looked at."""
        ...


class Expected(Protocol):
    """What the stories of every kind may expect."""

    @property
    def stage(self) -> Term | None:
        """Where the case stands."""
        ...

    @property
    def ended(self) -> Term | bool | None:
        """How it ended, or whether."""
        ...

    @property
    def waiting(self) -> tuple[str, ...] | None:
        """The keys of all open steps."""
        ...

    @property
    def waits_on(self) -> tuple[Role, ...] | None:
        """The roles of the step that is due first."""
        ...

    @property
    def papers(self) -> tuple[Paper, ...]:
        """Papers that are due by then."""
        ...

    @property
    def rules(self) -> tuple[str, ...]:
        """Rules that the journal names by then."""
        ...


class Story(Protocol):
    """A story as it was written."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def title(self) -> Title:
        """What it tells."""
        ...

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it says it is about."""
        ...


class Start(Protocol):
    """What a case begins with."""

    @property
    def number(self) -> str:
        """The case's number."""
        ...


class Script(Protocol):
    """A story made ready to be played."""

    @property
    def story(self) -> Story:
        """As it was written."""
        ...

    @property
    def begins(self) -> datetime:
        """When, UTC."""
        ...

    @property
    def start(self) -> Start:
        """What the case begins with."""
        ...

    @property
    def moves(self) -> Sequence[Move]:
        """In the order of time."""
        ...


@dataclass(frozen=True, slots=True)
class StoryKind(Generic[D, S]):
    """One kind: a row of what the players need to know."""

    word: str
    """What such a case is called, and the query that shows it."""
    durable: DurableKind[D]
    dossier: type[D]
    begin: Callable[[Any, datetime], D]
    carried: Callable[[D, int], CarriedCase[D]]
    """The case as a run after the first gets it, to be continued as new after so many events."""
    stage: Callable[[D], Term]
    ending: Callable[[D], Term | None]
    looks: Callable[[Any, D], Iterator[Look]]
    """What only this kind looks at, by a move of its scripts."""
    outside: Callable[[Sequence[S]], Outside]
    """What these stories have in place of the house and its orders."""
    hash_of: Callable[[D, int], str | None] = lambda dossier, version: None
    """The hash of a version, which stands in place of `{digest}`."""


def all_looks(
    kind: StoryKind[D, S], move: Move, dossier: D, journal: Sequence[JournalEntry]
) -> Iterator[Look]:
    """Everything that the story expects at this moment, with what was found."""
    expected = move.expected
    if expected is None:
        return
    steps = sorted(dossier.steps.values(), key=lambda step: (step.due, step.key))
    waiting = None if expected.waiting is None else sorted(expected.waiting)
    usual: list[Look] = [
        ("stage", expected.stage, kind.stage(dossier)),
        ("waiting", waiting, sorted(dossier.steps)),
        ("waits_on", expected.waits_on, steps[0].roles if steps else ()),
    ]
    if isinstance(expected.ended, bool):
        usual.append(("ended", expected.ended, not dossier.lives))
    else:
        usual.append(("ended", expected.ended, kind.ending(dossier)))
    yield from (look for look in (*usual, *kind.looks(move, dossier)) if look[1] is not None)
    papers = {identity.partition(":")[0] for identity in dossier.intended}
    yield from (
        ("paper", paper.value, paper.value if paper.value in papers else "") for paper in expected.papers
    )
    named = {entry.rule for entry in journal}
    yield from (("rule", rule, rule if rule in named else "") for rule in expected.rules)
