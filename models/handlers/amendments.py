"""Amendments 变更: what changes, and exactly what rested on it (R12, R83)."""

from __future__ import annotations

from collections.abc import Sequence

from models.dossier.decisions import void
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper, StaffId
from models.handlers.changeable import drops_made_goods, numbered, require_changeable
from models.handlers.goods import releases
from models.handlers.production import still_to_make
from models.messages import fact_contents
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import SALES_SIDE, FactTable
from models.order.incidents import Amendment
from models.order.money.tolerance import tolerance_of
from models.order.order import Order
from models.request.order_request import BY_LINE, OrderRequest, RequestChange, RequestLine, changed
from models.request.order_start import PriceReference
from models.request.request_versions import merged, overtaken
from models.request.start_limits import require_small_guarantee
from models.values.editions import Edition
from models.values.errors import Code, Refusal
from models.values.field_words import field_words
from models.values.vocabulary import PaymentTerms, Role, Words

FACTS = FactTable()


_S = Subject


_ALL_CHECKS = frozenset(
    {
        _S.PRICE,
        _S.TECHNICAL,
        _S.OLD_RECIPE,
        _S.PRODUCTION_DATE,
        _S.APPROVAL,
        _S.SMALL_ORDER,
        _S.SHIP_DATE,
        _S.SERVICE_DATE,
    }
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
    "special_requirements": frozenset({_S.TECHNICAL, _S.PRODUCTION_DATE, _S.SERVICE_DATE}),
    "wanted_date": frozenset({_S.PRODUCTION_DATE, _S.SHIP_DATE, _S.SERVICE_DATE}),
    "partial_delivery": frozenset({_S.APPROVAL}),
    "customer_order_number": frozenset(),
    "added_lines": frozenset({_S.APPROVAL, _S.SMALL_ORDER, _S.SERVICE_DATE}),
    "dropped_lines": frozenset({_S.APPROVAL, _S.SMALL_ORDER, _S.SERVICE_DATE}),
    "lines.product": _ALL_CHECKS,
    "lines.specification": _ALL_CHECKS,
    "lines.unit": _ALL_CHECKS,
    "lines.quantity": _ALL_CHECKS - {_S.OLD_RECIPE},
    "lines.unit_price": frozenset({_S.PRICE, _S.APPROVAL, _S.SMALL_ORDER}),
    "lines.tolerance_percent": frozenset({_S.PRODUCTION_DATE, _S.TOLERANCE}),
}
"""What an amendment voids: field → checks (R83). Every field voids the sheet and its signature as well.

A line that is added is checked alone; with one that is dropped goes whatever was decided about it.
"""


def apply_change(
    order: Order, change: RequestChange, references: Sequence[PriceReference] = ()
) -> frozenset[str]:
    """Put new values into the order and void exactly what rested on the old ones; the fields that changed.

    `references`: what added lines are compared with, by their numbers (R20).
    """
    before = order.request
    after, fields = changed(before, change)
    dropped = [line for line in before.lines if after.line_numbered(line.line) is None]
    order.references = (*order.references, *references)
    order.request_version += 1
    if fields:
        order.take_version(after)
    for field in sorted(fields):
        lines = _lines_with(field, before, after)
        for subject in _voided_by(field):
            void(order, subject)
            for number in lines:
                void(order, subject, number)
    for gone in dropped:
        _leave_out(order, gone)
    for line in after.lines:
        _make_more_of(order, before, line)
    if fields:
        void_sheet(order)
    releases.amended(order, fields)
    if fields & COMPLETE_AND_ON_TERMS:
        order.phase = order.kind.sequence[0]
    elif fields and not order.kind.may_be_completed(order.phase):
        order.phase = order.kind.goes_back_to
    return fields


def _voided_by(field: str) -> list[Subject]:
    """What another value of this field voids; with the supervisor's approval that of all others (R28, R83)."""
    voided = VOIDED_BY[field]
    return sorted(voided | {Subject.ORDER_APPROVAL} if Subject.APPROVAL in voided else voided)


def void_sheet(order: Order) -> None:
    """R83: the sheet, its signature, and the three parties' word about it count no longer."""
    if order.sheet is not None:
        order.sheet.voided_at = order.clock
        order.note(EntryKind.VOIDED, f"sheet:{order.sheets[-1].version}", rule="R83")
        void(order, Subject.THREE_PARTY)


COMPLETE_AND_ON_TERMS = frozenset(
    {"added_lines", *(field for field, voided in VOIDED_BY.items() if Subject.CONTRACT in voided)}
)
"""Fields after whose change an order starts anew at its very beginning, where it is asked whether it is complete and
on the contract's terms (R12, R15)."""


def _lines_with(field: str, before: OrderRequest, after: OrderRequest) -> list[int]:
    """The lines that a changed field is about: those in which it is another, or all for a field of the order."""
    of_a_line, _, name = field.partition(".")
    if not name:
        return [] if of_a_line in BY_LINE else [line.line for line in after.lines]
    return [
        line.line
        for line in after.lines
        if (known := before.line_numbered(line.line)) is not None
        and getattr(line, name) != getattr(known, name)
    ]


def _leave_out(order: Order, line: RequestLine) -> None:
    """A line is dropped: nothing is asked or waited for about it any more, and its number stays its own."""
    order.dropped_lines[line.line] = line
    for asked in [asked for asked in order.asked.values() if asked.line == line.line]:
        void(order, asked.subject, line.line)
    for lines in (order.finished_lines, order.recheck_lines, order.accepted_short, order.billed_as_ordered):
        lines.discard(line.line)


def _make_more_of(order: Order, before: OrderRequest, line: RequestLine) -> None:
    """A line that was finished is not, where more of it is ordered now than was made (R41, R83)."""
    known = before.line_numbered(line.line)
    if known is None or line.quantity <= known.quantity or line.line not in order.finished_lines:
        return
    least, _ = tolerance_of(order, line)
    if still_to_make(order, line.line) > line.quantity - least:
        order.finished_lines.discard(line.line)


# --- asked for -------------------------------------------------------------------------------------------------------


def _check_terms(order: Order, change: RequestChange) -> None:
    """R38: nobody changes to a guarantee that only small orders have."""
    if change.payment_terms is PaymentTerms.GUARANTEED:
        after, _ = changed(order.request, change)
        require_small_guarantee(after, order.policy.small_order.limit, "content.changes.payment_terms")


_NOT_EDITED = Words(
    "网店订单提交后不能修改；付款前可取消后重新下单",
    "an order of the shop is not edited; until it is paid it can be cancelled and placed anew",
)
_COMPLETED_IN_REVIEW = frozenset(
    {"contact", "phone", "fax", "address", "consignee", "label", "packing", "special_requirements"}
)
"""What the clerk who reviews an order of the shop may complete: nothing that counts for money or goods."""
_ALL_LEFT = Words("货已全部发出，不能再变更", "all goods have left; the order can no longer be amended")
_ALL_GIVEN = Words("服务已验收，不能再变更", "the service is accepted; the order can no longer be amended")


@FACTS.row(
    fact_contents.AmendmentRequested, (*SALES_SIDE, Role.CUSTOMER), Words("订单变更", "amendment requested")
)
def amendment_requested(order: Order, envelope: Envelope, content: fact_contents.AmendmentRequested) -> None:
    """R83: a change of a submitted order; after production began production must agree first.

    While one waits a further one joins it: production is asked about both together.
    """
    if order.kind.sold_online:
        raise Refusal(Code.NOT_OFFERED, _NOT_EDITED, where="kind", rule="R122")
    if order.everything_left:
        raise Refusal(Code.TOO_LATE, _ALL_GIVEN if order.kind.gives_service else _ALL_LEFT, rule="R83")
    waiting = order.amendment
    known = [waiting.all_changes] if waiting is not None else []
    changes = numbered(order, content.changes, known)
    together = merged([*known, changes])
    require_changeable(order, together)
    _check_terms(order, together)
    references = _by_their_numbers(changes, content.references)
    if not order.production_began or order.kind.gives_service:
        # Those who give a service name its dates anew: that is their word about the change (R87).
        apply_change(order, changes, references)
        _note_authors(order, [envelope.by])
        return
    proposed = Amendment(
        changes=changes,
        reason=content.reason,
        by=envelope.by,
        role=envelope.role,
        at=envelope.happened_at,
        references=references,
    )
    if waiting is None:
        order.amendment = proposed
    else:
        waiting.further.append(proposed)
        _tell_who_is_overtaken(order, waiting)
    void(order, Subject.AMENDMENT)
    void(order, Subject.DROPPED_GOODS)


def _note_authors(order: Order, people: Sequence[str]) -> None:
    """R106: who asked for a change that the order has now; nobody approves own work."""
    if order.follows(Edition.OWN_CHANGES):
        order.changed_by.extend(each for each in people if each not in order.changed_by)


def _by_their_numbers(
    change: RequestChange, references: Sequence[PriceReference]
) -> tuple[PriceReference, ...]:
    """What was looked up for the first added line, the second …, under the numbers that these have."""
    return tuple(
        reference.model_copy(update={"line": new.line})
        for new, reference in zip(change.added_lines, references, strict=False)
    )


def _tell_who_is_overtaken(order: Order, waiting: Amendment) -> None:
    """Who proposed a value before hears that another one counts now."""
    *earlier, latest = waiting.proposals
    for each in earlier:
        fields = overtaken(each.changes, latest.changes)
        if fields:
            order.intend(
                Paper.AMENDMENT_OVERTAKEN,
                str(order.sequence),
                (each.role,),
                "R83",
                first=StaffId(each.by),
                later=StaffId(latest.by),
                fields=Words.listed(field_words(field) for field in fields),
            )


def decide_amendment(order: Order) -> None:
    """R83: what production, and for goods that are made already the sales supervisor, say to a change."""
    waiting = order.amendment
    if waiting is None:
        return
    asked = [Subject.AMENDMENT]
    if drops_made_goods(order, waiting.all_changes):
        asked.append(Subject.DROPPED_GOODS)
    outcomes = {order.outcome(subject) for subject in asked}
    if Outcome.REFUSE in outcomes:
        order.amendment = None
    elif outcomes == {Outcome.APPROVE}:
        order.amendment = None
        references = [reference for each in waiting.proposals for reference in each.references]
        apply_change(order, waiting.all_changes, references)
        _note_authors(order, sorted(waiting.proposers))
    if order.amendment is None:
        for subject in asked:
            if order.outcome(subject) is None:
                void(order, subject)


@FACTS.row(
    fact_contents.DetailsCompleted,
    (Role.SALESPERSON, Role.SERVICE_CLERK),
    Words("资料补全", "details completed"),
)
def details_completed(order: Order, envelope: Envelope, content: fact_contents.DetailsCompleted) -> None:
    """R12: missing or unclear fields are given. Later changes are amendments (R83)."""
    asked = bool(order.request.unclear) or order.guaranteed_beyond
    if not order.kind.may_be_completed(order.phase) and not asked:
        raise Refusal(
            Code.TOO_LATE,
            Words(
                "订单已提交客户确认，改动请用变更", "the order is with the customer; a change is an amendment"
            ),
            rule="R83",
        )
    if order.kind.sold_online and not set(content.changes.model_fields_set) <= _COMPLETED_IN_REVIEW:
        raise Refusal(Code.NOT_OFFERED, _NOT_EDITED, where="content.changes", rule="R122")
    changes = numbered(order, content.changes)
    require_changeable(order, changes)
    _check_terms(order, changes)
    apply_change(order, changes)
    unclear = tuple(name for name in order.request.unclear if name not in content.clarified)
    if unclear != order.request.unclear:
        order.take_version(order.request.model_copy(update={"unclear": unclear}))
    if order.sent_back_reason:
        order.sent_back_reason = ""
        void(order, Subject.APPROVAL)
        void(order, Subject.ORDER_APPROVAL)
