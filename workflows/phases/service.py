"""Services 服务 (D17): dated by those who give them, given and reported in per cent, accepted by the customer (R87)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from models.dossier.decisions import ask, void
from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.handlers.promise.promises import tell_promise
from models.handlers.service import GIVEN_BY, accept_service, not_given_after_all
from models.messages.decision_subjects import Outcome, ServiceDateDetail, Subject
from models.order.kinds.service import accepted_by_silence_at
from models.order.order import Order
from models.values.calendar import ONE_DAY, business_date
from models.values.vocabulary import PromiseCause, Role
from workflows.phases.money.clearance import cash_to_clear
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed
from workflows.phases.verification import (
    APPROVAL_AHEAD,
    OTHERS_APPROVAL_AHEAD,
    PRICE_AHEAD,
    price_and_approval_needed,
    settle_price_and_approval,
)

_DAY = Decimal(24)


# --- verification ------------------------------------------------------------------------------------------------


def settle_dates(order: Order) -> None:
    """R87: those who give the service name its dates; from them comes the promise. Prices and approval as ever (R20, R28)."""
    settle_price_and_approval(order)
    known = order.decision(Subject.SERVICE_DATE)
    asked = ask(
        order,
        Subject.SERVICE_DATE,
        {
            "services": "; ".join(
                f"{line.product} {line.specification} {line.quantity} {line.unit.value}"
                for line in order.request.lines
            ),
            "special": order.request.special_requirements,
            "wanted": order.request.wanted_date,
        },
    )
    if asked is not known and order.service.given_at is not None:
        not_given_after_all(order)  # more is wanted, or something else
    basis = f"{asked.key}/{asked.version}"
    if asked.outcome is not Outcome.DATED or basis == order.promise_basis:
        return
    finished = ServiceDateDetail.model_validate(asked.detail).end_date
    cause = PromiseCause.AMENDMENT if order.promise.history else PromiseCause.FIRST
    order.promise.agree(finished, finished, finished, cause, order.clock, order.clock, asked.answers[-1].by)
    order.promise_basis = basis
    tell_promise(order)


def dates_needed(order: Order) -> Needs:
    """What is still needed before the confirmation sheet of a service can be made."""
    yield from price_and_approval_needed(order)
    yield from decision_needed(order, Subject.SERVICE_DATE, hours=order.policy.limits.production_date_hours)


# --- given and reported ------------------------------------------------------------------------------------------


def settle_service(order: Order) -> None:
    """R33: sheet and deposit are there; the service may begin."""
    if order.service.began_at is None:
        order.service.began_at = order.clock


def service_needs(order: Order) -> Needs:
    """R87: the service in whole, and meanwhile a report at least each so many days."""
    for cash in cash_to_clear(order):
        yield replace(cash, blocking=False)  # it counts until it is settled, and is asked for (R35)
    service = order.service
    if service.given_at is not None or service.accepted_at is not None:
        return
    since = service.reports[-1].at if service.reports else service.began_at or order.clock
    yield Need(
        f"give_service:{len(service.reports)}",
        StepKind.GIVE_SERVICE,
        GIVEN_BY,
        "R87",
        due=since + timedelta(days=order.policy.service.report_days),
        values={"percent": str(service.percent)},
    )


# --- accepted ----------------------------------------------------------------------------------------------------


def settle_acceptance(order: Order) -> None:
    """R87: at 100 % the customer is asked; silence is an answer when its time is over."""
    service = order.service
    if service.given_at is None or service.accepted_at is not None:
        return
    known = order.decision(Subject.ACCEPTANCE)
    asked = ask(order, Subject.ACCEPTANCE, {"given": service.given_at})
    if asked is not known:
        days = order.policy.service.acceptance_days
        order.intend(
            Paper.SERVICE_GIVEN,
            str(asked.version),
            (Role.CUSTOMER, Role.SALESPERSON),
            "R87",
            until=business_date(max(service.given_at, asked.asked_at)) + days * ONE_DAY,
        )
    silent_until = silence_ends(order)
    if silent_until is not None and silent_until <= order.clock:
        void(order, Subject.ACCEPTANCE)
        accept_service(order, by_silence=True)


def acceptance_needs(order: Order) -> Needs:
    """The customer's word on what was given."""
    if order.service.accepted_at is not None:
        return
    for need in decision_needed(order, Subject.ACCEPTANCE, hours=_DAY * order.policy.service.acceptance_days):
        yield replace(need, due=silence_ends(order))


def silence_ends(order: Order) -> datetime | None:
    """When silence accepts the service; None while it is not at that, or something stops the clock."""
    return accepted_by_silence_at(order) if order.phase in order.kind.side_by_side else None


def _is_to_be_given(order: Order) -> bool:
    return order.service.given_at is None and order.service.accepted_at is None


VERIFICATION_OF_SERVICE = Phase(
    settle_dates,
    dates_needed,
    ahead=(
        PRICE_AHEAD,
        Ahead(Subject.SERVICE_DATE, lambda order: order.outcome(Subject.SERVICE_DATE) is None),
        APPROVAL_AHEAD,
        OTHERS_APPROVAL_AHEAD,
    ),
)
SERVICE = Phase(settle_service, service_needs, ahead=(Ahead(StepKind.GIVE_SERVICE, _is_to_be_given),))
ACCEPTANCE = Phase(
    settle_acceptance,
    acceptance_needs,
    ahead=(Ahead(Subject.ACCEPTANCE, lambda order: order.service.accepted_at is None),),
)
