"""Payment clearance 款项落实 (D20 step 13, D13 3.3): nothing leaves before it (R50 to R54, R60 to R62)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from models.dossier.decisions import ask, void
from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.handlers.goods.releases import BY_CONTRACT, grant, named, still_to_release
from models.handlers.money.credit import asks_about_credit
from models.handlers.money.payments import owes_deposit_again
from models.messages.decision_subjects import Outcome, ReleaseDetail, Subject
from models.order.kinds.contract import contract_lack, deviations, different_at_release
from models.order.kinds.presale import lacking
from models.order.money.credit import CreditOccasion
from models.order.money.exposure import exposure_of
from models.order.order import Order
from models.values.calendar import end_of
from models.values.editions import Edition
from models.values.field_words import field_words
from models.values.money import ZERO
from models.values.vocabulary import Collection, PaymentTerms, Role, SmallOrderWay, Words
from workflows.phases import production
from workflows.phases.alongside import deposit_owed_again
from workflows.phases.contract import contract_needs, settle_contract
from workflows.phases.goods import inspection
from workflows.phases.money.credit import MONEY_FELL, Occasion, credit_needs, settle_credit
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed

_NOTHING_ANSWERED: frozenset[str] = frozenset()
_BALANCE_ANSWERED = frozenset({"balance"})


def settle(order: Order) -> frozenset[str]:
    """Tell of goods that are ready, ask who must be asked, and release what may leave."""
    goods = ready_goods(order)
    credit_is_open = not _credit_counts(order) or settle_credit(order, MONEY_FELL)
    if not goods:
        if balance := _owed_for_goods_gone(order):
            _balance_notice(order, balance)
        return _NOTHING_ANSWERED
    order.intend(Paper.FINISHED, named(goods), (Role.SALESPERSON,), "R50")
    if contract_lack(order) is not None:
        settle_contract(order)
        return _NOTHING_ANSWERED
    if not credit_is_open or not _terms_are_right(order):
        return _NOTHING_ANSWERED
    if _by_contract(order):
        if not settle_credit(order, _release_of(order, goods)):
            return _NOTHING_ANSWERED
        collection = Collection.ON_CREDIT if order.open_balance > 0 else Collection.NONE
        grant(order, goods, BY_CONTRACT, collection, "")
    elif order.ledger.uncleared_cash > 0 or owes_deposit_again(order):
        return _NOTHING_ANSWERED
    elif _by_guarantee(order):
        if not settle_credit(order, _release_of(order, goods)):
            return _NOTHING_ANSWERED
        small = order.decision(Subject.SMALL_ORDER)
        collection = Collection.CARRIER if order.open_balance > 0 else Collection.NONE
        grant(order, goods, "guarantee", collection, small.answers[-1].by if small else "")
    else:
        return _release_paid_or_approved(order, goods)
    return _NOTHING_ANSWERED


def needs(order: Order) -> Needs:
    """What is still needed before the goods in the warehouse are released."""
    goods = ready_goods(order)
    if not _is_before_production(order):
        yield from contract_needs(order, blocking=bool(goods))
    owed = list(credit_needs(order, MONEY_FELL, blocking=bool(goods))) if _credit_counts(order) else []
    if owed:
        yield from owed
    elif not goods:
        if balance := _owed_for_goods_gone(order):
            yield _balance(order, balance, blocking=False)
    elif different_at_release(order) and order.outcome(Subject.RELEASE_TERMS) is not Outcome.APPROVE:
        yield from _terms_needed(order)
    elif _by_contract(order):
        yield from credit_needs(order, _release_of(order, goods))
    elif order.ledger.uncleared_cash > 0:
        yield from cash_to_clear(order)
    elif owes_deposit_again(order):
        yield from deposit_owed_again(order, blocking=True)
    elif _by_guarantee(order):
        yield from credit_needs(order, _release_of(order, goods))
    else:
        yield from _paid_or_approved(order, goods)


def _terms_are_right(order: Order) -> bool:
    """R15, D20.13: whether the terms are the contract's on this day, or legal and finance agreed to these very ones."""
    different = different_at_release(order)
    if not different:
        return True
    request = order.request
    about = {
        "fields": ", ".join(different),
        "terms": request.payment_terms,
        "deposit": request.deposit_percent,
        "delivery": request.delivery_method,
    }
    return ask(order, Subject.RELEASE_TERMS, about).outcome is Outcome.APPROVE


def _terms_needed(order: Order) -> Needs:
    yield from decision_needed(order, Subject.RELEASE_TERMS)
    if order.outcome(Subject.RELEASE_TERMS) is Outcome.REFUSE:
        words = Words.listed(field_words(field) for field in different_at_release(order))
        yield Need(
            "terms_refused",
            StepKind.TERMS_REFUSED,
            (Role.SALESPERSON, Role.SERVICE_CLERK),
            "R15",
            hours=order.policy.limits.decision_hours,
            values={"fields_zh": words.zh, "fields_en": words.en},
        )


def _is_before_production(order: Order) -> bool:
    """Until then the confirmation asks for the contract (R107); what has left needs none any more."""
    return order.kind.is_before(order.phase) or order.everything_left


def _paid_or_approved(order: Order, goods: dict[int, Decimal]) -> Needs:
    balance = max(order.open_balance, ZERO)
    if balance > 0:
        yield _balance(order, balance)
    if balance > order.policy.balance.director_above:
        yield from decision_needed(order, Subject.BALANCE_RELEASE)
    yield from decision_needed(order, Subject.FINANCE_RELEASE)
    if _is_released_unpaid(order, balance):
        yield from credit_needs(order, _release_of(order, goods))


def _is_released_unpaid(order: Order, balance: Decimal) -> bool:
    """Whether finance, and above the limit the director, let the goods go though not all is paid (R52, R61)."""
    above = balance > order.policy.balance.director_above
    agreed = (Outcome.ON_CREDIT, Outcome.CARRIER_COLLECTS)
    return (
        balance > 0
        and order.outcome(Subject.FINANCE_RELEASE) is Outcome.RELEASE
        and (not above or order.outcome(Subject.BALANCE_RELEASE) in agreed)
    )


def _credit_counts(order: Order) -> bool:
    """Whether anything is still here that a credit hold could keep back, and anything is owed for the order."""
    return (
        asks_about_credit(order)
        and not order.kind.is_before(order.phase)
        and not order.everything_left
        and exposure_of(order) > ZERO
    )


def _release_of(order: Order, goods: dict[int, Decimal]) -> Occasion:
    """R109: these goods are about to leave, not or not wholly paid for."""
    return Occasion(CreditOccasion.RELEASE, f"{order.request_version}/{named(goods)}", goods)


def ready_goods(order: Order) -> dict[int, Decimal]:
    """What is in the warehouse to be released: all of it once everything is made, or in parts where that was agreed."""
    goods = {
        line.line: rest
        for line in order.request.lines
        if order.entered(line.line) > 0 and (rest := still_to_release(order, line)) > 0
    }
    in_parts = order.request.partial_delivery or order.stock.choice is Outcome.SPLIT
    return goods if goods and (in_parts or _all_made(order)) else {}


def _all_made(order: Order) -> bool:
    if order.kind.from_stock:
        return not lacking(order)
    return not any(need.blocking for phase in (production, inspection) for need in phase.needs(order))


def _by_contract(order: Order) -> bool:
    """R15, R50: class A, after the second check of delivery and payment terms, by the contract of this day."""
    return (
        order.is_class_a
        and order.terms is PaymentTerms.ON_ACCOUNT
        and not deviations(order.request, order.customer, order.today())
    )


def _by_guarantee(order: Order) -> bool:
    """R38(b): a small order that the salesperson guarantees."""
    return (
        order.small_way is SmallOrderWay.GUARANTEED
        and order.open_balance <= order.policy.balance.director_above
    )


def cash_to_clear(order: Order) -> Needs:
    """R35: cash that the salesperson took blocks shipment, or the end of a service, until finance has it."""
    if not order.ledger.uncleared:
        return
    owed = order.ledger.uncleared[0]
    yield Need(
        f"clear_cash:{owed.voucher}",
        StepKind.CLEAR_CASH,
        (Role.SALESPERSON, Role.FINANCE),
        "R35",
        hours=order.policy.limits.owed_paper_hours,
        values={"amount": str(order.ledger.uncleared_cash), "reference": owed.voucher},
    )


def _release_paid_or_approved(order: Order, goods: dict[int, Decimal]) -> frozenset[str]:
    """R52, R60, R61: paid in full, or approved: by finance, and above the limit by the director as well."""
    balance = max(order.open_balance, ZERO)
    about: dict[str, Any] = {"balance": balance, "goods": named(goods)}
    if order.follows(Edition.WORD_TO_DEPARTMENTS):
        # Of two lots alike the second is another release: nobody's word about the first lets it go.
        about["release"] = len(order.releases) + 1
    above = balance > order.policy.balance.director_above
    if balance > 0:
        _balance_notice(order, balance)
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
    if balance > 0 and not settle_credit(order, _release_of(order, goods)):
        return _NOTHING_ANSWERED
    grant(order, goods, ground, collection, finance.answers[-1].by)
    return _BALANCE_ANSWERED if balance > 0 else _NOTHING_ANSWERED


def left_unpaid_for(order: Order) -> bool:
    """R61: goods left that nobody released, by contract or otherwise: they are gone, and the money is asked for at once."""
    gone = order.goods_out and any(order.left_unreleased(line.line) > 0 for line in order.request.lines)
    return gone and not _by_contract(order)


def _owed_for_goods_gone(order: Order) -> Decimal:
    """R51: what is open of goods that left all the same, less what a carrier collects."""
    return max(order.open_balance - order.to_be_remitted, ZERO) if left_unpaid_for(order) else ZERO


def _balance_notice(order: Order, balance: Decimal) -> None:
    """R51, R84: not while a wish to cancel waits for its decision."""
    if order.awaits_cancellation:
        return
    order.intend(Paper.BALANCE, str(balance), (Role.CUSTOMER, Role.SALESPERSON), "R51", amount=balance)


def _balance(order: Order, balance: Decimal, *, blocking: bool = True) -> Need:
    """R51: the balance, from the quantity that passed; the salesperson collects."""
    due = order.calendar.days_after(order.today(), order.policy.payment.balance_due_days, working=False)
    return Need(
        "balance",
        StepKind.BALANCE,
        (Role.CUSTOMER, Role.SALESPERSON),
        "R60",
        due=end_of(due),
        blocking=blocking,
        values={"amount": str(balance)},
    )


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
