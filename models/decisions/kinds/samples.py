"""Decisions about samples: what the customer says of the trial, and whether there is a further round (R130)."""

from __future__ import annotations

from models.decisions.subject_rule import SubjectRule
from models.dossier.decision_record import Asked
from models.dossier.decisions import void
from models.handlers.samples import another_round, end_trial
from models.messages.decision_subjects import Outcome, Subject, TrialDetail
from models.messages.envelope import Envelope
from models.order.order import Order
from models.values.vocabulary import Role


def _trial(order: Order, asked: Asked, envelope: Envelope) -> None:
    """After so many rounds the supervisor decides about another one."""
    if asked.outcome is not Outcome.CHANGE:
        end_trial(order, asked.outcome)
        return
    words = TrialDetail.model_validate(asked.detail).words
    if order.sample.round < order.policy.sample.rounds:
        another_round(order, words)
    else:
        order.sample.wish = words


def _another_round(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.APPROVE:
        another_round(order, order.sample.wish)
        void(order, Subject.ANOTHER_ROUND)
    else:
        end_trial(order, Outcome.END)


ROWS = (
    SubjectRule(
        Subject.TRIAL,
        (Role.CUSTOMER,),
        (Outcome.APPROVE, Outcome.CHANGE, Outcome.REFUSE),
        details={Outcome.CHANGE: TrialDetail},
        effect=_trial,
    ),
    SubjectRule(
        Subject.ANOTHER_ROUND,
        (Role.SALES_SUPERVISOR,),
        (Outcome.APPROVE, Outcome.REFUSE),
        effect=_another_round,
    ),
)
