"""Samples 样品: another round, and how a trial ends (R130)."""

from __future__ import annotations

from models.dossier.decisions import void
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Outcome, Subject
from models.order.order import Order
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words

_ENDED: dict[Outcome | None, Words] = {
    Outcome.APPROVE: Words(
        "客户认可样品，可按样下单", "the customer approves of the sample; an order may be made of it"
    ),
    Outcome.REFUSE: Words("客户不要", "the customer does not want it"),
    Outcome.END: Words("主管决定不再打样", "the supervisor makes no further round"),
    None: Words("试用期满没有答复，关闭", "nothing was heard in the time of the trial; it is closed"),
}


def another_round(order: Order, words: str) -> None:
    """The samples are made once more: looked into, dated, made, sent and tried anew; the fee stays what it is."""
    sample = order.sample
    sample.round += 1
    sample.wish = ""
    for line in order.request.lines:
        for subject in (Subject.TECHNICAL, Subject.OLD_RECIPE, Subject.PRODUCTION_DATE):
            void(order, subject, line.line)
        order.replaced[line.line] = order.replaced.get(line.line, NOTHING) + line.quantity
        order.finished_lines.discard(line.line)
    order.phase = order.kind.goes_back_to
    order.note(EntryKind.PHASE, order.phase.value, rule="R130", round=sample.round)
    order.intend(
        Paper.SAMPLE_ROUND,
        str(sample.round),
        (Role.TECHNICAL, Role.PRODUCTION, Role.SALESPERSON),
        "R130",
        round=sample.round,
        words=words,
    )


def end_trial(order: Order, result: Outcome | None) -> None:
    """The trial is over: by the customer's word, the supervisor's, or by silence (None)."""
    sample = order.sample
    sample.result, sample.tried_at, sample.wish = result, order.clock, ""
    order.intend(Paper.SAMPLE_TRIED, "1", (Role.SALESPERSON, Role.SERVICE_CLERK), "R130", how=_ENDED[result])
