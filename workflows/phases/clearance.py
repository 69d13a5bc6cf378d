"""Payment clearance 款项落实 (D20 step 13, D13 3.3): nothing leaves before it (R50 to R54, R60 to R62)."""

from __future__ import annotations

from decimal import Decimal

from models.dossier.journal import EntryKind
from models.dossier.open_steps import Need, StepKind
from models.dossier.papers_due import Paper
from models.handlers.decisions import void
from models.messages.decision_subjects import Outcome, ReleaseDetail, Subject
from models.order.goods import Release
from models.order.order import Order
from models.values.calendar import end_of
from models.values.money import ZERO
from models.values.vocabulary import Collection, PaymentTerms, Role, SmallOrderWay
from workflows.phases.inspection import inspection
from workflows.phases.intake import deviations
from workflows.phases.needs import Needs, decided
from workflows.phases.production import production


def clearance(order: Order) -> Needs:
    """What is still needed before the goods in the warehouse are released; the release itself when nothing is."""
    _take_back_unpaid(order)
    goods = {
        line.line: rest for line in order.request.lines if (rest := still_to_release(order, line.line)) > 0
    }
    if not goods or not (order.request.partial_delivery or _all_made(order)):
        return
    order.intend(Paper.FINISHED, _named(goods), (Role.SALESPERSON,), "R50")
    if order.is_class_a and _meets_contract(order):
        _grant(
            order, goods, "contract", Collection.ON_CREDIT if order.open_balance > 0 else Collection.NONE, ""
        )
        return
    if order.ledger.uncleared_cash > 0:
        yield from _cash(order)
        return
    if (
        order.small_way is SmallOrderWay.GUARANTEED
        and order.open_balance <= order.policy.balance.director_above
    ):
        small = order.decision(Subject.SMALL_ORDER)
        collection = Collection.CARRIER if order.open_balance > 0 else Collection.NONE
        _grant(order, goods, "guarantee", collection, small.answers[-1].by if small else "")
        return
    yield from _paid_or_approved(order, goods)


def still_to_release(order: Order, line: int) -> Decimal:
    """What of a line is in the warehouse and neither released nor gone all the same (R52, R61)."""
    return order.entered(line) - order.released(line) - order.left_unreleased(line)


def _all_made(order: Order) -> bool:
    return not any(need.blocking for phase in (production, inspection) for need in phase(order))


def _named(goods: dict[int, Decimal]) -> str:
    return ",".join(f"{line}:{quantity}" for line, quantity in goods.items())


def _meets_contract(order: Order) -> bool:
    """R15, R50: the second check of delivery and payment terms, before release."""
    return order.terms is PaymentTerms.ON_ACCOUNT and not deviations(order.request, order.customer)


def _cash(order: Order) -> Needs:
    """R35: cash that the salesperson took blocks shipment until finance has it."""
    owed = next(payment for payment in order.ledger.payments if payment.counts and not payment.cleared)
    yield Need(
        f"clear_cash:{owed.reference}",
        StepKind.CLEAR_CASH,
        (Role.SALESPERSON, Role.FINANCE),
        "R35",
        hours=order.policy.limits.owed_paper_hours,
        values={"amount": str(order.ledger.uncleared_cash), "reference": owed.reference},
    )


def _paid_or_approved(order: Order, goods: dict[int, Decimal]) -> Needs:
    """R52, R60, R61: paid in full, or approved: by finance, and above the limit by the director as well."""
    balance = max(order.open_balance, ZERO)
    about = {"balance": balance, "goods": _named(goods)}
    above = balance > order.policy.balance.director_above
    if balance > 0:
        yield from _balance(order, balance)
    if above:
        yield from decided(order, Subject.BALANCE_RELEASE, about)
    elif order.decision(Subject.BALANCE_RELEASE) is not None:
        void(order, Subject.BALANCE_RELEASE)
    yield from decided(order, Subject.FINANCE_RELEASE, about)
    finance = order.decision(Subject.FINANCE_RELEASE)
    if finance is None or finance.outcome is not Outcome.RELEASE:
        return
    collection = ReleaseDetail.model_validate(finance.detail).collection if balance > 0 else Collection.NONE
    ground = "paid" if balance == 0 else "finance"
    if above:
        director = order.outcome(Subject.BALANCE_RELEASE)
        if director not in (Outcome.ON_CREDIT, Outcome.CARRIER_COLLECTS):
            return
        collection, ground = Collection(director.value), "director"
    _grant(order, goods, ground, collection, finance.answers[-1].by)


def _balance(order: Order, balance: Decimal) -> Needs:
    """R51: the balance notice, from the quantity that passed; the salesperson collects."""
    order.intend(Paper.BALANCE, str(balance), (Role.CUSTOMER, Role.SALESPERSON), "R51", amount=balance)
    due = order.calendar.days_after(order.today(), order.policy.payment.balance_due_days, working=False)
    yield Need(
        "balance",
        StepKind.BALANCE,
        (Role.CUSTOMER, Role.SALESPERSON),
        "R60",
        due=end_of(due),
        values={"amount": str(balance)},
    )


def _grant(order: Order, goods: dict[int, Decimal], ground: str, collection: Collection, by: str) -> None:
    release = Release(
        number=len(order.releases) + 1,
        quantities=goods,
        ground=ground,
        balance=max(order.open_balance, ZERO),
        paid=order.ledger.paid,
        collection=collection,
        granted_at=order.clock,
        granted_by=by,
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
        goods=_named(goods),
    )
    order.intend(
        Paper.SHIPPING, str(release.number), (Role.SERVICE_CLERK, Role.SHIPPER), "R70", release=release.number
    )


def _take_back_unpaid(order: Order) -> None:
    """A payment that bounced takes back the release that rested on it, as long as the goods are here (R53)."""
    last = order.releases[-1] if order.releases else None
    if last is not None and not last.shipped and last.ground != "contract" and order.ledger.paid < last.paid:
        order.releases.pop()
        order.note(EntryKind.VOIDED, f"release:{last.number}", rule="R53", paid=str(order.ledger.paid))
