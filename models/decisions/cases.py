"""Decisions about after-sales cases: who may give them and how they come out (R142, R143).

What follows stands in `models.cases.deciding`.
"""

from __future__ import annotations

from models.approvals.matrix import APPROVERS
from models.cases.contents import CaseGrant, CaseRefusal
from models.decisions.subject_rule import SubjectRule
from models.messages.decision_subjects import Outcome, Subject
from models.values.vocabulary import Role

ROWS = (
    SubjectRule(
        Subject.CASE_ADMISSION,
        (Role.SERVICE_SUPERVISOR,),
        (Outcome.APPROVE, Outcome.REFUSE),
        details={Outcome.REFUSE: CaseRefusal},
    ),
    SubjectRule(
        Subject.CASE_DECISION,
        APPROVERS,
        (Outcome.APPROVE, Outcome.REFUSE),
        details={Outcome.APPROVE: CaseGrant, Outcome.REFUSE: CaseRefusal},
    ),
    SubjectRule(
        Subject.CASE_REVIEW,
        APPROVERS,
        (Outcome.APPROVE, Outcome.KEEP),
        details={Outcome.APPROVE: CaseGrant},
    ),
)
