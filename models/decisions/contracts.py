"""Decisions about contracts: who may give them and how they come out; what follows stands in `models.contracts.approval` (R106, R107)."""

from __future__ import annotations

from models.approvals.matrix import APPROVERS
from models.decisions.subject_rule import SubjectRule
from models.messages.decision_subjects import Outcome, Subject

ROWS = (SubjectRule(Subject.CONTRACT_APPROVAL, APPROVERS, (Outcome.APPROVE, Outcome.SEND_BACK)),)
"""A contract is approved, or sent back with the reason."""
