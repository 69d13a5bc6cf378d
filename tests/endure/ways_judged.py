"""What must hold at the end of a run of what is no plain order: stock, money of the shop, quotes, cases and contracts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, select

from activities.cases.case_views import journal_of_case
from activities.orders.recording.receipts import is_had_by_another
from activities.orders.taken_numbers import kept_under
from activities.orders.views.order_views import journal_of
from activities.store.database import reading
from models.contracts.terms import ContractStage
from models.shop.checkout_money import IntentState, RefundState
from models.tables.registry import table
from models.values.money import ZERO
from models.values.vocabulary import Ending
from tests.endure.invariants import chain_breaks, fact_faults
from tests.endure.patient_desk import PatientDesk
from tests.endure.people import Told
from tests.endure.ways_lived import Lived
from workflows.rebuilding import rebuilt


def broken_ways(engine: Engine, desk: PatientDesk, lived: Sequence[Lived]) -> list[str]:
    """Everything that is not as it must be, in words."""
    found = [*_stock(engine), *_shop_money(engine), *_ends(engine)]
    for each in lived:
        found += [f"{each.order}: {wrong}" for wrong in _order(engine, desk, each.order)]
        for number in each.beside:
            journal = journal_of_case(engine, number)
            told = Told(number, desk.answers[number])
            found += [f"{number}: {wrong}" for wrong in (*chain_breaks(journal), *fact_faults(journal, told))]
    return found


def _order(engine: Engine, desk: PatientDesk, number: str) -> Iterator[str]:
    kept = kept_under(engine, number)
    if kept is None:
        yield "has no request"
        return
    journal = journal_of(engine, number)
    yield from chain_breaks(journal)
    yield from fact_faults(journal, Told(number, desk.answers[number]))
    if not rebuilt(kept.start, journal, lambda key: is_had_by_another(engine, number, key)).exact:
        yield "is not what the model makes of its journal"


def _rows(engine: Engine, name: str) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(select(table(name))).all())


def _stock(engine: Engine) -> Iterator[str]:
    """R110: never below zero, never promised twice, and every piece that is gone went out with an order."""
    promised: defaultdict[str, Decimal] = defaultdict(Decimal)
    moved: defaultdict[str, Decimal] = defaultdict(Decimal)
    lives = {row.number for row in _rows(engine, "orders") if row.ended_at is None}
    for row in _rows(engine, "reservations"):
        if row.order_number in lives:
            promised[row.product] += row.wanted
    for row in _rows(engine, "stock_movements"):
        moved[row.product] += row.quantity
    for item in _rows(engine, "stock_items"):
        name = item.product
        if min(item.on_hand, item.reserved, item.on_hand - item.reserved - item.quarantined) < 0:
            yield f"stock of {name} is below zero: {item.on_hand} on hand, {item.reserved} reserved"
        if item.reserved > promised[name]:
            yield f"{item.reserved} of {name} are reserved and orders that live want {promised[name]}"
        if item.on_hand != moved[name]:
            yield f"{item.on_hand} of {name} are on hand and its movements say {moved[name]}"


def _sums(engine: Engine, name: str, key: str) -> defaultdict[str, Decimal]:
    """The amounts of a table by one of its columns."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in _rows(engine, name):
        found[getattr(row, key)] += row.amount
    return found


def _shop_money(engine: Engine) -> Iterator[str]:
    """R123: what the provider took is an order's, or it went back; a cancelled order has none of it."""
    endings = {row.number: row.ending for row in _rows(engine, "orders")}
    booked, taken = _sums(engine, "payments", "order_number"), _sums(engine, "intent_payments", "intent")
    refunds = _rows(engine, "intent_refunds")
    yield from (
        f"refund {row.refund} is {row.state}" for row in refunds if row.state != RefundState.DONE.value
    )
    orders: defaultdict[str, list[str]] = defaultdict(list)
    for row in _rows(engine, "intent_allocations"):
        orders[row.intent].append(row.order_number)
    for intent in _rows(engine, "intents"):
        number, its = intent.number, orders[intent.number]
        unknown = [each for each in its if each not in endings]
        if unknown:
            yield f"intent {number} is for {unknown}, which are no orders"
        if intent.state == IntentState.OPEN.value and all(endings.get(each) for each in its):
            yield f"intent {number} is open and its orders have ended"
        had = sum((booked[each] for each in its), ZERO)
        of_nobody = sum(
            (each.amount for each in refunds if each.intent == number and not each.order_number), ZERO
        )
        if taken[number] != had + of_nobody:
            yield f"{taken[number]} came by {number}: {had} is booked and {of_nobody} went back by itself"
        yield from _of_cancelled(
            [each for each in its if endings.get(each) == Ending.CANCELLED.value], booked, refunds
        )


def _of_cancelled(
    orders: Sequence[str], booked: Mapping[str, Decimal], refunds: Sequence[Any]
) -> Iterator[str]:
    for number in orders:
        back = sum((each.amount for each in refunds if each.order_number == number), ZERO)
        if booked[number] != back:
            yield f"{number} is cancelled, had {booked[number]} and paid {back} back"


def _ends(engine: Engine) -> Iterator[str]:
    """A quote, a case, a contract has ended, or somebody is asked for something; a contract in force waits for its last day."""
    asked = {row.case_number for row in _rows(engine, "case_steps") if row.closed_at is None}
    for row in _rows(engine, "cases"):
        if row.ended_at is None and row.number not in asked and row.stage != ContractStage.IN_FORCE.value:
            yield f"{row.number} has not ended ({row.stage}) and nobody is asked for anything"
