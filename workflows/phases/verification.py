"""Verification 审核 (D20 steps 5–8): price, technical, production date, approval, side by side (R20 to R25, R28).

With it the order's validity and the capacity to deliver it are confirmed before it is accepted (R16): by technical,
by production for the whole quantity, and by the supervisor who approves it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from models.dossier.decision_record import Asked
from models.dossier.decisions import ask
from models.dossier.open_steps import Need
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.handlers.cancellation import grant_cancellation
from models.handlers.promise.promises import tell_promise
from models.messages.decision_subjects import Outcome, PriceDetail, ProductionDateDetail, Subject
from models.order.approvals import is_approved, is_the_supervisors_turn, levels_of
from models.order.order import Order
from models.policy import DayCount
from models.request.order_request import RequestLine
from models.request.order_start import PriceReference
from models.values.calendar import ONE_DAY, business_date
from models.values.editions import Edition
from models.values.fingerprint import digest_of_model
from models.values.money import rounded_price
from models.values.quantity import converted
from models.values.vocabulary import Ending, PromiseCause, Role, Words
from workflows.phases.goods.stock import settle_stock, stock_needs
from workflows.phases.phase import Ahead, Needs, Phase, decision_needed


def settle(order: Order) -> None:
    """Ask about prices, feasibility, dates and approval; when production has named its dates, make the promise."""
    _ask_prices(order)
    for line in order.request.lines:
        _ask_technical_and_date(order, line)
    if not any(_price_is_open(order, line) for line in order.request.lines):
        _ask_approval(order)
        _tell_of_approval(order)
    _make_promise(order)
    beyond = _beyond_window(order)
    if beyond is not None:
        ship, last, basis = beyond
        ask(order, Subject.SHIP_DATE, {"ship_date": ship, "last": last, "basis": basis})


def needs(order: Order) -> Needs:
    """What is still needed before the confirmation sheet can be made."""
    prices = list(_prices_needed(order))
    yield from prices
    for line in order.request.lines:
        yield from _technical_and_date_needed(order, line.line)
    if not prices and _needs_approval(order):
        yield from _approval_needed(order)
    if _beyond_window(order) is not None:
        yield from decision_needed(order, Subject.SHIP_DATE)


def settle_from_stock(order: Order) -> None:
    """R110: of goods from stock nobody asks whether they can be made and when, but whether they are there."""
    settle_price_and_approval(order)
    order.stock.confirmed = False
    settle_stock(order)


def needs_from_stock(order: Order) -> Needs:
    """What is still needed before an order from stock can be confirmed."""
    yield from price_and_approval_needed(order)
    yield from stock_needs(order)


def settle_price_and_approval(order: Order) -> None:
    """R20, R28: ask about prices, and once they are settled for approval."""
    _ask_prices(order)
    if not any(_price_is_open(order, line) for line in order.request.lines):
        _ask_approval(order)
        _tell_of_approval(order)


def price_and_approval_needed(order: Order) -> Needs:
    """R20, R28: the right prices first, then the approval."""
    prices = list(_prices_needed(order))
    yield from prices
    if not prices and _needs_approval(order):
        yield from _approval_needed(order)


def _prices_needed(order: Order) -> Needs:
    for line in order.request.lines:
        if _price_is_open(order, line):
            hours = order.policy.limits.price_hours
            yield from decision_needed(order, Subject.PRICE, line.line, hours=hours)


def settle_feasibility(order: Order) -> None:
    """R21 to R23: can it be made, and when; from that comes the promise."""
    for line in order.request.lines:
        _ask_technical_and_date(order, line)
    _make_promise(order)


def feasibility_needed(order: Order) -> Needs:
    """R21 to R23: the notes of technical and production, in writing."""
    for line in order.request.lines:
        yield from _technical_and_date_needed(order, line.line)


# --- price (R20) -------------------------------------------------------------------------------------------------


def price_differences(line: RequestLine, reference: PriceReference | None) -> list[str]:
    """What a line is compared with and differs from: the list in force and the past trade under it (R20).

    Nothing where the line is as an accepted quote has it (R104).
    """
    if reference is not None and reference.quoted is not None and reference.quoted.settles(line):
        return []
    if reference is None or reference.product != line.product or reference.list_price is None:
        return ["-"]
    found = []
    # The list speaks of its own unit; a ream of 500 sheets costs 500 times the sheet.
    in_a_unit = converted(Decimal(1), line.unit, reference.unit)
    listed_price = rounded_price(reference.list_price * in_a_unit) if in_a_unit is not None else None
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


def _differences(order: Order, line: RequestLine) -> list[str]:
    """What the line differs from; nothing once this very price was settled."""
    settled = order.decision(Subject.PRICE, line.line)
    if settled is not None and settled.outcome is Outcome.SETTLED:
        detail = PriceDetail.model_validate(settled.detail)
        if detail.unit_price == line.unit_price:
            return []
    return price_differences(line, order.reference_of(line.line))


def _price_is_open(order: Order, line: RequestLine) -> bool:
    """R20: a difference is settled by service supervisor or director, and kept."""
    if not _differences(order, line):
        return False
    return order.outcome(Subject.PRICE, line.line) is None


def _ask_prices(order: Order) -> None:
    """Ask about each line that differs, and tell salesperson, supervisor and director: in one letter (R20)."""
    asked_now: list[tuple[Asked, Words]] = []
    in_one_letter = order.follows(Edition.ONE_LETTER_FOR_ALL_PRICES)
    for line in order.request.lines:
        differences = _differences(order, line)
        if not differences:
            continue
        about = {
            "product": line.product,
            "specification": line.specification,
            "price": line.unit_price,
            "known": differences,
        }
        known = order.decision(Subject.PRICE, line.line)
        asked = ask(order, Subject.PRICE, about, line.line)
        if asked is not known:
            asked_now.append((asked, _difference_words(line, differences)))
        if not in_one_letter:
            _write_letter(order, f"{line.line}:{asked.version}", _difference_words(line, differences))
    if asked_now and in_one_letter:
        first = asked_now[0][0]
        more = f"+{len(asked_now) - 1}" if len(asked_now) > 1 else ""
        _write_letter(
            order, f"{first.line}:{first.version}{more}", _all_words([words for _, words in asked_now])
        )


_NAMED_IN_FULL = 20
"""Lines whose figures stand in the letter; the rest is on the order's page."""
_DIFFERENCE = Words(
    "第{line}行单价 {asked} 与 {known} 不符", "line {line}: price {asked} differs from {known}"
)
_AND_MORE = Words("{named}；另有 {count} 行", "{named}; and {count} more lines")


def _difference_words(line: RequestLine, differences: list[str]) -> Words:
    return _DIFFERENCE.filled(line=line.line, asked=line.unit_price, known=" / ".join(differences))


def _all_words(differences: list[Words]) -> Words:
    named = differences[:_NAMED_IN_FULL]
    joined = Words(";".join(each.zh for each in named), "; ".join(each.en for each in named))
    rest = len(differences) - len(named)
    return _AND_MORE.filled(named=joined, count=rest) if rest else joined


def _write_letter(order: Order, identity: str, differences: Words) -> None:
    order.intend(
        Paper.PRICE_DIFFERENCE,
        identity,
        (Role.SALESPERSON, Role.SERVICE_SUPERVISOR, Role.MARKETING_DIRECTOR),
        "R20",
        differences=differences,
    )


# --- technical and production (R21 to R23) -----------------------------------------------------------------------


def _ask_technical_and_date(order: Order, line: RequestLine) -> None:
    """R21 to R23: the technical note first, from it production's date, both in writing."""
    number, request = line.line, order.request
    insists = order.outcome(Subject.OLD_RECIPE, number) is Outcome.INSIST
    about = {
        "product": line.product,
        "specification": line.specification,
        "quantity": line.quantity,
        "special": request.special_requirements,
        "old_recipe": insists,
    }
    technical = ask(order, Subject.TECHNICAL, about, number)
    if technical.outcome is Outcome.NOT_PRODUCIBLE and insists:
        grant_cancellation(order, Ending.NOT_PRODUCIBLE, "0.00")
    elif technical.outcome is Outcome.NOT_PRODUCIBLE:
        recipe = {"product": line.product, "specification": line.specification}
        ask(order, Subject.OLD_RECIPE, recipe, number)
    elif technical.outcome is Outcome.PRODUCIBLE:
        clauses = {
            "technical": technical.version,
            "quantity": line.quantity,
            "tolerance": line.tolerance_percent,
            "packing": request.packing,
            "label": request.label,
            "special": request.special_requirements,
            "wanted": request.wanted_date,
        }
        ask(order, Subject.PRODUCTION_DATE, clauses, number)


def _technical_and_date_needed(order: Order, number: int) -> Needs:
    limits = order.policy.limits
    yield from decision_needed(order, Subject.TECHNICAL, number, hours=limits.technical_hours)
    outcome = order.outcome(Subject.TECHNICAL, number)
    if outcome is Outcome.NOT_PRODUCIBLE:
        yield from decision_needed(order, Subject.OLD_RECIPE, number)
    elif outcome is Outcome.PRODUCIBLE:
        yield from decision_needed(order, Subject.PRODUCTION_DATE, number, hours=limits.production_date_hours)


# --- approval (R28) ----------------------------------------------------------------------------------------------


def _needs_approval(order: Order) -> bool:
    return bool(levels_of(order))


def _others_approve(order: Order) -> bool:
    """Whether the matrix names anybody beside the sales supervisor."""
    return any(role is not Role.SALES_SUPERVISOR for level in levels_of(order) for role in level)


def _ask_approval(order: Order) -> None:
    """R28: whoever must approve the order as it stands. What voids an approval is the table of R83 and nothing else."""
    if not _needs_approval(order) or order.sent_back_reason:
        return
    content = digest_of_model(order.request, leaving_out=("words", "unclear", "request_id"))
    about = {"total": order.total, "content": content}
    if order.decision(Subject.APPROVAL) is None and is_the_supervisors_turn(order):
        ask(order, Subject.APPROVAL, about)
    if _others_approve(order) and order.decision(Subject.ORDER_APPROVAL) is None:
        levels = " → ".join(" + ".join(level) for level in levels_of(order))
        ask(order, Subject.ORDER_APPROVAL, {**about, "levels": levels})


_DEPARTMENTS = (
    Role.SERVICE_CLERK,
    Role.MERCHANDISER,
    Role.TECHNICAL,
    Role.PRODUCTION,
    Role.MATERIAL_CONTROLLER,
    Role.PURCHASING,
    Role.WAREHOUSE,
    Role.FINANCE,
)


def _tell_of_approval(order: Order) -> None:
    """R28, D18.2.5: an approved order is told to the departments, once for each version that was approved."""
    if not order.policy.approval.tell_departments or not order.follows(Edition.WORD_TO_DEPARTMENTS):
        return
    if is_approved(order) and not order.sent_back_reason:
        order.intend(Paper.ORDER_APPROVED, str(order.request_version), _DEPARTMENTS, "R28", total=order.total)


def _approval_needed(order: Order) -> Needs:
    """R28: approved, or sent back to sales and changed by them."""
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
    hours = order.policy.limits.approval_hours
    yield from decision_needed(order, Subject.APPROVAL, hours=hours)
    for need in decision_needed(order, Subject.ORDER_APPROVAL, hours=hours):
        if need.roles:
            yield need


# --- the promise (R23 to R25) ------------------------------------------------------------------------------------


def _dates(order: Order) -> list[Asked]:
    """Production's answers, once every line has one."""
    dated = [order.decision(Subject.PRODUCTION_DATE, line.line) for line in order.request.lines]
    answers = [asked for asked in dated if asked is not None and asked.outcome is Outcome.DATED]
    return answers if len(answers) == len(order.request.lines) else []


def _make_promise(order: Order) -> None:
    """R23, R24, R34: the latest line's date is the promise, with the days that were lost since it was named."""
    answers = _dates(order)
    basis = ",".join(_name(asked) for asked in answers)
    if not answers or basis == order.promise_basis:
        return
    promise, named_before = order.promise, set(order.promise_basis.split(","))
    for asked in answers:
        if _name(asked) not in named_before:
            promise.date_named(_name(asked))
    finished = {_name(asked): _finished(order, asked) for asked in answers}
    latest = max(answers, key=lambda asked: finished[_name(asked)])
    due = finished[_name(latest)]
    promised = ship = due
    # What was agreed with the customer beyond production's date holds while any of production's dates does.
    if promise.was_set_apart and named_before & set(finished):
        promised = max(due, promise.promised or due)
        ship = max(promised, promise.ship_date or promised)
    cause = PromiseCause.AMENDMENT if promise.history else PromiseCause.FIRST
    promise.agree(due, promised, ship, cause, order.clock, order.clock, latest.answers[-1].by)
    order.promise_basis = basis
    tell_promise(order)


def _name(asked: Asked) -> str:
    """Which of production's answers: `production_date:2/1`."""
    return f"{asked.key}/{asked.version}"


def _finished(order: Order, asked: Asked) -> date:
    """The date that production named, later by the days that were lost since (R34)."""
    named = ProductionDateDetail.model_validate(asked.detail).finished_date
    return named + order.promise.lost_since(_name(asked)) * ONE_DAY


def _beyond_window(order: Order) -> tuple[date, date, str] | None:
    """R25: a ship date beyond the window needs consent: the date, the last one within, and what it rests on."""
    ship, window = order.promise.ship_date, order.policy.ship_window
    if ship is None or not _dates(order):
        return None
    working = window.count is DayCount.WORKING
    last = order.calendar.days_after(business_date(order.placed_at), window.days, working=working)
    return (ship, last, order.promise_basis) if ship > last else None


def _unanswered(subject: Subject) -> Ahead:
    return Ahead(
        subject,
        lambda order: any(order.outcome(subject, line.line) is None for line in order.request.lines),
    )


FEASIBILITY_AHEAD = (_unanswered(Subject.TECHNICAL), _unanswered(Subject.PRODUCTION_DATE))
PRICE_AHEAD = Ahead(
    Subject.PRICE, lambda order: any(_price_is_open(order, line) for line in order.request.lines)
)
APPROVAL_AHEAD = Ahead(
    Subject.APPROVAL,
    lambda order: _needs_approval(order) and order.outcome(Subject.APPROVAL) is not Outcome.APPROVE,
)
OTHERS_APPROVAL_AHEAD = Ahead(
    Subject.ORDER_APPROVAL,
    lambda order: _others_approve(order) and order.outcome(Subject.ORDER_APPROVAL) is not Outcome.APPROVE,
)
VERIFICATION = Phase(
    settle,
    needs,
    ahead=(
        PRICE_AHEAD,
        *FEASIBILITY_AHEAD,
        APPROVAL_AHEAD,
        OTHERS_APPROVAL_AHEAD,
    ),
)
VERIFICATION_FROM_STOCK = Phase(settle_from_stock, needs_from_stock, ahead=(PRICE_AHEAD, APPROVAL_AHEAD))
