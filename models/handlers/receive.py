"""Taking what is said: read, known already, refused and kept, kept until it can be used, or done (DESIGN §2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from models.dossier.journal import EntryKind
from models.handlers import amendments, decision_effects, production, sheet_and_payments, shipping
from models.messages.envelope import DECISION, Envelope, canonical, read_content, read_envelope
from models.messages.fact_kinds import FACT_KINDS
from models.messages.reply import Reply, Status
from models.order.order import Order
from models.values.calendar import business_date
from models.values.content import Content
from models.values.errors import Code, Refusal, TooEarly
from models.values.vocabulary import Role, Words

Handler = Callable[[Order, Envelope, Any], None]

HANDLERS: dict[str, Handler] = {
    "details_completed": amendments.details_completed,
    "document_supplied": shipping.document_supplied,
    "contact_logged": amendments.contact_logged,
    "sheet_sent": sheet_and_payments.sheet_sent,
    "sheet_received": sheet_and_payments.sheet_received,
    "confirmation_returned": sheet_and_payments.confirmation_returned,
    "sheet_scanned": sheet_and_payments.sheet_scanned,
    "payment_received": sheet_and_payments.payment_received,
    "payment_bounced": sheet_and_payments.payment_bounced,
    "cash_cleared": sheet_and_payments.cash_cleared,
    "production_signed": production.production_signed,
    "production_reported": production.production_reported,
    "production_exception": production.production_exception,
    "exception_reported": amendments.exception_reported,
    "exception_resolved": amendments.exception_resolved,
    "checkpoint_reported": production.checkpoint_reported,
    "extension_given": amendments.extension_given,
    "inspection_reported": production.inspection_reported,
    "warehouse_entered": production.warehouse_entered,
    "transport_arranged": shipping.transport_arranged,
    "shipping_read_back": shipping.shipping_read_back,
    "shipped": shipping.shipped,
    "shipment_notice_received": shipping.shipment_notice_received,
    "transit_reported": shipping.transit_reported,
    "arrived": shipping.arrived,
    "delivery_receipt": shipping.delivery_receipt,
    "receipt_confirmed": shipping.receipt_confirmed,
    "recall_reported": shipping.recall_reported,
    "goods_returned": shipping.goods_returned,
    "collection_remitted": shipping.collection_remitted,
    "hold_placed": amendments.hold_placed,
    "hold_released": amendments.hold_released,
    "amendment_requested": amendments.amendment_requested,
    "cancellation_requested": amendments.cancellation_requested,
    "overridden": amendments.overridden,
    "calendar_refreshed": amendments.calendar_refreshed,
    "adopted": amendments.adopted,
    DECISION: decision_effects.decision,
}

LONGEST_KEPT = 2000


def check(order: Order, raw: object) -> Envelope:
    """The envelope, if it is well formed, of a known kind and from a role that may say it; else a Refusal.

    Changes nothing: an update's validator leaves no trace.
    """
    envelope = read_envelope(raw)
    kind = FACT_KINDS.get(envelope.kind)
    if kind is None:
        raise Refusal(
            Code.UNKNOWN_FACT,
            Words(
                f"没有事实 {envelope.kind}",
                f"there is no fact {envelope.kind}; there are: {', '.join(FACT_KINDS)}",
            ),
            where="kind",
        )
    if envelope.role not in kind.roles:
        allowed_zh, allowed_en = "、".join(r.zh for r in kind.roles), ", ".join(r.en for r in kind.roles)
        raise Refusal(
            Code.WRONG_ROLE,
            Words(
                f"“{kind.words.zh}”由{allowed_zh}报告,不是{envelope.role.zh}",
                f"{envelope.kind} is given by {allowed_en}, not by {envelope.role.en}",
            ),
            where="role",
        )
    read_content(kind.content, envelope.content, inside="content")
    return envelope


def take(order: Order, raw: object, now: datetime) -> Reply:
    """Take a fact or a decision at this moment. Never raises for bad input: what is refused is kept as refused."""
    order.clock = max(order.clock, now)
    try:
        envelope = check(order, raw)
    except Refusal as refusal:
        return _refuse(order, refusal, raw, None)
    digest = envelope.digest()[:16]
    known = order.seen.get(envelope.fact_id)
    if known == digest:
        return Reply(status=Status.KNOWN, fact_id=envelope.fact_id, sequence=order.sequence)
    try:
        if known is not None:
            raise Refusal(
                Code.FACT_CONFLICT,
                Words(
                    f"编号 {envelope.fact_id} 已用于另一内容",
                    f"fact id {envelope.fact_id} was used with other content",
                ),
                where="fact_id",
            )
        if not order.lives:
            raise Refusal(Code.ORDER_ENDED, Words("订单已终结", "the order has ended"))
        _check_time(order, envelope)
        early = _do(order, envelope)
    except Refusal as refusal:
        return _refuse(order, refusal, raw, envelope)
    order.seen[envelope.fact_id] = digest
    if envelope.role is not Role.SYSTEM:
        order.last_movement = max(order.last_movement, order.clock)
        order.hanging_since = None
    status = Status.KEPT_EARLY if early else Status.ACCEPTED
    return Reply(status=status, fact_id=envelope.fact_id, sequence=order.sequence)


def retry_early(order: Order) -> bool:
    """Use what came early and can be used now; whether anything could."""
    waiting, order.early = order.early, []
    used = False
    for position, envelope in enumerate(waiting):
        try:
            if _do(order, envelope, again=True):
                continue
        except Refusal as refusal:
            _refuse(order, refusal, envelope.model_dump(mode="json"), envelope)
        used = True
        order.early += waiting[position + 1 :]
        break
    return used


def _do(order: Order, envelope: Envelope, *, again: bool = False) -> bool:
    """Journal the fact and let it take effect; True when it is kept because it is too early."""
    content: Content = read_content(FACT_KINDS[envelope.kind].content, envelope.content, inside="content")
    before = (order.sequence, order.head, len(order.unsaved), len(order.unsent))
    order.note(
        EntryKind.FACT,
        envelope.kind,
        at=envelope.happened_at,
        by=envelope.by,
        role=envelope.role,
        fact_id=envelope.fact_id,
        content=content.model_dump(mode="json", exclude_defaults=True),
    )
    try:
        HANDLERS[envelope.kind](order, envelope, content)
    except TooEarly:
        _undo_note(order, before)
        order.early.append(envelope)
        if not again:
            order.note(
                EntryKind.EARLY,
                envelope.kind,
                at=envelope.happened_at,
                by=envelope.by,
                role=envelope.role,
                fact_id=envelope.fact_id,
                content=envelope.content,
            )
        return True
    except Refusal:
        _undo_note(order, before)
        raise
    return False


def _undo_note(order: Order, before: tuple[int, str, int, int]) -> None:
    order.sequence, order.head = before[0], before[1]
    del order.unsaved[before[2] :]
    del order.unsent[before[3] :]


def _check_time(order: Order, envelope: Envelope) -> None:
    dating = order.policy.dating
    if envelope.happened_at > order.clock + timedelta(minutes=dating.ahead_minutes):
        raise Refusal(
            Code.IN_FUTURE,
            Words("发生时间在将来", "it is said to have happened in the future"),
            where="happened_at",
        )
    age = (business_date(order.clock) - business_date(envelope.happened_at)).days
    if age > dating.back_days and ("dating", envelope.by) not in order.overrides:
        raise Refusal(
            Code.TOO_FAR_BACK,
            Words(
                f"发生时间早于 {dating.back_days} 天前,须先特批",
                f"it happened more than {dating.back_days} days ago; that needs an override of 'dating'",
            ),
            where="happened_at",
        )


def _refuse(order: Order, refusal: Refusal, raw: object, envelope: Envelope | None) -> Reply:
    entry = order.note(
        EntryKind.REFUSED,
        envelope.kind if envelope else "malformed",
        at=min(envelope.happened_at, order.clock) if envelope else None,
        by=envelope.by if envelope else "",
        role=envelope.role if envelope else Role.SYSTEM,
        rule=refusal.rule,
        code=refusal.code.value,
        zh=refusal.words.zh,
        en=refusal.words.en,
        where=refusal.where,
        received=_written(raw).replace("\x00", "�").replace("\\u0000", "�"),
    )
    return Reply.refused(refusal, envelope.fact_id if envelope else "", entry.sequence)


def _written(raw: object) -> str:
    """What was received, as far as it can be written down."""
    try:
        try:
            text = canonical(raw)
        except (TypeError, ValueError):
            text = repr(raw)
    except RecursionError:
        text = "…"
    return text[:LONGEST_KEPT]
