"""Who kept the limits and who did not, by how much and by which rule (R86): read from journals. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.dossier.journal import EntryKind, JournalEntry
from models.dossier.open_steps import StepKind
from models.messages.decision_subjects import Subject
from models.values.vocabulary import Words


@dataclass(frozen=True, slots=True)
class TimedStep:
    """One step of an order from its opening to its end. `late` is how much longer than its limit it took."""

    order: str
    subject: str
    rule: str
    role: str
    since: datetime
    due: datetime
    closed: datetime | None
    late: timedelta

    @property
    def kept(self) -> bool:
        """Whether it was done within its limit."""
        return not self.late


@dataclass(slots=True)
class Record:
    """One person's steps in a period."""

    person: str
    kept: int = 0
    missed: int = 0
    late: timedelta = timedelta()
    rules: dict[str, int] = field(default_factory=dict)

    def count(self, step: TimedStep) -> None:
        """Add one of the person's steps."""
        if step.kept:
            self.kept += 1
            return
        self.missed += 1
        self.late += step.late
        self.rules[step.rule] = self.rules.get(step.rule, 0) + 1


def timed_steps(order: str, journal: Iterable[JournalEntry], until: datetime) -> list[TimedStep]:
    """Every step of a journal that was closed, or was due, before `until`."""
    opened: dict[str, JournalEntry] = {}
    found = []
    for entry in journal:
        if entry.kind is EntryKind.WAITING:
            opened[entry.subject] = entry
        elif entry.kind is EntryKind.DONE and entry.subject in opened:
            found.append(_step(order, opened.pop(entry.subject), entry.happened_at, until))
        elif entry.kind is EntryKind.ENDED:
            found += [_step(order, each, entry.happened_at, until) for each in opened.values()]
            opened.clear()
    found += [_step(order, each, None, until) for each in opened.values()]
    return [step for step in found if step is not None]


def _step(order: str, opened: JournalEntry, closed: datetime | None, until: datetime) -> TimedStep | None:
    due = datetime.fromisoformat(opened.data["due"])
    if closed is not None and closed >= until:
        closed = None
    if closed is None and due >= until:
        return None
    roles = opened.data.get("roles") or ["system"]
    late = (closed or until) - due
    return TimedStep(
        order=order,
        subject=opened.subject,
        rule=opened.rule,
        role=roles[0],
        since=opened.happened_at,
        due=due,
        closed=closed,
        late=max(late, timedelta()),
    )


def records(steps: Iterable[TimedStep], person_of: Callable[[TimedStep], str]) -> list[Record]:
    """What each person kept and missed, who missed most first."""
    found: dict[str, Record] = {}
    for step in steps:
        person = person_of(step)
        found.setdefault(person, Record(person)).count(step)
    return sorted(found.values(), key=lambda each: (-each.late, -each.missed, each.person))


_NAMED_OTHERWISE = {
    "enter": StepKind.ENTER_WAREHOUSE,
    "recheck": StepKind.RECHECK_PROMISE,
    "collect": StepKind.COLLECT_GOODS,
    "follow": StepKind.FOLLOW_SHIPMENT,
}
"""Steps whose key begins with another word than their kind; open orders hold these keys, so they stay."""


def name_of(subject: str) -> Words:
    """What a step with this key is called, without its particulars."""
    kind, _, rest = subject.partition(":")
    if kind == StepKind.DECISION.value:
        asked = next((each for each in Subject if each.value == rest.partition(":")[0]), None)
        return Words(f"待决定:{asked.zh}", f"to be decided: {asked.en}") if asked else Words(subject, subject)
    step = _NAMED_OTHERWISE.get(kind) or next((each for each in StepKind if each.value == kind), None)
    return (
        Words(*(_before_the_particulars(text) for text in (step.zh, step.en)))
        if step
        else Words(subject, subject)
    )


def _before_the_particulars(text: str) -> str:
    return re.sub(r"[ ::第¥]+$", "", text.partition("{")[0])
