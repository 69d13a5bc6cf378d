"""The procedure of orders: how an order begins, is looked at, moves from phase to phase, and ends.

The order's kind says which phases follow each other (`models.order.kinds.kind`), its procedure what each of them does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from models.decisions.line_hours import hours_to_claim, names_hours
from models.dossier import receive as receiving
from models.dossier.dossier import Dossier
from models.dossier.journal import EntryKind
from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper
from models.dossier.receive import Checked
from models.dossier.records.recording import Claim
from models.facts.fact_kinds import FACT_KINDS
from models.handlers.cancellation import grant_cancellation
from models.handlers.dangers import prepaid_watched_until
from models.handlers.goods.collection import lower_demands
from models.handlers.goods.releases import withdraw_fallen
from models.handlers.money.credit import tell_assessment, watch_credit
from models.handlers.money.invoices import number_to_claim, settle_requests
from models.handlers.money.transfers import receipt_to_claim
from models.handlers.promise.slip import slip, slips
from models.messages.envelope import DECISION
from models.messages.reply import Reply
from models.messages.signatures import as_asked
from models.order.completion import completed_when
from models.order.kinds.presale import late_moments
from models.order.money.bill_account import settle_bill
from models.order.order import Order
from models.request.order_start import OrderStart
from models.values.calendar import business_date, end_of
from models.values.errors import Refusal
from models.values.vocabulary import Ending, Fulfilment, PhaseName, Role
from workflows import case
from workflows.case import CaseKind, Needed, Round
from workflows.phases.alongside import ALONGSIDE, OWED, hangs_when, payments_to_confirm, rests, watch_hanging
from workflows.phases.goods.delivery import can_die, dead_when, reminder_times, watch_uncollected
from workflows.phases.goods.stock import give_back_the_rest, tell_of_goods, watch_hold
from workflows.phases.money.invoicing import invoice_needs
from workflows.phases.money.settlement import ending_of, is_to_be_completed, money_needs, settle_money
from workflows.phases.phase import Phase
from workflows.phases.samples import trial_moments
from workflows.phases.service import silence_ends
from workflows.phases.shop.delays import delay_moments, watch_delays
from workflows.phases.shop.payment import shop_moments
from workflows.procedures.from_stock import FROM_STOCK
from workflows.procedures.made_to_order import MADE_TO_ORDER
from workflows.procedures.pre_sale import PRE_SALE
from workflows.procedures.sample import SAMPLES
from workflows.procedures.service import SERVICES
from workflows.procedures.shop import SHOP

__all__ = ["ORDERS", "PROCEDURES", "advance", "begin", "check", "next_deadline", "proceed", "receive"]

PROCEDURES: dict[Fulfilment, Mapping[PhaseName, Phase]] = {
    Fulfilment.MAKE_TO_ORDER: MADE_TO_ORDER,
    Fulfilment.FROM_STOCK: FROM_STOCK,
    Fulfilment.SERVICE: SERVICES,
    Fulfilment.SAMPLE: SAMPLES,
    Fulfilment.PRE_SALE: PRE_SALE,
    Fulfilment.SHOP: SHOP,
}
"""What the phases do, for each way of fulfilling an order."""


_OF_RECEIPTS = frozenset(
    {
        "payment_received",
        "collection_remitted",
        "second_telling_settled",
        "invoice_issued",
        "invoice_reversed",
    }
)
"""Facts that may be about a receipt, or the number of an invoice, which counts once in the company."""
NOTHING: frozenset[str] = frozenset()
_ALONGSIDE = ""


def phases_of(order: Order) -> Mapping[PhaseName, Phase]:
    """The phases of this order's kind."""
    return PROCEDURES[order.request.fulfilment]


def begin(start: OrderStart, now: datetime) -> Order:
    """An order that was just numbered: taken in, its number and receipt told (R10), its first steps open."""
    order = Order(
        number=start.number,
        placed_at=start.placed_at,
        request=start.request,
        customer=start.customer,
        references=start.references,
        staff=start.staff,
        policy=start.policy,
        edition=start.edition,
        sample_credit=start.sample_credit,
        calendar=start.calendar,
        clock=max(now, start.placed_at),
        last_movement=max(now, start.placed_at),
    )
    order.phase = order.kind.sequence[0]
    order.note(
        EntryKind.PLACED,
        "order",
        at=start.placed_at,
        by=start.request.entered_by,
        role=start.request.entered_role,
        rule="R10",
        request=start.request.model_dump(mode="json", exclude_defaults=True),
        customer_class=start.customer.customer_class.value,
        policy=start.policy.version,
        edition=start.edition,
        **({"sample_credit": str(start.sample_credit)} if start.sample_credit else {}),
    )
    order.intend(Paper.RECEIPT, "1", (Role.CUSTOMER, Role.SALESPERSON), "R10", number=start.number)
    if not order.kind.sold_online:  # it has no sheet; until when it is paid is told when it is reviewed (R39)
        limits = start.policy.limits
        hours = limits.price_hours + limits.technical_hours + limits.sheet_hours
        order.intend(Paper.WAITING_TIME, "1", (Role.CUSTOMER, Role.SALESPERSON), "R13", hours=hours)
    proceed(order)
    return order


def check(raw: object) -> Checked:
    """What was said, if it is well formed, of a known kind and from a role that may say it; else a Refusal.

    Needs no order and changes nothing: an update's validator leaves no trace.
    """
    return case.check(ORDERS, raw)


def entered(raw: object) -> object:
    """What a program said, to be taken: in plain writing, or with what is wrong with its signs."""
    said, _ = receiving.entered(ORDERS.facts, raw)
    return said


def receive(order: Order, raw: object, now: datetime) -> Reply:
    """Take what is said at this moment and do what follows from it. Never raises for bad input."""
    return case.receive(ORDERS, order, raw, now)


def proof_of(order: Dossier, said: object) -> Claim | None:
    """What must be shown to be signed before it is taken (`models.messages.signatures`); None where the case takes anything."""
    if not order.policy.signed_facts:
        return None
    raw = receiving.as_it_stands(said)
    fact_id = raw.get("fact_id") if isinstance(raw, Mapping) else None
    message = as_asked(raw)
    key = f"signed:{sha256(message.encode()).hexdigest()}"
    return Claim(key=key, fact_id=fact_id if isinstance(fact_id, str) else "", message=message)


def claim_of(order: Order, said: object, now: datetime) -> Claim | None:
    """The receipt, the number of an invoice, or the hours of a machine line, that must be this order's before what is
    said now is taken (R53, R162, R151).
    """
    if not isinstance(said, Checked):
        if not isinstance(said, Mapping) or not _may_claim(said):
            return None
        try:
            said = check(said)
        except Refusal:
            return None
    key = receipt_to_claim(order, said.envelope, said.content, now)
    key = key or number_to_claim(order, said.envelope, said.content, now)
    key = key or hours_to_claim(order, said.envelope, said.content)
    return Claim(key=key, fact_id=said.envelope.fact_id) if key is not None else None


def _may_claim(said: Mapping[str, object]) -> bool:
    kind = said.get("kind")
    if kind == DECISION:
        return names_hours(said.get("content"))
    return isinstance(kind, str) and kind in _OF_RECEIPTS


def claimed(order: Order, claim: Claim, elsewhere: bool) -> None:
    """What the order database answered: whether another order has the receipt or the hours (R53, R151)."""
    if elsewhere:
        order.ledger.claimed_elsewhere.add(claim.key)
    else:
        order.ledger.claimed_elsewhere.discard(claim.key)


def advance(order: Order, now: datetime) -> None:
    """It is now `now`: everything that became due since the last look happens, each at its own moment, once."""
    case.advance(ORDERS, order, now)


def proceed(order: Order) -> None:
    """Do what follows, open and close steps, move on, until nothing moves any more."""
    case.proceed(ORDERS, order)


def next_deadline(order: Order) -> datetime | None:
    """The nearest moment at which something happens by itself; None when nothing does. Absolute, in the state."""
    return case.next_deadline(ORDERS, order)


# --- how an order is looked at -----------------------------------------------------------------------------------


def _active(order: Order) -> tuple[PhaseName, ...]:
    """The phases that are looked at now: one of the sequence, or all that goods go through side by side.

    Once the rest is cancelled only what has left goes on (R84). An amended order of which a part is gone goes back, and
    what has left goes on (R83).
    """
    kind = order.kind
    if order.phase in kind.side_by_side:
        return kind.of_what_left if order.rest_is_cancelled else kind.side_by_side
    travelling = kind.goods_travel_in if order.goods_out and order.phase in kind.sequence else None
    return (order.phase,) if travelling is None else (order.phase, travelling)


def _settle(order: Order) -> frozenset[str]:
    watch_credit(order)
    withdraw_fallen(order)
    lower_demands(order)
    tell_of_goods(order)
    ALONGSIDE.settle(order)
    answered = [phases_of(order)[phase].settle(order) or NOTHING for phase in _active(order)]
    tell_assessment(order)
    _settle_papers(order)
    return NOTHING.union(*answered)


def _settle_papers(order: Order) -> None:
    """R164: what is billed more or less is told; R162: what is not billed any more is not invoiced."""
    settle_bill(order)
    settle_requests(order)


def needs_of(order: Order) -> Needed:
    """What the order waits for on its usual way, by phase, nothing when it has ended; asking changes nothing."""
    if not order.lives:
        return {}
    found = {_ALONGSIDE: list(ALONGSIDE.needs(order))}
    for phase in _active(order):
        found[phase.value] = list(phases_of(order)[phase].needs(order))
    return found


def _settle_ending(order: Order) -> frozenset[str]:
    withdraw_fallen(order)
    tell_of_goods(order)
    settle_money(order)
    _settle_papers(order)
    return NOTHING


def _ending_needs(order: Order) -> Needed:
    return {_ALONGSIDE: [*payments_to_confirm(order), *money_needs(order), *invoice_needs(order)]}


def _nothing(order: Order) -> frozenset[str]:
    """On hold nothing follows from anything."""
    return NOTHING


def _stay(order: Order, needed: Needed) -> None:
    """On hold nothing moves."""


def _blocks(needs: Sequence[Need]) -> bool:
    return any(need.blocking for need in needs)


def _move(order: Order, needed: Needed) -> None:
    """On to the next phase when nothing blocks any more."""
    blocking = _blocks(needed[_ALONGSIDE]) or _blocks(needed[order.phase.value])
    if order.pending_ending is not None:
        return
    if order.phase in order.kind.sequence:
        if not blocking:
            _enter(order, order.kind.after(order.phase))
    elif order.phase in order.kind.side_by_side:
        _enter(order, _first_with_work(order, needed))
    elif not blocking and not any(need.kind in OWED for needs in needed.values() for need in needs):
        _end(order, Ending.SETTLED)


def _move_to_the_end(order: Order, needed: Needed) -> None:
    if not any(needed.values()) and order.pending_ending is not None:
        _end(order, order.pending_ending)


def _first_with_work(order: Order, needed: Needed) -> PhaseName:
    if _blocks(needed[_ALONGSIDE]):
        return order.phase
    for phase in order.kind.side_by_side:
        if _blocks(needed.get(phase.value, ())):
            return phase
    ending = ending_of(order)
    if ending is Ending.DEAD:
        order.pending_ending = Ending.DEAD
        order.note(EntryKind.DEAD, "order", rule="R76")
        return order.phase
    if ending is Ending.CANCELLED:
        grant_cancellation(order, Ending.CANCELLED, "0.00")
        return order.phase
    return order.kind.last


def _enter(order: Order, phase: PhaseName) -> None:
    if phase is not order.phase:
        order.phase = phase
        order.note(EntryKind.PHASE, phase.value)


def _end(order: Order, ending: Ending) -> None:
    give_back_the_rest(order)
    order.ending, order.ended_at, order.phase = ending, order.clock, PhaseName.ENDED
    case.close_all(order)
    order.note(EntryKind.ENDED, ending.value, bill=str(order.bill), paid=str(order.ledger.paid))


USUAL: Round[Order] = Round(_settle, needs_of, _move)
ENDING: Round[Order] = Round(_settle_ending, _ending_needs, _move_to_the_end)
HELD: Round[Order] = Round(_nothing, case.on_hold, _stay)


def _round_of(order: Order) -> Round[Order]:
    if order.hold is not None:
        return HELD
    return USUAL if order.pending_ending is None else ENDING


# --- time --------------------------------------------------------------------------------------------------------


def _deadlines(order: Order) -> Iterator[datetime]:
    if slips(order):
        minutes = order.policy.slip.end_of_day_minutes
        yield end_of(business_date(order.clock, minutes), minutes)
    hangs = hangs_when(order)
    if hangs is not None:
        yield hangs
    if order.stock.held_until is not None and order.hold is None:
        yield order.stock.held_until
    limit = prepaid_watched_until(order)
    if limit is not None and order.hold is None and order.pending_ending is None:
        yield end_of(limit)
    silent_until = _completed_by_silence(order)
    if silent_until is not None:
        yield silent_until
    accepted_at = silence_ends(order) if order.hold is None and order.pending_ending is None else None
    if accepted_at is not None:
        yield accepted_at
    if order.hold is None and order.pending_ending is None:
        yield from trial_moments(order)
        yield from late_moments(order)
    yield from _deadlines_of_the_shop(order)
    for shipment in order.shipments:
        if can_die(order, shipment):
            yield dead_when(order, shipment)
            yield from (moment for _, moment in reminder_times(order, shipment))


def _deadlines_of_the_shop(order: Order) -> Iterator[datetime]:
    if order.hold is None:
        yield from shop_moments(order)
        yield from delay_moments(order)


def _completed_by_silence(order: Order) -> datetime | None:
    """R81: when an order is completed of which nobody says anything; None while nothing of it waits for that."""
    waits = order.phase is order.kind.last and order.hold is None and order.pending_ending is None
    return completed_when(order) if waits and is_to_be_completed(order) else None


def _pass_deadlines(order: Order) -> None:
    watch_hanging(order)
    watch_uncollected(order)
    if order.hold is None:
        watch_hold(order)
        watch_delays(order)


ORDERS: CaseKind[Order] = CaseKind(FACT_KINDS, _round_of, slip, _deadlines, _pass_deadlines, rests)
"""What makes an order a case of its own."""
