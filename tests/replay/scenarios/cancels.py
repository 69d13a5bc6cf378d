"""A cancel from the Temporal UI or command line: a wish like any other (R84)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from tests.replay.scenarios.at_once import Placed, contact, place
from tests.replay.scenarios.stage import Scene, Stage

SCENARIO = "a cancel from the UI"


def _decision(subject: str, outcome: str, by: str, role: str, **detail: Any) -> dict[str, Any]:
    content = {"subject": subject, "outcome": outcome, "note_reference": f"NOTE-{subject}", "detail": detail}
    return contact(f"decided/{subject}", kind="decision", by=by, role=role, content=content)


SETTLED = _decision(
    "deposit_settlement", "settled", "finance-qian", "finance", refunded="300.00", kept="1200.00"
)
RETURNED = _decision("deposit_settlement", "settled", "finance-qian", "finance", refunded="1500.00")
GRANTED = _decision("cancellation", "approve", "manager-wu", "sales_supervisor", cost="1200.00")
REFUSED = _decision("cancellation", "refuse", "manager-wu", "sales_supervisor")


async def _heard(placed: Placed) -> None:
    while (await placed.order()).cancellation is None:  # noqa: ASYNC110 - the server tells nobody
        await asyncio.sleep(0.05)


def cancelled(after: str, *answers: dict[str, Any], reason: str = "", ends: bool = True) -> Scene:
    """Cancelled so long into the story; then these decisions are given."""

    async def scene(stage: Stage, name: str) -> None:
        queue = stage.new_queue()
        async with stage.worker(queue):
            placed = await place(stage, queue, name)
            await placed.live(after)
            await placed.handle.cancel(reason=reason)
            await _heard(placed)
            for answer in answers:
                await placed.tell({**answer, "happened_at": datetime.now(UTC).isoformat()})
            assert (await placed.order()).lives is not ends
            await stage.keep(name, SCENARIO, placed.handle)

    return scene


async def too_late(stage: Stage, name: str) -> None:
    """Cancelled after goods left: refused and kept; the order goes on to its end."""
    queue = stage.new_queue()
    async with stage.worker(queue):
        placed = await place(stage, queue, name)
        await placed.live("5d 12h")
        await placed.handle.cancel()
        await placed.live("9d")
        await stage.keep(name, SCENARIO, placed.handle)


async def before_the_first_task(stage: Stage, name: str) -> None:
    """Cancelled while no worker runs, with a signal before it."""
    queue = stage.new_queue()
    placed = await place(stage, queue, name)
    await placed.signal("contact_logged", contact("before/1"))
    await placed.handle.cancel()
    async with stage.worker(queue):
        await placed.handle.result()
        await stage.keep(name, SCENARIO, placed.handle)
