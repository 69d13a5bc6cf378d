"""The procedure: the ordered table of phases and how an order moves through them.

Pure: the same functions run in the durable workflow, in tests and in rehearsals. Everything is worked out from the
state, again and again; so facts may come early, late, twice or out of order, and a phase can be entered anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from models.dossier.journal import EntryKind
from models.dossier.open_steps import Need, OpenStep, StepKind
from models.dossier.papers_due import Paper
from models.handlers.receive import check, retry_early, take
from models.handlers.sheet_and_payments import slip, slips
from models.messages.reply import Reply
from models.order.order import Order
from models.request.order_start import OrderStart
from models.values.calendar import business_date, end_of, hours_of
from models.values.vocabulary import Ending, PhaseName, Role
from workflows.phases.alongside import OWED, alongside, hangs_when, payments_to_confirm, watch_hanging
from workflows.phases.clearance import clearance
from workflows.phases.confirmation import confirmation
from workflows.phases.delivery import can_die, dead_when, delivery, reminder_times, watch_uncollected
from workflows.phases.inspection import inspection
from workflows.phases.intake import intake
from workflows.phases.needs import Phase
from workflows.phases.production import production
from workflows.phases.settlement import ending_of, money_given_back, settlement
from workflows.phases.shipping import shipping
from workflows.phases.verification import verification

__all__ = ["advance", "begin", "check", "next_deadline", "receive"]

PHASES: dict[PhaseName, Phase] = {
    PhaseName.INTAKE: intake,
    PhaseName.VERIFICATION: verification,
    PhaseName.CONFIRMATION: confirmation,
    PhaseName.PRODUCTION: production,
    PhaseName.INSPECTION: inspection,
    PhaseName.CLEARANCE: clearance,
    PhaseName.SHIPPING: shipping,
    PhaseName.DELIVERY: delivery,
    PhaseName.SETTLEMENT: settlement,
}
"""The procedure as the company tells it (D20)."""

ONE_AFTER_THE_OTHER = (PhaseName.INTAKE, PhaseName.VERIFICATION, PhaseName.CONFIRMATION)
LOT_BY_LOT = (
    PhaseName.PRODUCTION,
    PhaseName.INSPECTION,
    PhaseName.CLEARANCE,
    PhaseName.SHIPPING,
    PhaseName.DELIVERY,
)
"""Goods go through these by lot: one may be shipped while another is made. The order is in the first that has work."""

MOST_ROUNDS = 64


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
        calendar=start.calendar,
        clock=max(now, start.placed_at),
        last_movement=max(now, start.placed_at),
    )
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
    )
    order.intend(Paper.RECEIPT, "1", (Role.CUSTOMER, Role.SALESPERSON), "R10", number=start.number)
    limits = start.policy.limits
    hours = limits.price_hours + limits.technical_hours + limits.sheet_hours
    order.intend(Paper.WAITING_TIME, "1", (Role.CUSTOMER, Role.SALESPERSON), "R13", hours=hours)
    proceed(order)
    return order


def receive(order: Order, raw: object, now: datetime) -> Reply:
    """Take what is said at this moment and do what follows from it. Never raises for bad input."""
    advance(order, now)
    reply = take(order, raw, now)
    proceed(order)
    # A step may open when its time is over already.
    advance(order, now)
    return reply.model_copy(update={"sequence": reply.sequence or order.sequence})


def advance(order: Order, now: datetime) -> None:
    """It is now `now`: everything that became due since the last look happens, each at its own moment, once."""
    while order.lives:
        deadline = next_deadline(order)
        if deadline is None or deadline > now:
            break
        order.clock = max(order.clock, deadline)
        _pass_deadlines(order)
        proceed(order)
    order.clock = max(order.clock, now)


def proceed(order: Order) -> None:
    """Look at what is needed, open and close steps, move on, until nothing moves any more."""
    for _ in range(MOST_ROUNDS):
        if not order.lives:
            return
        before = (order.sequence, order.phase)
        slip(order)
        if order.hold is None and retry_early(order):
            continue
        needs = list(_needs_now(order))
        _open_and_close(order, needs)
        _move(order, needs)
        if (order.sequence, order.phase) == before:
            return
    raise RuntimeError(f"order {order.number} does not come to rest in {order.phase}")


def _needs_now(order: Order) -> Iterator[Need]:
    if order.hold is not None:
        yield Need(
            "resume",
            StepKind.RESUME,
            (Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR),
            "R47",
            hours=order.policy.limits.owed_paper_hours,
            values={"reason": order.hold.reason},
        )
        return
    if order.pending_ending is not None:
        yield from payments_to_confirm(order)
        yield from money_given_back(order)
        return
    yield from alongside(order)
    for phase in LOT_BY_LOT if order.phase in LOT_BY_LOT else (order.phase,):
        yield from PHASES[phase](order)


def _open_and_close(order: Order, needs: list[Need]) -> None:
    needed = {need.key: need for need in needs}
    if order.hold is None:
        for key in [key for key in order.steps if key not in needed]:
            done = order.steps.pop(key)
            order.note(EntryKind.DONE, key, rule=done.rule, late=done.overdue_at is not None)
    for key, need in needed.items():
        step = order.steps.get(key)
        if step is None:
            order.steps[key] = _opened(order, need)
        else:
            step.values, step.roles, step.blocking = need.values, need.roles, need.blocking
            if need.due is not None and step.overdue_at is None:
                step.due = max(need.due, step.since) if need.kind is not StepKind.BALANCE else step.due


def _opened(order: Order, need: Need) -> OpenStep:
    due = need.due or order.clock + hours_of(need.hours)
    people = tuple(person for role in need.roles if (person := order.staff.person(role)))
    step = OpenStep(
        key=need.key,
        kind=need.kind,
        roles=need.roles,
        people=people,
        rule=need.rule,
        since=order.clock,
        due=due,
        blocking=need.blocking,
        values=need.values,
    )
    order.note(
        EntryKind.WAITING,
        need.key,
        rule=need.rule,
        roles=[role.value for role in need.roles],
        due=due.isoformat(),
    )
    return step


def _move(order: Order, needs: list[Need]) -> None:
    """On to the next phase when nothing blocks any more (DOMAIN §4)."""
    if order.hold is not None:
        return
    if order.pending_ending is not None:
        if not needs:
            _end(order, order.pending_ending)
        return
    blocking = [need for need in needs if need.blocking]
    if order.phase in ONE_AFTER_THE_OTHER:
        if not blocking:
            _enter(
                order, PhaseName.PRODUCTION if order.phase is PhaseName.CONFIRMATION else _next(order.phase)
            )
    elif order.phase in LOT_BY_LOT:
        _enter(order, _first_with_work(order))
    elif not blocking and not any(need.kind in OWED for need in needs):
        _end(order, Ending.SETTLED)


def _next(phase: PhaseName) -> PhaseName:
    names = list(PHASES)
    return names[names.index(phase) + 1]


def _first_with_work(order: Order) -> PhaseName:
    if any(need.blocking for need in alongside(order)):
        return order.phase
    for phase in LOT_BY_LOT:
        if any(need.blocking for need in PHASES[phase](order)):
            return phase
    if ending_of(order) is Ending.DEAD:
        order.pending_ending = Ending.DEAD
        order.note(EntryKind.DEAD, "order", rule="R76")
        return order.phase
    return PhaseName.SETTLEMENT


def _enter(order: Order, phase: PhaseName) -> None:
    if phase is not order.phase:
        order.phase = phase
        order.note(EntryKind.PHASE, phase.value)


def _end(order: Order, ending: Ending) -> None:
    order.ending, order.ended_at, order.phase = ending, order.clock, PhaseName.ENDED
    for key in list(order.steps):
        order.note(EntryKind.DONE, key, rule=order.steps.pop(key).rule, late=False)
    order.note(EntryKind.ENDED, ending.value, bill=str(order.bill), paid=str(order.ledger.paid))


# --- time --------------------------------------------------------------------------------------------------------


def next_deadline(order: Order) -> datetime | None:
    """The nearest moment at which something happens by itself; None when nothing does. Absolute, in the state."""
    return min(_deadlines(order), default=None)


def _deadlines(order: Order) -> Iterator[datetime]:
    if not order.lives:
        return
    if slips(order):
        yield end_of(
            business_date(order.clock, order.policy.slip.end_of_day_minutes),
            order.policy.slip.end_of_day_minutes,
        )
    hangs = hangs_when(order)
    if hangs is not None:
        yield hangs
    for shipment in order.shipments:
        if can_die(order, shipment):
            yield dead_when(order, shipment)
            yield from (moment for _, moment in reminder_times(order, shipment))
    if order.hold is None:
        escalate = hours_of(order.policy.limits.escalate_after_hours)
        for step in order.steps.values():
            if step.overdue_at is None:
                yield step.due
            elif step.escalated_at is None:
                yield step.overdue_at + escalate


def _pass_deadlines(order: Order) -> None:
    watch_hanging(order)
    watch_uncollected(order)
    if order.hold is None:
        _watch_limits(order)


def _watch_limits(order: Order) -> None:
    """R13: a passed limit is overdue: its owner, then the owner's superior are told."""
    escalate = hours_of(order.policy.limits.escalate_after_hours)
    for step in order.steps.values():
        if step.overdue_at is None and step.due <= order.clock:
            step.overdue_at = order.clock
            order.note(EntryKind.OVERDUE, step.key, rule=step.rule, due=step.due.isoformat())
            order.intend(Paper.OVERDUE, f"{step.key}:{order.sequence}", step.roles, "R13", what=step.words)
        elif (
            step.overdue_at is not None
            and step.escalated_at is None
            and step.overdue_at + escalate <= order.clock
        ):
            step.escalated_at = order.clock
            told = [superior for person in step.people if (superior := order.staff.superior_of(person))]
            order.note(EntryKind.ESCALATED, step.key, rule="R13", told=told)
