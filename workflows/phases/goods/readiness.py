"""Readiness 备货 (D19): a pre-sale order waits for its batch; where it is too late the customer chooses (R48, R112, R114)."""

from __future__ import annotations

from models.dossier.decisions import ask, void
from models.dossier.papers_due import Paper
from models.dossier.step_kinds import StepKind
from models.handlers.stock.reservations import ask_stock, promise_goods, wanted_lines
from models.messages.decision_subjects import Outcome, ShortCancelDetail, Subject, WaitDetail
from models.order.kinds.presale import is_late, lacking
from models.order.order import Order
from models.stock.stock_words import StockAct, StockState
from models.values.quantity import NOTHING
from models.values.vocabulary import Role
from workflows.phases.goods.stock import (
    cancel_freely,
    goods_awaited,
    settle_stock,
    stock_needs,
    waits_for_the_book,
)
from workflows.phases.phase import Ahead, Needs, Phase


def settle(order: Order) -> None:
    """What became short is chosen about, and so is what is too late."""
    settle_stock(order)
    if order.stock.state is StockState.SHORT or waits_for_the_book(order):
        return
    if is_late(order):
        _settle_lateness(order)
    elif (asked := order.decision(Subject.SHORTAGE)) is not None and asked.outcome is None:
        void(order, Subject.SHORTAGE)  # it came after all


def _settle_lateness(order: Order) -> None:
    """R114: told with what the customer may do, to cancel without cost and have the money back among it."""
    stock, days = order.stock, order.policy.stock.late_days
    asked = ask(order, Subject.SHORTAGE, {"agreed": stock.agreed, "days": days})
    order.intend(
        Paper.BATCH_LATE,
        str(asked.version),
        (Role.CUSTOMER, Role.SALESPERSON, Role.PURCHASING),
        "R114",
        agreed=stock.agreed,
        days=days,
    )
    if asked.outcome in (Outcome.WAIT, Outcome.SPLIT):
        _wait_longer(order, asked.outcome, WaitDetail.model_validate(asked.detail))
    elif asked.outcome is Outcome.CANCEL:
        only = ShortCancelDetail.model_validate(asked.detail).only_what_is_missing
        if only and any(stock.ready.values()):
            _take_what_is_ready(order)
        else:
            cancel_freely(order, asked)


def _wait_longer(order: Order, outcome: Outcome, detail: WaitDetail) -> None:
    """R112: another day is agreed with the customer, from which lateness counts anew."""
    stock = order.stock
    if outcome is Outcome.SPLIT:
        stock.choice = outcome
    stock.until = max(detail.expected or stock.until or order.today(), order.today())
    promise_goods(order)
    stock.agreed = stock.until


def _take_what_is_ready(order: Order) -> None:
    """R112: what is there is wanted, and no more."""
    stock = order.stock
    stock.choice = Outcome.CANCEL
    ready = tuple(
        line.model_copy(update={"quantity": stock.ready[line.line]})
        for line in wanted_lines(order)
        if stock.ready.get(line.line, NOTHING) > 0
    )
    ask_stock(order, StockAct.TAKE, ready, firm=True)


def needs(order: Order) -> Needs:
    """What is still to come, or to be chosen."""
    yield from stock_needs(order)
    yield from goods_awaited(order)


READINESS = Phase(settle, needs, ahead=(Ahead(StepKind.AWAIT_STOCK, lambda order: bool(lacking(order))),))
