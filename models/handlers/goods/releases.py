"""Releases 放行: on what they are granted, and when they fall (R52, R53, R60, R61, R70, R83, R84).

A release is an answer about figures. While goods of it are here it is taken back when the open balance rises, when the
order is amended in what counts for money or goods, and when its cancellation is granted; what has left stays as it left.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import count

from models.dossier.decisions import void
from models.dossier.journal import EntryKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Outcome, Subject
from models.order.goods import Release, Withdrawal
from models.order.kinds.contract import contract_lack
from models.order.money.exposure import exposure_of
from models.order.money.surplus import found_surplus
from models.order.money.tolerance import tolerance_of
from models.order.order import Order
from models.request.order_request import RequestLine
from models.values.money import ZERO
from models.values.quantity import NOTHING
from models.values.vocabulary import Collection, Role, Words

BY_CONTRACT = "contract"
"""The ground of a release that rests on a contract's terms and on no open balance (R50)."""
ON_THE_NOTICE = frozenset({"contact", "phone", "fax", "address", "consignee"})
"""Fields that say whom to call and where to send it: another one makes the shipping notice wrong, not the release (R70)."""
NO_MATTER = ON_THE_NOTICE | {"wanted_date", "customer_order_number"}
"""Fields that count neither for money nor for goods. Any other one, also one that comes later, takes releases back."""
WHO_ACTS = (
    Role.FINANCE,
    Role.SERVICE_CLERK,
    Role.SALESPERSON,
    Role.MATERIAL_CONTROLLER,
    Role.SHIPPER,
)
"""Who acts on a release, and hears when it is taken back."""


def may_go(order: Order, line: RequestLine) -> Decimal:
    """What of a line may go to the customer: what is in the warehouse or left it, without a surplus that is not wanted.

    More than the tolerance goes only when the customer accepted it (R45). What is sent again is no surplus; what turned
    up after it was made again is one, also within the tolerance (R74).
    """
    quantity = order.entered(line.line)
    ordered = line.quantity + order.sent_again(line.line)
    if line.line in order.billed_as_ordered:
        return min(quantity, ordered)
    quantity -= found_surplus(order, line.line)
    _, most = tolerance_of(order, line)
    if (
        quantity <= most + order.sent_again(line.line)
        or order.outcome(Subject.TOLERANCE, line.line) is Outcome.ACCEPT
    ):
        return quantity
    return min(quantity, ordered)


def still_to_release(order: Order, line: RequestLine) -> Decimal:
    """What of a line is in the warehouse, may go, and is neither released nor gone all the same (R45, R52, R61)."""
    return may_go(order, line) - order.released(line.line) - order.left_unreleased(line.line)


def grant(order: Order, goods: dict[int, Decimal], ground: str, collection: Collection, by: str) -> None:
    """Clear these goods for shipment, on the figures of this moment (R52)."""
    used = {release.number for release in order.releases}
    number = next(number for number in count(1) if number not in used)
    release = Release(
        number=number,
        quantities=goods,
        ground=ground,
        balance=max(order.open_balance, ZERO),
        paid=order.ledger.paid,
        collection=collection,
        granted_at=order.clock,
        granted_by=by,
        overpaid=max(-order.open_balance, ZERO),
        issue=1 + max((old.issue for old in order.withdrawn if old.number == number), default=0),
    )
    order.releases.append(release)
    order.note(
        EntryKind.RELEASED,
        f"release:{release.number}",
        by=by,
        rule="R52",
        ground=ground,
        balance=str(release.balance),
        collection=collection.value,
        goods=named(goods),
    )
    _issue_papers(order, release)


def named(goods: dict[int, Decimal]) -> str:
    """Quantities by line, as the journal has them."""
    return ",".join(f"{line}:{quantity}" for line, quantity in goods.items())


def withdraw_fallen(order: Order) -> None:
    """Take back each release whose goods are here, wholly or in part, and whose figures no longer hold."""
    for release in [each for each in order.releases if each.outstanding]:
        if order.nothing_more_leaves:
            withdraw(order, release, Withdrawal.CANCELLED)
        elif release.ground != BY_CONTRACT and max(order.open_balance, ZERO) > release.balance:
            withdraw(order, release, Withdrawal.BALANCE)
        elif any(_is_too_much(order, line) for line in release.outstanding):
            withdraw(order, release, Withdrawal.QUANTITY)
        elif _is_held_for_credit(order):
            withdraw(order, release, Withdrawal.CREDIT)
        elif contract_lack(order) is not None:
            withdraw(order, release, Withdrawal.CONTRACT)


def _is_held_for_credit(order: Order) -> bool:
    """R109: the credit book was asked about what is owed now and said no, and finance has not freed it."""
    record = order.credit
    if record.verdict is None or record.verdict.passes or record.waits:
        return False
    owed = exposure_of(order)
    return owed > ZERO and record.amount == owed and not record.covers(owed)


def amended(order: Order, fields: frozenset[str]) -> None:
    """R83: what a change of these fields takes back: the releases, or no more than the shipping notice.

    Called when the order has its new version already.
    """
    if not fields:
        return
    for release in order.releases:
        release.version = release.version or order.request_version - 1
    if fields - NO_MATTER:
        for subject in (Subject.FINANCE_RELEASE, Subject.BALANCE_RELEASE):
            asked = order.decision(subject)
            if asked is not None and asked.answers:
                void(order, subject)
        for release in [each for each in order.releases if each.outstanding]:
            withdraw(order, release, Withdrawal.VERSION)
    elif fields & ON_THE_NOTICE:
        for release in order.releases:
            if release.outstanding:
                _notice_anew(order, release)


def withdraw(order: Order, release: Release, because: Withdrawal) -> None:
    """A release is taken back with its notice, its transport and what was read back; who acts on it is told why."""
    release.version = release.version or order.request_version
    old = release.model_copy(deep=True, update={"withdrawn_at": order.clock, "withdrawal": because})
    order.withdrawn.append(old)
    if release.shipped:
        release.quantities = dict(release.shipped)
    else:
        order.releases.remove(release)
    reason = reason_of(order, old)
    order.note(
        EntryKind.VOIDED,
        f"release:{release.number}",
        rule="R53" if order.ledger.paid < release.paid else "R83" if because is Withdrawal.VERSION else "R61",
        paid=str(order.ledger.paid),
        because=because.value,
        granted_on=str(release.balance),
        balance=str(order.open_balance),
        goods=named(old.outstanding),
        zh=reason.zh,
        en=reason.en,
    )
    for subject in (Subject.FINANCE_RELEASE, Subject.BALANCE_RELEASE):
        void(order, subject)
    order.intend(
        Paper.RELEASE_WITHDRAWN,
        f"{old.papers}:{order.sequence}",
        WHO_ACTS,
        "R61",
        release=release.number,
        reason=reason,
    )


def reason_of(order: Order, withdrawn: Release) -> Words:
    """Why a release was taken back, in the figures of now."""
    because = withdrawn.withdrawal or Withdrawal.BALANCE
    return Words(because.zh, because.en).filled(
        before=withdrawn.balance, after=max(order.open_balance, ZERO), version=order.request_version
    )


def _is_too_much(order: Order, number: int) -> bool:
    line = order.line_numbered(number)
    allowed = NOTHING if line is None else may_go(order, line)
    return order.released(number) > allowed


def _notice_anew(order: Order, release: Release) -> None:
    """R70: address, consignee or contact is another now: the notice is checked and made again, and read back again."""
    release.notice_reference, release.notice_at, release.read_back_by = "", None, ""
    release.issue += 1
    order.note(EntryKind.VOIDED, f"shipping_notice:{release.number}", rule="R70")
    _issue_papers(order, release)


def _issue_papers(order: Order, release: Release) -> None:
    if order.kind.from_stock:
        order.intend(Paper.PICKING_LIST, release.papers, (Role.WAREHOUSE,), "R63", release=release.number)
    order.intend(
        Paper.SHIPPING, release.papers, (Role.SERVICE_CLERK, Role.SHIPPER), "R70", release=release.number
    )
