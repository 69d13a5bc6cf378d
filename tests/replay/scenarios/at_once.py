"""An order that lives here and now, without skipped time: a story's facts are told in one go, up to a point."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.common import RawValue

from models.messages.reply import Reply
from models.order.order import Order
from models.request.order_start import OrderStart
from models.values.calendar import Calendar
from rehearsal.moments import read_offset
from rehearsal.script import Script, Telling
from runtime.delivery.order_handles import WORKFLOW, workflow_id
from tests.replay.scenarios.stage import Stage, script
from workflows.engine.carried import Carried
from workflows.procedure import begin


@dataclass
class Placed:
    """One order and what its story still has to tell."""

    script: Script
    start: OrderStart
    handle: WorkflowHandle[Any, Any]
    untold: list[Telling] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    async def order(self) -> Order:
        """The order as it is now, all that came before taken."""
        return Order.model_validate(await self.handle.query("order"))

    async def tell(self, message: object) -> Reply:
        """Say something by update."""
        reply: Reply = await self.handle.execute_update("tell", message, result_type=Reply)
        return reply

    async def signal(self, name: str, *arguments: Any) -> None:
        """Say something by signal."""
        await self.handle.signal(name, args=list(arguments))

    def next_until(self, offset: str) -> list[dict[str, Any]]:
        """What the story tells up to this span after its start and was not told yet, as if it happened now."""
        moment = self.script.start + read_offset(offset)
        now = [each for each in self.untold if each.at <= moment]
        self.untold = [each for each in self.untold if each.at > moment]
        said = [{**each.envelope, "happened_at": datetime.now(UTC).isoformat()} for each in now]
        self.told += said
        return said

    async def live(self, offset: str) -> None:
        """Tell it, by update."""
        for message in self.next_until(offset):
            await self.tell(message)


async def place(
    stage: Stage,
    queue: str,
    name: str,
    *,
    story: str = "class-b-same-day",
    runs_of: int = 0,
    knows_holidays: bool = True,
    **options: Any,
) -> Placed:
    """Number and start a story's order now. `runs_of`: continue as new after so many events."""
    ready = script(story, name)
    numbered = await asyncio.to_thread(stage.desk.open, ready)
    start = numbered.model_copy(update={"placed_at": datetime.now(UTC)})
    if not knows_holidays:
        start = start.model_copy(update={"calendar": Calendar()})
    argument: OrderStart | Carried = start
    if runs_of:
        argument = Carried(order=begin(start, start.placed_at), continue_after_events=runs_of)
    await stage.client.start_workflow(
        WORKFLOW, argument, id=workflow_id(start.number), task_queue=queue, **options
    )
    handle = stage.client.get_workflow_handle(workflow_id(start.number))
    return Placed(ready, start, handle, [move for move in ready.moves if isinstance(move, Telling)])


def contact(fact_id: str, words: str = "来电询问", **changes: Any) -> dict[str, Any]:
    """A fact that is always welcome and moves nothing."""
    return {
        "fact_id": fact_id,
        "kind": "contact_logged",
        "by": "clerk-chen",
        "role": "service_clerk",
        "happened_at": datetime.now(UTC).isoformat(),
        "content": {"channel": "phone", "words": words},
        **changes,
    }


def raw(data: bytes, encoding: str = "json/plain") -> RawValue:
    """An argument byte by byte, as another language's client may send it."""
    from temporalio.api.common.v1 import Payload

    return RawValue(Payload(metadata={"encoding": encoding.encode()}, data=data))
