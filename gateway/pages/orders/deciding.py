"""What stands beside each step on a page: its card, and the buttons of its form with their own words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil

from activities.desk.held_acts import Answer, HeldAct, HeldState, answer_to, held_act, held_now
from activities.desk.orders_seen import orders_seen
from activities.orders.views.order_views import StepView
from activities.store.company_files import read_policy
from activities.store.people import staff_to_choose
from gateway.context import Door, in_database
from models.access import Caller
from models.forms.act_words import act_of, outcome_act
from models.forms.cards.card import Asked, Card
from models.forms.cards.facts_of_schedule import proposed
from models.forms.cards.make_card import asked_by, card_of, row_of
from models.forms.cards.order_seen import OrderSeen
from models.forms.consequences import fact_does, outcome_does, safe_outcome
from models.forms.form_fields import Form, StaffMember
from models.forms.known_terms import (
    outlook_for,
    proposed_hours,
    with_known_terms,
    with_proposed_hours,
)
from models.forms.whole_answers import whole_answer
from models.policy import SchedulePolicy
from models.values.vocabulary import Words


@dataclass(frozen=True, slots=True)
class ActButton:
    """One button: the outcome that it says (empty for a fact), its word, what it does, and whether it is in colour."""

    outcome: str
    words: Words
    does: Words | None
    in_colour: bool
    whole: str = ""
    """What it says at once of what the form asks, where it does."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """The orders of a page as their cards tell of them, who may be named, and what is held of them."""

    seen: Mapping[str, OrderSeen]
    staff: tuple[StaffMember, ...] = ()
    held: Sequence[HeldAct] = field(default=())

    def card(self, step: StepView) -> Card | None:
        """The card of a step; None for an order of which nothing is known."""
        return self.card_of(step.order_number, _asked(step))

    def card_of(self, number: str, asked: Asked) -> Card | None:
        """The card of what is asked of an order."""
        order = self.seen.get(number)
        return card_of(order, asked) if order is not None else None

    def ready(self, form: Form | None, number: str) -> Form | None:
        """The form with what the order's own terms say of it, and the hours that are proposed."""
        order = self.seen.get(number)
        if form is None or order is None:
            return form
        return with_proposed_hours(with_known_terms(form, order.request), order.outlooks)

    def hours_now(self, form: Form, number: str) -> Mapping[str, str]:
        """The hours that are proposed now, as the form's fields have them (R151)."""
        order = self.seen.get(number)
        return proposed_hours(outlook_for(form, order.outlooks) if order is not None else None)

    def buttons(self, form: Form, number: str, step: StepView | None = None) -> tuple[ActButton, ...]:
        """The buttons of a form: one for each outcome, the safe one first; or the one of a fact."""
        order = self.seen.get(number, OrderSeen(number, datetime.now(UTC).date()))
        asked = _asked(step) if step is not None else Asked(form.kind, form.subject)
        if not form.outcomes:
            finishes = step is not None and step.move is not None and step.move.fact == form.kind
            word = act_of(form.kind, step.kind if step is not None and finishes else "")
            own = ActButton("", word, fact_does(order, asked, form.kind), in_colour=True)
            return (own, *_whole(form, order, asked))
        safe = safe_outcome(form.subject, form.outcomes)
        made = [
            ActButton(
                each.value,
                outcome_act(form.subject, each),
                outcome_does(order, asked, each),
                in_colour=each is safe,
            )
            for each in form.outcomes
        ]
        return (*sorted(made, key=lambda button: not button.in_colour), *_whole(form, order, asked))

    def held_at(self, step: StepView) -> HeldAct | None:
        """The act on this step that is said and may still be taken back."""
        return next(
            (each for each in self.held if each.step == step.key and each.order_number == step.order_number),
            None,
        )


def _whole(form: Form, order: OrderSeen, asked: Asked) -> tuple[ActButton, ...]:
    """The button that says at once what is mostly so, where there is one."""
    found = whole_answer(form, order, asked)
    return (
        () if found is None else (ActButton("", found.words, None, in_colour=False, whole=found.as_text()),)
    )


def _asked(step: StepView) -> Asked:
    return asked_by(step.kind, step.move, step.key)


@dataclass(frozen=True, slots=True)
class HeldShown:
    """An act that may be taken back, or could be: with what the order said to it, and the seconds that are left."""

    act: HeldAct
    answer: Answer
    seconds: int

    @property
    def is_moving(self) -> bool:
        """Whether what becomes of it is not known yet."""
        return self.act.is_held or (self.act.state is HeldState.PASSED_ON and not self.answer.is_there)


async def deciding(
    door: Door, caller: Caller, steps: Sequence[StepView], also: Mapping[str, Sequence[Asked]] | None = None
) -> Deciding:
    """What stands beside these steps, and beside what no step asks for (`also`, by order)."""
    asked: dict[str, list[Asked]] = {number: list(each) for number, each in (also or {}).items()}
    for step in steps:
        asked.setdefault(step.order_number, []).append(_asked(step))
    seen = (
        await in_database(orders_seen, door.engine, asked, door.now(), await _schedule_policy(door, asked))
        if asked
        else {}
    )
    staff = await in_database(staff_to_choose, door.engine)
    held = (
        await in_database(held_now, door.engine, person=caller.author) if door.settings.undo_seconds else []
    )
    return Deciding(seen, staff, held)


async def _schedule_policy(door: Door, asked: Mapping[str, Sequence[Asked]]) -> SchedulePolicy:
    """The figures of the plan (R150), read where a card rests on it."""
    if not any(row_of(each).tells(proposed) for several in asked.values() for each in several):
        return SchedulePolicy()
    return (await asyncio.to_thread(read_policy, door.settings.policy)).schedule


async def held_shown(door: Door, caller: Caller, key: str) -> HeldShown | None:
    """What became of an act that a page was told of by its key; None for none of this person's."""
    if not key:
        return None
    act = await in_database(held_act, door.engine, key[:64], caller.author)
    if act is None:
        return None
    answer = await in_database(answer_to, door.engine, act) if not act.is_held else Answer()
    left = (act.due_at - datetime.now(UTC)).total_seconds()
    return HeldShown(act, answer, max(0, ceil(left)))
