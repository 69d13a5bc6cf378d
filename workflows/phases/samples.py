"""Samples 样品 (D12, D20 step 6): looked into, made and sent without a deposit, tried by the customer (R22, R130)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from models.dossier.decisions import ask, void
from models.dossier.papers_due import Paper
from models.handlers.goods.releases import grant, named
from models.handlers.samples import end_trial
from models.messages.decision_subjects import Subject
from models.order.kinds.sample import is_on_trial, reminded_when, trial_ends
from models.order.order import Order
from models.values.calendar import ONE_DAY, business_date
from models.values.money import ZERO
from models.values.vocabulary import Collection, Role
from workflows.phases.goods import shipping
from workflows.phases.money.clearance import ready_goods
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed
from workflows.phases.verification import FEASIBILITY_AHEAD, feasibility_needed, settle_feasibility

GROUND = "sample"
"""The ground of the release of samples: they leave unpaid, their fee is asked for when they were tried."""


def settle_shipping(order: Order) -> None:
    """R130: what passed may leave; nobody waits for the fee. From there it goes like any goods."""
    goods = ready_goods(order)
    if goods:
        order.intend(Paper.FINISHED, f"{named(goods)};{order.sample.round}", (Role.SALESPERSON,), "R50")
        unpaid = order.open_balance > ZERO
        grant(order, goods, GROUND, Collection.ON_CREDIT if unpaid else Collection.NONE, "")
    shipping.settle(order)


def settle_trial(order: Order) -> None:
    """R130: once the customer has them they are asked; reminded before the time is over, and closed at its end."""
    sample = order.sample
    if sample.wish and sample.tried_at is None:
        ask(order, Subject.ANOTHER_ROUND, {"round": sample.round, "words": sample.wish})
        return
    if trial_ends(order) is None:
        return
    known = order.decision(Subject.TRIAL)
    asked = ask(order, Subject.TRIAL, {"round": sample.round})
    ends = trial_ends(order) or order.clock
    last = business_date(ends) - ONE_DAY
    if asked is not known:
        order.intend(
            Paper.TRIAL_BEGINS,
            str(sample.round),
            (Role.CUSTOMER, Role.SALESPERSON),
            "R130",
            round=sample.round,
            until=last,
        )
    if ends <= order.clock:
        void(order, Subject.TRIAL)
        end_trial(order, None)
        return
    remind = reminded_when(order)
    if remind is not None and remind <= order.clock:
        sample.reminded = sample.round
        order.intend(
            Paper.TRIAL_REMINDER, str(sample.round), (Role.CUSTOMER, Role.SALESPERSON), "R130", until=last
        )


def trial_needs(order: Order) -> Needs:
    """What the customer says of the samples; after so many rounds what the supervisor says of another one."""
    yield from decision_needed(order, Subject.ANOTHER_ROUND)
    if is_on_trial(order):
        for need in decision_needed(order, Subject.TRIAL):
            yield replace(need, due=trial_ends(order))


def trial_moments(order: Order) -> Iterator[datetime]:
    """When something happens by itself in a trial: the reminder, and its end."""
    if order.phase not in order.kind.side_by_side or not order.kind.tries_samples:
        return
    for moment in (trial_ends(order), reminded_when(order)):
        if moment is not None:
            yield moment


TECHNICAL = Phase(settle_feasibility, feasibility_needed, ahead=FEASIBILITY_AHEAD)
SHIPPING_OF_SAMPLES = Phase(settle_shipping, shipping.needs, ahead=shipping.SHIPPING.ahead)
TRIAL = Phase(
    settle_trial, trial_needs, ahead=(Ahead(Subject.TRIAL, lambda order: order.sample.tried_at is None),)
)
