"""How a phase says what it still needs. A phase that yields nothing that blocks is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from models.dossier.open_steps import Need, StepKind
from models.handlers.decisions import ask
from models.messages.decision_subjects import SUBJECTS, Subject
from models.order.order import Order

Needs = Iterator[Need]
Phase = Callable[[Order], Needs]


def decided(
    order: Order,
    subject: Subject,
    about: dict[str, Any],
    line: int | None = None,
    *,
    hours: Decimal | None = None,
    blocking: bool = True,
) -> Needs:
    """Nothing, once this very thing was decided; until then a step for those who have still to answer."""
    asked = ask(order, subject, about, line)
    if asked.outcome is not None:
        return
    yield Need(
        key=f"decision:{asked.key}",
        kind=StepKind.DECISION,
        roles=asked.missing_roles,
        rule=SUBJECTS[subject].rule,
        hours=hours if hours is not None else order.policy.limits.decision_hours,
        blocking=blocking,
        values={
            "subject": subject.value + (f" --line {line}" if line is not None else ""),
            "subject_zh": subject.zh + (f"(第{line}行)" if line is not None else ""),
            "subject_en": subject.en + (f" (line {line})" if line is not None else ""),
            "version": str(asked.version),
            "outcomes": "/".join(SUBJECTS[subject].outcomes),
        },
    )
