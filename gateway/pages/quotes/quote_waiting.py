"""What quotes wait for from one of the staff, as cards of the inbox: an approval is given there and then (R104, R106)."""

from __future__ import annotations

from activities.quotes.quote_views import DecisionView, StepView, decisions_of, steps_of_cases
from gateway.context import Door, in_database
from gateway.pages.quotes.quote_shown import is_for
from models.access import Caller
from models.messages.decision_subjects import Subject

MOST = 20


async def quotes_waiting(
    door: Door, caller: Caller
) -> list[tuple[StepView, Subject | None, DecisionView | None]]:
    """Their open steps, that which is due first at the head; of a decision with what it is about."""
    steps = [each for each in await in_database(steps_of_cases, door.engine) if is_for(each, caller)][:MOST]
    deciding = {each.case_number for each in steps if _subject(each) is not None}
    asked = await in_database(decisions_of, door.engine, deciding) if deciding else {}
    return [(step, _subject(step), asked.get((step.case_number, _key(step)))) for step in steps]


def _key(step: StepView) -> str:
    return step.key.removeprefix("decision:")


def _subject(step: StepView) -> Subject | None:
    if not step.key.startswith("decision:"):
        return None
    return next((each for each in Subject if each.value == _key(step)), None)
