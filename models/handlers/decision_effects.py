"""What follows from a decision once it is settled (DOMAIN §6)."""

from __future__ import annotations

from collections.abc import Callable

from models.dossier.decision_record import Asked
from models.dossier.papers_due import Paper
from models.handlers.amendments import agree_plan, decide_amendment, grant_cancellation, tell_promise
from models.handlers.decisions import answer, may_answer, void
from models.messages.decision_subjects import (
    SUBJECTS,
    CostDetail,
    DecisionContent,
    EmergencyPlanDetail,
    KeepDetail,
    LaterPromiseDetail,
    Outcome,
    PriceDetail,
    ProductionDateDetail,
    ReleaseDetail,
    SettlementDetail,
    Subject,
    TechnicalDetail,
)
from models.messages.envelope import Envelope, read_content
from models.order.incidents import Trouble
from models.order.order import Order
from models.request.order_request import LineChange, RequestChange, changed
from models.values.calendar import business_date, end_of
from models.values.content import Content
from models.values.errors import Code, Refusal
from models.values.money import ZERO
from models.values.vocabulary import Collection, Ending, PromiseCause, Role, Words

Effect = Callable[[Order, Asked, Envelope], None]
Check = Callable[[Order, DecisionContent, Envelope], None]


def decision(order: Order, envelope: Envelope, content: DecisionContent) -> None:
    """Take an answer and, when it settles the subject, do what follows. Raises Refusal before anything changes."""
    may_answer(envelope, content)
    check = CHECKS.get(content.subject)
    if check is not None:
        check(order, content, envelope)
    settled = answer(order, envelope, content)
    if settled is not None:
        effect = EFFECTS.get(content.subject)
        if effect is not None:
            effect(order, settled, envelope)


def _detail(content: DecisionContent) -> Content:
    model = SUBJECTS[content.subject].detail_for(content.outcome)
    return read_content(model, content.detail, inside="content.detail")


def _contradiction(zh: str, en: str, where: str, rule: str, code: Code = Code.CONTRADICTION) -> Refusal:
    return Refusal(code, Words(zh, en), where=where, rule=rule)


# --- checks of the detail against what the order knows ---------------------------------------------------------


def _check_technical(order: Order, content: DecisionContent, envelope: Envelope) -> None:
    detail = _detail(content)
    if (
        isinstance(detail, TechnicalDetail)
        and content.outcome is Outcome.PRODUCIBLE
        and not detail.material_note
    ):
        raise _contradiction(
            "原材料储备情况须书面说明", "the raw-material note is written", "content.detail.material_note", "R21",
            Code.NOT_IN_WRITING,
        )  # fmt: skip


def _check_production_date(order: Order, content: DecisionContent, envelope: Envelope) -> None:
    detail = _detail(content)
    if not isinstance(detail, ProductionDateDetail):
        return
    if not detail.clauses_confirmed:
        raise _contradiction(
            "须确认所有生产条款",
            "every production clause is confirmed",
            "content.detail.clauses_confirmed",
            "R23",
        )
    if detail.finished_date < detail.production_date:
        raise _contradiction(
            "完成日早于生产日", "it is finished before it is begun", "content.detail.finished_date", "R23"
        )
    if detail.finished_date < business_date(envelope.happened_at):
        raise _contradiction(
            "完成日已过",
            "the finish date has passed",
            "content.detail.finished_date",
            "R23",
            Code.DATE_IN_PAST,
        )
    lines = order.request.lines
    line = order.request.line_numbered(content.line or lines[0].line)
    if line is not None and detail.quantity < line.quantity:
        raise _contradiction(
            f"数量少于订单的 {line.quantity}",
            f"the quantity is less than the {line.quantity} ordered",
            "content.detail.quantity",
            "R23",
        )


def _check_later_promise(order: Order, content: DecisionContent, envelope: Envelope) -> None:
    detail = _detail(content)
    due = order.promise.production_due
    if not isinstance(detail, LaterPromiseDetail):
        return
    if due is None:
        raise _contradiction(
            "生产尚未定交期", "production has not named its date", "content.subject", "R24", Code.NOT_ASKED
        )
    if detail.promised < due or (detail.ship_date is not None and detail.ship_date < detail.promised):
        raise _contradiction(
            f"预交日不早于完成日 {due},发货日不早于预交日",
            f"promised is not before {due}, the ship date not before promised",
            "content.detail.promised",
            "R24",
        )


def _check_plan(order: Order, content: DecisionContent, envelope: Envelope) -> None:
    detail = _detail(content)
    if (
        isinstance(detail, EmergencyPlanDetail)
        and content.outcome is Outcome.NEW_DATE
        and (detail.promised is None or detail.promised < order.today())
    ):
        raise _contradiction(
            "请给出新的预交日", "name the new promised date", "content.detail.promised", "R42"
        )


def _check_settlement(order: Order, content: DecisionContent, envelope: Envelope) -> None:
    detail = _detail(content)
    if isinstance(detail, SettlementDetail) and detail.refunded + detail.kept != order.ledger.paid:
        raise _contradiction(
            f"退款加留存应等于已收 ¥{order.ledger.paid}",
            f"refunded plus kept is what was paid, CNY {order.ledger.paid}",
            "content.detail",
            "R84",
        )


def _check_emergency(order: Order, content: DecisionContent, envelope: Envelope) -> None:
    if not any(not release.may_leave for release in order.releases):
        raise _contradiction(
            "未落实款项,紧急发货也不放行",
            "even in an emergency nothing ships without payment clearance",
            "content.subject",
            "R70",
            Code.NOT_ASKED,
        )


def _check_release(order: Order, content: DecisionContent, envelope: Envelope) -> None:
    detail = _detail(content)
    open_balance = order.open_balance
    if content.outcome is Outcome.REFUSE and open_balance <= ZERO:
        raise _contradiction(
            "款已付清;若款项不实请报 payment_bounced",
            "it is paid in full; if the money is not real report payment_bounced",
            "content.outcome",
            "R52",
        )
    if (
        isinstance(detail, ReleaseDetail)
        and detail.collection is Collection.NONE
        and ZERO < open_balance <= order.policy.balance.director_above
    ):
        raise _contradiction(
            f"尚欠 ¥{open_balance},请注明 on_credit 或 carrier_collects",
            f"CNY {open_balance} is open; say on_credit or carrier_collects",
            "content.detail.collection",
            "R52",
        )


CHECKS: dict[Subject, Check] = {
    Subject.TECHNICAL: _check_technical,
    Subject.PRODUCTION_DATE: _check_production_date,
    Subject.LATER_PROMISE: _check_later_promise,
    Subject.EMERGENCY_PLAN: _check_plan,
    Subject.DEPOSIT_SETTLEMENT: _check_settlement,
    Subject.EMERGENCY_SHIPMENT: _check_emergency,
    Subject.FINANCE_RELEASE: _check_release,
}


# --- effects ---------------------------------------------------------------------------------------------------


def _price(order: Order, asked: Asked, envelope: Envelope) -> None:
    detail = PriceDetail.model_validate(asked.detail)
    change = LineChange(
        line=asked.line or 1, unit_price=detail.unit_price, specification=detail.specification or None
    )
    before = order.total
    order.request, fields = changed(order.request, RequestChange(lines=(change,)))
    if before != order.total:
        void(order, Subject.SMALL_ORDER)
    if "lines.specification" in fields:
        void(order, Subject.TECHNICAL, asked.line)
        void(order, Subject.PRODUCTION_DATE, asked.line)


def _technical(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.NOT_PRODUCIBLE:
        detail = TechnicalDetail.model_validate(asked.detail)
        order.intend(
            Paper.APOLOGY,
            f"{asked.line}:{asked.version}",
            (Role.SALESPERSON, Role.CUSTOMER),
            "R22",
            line=asked.line,
            alternatives=detail.alternatives or Words("新品开发打样流程", "the sampling process"),
        )


def _old_recipe(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is not Outcome.INSIST:
        grant_cancellation(order, Ending.NOT_PRODUCIBLE, "0.00")


def _later_promise(order: Order, asked: Asked, envelope: Envelope) -> None:
    void_after = asked.outcome is Outcome.CONFIRM
    if void_after:
        details = [LaterPromiseDetail.model_validate(given.detail) for given in asked.answers]
        due = order.promise.production_due
        if due is not None:
            promised = max(detail.promised for detail in details)
            ships = [detail.ship_date for detail in details if detail.ship_date is not None]
            order.promise.agree(
                due,
                promised,
                max([promised, *ships]),
                PromiseCause.LATER_AGREED,
                order.clock,
                order.clock,
                envelope.by,
                details[-1].words,
            )
            tell_promise(order)
    void(order, Subject.LATER_PROMISE)


def _ship_date(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.REFUSE:
        for line in order.request.lines:
            void(order, Subject.PRODUCTION_DATE, line.line)


def _approval(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.SEND_BACK:
        order.sent_back_reason = str(asked.detail.get("words") or "-")


def _three_party(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.OBJECT:
        key = f"objection-{asked.version}"
        order.troubles[key] = Trouble(
            key=key,
            words=str(asked.detail.get("words") or f"{Outcome.OBJECT.zh} · {Outcome.OBJECT.en}"),
            owner=order.staff.person(Role.SALESPERSON),
            rule="R37",
            reported_at=envelope.happened_at,
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
        order.request = order.request.model_copy(update={"partial_delivery": True})
    if asked.outcome is Outcome.CANCEL:
        grant_cancellation(order, Ending.CANCELLED, "0.00")


def _tolerance(order: Order, asked: Asked, envelope: Envelope) -> None:
    line = asked.line or 1
    if asked.outcome is Outcome.MAKE_UP:
        order.finished_lines.discard(line)
    elif asked.outcome is Outcome.RETURN_SURPLUS:
        order.billed_as_ordered.add(line)


def _emergency_shipment(order: Order, asked: Asked, envelope: Envelope) -> None:
    release = next(release for release in order.releases if not release.may_leave)
    release.emergency_by = envelope.by
    void(order, Subject.EMERGENCY_SHIPMENT)


def _amendment(order: Order, asked: Asked, envelope: Envelope) -> None:
    decide_amendment(order, asked.outcome is Outcome.APPROVE)


def _cancellation(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.APPROVE:
        grant_cancellation(order, Ending.CANCELLED, str(CostDetail.model_validate(asked.detail).cost))
    else:
        order.cancellation = None


def _deposit_settlement(order: Order, asked: Asked, envelope: Envelope) -> None:
    detail = SettlementDetail.model_validate(asked.detail)
    order.ledger.refunded += detail.refunded
    order.ledger.kept += detail.kept


def _overpayment(order: Order, asked: Asked, envelope: Envelope) -> None:
    surplus = max(-order.open_balance, ZERO)
    if asked.outcome is Outcome.CREDIT:
        order.ledger.credited += surplus
    else:
        order.ledger.refunded += surplus


def _hanging(order: Order, asked: Asked, envelope: Envelope) -> None:
    order.hanging_since = None
    order.last_movement = order.clock
    if asked.outcome is Outcome.CLOSE:
        grant_cancellation(order, Ending.CLOSED_HANGING, "0.00")
        return
    until = KeepDetail.model_validate(asked.detail).until
    if until is not None:
        order.last_movement = max(order.clock, end_of(until))


EFFECTS: dict[Subject, Effect] = {
    Subject.PRICE: _price,
    Subject.TECHNICAL: _technical,
    Subject.OLD_RECIPE: _old_recipe,
    Subject.LATER_PROMISE: _later_promise,
    Subject.SHIP_DATE: _ship_date,
    Subject.APPROVAL: _approval,
    Subject.THREE_PARTY: _three_party,
    Subject.EMERGENCY_PLAN: _emergency_plan,
    Subject.TOLERANCE: _tolerance,
    Subject.EMERGENCY_SHIPMENT: _emergency_shipment,
    Subject.AMENDMENT: _amendment,
    Subject.CANCELLATION: _cancellation,
    Subject.DEPOSIT_SETTLEMENT: _deposit_settlement,
    Subject.OVERPAYMENT: _overpayment,
    Subject.HANGING: _hanging,
}
