"""What cases that are no orders wait for from one of the staff, as cards of the inbox: a decision is given there and then."""

from __future__ import annotations

from activities.cases.case_views import DecisionView, StepView, decisions_of, steps_of_cases
from gateway.context import Door, in_database
from models.access import Caller
from models.messages.decision_subjects import Subject

MOST = 20
Waiting = list[tuple[StepView, Subject | None, DecisionView | None]]


async def cases_waiting(door: Door, caller: Caller, letter: str) -> Waiting:
    """Their open steps at the cases whose number begins with this letter, that which is due first at the head.

    Of a decision with what it is about.
    """
    every = await in_database(steps_of_cases, door.engine)
    steps = [each for each in every if each.case_number.startswith(letter) and is_for(each, caller)][:MOST]
    deciding = {each.case_number for each in steps if subject_of(each) is not None}
    asked = await in_database(decisions_of, door.engine, deciding) if deciding else {}
    return [(step, subject_of(step), asked.get((step.case_number, _key(step)))) for step in steps]


def is_for(step: StepView, caller: Caller) -> bool:
    """Whether the step waits for this person: named, or of a role that it is for where nobody is."""
    theirs = {caller.name, *caller.represents}
    if step.people:
        return bool(theirs & set(step.people))
    return any(role.value in step.roles for role in caller.desk_roles)


def decides(caller: Caller, step: StepView) -> bool:
    """Whether this person may give the decision that the step asks for, also in another's place."""
    lent = caller.asked_as(step.roles, step.people)
    return is_for(step, caller) or any(role.value in step.roles for role in lent.roles)


def subject_of(step: StepView) -> Subject | None:
    """What the step asks to decide; None where it asks for something else."""
    if not step.key.startswith("decision:"):
        return None
    return next((each for each in Subject if each.value == _key(step)), None)


def _key(step: StepView) -> str:
    return step.key.removeprefix("decision:")
