"""Amendments 变更: what changes, and exactly what rested on it (R12, R83)."""

from __future__ import annotations

from models.dossier.decisions import void
from models.dossier.journal import EntryKind
from models.messages import fact_contents
from models.messages.decision_subjects import Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import SALES_SIDE, FactTable
from models.order.amount_limits import require_change
from models.order.incidents import Amendment
from models.order.order import Order
from models.request.order_request import RequestChange, changed
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

FACTS = FactTable()


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
"""What an amendment voids: field → checks (R83). Every field voids the sheet and its signature as well."""


def apply_change(order: Order, change: RequestChange) -> frozenset[str]:
    """Put new values into the order and void exactly what rested on the old ones; the fields that changed."""
    before = order.request
    after, fields = changed(before, change)
    order.request = after
    order.request_version += 1
    for field in sorted(fields):
        lines = [line.line for line in after.lines if line != before.line_numbered(line.line)]
        for subject in sorted(VOIDED_BY[field]):
            void(order, subject)
            for line in lines or [line.line for line in after.lines]:
                void(order, subject, line)
    if fields and order.sheet is not None:
        order.sheet.voided_at = order.clock
        order.note(EntryKind.VOIDED, f"sheet:{order.sheets[-1].version}", rule="R83")
        void(order, Subject.THREE_PARTY)
    if fields and not order.kind.may_be_completed(order.phase):
        order.phase = order.kind.goes_back_to
    return fields


def _check_lines(order: Order, change: RequestChange) -> None:
    """R83, R100: the lines are there, and what they come to is still an amount."""
    for line in change.lines:
        if order.line_numbered(line.line) is None:
            raise Refusal(
                Code.UNKNOWN_LINE,
                Words(f"没有第 {line.line} 行", f"there is no line {line.line}"),
                where="content.changes.lines",
            )
    require_change(order, change, "content.changes")


@FACTS.row(
    fact_contents.AmendmentRequested, (*SALES_SIDE, Role.CUSTOMER), Words("订单变更", "amendment requested")
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


@FACTS.row(fact_contents.DetailsCompleted, SALES_SIDE, Words("资料补全", "details completed"))
def details_completed(order: Order, envelope: Envelope, content: fact_contents.DetailsCompleted) -> None:
    """R12: missing or unclear fields are given. Later changes are amendments (R83)."""
    if not order.kind.may_be_completed(order.phase) and not order.request.unclear:
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
