"""The table of all facts that an order takes, by their names on the wire; each row stands beside its handler."""

from __future__ import annotations

from models.decisions.answers import decision
from models.decisions.subjects import SUBJECTS
from models.handlers import (
    administration,
    amendments,
    cancellation,
    customer_file,
    incidents,
    inspection,
    joint_checks,
    payments,
    production,
    sheet,
    transfers,
)
from models.handlers.goods import delivery, shipping
from models.messages.decision_subjects import DecisionContent
from models.messages.envelope import DECISION
from models.messages.fact_kind import FactKind
from models.values.vocabulary import Words

FACT_KINDS: dict[str, FactKind] = {
    **amendments.FACTS,
    **sheet.FACTS,
    **payments.FACTS,
    **production.FACTS,
    **inspection.FACTS,
    **shipping.FACTS,
    **delivery.FACTS,
    **cancellation.FACTS,
    **incidents.FACTS,
    **administration.FACTS,
    **transfers.FACTS,
    **joint_checks.FACTS,
    **customer_file.FACTS,
    DECISION: FactKind(
        DecisionContent,
        tuple(sorted({role for rule in SUBJECTS.values() for role in rule.roles})),
        Words("决定", "decision"),
        decision,
    ),
}
