"""The rows that every case that is no order has: its open steps and its decisions."""

from __future__ import annotations

from collections.abc import Iterator

from models.dossier.dossier import Dossier
from models.dossier.records.changed_rows import Watched


def decision_rows(dossier: Dossier) -> Iterator[Watched]:
    """Every decision that was asked for, those that fell too."""
    for asked in (*dossier.asked.values(), *dossier.voided):
        key = (("key", asked.key), ("version", asked.version))
        made = (len(asked.answers), asked.outcome, asked.voided_at)
        yield Watched("case_decisions", key, made, lambda asked=asked: {  # type: ignore[misc]
            "subject": asked.subject,
            "asked_at": asked.asked_at,
            "outcome": asked.outcome,
            "decided_at": asked.decided_at,
            "voided_at": asked.voided_at,
            "about": asked.about_words,
            "answers": asked.answers,
        })  # fmt: skip


def step_rows(dossier: Dossier, table: str) -> Iterator[Watched]:
    """Every open step, with the command that moves the case on."""
    for step in dossier.steps.values():
        state = (
            step.due,
            step.roles,
            step.people,
            tuple(step.values.items()),
            step.overdue_at,
            step.escalated_at,
            step.blocking,
        )
        yield Watched(table, (("key", step.key),), state, lambda step=step: {  # type: ignore[misc]
            "kind": step.kind,
            "roles": step.roles,
            "people": step.people,
            "rule": step.rule,
            "since": step.since,
            "due": step.due,
            "blocking": step.blocking,
            "overdue_at": step.overdue_at,
            "escalated_at": step.escalated_at,
            "zh": step.words.zh,
            "en": step.words.en,
            "command": f"{dossier.commands}{step.command(dossier.number)}",
            "closed_at": None,
        })  # fmt: skip
