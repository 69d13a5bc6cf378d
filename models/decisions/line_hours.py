"""Hours of a machine line in production's answer: they are the order's before the answer is taken (R151)."""

from __future__ import annotations

from models.decisions.answers import line_of, may_answer
from models.decisions.subjects import SUBJECTS
from models.dossier.decision_record import key_of
from models.messages.decision_subjects import DecisionContent, ProductionDateDetail, Subject
from models.messages.envelope import Envelope, read_content
from models.order.order import Order
from models.scheduling.answered_hours import HOURS, hours_asked
from models.values.content import Content
from models.values.errors import Code, Refusal


def names_hours(content: object) -> bool:
    """Whether something that was said, read or not, may name hours: nobody reads it twice where it does not."""
    raw = content if isinstance(content, dict) else {}
    detail = raw.get("detail")
    of_production = raw.get("subject") == Subject.PRODUCTION_DATE.value
    return of_production and isinstance(detail, dict) and any(name in detail for name in HOURS)


def hours_to_claim(order: Order, envelope: Envelope, content: Content) -> str | None:
    """The hours that must be this order's before the answer is taken now; None where none are asked for.

    Whoever would be refused anyhow asks for none.
    """
    if not isinstance(content, DecisionContent) or content.subject is not Subject.PRODUCTION_DATE:
        return None
    if not order.lives or envelope.fact_id in order.seen:
        return None
    rule = SUBJECTS[content.subject]
    try:
        may_answer(envelope, content)
        detail = read_content(rule.detail_for(content.outcome), content.detail, inside="content.detail")
        line = line_of(order, content)
        asked = order.asked.get(key_of(content.subject, line))
        if not isinstance(detail, ProductionDateDetail) or line is None or asked is None:
            return None
        hours = hours_asked(detail, line, envelope.happened_at)
        if hours is None or asked.outcome is not None or content.version not in (None, asked.version):
            return None
    except Refusal:
        return None
    try:
        if rule.check is not None:
            rule.check(order, detail, content, envelope)
    except Refusal as refusal:
        # whether another order still has them is what is asked now
        return hours.key if refusal.code is Code.CAPACITY_TAKEN else None
    return hours.key
