"""Changed code: what somebody might write into a phase, a kind of order, a rule or the durable part, put in by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest
from temporalio import workflow

from models.dossier.open_steps import Need
from models.dossier.records.recording import Burst, Saved
from models.dossier.step_kinds import StepKind
from models.handlers import administration
from models.order.kinds.kind import MADE_TO_ORDER, OrderKind
from models.order.order import Order
from models.values.editions import NEWEST, Edition
from models.values.vocabulary import Fulfilment, PhaseName, Role
from workflows import procedure
from workflows.engine.burst_recorder import BurstRecorder
from workflows.phases.phase import Needs

Change = Callable[[pytest.MonkeyPatch], None]
"""Puts the changed code in."""


class NextEdition(IntEnum):
    """The editions as they are once a new rule has come."""

    FIRST = 1
    ONE_LETTER_FOR_ALL_PRICES = 2
    EVERY_WAY = 3
    DAILY_DUTIES = 4
    CONTRACTS_AND_CREDIT_NOTES = 5
    WORD_TO_DEPARTMENTS = 6
    NO_MARKERS = 7
    ERRANDS_HAVE_A_PLACE = 8
    OWN_CHANGES = 9
    BACK_THE_WAY_IT_CAME = 10
    OWN_WORK_EVERYWHERE = 11
    FOUND_IS_SURPLUS = 12
    TOMORROW = NEWEST + 1


def follows_tomorrow(order: Order) -> bool:
    """What a new rule asks first."""
    return order.follows(NextEdition.TOMORROW)  # type: ignore[arg-type]


def always(order: Order) -> bool:
    """The wrong way: the rule binds every order that there is."""
    return True


def knows_tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program knows the new edition, so that an operator may move an order to it."""
    known = {each.value for each in NextEdition}
    assert known > {each.value for each in Edition}
    monkeypatch.setattr(administration, "is_known", known.__contains__)


# --- steps and gates -------------------------------------------------------------------------------------------------


def in_phase(phase: PhaseName, change: Callable[[Order, Needs], Needs]) -> Change:
    """What a phase needs becomes something else, made of what it needed."""
    before = procedure.PROCEDURES[Fulfilment.MAKE_TO_ORDER]

    def needs(order: Order) -> Iterator[Need]:
        yield from change(order, before[phase].needs(order))

    changed = {**before, phase: replace(before[phase], needs=needs)}
    return lambda monkeypatch: monkeypatch.setitem(procedure.PROCEDURES, Fulfilment.MAKE_TO_ORDER, changed)


def one_more(
    phase: PhaseName,
    binds: Callable[[Order], bool],
    *,
    blocking: bool,
    done: Callable[[Order], bool] = lambda _: False,
) -> Change:
    """One more step in a phase: owed, or a gate that blocks, until it is done."""

    def change(order: Order, before: Needs) -> Needs:
        yield from before
        if binds(order) and not done(order):
            yield Need(
                "one_more",
                StepKind.READ_BACK,
                (Role.SERVICE_CLERK,),
                "new",
                hours=Decimal(24),
                blocking=blocking,
            )

    return in_phase(phase, change)


def without(phase: PhaseName, kind: StepKind, binds: Callable[[Order], bool]) -> Change:
    """A step of a phase is asked for no more."""
    return in_phase(
        phase,
        lambda order, before: (need for need in before if not (need.kind is kind and binds(order))),
    )


def key_renamed(phase: PhaseName, before: str, after: str) -> Change:
    """A step goes by another key."""
    return in_phase(
        phase, lambda order, needs: (replace(need, key=need.key.replace(before, after)) for need in needs)
    )


def an_hour_more(phase: PhaseName) -> Change:
    """A limit that stands in the code, and not in the policy, is another."""
    return in_phase(phase, lambda order, needs: (replace(need, hours=need.hours + 1) for need in needs))


# --- the order of phases ---------------------------------------------------------------------------------------------

INSPECTED_FIRST: OrderKind = replace(
    MADE_TO_ORDER,
    side_by_side=(
        PhaseName.INSPECTION,
        PhaseName.PRODUCTION,
        PhaseName.CLEARANCE,
        PhaseName.SHIPPING,
        PhaseName.DELIVERY,
    ),
)
"""An order of which lots are made and others inspected is told to be in inspection."""


def other_phases(binds: Callable[[Order], bool]) -> Change:
    """Orders for which it binds go through their phases in another order."""

    def kind(order: Order) -> OrderKind:
        return INSPECTED_FIRST if binds(order) else MADE_TO_ORDER

    return lambda monkeypatch: monkeypatch.setattr(Order, "kind", property(kind))


# --- commands --------------------------------------------------------------------------------------------------------

MARKER = "breath-before-a-burst"


def a_breath_before_each_burst(*, marked: bool) -> Change:
    """The workflow sends one more command, a timer, before whatever it records."""
    deliver = BurstRecorder._deliver

    async def slower(case: BurstRecorder[Any], burst: Burst) -> Saved:
        if not marked or workflow.patched(MARKER):
            await workflow.sleep(timedelta(milliseconds=1))
        return await deliver(case, burst)

    return lambda monkeypatch: monkeypatch.setattr(BurstRecorder, "_deliver", slower)
