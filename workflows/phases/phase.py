"""What a phase is: what it does, what it still needs, and what it will ask for later.

`settle` lets happen what follows from the state (a sheet is made, a decision is asked for, goods are released), once a
round. `needs` only looks: asking it changes nothing, however often. A phase without a need that blocks is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from models.decisions.subjects import SUBJECTS
from models.dossier.open_steps import Need
from models.dossier.step_kinds import StepKind
from models.messages.decision_subjects import Subject
from models.order.duties import named_for
from models.order.order import Order

Needs = Iterator[Need]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step that a phase will ask for when the order comes to it, unless `when` says that this order has none."""

    what: StepKind | Subject
    when: Callable[[Order], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of an order's life."""

    settle: Callable[[Order], frozenset[str] | None]
    """What follows from the state; doing it again changes nothing. It may name steps that were answered by just this
    and close a round later."""
    needs: Callable[[Order], Needs]
    """What it still waits for. Leaves the order untouched."""
    ahead: tuple[Ahead, ...] = ()
    """What it usually waits for, in this order: shown as what comes next, before it is known exactly."""


def decision_needed(
    order: Order,
    subject: Subject,
    line: int | None = None,
    *,
    hours: Decimal | None = None,
    blocking: bool = True,
) -> Needs:
    """A step for those who have still to answer what was asked; nothing once it is decided, or before it is asked."""
    asked = order.decision(subject, line)
    if asked is None or asked.outcome is not None:
        return
    rule = SUBJECTS[subject]
    roles = rule.missing(order, asked)
    yield Need(
        key=f"decision:{asked.key}",
        kind=StepKind.DECISION,
        roles=roles,
        rule=rule.rule,
        hours=hours if hours is not None else order.policy.limits.decision_hours,
        blocking=blocking,
        values={
            "subject": subject.value + (f" --line {line}" if line is not None else ""),
            "subject_zh": subject.zh + (f"(第{line}行)" if line is not None else ""),
            "subject_en": subject.en + (f" (line {line})" if line is not None else ""),
            "version": str(asked.version),
            "outcomes": "/".join(rule.outcomes),
        },
        people=named_for(order, subject, roles),
    )
