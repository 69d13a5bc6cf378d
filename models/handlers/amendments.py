"""Changes of what was ordered, holds, cancellations, exceptions, overrides (R12, R13, R42, R47, R83, R84)."""

from __future__ import annotations

from datetime import date

from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.handlers.decisions import void
from models.messages import fact_contents
from models.messages.decision_subjects import SUBJECTS, Subject
from models.messages.envelope import Envelope
from models.order.incidents import Amendment, Cancellation, Hold, Trouble
from models.order.order import Order
from models.request.order_request import RequestChange, changed
from models.values.calendar import business_date
from models.values.errors import Code, Refusal
from models.values.vocabulary import Ending, PhaseName, PromiseCause, Role, Words

_S = Subject
_ALL_CHECKS = frozenset(
    {_S.PRICE, _S.TECHNICAL, _S.OLD_RECIPE, _S.PRODUCTION_DATE, _S.APPROVAL, _S.SMALL_ORDER, _S.SHIP_DATE}
)
VOIDED_BY: dict[str, frozenset[Subject]] = {
    "contact": frozenset(),
    "phone": frozenset(),
    "fax": frozenset(),
    "address": frozenset(),
    "consignee": frozenset(),
    "delivery_method": frozenset({_S.CONTRACT}),
    "freight_terms": frozenset({_S.APPROVAL}),
    "payment_terms": frozenset({_S.CONTRACT, _S.APPROVAL, _S.SMALL_ORDER}),
    "deposit_percent": frozenset({_S.CONTRACT, _S.APPROVAL}),
    "packing": frozenset({_S.PRODUCTION_DATE}),
    "label": frozenset({_S.PRODUCTION_DATE}),
    "special_requirements": frozenset({_S.TECHNICAL, _S.PRODUCTION_DATE}),
    "wanted_date": frozenset({_S.PRODUCTION_DATE, _S.SHIP_DATE}),
    "partial_delivery": frozenset({_S.APPROVAL}),
    "lines.product": _ALL_CHECKS,
    "lines.specification": _ALL_CHECKS,
    "lines.unit": _ALL_CHECKS,
    "lines.quantity": _ALL_CHECKS - {_S.OLD_RECIPE},
    "lines.unit_price": frozenset({_S.PRICE, _S.APPROVAL, _S.SMALL_ORDER}),
    "lines.tolerance_percent": frozenset({_S.PRODUCTION_DATE, _S.TOLERANCE}),
}
"""What an amendment voids: field → checks (R83, DESIGN §2). Every field voids the sheet and its signature as well."""

PLAN_CAUSES = {
    "material": PromiseCause.MATERIAL,
    "production": PromiseCause.PRODUCTION,
    "technical": PromiseCause.PRODUCTION,
    "quality": PromiseCause.QUALITY,
}


def apply_change(order: Order, change: RequestChange) -> frozenset[str]:
    """Put new values into the order and void exactly what rested on the old ones; the fields that changed."""
    before = order.request
    after, fields = changed(before, change)
    order.request = after
    order.request_version += 1
    for field in sorted(fields):
        lines = [line.line for line in after.lines if line != before.line_numbered(line.line)]
        for subject in sorted(VOIDED_BY[field]):
            if SUBJECTS[subject].per_line:
                for line in lines or [line.line for line in after.lines]:
                    void(order, subject, line)
            else:
                void(order, subject)
    if fields and order.sheet is not None:
        order.sheet.voided_at = order.clock
        order.note(EntryKind.VOIDED, f"sheet:{order.sheets[-1].version}", rule="R83")
        void(order, Subject.THREE_PARTY)
    if fields and order.phase not in (PhaseName.INTAKE, PhaseName.VERIFICATION):
        order.phase = PhaseName.VERIFICATION
    return fields


def _check_lines(order: Order, change: RequestChange) -> None:
    for line in change.lines:
        if order.request.line_numbered(line.line) is None:
            raise Refusal(
                Code.UNKNOWN_LINE,
                Words(f"没有第 {line.line} 行", f"there is no line {line.line}"),
                where="content.changes.lines",
            )


def amendment_requested(order: Order, envelope: Envelope, content: fact_contents.AmendmentRequested) -> None:
    """R83: a change of a submitted order; after production began production must agree first."""
    _check_lines(order, content.changes)
    if order.goods_out:
        raise Refusal(
            Code.TOO_LATE,
            Words("货已发出,不能再变更", "goods have left; the order can no longer be amended"),
            rule="R83",
        )
    if order.production_began:
        order.amendment = Amendment(
            changes=content.changes,
            reason=content.reason,
            by=envelope.by,
            role=envelope.role,
            at=envelope.happened_at,
        )
        void(order, Subject.AMENDMENT)
        return
    apply_change(order, content.changes)


def decide_amendment(order: Order, agreed: bool) -> None:
    """Production's answer to a change after it began (R83)."""
    if order.amendment is not None and agreed:
        apply_change(order, order.amendment.changes)
    order.amendment = None


def details_completed(order: Order, envelope: Envelope, content: fact_contents.DetailsCompleted) -> None:
    """R12: missing or unclear fields are given. Later changes are amendments (R83)."""
    if order.phase not in (PhaseName.INTAKE, PhaseName.VERIFICATION) and not order.request.unclear:
        raise Refusal(
            Code.TOO_LATE,
            Words(
                "订单已提交客户确认,改动请用变更", "the order is with the customer; a change is an amendment"
            ),
            rule="R83",
        )
    _check_lines(order, content.changes)
    apply_change(order, content.changes)
    order.request = order.request.model_copy(
        update={"unclear": tuple(name for name in order.request.unclear if name not in content.clarified)}
    )
    if order.sent_back_reason:
        order.sent_back_reason = ""
        void(order, Subject.APPROVAL)


def cancellation_requested(
    order: Order, envelope: Envelope, content: fact_contents.CancellationRequested
) -> None:
    """R84: free before production; later the sales supervisor decides; not once goods have left."""
    if order.goods_out:
        raise Refusal(
            Code.TOO_LATE,
            Words("货已发出,请走售后", "goods have left; this is a matter for after-sales"),
            rule="R84",
        )
    if order.cancellation is not None:
        return
    order.cancellation = Cancellation(reason=content.reason, by=envelope.by, at=envelope.happened_at)
    if not order.production_began:
        grant_cancellation(order, Ending.CANCELLED, "0.00")


def grant_cancellation(order: Order, ending: Ending, cost: str) -> None:
    """The order is to end; money received is settled first (R84)."""
    if order.cancellation is not None:
        order.cancellation.granted = True
        order.cancellation.cost = cost
    order.pending_ending = ending
    reason = order.cancellation.reason if order.cancellation else ending
    order.intend(
        Paper.CANCELLED, "1", (Role.CUSTOMER, Role.SALESPERSON, Role.PRODUCTION), "R84", reason=reason
    )


def hold_placed(order: Order, envelope: Envelope, content: fact_contents.HoldPlaced) -> None:
    """The company's own steps and all forward motion stop (DESIGN §2)."""
    if order.hold is not None:
        raise Refusal(Code.CONTRADICTION, Words("订单已暂停", "the order is on hold already"))
    order.holds.append(
        Hold(placed_at=order.clock, reason=content.reason, customer_clocks_stop=content.customer_clocks_stop)
    )


def hold_released(order: Order, envelope: Envelope, content: fact_contents.HoldReleased) -> None:
    """The order goes on; the promise moves by the days held and the steps' limits by the time held."""
    hold = order.hold
    if hold is None:
        raise Refusal(Code.CONTRADICTION, Words("订单未暂停", "the order is not on hold"))
    hold.released_at = order.clock
    length = order.clock - hold.placed_at
    for step in order.steps.values():
        if step.overdue_at is None:
            step.due += length
    if hold.customer_clocks_stop:
        for shipment in order.shipments:
            if shipment.arrived_at is not None and shipment.under_way:
                shipment.arrived_at += length
    days = (business_date(order.clock) - business_date(hold.placed_at)).days
    move_promise(
        order,
        PromiseCause.HOLD,
        order.promise.moved.get(PromiseCause.HOLD, 0) + days,
        by=envelope.by,
        reason=hold.reason,
    )


def move_promise(order: Order, cause: PromiseCause, days: int, *, by: str = "", reason: str = "") -> None:
    """Set the days that one cause has moved the promise; customer and salesperson see the new date (R34)."""
    change = order.promise.move(cause, days, order.clock, order.clock, by, reason)
    if change is not None:
        tell_promise(order)


def tell_promise(order: Order) -> None:
    """Journal the latest move of the promise and let customer and salesperson know it (R34, R42)."""
    change = order.promise.history[-1]
    order.note(
        EntryKind.PROMISE,
        f"promise:{change.number}",
        by=change.by,
        rule="R34" if change.cause in (PromiseCause.CUSTOMER, PromiseCause.DEPOSIT) else "R24",
        cause=change.cause.value,
        before=str(change.promised_from or ""),
        after=str(change.promised_to),
        production_due=str(change.production_due_to),
        ship_date=str(change.ship_date_to),
    )
    if change.promised_from is not None and change.promised_from != change.promised_to:
        order.intend(
            Paper.NEW_PROMISE,
            str(change.number),
            (Role.CUSTOMER, Role.SALESPERSON),
            "R34",
            before=change.promised_from,
            after=change.promised_to,
            cause=change.cause,
        )


def exception_reported(order: Order, envelope: Envelope, content: fact_contents.ExceptionReported) -> None:
    """R47: reported, owned, kept until resolved."""
    order.troubles.setdefault(
        content.exception,
        Trouble(
            key=content.exception,
            words=content.words,
            owner=content.owner,
            rule="R47",
            reported_at=envelope.happened_at,
        ),
    )


def stores_diverged(order: Order, epoch: int, database_sequence: int, database_hash: str) -> None:
    """The order database held another history (a reset, a restored backup): a new epoch, and somebody looks (R47)."""
    order.note(
        EntryKind.REPAIRED,
        f"epoch:{epoch}",
        rule="R47",
        epoch=epoch,
        database_sequence=database_sequence,
        database_hash=database_hash,
    )
    key = f"stores-diverged-{epoch}"
    order.troubles[key] = Trouble(
        key=key,
        words="订单库与流程的记录不一致,已按流程重写,请核对 · database and workflow held different histories; compare them",
        owner=order.staff.person(Role.SERVICE_SUPERVISOR),
        rule="R47",
        reported_at=order.clock,
    )


def exception_resolved(order: Order, envelope: Envelope, content: fact_contents.ExceptionResolved) -> None:
    """R47: how it was resolved is kept. An objection of the three parties is asked anew (R37)."""
    trouble = order.troubles.get(content.exception)
    if trouble is None:
        raise Refusal(
            Code.CONTRADICTION,
            Words("没有这项异常", "there is no such exception"),
            where="content.exception",
            rule="R47",
        )
    if trouble.needs_plan:
        raise Refusal(
            Code.CONTRADICTION,
            Words("此异常须由应急方案解决", "this exception is resolved by an emergency plan"),
            where="content.exception",
            rule="R42",
        )
    trouble.resolution, trouble.resolved_at = content.resolution, envelope.happened_at
    if trouble.rule == "R37":
        void(order, Subject.THREE_PARTY)


def extension_given(order: Order, envelope: Envelope, content: fact_contents.ExtensionGiven) -> None:
    """R13: more time for a step, told to the customer."""
    step = order.steps.get(content.step)
    if step is None:
        raise Refusal(
            Code.CONTRADICTION,
            Words("没有这个待办", "there is no such open step"),
            where="content.step",
            rule="R13",
        )
    if content.due <= order.clock:
        raise Refusal(
            Code.DATE_IN_PAST,
            Words("新时限须在将来", "the new limit lies in the future"),
            where="content.due",
            rule="R13",
        )
    step.due, step.overdue_at, step.escalated_at = content.due, None, None
    order.intend(
        Paper.EXTENSION,
        f"{content.step}:{order.sequence}",
        (Role.CUSTOMER,),
        "R13",
        due=content.due,
        reason=content.reason,
    )


def overridden(order: Order, envelope: Envelope, content: fact_contents.Overridden) -> None:
    """A separation of duties is set aside for one person, by another (DESIGN §8)."""
    if envelope.by == content.person:
        raise Refusal(
            Code.SAME_PERSON,
            Words("不能为自己特批", "nobody sets a duty aside for oneself"),
            where="content.person",
        )
    order.overrides.append((content.rule, content.person))


def calendar_refreshed(order: Order, envelope: Envelope, content: fact_contents.CalendarRefreshed) -> None:
    """Newer holidays (DESIGN §2)."""
    order.calendar = content.calendar


def adopted(order: Order, envelope: Envelope, content: fact_contents.Adopted) -> None:
    """A newer policy or edition (DESIGN §2)."""
    if content.edition is not None:
        order.edition = content.edition
    if content.policy is not None:
        order.policy = content.policy


def contact_logged(order: Order, envelope: Envelope, content: fact_contents.ContactLogged) -> None:
    """R18: kept in the journal; reading back and explaining the freight agent are remembered."""
    order.read_back = order.read_back or content.topic is fact_contents.Topic.READ_BACK
    order.agent_explained = order.agent_explained or content.topic is fact_contents.Topic.FREIGHT_AGENT


def agree_plan(order: Order, trouble: Trouble, promised: date, by: str) -> None:
    """R42: an emergency plan with a new date; production is held to it as well and the ship date follows."""
    order.promise.agree(
        promised,
        promised,
        max(promised, order.promise.ship_date or promised),
        PLAN_CAUSES.get(trouble.cause, PromiseCause.PRODUCTION),
        order.clock,
        order.clock,
        by,
        trouble.words,
    )
    tell_promise(order)
