"""How any durable case moves: what is said is taken, time passes, steps open and close, until nothing moves any more.

Pure: the same functions run in the durable workflow, in tests and in rehearsals. Everything is worked out from the
state, again and again; so facts may come early, late, twice or out of order. What the case is about stands in its
`CaseKind`; nothing here knows an order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from models.dossier import receive as receiving
from models.dossier.dossier import Dossier
from models.dossier.journal import EntryKind
from models.dossier.open_steps import Need, OpenStep
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.messages.fact_kind import FactKind
from models.messages.reply import Reply
from models.values.calendar import hours_of
from models.values.vocabulary import Role
from models.writing.written_numbers import Manner

MOST_ROUNDS = 64
D = TypeVar("D", bound=Dossier)

Needed = Mapping[str, Sequence[Need]]
"""What a case waits for, by the part of it that does: a phase, or `""` for what belongs to none."""


def never_rests(dossier: Dossier, step: OpenStep) -> bool:
    """Every step is watched at all times."""
    return False


@dataclass(frozen=True, slots=True)
class Round(Generic[D]):
    """One look at a case in the mode in which it is now: the usual way, on hold, or about to end."""

    settle: Callable[[D], frozenset[str]]
    """What follows from the state. The keys it gives back are of steps that were answered by just this: they close in
    the next round, after what follows has opened."""
    needs: Callable[[D], Needed]
    """What it waits for; pure."""
    move: Callable[[D, Needed], None]
    """On to where the needs let it go."""


@dataclass(frozen=True, slots=True)
class CaseKind(Generic[D]):
    """What makes one kind of case different from another."""

    facts: Mapping[str, FactKind]
    """What may be said to it."""
    round_of: Callable[[D], Round[D]]
    """How it is looked at now."""
    before_each_round: Callable[[D], None]
    """Brings up to date what time alone changes, before anything is asked."""
    deadlines: Callable[[D], Iterator[datetime]]
    """Moments at which something happens by itself, beside the limits of open steps."""
    pass_deadlines: Callable[[D], None]
    """What happens at those moments."""
    rests: Callable[[D, OpenStep], bool] = never_rests
    """Whether nobody is reminded of this step now; its limit is looked at again when it goes on."""


def check(kind: CaseKind[D], raw: object, manner: Manner = Manner.KEPT) -> receiving.Checked:
    """What was said, if it is well formed, of a known kind and from a role that may say it; else a Refusal."""
    return receiving.check(kind.facts, raw, manner)


def receive(kind: CaseKind[D], dossier: D, raw: object, now: datetime) -> Reply:
    """Take what is said at this moment and do what follows from it. Never raises for bad input."""
    advance(kind, dossier, now)
    reply = receiving.take(dossier, kind.facts, raw, now)
    proceed(kind, dossier)
    # A step may open when its time is over already.
    advance(kind, dossier, now)
    return reply.model_copy(update={"sequence": reply.sequence or dossier.sequence})


def advance(kind: CaseKind[D], dossier: D, now: datetime) -> datetime | None:
    """It is now `now`: everything that became due since the last look happens, each at its own moment, once.

    Returns the next moment at which something happens by itself.
    """
    while (deadline := next_deadline(kind, dossier)) is not None and deadline <= now:
        dossier.clock = max(dossier.clock, deadline)
        kind.pass_deadlines(dossier)
        if dossier.hold is None:
            _watch_limits(kind, dossier)
        proceed(kind, dossier)
    dossier.clock = max(dossier.clock, now)
    return deadline


def look_again(kind: CaseKind[D], dossier: D, now: datetime) -> datetime | None:
    """Like `advance`, where something changed that nobody said: what follows from it is done as well."""
    advance(kind, dossier, now)
    proceed(kind, dossier)
    return advance(kind, dossier, now)


def proceed(kind: CaseKind[D], dossier: D) -> None:
    """Make rounds (what follows, steps closed and opened, on to the next phase) until one changes nothing. Raises RuntimeError after 64."""
    for _ in range(MOST_ROUNDS):
        if not dossier.lives or not _one_round(kind, dossier):
            return
    raise RuntimeError(f"case {dossier.number} does not come to rest")


def _one_round(kind: CaseKind[D], dossier: D) -> bool:
    """One look; whether another one may find more."""
    kind.before_each_round(dossier)
    if dossier.hold is None and receiving.retry_early(dossier, kind.facts):
        return True
    look = kind.round_of(dossier)
    before = dossier.sequence
    answered = look.settle(dossier)
    settled = dossier.sequence != before
    needed = look.needs(dossier)
    needs = [need for part in needed.values() for need in part]
    _close(dossier, needs, answered)
    _open(dossier, needs)
    noted = dossier.sequence
    look.move(dossier, needed)
    # Steps that open or close change nothing that the next round looks at.
    return settled or dossier.sequence != noted or kind.round_of(dossier) is not look


def _close(dossier: Dossier, needs: Sequence[Need], answered: frozenset[str]) -> None:
    """Close the steps that are no longer needed; on hold everything stays as it is."""
    if dossier.hold is not None:
        return
    kept = {need.key for need in needs} | answered
    for key in [key for key in dossier.steps if key not in kept]:
        done = dossier.steps.pop(key)
        dossier.note(EntryKind.DONE, key, rule=done.rule, late=done.overdue_at is not None)


def _open(dossier: Dossier, needs: Sequence[Need]) -> None:
    for need in needs:
        step = dossier.steps.get(need.key)
        if step is None:
            step = dossier.steps[need.key] = _opened(dossier, need)
        step.values, step.roles, step.blocking = need.values, need.roles, need.blocking
        step.people = need.people or step.people
        # The balance keeps the day on which it was first asked for; whatever else has a day follows it.
        if need.due is not None and step.overdue_at is None and need.kind is not StepKind.BALANCE:
            step.due = max(need.due, step.since, step.extended_to or step.since)


def _opened(dossier: Dossier, need: Need) -> OpenStep:
    due = need.due or dossier.clock + hours_of(need.hours)
    step = OpenStep(
        key=need.key,
        kind=need.kind,
        roles=need.roles,
        people=need.people or tuple(person for role in need.roles if (person := dossier.staff.person(role))),
        rule=need.rule,
        since=dossier.clock,
        due=due,
        blocking=need.blocking,
        values=need.values,
    )
    dossier.note(
        EntryKind.WAITING,
        need.key,
        rule=need.rule,
        roles=[role.value for role in need.roles],
        due=due.isoformat(),
    )
    return step


def close_all(dossier: Dossier) -> None:
    """The case ends: nobody is waited for any more."""
    for key in list(dossier.steps):
        dossier.note(EntryKind.DONE, key, rule=dossier.steps.pop(key).rule, late=False)


def on_hold(dossier: Dossier) -> Needed:
    """While a case is on hold it waits for nothing but going on."""
    hold = dossier.hold
    resume = Need(
        "resume",
        StepKind.RESUME,
        (Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR),
        "R47",
        hours=dossier.policy.limits.owed_paper_hours,
        values={"reason": hold.reason if hold is not None else ""},
    )
    return {"": [resume]}


# --- time --------------------------------------------------------------------------------------------------------


def next_deadline(kind: CaseKind[D], dossier: D) -> datetime | None:
    """The nearest moment at which something happens by itself; None when nothing does. Absolute, in the state."""
    return min(_deadlines(kind, dossier), default=None) if dossier.lives else None


def _deadlines(kind: CaseKind[D], dossier: D) -> Iterator[datetime]:
    yield from kind.deadlines(dossier)
    if dossier.hold is None:
        escalate = hours_of(dossier.policy.limits.escalate_after_hours)
        for step in _watched(kind, dossier):
            if step.overdue_at is None:
                yield step.due
            elif step.escalated_at is None:
                yield step.overdue_at + escalate


def _watched(kind: CaseKind[D], dossier: D) -> Iterator[OpenStep]:
    return (step for step in dossier.steps.values() if not kind.rests(dossier, step))


def _watch_limits(kind: CaseKind[D], dossier: D) -> None:
    """R13: a passed limit is overdue: its owner, then the owner's superior are told."""
    escalate = hours_of(dossier.policy.limits.escalate_after_hours)
    for step in _watched(kind, dossier):
        if step.overdue_at is None and step.due <= dossier.clock:
            step.overdue_at = dossier.clock
            dossier.note(EntryKind.OVERDUE, step.key, rule=step.rule, due=step.due.isoformat())
            dossier.intend(
                Paper.OVERDUE, f"{step.key}:{dossier.sequence}", step.roles, "R13", what=step.words
            )
        elif (
            step.overdue_at is not None
            and step.escalated_at is None
            and step.overdue_at + escalate <= dossier.clock
        ):
            step.escalated_at = dossier.clock
            told = [superior for person in step.people if (superior := dossier.staff.superior_of(person))]
            dossier.note(EntryKind.ESCALATED, step.key, rule="R13", told=told)
