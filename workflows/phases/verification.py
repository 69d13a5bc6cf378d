"""Verification 审核 (D20 steps 5–8): price, technical, production date, approval, side by side (R20 to R25, R28).

With it the order's validity and the capacity to deliver it are confirmed before it is accepted (R16): by technical,
by production for the whole quantity, and by the supervisor who approves it.
"""

from __future__ import annotations

from decimal import Decimal

from models.dossier.open_steps import Need, StepKind
from models.dossier.papers_due import Paper
from models.handlers.amendments import grant_cancellation, tell_promise
from models.messages.decision_subjects import Outcome, PriceDetail, ProductionDateDetail, Subject
from models.messages.envelope import digest_of
from models.order.order import Order
from models.policy import DayCount
from models.request.order_request import RequestLine
from models.request.order_start import PriceReference
from models.values.calendar import business_date
from models.values.money import rounded
from models.values.quantity import converted
from models.values.vocabulary import Ending, PromiseCause, Role
from workflows.phases.needs import Needs, decided


def verification(order: Order) -> Needs:
    """What is still needed before the confirmation sheet can be made."""
    prices = [need for line in order.request.lines for need in _price(order, line)]
    yield from prices
    for line in order.request.lines:
        yield from _technical_and_date(order, line)
    if not prices:
        yield from _approval(order)
    yield from _promise(order)


def price_differences(line: RequestLine, reference: PriceReference | None) -> list[str]:
    """What a line is compared with and differs from: the list in force and the past trade under it (R20)."""
    if reference is None or reference.product != line.product or reference.list_price is None:
        return ["-"]
    found = []
    # The list speaks of its own unit; a ream of 500 sheets costs 500 times the sheet.
    in_a_unit = converted(Decimal(1), line.unit, reference.unit)
    listed_price = rounded(reference.list_price * in_a_unit) if in_a_unit is not None else None
    if line.unit_price != listed_price:
        found.append(str(listed_price or reference.list_price))
    listed, traded = reference.list_valid_from, reference.past_traded_on
    # A trade before the list in force shows the old price, not a mistake.
    under_this_list = traded is not None and (listed is None or traded >= listed)
    if reference.past_price is not None and under_this_list and line.unit_price != reference.past_price:
        found.append(str(reference.past_price))
    if reference.specification and line.specification != reference.specification:
        found.append(reference.specification)
    return found


def _price(order: Order, line: RequestLine) -> Needs:
    """R20: a difference is settled by service supervisor or director, and kept."""
    settled = order.decision(Subject.PRICE, line.line)
    if settled is not None and settled.outcome is Outcome.SETTLED:
        detail = PriceDetail.model_validate(settled.detail)
        if detail.unit_price == line.unit_price:
            return
    reference = next((known for known in order.references if known.line == line.line), None)
    differences = price_differences(line, reference)
    if not differences:
        return
    about = {
        "product": line.product,
        "specification": line.specification,
        "price": line.unit_price,
        "known": differences,
    }
    yield from decided(order, Subject.PRICE, about, line.line, hours=order.policy.limits.price_hours)
    order.intend(
        Paper.PRICE_DIFFERENCE,
        f"{line.line}:{order.asked[f'price:{line.line}'].version}",
        (Role.SALESPERSON, Role.SERVICE_SUPERVISOR, Role.MARKETING_DIRECTOR),
        "R20",
        line=line.line,
        asked=line.unit_price,
        known=" / ".join(differences),
    )


def _technical_and_date(order: Order, line: RequestLine) -> Needs:
    """R21 to R23: the technical note first, from it production's date, both in writing."""
    number, limits = line.line, order.policy.limits
    insists = order.outcome(Subject.OLD_RECIPE, number) is Outcome.INSIST
    about = {
        "product": line.product,
        "specification": line.specification,
        "quantity": line.quantity,
        "special": order.request.special_requirements,
        "old_recipe": insists,
    }
    yield from decided(order, Subject.TECHNICAL, about, number, hours=limits.technical_hours)
    outcome = order.outcome(Subject.TECHNICAL, number)
    if outcome is Outcome.NOT_PRODUCIBLE and insists:
        grant_cancellation(order, Ending.NOT_PRODUCIBLE, "0.00")
    elif outcome is Outcome.NOT_PRODUCIBLE:
        yield from decided(
            order, Subject.OLD_RECIPE, {"product": line.product, "specification": line.specification}, number
        )
    elif outcome is Outcome.PRODUCIBLE:
        request, technical = order.request, order.decision(Subject.TECHNICAL, number)
        clauses = {
            "technical": technical.version if technical else 0,
            "quantity": line.quantity,
            "tolerance": line.tolerance_percent,
            "packing": request.packing,
            "label": request.label,
            "special": request.special_requirements,
            "wanted": request.wanted_date,
        }
        yield from decided(
            order, Subject.PRODUCTION_DATE, clauses, number, hours=limits.production_date_hours
        )


def _approval(order: Order) -> Needs:
    """R28: a supervisor approves the order as it stands, or sends it back to sales."""
    if order.customer_class not in order.policy.approval.classes:
        return
    if order.sent_back_reason:
        yield Need(
            "rework_order",
            StepKind.REWORK_ORDER,
            (Role.SALESPERSON,),
            "R28",
            hours=order.policy.limits.details_hours,
            values={"reason": order.sent_back_reason},
        )
        return
    content = order.request.model_dump(mode="json", exclude={"words", "unclear", "request_id"})
    about = {"total": order.total, "content": digest_of(content)}
    yield from decided(order, Subject.APPROVAL, about, hours=order.policy.limits.approval_hours)


def _promise(order: Order) -> Needs:
    """R23 to R25: the latest line's date is the promise; a ship date beyond the window needs consent."""
    dated = [order.decision(Subject.PRODUCTION_DATE, line.line) for line in order.request.lines]
    answers = [asked for asked in dated if asked is not None and asked.outcome is Outcome.DATED]
    if len(answers) < len(order.request.lines):
        return
    basis = ",".join(f"{asked.key}/{asked.version}" for asked in answers)
    if basis != order.promise_basis:
        due = max(ProductionDateDetail.model_validate(asked.detail).finished_date for asked in answers)
        cause = PromiseCause.AMENDMENT if order.promise.history else PromiseCause.FIRST
        order.promise.agree(due, due, due, cause, order.clock, order.clock, answers[-1].answers[-1].by)
        order.promise_basis = basis
        tell_promise(order)
    window = order.policy.ship_window
    working = window.count is DayCount.WORKING
    last = order.calendar.days_after(business_date(order.placed_at), window.days, working=working)
    ship = order.promise.ship_date
    if ship is not None and ship > last:
        yield from decided(order, Subject.SHIP_DATE, {"ship_date": ship, "last": last, "basis": basis})
