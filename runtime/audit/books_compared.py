"""What books that orders share have, beside the rows that it follows from: receipts, money given from order to order, stock (R47)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from activities.audit.audit_steps import note_differences, products_that_differ
from models.reports.store_audit import AuditOutcome, Difference, Finding
from runtime.databases import engine_of
from runtime.settings import Settings

if TYPE_CHECKING:
    from activities.stock.figures_summed import WrongFigure


async def stock_compared(settings: Settings, *, repair: bool) -> list[Finding]:
    """R110: what ended orders have of the stock is given back, and figures are what movements and reservations come to."""
    from activities.stock.figures_summed import write_figures, wrong_figures
    from activities.stock.forgotten import give_back, kept_after_the_end

    engine = engine_of(settings)
    wrong = await asyncio.to_thread(wrong_figures, engine)
    left = await asyncio.to_thread(write_figures, engine, wrong) if repair and wrong else []
    kept = await asyncio.to_thread(kept_after_the_end, engine)
    if repair:
        for order in dict.fromkeys(order for order, _ in kept):
            await asyncio.to_thread(give_back, engine, order, datetime.now(UTC))
        noted = await asyncio.to_thread(products_that_differ, engine)
        for product in dict.fromkeys((*noted, *(each.product for each in wrong))):
            still = [_figure(each, AuditOutcome.LEFT) for each in left if each.product == product]
            await asyncio.to_thread(note_differences, engine, product, still, datetime.now(UTC), order="")
    outcome = AuditOutcome.HEALED if repair else AuditOutcome.FOUND
    return [
        Finding(
            order=order, difference=Difference.STOCK_KEPT, where=product, database=product, outcome=outcome
        )
        for order, product in kept
    ] + [_figure(each, AuditOutcome.LEFT if each in left else outcome) for each in wrong]


def _figure(wrong: WrongFigure, outcome: AuditOutcome) -> Finding:
    return Finding(
        order=wrong.product,
        difference=Difference.STOCK_FIGURE,
        where=f"stock_items|{wrong.product}: {wrong.figure}",
        database=f"{wrong.says:f}",
        workflow=f"{wrong.comes_to:f}",
        outcome=outcome,
    )


async def claims_compared(settings: Settings, *, repair: bool) -> list[Finding]:
    """R53, R161: every receipt of an order is claimed, and who was given money was told of it."""
    from activities.audit.lost_halves import lost_halves
    from activities.orders.recording.receipts import missing_claims, restore_receipts

    engine = engine_of(settings)
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
