"""Decisions before production: is the customer real, the price right, can it be made, when, on which terms (R15 to R38)."""

from __future__ import annotations

from models.approvals.matrix import APPROVERS
from models.decisions.subject_rule import SubjectRule, contradiction
from models.dossier.decision_record import Asked
from models.dossier.decisions import void
from models.dossier.exceptions import open_exception
from models.dossier.incidents import Trouble
from models.dossier.papers_due import Paper
from models.handlers.cancellation import grant_cancellation
from models.handlers.promise.promises import tell_promise
from models.messages.decision_subjects import (
    CreditDetail,
    DecisionContent,
    LaterPromiseDetail,
    NoDetail,
    Outcome,
    PriceDetail,
    ProductionDateDetail,
    SmallOrderDetail,
    Subject,
    TechnicalDetail,
)
from models.messages.envelope import Envelope
from models.order.approvals import others_left
from models.order.money.amount_limits import require_price
from models.order.money.credit import CreditFreed
from models.order.order import Order
from models.request.order_request import LineChange, RequestChange, changed
from models.scheduling.answered_hours import require_good_hours
from models.values.calendar import business_date
from models.values.content import Content
from models.values.errors import Code
from models.values.vocabulary import Ending, PromiseCause, Role, Words


def _check_price(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    line = content.line or order.request.lines[0].line
    if isinstance(detail, PriceDetail):
        require_price(order, line, detail.unit_price, "content.detail.unit_price")


def _price(order: Order, asked: Asked, envelope: Envelope) -> None:
    detail = PriceDetail.model_validate(asked.detail)
    change = LineChange(
        line=asked.line or 1, unit_price=detail.unit_price, specification=detail.specification or None
    )
    before = order.total
    after, fields = changed(order.request, RequestChange(lines=(change,)))
    if fields:
        order.take_version(after)
        # What was approved is another now; nothing is asked twice where nobody has approved yet (R28, R83).
        void(order, Subject.APPROVAL)
        void(order, Subject.ORDER_APPROVAL)
    if before != order.total:
        void(order, Subject.SMALL_ORDER)
    if "lines.specification" in fields:
        void(order, Subject.TECHNICAL, asked.line)
        void(order, Subject.PRODUCTION_DATE, asked.line)


def _check_technical(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    if (
        isinstance(detail, TechnicalDetail)
        and content.outcome is Outcome.PRODUCIBLE
        and not detail.material_note
    ):
        raise contradiction(
            "原材料储备情况须书面说明", "the raw-material note is written", "content.detail.material_note", "R21",
            Code.NOT_IN_WRITING,
        )  # fmt: skip


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


def _check_production_date(
    order: Order, detail: Content, content: DecisionContent, envelope: Envelope
) -> None:
    if not isinstance(detail, ProductionDateDetail):
        return
    if not detail.clauses_confirmed:
        raise contradiction(
            "须确认所有生产条款",
            "every production clause is confirmed",
            "content.detail.clauses_confirmed",
            "R23",
        )
    if detail.finished_date < detail.production_date:
        raise contradiction(
            "完成日早于生产日", "it is finished before it is begun", "content.detail.finished_date", "R23"
        )
    if detail.finished_date < business_date(envelope.happened_at):
        raise contradiction(
            "完成日已过",
            "the finish date has passed",
            "content.detail.finished_date",
            "R23",
            Code.DATE_IN_PAST,
        )
    lines = order.request.lines
    line = order.line_numbered(content.line or lines[0].line)
    if line is not None:
        require_good_hours(detail, line.line, envelope.happened_at, order.ledger.claimed_elsewhere)
    if line is not None and detail.quantity < line.quantity:
        raise contradiction(
            f"数量少于订单的 {line.quantity}",
            f"the quantity is less than the {line.quantity} ordered",
            "content.detail.quantity",
            "R23",
        )


def _check_later_promise(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    due = order.promise.production_due
    if not isinstance(detail, LaterPromiseDetail):
        return
    if due is None:
        raise contradiction(
            "生产尚未定交期", "production has not named its date", "content.subject", "R24", Code.NOT_ASKED
        )
    if detail.promised < due or (detail.ship_date is not None and detail.ship_date < detail.promised):
        raise contradiction(
            f"预交日不早于完成日 {due}，发货日不早于预交日",
            f"promised is not before {due}, the ship date not before promised",
            "content.detail.promised",
            "R24",
        )


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


def _check_sent_back(order: Order, detail: Content, content: DecisionContent, envelope: Envelope) -> None:
    if content.outcome is Outcome.SEND_BACK and isinstance(detail, NoDetail) and not detail.words:
        raise contradiction(
            "退回须写明原因", "an order is sent back with the reason", "content.detail.words", "R28", Code.MISSING_FIELD
        )  # fmt: skip


def objection_key(asked: Asked) -> str:
    """The key of the exception that an objection of the three parties opens (R37)."""
    return f"objection-{asked.version}"


def objection_of(order: Order) -> Trouble | None:
    """The objection that stands against the sheet in force; None where the three parties do not object (R37)."""
    asked = order.decision(Subject.THREE_PARTY)
    if asked is None or asked.outcome is not Outcome.OBJECT:
        return None
    own = objection_key(asked)
    return next(
        (each for each in order.troubles.values() if each.rule == "R37" and each.key.startswith(own)), None
    )


def _three_party(order: Order, asked: Asked, envelope: Envelope) -> None:
    if asked.outcome is Outcome.OBJECT:
        open_exception(
            order,
            objection_key(asked),
            str(asked.detail.get("words") or f"{Outcome.OBJECT.zh} · {Outcome.OBJECT.en}"),
            order.staff.person(Role.SALESPERSON),
            "R37",
            envelope.happened_at,
        )


def _credit(order: Order, asked: Asked, envelope: Envelope) -> None:
    """R109: freed for the amount that was asked about, and from the grounds that there were."""
    record, freed = order.credit, asked.outcome is Outcome.FREE
    if freed:
        record.freed = CreditFreed(
            amount=record.amount, grounds=record.grounds, by=envelope.by, at=order.clock
        )
    order.intend(
        Paper.CREDIT_FREED if freed else Paper.CREDIT_KEPT,
        str(asked.version),
        (Role.SALESPERSON,),
        "R109",
        amount=record.amount,
        reason=str(asked.detail.get("reason", "")),
    )


_R, _O = Role, Outcome

ROWS = (
    SubjectRule(Subject.CUSTOMER_DATA, (_R.SERVICE_CLERK, _R.SALESPERSON), (_O.REAL, _O.NOT_REAL)),
    SubjectRule(Subject.CONTRACT, (_R.LEGAL, _R.FINANCE), (_O.APPROVE, _O.REFUSE), everyone=True),
    SubjectRule(Subject.RELEASE_TERMS, (_R.LEGAL, _R.FINANCE), (_O.APPROVE, _O.REFUSE), everyone=True),
    SubjectRule(
        Subject.PRICE,
        (_R.SERVICE_SUPERVISOR, _R.MARKETING_DIRECTOR),
        (_O.SETTLED,),
        PriceDetail,
        per_line=True,
        check=_check_price,
        effect=_price,
    ),
    SubjectRule(
        Subject.TECHNICAL,
        (_R.TECHNICAL,),
        (_O.PRODUCIBLE, _O.NOT_PRODUCIBLE),
        TechnicalDetail,
        per_line=True,
        check=_check_technical,
        effect=_technical,
    ),
    SubjectRule(
        Subject.OLD_RECIPE,
        (_R.CUSTOMER,),
        (_O.INSIST, _O.SAMPLING, _O.END),
        per_line=True,
        effect=_old_recipe,
    ),
    SubjectRule(
        Subject.PRODUCTION_DATE,
        (_R.PRODUCTION,),
        (_O.DATED,),
        ProductionDateDetail,
        per_line=True,
        check=_check_production_date,
    ),
    SubjectRule(
        Subject.LATER_PROMISE,
        (_R.SERVICE_CLERK, _R.SALESPERSON),
        (_O.CONFIRM, _O.REFUSE),
        everyone=True,
        voluntary=True,
        details={_O.CONFIRM: LaterPromiseDetail},
        check=_check_later_promise,
        effect=_later_promise,
    ),
    SubjectRule(Subject.SHIP_DATE, (_R.SALES_SUPERVISOR,), (_O.APPROVE, _O.REFUSE), effect=_ship_date),
    SubjectRule(Subject.APPROVAL, (_R.SALES_SUPERVISOR,), (_O.APPROVE, _O.SEND_BACK), effect=_approval),
    SubjectRule(
        Subject.SMALL_ORDER, (_R.SALESPERSON,), (_O.PREPAID, _O.GUARANTEED, _O.DEPOSIT), SmallOrderDetail
    ),
    SubjectRule(
        Subject.THREE_PARTY,
        (_R.SALESPERSON, _R.MATERIAL_CONTROLLER, _R.FINANCE),
        (_O.CONFIRM, _O.OBJECT),
        everyone=True,
        effect=_three_party,
    ),
    SubjectRule(
        Subject.ORDER_APPROVAL,
        tuple(role for role in APPROVERS if role is not Role.SALES_SUPERVISOR),
        (_O.APPROVE, _O.SEND_BACK),
        levels=others_left,
        check=_check_sent_back,
        effect=_approval,
    ),
    SubjectRule(Subject.CREDIT, (_R.FINANCE,), (_O.FREE, _O.KEEP_HELD), CreditDetail, effect=_credit),
)
