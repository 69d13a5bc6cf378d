"""Decisions about quotes: who may give them and how they come out; what follows stands in `models.quotes.approval` (R104, R106)."""

from __future__ import annotations

from models.approvals.matrix import APPROVERS
from models.decisions.subject_rule import SubjectRule
from models.messages.decision_subjects import Outcome, Subject
from models.values.vocabulary import Role

ROWS = (
    SubjectRule(Subject.QUOTE_APPROVAL, APPROVERS, (Outcome.APPROVE, Outcome.SEND_BACK)),
    SubjectRule(Subject.LATE_ACCEPTANCE, (Role.SALES_SUPERVISOR,), (Outcome.HONOUR, Outcome.REQUOTE)),
)
