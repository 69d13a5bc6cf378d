"""Hours of a machine line on the engine: the order database says whose they are before the answer is taken (R151)."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from models.messages.reply import Status
from models.values.errors import Code
from tests.models import life
from tests.workflows.conftest import Desk, Handle, contact
from tests.workflows.test_receipts import Register, counter, order_of, replayed

__all__ = ["counter"]


def decided(fact_id: str, subject: str, outcome: str, role: str, **detail: Any) -> dict[str, Any]:
    content = {"subject": subject, "outcome": outcome, "line": 1, "note_reference": "N-1", "detail": detail}
    return contact(
        fact_id,
        kind="decision",
        by=life.PEOPLE[role],
        role=role,
        content=content,
        happened_at=life.MONDAY.isoformat(),
    )


def dated(fact_id: str, **hours: str) -> dict[str, Any]:
    return decided(
        fact_id, "production_date", "dated", "production", production_date="2027-03-02", quantity="1000",
        finished_date="2027-03-05", **hours,
    )  # fmt: skip


HOURS = {
    "machine_line": "L1",
    "hours_from": "2027-03-02T08:00:00+08:00",
    "hours_until": "2027-03-03T17:00:00+08:00",
}


async def producible(desk: Desk) -> Handle:
    handle = await desk.place(
        life.start(number=f"20270301-{uuid.uuid4().hex[:8]}", policy={"dating": {"ahead_minutes": 10**6}})
    )
    reply = await desk.tell(
        handle, decided("t/1", "technical", "producible", "technical", material_note="原纸充足")
    )
    assert reply.status is Status.ACCEPTED, reply
    return handle


async def test_of_two_answers_at_once_one_has_the_hours(counter: tuple[Desk, Register]) -> None:
    desk, register = counter
    handles = [await producible(desk) for _ in range(2)]
    replies = await asyncio.gather(*(desk.tell(each, dated("ma/1", **HOURS)) for each in handles))
    assert sorted(str(reply.status) for reply in replies) == ["accepted", "refused"]
    (gone,) = [reply for reply in replies if reply.status is Status.REFUSED]
    assert (gone.code, gone.where) == (Code.CAPACITY_TAKEN.value, "content.detail.machine_line")
    outcomes = [(await order_of(each)).asked["production_date:1"].outcome for each in handles]
    assert sorted(map(str, outcomes)) == ["None", "dated"]
    loser = handles[outcomes.index(None)]
    assert (await desk.tell(loser, dated("ma/2"))).status is Status.ACCEPTED, "without hours nothing is asked"
    assert register.asked == 2
    for each in handles:
        await replayed(each)
