"""Hours of a machine line in production's answer, as whoever tells it looks at them: free, or what else is proposed (R151)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from models.decisions.line_hours import names_hours
from models.messages.decision_subjects import DecisionContent, ProductionDateDetail
from models.messages.envelope import Envelope, read_content
from models.messages.reply import Status
from models.scheduling.answered_hours import hours_asked
from models.scheduling.bookings import HoursAsked
from models.values.errors import Code, Refusal
from runtime.settings import Settings

if TYPE_CHECKING:
    from models.policy import SchedulePolicy
    from runtime.delivery.telling import Told


def require_hours_free(settings: Settings, number: str, envelope: Envelope) -> None:
    """Raises Refusal: unknown_place, no_capacity, capacity_taken with what is proposed instead, database_unavailable."""
    from activities.scheduling.hours_free import require_free
    from runtime.databases import engine_of

    found = _asked(envelope)
    if found is not None:
        line, asked = found
        require_free(engine_of(settings), number, line, asked, _figures(settings))


def with_another_proposal(settings: Settings, number: str, envelope: Envelope, told: Told) -> Told:
    """What the order said; where another had the hours a moment before, with what is proposed now."""
    from activities.scheduling.hours_free import proposed_instead
    from runtime.databases import engine_of

    reply = told.reply
    if reply is None or reply.status is not Status.REFUSED or reply.code != Code.CAPACITY_TAKEN.value:
        return told
    found = _asked(envelope)
    if found is None:
        return told
    line, asked = found
    try:
        words = proposed_instead(engine_of(settings), number, line, asked, _figures(settings)).words
    except Refusal:
        return told  # the order's own answer stands, whatever the database says
    return dataclasses.replace(told, reply=reply.model_copy(update={"zh": words.zh, "en": words.en}))


def _asked(envelope: Envelope) -> tuple[int | None, HoursAsked] | None:
    """The line that is named, and the hours; None where none are, or what is wrong with the answer the order says."""
    if not names_hours(envelope.content):
        return None
    try:
        content = read_content(DecisionContent, envelope.content, inside="content")
        detail = read_content(ProductionDateDetail, content.detail, inside="content.detail")
    except Refusal:
        return None
    asked = hours_asked(detail, content.line or 0, envelope.happened_at)
    if asked is None or asked.hours.span.ends <= asked.hours.span.begins:
        return None
    return content.line, asked


def _figures(settings: Settings) -> SchedulePolicy:
    from activities.store.company_files import read_policy

    return read_policy(settings.policy).schedule
