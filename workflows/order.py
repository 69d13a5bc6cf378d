"""One order as one durable workflow. It only sequences: what an order is and decides stands in `workflows.procedure`.

Facts come in by signal or update, time by one timer, and what happened goes out through one recorder.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from models.dossier.recording import Burst, Saved
    from models.handlers.fact_kinds import FACT_KINDS
    from models.handlers.incidents import stores_diverged
    from models.messages.envelope import SCHEMA_VERSION
    from models.messages.reply import Reply
    from models.order.projection import changed_rows
    from models.request.order_start import OrderStart
    from models.values.calendar import Calendar
    from models.values.errors import Refusal
    from models.values.vocabulary import Role
    from workflows import procedure
    from workflows.engine import limits
    from workflows.engine.carried import Carried, Outcome, outcome_of
    from workflows.engine.message_bytes import Json, named, read_bytes
    from workflows.engine.operator_page import details, shortened, steps_of, timer_summary
    from workflows.engine.search_attributes import changed_attributes

__all__ = ["STORES_DIVERGED", "Carried", "OrderWorkflow", "Outcome"]

CANCELLATION = "cancellation_requested"
CALENDAR = "calendar_refreshed"
STORES_DIVERGED = "stores_diverged"
_CANCELLED_THERE = "在 Temporal 界面取消 · cancelled in the Temporal UI"
_LONGEST_REASON = 1000
_NOTHING_READABLE = "no argument, or more than one"


def _read(message: RawValue | None) -> Json:
    if message is None:
        return _NOTHING_READABLE
    payload = message.payload
    return read_bytes(payload.data, payload.metadata.get("encoding", b"").decode(errors="replace"))


class _Taker(Protocol):
    def take(self, raw: object) -> Reply: ...


def _handler(kind: str) -> Callable[..., None]:
    words = FACT_KINDS[kind].words

    class Receiver(_Taker):
        # In a class, because the SDK finds the type of the argument only behind a `self` without one.
        @workflow.signal(name=kind, description=f"{words.zh} · {words.en}")
        def receive(self, message: RawValue = None) -> None:  # type: ignore[assignment]
            self.take(named(_read(message), kind))

    return Receiver.receive


def _with_a_signal_for_each_kind(order_class: type[OrderWorkflow]) -> type[OrderWorkflow]:
    # On the class, not in `__init__`: a signal that came with the start is given out before `__init__` runs.
    for kind in FACT_KINDS:
        setattr(order_class, f"receive_{kind}", _handler(kind))
    return order_class


@workflow.defn(name="OrderWorkflow")
@_with_a_signal_for_each_kind
class OrderWorkflow:
    """An order from its first call to its end (DESIGN §2, §3)."""

    @workflow.init
    def __init__(self, start: OrderStart | Carried) -> None:
        if isinstance(start, Carried):
            self._carried = start
        else:
            self._carried = Carried(order=procedure.begin(start, workflow.now()))
        self._order = self._carried.order
        self._stirred = True
        """Something happened since `run` last looked."""
        self._recording = False
        self._timer: asyncio.Task[None] | None = None
        self._timer_due: datetime | None = None
        self._cancel_heard = False

    @workflow.run
    async def run(self, start: OrderStart | Carried) -> Outcome:
        """Look at the order whenever something happened to it, until it has ended.

        Raises what stops the recorder: an order that records no more must not look healthy.
        """
        recorder = asyncio.create_task(self._keep_records())
        while self._order.lives:
            await self._wait(lambda: self._stirred, recorder)
            self._look()
            if self._is_long():
                await self._refresh_calendar(recorder)
                await self._settle(recorder)
                if self._order.lives:
                    workflow.continue_as_new(self._carried)
        await self._settle(recorder)
        return outcome_of(self._order)

    # --- what comes in -------------------------------------------------------------------------------------------

    def take(self, raw: object) -> Reply:
        """Give a fact or a decision to the order. It never waits and never raises for what is said."""
        reply = procedure.receive(self._order, raw, workflow.now())
        self._stirred = True
        return reply

    @workflow.signal(dynamic=True, description="任何其他名称,记为未采纳 · any other name, kept as refused")
    def receive_unknown(self, name: str, messages: Sequence[RawValue]) -> None:
        """A signal whose name nobody knows is kept as refused."""
        self.take(named(_read(messages[0] if len(messages) == 1 else None), name))

    @workflow.update(description="事实或决定,有答复 · a fact or a decision, answered")
    def tell(self, message: RawValue = None) -> Reply:  # type: ignore[assignment]
        """The same envelope as a signal's, answered with accepted, kept early, known or refused."""
        return self.take(_read(message))

    @tell.validator
    def _check_told(self, message: RawValue = None) -> None:  # type: ignore[assignment]
        try:
            procedure.check(_read(message))
        except Refusal as refusal:
            raise ApplicationError(
                str(refusal), refusal.as_json(), type=refusal.code.value, non_retryable=True
            ) from None

    @workflow.query(name="order", description="订单全貌 · the whole order")
    def show_order(self) -> dict[str, Any]:
        """The order as JSON (`models.order.order.Order`), without what waits to be recorded."""
        return self._order.model_dump(mode="json", exclude={"unsaved", "unsent"})

    @workflow.query(name="steps", description="未完步骤 · the open steps")
    def show_steps(self) -> list[dict[str, Any]]:
        """What the order waits for, that which holds it up first."""
        return steps_of(self._order)

    def _cancel_asked(self) -> None:
        """A cancel from the Temporal UI is a wish like any other (R84), said by the system."""
        reason = workflow.cancellation_reason() or _CANCELLED_THERE
        self._say(CANCELLATION, {"reason": reason[:_LONGEST_REASON]})

    def _say(self, kind: str, content: dict[str, Any]) -> None:
        """A fact that the engine itself gives, at most one of a kind in a run."""
        self.take(
            {
                "fact_id": f"temporal/{kind}-{workflow.info().run_id}",
                "kind": kind,
                "schema_version": SCHEMA_VERSION,
                "by": "temporal",
                "role": Role.SYSTEM.value,
                "happened_at": workflow.now().isoformat(),
                "content": content,
            }
        )

    # --- time ----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._stirred = False
        procedure.advance(self._order, workflow.now())
        deadline = procedure.next_deadline(self._order) if self._order.lives else None
        self._set_timer(deadline)
        workflow.set_current_details(details(self._order, deadline))

    def _set_timer(self, deadline: datetime | None) -> None:
        # A timer for a deadline that moved on is left to fire: looking once too often is cheaper than replacing it.
        if deadline is None or (self._timer_due is not None and self._timer_due <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_due = deadline
        self._timer = asyncio.create_task(self._ring_at(deadline))

    async def _ring_at(self, deadline: datetime) -> None:
        await workflow.sleep(
            max(deadline - workflow.now(), limits.SHORTEST_TIMER),
            summary=timer_summary(self._order, deadline),
        )
        self._timer = self._timer_due = None
        self._stirred = True

    async def _wait(self, condition: Callable[[], bool], recorder: asyncio.Task[None]) -> None:
        """Wait for a condition or for the recorder to fail; a cancel that comes meanwhile becomes a fact."""
        try:
            await workflow.wait_condition(lambda: condition() or recorder.done())
        except asyncio.CancelledError:
            # Without a request it is the worker that drops the order from its cache.
            task = asyncio.current_task()
            if workflow.cancellation_reason() is None or self._cancel_heard or task is None:
                raise
            self._cancel_heard = True
            task.uncancel()
            self._cancel_asked()
        if recorder.done():
            recorder.result()

    # --- the order database --------------------------------------------------------------------------------------

    def _unsaved(self) -> bool:
        return bool(self._order.unsaved or self._order.unsent)

    async def _keep_records(self) -> None:
        repairs = 0
        while True:
            await workflow.wait_condition(self._unsaved)
            self._recording = True
            repairs = 0 if await self._record_burst() else repairs + 1
            if repairs > limits.MOST_REPAIRS_IN_A_ROW:
                raise ApplicationError(
                    f"order {self._order.number}: the order database holds another history and takes no repair",
                    type=STORES_DIVERGED,
                    non_retryable=True,
                )
            self._recording = False

    async def _record_burst(self) -> bool:
        """Send what is unsaved; False where the order database holds another history under these numbers."""
        carried, order = self._carried, self._order
        entries = order.unsaved[: limits.MOST_ENTRIES_IN_A_BURST]
        is_last = len(entries) == len(order.unsaved)
        intentions = [
            intention
            for intention in order.unsent
            if not entries or intention.sequence <= entries[-1].sequence
        ]
        # Rows show the order as it is now, so they go with the last of its entries.
        rows, known_rows = changed_rows(order, carried.known_rows) if is_last else ([], carried.known_rows)
        self._upsert_search_attributes()
        saved = await self._deliver(
            Burst(
                order=order.number,
                epoch=carried.epoch,
                after_sequence=carried.saved_sequence,
                after_hash=carried.saved_hash,
                entries=entries,
                rows=rows,
                intentions=intentions,
            )
        )
        if saved.diverged:
            self._repair(saved)
            return False
        del order.unsaved[: len(entries)]
        del order.unsent[: len(intentions)]
        carried.saved_sequence, carried.saved_hash = saved.sequence, saved.hash
        carried.known_rows = known_rows
        return True

    async def _deliver(self, burst: Burst) -> Saved:
        summary = shortened(
            f"{burst.order} #{burst.after_sequence + 1}–{burst.after_sequence + len(burst.entries)}"
        )
        # A task that ends a run fails when a signal comes meanwhile, and is done anew at a later time: a local
        # activity in it would have recorded what then never was. So the last burst of a run goes by the remote one.
        if self._order.lives and not self._is_long():
            try:
                quickly: Saved = await workflow.execute_local_activity(
                    limits.RECORD_ACTIVITY,
                    burst,
                    result_type=Saved,
                    schedule_to_close_timeout=limits.LOCAL_RECORD_LIMIT,
                    retry_policy=limits.LOCAL_RECORD_RETRY,
                    summary=summary,
                )
            except FailureError:  # a local activity's error comes bare, not inside an ActivityError
                workflow.logger.info("order %s: the order database is away", burst.order)
            else:
                return quickly
        recorded: Saved = await workflow.execute_activity(
            limits.RECORD_ACTIVITY,
            burst,
            result_type=Saved,
            start_to_close_timeout=limits.REMOTE_RECORD_LIMIT,
            retry_policy=limits.REMOTE_RECORD_RETRY,
            summary=summary,
        )
        return recorded

    def _repair(self, saved: Saved) -> None:
        """The stores diverged (a reset, a restored backup): say so in a new epoch, send every row anew, go on."""
        self._carried.epoch += 1
        # A new epoch drops the rows of the old one, so every row is sent anew.
        self._carried.known_rows = {}
        stores_diverged(self._order, self._carried.epoch, saved.sequence, saved.hash)
        self._stirred = True
        workflow.logger.warning(
            "order %s: stores diverged, epoch %s", self._order.number, self._carried.epoch
        )

    def _upsert_search_attributes(self) -> None:
        updates = changed_attributes(self._order, workflow.info().typed_search_attributes)
        if updates:
            workflow.upsert_search_attributes(updates)

    # --- the end of a run ----------------------------------------------------------------------------------------

    def _is_long(self) -> bool:
        forced = self._carried.continue_after_events
        info = workflow.info()
        return info.is_continue_as_new_suggested() or 0 < forced <= info.get_current_history_length()

    def _is_settled(self) -> bool:
        return (
            not self._unsaved()
            and not self._recording
            and not self._stirred
            and workflow.all_handlers_finished()
        )

    async def _refresh_calendar(self, recorder: asyncio.Task[None]) -> None:
        """Newer holidays come as a fact, so that they are in the journal (DESIGN §2)."""
        order = self._order
        asked: workflow.ActivityHandle[Calendar] = workflow.start_activity(
            limits.CALENDAR_ACTIVITY,
            order.today(),
            result_type=Calendar,
            schedule_to_close_timeout=limits.CALENDAR_LIMIT,
        )
        await self._wait(asked.done, recorder)
        try:
            calendar = asked.result()
        except FailureError:
            workflow.logger.info("order %s: no newer calendar to be had", order.number)
            return
        if calendar != order.calendar:
            self._say(CALENDAR, {"calendar": calendar.model_dump(mode="json")})

    async def _settle(self, recorder: asyncio.Task[None]) -> None:
        """Everything recorded, every caller answered, nothing new: only then a run may end."""
        while not self._is_settled():
            await self._wait(lambda: self._stirred or self._is_settled(), recorder)
            if self._stirred:
                self._look()
