"""Who reads which report: those to whom it goes, and the supervisors (R73, R79, R86). Pure.

The responsibility report names people and goes to no one but those to whom it is sent.
"""

from __future__ import annotations

from models.access import Caller
from models.company.keepers import SUPERVISORS, has_one_of
from models.reports.report import PAPERS, ReportKind
from models.values.vocabulary import Role


def readers_of(kind: ReportKind) -> frozenset[Role]:
    """The roles that read a report."""
    told = frozenset(PAPERS[kind][2])
    return told if kind is ReportKind.RESPONSIBILITY else told | SUPERVISORS


def reports_for(caller: Caller) -> tuple[ReportKind, ...]:
    """The reports that somebody reads."""
    return tuple(kind for kind in ReportKind if has_one_of(caller, readers_of(kind)))


def reads_reports(caller: Caller) -> bool:
    """Whether they read any."""
    return bool(reports_for(caller))
