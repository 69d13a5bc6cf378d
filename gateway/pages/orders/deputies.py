"""Who answers a step in whose stead: an absent colleague's deputy, and whoever it was handed to (R13)."""

from __future__ import annotations

from collections.abc import Sequence

from activities.desk.handovers import given_to, step_whose
from activities.desk.waiting import team_of
from activities.orders.views.order_views import StepView
from gateway.context import Door, in_database
from models.access import Caller
from models.values.errors import Code, Refusal


async def asked_about(door: Door, caller: Caller, number: str, steps: Sequence[StepView]) -> bool:
    """Whether one of these open steps of an order is theirs: it names them, whom they represent or whom they supervise,
    or was handed to them."""
    they = {caller.name, *caller.represents, *caller.next_for}
    named = {person for step in steps for person in step.people}
    if they & named:
        return True
    handed: bool = await in_database(given_to, door.engine, number, sorted(they))
    team: tuple[str, ...] = await in_database(team_of, door.engine, sorted(they))
    return handed or bool(named & set(team))


async def speaker(door: Door, caller: Caller, number: str, step: StepView | None) -> Caller:
    """As whom they say what a step asks for: in an absent colleague's roles too, where the step is that colleague's.

    The author stays their own; separated duties are the order's to keep, and go by the author.
    """
    if step is None or not (caller.represents or caller.next_for):
        return caller
    try:
        whose = await in_database(step_whose, door.engine, number, step.key)
    except Refusal as refusal:
        if refusal.code is not Code.UNKNOWN_ORDER:
            raise
        return caller  # done meanwhile: the order says so
    return caller.asked_as(sorted(whose.may_do_it), whose.holders, step.barred or ())
