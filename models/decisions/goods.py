"""Decisions about goods that are made: emergency plans, quantities, releases, emergencies (R42, R45, R52, R61, R70)."""

from __future__ import annotations

from models.decisions.subject_rule import SubjectRule, contradiction
from models.dossier.decision_record import Asked
from models.dossier.decisions import void
from models.handlers.amendments import apply_change
from models.handlers.cancellation import grant_cancellation
from models.handlers.production import short_is_decided
from models.handlers.promise.promises import agree_plan
from models.messages.decision_subjects import (
    DecisionContent,
    EmergencyPlanDetail,
    Outcome,
    ReleaseDetail,
    Subject,
)
from models.messages.envelope import Envelope
from models.order.order import Order
from models.request.order_request import RequestChange
from models.values.content import Content
from models.values.errors import Code
from models.values.money import ZERO
from models.values.vocabulary import Collection, Ending, Role


def _check_plan(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    if (
        isinstance(detail, EmergencyPlanDetail)
        and content.outcome is Outcome.NEW_DATE
        and (detail.promised is None or detail.promised < order.today())
    ):
        raise contradiction(
            "请给出新的预交日", "name the new promised date", "content.detail.promised", "R42"
        )


def _emergency_plan(order: Order, asked: Asked, envelope: Envelope) -> None:
    detail = EmergencyPlanDetail.model_validate(asked.detail)
    for trouble in order.unresolved:
        if trouble.needs_plan:
            trouble.needs_plan = False
            trouble.resolved_at, trouble.resolution = (
                envelope.happened_at,
                detail.words or detail.customer_answer,
            )
            if asked.outcome is Outcome.NEW_DATE and detail.promised is not None:
                agree_plan(order, trouble, detail.promised, envelope.by)
    if asked.outcome is Outcome.PARTIAL_DELIVERY:
        # The customer agreed to another way of delivery: what rested on the old one is asked again (R83).
        apply_change(order, RequestChange(partial_delivery=True))
    if asked.outcome is Outcome.CANCEL:
        grant_cancellation(order, Ending.CANCELLED, "0.00")


def _tolerance(order: Order, asked: Asked, envelope: Envelope) -> None:
    line = asked.line or 1
    short_is_decided(order, line)
    if asked.outcome is Outcome.MAKE_UP:
        order.finished_lines.discard(line)
    elif asked.outcome is Outcome.RETURN_SURPLUS:
        order.billed_as_ordered.add(line)


def _check_release(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    open_balance = order.open_balance
    if content.outcome is Outcome.REFUSE and open_balance <= ZERO:
        raise contradiction(
            "款已付清；若款项不实请报 payment_bounced",
            "it is paid in full; if the money is not real report payment_bounced",
            "content.outcome",
            "R52",
        )
    if (
        isinstance(detail, ReleaseDetail)
        and detail.collection is Collection.NONE
        and ZERO < open_balance <= order.policy.balance.director_above
    ):
        raise contradiction(
            f"尚欠 ¥{open_balance}，请注明 on_credit 或 carrier_collects",
            f"CNY {open_balance} is open; say on_credit or carrier_collects",
            "content.detail.collection",
            "R52",
        )


def _check_emergency(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    if not any(release.outstanding and not release.may_leave for release in order.releases):
        raise contradiction(
            "未落实款项，紧急发货也不放行",
            "even in an emergency nothing ships without payment clearance",
            "content.subject",
            "R70",
            Code.NOT_ASKED,
        )


def _emergency_shipment(order: Order, asked: Asked, envelope: Envelope) -> None:
    release = next(release for release in order.releases if release.outstanding and not release.may_leave)
    release.emergency_by = envelope.by
    void(order, Subject.EMERGENCY_SHIPMENT)


_R, _O = Role, Outcome

ROWS = (
    SubjectRule(
        Subject.EMERGENCY_PLAN,
        (_R.SERVICE_SUPERVISOR, _R.MARKETING_DIRECTOR),
        (_O.NEW_DATE, _O.SUBSTITUTE, _O.PARTIAL_DELIVERY, _O.CANCEL),
        EmergencyPlanDetail,
        check=_check_plan,
        effect=_emergency_plan,
    ),
    SubjectRule(
        Subject.TOLERANCE,
        (_R.CUSTOMER,),
        (_O.ACCEPT, _O.MAKE_UP, _O.RETURN_SURPLUS),
        per_line=True,
        effect=_tolerance,
    ),
    SubjectRule(
        Subject.FINANCE_RELEASE,
        (_R.FINANCE,),
        (_O.RELEASE, _O.REFUSE),
        details={_O.RELEASE: ReleaseDetail},
        check=_check_release,
    ),
    SubjectRule(
        Subject.BALANCE_RELEASE, (_R.MARKETING_DIRECTOR,), (_O.ON_CREDIT, _O.CARRIER_COLLECTS, _O.REFUSE)
    ),
    SubjectRule(
        Subject.EMERGENCY_SHIPMENT,
        (_R.SERVICE_SUPERVISOR,),
        (_O.APPROVE,),
        voluntary=True,
        check=_check_emergency,
        effect=_emergency_shipment,
    ),
)
