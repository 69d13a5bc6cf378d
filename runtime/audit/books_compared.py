"""What books that orders share have, beside the rows that it follows from (R47): receipts, money given from order to order, stock, which
quote became which order, money of the shop.

Each is read in one state of everything that it rests on. What differs is looked at once more after a pause, so that what is on its way
is no difference.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from activities.audit.audit_steps import books_that_differ, note_differences
from models.reports.store_audit import AuditOutcome, Difference, Finding
from runtime.audit.comparing import PAUSE_SECONDS
from runtime.databases import engine_of
from runtime.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from activities.audit.quoted_orders import WrongQuotedOrder
    from activities.audit.shop_ledgers import WrongLedger
    from activities.stock.figures_summed import WrongFigure

Wrong = TypeVar("Wrong")


async def books_compared(settings: Settings, *, repair: bool) -> list[Finding]:
    """All of them. With `repair` what is left is a step of the desk, which closes when it differs no more."""
    engine = engine_of(settings)
    found = [
        *await _stock_compared(engine, repair=repair),
        *await _quoted_orders_compared(engine, repair=repair),
        *await _intents_compared(engine),
        *await _ledgers_compared(engine, repair=repair),
    ]
    if repair:
        found = [_left(each) for each in found]
        await asyncio.to_thread(_note, engine, found)
    return [*await _claims_compared(engine, repair=repair), *found]


def _left(finding: Finding) -> Finding:
    """What nothing healed is left."""
    is_healed = finding.outcome is AuditOutcome.HEALED
    return finding if is_healed else finding.model_copy(update={"outcome": AuditOutcome.LEFT})


def _note(engine: Engine, found: Sequence[Finding]) -> None:
    """A step for each product and each row that is left, and none for those that differ no more."""
    left: dict[str, list[Finding]] = {subject: [] for subject in books_that_differ(engine)}
    for each in found:
        if each.outcome is AuditOutcome.LEFT and each.difference is not Difference.STOCK_KEPT:
            left.setdefault(_subject(each), []).append(each)
    for subject, findings in left.items():
        note_differences(engine, subject, findings, datetime.now(UTC), order="")


def _subject(finding: Finding) -> str:
    """The product, or the row: the number of an order or case has a step of its own."""
    return (
        finding.order if finding.difference is Difference.STOCK_FIGURE else finding.where.partition(": ")[0]
    )


async def _still(look: Callable[[Engine], list[Wrong]], engine: Engine) -> list[Wrong]:
    """What is found twice, with a pause between."""
    found = await asyncio.to_thread(look, engine)
    if not found:
        return []
    await asyncio.sleep(PAUSE_SECONDS)
    again = await asyncio.to_thread(look, engine)
    return [each for each in found if each in again]


def _outcome(each: object, left: Sequence[object], *, repair: bool) -> AuditOutcome:
    if not repair:
        return AuditOutcome.FOUND
    return AuditOutcome.LEFT if each in left else AuditOutcome.HEALED


async def _stock_compared(engine: Engine, *, repair: bool) -> list[Finding]:
    """R110: what ended orders have of the stock is given back, and figures are what movements and reservations come to."""
    from activities.stock.figures_summed import write_figures, wrong_figures
    from activities.stock.forgotten import give_back, kept_after_the_end

    wrong = await asyncio.to_thread(wrong_figures, engine)
    left = await asyncio.to_thread(write_figures, engine, wrong) if repair and wrong else []
    kept = await asyncio.to_thread(kept_after_the_end, engine)
    if repair:
        for order in dict.fromkeys(order for order, _ in kept):
            await asyncio.to_thread(give_back, engine, order, datetime.now(UTC))
    return [
        Finding(
            order=order,
            difference=Difference.STOCK_KEPT,
            where=product,
            database=product,
            outcome=_outcome(product, (), repair=repair),
        )
        for order, product in kept
    ] + [_figure(each, _outcome(each, left, repair=repair)) for each in wrong]


def _figure(wrong: WrongFigure, outcome: AuditOutcome) -> Finding:
    return Finding(
        order=wrong.product,
        difference=Difference.STOCK_FIGURE,
        where=f"stock_items|{wrong.product}: {wrong.figure}",
        database=f"{wrong.says:f}",
        workflow=f"{wrong.comes_to:f}",
        outcome=outcome,
    )


async def _quoted_orders_compared(engine: Engine, *, repair: bool) -> list[Finding]:
    """R104: the register of which quote became which order says what quotes and orders say."""
    from activities.audit.quoted_orders import write_quoted_orders, wrong_quoted_orders

    wrong = await _still(wrong_quoted_orders, engine)
    left = (
        await asyncio.to_thread(write_quoted_orders, engine, wrong, datetime.now(UTC))
        if repair and wrong
        else []
    )
    return [_quoted(each, _outcome(each, left, repair=repair)) for each in wrong]


def _quoted(wrong: WrongQuotedOrder, outcome: AuditOutcome) -> Finding:
    return Finding(
        order=wrong.quote,
        difference=wrong.difference,
        where=f"quoted_orders|{wrong.quote}",
        database=wrong.has,
        workflow=wrong.says,
        outcome=outcome,
    )


async def _intents_compared(engine: Engine) -> list[Finding]:
    """R123: intents ask what their checkouts say, and what came for them was told to orders or went back; a person mends it."""
    from activities.audit.shop_intents import wrong_intents

    return await _still(wrong_intents, engine)


async def _ledgers_compared(engine: Engine, *, repair: bool) -> list[Finding]:
    """R123: what orders were told of money at providers stands in their ledgers; what nobody told an open order is told now."""
    from activities.audit.shop_ledgers import tell_untold, wrong_ledgers

    wrong = await _still(wrong_ledgers, engine)
    left = await asyncio.to_thread(tell_untold, engine, wrong, datetime.now(UTC)) if repair and wrong else []
    return [_ledger(each, _outcome(each, left, repair=repair)) for each in wrong]


def _ledger(wrong: WrongLedger, outcome: AuditOutcome) -> Finding:
    return Finding(
        order=wrong.order,
        difference=Difference.SHOP_LEDGER,
        where=f"payments|{wrong.order}|{wrong.reference}",
        database=wrong.ledger,
        workflow=wrong.provider,
        outcome=outcome,
    )


async def _claims_compared(engine: Engine, *, repair: bool) -> list[Finding]:
    """R53, R161: every receipt of an order is claimed, and who was given money was told of it."""
    from activities.audit.lost_halves import lost_halves
    from activities.orders.recording.receipts import missing_claims, restore_receipts

    missing = await asyncio.to_thread(missing_claims, engine)
    if missing and repair:
        await asyncio.to_thread(restore_receipts, engine)
    outcome = AuditOutcome.HEALED if repair else AuditOutcome.FOUND
    halves = await asyncio.to_thread(lost_halves, engine, mend=repair)
    return [
        Finding(order=order, difference=Difference.NO_CLAIM, where=claim, workflow=order, outcome=outcome)
        for claim, order in missing
    ] + [
        Finding(order=order, difference=Difference.NO_HALF, where=half, workflow=order, outcome=outcome)
        for half, order in halves
    ]
