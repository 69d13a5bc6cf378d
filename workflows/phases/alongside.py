"""What runs alongside every phase: exceptions, owed papers, payments to confirm, amendments, hanging orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from models.dossier.decisions import ask, void
from models.dossier.incidents import Trouble
from models.dossier.journal import EntryKind
from models.dossier.open_steps import Need, OpenStep
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.handlers.changeable import drops_made_goods
from models.handlers.dangers import watch_promise
from models.handlers.goods.goods_exceptions import OF_A_RECALL, is_found_again, outcomes_of
from models.handlers.goods.shipments import named, spoken
from models.handlers.joint_checks import owed_answers
from models.handlers.money.payments import owes_deposit_again
from models.handlers.stock.materials import is_ordered, material_short, note_of
from models.messages.decision_subjects import Subject
from models.messages.goods_contents import DESTINATION
from models.order.goods import GoodsTrouble
from models.order.money.bill import bill_of_what_left
from models.order.order import Order
from models.request.order_request import RequestChange
from models.values.field_words import field_words
from models.values.fingerprint import lasting
from models.values.vocabulary import Channel, PaymentTerms, Role
from workflows.phases.intake import ask_for
from workflows.phases.money.invoicing import invoice_needs
from workflows.phases.money.refund import refund_needs, settle_refund
from workflows.phases.phase import Needs, Phase, decision_needed
from workflows.phases.shop.payment import settle_surplus, shop_refunds_needed


def settle(order: Order) -> None:
    """Ask for plans against exceptions, and about changes, cancellations and hanging that nobody has decided yet."""
    watch_promise(order)
    if _terms_are_asked(order):
        ask_for(order, ["payment_terms"])
    open_plans = [trouble.key for trouble in order.unresolved if trouble.needs_plan]
    if open_plans:
        ask(order, Subject.EMERGENCY_PLAN, {"exceptions": open_plans})
    elif order.outcome(Subject.EMERGENCY_PLAN) is None:
        void(order, Subject.EMERGENCY_PLAN)
    amendment, cancellation = order.amendment, order.cancellation
    if amendment is not None:
        asked_for = _all_of([(_given(each.changes), each.at) for each in amendment.proposals])
        ask(order, Subject.AMENDMENT, asked_for)
        if drops_made_goods(order, amendment.all_changes):
            ask(order, Subject.DROPPED_GOODS, asked_for)
    if cancellation is not None and not cancellation.granted:
        about: dict[str, Any] = {"reason": cancellation.reason, "at": cancellation.at}
        if order.goods_out:
            about |= {"shipped": _shipped(order), "bill": bill_of_what_left(order)}
        ask(order, Subject.CANCELLATION, about)
    settle_surplus(order)
    if not order.kind.sold_online:
        settle_refund(order)
    if order.hanging_since is not None:
        ask(order, Subject.HANGING, {"since": order.hanging_since})


def needs(order: Order) -> Needs:
    """Needs of no phase in particular. Those that block stop the order where it is."""
    if _terms_are_asked(order):
        yield from _terms(order)
    yield from _exceptions(order)
    yield from _owed_papers(order)
    yield from _scans(order)
    yield from payments_to_confirm(order)
    yield from deposit_owed_again(order)
    yield from refund_needs(order)
    yield from shop_refunds_needed(order)
    yield from owed_answers(order)
    yield from _questions(order)
    yield from invoice_needs(order)
    yield from _materials(order)
    if order.amendment is not None:
        yield from decision_needed(order, Subject.AMENDMENT)
        if drops_made_goods(order, order.amendment.all_changes):
            yield from decision_needed(order, Subject.DROPPED_GOODS)
    if order.cancellation is not None and not order.cancellation.granted:
        yield from decision_needed(order, Subject.CANCELLATION)
    if order.hanging_since is not None:
        yield from decision_needed(order, Subject.HANGING, blocking=False)


def _materials(order: Order) -> Needs:
    """R113, D1.2.3: raw material that the technical note names as short is purchasing's, until it is ordered or the goods are made."""
    if order.goods_out:
        return
    for line in order.request.lines:
        material = material_short(order, line.line)
        if material and not is_ordered(order, line.line) and line.line not in order.finished_lines:
            yield Need(
                f"order_material:{line.line}/{note_of(order, line.line)}",
                StepKind.ORDER_MATERIAL,
                (Role.PURCHASING,),
                "R113",
                hours=order.policy.limits.owed_paper_hours,
                blocking=False,
                values={"line": str(line.line), "material": material},
            )


def _questions(order: Order) -> Needs:
    """R140: a question of the customer is its owner's, until a contact answers it."""
    for number, question in order.customer_questions.items():
        if question.answered_at is None:
            yield Need(
                f"question:{number}",
                StepKind.ANSWER_QUESTION,
                (Role.SERVICE_CLERK,),
                "R140",
                hours=order.policy.limits.question_hours,
                blocking=False,
                values={"question": str(number), "text": question.words},
                people=(question.owner,) if question.owner else (),
            )


def _shipped(order: Order) -> str:
    return named({line.line: sent for line in order.request.lines if (sent := order.shipped(line.line)) > 0})


def _terms_are_asked(order: Order) -> bool:
    """R38: guaranteed terms of an order that is not small: nothing goes to the factory on them.

    What is being made already is released by what is paid, like any other order.
    """
    return order.guaranteed_beyond and order.kind.is_before(order.phase)


def _terms(order: Order) -> Needs:
    words = field_words("payment_terms")
    yield Need(
        "payment_terms",
        StepKind.DETAILS,
        (Role.SALESPERSON, Role.SERVICE_CLERK),
        "R38",
        hours=order.policy.limits.details_hours,
        values={"fields_zh": words.zh, "fields_en": words.en, "field": "payment_terms"},
    )


def _all_of(asked_for: list[tuple[dict[str, Any], datetime]]) -> dict[str, Any]:
    """What is asked about: one amendment as it was asked for, or all that wait together, in their order (R83)."""
    if len(asked_for) == 1:
        return {"changes": asked_for[0][0], "at": asked_for[0][1]}
    return {"changes": [given for given, _ in asked_for], "at": [str(at) for _, at in asked_for]}


def _given(changes: RequestChange) -> dict[str, Any]:
    """What an amendment names, as plain data; what it leaves alone is left out."""
    given: dict[str, Any] = _said(lasting(changes))
    return given


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _said(part) for name, part in value.items() if part is not None}
    return [_said(part) for part in value] if isinstance(value, list) else value


def _scans(order: Order) -> Needs:
    """R31: a clerk looks at each picture that came back."""
    sheet = order.sheet
    for document in sheet.scans if sheet is not None else ():
        yield Need(
            f"verify_signature:{document}",
            StepKind.VERIFY_SIGNATURE,
            (Role.SERVICE_CLERK,),
            "R31",
            hours=order.policy.limits.signature_hours,
            blocking=False,
            values={"version": str(sheet.version) if sheet else "", "document": document},
        )


def payments_to_confirm(order: Order) -> Needs:
    """R53: what the bank reports is confirmed as real by finance, and what was told twice is looked into."""
    for payment in order.ledger.unconfirmed:
        yield Need(
            f"confirm_payment:{payment.voucher}",
            StepKind.CONFIRM_PAYMENT,
            (Role.FINANCE,),
            "R53",
            hours=order.policy.limits.decision_hours,
            blocking=False,
            values={"reference": payment.reference},
        )
    for payment in order.ledger.told_twice:
        asked = payment.asked is not None
        yield Need(
            f"{'money_moves' if asked else 'told_twice'}:{payment.voucher}",
            StepKind.MONEY_MOVES if asked else StepKind.TOLD_TWICE,
            (Role.FINANCE,),
            "R53",
            hours=order.policy.limits.decision_hours,
            blocking=False,
            values={"reference": payment.voucher} | ({"amount": str(payment.asked)} if asked else {}),
        )


def deposit_owed_again(order: Order, *, blocking: bool = False) -> Needs:
    """R33, R53: money of the deposit fell after production began: asked for again, and owned."""
    if owes_deposit_again(order) and not order.kind.is_before(order.phase):
        yield deposit_needed(order, blocking=blocking)


def deposit_needed(order: Order, *, blocking: bool = True) -> Need:
    """R33: the deposit, or the whole when prepaid."""
    whole = order.terms is PaymentTerms.PREPAID
    return Need(
        "deposit",
        StepKind.PREPAYMENT if whole else StepKind.DEPOSIT,
        (Role.CUSTOMER, Role.SALESPERSON),
        "R38" if whole and order.small_way else "R33",
        hours=order.policy.limits.deposit_hours,
        blocking=blocking,
        values={"amount": str(order.deposit_due - order.ledger.paid)},
    )


def _exceptions(order: Order) -> Needs:
    """R42, R47: every exception has an owner until it is resolved; a production exception needs a plan."""
    if any(trouble.needs_plan for trouble in order.unresolved):
        # what cannot ship in time any more is late now, and not after the time for a plan (R38a)
        late = any(trouble.needs_plan and trouble.rule == "R38" for trouble in order.unresolved)
        hours = Decimal(0) if late else order.policy.limits.emergency_hours
        yield from decision_needed(order, Subject.EMERGENCY_PLAN, hours=hours, blocking=False)
    for trouble in order.unresolved:
        goods = order.goods_troubles.get(trouble.key)
        if goods is not None:
            yield from _goods_exception(order, trouble, goods)
        elif not trouble.needs_plan and trouble.rule != "R37":
            yield Need(
                f"exception:{trouble.key}",
                StepKind.EXCEPTION,
                _ANSWERED_BY.get(trouble.rule, (Role.SERVICE_CLERK,)),
                trouble.rule,
                hours=order.policy.limits.decision_hours,
                blocking=is_found_again(trouble),
                values={"exception": trouble.key, "text": trouble.words, "owner": trouble.owner},
            )


def _goods_exception(order: Order, trouble: Trouble, goods: GoodsTrouble) -> Needs:
    """R74, R76: nothing about such goods is settled before it is decided what becomes of them."""
    outcomes, said = outcomes_of(goods), spoken(goods.quantities)
    values = {
        "exception": trouble.key,
        "text": trouble.words,
        "owner": trouble.owner,
        "shipment": goods.shipment,
    }
    if outcomes == OF_A_RECALL:
        yield Need(
            f"missing:{goods.shipment}",
            StepKind.MISSING_GOODS,
            (Role.MATERIAL_CONTROLLER, Role.LOGISTICS),
            "R76",
            hours=order.policy.limits.owed_paper_hours,
            values=values | {"goods": named(goods.quantities), "goods_zh": said.zh, "goods_en": said.en},
        )
        return
    yield Need(
        f"exception:{trouble.key}",
        StepKind.GOODS_EXCEPTION,
        (Role.SERVICE_SUPERVISOR, Role.SERVICE_CLERK),
        "R74",
        hours=order.policy.limits.decision_hours,
        values=values | {"outcomes": "/".join(outcomes)},
    )


_ANSWERED_BY = {
    "R40": (Role.SERVICE_SUPERVISOR, Role.PRODUCTION),
    "R41": (Role.PRODUCTION, Role.SERVICE_CLERK),
    "R43": (Role.SERVICE_SUPERVISOR, Role.QUALITY),
}
"""Who answers for an exception in place of the clerk alone: for what production's own reports say, and for what a clerk
objects to."""


def _owed_papers(order: Order) -> Needs:
    """R12: the written order after word of mouth. R32: the sheet of a class A customer. R70: the shipping notice."""
    hours = order.policy.limits.owed_paper_hours
    spoken = order.request.channel is Channel.SALESPERSON and not order.request.in_writing
    if spoken and not order.written_order:
        yield Need(
            "written_order", StepKind.WRITTEN_ORDER, (Role.SALESPERSON,), "R12", hours=hours, blocking=False
        )
    for release in order.releases:
        if release.emergency_by and release.notice_at is None:
            yield Need(
                f"notice_owed:{release.number}",
                StepKind.NOTICE_OWED,
                (Role.SERVICE_CLERK,),
                "R70",
                hours=hours,
                blocking=False,
                values={"release": str(release.number)}
                | {name: getattr(order.request, name) for name in DESTINATION},
            )
    sheet = order.sheet
    if order.is_class_a and sheet is not None and sheet.sent_at is not None and not sheet.is_clean:
        yield Need(
            f"sheet_owed:{sheet.version}",
            StepKind.SHEET_OWED,
            (Role.CUSTOMER, Role.SALESPERSON),
            "R32",
            hours=hours,
            blocking=False,
            values={"version": str(sheet.version)},
        )


OWED = frozenset(
    {
        StepKind.WRITTEN_ORDER,
        StepKind.SHEET_OWED,
        StepKind.NOTICE_OWED,
        StepKind.EXCEPTION,
        StepKind.CONFIRM_PAYMENT,
        StepKind.TOLD_TWICE,
        StepKind.MONEY_MOVES,
        StepKind.ANSWER_QUESTION,
        StepKind.ISSUE_INVOICE,
        StepKind.RED_LETTER,
        StepKind.REFUND_UNDER_WAY,
    }
)
"""What must be in before an order can be settled."""


def hangs_when(order: Order) -> datetime | None:
    """R19: when an order without sheet, deposit or answer is listed as hanging; None while it cannot be."""
    if not order.kind.is_before(order.phase) or order.hold or order.hanging_since or order.pending_ending:
        return None
    return order.last_movement + timedelta(days=order.policy.hanging.days)


def watch_hanging(order: Order) -> None:
    """R19: list it, remind its owner; only a decision closes it."""
    when = hangs_when(order)
    if when is not None and when <= order.clock:
        order.hanging_since = order.clock
        days = order.policy.hanging.days
        order.note(EntryKind.HANGING, "hanging", rule="R19", days=days)
        order.intend(Paper.HANGING, str(order.sequence), (Role.SALESPERSON,), "R19", days=days)


_SILENCE_ANSWERS = frozenset(
    f"{StepKind.DECISION.value}:{subject.value}" for subject in (Subject.ACCEPTANCE, Subject.TRIAL)
)
_TIME_ANSWERS = frozenset({StepKind.COMPLETION, StepKind.ONLINE_PAYMENT, StepKind.LATE_MONEY})
_OF_WHAT_HAS_LEFT = frozenset({StepKind.NOTICE_LEGIBLE, StepKind.COLLECT_GOODS})


def rests(order: Order, step: OpenStep) -> bool:
    """R51, R84: while a wish to cancel waits for its decision the customer is reminded of nothing but goods on their way."""
    if step.kind in _TIME_ANSWERS or step.key in _SILENCE_ANSWERS:
        return True  # silence is an answer: at its end the order is completed, or cancelled (R39, R81, R87)
    of_the_customer = Role.CUSTOMER in step.roles and step.kind not in _OF_WHAT_HAS_LEFT
    return of_the_customer and order.awaits_cancellation


ALONGSIDE = Phase(settle, needs)
