"""Lives told by updates beyond the stories: held for days, across runs; and orders that are still open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.client import Client

from models.values.vocabulary import Headline, PhaseName
from rehearsal.engine import Stage as Play
from rehearsal.engine import Straight, play
from rehearsal.moments import read_offset
from rehearsal.script import Looking, Script
from rehearsal.story import Expectation
from runtime.delivery.order_handles import WORKFLOW, order_handle, workflow_id
from tests.replay.scenarios.stage import Scene, Stage, script
from workflows.engine.carried import Carried
from workflows.procedure import begin


class InShortRuns(Straight):
    """Each order is continued as new after so many events, as a long-lived one is."""

    def __init__(self, client: Client, task_queue: str, stage: Stage, events: int) -> None:
        super().__init__(client, task_queue, stage.desk.open)
        self.events = events

    async def place(self, script: Script) -> str:
        """Number it, and start it on its first day as one that has been continued already."""
        start = await asyncio.to_thread(self.open_order, script)
        await self.client.start_workflow(
            WORKFLOW,
            Carried(order=begin(start, script.start), continue_after_events=self.events),
            id=workflow_id(start.number),
            task_queue=self.task_queue,
            start_delay=script.start - datetime.now(UTC),
        )
        return start.number


def told(story: str, scenario: str, *, runs_of: int = 0) -> Scene:
    """The scenario that plays a story as it stands. `runs_of`: continued as new after so many events."""

    async def scene(stage: Stage, name: str) -> None:
        queue = stage.new_queue()
        async with stage.worker(queue):
            way = Straight(stage.client, queue, stage.desk.open)
            if runs_of:
                way = InShortRuns(stage.client, queue, stage, runs_of)
            played = await play(
                Play(stage.client, queue, stage.desk, way, stage.providers), script(story, name)
            )
            assert played.as_expected, f"{name}: {played.differences[0].words.en}"
            await stage.keep(name, scenario, order_handle(stage.client, played.number))

    return scene


@dataclass(frozen=True, slots=True)
class Cut:
    """A story told up to a point, and where its order then stands."""

    story: str
    after: str
    status: Headline
    phase: PhaseName

    def of(self, whole: Script) -> Script:
        """The script up to there, with a last look."""
        span = read_offset(self.after)
        last = Looking(
            whole.start + span, 0, Expectation(after=span, status=self.status, phase=self.phase, ended=False)
        )
        moves = tuple(move for move in whole.moves if move.at <= last.at and not isinstance(move, Looking))
        return Script(
            **{each: getattr(whole, each) for each in Script.__slots__ if each != "moves"},
            moves=(*moves, last),
        )


def still_open(stands_in: str, cut: Cut) -> Scene:
    """The scenario of an order that is still open there."""

    async def scene(stage: Stage, name: str) -> None:
        queue = stage.new_queue()
        async with stage.worker(queue):
            way = Straight(stage.client, queue, stage.desk.open)
            ready = cut.of(script(cut.story, name))
            played = await play(Play(stage.client, queue, stage.desk, way, stage.providers), ready)
            assert played.as_expected, f"{name}: {played.differences[0].words.en}"
            await stage.keep(
                name, "an open order", order_handle(stage.client, played.number), open_in=stands_in
            )

    return scene


_H, _P = Headline, PhaseName
_USUAL = "class-b-same-day"

OPEN: dict[str, Cut] = {
    "intake": Cut("phone-order-incomplete", "10m", _H.INCOMPLETE, _P.INTAKE),
    "verification": Cut(_USUAL, "1h 5m", _H.IN_REVIEW, _P.VERIFICATION),
    "confirmation-to-send": Cut(_USUAL, "1h 40m", _H.AWAITING_CONFIRMATION, _P.CONFIRMATION),
    "confirmation-sheet": Cut(_USUAL, "3h", _H.AWAITING_CONFIRMATION, _P.CONFIRMATION),
    "confirmation-sheet-slipping": Cut(
        "slip-over-weekend", "2d 1h", _H.AWAITING_CONFIRMATION, _P.CONFIRMATION
    ),
    "confirmation-deposit": Cut(_USUAL, "4h 30m", _H.AWAITING_DEPOSIT, _P.CONFIRMATION),
    "confirmation-three-party": Cut(_USUAL, "5h 30m", _H.CONFIRMED, _P.CONFIRMATION),
    "amended": Cut("amended-after-confirmation", "4h 30m", _H.IN_REVIEW, _P.VERIFICATION),
    "production-to-sign": Cut(_USUAL, "6h 30m", _H.CONFIRMED, _P.PRODUCTION),
    "production": Cut(_USUAL, "8h", _H.IN_PRODUCTION, _P.PRODUCTION),
    "production-exception": Cut("production-exception", "2d 1h", _H.IN_PRODUCTION, _P.PRODUCTION),
    "inspection": Cut(_USUAL, "5d 1h", _H.IN_INSPECTION, _P.INSPECTION),
    "clearance": Cut(_USUAL, "5d 3h", _H.AWAITING_BALANCE, _P.CLEARANCE),
    "shipping": Cut(_USUAL, "5d 8h", _H.AWAITING_SHIPMENT, _P.SHIPPING),
    "partly-shipped": Cut("two-lots-two-shipments", "6d 4h", _H.IN_PRODUCTION, _P.PRODUCTION),
    "delivery": Cut(_USUAL, "6d", _H.SHIPPED, _P.DELIVERY),
    "delivery-arrived": Cut(_USUAL, "7d 12h", _H.ARRIVED, _P.DELIVERY),
    "recall": Cut("small-guaranteed-dies", "19d", _H.BEING_RECALLED, _P.DELIVERY),
    "picking": Cut("from-stock-missing", "8h 30m", _H.PICKING, _P.PICKING),
    "readiness": Cut("pre-sale", "13d", _H.CONFIRMED, _P.READINESS),
    "service": Cut("service", "3d", _H.IN_SERVICE, _P.SERVICE),
    "technical": Cut("sample-in-rounds", "5d 1h 30m", _H.IN_REVIEW, _P.TECHNICAL),
    "trial": Cut("sample-in-rounds", "19d 12h", _H.ON_TRIAL, _P.TRIAL),
    "acceptance": Cut("service", "4d 1h", _H.IN_SERVICE, _P.ACCEPTANCE),
    "payment": Cut("shop-paid-on-the-limit", "23h", _H.AWAITING_PAYMENT, _P.PAYMENT),
    "merchant-acceptance": Cut(
        "shop-paid-on-the-limit", "1d 1h", _H.AWAITING_ACCEPTANCE, _P.MERCHANT_ACCEPTANCE
    ),
    "settlement": Cut("carrier-collects", "10d", _H.DELIVERED, _P.SETTLEMENT),
    "hold": Cut("held-five-days", "3d", _H.ON_HOLD, _P.PRODUCTION),
    "hanging": Cut("hanging-closed", "18d", _H.HANGING, _P.CONFIRMATION),
    "cancellation-pending": Cut("cancelled-after-production", "2d 2h", _H.IN_PRODUCTION, _P.PRODUCTION),
    "cancellation-settling": Cut("cancelled-after-production", "2d 4h", _H.IN_PRODUCTION, _P.PRODUCTION),
}
"""Where an order can stand, and how one comes there."""
