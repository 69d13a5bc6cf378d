"""Decisions about a service: on which days it is given, and whether the customer accepts it (R87)."""

from __future__ import annotations

from models.decisions.subject_rule import SubjectRule, contradiction
from models.dossier.decision_record import Asked
from models.handlers.service import GIVEN_BY, accept_service, reject_service
from models.messages.decision_subjects import (
    DecisionContent,
    Outcome,
    RejectionDetail,
    ServiceDateDetail,
    Subject,
)
from models.messages.envelope import Envelope
from models.order.order import Order
from models.values.calendar import business_date
from models.values.content import Content
from models.values.errors import AlreadyKnown, Code
from models.values.vocabulary import Role


def _check_dates(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    if not isinstance(detail, ServiceDateDetail):
        return
    if detail.end_date < detail.start_date:
        raise contradiction("结束日早于开始日", "it ends before it begins", "content.detail.end_date", "R87")
    if detail.end_date < business_date(envelope.happened_at):
        raise contradiction(
            "结束日已过", "the end date has passed", "content.detail.end_date", "R87", Code.DATE_IN_PAST
        )  # fmt: skip


def _check_acceptance(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    """Once it is accepted, also by silence, it stays so: what is found later is a case (R143)."""
    if order.service.accepted_at is None:
        return
    if content.outcome is Outcome.ACCEPT:
        raise AlreadyKnown
    raise contradiction(
        "服务已验收（或逾期视为验收），请走售后",
        "the service is accepted, by word or by silence; this is a matter for after-sales",
        "content.outcome",
        "R87",
        Code.TOO_LATE,
    )


def _acceptance(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.ACCEPT:
        accept_service(order, by_silence=False)
        return
    detail = RejectionDetail.model_validate(asked.detail)
    reject_service(order, asked.version, detail.words, envelope)


ROWS = (
    SubjectRule(Subject.SERVICE_DATE, GIVEN_BY, (Outcome.DATED,), ServiceDateDetail, check=_check_dates),
    SubjectRule(
        Subject.ACCEPTANCE,
        (Role.CUSTOMER,),
        (Outcome.ACCEPT, Outcome.REJECT),
        details={Outcome.REJECT: RejectionDetail},
        check=_check_acceptance,
        effect=_acceptance,
    ),
)
