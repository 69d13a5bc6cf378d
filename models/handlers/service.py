"""Services 服务: what those who give one report of it, and what follows once the customer accepts it (R87)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field

from models.dossier.decisions import void
from models.dossier.exceptions import Alarm, EarlyAndAmiss, clear_alarm, raise_alarm
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.kinds.service import WHOLE, ServiceReport
from models.order.order import Order
from models.values.content import Content, Text
from models.values.errors import Code, Refusal
from models.values.vocabulary import PaymentTerms, Role, Words

FACTS = FactTable()
GIVEN_BY = (Role.SERVICE_CLERK, Role.SERVICE_ASSISTANT, Role.TECHNICAL)
"""The staff to whom a service is assigned: the clerk of the order, with assistant and technical department."""
_ACCEPTED = Words("客户已验收", "the customer accepted the service")


class ServiceReported(Content):
    """How much of a service was given so far, in whole per cent."""

    percent: int = Field(ge=0, le=WHOLE)
    words: Text = ""
    """What was done; the customer reads it."""
    reason: Text = ""
    """Why it is less than was reported before; the customer reads it."""
    expected_finish: date | None = None
    """When it will be given in whole, where that is another day than was named."""


@FACTS.row(ServiceReported, GIVEN_BY, Words("服务进度", "service reported"))
def service_reported(order: Order, envelope: Envelope, content: ServiceReported) -> None:
    """R87: how far the service is, told to the customer. Less than before only with a reason.

    What is reported before sheet and deposit are there (R33) was begun without right: it is kept, and shown at once.
    """
    if not order.kind.gives_service:
        raise Refusal(
            Code.CONTRADICTION,
            Words(
                "这不是服务订单，没有服务进度", "this is no service order; there is no service to report of"
            ),
            where="kind",
            rule="R87",
        )
    service = order.service
    if service.accepted_at is not None:
        raise Refusal(
            Code.TOO_LATE,
            Words("客户已验收，不能再报进度", "the customer has accepted it; nothing more is reported"),
            rule="R87",
        )
    _before_the_gate(order)
    known = service.reports
    if known and envelope.happened_at < known[-1].at:
        _insert(order, envelope, content)
        return
    if content.percent < service.percent and not content.reason:
        raise Refusal(
            Code.MISSING_FIELD,
            Words(
                f"进度由 {service.percent}% 降为 {content.percent}%，须写明原因",
                f"less than the {service.percent} % reported before ({content.percent} %): give the reason",
            ),
            where="content.reason",
            rule="R87",
        )
    before = service.percent
    known.append(_report(envelope, content))
    _expect(order, content)
    if content.percent == WHOLE:
        service.given_at = service.given_at or envelope.happened_at
    elif service.given_at is not None:
        not_given_after_all(order)
    order.intend(
        Paper.SERVICE_PROGRESS,
        str(order.sequence),
        (Role.CUSTOMER, Role.SALESPERSON),
        "R87",
        percent=content.percent,
        before=before,
        words=" ".join(each for each in (content.words, content.reason) if each),
    )


def _before_the_gate(order: Order) -> None:
    """R33: nothing is begun before the order is confirmed and its deposit is there; what was begun goes on (R83)."""
    if order.service.reports or not order.kind.is_before(order.phase):
        return
    raise EarlyAndAmiss(
        Alarm(
            "service-before-the-gate",
            Words(
                "确认书或定金未齐即报服务进度，待齐后计入",
                "a service is reported before sheet and deposit are there; it counts when they are",
            ),
            order.staff.person(Role.MERCHANDISER),
            "R36",
        )
    )


def _report(envelope: Envelope, content: ServiceReported) -> ServiceReport:
    return ServiceReport(
        percent=content.percent,
        at=envelope.happened_at,
        by=envelope.by,
        words=content.words,
        reason=content.reason,
    )


def _insert(order: Order, envelope: Envelope, content: ServiceReported) -> None:
    """A report that comes late tells of an earlier day: it is kept where it belongs, and what is known now stays."""
    reports = order.service.reports
    place = next(number for number, each in enumerate(reports) if envelope.happened_at < each.at)
    reports.insert(place, _report(envelope, content))


def _expect(order: Order, content: ServiceReported) -> None:
    """R42: when it will be finished, held against the promise like any other work."""
    for line in order.request.lines:
        if content.percent == WHOLE:
            order.finished_lines.add(line.line)
            order.expected_finish.pop(line.line, None)
        else:
            order.finished_lines.discard(line.line)
            if content.expected_finish is not None:
                order.expected_finish[line.line] = content.expected_finish


def not_given_after_all(order: Order) -> None:
    """Something is still to be done: nobody is asked to accept the service until it is."""
    order.service.given_at = None
    order.finished_lines.clear()
    void(order, Subject.ACCEPTANCE)


def accept_service(order: Order, *, by_silence: bool) -> None:
    """R87, R81: the customer has what was ordered: the order is completed, and what is open is asked for (R51)."""
    service = order.service
    service.accepted_at, service.by_silence = order.clock, by_silence
    order.completed_at = order.clock
    how = "silence" if by_silence else "accepted"
    order.note(EntryKind.COMPLETED, "order", rule="R87", how=how)
    for trouble in [each for each in order.unresolved if each.rule == "R87"]:
        clear_alarm(order, trouble, _ACCEPTED)
    words = (
        Words("期满无异议，视为验收", "nothing was said against it in time")
        if by_silence
        else Words("客户已确认", "the customer said so")
    )
    order.intend(Paper.SERVICE_ACCEPTED, "1", (Role.CUSTOMER, Role.SALESPERSON), "R87", how=words)
    balance = max(order.open_balance, Decimal(0))
    if balance > 0 and order.terms is not PaymentTerms.ON_ACCOUNT:
        order.intend(Paper.BALANCE, str(balance), (Role.CUSTOMER, Role.SALESPERSON), "R51", amount=balance)


def reject_service(order: Order, version: int, words: str, envelope: Envelope) -> None:
    """R87: what is not right is an exception with an owner, and the service goes on."""
    not_given_after_all(order)
    raise_alarm(
        order,
        Alarm(
            f"rejected-{version}",
            Words(f"客户不予验收：{words}", f"the customer rejects the service: {words}"),
            order.staff.person(Role.SERVICE_CLERK),
            "R87",
        ),
        envelope.happened_at,
    )
