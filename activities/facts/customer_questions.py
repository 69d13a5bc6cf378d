"""What customers ask on their own page: a step at the desk until somebody answers, and the answer for their page (R18, R85)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Engine, func, select

from activities.facts.desk_steps import close_step, open_step, was_asked
from activities.notices.outbox import enter_row
from activities.store.database import reading, writing
from models.dossier.papers_due import Paper
from models.reports.desk_steps import ANSWER_MARK, ANSWERED, DeskStep, DeskStepKind, desk_step, step_key
from models.tables.registry import table
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

_RULE = "R18"
_NOTICES = {DeskStepKind.CUSTOMER_QUESTION: Paper.CUSTOMER_ASKED, DeskStepKind.REORDER: Paper.REORDER_ASKED}
_ANSWERED_ALREADY = Words("已有人答复", "somebody has answered already")

SAME_AGAIN = "照原样"
"""What stands for the words of a customer who wants the same once more and says nothing else."""


class Question(BaseModel):
    """What a customer asked, and what they were answered. Times UTC; without an answer it is still looked at, or was left."""

    kind: DeskStepKind
    words: str
    asked_at: datetime
    answer: str = ""
    answered_at: datetime | None = None


def ask(
    engine: Engine, kind: DeskStepKind, once: str, order: str, customer: str, salesperson: str, words: str, now: datetime
) -> bool:  # fmt: skip
    """Open a step at the desk, and tell the salesperson; False: this very question was asked before (`once`)."""
    subject = f"{order}/{once}"
    with writing(engine) as connection:
        if was_asked(connection, step_key(kind, subject)):
            return False
        open_step(
            connection,
            desk_step(
                kind, subject, now, rule=_RULE, order=order, number=order, customer=customer, words=words
            ),
        )
        paper = _NOTICES[kind]
        enter_row(
            connection,
            order=order,
            identity=f"{paper.value}:{once}",
            paper=paper,
            to=(Role.SALESPERSON,),
            person=salesperson,
            words=Words(paper.zh, paper.en).filled(words=words),
            rule=_RULE,
            created_at=now,
            content=None,
        )
    return True


def waiting_of(engine: Engine, order: str) -> int:
    """How many questions about this order wait for an answer."""
    steps = table("desk_steps")
    query = select(func.count()).select_from(steps).where(
        steps.c.order_number == order,
        steps.c.kind.in_([kind.value for kind in ANSWERED]),
        steps.c.closed_at.is_(None),
    )  # fmt: skip
    with reading(engine) as connection:
        return connection.scalar(query) or 0


def questions_of(engine: Engine, order: str) -> list[Question]:
    """What was asked about this order, the newest first, with what was answered."""
    steps = table("desk_steps")
    query = select(steps).where(
        steps.c.order_number == order, steps.c.kind.in_([kind.value for kind in ANSWERED])
    )
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(steps.c.since.desc(), steps.c.key)).mappings().all()
    found = []
    for row in rows:
        resolution = str(row["resolution"] or "")
        answer = resolution.removeprefix(ANSWER_MARK) if resolution.startswith(ANSWER_MARK) else ""
        kind = next(kind for kind in ANSWERED if kind.value == row["kind"])
        question = Question(
            kind=kind, words=row["about"]["words"], asked_at=row["since"], answer=answer,
            answered_at=row["closed_at"] if answer else None,
        )  # fmt: skip
        found.append(question)
    return found


def answered(engine: Engine, step: DeskStep, resolution: str, answer: str, now: datetime, by: str) -> None:
    """Close the step with its answer, and tell the customer. Raises Refusal(not_asked) where somebody was first."""
    with writing(engine) as connection:
        if not close_step(connection, step.key, now, by=by, resolution=resolution):
            raise Refusal(Code.NOT_ASKED, _ANSWERED_ALREADY, where=step.key)
        enter_row(
            connection,
            order=step.order_number,
            identity=f"{Paper.ANSWER.value}:{step.key}",
            paper=Paper.ANSWER,
            to=(Role.CUSTOMER,),
            words=Words(Paper.ANSWER.zh, Paper.ANSWER.en).filled(answer=answer),
            rule=_RULE,
            created_at=now,
            content=None,
        )
