"""How the stock book answers an order (R110 to R112): the arithmetic, on shelves that somebody holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from models.stock.batches import left_over, named_by_batches, payment_of, set_apart
from models.stock.shelves import Movement, Reservation, Shelves
from models.stock.stock_questions import StockLine, StockOfLine, StockQuestion, StockReply
from models.stock.stock_words import ReservationState, StockAct, StockMove, StockState
from models.values.quantity import NOTHING


def answer(shelves: Shelves, order: str, question: StockQuestion, now: datetime) -> StockReply:
    """Decide the question and change the shelves accordingly. `now` is when it was asked.

    The shelves hold all items of the question's lines and of the order's own reservations, as far as there are such.
    """
    shelves.expire(now)
    question = named_by_batches(shelves, order, question)
    reply = _ACTS[question.act](shelves, order, question, now)
    shelves.allot(shelves.items)
    for item in shelves.items.values():
        set_apart(shelves, item)
    left_over(shelves, now)
    return reply


def products_of(question: StockQuestion) -> set[str]:
    """The products that it is about."""
    return {line.product for line in question.lines}


# --- reserving ---------------------------------------------------------------------------------------------------


def _reserve(shelves: Shelves, order: str, question: StockQuestion, now: datetime) -> StockReply:
    """R110: all or nothing. What the order has already it keeps where it cannot have more, as far as it still wants it."""
    _drop_what_is_not_wanted(shelves, order, question)
    if not _all_there(shelves, order, question):
        there = _there(shelves, order, question)
        stands = _stands(shelves, order, question)
        return stands.model_copy(
            update={
                "state": StockState.SHORT,
                "lines": tuple(
                    each.model_copy(update={"there": there.get(each.line, NOTHING)}) for each in stands.lines
                ),
                "expected": _expected(shelves, question, there),
            }
        )
    for line in question.lines:
        _give(shelves, order, question, line, _wanted(shelves, order, line) or NOTHING)
    return _stands(shelves, order, question)


def _wait(shelves: Shelves, order: str, question: StockQuestion, now: datetime) -> StockReply:
    """R112: what is there is reserved, line by line, and the rest comes as it comes."""
    _take_what_is_there(shelves, order, question, waits=True)
    reply = _stands(shelves, order, question)
    has = {each.line: each.reserved for each in reply.lines}
    expected = reply.expected or _expected(shelves, question, has)
    return reply.model_copy(update={"expected": expected})


def _take(shelves: Shelves, order: str, question: StockQuestion, now: datetime) -> StockReply:
    """R112: what is there is reserved, and no more is wanted."""
    _take_what_is_there(shelves, order, question, waits=False)
    return _stands(shelves, order, question)


def _take_what_is_there(shelves: Shelves, order: str, question: StockQuestion, *, waits: bool) -> None:
    _drop_what_is_not_wanted(shelves, order, question)
    for line in question.lines:
        wanted = _wanted(shelves, order, line)
        if wanted is None:
            continue
        could_have = shelves.items[line.product].available + _own(shelves, order, line)
        row = _give(shelves, order, question, line, min(wanted, could_have))
        if waits:
            row.waiting = wanted - row.quantity
            if row.state is ReservationState.HELD:
                row.state, row.held_until = ReservationState.WAITING, None


def _all_there(shelves: Shelves, order: str, question: StockQuestion) -> bool:
    """R110: lines of one item are added up."""
    needed: dict[str, Decimal] = {}
    for line in question.lines:
        wanted = _wanted(shelves, order, line)
        if wanted is None:
            return False
        more = wanted - _own(shelves, order, line)
        needed[line.product] = needed.get(line.product, NOTHING) + more
    return all(more <= shelves.items[product].available for product, more in sorted(needed.items()))


def _there(shelves: Shelves, order: str, question: StockQuestion) -> dict[int, Decimal]:
    """How much of each line could be had, also what left already, the first lines first, in the line's unit."""
    spare = {product: item.available for product, item in shelves.items.items()}
    found: dict[int, Decimal] = {}
    for line in question.lines:
        wanted = _wanted(shelves, order, line)
        if wanted is None:
            found[line.line] = NOTHING
            continue
        own = _own(shelves, order, line)
        more = min(max(wanted - own, NOTHING), spare[line.product])
        spare[line.product] -= more
        could = own + more
        left = _left_of(shelves, order, line)
        found[line.line] = (
            line.quantity if could == wanted else shelves.in_line_unit(line.product, could + left, line.unit)
        )
    return found


def _give(
    shelves: Shelves, order: str, question: StockQuestion, line: StockLine, quantity: Decimal
) -> Reservation:
    """The order has exactly so much of the line's item, beside what left already."""
    key = (order, line.line)
    row = shelves.reservations.get(key)
    was_firm = row is not None and row.state is ReservationState.FIRM
    if row is None:
        row = shelves.reservations[key] = Reservation(
            order=order,
            line=line.line,
            product=line.product,
            unit=line.unit,
            wanted=line.quantity,
            state=ReservationState.HELD,
            placed_at=question.placed_at,
        )
    row.product, row.unit, row.wanted = line.product, line.unit, line.quantity
    row.state = ReservationState.FIRM if question.firm or was_firm else ReservationState.HELD
    row.held_until = None if row.state is ReservationState.FIRM else question.held_until
    row.waiting = NOTHING
    shelves.take(row, quantity - row.quantity)
    return row


def _drop_what_is_not_wanted(shelves: Shelves, order: str, question: StockQuestion) -> None:
    """What the order had for a line that is gone, is of another product, or wants less now, is given back."""
    lines = {line.line: line for line in question.lines}
    for row in shelves.reservations.values():
        if row.order == order and row.line not in lines and not row.state.counts:
            row.state = ReservationState.RELEASED
    for row in shelves.of_order(order):
        line = lines.get(row.line)
        if line is None or (line.product, line.unit) != (row.product, row.unit):
            shelves.close(row, ReservationState.RELEASED)
            continue
        wanted = _wanted(shelves, order, line)
        if wanted is not None and wanted < row.quantity:
            shelves.take(row, wanted - row.quantity)
        row.wanted, row.waiting = line.quantity, NOTHING


# --- what becomes of it ------------------------------------------------------------------------------------------


def _firm(shelves: Shelves, order: str, question: StockQuestion, now: datetime) -> StockReply:
    """R111: firm, where it is held; where it is not any more, nothing is kept."""
    lost = any(
        each.order == order and each.state is ReservationState.EXPIRED
        for each in shelves.reservations.values()
    )
    rows = shelves.of_order(order)
    if lost or not rows:
        for row in rows:
            shelves.close(row, ReservationState.RELEASED)
        return _stands(shelves, order, question).model_copy(update={"state": StockState.LOST})
    for row in rows:
        row.state, row.held_until = ReservationState.FIRM, None
    return _stands(shelves, order, question)


def _expire(shelves: Shelves, order: str, question: StockQuestion, now: datetime) -> StockReply:
    """R111: what is still held has its time over; what is firm, or waits by the customer's choice, stays."""
    for row in shelves.of_order(order):
        if row.state is ReservationState.HELD:
            shelves.close(row, ReservationState.EXPIRED)
    reply = _stands(shelves, order, question)
    return reply if shelves.of_order(order) else reply.model_copy(update={"state": StockState.LOST})


def _release(shelves: Shelves, order: str, question: StockQuestion, now: datetime) -> StockReply:
    for row in shelves.of_order(order):
        shelves.close(row, ReservationState.RELEASED)
    return StockReply(state=StockState.RELEASED)


# --- goods of the order ------------------------------------------------------------------------------------------


def _goods_go(kind: StockMove) -> Callable[[Shelves, str, StockQuestion, datetime], StockReply]:
    def go(shelves: Shelves, order: str, question: StockQuestion, now: datetime) -> StockReply:
        """R110: on hand and reserved become less by the same; what left beyond its reservation others fall short of."""
        for line in question.lines:
            quantity = shelves.in_item_unit(line.product, line.quantity, line.unit)
            if quantity is None:
                continue
            item = shelves.items[line.product]
            quantity = min(quantity, item.on_hand - item.quarantined)
            movement = Movement(product=line.product, kind=kind, quantity=-quantity, at=now, order=order)
            row = shelves.reservations.get((order, line.line))
            if row is None or not row.state.counts or row.product != line.product:
                shelves.move(movement)
            else:
                shelves.leaves(row, movement)
        return _stands(shelves, order, question)

    return go


def _returned(shelves: Shelves, order: str, question: StockQuestion, now: datetime) -> StockReply:
    """R110: what comes back waits for its inspection, and is nobody's."""
    for line in question.lines:
        quantity = shelves.in_item_unit(line.product, line.quantity, line.unit)
        if quantity is not None:
            shelves.move(
                Movement(
                    product=line.product,
                    kind=StockMove.RETURNED,
                    quantity=quantity,
                    quarantined=quantity,
                    at=now,
                    order=order,
                )
            )
    return _stands(shelves, order, question)


def _inspected(shelves: Shelves, order: str, question: StockQuestion, now: datetime) -> StockReply:
    """R110: what passed goes to stock, the rest to rework or scrap."""
    for line in question.lines:
        good, bad, all_of_it = (
            shelves.in_item_unit(line.product, each, line.unit)
            for each in (line.passed, line.scrapped, line.quantity)
        )
        if good is not None and bad is not None and all_of_it is not None:
            judge(shelves, line.product, good, bad, all_of_it - good - bad, now, order=order)
    return _stands(shelves, order, question)


def judge(
    shelves: Shelves,
    product: str,
    passed: Decimal,
    scrapped: Decimal,
    rework: Decimal,
    now: datetime,
    *,
    by: str = "",
    order: str = "",
    reason: str = "",
) -> None:
    """R110: goods in quarantine go to stock, scrap or rework, never more than are there; in the item's unit."""
    for kind, quantity in (
        (StockMove.PASSED, passed),
        (StockMove.SCRAPPED, scrapped),
        (StockMove.REWORK, rework),
    ):
        judged = min(quantity, shelves.item(product).quarantined)
        if judged > 0:
            gone = NOTHING if kind is StockMove.PASSED else -judged
            shelves.move(
                Movement(
                    product=product,
                    kind=kind,
                    quantity=gone,
                    quarantined=-judged,
                    at=now,
                    by=by,
                    order=order,
                    reason=reason,
                )
            )


# --- words of answers --------------------------------------------------------------------------------------------


def _wanted(shelves: Shelves, order: str, line: StockLine) -> Decimal | None:
    """What the line wants beside what left already, in the item's unit; None for what is no stock item."""
    in_all = shelves.in_item_unit(line.product, line.quantity, line.unit)
    return None if in_all is None else max(in_all - _left_of(shelves, order, line), NOTHING)


def _left_of(shelves: Shelves, order: str, line: StockLine) -> Decimal:
    row = shelves.reservations.get((order, line.line))
    return row.left if row is not None and row.product == line.product else NOTHING


def _own(shelves: Shelves, order: str, line: StockLine) -> Decimal:
    row = shelves.reservations.get((order, line.line))
    return row.quantity if row is not None and row.state.counts and row.product == line.product else NOTHING


def _stands(shelves: Shelves, order: str, question: StockQuestion) -> StockReply:
    """How the order stands now, with what the book has for each line that it has or asks about."""
    rows = shelves.of_order(order)
    known = {each.line for each in shelves.reservations.values() if each.order == order}
    lines = []
    for number in sorted(known | {line.line for line in question.lines}):
        row = shelves.reservations.get((order, number))
        if row is None:
            lines.append(StockOfLine(line=number, reserved=NOTHING))
            continue
        row.turn += 1
        ready = shelves.ready(row)
        heard = StockOfLine(line=number, reserved=shelves.given(row), turn=row.turn)
        if ready is not None:
            day = shelves.item(row.product).expected
            heard = heard.model_copy(update={"ready": ready, "batch": row.product, "expected": day})
        lines.append(heard)
    firm = all(row.state is ReservationState.FIRM for row in rows)
    waits_beyond = any(row.waiting > 0 for row in rows)
    limits = [row.held_until for row in rows if row.held_until is not None]
    return StockReply(
        state=StockState.NONE if not rows else StockState.FIRM if firm else StockState.HELD,
        lines=tuple(lines),
        held_until=min(limits, default=None),
        expected=None if waits_beyond else _day_of_batches(shelves, rows),
        payment=payment_of(shelves, question),
    )


def _day_of_batches(shelves: Shelves, rows: Sequence[Reservation]) -> date | None:
    """R114: the day of the last batch of which the order's goods are not there yet."""
    days = [
        item.expected
        for row in rows
        if (item := shelves.item(row.product)).batch is not None and row.ready < row.quantity
    ]
    return max((day for day in days if day is not None), default=None)


def _expected(shelves: Shelves, question: StockQuestion, has: Mapping[int, Decimal]) -> date | None:
    """R113: the day on which purchasing expects the last of what is missing; None while it has not said so of all.

    What is beyond a pre-sale batch comes with none (R114).
    """
    days = [
        item.expected
        if (item := shelves.items.get(line.product)) is not None and item.batch is None
        else None
        for line in question.lines
        if has.get(line.line, NOTHING) < line.quantity
    ]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


_ACTS: dict[StockAct, Callable[[Shelves, str, StockQuestion, datetime], StockReply]] = {
    StockAct.RESERVE: _reserve,
    StockAct.WAIT: _wait,
    StockAct.TAKE: _take,
    StockAct.FIRM: _firm,
    StockAct.EXPIRE: _expire,
    StockAct.RELEASE: _release,
    StockAct.SHIP: _goods_go(StockMove.SHIPPED),
    StockAct.MISSING: _goods_go(StockMove.MISSING),
    StockAct.RETURNED: _returned,
    StockAct.INSPECTED: _inspected,
}
