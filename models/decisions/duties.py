"""Duties that are never one person's for one order: who asks and who approves, who takes cash and who releases."""

from __future__ import annotations

from models.decisions.subjects import SUBJECTS
from models.dossier.decisions import keep_apart
from models.messages.decision_subjects import Subject
from models.order.duties import other_halves
from models.order.order import Order
from models.values.vocabulary import Words

_SEPARATED = Words(
    "职责必须分离：{who}不能既{first}又{second}",
    "duties are kept apart: {who} may not both {first_en} and {second_en}",
)


def check_duties(order: Order, subject: Subject, by: str) -> None:
    """Raises Refusal(same_person) where this person did the other half of a duty (nobody settles a price that they entered)."""
    rule = SUBJECTS[subject].rule
    for half in other_halves(order, subject):
        words = _SEPARATED.filled(
            who=by, first=half.did.zh, second=half.may_not.zh, first_en=half.did.en, second_en=half.may_not.en
        )
        keep_apart(order, rule, by, set(half.people), words)
