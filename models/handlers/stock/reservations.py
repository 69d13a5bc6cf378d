"""What an order has reserved: what the stock book answers and tells, and what follows for its goods (R110 to R113)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from models.dossier.decisions import void
from models.dossier.papers_due import Paper
from models.dossier.records.shared_books import BookAnswer, SharedBook
from models.handlers.cancellation import grant_cancellation
from models.handlers.promise.promises import tell_promise
from models.messages.decision_subjects import Outcome, Subject
from models.messages.envelope import Envelope
from models.messages.fact_kind import FactTable
from models.order.goods import Lot
from models.order.kinds.presale import day_of_all, is_there, lacking, stands_in_batches, wanted
from models.order.order import Order
from models.stock.stock_questions import StockLine, StockQuestion, StockReply
from models.stock.stock_words import StockAct, StockState
from models.values.calendar import hours_of
from models.values.content import Content, Name, Reference, Text
from models.values.errors import Code, Refusal
from models.values.fingerprint import digest_of, lasting
from models.values.quantity import NOTHING, Measured, PositiveQuantity
from models.values.vocabulary import Ending, PromiseCause, Role, Words
from models.writing.printed_figures import quantity as written

FACTS = FactTable()
_OF_THE_WHOLE = frozenset({StockAct.RESERVE, StockAct.WAIT, StockAct.TAKE, StockAct.FIRM, StockAct.EXPIRE})
"""Acts after which the order stands otherwise with the book; the others only move goods."""


class StockAnswered(BookAnswer, StockReply):
    """What the stock book answered (R110)."""


class StockAllotted(Content):
    """Goods came, and a part of them is this order's, which waited for it (R112)."""

    line: int
    turn: int
    quantity: Measured
    """Kept only: by how much it is more, for who reads the journal (R112)."""
    reserved: Measured
    """What it was given in all, also what left already."""
    ready: Measured | None = None
    """Of a pre-sale: what of it is there, also what left already (R114)."""


class StockFellShort(Content):
    """Fewer are there than were counted on: this order has so many fewer (R110)."""

    line: int
    turn: int
    quantity: Measured
    """Kept only: by how much it is fewer, for who reads the journal (R110)."""
    reserved: Measured
    """What it was given in all, also what left already."""
    ready: Measured | None = None
    """Of a pre-sale: what of it is there, also what left already (R114)."""


class StockReady(Content):
    """Goods of the batch came and passed, and a part of them is this order's (R114)."""

    line: int
    turn: int
    quantity: Measured
    """Kept only: by how much it is more, for who reads the journal (R114)."""
    reserved: Measured
    """What it was given in all, also what left already."""
    ready: Measured
    """What of it is there, also what left already."""


class PurchaseOrdered(Content):
    """Purchasing ordered goods that are short, and expects them on a day (R113)."""

    product: Reference
    quantity: PositiveQuantity
    """Kept only: how much was ordered, for who reads the journal (R113)."""
    expected: date
    reference: Name = ""
    """The number of the purchase; of a pre-sale that of the batch, whose lines are meant (R113, R114)."""
    words: Text = ""
    """Kept only: why that day, for who reads the journal (R113)."""


# --- asking the book ---------------------------------------------------------------------------------------------


def ask_stock(
    order: Order, act: StockAct, lines: tuple[StockLine, ...], *, firm: bool = False, held_hours: bool = False
) -> None:
    """Put a question to the stock book; the answer comes as `stock_answered`.

    R111: what the shop holds it holds until the payment limit, at which the order itself gives it back (R39).
    """
    order.stock.asked += 1
    held = held_hours and not firm and not order.kind.sold_online
    question = StockQuestion(
        act=act,
        lines=lines,
        placed_at=order.placed_at,
        held_until=order.clock + _hours(order) if held else None,
        firm=firm,
        presale=order.kind.by_batch,
    )
    rule = "R111" if act in (StockAct.FIRM, StockAct.EXPIRE) else "R110"
    order.ask_book(SharedBook.STOCK, f"{act.value}:{order.stock.asked}", lasting(question), rule)


def wanted_lines(order: Order) -> tuple[StockLine, ...]:
    """What the order wants of the book in all: its lines, with what is to be sent again (R74)."""
    return tuple(
        StockLine(
            line=line.line,
            product=line.product,
            quantity=line.quantity + order.sent_again(line.line),
            unit=line.unit,
        )
        for line in order.request.lines
    )


def asked_for(lines: tuple[StockLine, ...]) -> str:
    """One text for one wish."""
    return digest_of([lasting(line) for line in lines])


def give_back(order: Order) -> None:
    """R110: what the order has and does not need any more goes back, once."""
    stock = order.stock
    if stock.asked == 0 or stock.state is StockState.RELEASED:
        return
    stock.state, stock.held_until = StockState.RELEASED, None
    ask_stock(order, StockAct.RELEASE, ())


# --- what the book says ------------------------------------------------------------------------------------------


@FACTS.row(StockAnswered, (Role.SYSTEM,), Words("库存答复", "stock answered"))
def stock_answered(order: Order, envelope: Envelope, content: StockAnswered) -> None:
    """R110, R111: reserved, firm, short, or no longer held."""
    if not order.take_answer(content):
        return
    stock, act = order.stock, StockAct(content.question.partition(":")[0])
    for line in content.lines:
        _heard_of_line(order, line.line, line.turn, line.reserved, line.ready)
    if act in _OF_THE_WHOLE and stock.state is not StockState.RELEASED:
        _stands(order, act, content)
    goods_there(order)
    if act is StockAct.TAKE and not any(stock.given.values()):
        grant_cancellation(order, Ending.CANCELLED, "0.00")


def _stands(order: Order, act: StockAct, content: StockAnswered) -> None:
    stock = order.stock
    stock.state, stock.held_until = content.state, content.held_until
    stock.there = {line.line: line.there for line in content.lines}
    if content.state is StockState.LOST:
        stock.is_firm, stock.choice = False, None
        return
    stock.is_firm = stock.is_firm or content.state is StockState.FIRM
    if order.kind.by_batch:
        stands_in_batches(stock, content)
        stock.payment = content.payment or stock.payment
    if content.expected is not None:
        stock.until = content.expected
    if content.state in (StockState.HELD, StockState.FIRM):
        promise_goods(order)
        if order.kind.by_batch and stock.agreed is None:
            stock.agreed = order.promise.promised


def _heard_of_line(order: Order, line: int, turn: int, given: Decimal, ready: Decimal | None) -> bool:
    """Whether this is news: the book's words may come late, and out of turn."""
    stock = order.stock
    if turn < stock.turns.get(line, 0):
        return False
    stock.turns[line] = turn
    stock.given[line] = given
    if ready is not None:
        stock.ready[line] = ready
    return True


@FACTS.row(StockAllotted, (Role.SYSTEM,), Words("到货分配", "stock allotted"))
def stock_allotted(order: Order, envelope: Envelope, content: StockAllotted) -> None:
    """R112: what the order waited for is there, wholly or in part."""
    if _heard_of_line(order, content.line, content.turn, content.reserved, content.ready):
        goods_there(order)
        if not lacking(order):
            order.stock.until = None


@FACTS.row(StockFellShort, (Role.SYSTEM,), Words("库存短缺", "stock fell short"))
def stock_fell_short(order: Order, envelope: Envelope, content: StockFellShort) -> None:
    """R110, R112: fewer are there than were counted on; it is reserved anew, or the customer chooses."""
    if _heard_of_line(order, content.line, content.turn, content.reserved, content.ready):
        order.stock.asked_for = ""
        goods_there(order)


@FACTS.row(StockReady, (Role.SYSTEM,), Words("预售到货", "pre-sale goods ready"))
def stock_ready(order: Order, envelope: Envelope, content: StockReady) -> None:
    """R48, R114: what the order was sold is there, wholly or in part; what is there can be paid, picked and sent."""
    if _heard_of_line(order, content.line, content.turn, content.reserved, content.ready):
        goods_there(order)
        if not lacking(order):
            order.stock.until = None


@FACTS.row(PurchaseOrdered, (Role.PURCHASING,), Words("采购已订货", "purchase ordered"))
def purchase_ordered(order: Order, envelope: Envelope, content: PurchaseOrdered) -> None:
    """R112, R113: the day on which missing goods come; a new one is told to the customer with its reason."""
    products = {line.product for line in order.request.lines if line.line in lacking(order)}
    if content.product not in products:
        raise Refusal(
            Code.CONTRADICTION,
            Words("订单不等这种货", "the order does not wait for these goods"),
            where="content.product",
            rule="R113",
        )
    if content.expected < order.today():
        raise Refusal(
            Code.DATE_IN_PAST,
            Words("到货日在过去", "the goods are expected on a day to come"),
            where="content.expected",
            rule="R113",
        )
    order.stock.until = day_of_all(order, content.reference, content.expected)
    if order.stock.choice is not None or order.kind.by_batch:
        promise_goods(order, envelope.by)


# --- what follows for the goods ----------------------------------------------------------------------------------


def goods_there(order: Order) -> None:
    """What the order was given and is its own lies in the warehouse for it: it can be released and picked (R63, R111)."""
    stock = order.stock
    if not stock.is_firm and not order.lots:
        return
    for line in order.request.lines:
        given = is_there(order, line.line) if stock.is_firm else order.shipped(line.line)
        here = max(given - order.restocked.get(line.line, NOTHING), NOTHING)
        lot = order.lot(line.line)
        if lot is None and here > 0:
            lot = Lot(line=line.line)
            order.lots[f"{line.line}/{lot.lot}"] = lot
        if lot is not None:
            lot.made = lot.passed = lot.entered = here
        enough = given >= wanted(order, line.line) or (
            stock.choice is Outcome.CANCEL and (not order.kind.by_batch or given >= stock.of(line.line))
        )
        (order.finished_lines.add if enough else order.finished_lines.discard)(line.line)


def promise_goods(order: Order, by: str = "") -> None:
    """R24, R112: the day on which all goods are there: today, or when the missing ones come; told where it is another."""
    stock, promise = order.stock, order.promise
    waits = bool(lacking(order))
    there = max(stock.until, order.today()) if waits and stock.until is not None else order.today()
    if promise.promised is not None and not waits and promise.promised >= there:
        return  # sooner is free and wanted; nobody is told that it is later than it was
    if there == promise.promised:
        return
    ship = order.calendar.working_days_after(there, order.policy.stock.ship_days)
    cause = PromiseCause.STOCK if promise.history else PromiseCause.FIRST
    promise.agree(there, there, ship, cause, order.clock, order.clock, by)
    tell_promise(order)


def short_words(order: Order) -> Words:
    """What is missing, for the customer: `第1行 有 60、要 100`."""
    stock = order.stock
    parts = [
        (line.line, written(stock.there.get(line.line, NOTHING)), written(wanted(order, line.line)))
        for line in order.request.lines
        if stock.there.get(line.line, NOTHING) < wanted(order, line.line)
    ]
    return Words(
        "、".join(f"第{line}行要 {asks}，有 {there}" for line, there, asks in parts),
        ", ".join(f"line {line}: {asks} wanted, {there} there" for line, there, asks in parts),
    )


def tell_of_shortage(order: Order, version: int) -> None:
    """R112: the customer hears what is there and what may be chosen, and so does the salesperson."""
    order.intend(
        Paper.SHORTAGE, str(version), (Role.CUSTOMER, Role.SALESPERSON), "R112", goods=short_words(order)
    )


def forget_choice(order: Order) -> None:
    """What was chosen rested on figures that are others now."""
    order.stock.choice = None
    void(order, Subject.SHORTAGE)


def _hours(order: Order) -> timedelta:
    return hours_of(order.policy.stock.hold_hours)
