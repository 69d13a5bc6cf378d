"""What an order from stock asks of the stock book, and what it does when it is short (R110 to R112).

Reserved in verification, firm when it is confirmed, given back when it ends; what happens to the goods is told.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from models.dossier.decision_record import Asked
from models.dossier.decisions import ask
from models.dossier.open_steps import Need
from models.dossier.step_kinds import StepKind
from models.handlers.cancellation import grant_cancellation
from models.handlers.stock.reservations import (
    ask_stock,
    asked_for,
    forget_choice,
    give_back,
    short_words,
    tell_of_shortage,
    wanted_lines,
)
from models.messages.decision_subjects import Outcome, ShortCancelDetail, Subject, WaitDetail
from models.order.incidents import Cancellation
from models.order.kinds.presale import is_late, lacking
from models.order.order import Order
from models.stock.stock_questions import StockLine
from models.stock.stock_words import StockAct, StockState
from models.values.calendar import end_of
from models.values.quantity import NOTHING
from models.values.vocabulary import Ending, Role
from workflows.phases.phase import Needs, decision_needed

_ASKS = tuple(
    f"{act.value}:"
    for act in (StockAct.RESERVE, StockAct.WAIT, StockAct.TAKE, StockAct.FIRM, StockAct.EXPIRE)
)
_SHORT_OR_LATE = "缺货或逾期，客户取消（short or late, cancelled by the customer）"
_DECIDED_BY_CUSTOMER = "decision:shortage"


def settle_stock(order: Order) -> None:
    """Reserve what is wanted, make it firm when everything else is there, and carry out what was chosen when it is short."""
    if waits_for_the_book(order):
        return
    stock, lines = order.stock, wanted_lines(order)
    firm = stock.confirmed or stock.is_firm
    if stock.asked_for != asked_for(lines) or (stock.state is StockState.LOST and stock.confirmed):
        forget_choice(order)
        stock.asked_for, stock.state = asked_for(lines), StockState.NONE
        ask_stock(order, StockAct.RESERVE, lines, firm=firm, held_hours=True)
    elif stock.state is StockState.SHORT:
        _settle_shortage(order, lines, firm=firm)
    elif stock.state is StockState.HELD and stock.confirmed:
        ask_stock(order, StockAct.FIRM, lines)


def stock_needs(order: Order) -> Needs:
    """The book's answer, or the customer's choice; nothing while all goods are there, or come by the customer's choice."""
    if waits_for_the_book(order) or (order.stock.state is StockState.NONE and order.stock.asked == 0):
        yield stock_answer_needed(order)
    if order.stock.state is not StockState.SHORT and not _is_too_late(order):
        return
    if order.outcome(Subject.SHORTAGE) is Outcome.CHANGE:
        goods = short_words(order)
        yield Need(
            "change_order",
            StepKind.CHANGE_ORDER,
            (Role.SALESPERSON, Role.SERVICE_CLERK),
            "R112",
            hours=order.policy.limits.decision_hours,
            values={"goods_zh": goods.zh, "goods_en": goods.en},
        )
    for need in decision_needed(order, Subject.SHORTAGE, hours=_choice_hours(order)):
        step = order.steps.get(need.key)
        silent = step is not None and step.overdue_at is not None
        roles = (Role.CUSTOMER, Role.SERVICE_SUPERVISOR) if silent else (Role.CUSTOMER,)
        yield replace(need, roles=roles)


def _choice_hours(order: Order) -> Decimal:
    """R112: how long the customer has to choose; in the shop it is another time."""
    policy = order.policy
    return policy.shop.choice_hours if order.kind.sold_online else policy.stock.choice_hours


def _is_too_late(order: Order) -> bool:
    """R114: whether a pre-sale that is confirmed is so late that its customer chooses."""
    return order.kind.by_batch and not order.kind.is_before(order.phase) and is_late(order)


def stock_answer_needed(order: Order) -> Need:
    """The book answers by itself, within the moment; the step is there because nothing waits without one."""
    return Need(
        "stock_answer",
        StepKind.STOCK_ANSWER,
        (Role.WAREHOUSE,),
        "R110",
        hours=order.policy.limits.decision_hours,
    )


def goods_awaited(order: Order) -> Needs:
    """R112, R113: what the customer waits for."""
    stock = order.stock
    if stock.choice not in (Outcome.WAIT, Outcome.SPLIT) and not order.kind.by_batch:
        return
    if order.kind.by_batch and stock.state is StockState.SHORT:
        return  # what is short is chosen about first
    for number, missing in lacking(order).items():
        line = order.line_numbered(number)
        if line is None:
            continue
        yield Need(
            f"await_stock:{number}",
            StepKind.AWAIT_STOCK,
            (Role.PURCHASING,),
            "R112",
            due=end_of(stock.until) if stock.until is not None else None,
            hours=order.policy.limits.owed_paper_hours,
            values={
                "line": str(number),
                "product": line.product,
                "quantity": str(missing),
                "unit_zh": line.unit.zh,
                "unit_en": line.unit.en,
            },
        )


def waits_for_the_book(order: Order) -> bool:
    """Whether the order asked something of the book that decides how it stands, and has no answer yet."""
    return any(key.startswith(_ASKS) for key in order.questions)


# --- short (R112) ------------------------------------------------------------------------------------------------


def _settle_shortage(order: Order, lines: tuple[StockLine, ...], *, firm: bool) -> None:
    stock = order.stock
    short = [
        [line.line, str(line.quantity), str(stock.there.get(line.line, NOTHING))]
        for line in lines
        if stock.there.get(line.line, NOTHING) < line.quantity
    ]
    asked = ask(order, Subject.SHORTAGE, {"short": short, "asked": stock.asked_for})
    tell_of_shortage(order, asked.version)
    if asked.outcome in (Outcome.WAIT, Outcome.SPLIT):
        stock.choice = asked.outcome
        stock.until = WaitDetail.model_validate(asked.detail).expected or stock.until
        stock.agreed = None
        ask_stock(order, StockAct.WAIT, lines, firm=firm)
    elif asked.outcome is Outcome.CANCEL:
        if ShortCancelDetail.model_validate(asked.detail).only_what_is_missing:
            stock.choice = Outcome.CANCEL
            ask_stock(order, StockAct.TAKE, lines, firm=firm, held_hours=True)
        else:
            stock.state = StockState.NONE
            cancel_freely(order, asked)


def cancel_freely(order: Order, asked: Asked) -> None:
    """R112, R114: the customer does without all of it; of a pre-sale, which was paid long before, nothing is kept."""
    if order.kind.by_batch and order.cancellation is None:
        order.cancellation = Cancellation(reason=_SHORT_OR_LATE, by=asked.answers[-1].by, at=order.clock)
    grant_cancellation(order, Ending.CANCELLED, "0.00")


# --- what happens to the goods -----------------------------------------------------------------------------------


def tell_of_goods(order: Order) -> None:
    """R110: what left, came back and was inspected is told to the book; what is not needed any more is given back."""
    if not order.kind.from_stock:
        return
    stock = order.stock
    for shipment in order.shipments:
        if shipment.shipment not in stock.shipments:
            stock.shipments.append(shipment.shipment)
            ask_stock(order, StockAct.SHIP, _lines(order, shipment.quantities))
        known = stock.returned.get(shipment.shipment, {})
        back = {
            line: more
            for line, quantity in shipment.returned.items()
            if (more := quantity - known.get(line, NOTHING)) > 0
        }
        if back:
            stock.returned[shipment.shipment] = dict(shipment.returned)
            ask_stock(order, StockAct.RETURNED, _lines(order, back))
    for inspection in order.inspections[stock.inspections :]:
        stock.inspections += 1
        judged = inspection.passed + inspection.to_rework + inspection.scrapped
        if inspection.shipment and judged > 0:
            lines = _lines(order, {inspection.line: judged})
            parts = {"passed": inspection.passed, "scrapped": inspection.scrapped}
            ask_stock(order, StockAct.INSPECTED, tuple(line.model_copy(update=parts) for line in lines))
    if order.nothing_more_leaves:
        give_back(order)


def give_back_the_rest(order: Order) -> None:
    """R110: at its end an order keeps nothing that did not leave."""
    if order.kind.from_stock and any(
        given > order.shipped(line) for line, given in order.stock.given.items()
    ):
        give_back(order)


def watch_hold(order: Order) -> None:
    """R111: held so long and not confirmed: the book lets it go."""
    limit = order.stock.held_until
    if limit is not None and limit <= order.clock:
        order.stock.held_until = None
        ask_stock(order, StockAct.EXPIRE, wanted_lines(order))


def _lines(order: Order, quantities: dict[int, Decimal]) -> tuple[StockLine, ...]:
    known = {**{line.line: line for line in order.request.lines}, **order.dropped_lines}
    return tuple(
        StockLine(line=number, product=line.product, quantity=quantity, unit=line.unit)
        for number, quantity in sorted(quantities.items())
        if (line := known.get(number)) is not None
    )
