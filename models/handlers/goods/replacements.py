"""Goods that are made or sent a second time, and those that turn up when they had been made again (R45, R74, R76)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from models.dossier.decisions import void
from models.dossier.exceptions import Alarm, raise_alarm
from models.dossier.journal import EntryKind
from models.handlers.production import still_to_make
from models.messages.decision_subjects import Subject
from models.order.goods import Shipment
from models.order.money.surplus import found_beyond, most_of
from models.order.order import Order
from models.values.editions import Edition
from models.values.quantity import NOTHING
from models.values.vocabulary import Role, Words
from models.writing.printed_figures import quantity

_TOO_MANY = Words(
    "第{line}行补发后又找到 {goods}，客户手里多于订购数量，账单按订购数量；请与客户商定多余的货",
    "line {line}: {goods} turned up after they were sent again; the customer has more than was ordered and is billed what"
    " was ordered; agree with the customer about the others",
)


def replace(order: Order, pieces: Mapping[int, Decimal]) -> None:
    """R74: what did not reach the customer well is made again; the order goes back to where goods are made.

    Where so much is there already, because what was made again before had turned up, nothing more is made.
    """
    for line, amount in pieces.items():
        order.replaced[line] = order.replaced.get(line, NOTHING) + amount
        if line not in order.found or still_to_make(order, line) > 0:
            order.finished_lines.discard(line)
    go_back_to_the_goods(order)


def make_lost_again(order: Order, shipment: Shipment, pieces: Mapping[int, Decimal]) -> None:
    """R74, R76: what was written off of a shipment is made again; from edition 12 what of it turns up later is surplus (R45)."""
    for line, amount in pieces.items() if order.follows(Edition.FOUND_IS_SURPLUS) else ():
        shipment.remade[line] = shipment.remade.get(line, NOTHING) + amount
    replace(order, pieces)


def restock(order: Order, line: int, passed: Decimal, failed: Decimal, late: Decimal = NOTHING) -> None:
    """R74: of refused goods that came back and are sent again, what passed goes out, the rest is made anew.

    `late` of them had been made again before: what fails of these is not made a second time, the others turned up.
    """
    failed_late = min(failed, late)
    order.restocked[line] = order.restocked.get(line, NOTHING) + passed
    if failed > failed_late:
        replace(order, {line: failed - failed_late})
    turned_up(order, {line: late - failed_late})
    go_back_to_the_goods(order)


def turned_up(order: Order, pieces: Mapping[int, Decimal]) -> None:
    """R74: so many pieces that were made again are there after all.

    What is not made yet need not be made (R41). What is made is surplus: it is neither sent nor billed unless the
    customer takes it (R45).
    """
    for line, amount in pieces.items():
        if amount <= 0:
            continue
        order.found[line] = order.found.get(line, NOTHING) + amount
        if order.kind.from_stock:
            _tell_of_too_many(order, line)
            continue
        if still_to_make(order, line) == 0:
            order.finished_lines.add(line)
            order.expected_finish.pop(line, None)
        if found_beyond(order, line) > 0:
            go_back_to_the_goods(order)


def _tell_of_too_many(order: Order, line: int) -> None:
    """R45, R47: nobody is asked about goods from the shelf; what the customer has beyond the order is the clerk's to settle.

    What has not left stays on the shelf.
    """
    most = most_of(order, line)
    has = sum((shipment.billed(line) for shipment in order.shipments), NOTHING)
    if most is None or has <= most:
        return
    words = _TOO_MANY.filled(line=line, goods=quantity(has - most))
    owner = order.staff.person(Role.SERVICE_CLERK)
    raise_alarm(order, Alarm(f"surplus-{line}", words, owner, "R45", line=line), order.clock)


def go_back_to_the_goods(order: Order) -> None:
    """From settlement back to where goods are made and sent; what was answered for the goods that left is no answer for these."""
    void(order, Subject.FINANCE_RELEASE)
    void(order, Subject.BALANCE_RELEASE)
    if order.phase is order.kind.last:
        order.phase = order.kind.side_by_side[0]
        order.note(EntryKind.PHASE, order.phase.value)
