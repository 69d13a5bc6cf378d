"""Payment clearance 款项落实 (D20 step 13, D13 3.3): nothing leaves before it (R50 to R54, R60 to R62)."""

from __future__ import annotations

from decimal import Decimal

from models.dossier.decisions import ask, void
from models.dossier.journal import EntryKind
from models.dossier.open_steps import Need, StepKind
from models.dossier.papers_due import Paper
from models.messages.decision_subjects import Outcome, ReleaseDetail, Subject
from models.order.goods import Release
from models.order.order import Order
from models.values.calendar import end_of
from models.values.money import ZERO
from models.values.vocabulary import Collection, PaymentTerms, Role, SmallOrderWay
from workflows.phases import inspection, production
from workflows.phases.intake import deviations
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed

_NOTHING_ANSWERED: frozenset[str] = frozenset()
_BALANCE_ANSWERED = frozenset({"balance"})


def settle(order: Order) -> frozenset[str]:
    """Take back what bounced, tell of goods that are ready, ask who must be asked, and release what may leave."""
    _take_back_unpaid(order)
    goods = _ready(order)
    if not goods:
        return _NOTHING_ANSWERED
    order.intend(Paper.FINISHED, _named(goods), (Role.SALESPERSON,), "R50")
    if _by_contract(order):
        collection = Collection.ON_CREDIT if order.open_balance > 0 else Collection.NONE
        _grant(order, goods, "contract", collection, "")
    elif order.ledger.uncleared_cash > 0:
        return _NOTHING_ANSWERED
    elif _by_guarantee(order):
        small = order.decision(Subject.SMALL_ORDER)
        collection = Collection.CARRIER if order.open_balance > 0 else Collection.NONE
        _grant(order, goods, "guarantee", collection, small.answers[-1].by if small else "")
    else:
        return _release_paid_or_approved(order, goods)
    return _NOTHING_ANSWERED


def needs(order: Order) -> Needs:
    """What is still needed before the goods in the warehouse are released."""
    if not _ready(order) or _by_contract(order):
        return
    if order.ledger.uncleared_cash > 0:
        yield from _cash(order)
    elif not _by_guarantee(order):
        balance = max(order.open_balance, ZERO)
        if balance > 0:
            yield _balance(order, balance)
        if balance > order.policy.balance.director_above:
            yield from decision_needed(order, Subject.BALANCE_RELEASE)
        yield from decision_needed(order, Subject.FINANCE_RELEASE)


def _ready(order: Order) -> dict[int, Decimal]:
    """What is in the warehouse to be released: all of it once everything is made, or in parts where that was agreed."""
    goods = {
        line.line: rest for line in order.request.lines if (rest := still_to_release(order, line.line)) > 0
    }
    return goods if goods and (order.request.partial_delivery or _all_made(order)) else {}


def still_to_release(order: Order, line: int) -> Decimal:
    """What of a line is in the warehouse and neither released nor gone all the same (R52, R61)."""
    return order.entered(line) - order.released(line) - order.left_unreleased(line)


def _all_made(order: Order) -> bool:
    return not any(need.blocking for phase in (production, inspection) for need in phase.needs(order))


def _named(goods: dict[int, Decimal]) -> str:
    return ",".join(f"{line}:{quantity}" for line, quantity in goods.items())


def _by_contract(order: Order) -> bool:
    """R15, R50: class A, after the second check of delivery and payment terms."""
    return (
        order.is_class_a
        and order.terms is PaymentTerms.ON_ACCOUNT
        and not deviations(order.request, order.customer)
    )


def _by_guarantee(order: Order) -> bool:
    """R38(b): a small order that the salesperson guarantees."""
    return (
        order.small_way is SmallOrderWay.GUARANTEED
        and order.open_balance <= order.policy.balance.director_above
    )


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


def _release_paid_or_approved(order: Order, goods: dict[int, Decimal]) -> frozenset[str]:
    """R52, R60, R61: paid in full, or approved: by finance, and above the limit by the director as well."""
    balance = max(order.open_balance, ZERO)
    about = {"balance": balance, "goods": _named(goods)}
    above = balance > order.policy.balance.director_above
    if balance > 0 and not order.awaits_cancellation:
        order.intend(Paper.BALANCE, str(balance), (Role.CUSTOMER, Role.SALESPERSON), "R51", amount=balance)
    if above:
        ask(order, Subject.BALANCE_RELEASE, about)
    elif order.decision(Subject.BALANCE_RELEASE) is not None:
        void(order, Subject.BALANCE_RELEASE)
    finance = ask(order, Subject.FINANCE_RELEASE, about)
    if finance.outcome is not Outcome.RELEASE:
        return _NOTHING_ANSWERED
    collection = ReleaseDetail.model_validate(finance.detail).collection if balance > 0 else Collection.NONE
    ground = "paid" if balance == 0 else "finance"
    if above:
        director = order.outcome(Subject.BALANCE_RELEASE)
        if director not in (Outcome.ON_CREDIT, Outcome.CARRIER_COLLECTS):
            return _NOTHING_ANSWERED
        collection, ground = Collection(director.value), "director"
    _grant(order, goods, ground, collection, finance.answers[-1].by)
    return _BALANCE_ANSWERED if balance > 0 else _NOTHING_ANSWERED


def _balance(order: Order, balance: Decimal) -> Need:
    """R51: the balance, from the quantity that passed; the salesperson collects."""
    due = order.calendar.days_after(order.today(), order.policy.payment.balance_due_days, working=False)
    return Need(
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


def _is_to_be_released(order: Order) -> bool:
    return not order.releases and not _by_contract(order) and not _by_guarantee(order)


def _is_balance_left(order: Order) -> bool:
    """Whether anything is open beside what is to be paid before production."""
    before_production = ZERO if order.is_class_a else max(order.deposit_due - order.ledger.paid, ZERO)
    return order.open_balance > before_production


CLEARANCE = Phase(
    settle,
    needs,
    ahead=(
        Ahead(StepKind.BALANCE, lambda order: _is_to_be_released(order) and _is_balance_left(order)),
        Ahead(Subject.FINANCE_RELEASE, _is_to_be_released),
    ),
)
